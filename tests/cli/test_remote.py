from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import aclosing
from typing import Any

import httpx
import pytest

from pollux.cli.remote import Remote
from pollux.errors import ApiError

URL = "http://127.0.0.1:8000"
BODY = {"contents": [{"parts": [{"text": "Hi"}]}]}


def remote(handler: Callable[[httpx.Request], httpx.Response]) -> Remote:
    return Remote(URL + "/", httpx.MockTransport(handler))


async def collect(door: Remote, *, stream: bool) -> list[Any]:
    async with aclosing(door.generate("models/m", BODY, stream=stream)) as responses:
        return [response async for response in responses]


async def test_one_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEMINI_API_KEY", "plx_k")

    def handler(request: httpx.Request) -> httpx.Response:
        assert str(request.url) == f"{URL}/v1beta/models/m:generateContent"
        assert request.headers["x-goog-api-key"] == "plx_k"
        assert json.loads(request.content) == BODY
        return httpx.Response(200, json={"candidates": []})

    assert await collect(remote(handler), stream=False) == [{"candidates": []}]


async def test_a_stream_and_an_error_within_it() -> None:
    text = 'data: {"a": 1}\r\n\r\ndata: {"a": 2}\r\n\r\n'
    assert await collect(remote(lambda _: httpx.Response(200, text=text)), stream=True) == [{"a": 1}, {"a": 2}]
    broken = text + 'data: {"error": {"code": 503, "message": "engine stopped"}}\n\n'
    with pytest.raises(ApiError, match="engine stopped"):
        await collect(remote(lambda _: httpx.Response(200, text=broken)), stream=True)


async def test_pages_of_models_are_joined() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        token = request.url.params["pageToken"]
        return httpx.Response(200, json={"models": [{"name": token}], **({} if token else {"nextPageToken": "2"})})

    assert await remote(handler).models() == [{"name": ""}, {"name": "2"}]


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (httpx.Response(400, json={"error": {"message": "bad key"}}), "bad key"),
        (httpx.Response(502, text="<html>"), "HTTP status 502"),
        (httpx.ConnectError("refused"), "no server answers at http://127.0.0.1:8000; start one with `pollux serve`"),
        (httpx.ReadTimeout("slow"), "did not answer in time"),
        (httpx.RemoteProtocolError("cut"), "the connection to http://127.0.0.1:8000 broke: cut"),
        (httpx.Response(200, text="data: hello"), "does not speak the Gemini API"),
    ],
)
async def test_what_goes_wrong_is_one_line(reply: httpx.Response | Exception, message: str, stream: bool) -> None:
    def handler(_: httpx.Request) -> httpx.Response:
        if isinstance(reply, Exception):
            raise reply
        return reply

    with pytest.raises(ApiError, match=message):
        await collect(remote(handler), stream=stream)
