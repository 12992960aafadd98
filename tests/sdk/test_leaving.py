"""Whoever hangs up stops the work: the engine's stream is closed and the permit is free again."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import httpx
import pytest

from pollux.testing import RunningServer, ScriptedEngine, running
from tests.sdk.actors import Troupe

HI = b'{"contents": [{"parts": [{"text": "hi"}]}]}'


@pytest.fixture
def narrow() -> Iterator[tuple[RunningServer, ScriptedEngine]]:
    """A server with a single permit, and nobody may wait."""
    engine = ScriptedEngine(Troupe())
    with running(engine, {"limits.in_flight": 1, "limits.queue": 0}) as server:
        yield server, engine


def begin(server: RunningServer, model: str, verb: str) -> socket.socket:
    """A request under way."""
    address = urlsplit(server.url)
    sock = socket.create_connection((address.hostname or "", address.port or 0), timeout=10)
    head = f"POST /v1beta/models/{model}:{verb} HTTP/1.1\r\nHost: localhost\r\nx-goog-api-key: k\r\n"
    sock.sendall(f"{head}Content-Length: {len(HI)}\r\n\r\n".encode() + HI)
    return sock


def until(true: Callable[[], bool], seconds: float = 5) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "it never came true"
        time.sleep(0.01)


def answers(server: RunningServer) -> bool:
    url = f"{server.url}/v1beta/models/gemini-2.5-flash:generateContent"
    return httpx.post(url, headers={"x-goog-api-key": "k"}, content=HI).status_code == 200


@pytest.mark.parametrize(
    ("model", "verb"),
    [
        ("gemini-2.5-late", "generateContent"),
        ("gemini-2.5-late", "streamGenerateContent?alt=sse"),
        ("gemini-2.5-slow", "generateContent"),
        ("gemini-2.5-slow", "streamGenerateContent?alt=sse"),
        ("gemini-2.5-slow", "streamGenerateContent"),
    ],
)
def test_hanging_up_stops_the_work(narrow: tuple[RunningServer, ScriptedEngine], model: str, verb: str) -> None:
    server, engine = narrow
    with begin(server, model, verb) as sock:
        until(lambda: len(engine.prompts) == 1)
        if "slow" in model and "stream" in verb:
            assert b"200 OK" in sock.recv(4096)
        assert not answers(server), "the one permit should be taken"
        assert engine.closed == 0
    until(lambda: engine.closed == 1)
    until(lambda: answers(server))


def test_too_many_at_once(narrow: tuple[RunningServer, ScriptedEngine]) -> None:
    server, engine = narrow
    with begin(server, "gemini-2.5-late", "generateContent"):
        until(lambda: len(engine.prompts) == 1)
        url = f"{server.url}/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"
        answer = httpx.post(url, headers={"x-goog-api-key": "k"}, content=HI)
    error = json.loads(answer.content)["error"]
    assert (answer.status_code, error["status"]) == (429, "RESOURCE_EXHAUSTED")
    assert [d["@type"].rpartition(".")[2] for d in error["details"]] == ["RetryInfo"]
    assert int(answer.headers["retry-after"]) >= 1
