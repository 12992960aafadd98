"""A mutation fuzz of the whole surface: never a 5xx but 501, never a hang, never an inside seen from outside.

POLLUX_FUZZ_EXAMPLES scales it (`make fuzz`); by default it is short and always the same.
"""

from __future__ import annotations

import json
import os
import random
import re
import socket
from collections.abc import Iterable, Iterator
from contextlib import closing
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pollux.engines.base import Call, Prompt, Text, Thought
from pollux.engines.scripted import ScriptedEngine, Step, echo
from pollux.testing import running
from tests.api.http import HELLO, Reply, connect, read_reply, request_bytes
from tests.fuzz.mutations import looking, request

SCALE = int(os.environ.get("POLLUX_FUZZ_EXAMPLES", "6000"))
ANSWERS = ("null", "{}", '{"n": 3}', '{"a": "aaa", "l": [null]}', "[]", '"x"', "1e400", "true", "a")
INSIDE = re.compile(rb'Traceback|File "|site-packages|\.py\b|<locals>|object at 0x')
VERSIONS = ("/v1", "/v1beta", "/v1alpha", "", "//v1")


def script(prompt: Prompt) -> Iterable[Step]:
    """An engine that is never at fault: valid JSON where a schema asks for JSON."""
    if prompt.schema is not None:
        yield Text(ANSWERS[len(str(prompt.schema)) % len(ANSWERS[:-1])])
        return
    yield Thought("let me see")
    yield from echo(prompt)
    if prompt.tools:
        yield Call("f", {"a": "b"})


