"""Connections: what is never finished is closed, what is too large is refused, all else goes on as it was."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import uvicorn
from starlette.types import Receive, Scope, Send

from pollux.server import Connection, address, listen

GET = b"GET /%s HTTP/1.1\r\nhost: x\r\n\r\n"
REPLY = b"HTTP/1.1 200 OK\r\n"


class Hasty(Connection):
    head_seconds = 0.3


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Answers with how many bytes came in how many messages; /slow takes longer than a head may."""
    size = count = 0
    more = True
    if scope["path"] == "/slow":
        await asyncio.sleep(3 * Hasty.head_seconds)
    while more:
        message = await receive()
        size, count, more = size + len(message.get("body", b"")), count + 1, message.get("more_body", False)
    body = f"{size} bytes in {count}".encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"%d" % len(body))]})
    await send({"type": "http.response.body", "body": body})


@contextmanager
def served(protocol: type[Connection]) -> Iterator[tuple[str, int]]:
    listener = listen("127.0.0.1", 0)
    server = uvicorn.Server(
        uvicorn.Config(app, http=protocol, ws="none", lifespan="off", log_config=None, server_header=False)
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[:2]
    finally:
        server.should_exit = True
        thread.join(20)


@pytest.fixture(scope="module")
def place() -> Iterator[tuple[str, int]]:
    with served(Connection) as place:
        yield place


@pytest.fixture(scope="module")
def hasty() -> Iterator[tuple[str, int]]:
    with served(Hasty) as place:
        yield place


def connect(place: tuple[str, int]) -> socket.socket:
    return socket.create_connection(place, timeout=10)


def rest(client: socket.socket) -> bytes:
    """All that comes until the server closes."""
    with client.makefile("rb") as file:
        return file.read()


def answer(client: socket.socket) -> bytes:
    """One answer: its body is all of its last line."""
    with client.makefile("rb") as file:
        head = b"".join(iter(file.readline, b"\r\n"))
        length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
        return head + file.read(length)


@pytest.mark.parametrize("begun", [b"", b"\r\n", b"GET", b"GET / HTTP/1.1\r\nhost: x\r\nx-slow: "])
def test_a_head_that_is_not_finished_is_not_waited_for(hasty: tuple[str, int], begun: bytes) -> None:
    with connect(hasty) as client:
        client.sendall(begun)
        assert rest(client) == b""


@pytest.mark.parametrize("begun", [b"\r\n", b"POST / HTTP/1.1\r\n"])
def test_nor_is_a_later_one_on_the_same_connection(hasty: tuple[str, int], begun: bytes) -> None:
    with connect(hasty) as client:
        client.sendall(GET % b"")
        assert answer(client).startswith(REPLY)
        client.sendall(begun)
        assert rest(client) == b""


def test_a_head_in_drops_gets_no_more_time(hasty: tuple[str, int]) -> None:
    with connect(hasty) as client:
        client.sendall(b"GET / HTTP/1.1\r\n")
        client.settimeout(0.02)
        for _ in range(400):
            try:
                client.sendall(b"x: y\r\n")
                assert client.recv(1) == b""
                break
            except TimeoutError:
                continue
            except ConnectionError:
                break
        else:
            pytest.fail("still open")


def test_time_for_a_head_is_not_time_for_what_follows(hasty: tuple[str, int]) -> None:
    """A long answer, a slow body and a connection at rest take longer than a head may."""
    with connect(hasty) as client:
        client.sendall(GET % b"slow")
        assert answer(client).startswith(REPLY)
        client.settimeout(3 * Hasty.head_seconds)
        with pytest.raises(TimeoutError):
            client.recv(1)
        client.settimeout(10)
        client.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\n\r\na")
        threading.Event().wait(3 * Hasty.head_seconds)
        client.sendall(b"b")
        assert answer(client).endswith(b"2 bytes in 2")


@pytest.mark.parametrize(
    "head",
    [
        b"GET /%s HTTP/1.1\r\nhost: x\r\n\r\n" % (b"a" * 65_536),
        b"GET / HTTP/1.1\r\nx: %s\r\n\r\n" % (b"a" * 65_536),
        b"GET / HTTP/1.1\r\n%s\r\n" % (b"xx: 45678\r\n" * 5_960),
    ],
)
def test_a_head_too_large_is_refused(place: tuple[str, int], head: bytes) -> None:
    with connect(place) as client:
        client.sendall(head)
        assert rest(client).startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")


def test_so_is_one_without_an_end(place: tuple[str, int]) -> None:
    with connect(place) as client:
        client.sendall(b"GET / HTTP/1.1\r\nx: " + b"a" * 30_000)
        client.sendall(b"a" * 35_518)
        said = rest(client)
        assert said.startswith(b"HTTP/1.1 431 ")
        assert said.endswith(b"The head of a request may have 65536 bytes.")


def test_trailers_without_an_end_are_not_kept(place: tuple[str, int]) -> None:
    with connect(place) as client:
        head = b"POST / HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nexpect: 100-continue\r\n\r\n"
        client.sendall(head + b"1\r\na\r\n")
        assert client.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"0\r\nx: " + b"a" * 65_531)
        assert rest(client).startswith(b"HTTP/1.1 431 ")


def test_a_large_head_is_served(place: tuple[str, int]) -> None:
    with connect(place) as client:
        client.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nx: %s\r\n\r\n" % (b"a" * 65_000))
        assert answer(client).startswith(REPLY)


def test_nonsense_is_400(place: tuple[str, int]) -> None:
    with connect(place) as client:
        client.sendall(b"\x00" * 100)
        assert rest(client).startswith(b"HTTP/1.1 400 ")


def test_large_bodies_and_many_requests_at_once(place: tuple[str, int]) -> None:
    with connect(place) as client:
        body = b"a" * 3_000_000
        client.sendall(b"POST / HTTP/1.1\r\nhost: x\r\ncontent-length: %d\r\n\r\n" % len(body) + body)
        assert b"3000000 bytes in " in answer(client)
    with connect(place) as client:
        client.sendall((GET % b"") * 5 + b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        assert rest(client).count(REPLY) == 6


def test_the_address_names_the_port() -> None:
    with listen("127.0.0.1", 0) as listener:
        assert address(listener) == f"http://127.0.0.1:{listener.getsockname()[1]}"
