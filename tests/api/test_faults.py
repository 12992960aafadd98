"""Faults on purpose: each as it is described, for whole answers and streams, and only where --faults allows them."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator

import pytest

from pollux.api.faults import Fault, Faults
from pollux.engines.base import Text
from pollux.engines.scripted import ScriptedEngine
from pollux.errors import ConfigurationError
from pollux.testing import RunningServer, running
from tests.api.http import FLASH, HELLO, KEY, Reply, connect, request_bytes, send

UNARY, STREAM = f"{FLASH}:generateContent", f"{FLASH}:streamGenerateContent?alt=sse"
WORDS = [Text("one two "), Text("three four "), Text("five six")]


@pytest.fixture(scope="module")
def faulty() -> Iterator[RunningServer]:
    with running(ScriptedEngine(lambda _: WORDS), faults=True) as server:
        yield server


def post(server: RunningServer, path: str, fault: str = "") -> Reply:
    return send(server.url, "POST", path, HELLO, {"x-pollux-fault": fault} if fault else {})


def raw(server: RunningServer, path: str, fault: str, seconds: float = 5) -> tuple[bytes, bool]:
    """All that comes until the connection ends (True), or until so many seconds have passed (False)."""
    received = b""
    with connect(server.url, seconds) as sock:
        sock.sendall(request_bytes("POST", path, HELLO, {**KEY, "x-pollux-fault": fault}))
        try:
            while data := sock.recv(65536):
                received += data
        except TimeoutError:
            return received, False
        except ConnectionResetError:
            return received, True
    return received, True


@pytest.mark.parametrize("path", [UNARY, STREAM, f"{FLASH}:countTokens"])
@pytest.mark.parametrize(("fault", "status"), [("429", "RESOURCE_EXHAUSTED"), ("503", "UNAVAILABLE")])
def test_errors_say_that_they_were_injected(faulty: RunningServer, path: str, fault: str, status: str) -> None:
    answer = post(faulty, path, fault)
    assert (answer.status, answer.error["status"]) == (int(fault), status)
    assert "Injected" in answer.error["message"]
    assert answer.detail("ErrorInfo")["reason"] == "INJECTED_FAULT"
    assert answer.headers["x-pollux-fault"] == fault
    assert ("retry-after" in answer.headers) == (fault == "429")


@pytest.mark.parametrize("path", [UNARY, STREAM])
def test_slow_answers_are_whole(faulty: RunningServer, path: str) -> None:
    began = time.monotonic()
    answer = post(faulty, path, "slow:0.4")
    assert time.monotonic() - began >= 0.4
    assert (answer.status, answer.headers["x-pollux-fault"]) == (200, "slow:0.4")
    assert b"STOP" in answer.body


def test_a_whole_answer_is_cut(faulty: RunningServer) -> None:
    received, ended = raw(faulty, UNARY, "cut")
    head, _, body = received.partition(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split()[0])
    assert ended
    assert 0 < len(body) < length


def test_a_stream_is_cut_in_its_second_chunk(faulty: RunningServer) -> None:
    received, ended = raw(faulty, STREAM, "cut")
    assert ended
    assert received.count(b"data: ") == 2
    assert b"0\r\n\r\n" not in received[-8:]  # no end of the chunked body
    first = received.partition(b"data: ")[2].partition(b"\r\n")[0]
    assert json.loads(first)["candidates"]


def test_a_stream_of_one_chunk_is_cut_too() -> None:
    with running(ScriptedEngine(lambda _: [Text("x")]), faults=True) as server:
        received, ended = raw(server, STREAM, "cut")
    assert ended
    assert received.count(b"data: ") == 1
    assert not received.rstrip().endswith(b"}")


@pytest.mark.parametrize("path", [UNARY, STREAM, STREAM.removesuffix("?alt=sse")])
def test_malformed_is_whole_http_and_broken_json(faulty: RunningServer, path: str) -> None:
    answer = post(faulty, path, "malformed")
    assert (answer.status, answer.headers["x-pollux-fault"]) == (200, "malformed")
    last = answer.body.split(b"data: ")[-1] if "sse" in path else answer.body
    with pytest.raises(json.JSONDecodeError):
        json.loads(last)


def test_hanging(faulty: RunningServer) -> None:
    assert raw(faulty, UNARY, "hang", 0.5) == (b"", False)
    received, ended = raw(faulty, STREAM, "hang", 0.5)
    assert (received.count(b"data: "), ended) == (1, False)


def test_what_hangs_ends_with_the_deadline() -> None:
    with running(ScriptedEngine(), {"server.deadline_seconds": 0.3}, faults=True) as server:
        assert raw(server, UNARY, "hang") == (b"", True)


def test_dropped(faulty: RunningServer) -> None:
    for path in (UNARY, STREAM):
        assert raw(faulty, path, "drop") == (b"", True)


def test_requests_that_ask_for_nothing_are_served(faulty: RunningServer) -> None:
    answer = post(faulty, UNARY)
    assert (answer.status, "x-pollux-fault" in answer.headers) == (200, False)


def test_a_wrong_wish_is_said(faulty: RunningServer) -> None:
    answer = post(faulty, UNARY, "explode")
    assert (answer.status, "slow:SECONDS" in answer.error["message"]) == (400, True)


def test_without_the_flag_nothing_fails() -> None:
    with running(ScriptedEngine(), {"faults.rates": ["503=1"]}) as server:
        assert post(server, UNARY, "503").status == 200


def test_rates_are_drawn_for_models_and_repeat_with_the_seed() -> None:
    runs = []
    for _ in range(2):
        flags = {"faults.rates": ["503=0.3", "429=0.2"], "faults.seed": 5}
        with running(ScriptedEngine(), flags, faults=True) as server:
            runs.append([post(server, UNARY).status for _ in range(30)])
            assert send(server.url, "GET", "/v1beta/models").status == 200
    assert runs[0] == runs[1]
    assert {503, 429, 200} == set(runs[0])


def test_faults_as_they_are_written() -> None:
    assert Fault.parse("slow:2") == Fault("slow:2", 2.0)
    assert [Fault.parse(text) for text in ("slow", "slow:", "slow:-1", "slow:9999", "500", "")] == [None] * 6


@pytest.mark.parametrize("rates", [["503"], ["503=2"], ["x=0.1"], ["503=0.6", "429=0.6"]])
def test_wrong_rates_are_wrong_configuration(rates: list[str]) -> None:
    with pytest.raises(ConfigurationError, match="rates"):
        Faults(lambda *_: None, rates)  # type: ignore[arg-type]


def test_a_dropped_connection_is_an_error_of_the_socket(faulty: RunningServer) -> None:
    import httpx

    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(faulty.url + UNARY, content=HELLO, headers={**KEY, "x-pollux-fault": "drop"})
    with pytest.raises(httpx.RemoteProtocolError):
        httpx.post(faulty.url + UNARY, content=HELLO, headers={**KEY, "x-pollux-fault": "cut"})
    assert post(faulty, UNARY).status == 200