class Caller:
    """One kept connection; made anew where the server closed it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._sock: socket.socket | None = None

    def ask(self, raw: bytes, *, head: bool = False) -> Reply:
        for fresh in (False, True):
            if self._sock is None:
                self._sock, fresh = connect(self.url, timeout=20), True
            try:
                self._sock.sendall(raw)
                reply = read_reply(self._sock, head=head)
            except (ConnectionError, BrokenPipeError):
                self.close()
                if fresh:
                    raise
                continue
            if reply.headers.get("connection") == "close":
                self.close()
            return reply
        raise AssertionError("unreachable")

    def close(self) -> None:
        if self._sock is not None:
            self._sock.close()
        self._sock = None


def judge(reply: Reply, *, deadline: bool = False) -> None:
    """What every answer must be, whatever was asked."""
    allowed = (501, 504) if deadline else (501,)
    assert reply.status < 500 or reply.status in allowed, reply.body[:2000]
    if reply.status >= 400:
        check_status(reply.json, reply.status)
        assert not INSIDE.search(reply.body), reply.body[:2000]
        assert len(reply.body) < 200_000
    elif reply.headers["content-type"].startswith("text/event-stream"):
        frames = reply.body.decode().split("\r\n\r\n")
        assert frames.pop() == ""
        chunks = [json.loads(frame.removeprefix("data: ")) for frame in frames]
        for chunk in chunks:
            if "error" in chunk:
                check_status(chunk, chunk["error"]["code"])
                assert chunk["error"]["code"] < 500 or chunk["error"]["code"] in allowed
    else:
        json.loads(reply.body)


def check_status(body: Any, status: int) -> None:
    """A google.rpc.Status."""
    assert list(body) == ["error"], body
    error = body["error"]
    assert set(error) <= {"code", "message", "status", "details"}
    assert error["code"] == status
    assert error["message"]
    assert re.fullmatch("[A-Z_]+", error["status"])
    for detail in error.get("details", ()):
        assert detail["@type"].startswith("type.googleapis.com/google.rpc.")


def cases(share: float) -> settings:
    """Settings of one test: its share of all cases; random ones only when asked for more."""
    few = "POLLUX_FUZZ_EXAMPLES" not in os.environ
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]
    return settings(
        max_examples=max(5, int(SCALE * share)), deadline=None, derandomize=few, suppress_health_check=checks
    )


RANDOM = st.integers(0, 2**32).map(random.Random)


@pytest.fixture(scope="module")
def caller() -> Iterator[Caller]:
    with (
        running(ScriptedEngine(script), {"server.log_level": "error"}) as server,
        closing(Caller(server.url)) as caller,
    ):
        yield caller


@pytest.fixture(scope="module")
def builtin() -> Iterator[Caller]:
    with running() as server, closing(Caller(server.url)) as caller:
        yield caller


KEY = {"x-goog-api-key": "k"}


@pytest.mark.timeout(3600)
@cases(0.7)
@given(RANDOM)
def test_bodies(caller: Caller, rnd: random.Random) -> None:
    path, body = request(rnd)
    judge(caller.ask(request_bytes("POST", f"{rnd.choice(VERSIONS)}/{path}", body, KEY)))


@pytest.mark.timeout(3600)
@cases(0.03)
@given(RANDOM)
def test_bodies_for_the_built_in_engine(builtin: Caller, rnd: random.Random) -> None:
    path, body = request(rnd)
    judge(builtin.ask(request_bytes("POST", f"/v1beta/{path}", body, KEY)))


@pytest.mark.timeout(3600)
@cases(0.002)
@given(RANDOM)
def test_real_pictures_for_the_built_in_engine(builtin: Caller, rnd: random.Random) -> None:
    verb = rnd.choice(["generateContent", "streamGenerateContent?alt=sse"])
    judge(builtin.ask(request_bytes("POST", f"/v1/models/gemini-2.5-flash:{verb}", looking(rnd), KEY)))


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "PROPFIND")
VERBS = ("generateContent", "countTokens", "embedContent", "predict", "fly", "")
NAMES = ("gemini-2.5-flash", "text-embedding-004", "imagen-4", "gemini-2.5-flash-image", "x" * 300, "a:b", "é", "")
ROOMS = ("models", "files", "operations", "upload", "ws", "openai", "healthz", "tunedModels", "batches", "v9", "..")
ODD = ("%00", "%2F", "%3A", "%F0%9F%98%80", "%ff", "..", ".", "", ":", "a:b:c", "%", "%zz", "*")
PAGES = ("?pageSize=999999999999", "?pageSize=%00", "?pageToken=ZnJvbToz", "?pageToken=%F0%9F", "?pageSize=-1")
QUERIES = (
    "",
    "",
    "?",
    "?alt=sse",
    "?alt=xml",
    "?key=a",
    "?key=",
    "?prettyPrint=false",
    "?a[]=1&&=&%",
    "?alt=sse&alt=json",
    *PAGES,
)
HEADERS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Host", ("localhost", "evil.example", "[::1]", "[", "a:b:c", "\xff", "localhost:99999999")),
    ("Origin", ("http://localhost", "null", "http://[", "https://evil.example", "\xe9")),
    ("x-goog-api-key", ("k", "\xff\xfe", " ", "k" * 5000)),
    ("Authorization", ("Bearer x", "Bearer", "Basic eA==", "Token auth_tokens/x")),
    ("X-Server-Timeout", ("600", "nan", "-1", "1e-9", "abc", "9" * 500, "0.001")),
    ("Content-Type", ("application/json", "text/plain; charset=\xff", "multipart/form-data")),
    ("Content-Encoding", ("identity", "gzip", "\xff", "IDENTITY")),
    ("X-Forwarded-For", ("1.2.3.4", "x")),
    ("X-Forwarded-Host", ("evil.example", "localhost")),
    ("Access-Control-Request-Headers", ("x", "\xff", "a" * 3000)),
    ("Accept-Encoding", ("gzip", "*")),
    ("Expect", ("100-continue", "nonsense")),
    ("Range", ("bytes=0-1",)),
    ("If-None-Match", ("*",)),
)  # fmt: skip


@pytest.mark.timeout(3600)
@cases(0.22)
@given(RANDOM)
def test_paths_queries_and_headers(caller: Caller, rnd: random.Random) -> None:
    method = rnd.choice(METHODS)
    steps = [rnd.choice(ROOMS), f"{quote(rnd.choice(NAMES))}:{rnd.choice(VERBS)}", rnd.choice(ODD)][: rnd.randrange(4)]
    path = "/".join((rnd.choice(VERSIONS), *steps)) + rnd.choice(QUERIES)
    path = path if path.startswith("/") else f"/{path}"
    names = rnd.sample(HEADERS, rnd.randrange(5))
    headers = {**(KEY if rnd.random() < 0.8 else {}), **{name: rnd.choice(values) for name, values in names}}
    body = rnd.choice([None, b"", HELLO, b"{}", b"\xff" * 10])
    reply = caller.ask(request_bytes(method, path, body, headers), head=method == "HEAD")
    if method == "HEAD":
        assert reply.status < 500 or reply.status == 501
    elif reply.headers.get("content-type", "").startswith("text/plain"):  # the HTTP parser's own words, or a preflight
        assert reply.status == 400 or (method == "OPTIONS" and not reply.body)
    else:
        judge(reply, deadline="X-Server-Timeout" in headers)


@pytest.mark.timeout(3600)
@cases(0.05)
@given(RANDOM)
def test_raw_bytes(caller: Caller, rnd: random.Random) -> None:
    raw = bytearray(request_bytes("POST", "/v1beta/models/gemini-2.5-flash:generateContent", HELLO, KEY))
    for _ in range(rnd.randrange(1, 6)):
        raw[rnd.randrange(len(raw))] = rnd.randrange(256)
    with connect(caller.url, timeout=5) as sock:
        sock.sendall(raw)
        sock.shutdown(socket.SHUT_WR)
        try:
            reply = read_reply(sock)
        except (ConnectionError, TimeoutError, ValueError, IndexError):
            reply = None
    if reply is not None:
        assert reply.status < 500 or reply.status == 501
        assert not INSIDE.search(reply.body)
    judge(caller.ask(request_bytes("GET", "/v1/models", None, KEY)))
