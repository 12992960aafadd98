"""The door: paths, methods, limits, deadlines, who hangs up, who comes back."""

from __future__ import annotations

import json
import time

import pytest

from pollux.engines.scripted import ScriptedEngine
from pollux.testing import RunningServer
from tests.api.http import FLASH, HELLO, KEY, connect, read_reply, request_bytes, send
from tests.api.test_replies import saying


@pytest.mark.parametrize(
    "path",
    [
        "/v1/models/gemini-2.5-flash:generateContent",
        "/v1beta/models/gemini-2.5-flash:generateContent",
        "/v1alpha/models/gemini-2.5-flash:generateContent",
        "/models/gemini-2.5-flash:generateContent",
        "//v1beta/models/gemini-2.5-flash:generateContent",
        "/v1beta//models/gemini-2.5-flash:generateContent",
        "/v1beta/models/gemini-2.5-flash%3AgenerateContent",
        "/v1beta/models%2Fgemini-2.5-flash:generateContent",
        "/v1beta/models/gemini-3-pro-preview-11-2025:generateContent",
    ],
)
def test_paths_that_generate(url: str, path: str) -> None:
    assert send(url, "POST", path, HELLO).status == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1beta/models/none", 404),
        ("POST", "/v1beta/models/none:generateContent", 404),
        ("POST", "/v1beta/models/gemini-2.5-flash:fly", 404),
        ("POST", "/v1beta/models/gemini-2.5-flash:embedContent", 404),
        ("POST", "/v1beta/models/text-embedding-004:generateContent", 404),
        ("GET", "/", 404),
        ("GET", "/v1beta", 404),
        ("GET", "/v2/models", 404),
        ("GET", "/v1beta/nothing", 404),
        ("GET", f"{FLASH}:generateContent", 405),
        ("PUT", "/v1beta/models", 405),
        ("DELETE", FLASH, 405),
        ("POST", "/v1beta/models/gemini-2.5-flash-preview-tts:generateContent", 501),
        ("POST", "/v1beta/models/imagen-4.0-generate-001:predict", 400),
        ("POST", "/v1beta/models/veo-3.1-generate-preview:predictLongRunning", 400),
        ("POST", "/v1beta/models/gemini-2.5-flash:predict", 404),
        ("POST", f"{FLASH}:batchGenerateContent", 400),
        ("GET", "/v1beta/batches/x:cancel", 404),
        ("POST", "/v1beta/openai/chat/completions", 501),
        ("GET", "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent", 501),
        ("GET", "//ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent", 501),
        ("GET", "/v1beta/models/x/operations/y", 404),
    ],
)
def test_everything_else_says_what_it_is(url: str, method: str, path: str, status: int) -> None:
    reply = send(url, method, path, b"" if method in ("POST", "PUT") else None)
    assert (reply.status, reply.error["code"]) == (status, status)


def test_an_unbuilt_feature_is_named(url: str) -> None:
    reply = send(url, "POST", "/v1beta/models/gemini-2.5-flash-preview-tts:generateContent", HELLO)
    assert "Speech" in reply.error["message"]
    assert reply.error["status"] == "UNIMPLEMENTED"


@pytest.mark.parametrize("headers", [{}, {"Content-Type": "application/x-www-form-urlencoded"}, {"Cookie": " "}])
def test_no_or_another_content_type(url: str, headers: dict[str, str]) -> None:
    assert send(url, "POST", f"{FLASH}:generateContent", HELLO, headers).status == 200


def test_a_repeated_header(url: str) -> None:
    with connect(url) as sock:
        whole = request_bytes("GET", "/v1/models", None, {**KEY, "User-Agent": "a\r\nUser-Agent: b"})
        sock.sendall(whole)
        assert read_reply(sock).status == 200


