"""Every door of the API, and the official clients: a server gets the same pixels, in order, between the same words."""

from __future__ import annotations

import asyncio
import base64
import http.server
import io
import json
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from google.genai import types

from pollux.testing import RunningServer, running
from tests.engines.openai.kit import encoded, engine, picture
from tests.engines.openai.stub import STOP, Play, Seen, Stub, answering, frames, saying
from tests.sdk.judges import HERE

MODEL = "gemini-2.5-flash"
FIRST, SECOND = picture(70, 50), picture(30, 40, seed=2)
ONE, TWO = encoded(FIRST), encoded(SECOND)
JPEG = encoded(picture(90, 60, seed=3), "jpg")


@contextmanager
def stubbed(*plays: Play) -> Iterator[Stub]:
    """A stub in a thread of its own, so that a test may block."""
    stub, ready, over = Stub(*plays), threading.Event(), asyncio.Event()
    loop = asyncio.new_event_loop()

    async def live() -> None:
        async with stub:
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(live(),))
    thread.start()
    ready.wait(5)
    try:
        yield stub
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join(5)
        loop.close()


@dataclass(frozen=True)
class House:
    """A server before a stub; `folder` has the pictures as files, which `address` serves."""

    server: RunningServer
    client: Any
    stub: Stub
    folder: Path
    address: str

    def seen(self) -> Seen:
        return self.stub.seen[-1]

    def post(self, path: str, body: Any) -> Any:
        url = f"{self.server.url}/v1beta/{path}"
        answer = httpx.post(url, json=body, headers={"x-goog-api-key": self.server.key}, timeout=20)
        assert answer.status_code == 200, answer.text
        return answer


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("pictures")
    for name, data in (("one.png", ONE), ("two.png", TWO), ("three.jpg", JPEG)):
        (folder / name).write_bytes(data)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *given: Any) -> None:
            super().__init__(*given, directory=str(folder))

        def log_message(self, *given: Any) -> None:
            del given

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as pages, stubbed(saying("a ", "cat")) as stub:
        threading.Thread(target=pages.serve_forever, daemon=True).start()
        with running(engine(stub.url), {"fetch.allow_private": True}) as server:
            yield House(server, server.client(), stub, folder, f"http://127.0.0.1:{pages.server_port}")
        pages.shutdown()


def asks(first: Any, second: Any) -> list[Any]:
    return ["What", first, "and", second, "are they?"]


def parts(first: Any, second: Any) -> list[Any]:
    return [{"text": item} if isinstance(item, str) else item for item in asks(first, second)]


def blob(data: bytes) -> types.Part:
    return types.Part.from_bytes(data=data, mime_type="image/png")


def inline(data: bytes) -> dict[str, Any]:
    return {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(data).decode()}}


def by_client(house: House) -> str:
    contents: Any = asks(blob(ONE), blob(TWO))
    return house.client.models.generate_content(model=MODEL, contents=contents).text or ""


def by_pillow(house: House) -> str:
    from PIL import Image

    contents: Any = asks(Image.fromarray(FIRST), Image.fromarray(SECOND))
    return house.client.models.generate_content(model=MODEL, contents=contents).text or ""


def by_stream(house: House) -> str:
    found = house.client.models.generate_content_stream(model=MODEL, contents=asks(blob(ONE), blob(TWO)))
    return "".join(chunk.text or "" for chunk in found)


def by_async_client(house: House) -> str:
    async def work() -> str:
        contents: Any = asks(blob(ONE), blob(TWO))
        async with house.server.client().aio as client:
            return (await client.models.generate_content(model=MODEL, contents=contents)).text or ""

    return asyncio.run(work())


def by_chat(house: House) -> str:
    return house.client.chats.create(model=MODEL).send_message(asks(blob(ONE), blob(TWO))).text or ""


