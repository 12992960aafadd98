"""The google engine in front of a stand-in: what arrives there is what was sent, what comes back is what it said."""

from __future__ import annotations

import asyncio
import base64
import io
import json
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from pollux import samples
from pollux.engines.base import Prompt
from pollux.engines.google import GoogleEngine
from pollux.engines.refusals import refusal
from pollux.engines.replay import Recorder, Replayer, Tape
from pollux.testing import RunningServer, running
from pollux.wire.generate import GenerateContentRequest
from pollux.wire.lenient import decode
from pollux.wire.relay import fold_relayed, relayed
from tests.api.http import Reply, send
from tests.engines.google_stub import Asked, Stub, events, google, whole
from tests.engines.google_stub import Reply as Answer

SECRET = "AIza-secret-of-the-server"
FLASH = "/v1beta/models/gemini-2.5-flash"
HELLO: dict[str, Any] = {"contents": [{"parts": [{"text": "hello"}]}]}
STOPPED = {"candidates": [{"content": {"parts": [{"text": "hi"}], "role": "model"}, "finishReason": "STOP"}]}
RICH: dict[str, Any] = {
    "candidates": [
        {
            "content": {
                "parts": [
                    {"text": "thinking\u2028on", "thought": True},
                    {"text": "A cat.", "thoughtSignature": "EjRnb29nbGUtb3du"},
                    {"inlineData": {"mimeType": "image/png", "data": "iVBORw0KGgo="}, "thoughtSignature": "c2ln"},
                    {"functionCall": {"name": "look", "args": {"far": 1.0, "deep": {"a": [1e-7]}}, "id": "f1"}},
                    {"somethingNew": {"of": "tomorrow"}},
                ],
                "role": "model",
            },
            "finishReason": "MALFORMED_BY_TOMORROW",
            "index": 0,
            "safetyRatings": [{"category": "HARM_CATEGORY_HARASSMENT", "probability": "LOW", "probabilityScore": 0.1}],
            "citationMetadata": {"citationSources": [{"startIndex": 1, "uri": "https://a.example", "license": ""}]},
            "avgLogprobs": -0.12345678901234567,
            "logprobsResult": {"chosenCandidates": [{"token": "A", "logProbability": -1.5e-05}]},
            "groundingMetadata": {"webSearchQueries": ["cats"]},
        }
    ],
    "usageMetadata": {
        "promptTokenCount": 7,
        "totalTokenCount": 40,
        "thoughtsTokenCount": 21,
        "trafficType": "ON_DEMAND",
    },
    "modelVersion": "gemini-2.5-flash-001",
    "responseId": "google-gave-it",
    "newTopLevel": [1, 2.50],
}


class Setting:
    """Pollux with the google engine, in front of a stub whose answer a test chooses."""

    def __init__(self, server: RunningServer, stub: Stub) -> None:
        self.server, self.stub = server, stub

    def post(self, verb: str, body: Any, model: str = FLASH, **headers: str) -> Reply:
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return send(self.server.url, "POST", f"{model}:{verb}", data, headers)

    def says(self, answer: Answer | Callable[[Asked], Answer]) -> Setting:
        self.stub.answer = (lambda _: answer) if isinstance(answer, Answer) else answer
        return self

    @property
    def sent(self) -> Any:
        """The body of the last request that reached the stub."""
        return self.stub.asked[-1].body


@pytest.fixture(scope="module")
def shared() -> Iterator[Setting]:
    with google(lambda _: whole(STOPPED)) as stub, running(GoogleEngine(SECRET, stub.url)) as server:
        yield Setting(server, stub)


@pytest.fixture
def pass_through(shared: Setting) -> Setting:
    shared.stub.asked.clear()
    return shared.says(whole(STOPPED))


def test_an_answer_comes_back_byte_for_byte(pass_through: Setting) -> None:
    answer = pass_through.says(whole(RICH)).post("generateContent", HELLO)
    assert answer.status == 200
    assert answer.body == json.dumps(RICH, indent=2).encode() + b"\n"  # order, numbers and escapes as they were
    asked = pass_through.stub.asked[-1]
    assert asked.path == f"{FLASH}:generateContent"
    assert asked.headers["x-goog-api-key"] == SECRET
    assert asked.body == HELLO


