"""A stand-in for Google on a free port: it keeps what it was sent, and answers as it is told to."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass(frozen=True)
class Asked:
    """One request, as it arrived."""

    path: str
    headers: dict[str, str]
    body: Any


@dataclass(frozen=True)
class Reply:
    """An answer.  `pieces` are sent one by one; `cut`: the connection breaks behind them."""

    pieces: tuple[bytes, ...]
    status: int = 200
    type: str = "application/json; charset=UTF-8"
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False


def whole(document: Any, status: int = 200, **headers: str) -> Reply:
    return Reply((json.dumps(document, indent=2).encode(),), status, headers=headers)


def events(*documents: Any, cut: bool = False) -> Reply:
    pieces = (b"data: " + (d if isinstance(d, bytes) else json.dumps(d).encode()) + b"\r\n\r\n" for d in documents)
    return Reply(tuple(pieces), type="text/event-stream", cut=cut)


@dataclass
class Stub:
    """`url` is its address; `asked` all that came; `answer` decides."""

    url: str
    answer: Callable[[Asked], Reply]
    asked: list[Asked] = field(default_factory=list)


@contextmanager
def google(answer: Callable[[Asked], Reply]) -> Iterator[Stub]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            data = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            stub.asked.append(Asked(self.path, headers, json.loads(data)))
            reply = stub.answer(stub.asked[-1])
            self.send_response(reply.status)
            self.send_header("content-type", reply.type)
            self.send_header("transfer-encoding", "chunked")
            for name, value in reply.headers.items():
                self.send_header(name.replace("_", "-"), value)
            self.end_headers()
            for piece in reply.pieces:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
                self.wfile.flush()
            if reply.cut:
                self.close_connection = True
            else:
                self.wfile.write(b"0\r\n\r\n")

        def log_message(self, *arguments: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    stub = Stub(f"http://127.0.0.1:{server.server_address[1]}", answer)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield stub
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