def test_models(url: str) -> None:
    names: list[str] = []
    token = ""
    while True:
        page = send(url, "GET", f"/v1beta/models?pageSize=3&pageToken={token}").json
        assert len(page["models"]) <= 3
        names += [model["name"] for model in page["models"]]
        if not (token := page.get("nextPageToken", "")):
            break
    whole = send(url, "GET", "/v1beta/models").json
    assert names == [model["name"] for model in whole["models"]]
    assert "nextPageToken" not in whole
    assert "models/gemini-2.5-flash" in names
    for model in whole["models"]:
        assert model["supportedGenerationMethods"]
        assert send(url, "GET", f"/v1/{model['name']}").json == model


@pytest.mark.parametrize(
    "query", ["pageSize=x", "pageSize=-1", "pageSize=1.5", "pageToken=abc", "pageToken=%00", "pageToken=%C3%A9"]
)
def test_bad_pages(url: str, query: str) -> None:
    reply = send(url, "GET", f"/v1/models?{query}")
    assert reply.status == 400
    assert reply.detail("BadRequest")["fieldViolations"][0]["field"] == query.partition("=")[0]


def test_head_and_options(url: str) -> None:
    head = send(url, "HEAD", "/v1/models")
    assert (head.status, head.body) == (200, b"")
    assert int(head.headers["content-length"]) > 100
    assert send(url, "OPTIONS", "/v1/models", key=False).status == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_needs_no_key_and_no_known_host(url: str, path: str) -> None:
    reply = send(url, "GET", path, None, {"Host": "balancer.example"}, key=False)
    assert (reply.status, reply.json) == (200, {"status": "ok"})


def test_not_ready_while_stopping(server: RunningServer) -> None:
    server.app.state.stopping = True
    try:
        assert send(server.url, "GET", "/readyz").status == 503
        assert send(server.url, "GET", "/healthz").status == 200
    finally:
        server.app.state.stopping = False


BIG = b'{"contents":"' + b"x" * 150_000 + b'"}'


def test_a_body_beyond_the_limit_declared(url: str) -> None:
    with connect(url) as sock:  # refused by its length alone, before it is sent
        sock.sendall(request_bytes("POST", f"{FLASH}:generateContent", b"", {**KEY, "Content-Length": "150000"}))
        reply = read_reply(sock)
    assert (reply.status, "request_bytes" in reply.error["message"]) == (400, True)