def test_a_request_goes_out_as_it_came(pass_through: Setting) -> None:
    body = {
        "contents": [
            {"role": "user", "parts": [{"text": "  look \u2028 here\n"}, {"text": ""}]},
            {
                "role": "model",
                "parts": [
                    {"text": "hm", "thought": True},
                    {"functionCall": {"name": "f", "args": {"B": 1, "a_b": [None]}}, "thoughtSignature": "+/8="},
                ],
            },
            {"role": "user", "parts": [{"functionResponse": {"name": "f", "response": {"ok": False}, "id": "7"}}]},
            {"role": "user", "parts": [{"fileData": {"fileUri": "https://www.youtube.com/watch?v=x"}}]},
        ],
        "systemInstruction": {"parts": [{"text": "be brief"}]},
        "generationConfig": {
            "temperature": 0.0,
            "candidateCount": 2,
            "responseLogprobs": True,
            "logprobs": 3,
            "thinkingConfig": {"includeThoughts": True, "thinkingBudget": 0},
            "speechConfig": {"voiceConfig": {"x": 1}},
        },
        "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "BLOCK_NONE"}],
        "tools": [{"googleSearch": {}}, {"codeExecution": {}}, {"functionDeclarations": [{"name": "f"}]}],
        "toolConfig": {"functionCallingConfig": {"mode": "AUTO"}},
        "cachedContent": "cachedContents/of-google",
    }
    assert pass_through.post("generateContent", body).status == 200
    assert pass_through.sent == body
    assert len(pass_through.stub.asked) == 1  # candidates come from one request


UNHEARD: dict[str, Any] = {
    "contents": [
        {"role": "user", "parts": [{"text": "a"}, {"somethingNew": {"of": ["tomorrow", {"x": None}]}}]},
        {"role": "user", "parts": [{"inlineData": {"mimeType": "image/png", "data": "AAAA", "shade": 2}}], "mood": "!"},
    ],
    "systemInstruction": {"parts": [{"text": "b", "tone": "dry"}]},
    "generationConfig": {"temperature": 0.5, "thinkingConfig": {"thinkingBudget": 1, "depth": {"snake_case": 1.0}}},
    "tools": [{"timeMachine": {}}, {"functionDeclarations": [{"name": "f", "parameters": {"type": "OBJECT", "z": 1}}]}],
    "newTopLevel": [1, 2.5, {"data": "x" * 70_000}],
}


@pytest.mark.parametrize("verb", ["generateContent", "countTokens"])
def test_what_nobody_here_knows_goes_out_too(pass_through: Setting, verb: str) -> None:
    counts = verb == "countTokens"
    if counts:
        pass_through.says(whole({"totalTokens": 3}))
    sent = {"generateContentRequest": {"model": "models/gemini-2.5-flash", **UNHEARD}} if counts else UNHEARD
    assert pass_through.post(verb, sent).status == 200
    assert pass_through.sent == sent


def test_what_is_not_known_of_a_file_that_became_bytes_is_gone_with_it(pass_through: Setting) -> None:
    client = pass_through.server.client()
    file = client.files.upload(file=io.BytesIO(b"a,b"), config={"mime_type": "text/csv"})
    part = {"fileData": {"fileUri": file.uri, "fresh": True}, "beside": 1}
    assert pass_through.post("generateContent", {"contents": [{"parts": [part]}], "unread": "x"}).status == 200
    (got,) = pass_through.sent["contents"][0]["parts"]
    assert got == {"inlineData": {"mimeType": "text/csv", "data": base64.b64encode(b"a,b").decode()}, "beside": 1}
    assert pass_through.sent["unread"] == "x"


@pytest.mark.parametrize("alphabet", [base64.b64encode, base64.urlsafe_b64encode])
def test_pictures_arrive_with_the_same_bytes(pass_through: Setting, alphabet: Callable[[bytes], bytes]) -> None:
    picture = samples.read("cat")
    parts = [
        {"text": "before"},
        {"inline_data": {"mime_type": "image/jpeg", "data": alphabet(picture).decode()}, "thoughtSignature": "c2ln"},
        {"text": "after"},
    ]
    assert pass_through.post("generateContent", {"contents": [{"parts": parts}]}).status == 200
    before, middle, after = pass_through.sent["contents"][0]["parts"]
    assert (before, after) == ({"text": "before"}, {"text": "after"})
    assert base64.b64decode(middle["inlineData"]["data"]) == picture
    assert (middle["inlineData"]["mimeType"], middle["thoughtSignature"]) == ("image/jpeg", "c2ln")


def test_our_files_arrive_as_bytes_and_others_as_addresses(pass_through: Setting) -> None:
    client = pass_through.server.client()
    name = client.files.upload(file=io.BytesIO(samples.read("cat")), config={"mime_type": "image/jpeg"}).uri
    theirs = {"fileData": {"fileUri": "https://generativelanguage.googleapis.com/v1beta/files/abc"}}
    parts = [{"fileData": {"fileUri": name, "mimeType": "image/jpeg"}, "thought": True}, theirs]
    assert pass_through.post("generateContent", {"contents": [{"parts": parts}]}).status == 200
    ours, unchanged = pass_through.sent["contents"][0]["parts"]
    assert base64.b64decode(ours["inlineData"]["data"]) == samples.read("cat")
    assert ("fileData" not in ours, ours["thought"]) == (True, True)
    assert unchanged == theirs


