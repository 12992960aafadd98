"""HTTP by hand: what a client library would tidy up reaches the server as it is, and comes back byte for byte."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

KEY = {"x-goog-api-key": "k"}
FLASH = "/v1beta/models/gemini-2.5-flash"
HELLO = b'{"contents":[{"parts":[{"text":"hello"}]}]}'


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> dict[str, Any]:
        """The google.rpc.Status, which is all there is."""
        whole = self.json
        assert list(whole) == ["error"]
        error: dict[str, Any] = whole["error"]
        assert list(error)[:3] == ["code", "message", "status"]
        assert error["code"] == self.status
        return error

    def detail(self, kind: str) -> Any:
        return next(
            (d for d in self.error.get("details", ()) if d["@type"] == f"type.googleapis.com/google.rpc.{kind}"), None
        )


def connect(url: str, timeout: float = 10) -> socket.socket:
    parts = urlsplit(url)
    return socket.create_connection((parts.hostname or "", parts.port or 0), timeout=timeout)


def read_reply(sock: socket.socket, *, head: bool = False) -> Reply:
    """One response off the socket; what is beyond it stays unread."""
    with sock.makefile("rb") as file:
        line = file.readline()
        while line.startswith(b"HTTP/1.1 100"):  # "go on", then the answer itself
            file.readline()
            line = file.readline()
        if not line:
            raise ConnectionError("closed without an answer")
        status = int(line.split()[1])
        headers: dict[str, str] = {}
        while (header := file.readline().strip()) != b"":
            name, _, value = header.decode("latin-1").partition(":")
            headers[name.lower()] = value.strip()
        if head:
            body = b""
        elif headers.get("transfer-encoding") == "chunked":
            body = b""
            while size := int(file.readline(), 16):
                body += file.read(size)
                file.readline()
            file.readline()
        else:
            body = file.read(int(headers["content-length"])) if "content-length" in headers else file.read()
        return Reply(status, headers, body)


def request_bytes(method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None) -> bytes:
    """A request; Host and Content-Length are added unless given ("" leaves one out)."""
    whole = {"Host": "localhost", **({"Content-Length": str(len(body))} if body is not None else {}), **(headers or {})}
    lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in whole.items() if value)]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + (body or b"")


def send(
    url: str,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: dict[str, str] | None = None,
    *,
    key: bool = True,
) -> Reply:
    """One request on a connection of its own."""
    with connect(url) as sock:
        sock.sendall(request_bytes(method, path, body, {**(KEY if key else {}), **(headers or {})}))
        return read_reply(sock, head=method == "HEAD")