def chunked(body: bytes, size: int = 10_000) -> bytes:
    pieces = [body[i : i + size] for i in range(0, len(body), size)]
    return b"".join(b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"


def test_a_body_without_length(url: str) -> None:
    head = request_bytes("POST", f"{FLASH}:generateContent", None, {**KEY, "Transfer-Encoding": "chunked"})
    for body, status in ((HELLO, 200), (BIG, 400)):
        with connect(url) as sock:
            sock.sendall(head + chunked(body))
            assert read_reply(sock).status == status


@pytest.mark.parametrize("encoding", ["gzip", "br", "zstd, gzip"])
def test_encoded_bodies_are_refused(url: str, encoding: str) -> None:
    reply = send(url, "POST", f"{FLASH}:generateContent", HELLO, {"Content-Encoding": encoding})
    assert (reply.status, encoding in reply.error["message"]) == (400, True)


def test_wrong_fields_are_named(url: str) -> None:
    reply = send(url, "POST", f"{FLASH}:generateContent", b'{"contents":[{"parts":[{"text":5}]}]}')
    assert reply.detail("BadRequest")["fieldViolations"][0]["field"] == "contents[0].parts[0].text"
    assert send(url, "POST", f"{FLASH}:streamGenerateContent?alt=sse", b"{").error["status"] == "INVALID_ARGUMENT"
    assert send(url, "POST", f"{FLASH}:streamGenerateContent?alt=xml", HELLO).status == 400


@pytest.mark.parametrize("seconds", ["0.3", "1e-3"])
@pytest.mark.parametrize("verb", ["generateContent", "streamGenerateContent?alt=sse"])
def test_the_callers_deadline(url: str, seconds: str, verb: str) -> None:
    began = time.monotonic()
    reply = send(url, "POST", f"{FLASH}:{verb}", saying("slow"), {"X-Server-Timeout": seconds})
    assert time.monotonic() - began < 20
    if reply.status == 200:  # a chunk was out before
        assert json.loads(reply.body.decode().split("\r\n\r\n")[-2])["error"]["code"] == 504
    else:
        assert (reply.status, reply.error["status"]) == (504, "DEADLINE_EXCEEDED")


def test_a_body_that_never_comes_meets_the_deadline(url: str) -> None:
    with connect(url) as sock:
        slow = {**KEY, "Content-Length": "50", "X-Server-Timeout": "0.3"}
        sock.sendall(request_bytes("POST", f"{FLASH}:generateContent", b"", slow) + b"{")
        assert read_reply(sock).status == 504


@pytest.mark.parametrize("seconds", ["nan", "0", "-1", "inf", "soon", "1e400"])
def test_a_useless_deadline_is_ignored(url: str, seconds: str) -> None:
    assert send(url, "POST", f"{FLASH}:generateContent", HELLO, {"X-Server-Timeout": seconds}).status == 200


@pytest.mark.parametrize("verb", ["generateContent", "streamGenerateContent?alt=sse"])
def test_hanging_up_stops_the_engine(server: RunningServer, engine: ScriptedEngine, verb: str) -> None:
    before = engine.closed
    for _ in range(5):  # more than may run at once: permits come back
        with connect(server.url) as sock:
            sock.sendall(request_bytes("POST", f"{FLASH}:{verb}", saying("slow"), KEY))
            time.sleep(0.1)
    until = time.monotonic() + 5
    while engine.closed < before + 5 and time.monotonic() < until:
        time.sleep(0.02)
    assert engine.closed == before + 5
    assert send(server.url, "POST", f"{FLASH}:generateContent", HELLO).status == 200


def test_a_crash_is_logged_in_one_line_without_the_query(
    server: RunningServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(type(server.app.keys), "authenticate", lambda *_: 1 / 0)
    assert send(server.url, "GET", "/v1/models/%0aforged%1b[2J?key=my-secret", key=False).status == 500
    (line,) = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert line == r"GET /v1/models/\nforged\x1b[2J failed"
    assert "my-secret" not in caplog.text


def test_the_connection_stays_usable_after_an_error(url: str) -> None:
    with connect(url) as sock:
        for body, status in ((b"{", 400), (saying("crash at once"), 500), (HELLO, 200)):
            sock.sendall(request_bytes("POST", f"{FLASH}:generateContent", body, KEY))
            assert read_reply(sock).status == status


@pytest.mark.parametrize(
    "raw",
    [
        b"\x00\x01\x02\r\n\r\n",
        b"GET\r\n\r\n",
        b"GET /v1/models HTTP/9.9\r\nHost: localhost\r\n\r\n",
        b"GET /v1/mod\xff\xfeels HTTP/1.1\r\nHost: localhost\r\nx-goog-api-key: k\r\n\r\n",
        b"GET /v1/models/%ff%00 HTTP/1.1\r\nHost: localhost\r\nx-goog-api-key: k\r\n\r\n",
        b"GET http://localhost/v1/models HTTP/1.1\r\nHost: localhost\r\nx-goog-api-key: k\r\n\r\n",
        b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
        b"POST /v1/models HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999999999999999\r\n\r\n",
        b"POST /v1/models HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nx-goog-api-key: \xff\xfe\r\n\r\n",
        b"GET /v1/models?\xff=\xfe HTTP/1.1\r\nHost: localhost\r\nx-goog-api-key: k\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\n\r\n",
        b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n",
        b"CONNECT localhost:1 HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\nx-goog-api-key: k\r\n\r\n",
    ],
)
def test_raw_nonsense_never_breaks_the_server(url: str, raw: bytes) -> None:
    with connect(url) as sock:
        sock.sendall(raw)
        try:
            reply = read_reply(sock)
        except (ConnectionError, TimeoutError):
            reply = None
    assert reply is None or reply.status < 500
    assert send(url, "GET", "/v1/models").status == 200