def test_a_file_that_is_not_there_is_said_before_google_is_asked(pass_through: Setting) -> None:
    parts = [{"fileData": {"fileUri": "files/nothing"}}]
    answer = pass_through.post("generateContent", {"contents": [{"parts": parts}]})
    assert answer.status in (403, 404)
    assert not pass_through.stub.asked


def test_a_stream_comes_back_chunk_for_chunk(pass_through: Setting) -> None:
    first = {"candidates": [{"content": {"parts": [{"text": "one"}]}, "index": 0}], "usageMetadata": {"x": 1}}
    answer = pass_through.says(events(first, RICH)).post("streamGenerateContent?alt=sse", HELLO)
    assert pass_through.stub.asked[-1].path == f"{FLASH}:streamGenerateContent?alt=sse"
    lines = [line for line in answer.body.split(b"\r\n\r\n") if line]
    assert [json.loads(line.removeprefix(b"data: ")) for line in lines] == [first, RICH]
    assert json.dumps(RICH["candidates"][0]["avgLogprobs"]).encode() in lines[1]
    assert b"\xe2\x80\xa8" not in answer.body  # a line end to some clients


def test_the_official_client_reads_a_stream(pass_through: Setting) -> None:
    client = pass_through.says(events(STOPPED)).server.client()
    chunks = list(client.models.generate_content_stream(model="gemini-2.5-flash", contents="hello"))
    assert [chunk.text for chunk in chunks] == ["hi"]


CUTS = {
    "without a reason": events({"candidates": [{"content": {"parts": [{"text": "one"}]}}]}),
    "in a chunk": events(STOPPED["candidates"][0], b'{"candidates": [{"con', cut=True),
    "between chunks": events({"candidates": [{"content": {"parts": [{"text": "one"}]}}]}, cut=True),
    "one of two": events({"candidates": [{"index": 0, "finishReason": "STOP"}, {"index": 1}]}),
}


@pytest.mark.parametrize("answer", CUTS.values(), ids=CUTS.keys())
def test_a_stream_that_breaks_off_ends_with_an_error(pass_through: Setting, answer: Answer) -> None:
    reply = pass_through.says(answer).post("streamGenerateContent?alt=sse", HELLO)
    frames = [json.loads(line[6:]) for line in reply.body.split(b"\r\n\r\n") if line.startswith(b"data: ")]
    assert frames[-1]["error"]["status"] in ("UNAVAILABLE", "INTERNAL")


def test_an_error_in_mid_stream_keeps_its_words(pass_through: Setting) -> None:
    first = {"candidates": [{"content": {"parts": [{"text": "one"}]}}]}
    broken = {"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}}
    reply = pass_through.says(events(first, broken)).post("streamGenerateContent?alt=sse", HELLO)
    assert b"The model is overloaded." in reply.body.split(b"\r\n\r\n")[1]


def test_a_half_answer_is_no_answer(pass_through: Setting) -> None:
    half = Answer((json.dumps(RICH).encode()[:200],), cut=True)
    reply = pass_through.says(half).post("generateContent", HELLO)
    assert (reply.status, reply.error["status"]) == (503, "UNAVAILABLE")


REFUSED = {
    400: ("INVALID_ARGUMENT", f"API key not valid: {SECRET}."),
    403: ("PERMISSION_DENIED", "Not in your region."),
    404: ("NOT_FOUND", "models/x is not found for API version v1beta."),
    429: ("RESOURCE_EXHAUSTED", "You exceeded your current quota."),
    500: ("INTERNAL", "An internal error has occurred."),
    503: ("UNAVAILABLE", "The model is overloaded."),
    504: ("DEADLINE_EXCEEDED", "Deadline expired before operation could complete."),
}


@pytest.mark.parametrize("verb", ["generateContent", "streamGenerateContent?alt=sse", "countTokens"])
@pytest.mark.parametrize("code", REFUSED)
def test_errors_keep_status_and_message_without_the_key(pass_through: Setting, code: int, verb: str) -> None:
    status, message = REFUSED[code]
    detail = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "34.074824224s"}
    error = {"code": code, "message": message, "status": status, "details": [detail]}
    reply = pass_through.says(whole({"error": error}, code, retry_after="34")).post(verb, HELLO)
    assert (reply.status, reply.error["status"]) == (code, status)
    assert reply.error["message"] == message.replace(SECRET, "[key]")
    assert reply.error["details"] == [detail]
    assert SECRET.encode() not in reply.body
    assert reply.headers.get("retry-after") == ("34" if code == 429 else None)


