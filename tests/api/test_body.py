"""Bodies of uploads on a real port: clients that fall silent, and clients that close after the answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pollux.testing import ScriptedEngine, running
from tests.api.http import KEY, Reply, connect, read_reply, request_bytes, send

FILES = "/upload/v1beta/files"
MIB = 2**20
MULTIPART = {"Content-Type": "multipart/related; boundary=b"}


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    flags = {"files.idle_seconds": 0.5, "files.max_bytes": 9 * MIB, "files.project_bytes": 10 * MIB}
    with running(ScriptedEngine(), flags) as server:
        yield server.url


def start(url: str, size: int) -> str:
    told = {"X-Goog-Upload-Command": "start", "X-Goog-Upload-Header-Content-Length": str(size)}
    address = send(url, "POST", FILES, b"", told).headers["x-goog-upload-url"]
    return address.removeprefix(url)


@pytest.mark.parametrize(
    ("headers", "begun"),
    [
        ({"X-Goog-Upload-Command": "start"}, b'{"file": {'),
        (MULTIPART, b"prea"),
        (MULTIPART, b"--b\r\nContent-Ty"),
        (MULTIPART, b"--b\r\n\r\n{"),
        (MULTIPART, b"--b\r\n\r\n{}\r\n--b\r\n\r\nda"),
        ({"X-Goog-Upload-Protocol": "raw"}, b"da"),
    ],
)
def test_a_client_that_falls_silent_is_let_go(url: str, headers: dict[str, str], begun: bytes) -> None:
    with connect(url) as sock:
        sock.sendall(request_bytes("POST", FILES, begun, {**KEY, **headers, "Content-Length": "1000"}))
        assert read_reply(sock).error["status"] == "DEADLINE_EXCEEDED"


def test_a_preamble_without_end_is_refused(url: str) -> None:
    with connect(url) as sock:
        sock.sendall(request_bytes("POST", FILES, b"x" * 100_000, {**KEY, **MULTIPART, "Content-Length": "9999999"}))
        assert "begin with its boundary" in read_reply(sock).error["message"]


CLOSE = {"Connection": "close"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"X-Goog-Upload-Protocol": "raw", "x-goog-api-key": ""}, 403),
        ({"X-Goog-Upload-Protocol": "raw", "X-Goog-Upload-Header-Content-Length": "-1"}, 400),
        ({"X-Goog-Upload-Protocol": "pigeon"}, 400),
        ({"X-Goog-Upload-Protocol": "raw"}, 400),  # too large
        (MULTIPART, 400),
    ],
)
def test_a_refusal_is_seen_by_a_client_that_closes(url: str, headers: dict[str, str], status: int) -> None:
    """It sends everything before it looks for an answer; a reset would take the answer away."""
    assert refused(url, FILES, {**KEY, **headers, **CLOSE}).error["code"] == status


def test_so_is_an_answer_that_needed_no_body(url: str) -> None:
    address = start(url, 3)
    told = {**CLOSE, "X-Goog-Upload-Command": "query"}
    assert refused(url, address, told).headers["x-goog-upload-size-received"] == "0"
    wrong = {**CLOSE, "X-Goog-Upload-Command": "upload", "X-Goog-Upload-Offset": "7"}
    assert refused(url, address, wrong).error["status"] == "INVALID_ARGUMENT"


def refused(url: str, path: str, headers: dict[str, str]) -> Reply:
    return send(url, "POST", path, bytes(12 * MIB), headers, key=False)


def test_who_waits_to_be_told_to_go_on_is_not_told(url: str) -> None:
    told = {**CLOSE, "X-Goog-Upload-Protocol": "raw", "Expect": "100-continue", "Content-Length": "1000"}
    with connect(url) as sock:
        sock.sendall(request_bytes("POST", FILES, None, told))
        assert sock.recv(12) == b"HTTP/1.1 403"