def by_upload(house: House) -> str:
    one = house.client.files.upload(file=io.BytesIO(ONE), config={"mime_type": "image/png"})
    two = house.client.files.upload(file=house.folder / "two.png")
    contents: Any = asks(one, two)
    return house.client.models.generate_content(model=MODEL, contents=contents).text or ""


def by_raw_and_multipart_upload(house: House) -> str:
    raw = {"X-Goog-Upload-Protocol": "raw", "Content-Type": "image/png"}
    related = {"X-Goog-Upload-Protocol": "multipart", "Content-Type": "multipart/related; boundary=b"}
    rows = (b"--b\r\nContent-Type: application/json\r\n\r\n{}\r\n--b\r\nContent-Type: image/png\r\n\r\n", b"\r\n--b--")
    files = []
    for headers, data in ((raw, ONE), (related, TWO.join(rows))):
        sent = {**headers, "x-goog-api-key": house.server.key}
        made = httpx.post(f"{house.server.url}/upload/v1beta/files", content=data, headers=sent).json()["file"]
        files.append({"fileData": {"fileUri": made["uri"], "mimeType": "image/png"}})
    return answered(house.post(f"models/{MODEL}:generateContent", {"contents": [{"parts": parts(*files)}]}))


def by_address(house: House) -> str:
    one = types.Part.from_uri(file_uri=f"{house.address}/one.png", mime_type="image/png")
    two = {"file_data": {"file_uri": f"{house.address}/two.png"}}
    contents: Any = asks(one, two)
    return house.client.models.generate_content(model=MODEL, contents=contents).text or ""


def by_rest(house: House) -> str:
    loose = base64.urlsafe_b64encode(TWO).decode().rstrip("=")
    two = {
        "inline_data": {"mime_type": "image/png", "data": "\r\n".join(loose[n : n + 64] for n in range(0, 9999, 64))}
    }
    body = {"contents": [{"role": "user", "parts": parts(inline(ONE), two)}]}
    return answered(house.post(f"models/{MODEL}:generateContent", body))


def by_rest_stream(house: House) -> str:
    body = {"contents": {"parts": parts(inline(ONE), inline(TWO))}}
    answer = house.post(f"models/{MODEL}:streamGenerateContent?alt=sse", body)
    rows = [json.loads(line[6:]) for line in answer.text.splitlines() if line.startswith("data: ")]
    return "".join(part["text"] for row in rows for part in row["candidates"][0]["content"]["parts"])


def answered(answer: httpx.Response) -> str:
    return "".join(part["text"] for part in answer.json()["candidates"][0]["content"]["parts"])


def by_batch(house: House) -> str:
    request = {"contents": [{"role": "user", "parts": asks_of_batch()}]}
    return str(finished(house, [request]).dest.inlined_responses[0].response.text)


def asks_of_batch() -> list[Any]:
    return parts(
        {"inline_data": {"mime_type": "image/png", "data": ONE}},
        {"inline_data": {"mime_type": "image/png", "data": TWO}},
    )


def by_batch_file(house: House) -> str:
    line = {"key": "k", "request": {"contents": [{"parts": parts(inline(ONE), inline(TWO))}]}}
    config: Any = {"mime_type": "application/jsonl"}
    made = house.client.files.upload(file=io.BytesIO(json.dumps(line).encode()), config=config)
    job = finished(house, made.name)
    (row,) = house.client.files.download(file=job.dest.file_name).decode().splitlines()
    return "".join(part["text"] for part in json.loads(row)["response"]["candidates"][0]["content"]["parts"])


def finished(house: House, source: Any) -> Any:
    job = house.client.batches.create(model=MODEL, src=source)
    deadline = time.monotonic() + 20
    while not job.done and time.monotonic() < deadline:
        time.sleep(0.05)
        job = house.client.batches.get(name=job.name or "")
    assert job.state == types.JobState.JOB_STATE_SUCCEEDED
    return job


