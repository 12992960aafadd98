"""Through the official client: inline, streamed, from a file and in a chat the server gets the same pixels."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from google.genai import types

from pollux.testing import RunningServer, running
from tests.engines.openai.kit import encoded, engine, picture
from tests.engines.openai.stub import STOP, Seen, Stub, frames, saying

MODEL = "gemini-2.5-flash"
RGB = picture(70, 50)
PNG = encoded(RGB)


async def asked(work: Callable[[RunningServer], Any], *plays: Any, **options: Any) -> tuple[Any, list[Seen]]:
    """What `work` found at a server before the stub, and what the stub got."""
    async with Stub(*(plays or (saying("a ", "cat"),))) as stub:

        def run() -> Any:
            with running(engine(stub.url, **options)) as server:
                return work(server)

        return await asyncio.to_thread(run), stub.seen


def inline(server: RunningServer) -> str:
    contents: Any = ["What", types.Part.from_bytes(data=PNG, mime_type="image/png"), "is it?"]
    client = server.client()
    return client.models.generate_content(model=MODEL, contents=contents).text or ""


def streamed(server: RunningServer) -> str:
    client = server.client()
    contents: Any = ["What", types.Part.from_bytes(data=PNG, mime_type="image/png"), "is it?"]
    return "".join(c.text or "" for c in client.models.generate_content_stream(model=MODEL, contents=contents))


def uploaded(server: RunningServer) -> str:
    client = server.client()
    file = client.files.upload(file=io.BytesIO(PNG), config={"mime_type": "image/png"})
    contents: Any = ["What", file, "is it?"]
    return client.models.generate_content(model=MODEL, contents=contents).text or ""


def chatted(server: RunningServer) -> str:
    client = server.client()
    chat = client.chats.create(model=MODEL)
    return chat.send_message(["What", types.Part.from_bytes(data=PNG, mime_type="image/png"), "is it?"]).text or ""


@pytest.mark.parametrize("door", [inline, streamed, uploaded, chatted])
async def test_every_door_brings_the_same_pixels(door: Callable[[RunningServer], str]) -> None:
    text, seen = await asked(door)
    assert text == "a cat"
    content = seen[-1].content()
    assert [part.get("text") for part in content] == ["What", None, "is it?"]
    assert np.array_equal(seen[-1].pictures()[0], RGB)


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

    from tests.engines.openai.stub import answering

    def work(server: RunningServer) -> int:
        client = server.client()
        with pytest.raises(ClientError) as caught:
            client.models.generate_content(model=MODEL, contents="x")
        return caught.value.code

    found, _ = await asked(work, answering(429, retry_after="60"))
    assert found == 429