def test_an_answer_of_somebody_else_is_an_honest_error(pass_through: Setting) -> None:
    page = Answer((b"<html>Bad gateway</html>",), 502, "text/html")
    reply = pass_through.says(page).post("generateContent", HELLO)
    assert (reply.status, "502" in reply.error["message"]) == (503, True)
    reply = pass_through.says(Answer((b"<html>Log in</html>",), 200, "text/html")).post("generateContent", HELLO)
    assert (reply.status, reply.error["status"]) == (500, "INTERNAL")


def test_nobody_there() -> None:
    with running(GoogleEngine(SECRET, "http://127.0.0.1:9")) as server:
        reply = send(server.url, "POST", f"{FLASH}:generateContent", json.dumps(HELLO).encode())
    assert (reply.status, reply.error["status"]) == (503, "UNAVAILABLE")


def test_tokens_are_counted_by_google(pass_through: Setting) -> None:
    answer = {"totalTokens": 31, "promptTokensDetails": [{"modality": "TEXT", "tokenCount": 31}]}
    reply = pass_through.says(whole(answer)).post("countTokens", HELLO)
    assert reply.json == answer
    inner = pass_through.sent["generateContentRequest"]
    assert (inner["model"], inner["contents"]) == ("models/gemini-2.5-flash", HELLO["contents"])


def test_embeddings_are_googles(pass_through: Setting) -> None:
    vectors = {"embeddings": [{"values": [0.25, -1e-08]}, {"values": [1, 2.5]}]}
    config: Any = {"task_type": "RETRIEVAL_QUERY", "output_dimensionality": 2}
    client = pass_through.says(whole(vectors)).server.client()
    texts: Any = ["a", "b"]
    found = client.models.embed_content(model="gemini-embedding-001", contents=texts, config=config)
    assert [one.values for one in found.embeddings or ()] == [[0.25, -1e-08], [1, 2.5]]
    first = {
        "model": "models/gemini-embedding-001",
        "content": {"parts": [{"text": "a"}]},
        "taskType": "RETRIEVAL_QUERY",
        "outputDimensionality": 2,
    }
    assert pass_through.sent["requests"][0] == first


def test_too_few_embeddings_are_an_error(pass_through: Setting) -> None:
    body = {"requests": [{"content": {"parts": [{"text": t}]}} for t in "ab"]}
    embedding = "/v1beta/models/gemini-embedding-001"
    reply = pass_through.says(whole({"embeddings": [{"values": [1.0]}]})).post("batchEmbedContents", body, embedding)
    assert reply.status == 500


def test_a_batch_line_keeps_what_google_said(pass_through: Setting) -> None:
    client = pass_through.says(whole(RICH)).server.client()
    job = client.batches.create(model="gemini-2.5-flash", src=[HELLO])  # type: ignore[arg-type]
    ended = time.monotonic() + 20
    while not (raw := send(pass_through.server.url, "GET", f"/v1beta/{job.name}").json).get("done"):
        assert time.monotonic() < ended
        time.sleep(0.05)
    line = raw["metadata"]["output"]["inlinedResponses"]["inlinedResponses"][0]
    assert line["response"] == RICH


def test_googles_own_variables_are_never_read(monkeypatch: pytest.MonkeyPatch, pass_through: Setting) -> None:
    for name in ("GOOGLE_API_KEY", "GEMINI_API_KEY", "GOOGLE_GEMINI_BASE_URL"):
        monkeypatch.setenv(name, "http://127.0.0.1:9/wrong")
    assert pass_through.post("generateContent", HELLO).status == 200
    assert pass_through.stub.asked[-1].headers["x-goog-api-key"] == SECRET


def test_folding_keeps_what_every_chunk_says() -> None:
    def chunk(text: str, prob: float, **more: Any) -> Any:
        logprobs = {"chosenCandidates": [{"token": text, "logProbability": prob}], "logProbabilitySum": prob}
        candidate = {"content": {"parts": [{"text": text}], "role": "model"}, "index": 0, "logprobsResult": logprobs}
        return relayed(json.dumps({"candidates": [candidate | more], "usageMetadata": {"n": prob}}).encode())

    folded = json.loads(bytes(fold_relayed([chunk("a", -1), chunk("b", -2, finishReason="STOP")]).document))
    (candidate,) = folded["candidates"]
    assert candidate["content"] == {"parts": [{"text": "ab"}], "role": "model"}
    assert [row["token"] for row in candidate["logprobsResult"]["chosenCandidates"]] == ["a", "b"]
    assert (candidate["logprobsResult"]["logProbabilitySum"], candidate["finishReason"]) == (-3, "STOP")
    assert folded["usageMetadata"] == {"n": -2}