JAVASCRIPT = """
import { GoogleGenAI, createPartFromBase64, createPartFromUri } from "@google/genai";
import { readFileSync } from "node:fs";
const [way, baseUrl, folder] = process.argv.slice(1);
const ai = new GoogleGenAI({ apiKey: "test-key", httpOptions: { baseUrl } });
const picture = async (name) => {
  if (way !== "upload") return createPartFromBase64(readFileSync(`${folder}/${name}`).toString("base64"), "image/png");
  const file = await ai.files.upload({ file: `${folder}/${name}`, config: { mimeType: "image/png" } });
  return createPartFromUri(file.uri, file.mimeType);
};
const contents = ["What", await picture("one.png"), "and", await picture("two.png"), "are they?"];
let text = "";
if (way === "stream")
  for await (const chunk of await ai.models.generateContentStream({ model: "gemini-2.5-flash", contents }))
    text += chunk.text ?? "";
else text = (await ai.models.generateContent({ model: "gemini-2.5-flash", contents })).text;
process.stdout.write(text);
"""


def by_javascript(way: str) -> Callable[[House], str]:
    def ask(house: House) -> str:
        if shutil.which("node") is None or not (HERE / "js" / "node_modules" / ".stamp").is_file():
            pytest.skip("the JavaScript client is not installed: python tools/install_sdks.py")
        given = ["node", "--input-type=module", "-e", JAVASCRIPT, way, house.server.url, str(house.folder)]
        done = subprocess.run(given, cwd=HERE / "js", capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return ask


DOORS: dict[str, Callable[[House], str]] = {
    "client": by_client,
    "pillow": by_pillow,
    "stream": by_stream,
    "async client": by_async_client,
    "chat": by_chat,
    "resumable upload": by_upload,
    "raw and multipart upload": by_raw_and_multipart_upload,
    "address": by_address,
    "REST": by_rest,
    "REST stream": by_rest_stream,
    "batch": by_batch,
    "batch file": by_batch_file,
    "JavaScript": by_javascript("inline"),
    "JavaScript stream": by_javascript("stream"),
    "JavaScript upload": by_javascript("upload"),
}


@pytest.mark.parametrize("door", DOORS)
def test_every_door_brings_the_same_pixels(house: House, door: str) -> None:
    before = len(house.stub.seen)
    assert DOORS[door](house) == "a cat"
    assert len(house.stub.seen) == before + 1
    (message,) = house.seen().body["messages"]
    assert message["role"] == "user"
    assert [part.get("text") for part in message["content"]] == ["What", None, "and", None, "are they?"]
    one, two = house.seen().pictures()
    assert np.array_equal(one, FIRST)
    assert np.array_equal(two, SECOND)


def test_what_is_sent_as_a_file_goes_byte_for_byte(house: House) -> None:
    file = house.client.files.upload(file=house.folder / "three.jpg")
    by_uri = types.Part.from_uri(file_uri=f"{house.address}/three.jpg", mime_type="image/jpeg")
    house.client.models.generate_content(model=MODEL, contents=[file, by_uri])
    urls = [part["image_url"]["url"] for part in house.seen().content()]
    assert urls == [f"data:image/jpeg;base64,{base64.b64encode(JPEG).decode()}"] * 2


def test_a_chat_keeps_its_earlier_pictures(house: House) -> None:
    chat = house.client.chats.create(model=MODEL)
    chat.send_message(["First", blob(ONE)])
    chat.send_message(["Second", blob(TWO), "differs how?"])
    chat.send_message("And together?")
    messages = house.seen().body["messages"]
    assert [message["role"] for message in messages] == ["user", "assistant", "user", "assistant", "user"]
    assert [part.get("text") for part in messages[0]["content"]] == ["First", None]
    assert [part.get("text") for part in messages[2]["content"]] == ["Second", None, "differs how?"]
    assert messages[1]["content"] == "a cat"
    assert messages[4]["content"] == "And together?"
    assert all(map(np.array_equal, house.seen().pictures(), (FIRST, SECOND)))


def test_pictures_of_a_functions_result_follow_it(house: House) -> None:
    gave = types.FunctionResponse(
        name="camera",
        id="c1",
        response={"picture": {"$ref": "door.png"}},
        parts=[
            types.FunctionResponsePart.from_bytes(data=ONE, mime_type="image/png"),
            types.FunctionResponsePart(
                inline_data=types.FunctionResponseBlob(data=TWO, mime_type="image/png", display_name="door.png")
            ),
        ],
    )
    called = types.Part(function_call=types.FunctionCall(name="camera", id="c1", args={"place": "door"}))
    contents: Any = [
        types.Content(role="user", parts=[types.Part(text="Who is there?")]),
        types.Content(role="model", parts=[called]),
        types.Content(role="user", parts=[types.Part(function_response=gave), types.Part(text="Say the name.")]),
    ]
    camera = types.FunctionDeclaration(name="camera", description="Takes pictures.")
    config = types.GenerateContentConfig(tools=[types.Tool(function_declarations=[camera])])
    house.client.models.generate_content(model=MODEL, contents=contents, config=config)
    question, call, result, shown = house.seen().body["messages"]
    assert question["content"] == "Who is there?"
    assert call["tool_calls"][0]["id"] == result["tool_call_id"] == "c1"
    assert json.loads(result["content"]) == {"picture": {"$ref": "door.png"}}
    assert [part.get("text") for part in shown["content"]] == ["camera gave (door.png):", None, None, "Say the name."]
    assert all(map(np.array_equal, house.seen().pictures(), (FIRST, SECOND)))


def test_a_system_instruction_is_words_and_a_picture_in_it_is_refused(house: House) -> None:
    before = len(house.stub.seen)
    body = {
        "contents": [{"parts": [{"text": "x"}]}],
        "systemInstruction": {"parts": [{"text": "Be brief."}, inline(ONE)]},
    }
    url = f"{house.server.url}/v1beta/models/{MODEL}:generateContent"
    answer = httpx.post(url, json=body, headers={"x-goog-api-key": house.server.key})
    assert answer.status_code == 400
    assert "systemInstruction.parts[1]" in answer.json()["error"]["message"]
    assert len(house.stub.seen) == before


async def asked(work: Callable[[RunningServer], Any], *plays: Play) -> tuple[Any, list[Seen]]:
    """What `work` found at a server before a stub, and what the stub got."""
    async with Stub(*plays) as stub:

        def run() -> Any:
            with running(engine(stub.url)) as server:
                return work(server)

        return await asyncio.to_thread(run), stub.seen


async def test_a_function_is_called_and_its_result_comes_back() -> None:
    call = {"index": 0, "id": "call_7", "function": {"name": "weather", "arguments": '{"city": "Oslo"}'}}
    calls = frames({"choices": [{"index": 0, "delta": {"tool_calls": [call]}}]}, STOP)

    def weather(city: str) -> str:
        """The weather of a city."""
        return f"rain in {city}"

    def work(server: RunningServer) -> str:
        client = server.client()
        config = types.GenerateContentConfig(tools=[weather])
        return client.models.generate_content(model=MODEL, contents="And Oslo?", config=config).text or ""

    text, seen = await asked(work, calls, saying("It rains."))
    assert text == "It rains."
    question, model, result = seen[1].body["messages"]
    assert question["content"] == "And Oslo?"
    assert model["tool_calls"][0]["id"] == result["tool_call_id"] == "call_7"
    assert "rain in Oslo" in result["content"]
    assert seen[0].body["tools"][0]["function"]["name"] == "weather"


async def test_an_error_is_the_clients_error() -> None:
    from google.genai.errors import ClientError

    def work(server: RunningServer) -> int:
        client = server.client()
        with pytest.raises(ClientError) as caught:
            client.models.generate_content(model=MODEL, contents="x")
        return caught.value.code

    found, _ = await asked(work, answering(429, retry_after="60"))
    assert found == 429
