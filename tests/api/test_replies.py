"""Answers byte for byte: pretty print, SSE, arrays, errors before and after the first chunk."""

from __future__ import annotations

import json
import time

import pytest

from pollux.api.reply import Array, Sse
from pollux.errors import ResourceExhausted
from pollux.wire import lenient
from pollux.wire.content import Blob, Content, Part
from pollux.wire.generate import Candidate, GenerateContentResponse
from tests.api.conftest import LINE_ENDS
from tests.api.http import FLASH, HELLO, Reply, send

CHUNK = GenerateContentResponse(model_version="m")
ERROR = ResourceExhausted("Too much.", retry_after=1.5)
STATUS = (
    b'{"error":{"code":429,"message":"Too much.","status":"RESOURCE_EXHAUSTED","details":'
    b'[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"1.5s"}]}}'
)


def saying(text: str) -> bytes:
    return json.dumps({"contents": [{"parts": [{"text": text}]}]}).encode()


def test_sse_framing() -> None:
    sse = Sse()
    assert sse.first(CHUNK) == sse.chunk(CHUNK) == b'data: {"modelVersion":"m"}\r\n\r\n'
    assert sse.error(ERROR) == b"data: " + STATUS + b"\r\n\r\n" + STATUS + b"\r\n\r\n"
    assert sse.end() == b""


def test_array_framing() -> None:
    array = Array(pretty=False)
    whole = array.first(CHUNK) + array.chunk(CHUNK) + array.error(ERROR) + array.end()
    assert whole == b'[{"modelVersion":"m"},\r\n{"modelVersion":"m"},\r\n' + STATUS + b"]"
    assert Array(pretty=True).first(CHUNK) == b'[{\n  "modelVersion": "m"\n}'


def test_pretty_print_has_the_space_that_shell_examples_grep_for() -> None:
    part = Part(inline_data=Blob(mime_type="image/png", data=b"\xfb\xff"))
    response = GenerateContentResponse(candidates=(Candidate(content=Content(parts=(part,)), index=0),))
    assert b'"data": "+/8="' in lenient.encode(response)
    assert b'"index": 0' in lenient.encode(response)
    assert b'"data":"+/8="' in lenient.encode(response, pretty=False)


@pytest.mark.parametrize("query", ["prettyPrint=false", "$prettyPrint=false", "%24prettyPrint=False", "prettyPrint=0"])
def test_compact_when_asked_for(url: str, query: str) -> None:
    assert b"\n" not in send(url, "POST", f"{FLASH}:generateContent?{query}", HELLO).body
    assert send(url, "POST", f"{FLASH}:generateContent", HELLO).body.startswith(b'{\n  "candidates": [\n')


def test_unary(url: str) -> None:
    reply = send(url, "POST", f"{FLASH}:generateContent", saying("hi"))
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json; charset=UTF-8")
    assert (reply.headers["x-content-type-options"], reply.headers["server"]) == ("nosniff", "pollux")
    candidate = reply.json["candidates"][0]
    assert candidate["content"] == {"parts": [{"text": "You said hi and that is all"}], "role": "model"}
    assert (candidate["finishReason"], candidate["index"]) == ("STOP", 0)
    assert reply.json["usageMetadata"]["promptTokenCount"] == 1


def events(reply: Reply) -> list[str]:
    """The SSE events; every one is a single line `data: {json}`."""
    assert reply.headers["content-type"] == "text/event-stream"
    *frames, end = reply.body.decode().split("\r\n\r\n")
    assert end == ""
    return frames


def test_sse_stream(url: str) -> None:
    frames = events(send(url, "POST", f"{FLASH}:streamGenerateContent?alt=sse", saying("hi")))
    assert len(frames) > 1
    assert all(frame.startswith("data: {") and len(frame.splitlines()) == 1 for frame in frames)
    chunks = [json.loads(frame.removeprefix("data: ")) for frame in frames]
    text = "".join(c["candidates"][0]["content"]["parts"][0]["text"] for c in chunks)
    assert text == "You said hi and that is all"
    assert [c["candidates"][0].get("finishReason") for c in chunks[-2:]] == [None, "STOP"]


def test_characters_that_some_clients_take_for_line_ends(url: str) -> None:
    frames = events(send(url, "POST", f"{FLASH}:streamGenerateContent?alt=sse", saying("line ends")))
    assert all(len(frame.splitlines()) == 1 for frame in frames)
    chunks = [json.loads(frame.removeprefix("data: ")) for frame in frames]
    assert "".join(c["candidates"][0]["content"]["parts"][0]["text"] for c in chunks) == LINE_ENDS


@pytest.mark.parametrize("query", ["", "?alt=json", "?%24alt=json%3Benum-encoding%3Dint", "?prettyPrint=false"])
def test_array_stream(url: str, query: str) -> None:
    reply = send(url, "POST", f"{FLASH}:streamGenerateContent{query}", saying("hi"))
    assert reply.headers["content-type"].startswith("application/json")
    texts = [c["candidates"][0]["content"]["parts"][0]["text"] for c in reply.json]
    assert "".join(texts) == "You said hi and that is all"


@pytest.mark.parametrize("verb", ["generateContent", "streamGenerateContent", "streamGenerateContent?alt=sse"])
@pytest.mark.parametrize(("text", "status"), [("fail at once", 503), ("crash at once", 500)])
def test_early_failures_are_honest_errors(url: str, verb: str, text: str, status: int) -> None:
    reply = send(url, "POST", f"{FLASH}:{verb}", saying(text))
    assert (reply.status, reply.error["code"]) == (status, status)
    assert b"secret" not in reply.body


@pytest.mark.parametrize(("text", "status"), [("fail later", 429), ("crash later", 500)])
def test_late_failures_are_told_in_the_stream(url: str, text: str, status: int) -> None:
    sse = send(url, "POST", f"{FLASH}:streamGenerateContent?alt=sse", saying(text))
    first, *_, told, raw = events(sse)
    assert "candidates" in json.loads(first.removeprefix("data: "))
    assert told == f"data: {raw}"
    assert json.loads(raw)["error"]["code"] == status
    array = send(url, "POST", f"{FLASH}:streamGenerateContent", saying(text))
    assert array.status == 200
    assert array.json[-1]["error"]["code"] == status
    assert b"secret" not in sse.body + array.body


@pytest.mark.parametrize("verb", ["generateContent", "streamGenerateContent?alt=sse"])
@pytest.mark.parametrize("seed", [0, 1])
def test_the_cause_of_an_internal_error_is_logged(
    url: str, caplog: pytest.LogCaptureFixture, verb: str, seed: int
) -> None:
    body = {**json.loads(saying("broken inside")), "generationConfig": {"seed": seed}}
    reply = send(url, "POST", f"{FLASH}:{verb}", json.dumps(body).encode())
    assert b"the cause" not in reply.body
    until = time.monotonic() + 5  # the line is written once the answer is out
    while "ZeroDivisionError: the cause" not in caplog.text:
        assert time.monotonic() < until, caplog.text
        time.sleep(0.01)


def test_429_says_when_to_come_back(url: str) -> None:
    reply = send(url, "POST", f"{FLASH}:generateContent", saying("fail later"))
    assert (reply.status, reply.headers["retry-after"]) == (429, "3")
    assert reply.detail("RetryInfo")["retryDelay"] == "3s"