def test_unknown_refusals_find_the_nearest_kind() -> None:
    assert refusal("Google", 418, {}, b"{}").code == 400
    assert refusal("Google", 502, {}, b"[]").code == 503
    listed = refusal("Google", 429, {"retry-after": "5"}, b'[{"error": {"code": 429, "message": "m"}}]')
    assert (listed.message, getattr(listed, "retry_after", None)) == ("m", 5.0)


def test_google_recorded_and_replayed(tmp_path: Path) -> None:
    first = {"candidates": [{"content": {"parts": [{"text": "one "}], "role": "model"}, "index": 0}]}
    last = {"candidates": [{"content": {"parts": [{"text": "two"}]}, "finishReason": "STOP", "index": 0}], "x": 1.50}
    picture = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(samples.read("sign")).decode()}}
    body = json.dumps({"contents": [{"parts": [picture, {"text": "hi"}]}]}).encode()
    path = f"{FLASH}:streamGenerateContent?alt=sse"
    tape = Tape(tmp_path)
    with (
        google(lambda _: events(first, last)) as stub,
        running(Recorder(GoogleEngine(SECRET, stub.url), tape, "google")) as server,
    ):
        live = send(server.url, "POST", path, body)
        send(server.url, "POST", f"{FLASH}:countTokens", body)  # an answer that is none: nothing is kept of it
    with running(Replayer(tape, tape.cards()["google"])) as server:
        assert send(server.url, "POST", path, body).body == live.body
        whole_answer = send(server.url, "POST", f"{FLASH}:generateContent", body).json
        other = send(server.url, "POST", path, body.replace(b'"hi"', b'"ho"'))
        assert send(server.url, "POST", f"{FLASH}:countTokens", body).status == 404
    assert whole_answer["candidates"][0]["content"]["parts"] == [{"text": "one two"}]
    assert (whole_answer["candidates"][0]["finishReason"], whole_answer["x"]) == ("STOP", 1.5)
    assert (other.status, 'parts[1].text: recorded "hi", asked "ho"' in other.error["message"]) == (404, True)
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert SECRET.encode() not in kept
    assert picture["inlineData"]["data"].encode() not in kept  # pictures are kept as their digest


async def test_whoever_leaves_is_not_served_any_more() -> None:
    gone = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"hello")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\ndata: {}\r\n\r\n")
        await writer.drain()
        while await reader.read(1000):
            pass
        gone.set()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    engine = GoogleEngine(SECRET, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    asked = decode(GenerateContentRequest, json.dumps(HELLO).encode())
    answers = engine.stream(Prompt("gemini-2.5-flash", (), request=asked))
    async with aclosing(answers):  # type: ignore[type-var]
        await anext(answers)
    await asyncio.wait_for(gone.wait(), 5)
    await engine.close()
    server.close()


def test_what_is_not_built_here_passes_and_what_cannot_pass_is_said(pass_through: Setting) -> None:
    speech = {**HELLO, "generationConfig": {"responseModalities": ["AUDIO"]}}
    assert pass_through.post("generateContent", speech, "/v1beta/models/gemini-2.5-flash-preview-tts").status == 200
    assert pass_through.sent == speech
    instances = {"instances": [{"prompt": "a cat"}]}
    for verb, model, what in (
        ("predict", "imagen-4.0-generate-001", "Imagen's predict"),
        ("predictLongRunning", "veo-3.1-generate-preview", "Veo's predictLongRunning"),
    ):
        refused = pass_through.post(verb, instances, f"/v1beta/models/{model}")
        assert refused.status == 501
        assert f"{what} is not passed on: models/{model}" in refused.error["message"]


def test_many_at_once_get_their_own_answers(pass_through: Setting) -> None:
    def echo(asked: Asked) -> Answer:
        text = asked.body["contents"][0]["parts"][0]["text"]
        return whole({"candidates": [{"content": {"parts": [{"text": text}]}, "finishReason": "STOP"}]})

    pass_through.says(echo)
    bodies = [{"contents": [{"parts": [{"text": f"number {n}"}]}]} for n in range(24)]
    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(lambda body: pass_through.post("generateContent", body).json, bodies))
    texts = [answer["candidates"][0]["content"]["parts"][0]["text"] for answer in answers]
    assert texts == [f"number {n}" for n in range(24)]
