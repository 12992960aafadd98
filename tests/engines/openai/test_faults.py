"""Servers that fail, lie, hang and break: each ends in the right status, or after the first words in an error."""

from __future__ import annotations

import asyncio
import json
import re
import time
from typing import Any

import httpx
import pytest

from pollux.errors import InvalidArgument
from pollux.testing import running
from tests.engines.openai.kit import KEY, asked, chunks, encoded, engine, part, picture, text_of, user
from tests.engines.openai.stub import DONE, SSE, STOP, Play, Stub, Wire, answering, delta, saying

QUICK: dict[str, Any] = {"first_seconds": 0.3, "idle_seconds": 0.3}


def raw(*pieces: bytes, kind: str = SSE, kill: bool = False, hang: bool = False, end: bool = True) -> Play:
    """A 200 and these bytes; then the end, a cut or silence."""

    async def play(wire: Wire) -> None:
        await wire.head(200, kind)
        for piece in pieces:
            await wire.send(piece)
        if hang:
            await asyncio.sleep(5)
        if kill:
            wire.kill()
        elif end:
            await wire.end()

    return play


def event(value: Any) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


async def silent(wire: Wire) -> None:
    await asyncio.sleep(5)


async def killed(wire: Wire) -> None:
    wire.kill()


async def no_http(wire: Wire) -> None:
    await wire.raw(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    wire.kill()


async def half_head(wire: Wire) -> None:
    await wire.raw(b"HTTP/1.1 200 OK\r\ncontent-type: text/ev")
    wire.kill()


async def short_body(wire: Wire) -> None:
    await wire.raw(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{}")
    wire.kill()


async def slow_drops(wire: Wire) -> None:
    await wire.head()
    for letter in b"data: {":
        await wire.send(bytes([letter]))
        await asyncio.sleep(0.05)
    await asyncio.sleep(5)


def wrong(**choice: Any) -> bytes:
    return event({"choices": [{"index": 0, **choice}]})


WORDS = event(delta("Once upon a time "))
REFUSED = json.dumps({"error": {"message": f"too long\nfor http://10.0.0.7:8001/v1 and {KEY}"}}).encode()


def llama(code: int, message: str, kind: str) -> Play:
    """An error of llama-server."""
    return answering(code, json.dumps({"error": {"code": code, "message": message, "type": kind}}).encode())


BLIND = "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"
TOO_LONG = "input (30002 tokens) is too large to process. increase the physical batch size (current batch size: 512)"
EARLY: dict[str, tuple[Play, int, str]] = {
    "400": (answering(400, REFUSED), 400, r"refuses the request \(400\): too long for \(an address\) and \*\*\*"),
    "400 of another form": (answering(400, b'{"object": "error", "message": "bad"}'), 400, "bad"),
    "400 without a body": (answering(400, b""), 400, r"\(400\)\.$"),
    "422 with details": (answering(422, b'{"detail": "no such field"}'), 400, "no such field"),
    "413": (answering(413, b"<html>", "text/html"), 400, "413"),
    "401": (answering(401, REFUSED), 500, "refuses the key"),
    "403": (answering(403, b""), 500, "refuses the key"),
    "404": (answering(404, b'{"error": "model not found"}'), 404, "model not found"),
    "405": (answering(405), 500, "405"),
    "408": (answering(408), 504, "ran out of time"),
    "429": (answering(429), 429, "at its limit"),
    "500 with a secret": (answering(500, REFUSED), 500, r"failed \(500\)\.$"),
    "501": (answering(501), 501, r"cannot do this \(501\)\.$"),
    "no vectors of llama.cpp": (llama(501, "No --embeddings.", "not_supported_error"), 501, r"\(501\): No --embed"),
    "a blind llama.cpp": (llama(500, BLIND, "server_error"), 400, "image input is not supported"),
    "a llama.cpp with too much": (llama(500, TOO_LONG, "server_error"), 400, r"input \(30002 tokens\) is too large"),
    "a llama.cpp that loads": (llama(503, "Loading model", "unavailable_error"), 503, "not available"),
    "502 of a proxy": (answering(502, b"<html>bad gateway", "text/html"), 503, "not available"),
    "503": (answering(503), 503, "not available"),
    "504": (answering(504), 504, "ran out of time"),
    "529": (answering(529), 503, "not available"),
    "a redirect": (answering(302, b"", location="http://169.254.169.254/"), 500, "redirect"),
    "204": (answering(204, b""), 500, "204"),
    "a page": (raw(b"<html>hello</html>", kind="text/html"), 500, "text/html, not an event stream"),
    "plain text": (raw(b"hello", kind="text/plain"), 500, "not an event stream"),
    "no type": (raw(b"hello", kind=""), 500, "of no type"),
    "half JSON": (answering(200, b'{"choices": [{"index": 0, "mess'), 500, "not JSON"),
    "JSON that is a list": (answering(200, b"[]"), 500, "wrong type"),
    "an error in a 200": (answering(200, b'{"error": {"message": "too long", "code": 400}}'), 400, "too long"),
    "no finish reason": (answering(200, b'{"choices": [{"message": {"content": "x"}}]}'), 500, "finish reason"),
    "nothing": (raw(), 503, "broke off"),
    "nothing but the end": (raw(DONE), 500, "without a finish reason"),
    "garbage": (raw(b"data: \xff\xfe\x00garbage\n\n"), 500, "not JSON"),
    "half a frame": (raw(b'data: {"choices": [{"in\n\n', DONE), 500, "not JSON"),
    "a frame that is a number": (raw(b"data: 5\n\n", DONE), 500, "wrong type"),
    "text that is a number": (raw(wrong(delta={"content": 5})), 500, r"wrong type.*content"),
    "choices that are an object": (raw(event({"choices": {}})), 500, "wrong type"),
    "calls that are a text": (raw(wrong(delta={"tool_calls": "f()"})), 500, "wrong type"),
    "usage of words": (raw(event({"usage": {"prompt_tokens": "many"}})), 500, "wrong type"),
    "usage of fractions": (raw(event({"usage": {"prompt_tokens": 1.5}})), 500, "wrong type"),
    "an endless frame": (raw(b"data: " + b"x" * (5 << 20)), 500, "longer than"),
    "an error frame first": (raw(event({"error": {"message": "busy", "code": 503}})), 503, "not available"),
    "an abort first": (raw(wrong(finish_reason="abort")), 500, "gave the answer up"),
    "silence": (silent, 504, "said nothing for 0.3 seconds"),
    "a head and silence": (raw(hang=True), 504, "said nothing"),
    "slow drops, then silence": (slow_drops, 504, "said nothing"),
    "a hang-up": (killed, 503, "hung up"),
    "another protocol": (no_http, 503, "hung up"),
    "half a head": (half_head, 503, "hung up"),
    "a body too short": (short_body, 503, "broke off"),
}
LATE: dict[str, tuple[Play, int, str]] = {
    "a cut": (raw(WORDS, kill=True), 503, "broke off"),
    "an end without an end": (raw(WORDS), 503, "broke off"),
    "the end without a reason": (raw(WORDS, DONE), 500, "finish reason"),
    "half a frame": (raw(WORDS, b'data: {"choi', kill=True), 503, "broke off"),
    "garbage": (raw(WORDS, b"data: }{\n\n"), 500, "not JSON"),
    "silence": (raw(WORDS, hang=True), 504, "said nothing"),
    "an error frame": (raw(WORDS, event({"error": {"message": "out of memory", "code": 500}})), 500, "failed"),
    "an error of another form": (raw(WORDS, event({"object": "error", "message": "x", "code": 503})), 503, "available"),
    "an error that is a text": (raw(WORDS, event({"error": "x"}), DONE), 500, "failed"),
    "an abort": (raw(WORDS, wrong(finish_reason="abort"), DONE), 500, "gave the answer up"),
    "wrong types": (raw(WORDS, wrong(delta={"content": ["x"]})), 500, "wrong type"),
}


@pytest.mark.parametrize("case", EARLY)
async def test_before_the_first_word_it_is_a_status(case: str) -> None:
    play, code, message = EARLY[case]
    async with Stub(play) as server:
        found, error = await chunks(engine(server.url, **QUICK))
    assert found == []
    check(error, code, message, server)


@pytest.mark.parametrize("case", LATE)
async def test_after_the_first_word_it_is_an_error_and_no_end(case: str) -> None:
    play, code, message = LATE[case]
    async with Stub(play) as server:
        found, error = await chunks(engine(server.url, retries=3, **QUICK))
    assert "".join(map(text_of, found)).startswith("Once upon a")
    assert not any(candidate.finish_reason for chunk in found for candidate in chunk.candidates)
    assert len(server.seen) == 1  # what was begun is never asked for again
    check(error, code, message, server)


def check(error: Any, code: int, message: str, server: Stub) -> None:
    assert error is not None
    assert error.code == code
    assert re.search(message, error.message)
    assert "\n" not in error.message
    assert KEY not in error.message
    assert server.url.split("/")[2] not in error.message


async def test_nobody_there() -> None:
    async with Stub() as server:
        url = server.url
    _, error = await chunks(engine(url))
    assert error is not None
    assert (error.code, error.message) == (503, "The model server cannot be reached.")


@pytest.mark.parametrize(
    "play", [answering(503), answering(500), killed, raw(kill=True), answering(429, retry_after="0")]
)
async def test_what_passes_is_tried_again(play: Play) -> None:
    async with Stub(play, play, saying("at last")) as server:
        found, error = await chunks(engine(server.url, retries=2))
    assert error is None
    assert "".join(map(text_of, found)) == "at last"
    assert len(server.seen) == 3
    assert server.seen[0].body == server.seen[2].body


@pytest.mark.parametrize("play", [answering(400), answering(404), answering(401), silent, raw(b"data: }\n\n")])
async def test_what_does_not_pass_is_not(play: Play) -> None:
    async with Stub(play, saying("never")) as server:
        found, error = await chunks(engine(server.url, retries=3, **QUICK))
    assert found == []
    assert error is not None
    assert len(server.seen) == 1


async def test_retry_after_is_kept() -> None:
    async with Stub(answering(429, retry_after="1"), saying("then")) as server:
        begun = time.monotonic()
        found, error = await chunks(engine(server.url, retries=1))
        assert time.monotonic() - begun >= 1
    assert error is None
    assert "".join(map(text_of, found)) == "then"


@pytest.mark.parametrize(("header", "seconds"), [("3600", 20), ("5", 2)])
async def test_a_long_retry_after_is_told_at_once(header: str, seconds: float) -> None:
    async with Stub(answering(429, retry_after=header)) as server:
        begun = time.monotonic()
        _, error = await chunks(engine(server.url, retries=3), seconds=seconds)
        assert time.monotonic() - begun < 4
    assert error is not None
    assert error.code == 429
    assert error.details[-1]["retryDelay"] == f"{header}s"
    assert len(server.seen) == 1


async def test_a_break_after_the_answers_own_end_loses_nothing() -> None:
    async with Stub(raw(WORDS, event(STOP), kill=True)) as server:
        found, error = await chunks(engine(server.url))
    assert error is None
    assert "".join(map(text_of, found)) == "Once upon a time "
    assert found[-1].candidates[0].finish_reason == "STOP"


async def test_the_deadline_reaches_the_server() -> None:
    async with Stub(raw(hang=True)) as server:
        _, error = await chunks(engine(server.url), seconds=0.3)
        await asyncio.wait_for(server.left.wait(), 3)
    assert error is not None
    assert error.code == 504
    assert "deadline" in error.message


async def test_who_leaves_stops_the_server() -> None:
    async def play(wire: Wire) -> None:
        await wire.head()
        while not wire.closed:
            await wire.frames(delta("more and more "))
            await asyncio.sleep(0.01)

    async with Stub(play) as server:
        one = engine(server.url)
        async for _ in (responses := asked(one)):
            break
        await responses.aclose()
        await asyncio.wait_for(server.left.wait(), 3)
        assert [upstream.active for upstream in one._asking.pool.all] == [0]
        await one.close()


async def test_a_stop_sequence_of_ours_stops_the_server() -> None:
    async with Stub(raw(event(delta("one END two")), hang=True)) as server:
        found, error = await chunks(engine(server.url), stopSequences=["END"])
        await asyncio.wait_for(server.left.wait(), 3)
    assert error is None
    assert "".join(map(text_of, found)) == "one "


async def test_a_closed_engine_says_so() -> None:
    one = engine("http://127.0.0.1:9/v1")
    await one.close()
    _, error = await chunks(one)
    assert error is not None
    assert error.code == 503


@pytest.mark.parametrize("verb", ["generateContent", "streamGenerateContent?alt=sse"])
@pytest.mark.parametrize(("play", "code"), [(answering(429), 429), (killed, 503), (raw(b"data: }\n\n"), 500)])
async def test_at_the_door_early(verb: str, play: Play, code: int) -> None:
    async with Stub(play) as server:
        answer = await at_the_door(server, verb)
    assert answer.status_code == code
    assert answer.json()["error"]["code"] == code


async def test_at_the_door_late() -> None:
    async with Stub(raw(WORDS, kill=True)) as server:
        answer = await at_the_door(server, "streamGenerateContent?alt=sse")
    assert answer.status_code == 200
    events = [line.removeprefix("data: ") for line in answer.text.splitlines() if line]
    assert "Once" in events[0]
    assert json.loads(events[1])["error"]["code"] == 503
    assert "finishReason" not in answer.text
    async with Stub(raw(WORDS, kill=True)) as server:
        answer = await at_the_door(server, "generateContent")
    assert answer.status_code == 503


async def at_the_door(server: Stub, verb: str) -> httpx.Response:
    body = {"contents": [{"parts": [{"text": "hello"}]}]}

    def post() -> httpx.Response:
        with running(engine(server.url)) as pollux:
            address = f"{pollux.url}/v1beta/models/gemini-2.5-flash:{verb}"
            return httpx.post(address, json=body, headers={"x-goog-api-key": "k"}, timeout=10)

    return await asyncio.to_thread(post)


@pytest.mark.parametrize("status", [400, 500])
async def test_a_picture_that_is_broken_inside(status: int) -> None:
    """It goes out byte for byte; when the server cannot read it, its field is named, whatever the server says."""
    data = bytearray(encoded(picture(200, 200)))
    start = data.index(b"IDAT") + 4
    data[start + 100 : start + 300] = bytes(200)
    async with Stub(answering(status)) as stub:
        _, error = await chunks(engine(stub.url), user("what?", part(bytes(data))))
    assert isinstance(error, InvalidArgument)
    assert error.field == "contents[0].parts[1].inlineData"
    async with Stub(answering(status)) as stub:
        _, error = await chunks(engine(stub.url), user("what?", part(encoded(picture()))))
    assert error is not None
    assert error.code == status
