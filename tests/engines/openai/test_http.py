"""HTTP as servers speak it: lengths of every kind, connections kept and lost, TLS, headers that are too much."""

from __future__ import annotations

import asyncio
import json
import ssl
from contextlib import suppress
from pathlib import Path

import pytest

from pollux.engines.openai import http as room
from pollux.engines.openai.http import HIGH, Address, BrokenError, Http, UnreachableError
from tests.engines.openai.kit import asked, chunks, engine, text_of
from tests.engines.openai.stub import Play, Stub, Wire, answering, delta, saying

WHOLE = json.dumps({"choices": [{"index": 0, "message": {"content": "well"}, "finish_reason": "stop"}]}).encode()
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n"


def raw(data: bytes, *, kill: bool = False) -> Play:
    async def play(wire: Wire) -> None:
        await wire.raw(data)
        if kill:
            wire.writer.close()
            wire.closed = True

    return play


@pytest.mark.parametrize(
    "play",
    [
        raw(HEAD + b"content-length: %d\r\n\r\n" % len(WHOLE) + WHOLE),
        raw(HEAD + b"\r\n" + WHOLE, kill=True),
        raw(b"HTTP/1.0 200 OK\r\nContent-Type: application/json\r\n\r\n" + WHOLE, kill=True),
        raw(b"HTTP/1.1 100 Continue\r\n\r\n" + HEAD + b"content-length: %d\r\n\r\n" % len(WHOLE) + WHOLE),
        raw(
            HEAD + b"transfer-encoding: chunked\r\n\r\n%x;x=y\r\n" % len(WHOLE) + WHOLE + b"\r\n0\r\nx-late: 1\r\n\r\n"
        ),
    ],
)
async def test_every_kind_of_length(play: Play) -> None:
    async with Stub(play) as server:
        found, error = await chunks(engine(server.url))
    assert error is None
    assert "".join(map(text_of, found)) == "well"


@pytest.mark.parametrize(
    ("data", "code", "message"),
    [
        (b"HTTP/1.1 200 OK\r\nx-long: " + b"x" * 70_000, 503, "hung up"),
        (HEAD + b"content-encoding: gzip\r\ncontent-length: 2\r\n\r\n\x1f\x8b", 500, "compressed"),
        (HEAD + b"transfer-encoding: chunked\r\n\r\nzz\r\n", 503, "broke off"),
        (HEAD + b"content-length: 5, 6\r\n\r\n{}", 503, "hung up"),
    ],
)
async def test_what_is_no_http(data: bytes, code: int, message: str) -> None:
    async with Stub(raw(data)) as server:
        _, error = await chunks(engine(server.url))
    assert error is not None
    assert (error.code, message in error.message) == (code, True)


async def test_connections_are_kept_and_new_ones_made_where_they_were_closed() -> None:
    async with Stub(saying("x")) as server:
        one = engine(server.url)
        for _ in range(3):
            assert "".join([text_of(r) async for r in asked(one)]) == "x"
        assert server.connections == 1
        kept = one._asking._http._idle[Address(server.url)]
        assert len(kept) == 1
        kept[0].close()
        assert "".join([text_of(r) async for r in asked(one)]) == "x"
        assert server.connections == 2
        await asyncio.gather(*(_whole(one) for _ in range(5)))
        assert len(kept) == 5
        await one.close()


async def _whole(one: object) -> str:
    return "".join([text_of(r) async for r in asked(one)])  # type: ignore[arg-type]


async def test_a_connection_that_closes_while_it_is_used_again_is_replaced() -> None:
    async def hang_up(wire: Wire) -> None:
        wire.kill()

    async with Stub(saying("x"), hang_up, saying("y")) as server:
        one = engine(server.url)
        assert [await _whole(one), await _whole(one)] == ["x", "y"]
        await one.close()


async def test_old_connections_are_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "IDLE_SECONDS", 0.0)
    async with Stub(saying("x")) as server:
        one = engine(server.url)
        assert [await _whole(one), await _whole(one)] == ["x", "x"]
        assert server.connections == 2
        await one.close()


async def test_a_server_that_is_faster_than_its_reader_waits() -> None:
    sent = 0

    async def play(wire: Wire) -> None:
        nonlocal sent
        await wire.head()
        for _ in range(400):
            await wire.send(b": " + b"x" * 65_536 + b"\n\n")
            sent += 65_536
        await wire.frames(delta("x"))
        await wire.end()

    async with Stub(play) as server:
        http = Http(2.0, 2.0)
        connection = await http.send("POST", Address(server.url), "x", b"{}", {})
        await asyncio.sleep(0.5)
        assert sent < 400 * 65_536  # what is not read is not sent
        assert connection._waiting < HIGH + (1 << 20)
        size = 0
        while (chunk := await connection.chunk()) is not None:
            size += len(chunk)
        assert size > 400 * 65_536
        connection.close()
        await asyncio.sleep(0)


async def test_what_is_not_taken_is_given_up() -> None:
    over = asyncio.Event()

    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.transport.abort()

    server = await asyncio.start_server(deaf, "127.0.0.1", 0, limit=1024)
    address = Address(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    with pytest.raises(TimeoutError):
        await Http(2.0, 0.2).send("POST", address, "x", b"x" * (64 << 20), {})
    over.set()
    await asyncio.sleep(0.1)
    server.close()


async def test_tls_is_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate, key = _certificate(tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n{}")
        writer.write(HEAD + b"content-length: 2\r\n\r\n[]")
        with suppress(ConnectionError):
            await reader.read()
        writer.transport.abort()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    address = Address(f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1")
    with pytest.raises(UnreachableError):
        await Http(2.0, 2.0).send("POST", address, "x", b"{}", {})
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    connection = await Http(2.0, 2.0).send("POST", address, "x", b"{}", {})
    assert (connection.status, await connection.chunk()) == (200, b"[]")
    connection.close()
    await asyncio.sleep(0.2)
    server.close()


def _certificate(folder: Path) -> tuple[Path, Path]:
    from datetime import UTC, datetime, timedelta
    from ipaddress import ip_address

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    now = datetime.now(UTC)
    names = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    built = builder.add_extension(names, False).sign(key, hashes.SHA256())
    (folder / "c.pem").write_bytes(built.public_bytes(serialization.Encoding.PEM))
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "k.pem").write_bytes(private)
    return folder / "c.pem", folder / "k.pem"


async def test_a_lost_connection_takes_no_request() -> None:
    async with Stub(answering(200, WHOLE)) as server:
        http = Http(2.0, 2.0)
        connection = await http.send("POST", Address(server.url), "x", b"{}", {})
        connection.close()
        await asyncio.sleep(0.01)
        with pytest.raises(BrokenError):
            await connection.ask(b"", 1.0)


async def test_what_is_given_back_too_late_is_closed() -> None:
    """An answer that ends after the engine was closed leaves no open connection behind."""
    async with Stub(raw(HEAD + b"content-length: 2\r\n\r\n{}")) as server:
        address, one = Address(server.url), Http(2.0, 2.0)
        connection = await one.send("GET", address, "models", b"", {})
        assert await connection.chunk() == b"{}"
        one.close()
        one.give_back(address, connection)
        assert connection.lost
