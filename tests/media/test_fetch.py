"""Fetching, against real servers on the loopback interface."""

import asyncio
import datetime
import ipaddress
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pollux.errors import DeadlineExceeded, InvalidArgument
from pollux.media.fetch import Resolver, fetch
from pollux.media.limits import FetchPolicy

OPEN = FetchPolicy(allow_private=True, seconds=10)
CLOSED = FetchPolicy(seconds=10)
FIELD = "contents[0].parts[0].fileData.fileUri"
BODY = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 100

Answer = Callable[[str, dict[str, str], asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(answer: Answer, context: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """A bare HTTP server on 127.0.0.1; `answer` gets the path, the headers and the writer.  Yields its port."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
            await answer(lines[0].split()[1], headers, writer)
            await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


def reply(writer: asyncio.StreamWriter, status: str, body: bytes = b"", **headers: str) -> None:
    lines = [f"HTTP/1.1 {status}", *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)


async def picture(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
    reply(writer, "200 OK", BODY, Content_Type="image/png", Content_Length=str(len(BODY)))


def names(**known: str) -> Resolver:
    """A resolver that knows a few names (underscores are dots)."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return known[host.replace(".", "_")].split() if host.replace(".", "_") in known else unknown()

    def unknown() -> Sequence[str]:
        raise OSError("no such name")

    return resolve


async def test_body_type_and_address() -> None:
    async with serving(picture) as port:
        got = await fetch(f"http://127.0.0.1:{port}/a.png?x=1", OPEN, FIELD)
    assert (got.data, got.mime_type, got.url) == (BODY, "image/png", f"http://127.0.0.1:{port}/a.png?x=1")


async def test_host_header_is_the_name_that_was_asked_for() -> None:
    seen: list[str] = []

    async def answer(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        seen.append(headers["host"])
        await picture(path, headers, writer)

    async with serving(answer) as port:
        await fetch(f"http://pictures.example:{port}/", OPEN, FIELD, names(pictures_example="127.0.0.1"))
    assert seen == [f"pictures.example:{port}"]


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:{}/", "http://localhost:{}/", "http://localhost.:{}/", "http://[::ffff:127.0.0.1]:{}/",
     "http://[::1]:{}/", "http://127.1:{}/", "http://0x7f000001:{}/", "http://2130706433:{}/", "http://0.0.0.0:{}/",
     "http://0:{}/", "http://example.com@127.0.0.1:{}/", "http://LOCALHOST:{}/", "http://①27.0.0.1:{}/",
     "http://127。0。0。1:{}/", "http://169.254.169.254/latest/meta-data/", "http://[fd00:ec2::254]/"],
)  # fmt: skip
async def test_the_own_machine_is_never_asked(url: str) -> None:
    asked: list[str] = []

    async def answer(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        asked.append(path)

    async with serving(answer) as port:
        with pytest.raises(InvalidArgument) as caught:
            await fetch(url.format(port), CLOSED, FIELD)
    assert caught.value.field == FIELD
    assert caught.value.message.startswith(FIELD + ": ")
    assert asked == []


async def test_the_remedy_is_named() -> None:
    with pytest.raises(InvalidArgument, match=r"allow_private = true \(POLLUX_FETCH_ALLOW_PRIVATE\)"):
        await fetch("http://10.0.0.7/", CLOSED, FIELD)


async def test_one_private_address_among_public_ones_refuses_the_name() -> None:
    with pytest.raises(InvalidArgument, match="private, local or reserved"):
        await fetch("http://mixed.example/", CLOSED, FIELD, names(mixed_example="93.184.216.34 127.0.0.1"))


async def test_a_name_is_resolved_once_so_it_cannot_change_its_mind() -> None:
    asked: list[str] = []

    async def rebinding(host: str, port: int) -> Sequence[str]:
        asked.append(host)
        return ["127.0.0.1"] if len(asked) == 1 else ["127.0.0.99"]

    async with serving(picture) as port:
        await fetch(f"http://turncoat.example:{port}/", OPEN, FIELD, rebinding)
    assert asked == ["turncoat.example"]


async def test_allowed_hosts_and_ports() -> None:
    policy = replace(CLOSED, allow_hosts=frozenset({"nas.example"}))
    known = names(nas_example="127.0.0.1", other_example="127.0.0.1")
    async with serving(picture) as port:
        assert (await fetch(f"http://nas.example:{port}/", policy, FIELD, known)).data == BODY
        with pytest.raises(InvalidArgument, match="private"):
            await fetch(f"http://other.example:{port}/", policy, FIELD, known)
        with pytest.raises(InvalidArgument, match="not among the allowed"):
            await fetch(f"http://nas.example:{port}/", replace(policy, ports=frozenset({443})), FIELD, known)


async def test_the_next_address_is_tried() -> None:
    async with serving(picture) as port:
        known = names(two_example="127.0.0.77 127.0.0.1")  # nobody listens on the first
        assert (await fetch(f"http://two.example:{port}/", OPEN, FIELD, known)).data == BODY


@pytest.mark.parametrize("status", ["301 Moved", "302 Found", "303 See", "307 Temporary", "308 Permanent"])
async def test_redirect(status: str) -> None:
    async def answer(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        if path == "/a/b.png":
            await picture(path, headers, writer)
        else:
            reply(writer, status, Location="/a/x/../b.png")

    async with serving(answer) as port:
        got = await fetch(f"http://127.0.0.1:{port}/start", OPEN, FIELD)
    assert (got.data, got.url) == (BODY, f"http://127.0.0.1:{port}/a/b.png")


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1:{}/secret", "http://localhost:{}/secret", "//127.0.0.1:{}/secret", "http://169.254.169.254/",
     "file:///etc/passwd", "http://nas.example@127.0.0.1:{}/secret", "gopher://127.0.0.1:{}/"],
)  # fmt: skip
async def test_redirect_to_a_refused_address(location: str) -> None:
    asked: list[str] = []

    async def answer(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        asked.append(path)
        reply(writer, "302 Found", Location=location.format(headers["host"].rpartition(":")[2]))

    async with serving(answer) as port:
        policy = replace(CLOSED, allow_hosts=frozenset({"nas.example"}))
        with pytest.raises(InvalidArgument):
            await fetch(f"http://nas.example:{port}/start", policy, FIELD, names(nas_example="127.0.0.1"))
    assert asked == ["/start"]


async def test_endless_redirects() -> None:
    asked: list[str] = []

    async def answer(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        asked.append(path)
        reply(writer, "302 Found", Location=path + "x")

    async with serving(answer) as port:
        with pytest.raises(InvalidArgument, match="more than 5 times"):
            await fetch(f"http://127.0.0.1:{port}/", OPEN, FIELD)
    assert len(asked) == 6


@pytest.mark.parametrize("stated", [True, False])
async def test_too_large(stated: bool) -> None:
    sent = 0

    async def answer(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        reply(writer, "200 OK", b"", **({"Content_Length": "100000000"} if stated else {}))
        for _ in range(1000):
            writer.write(b"x" * 100_000)
            await writer.drain()
            sent += 100_000

    async with serving(answer) as port:
        with pytest.raises(InvalidArgument, match="larger than 1,000,000 bytes"):
            await fetch(f"http://127.0.0.1:{port}/", replace(OPEN, max_bytes=1_000_000), FIELD)
    assert sent < 50_000_000


@pytest.mark.parametrize("stage", ["silent", "dripping"])
async def test_too_slow(stage: str) -> None:
    async def answer(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        if stage == "dripping":
            reply(writer, "200 OK", Content_Length="1000")
        for _ in range(100):
            await asyncio.sleep(0.05)
            writer.write(b"x" if stage == "dripping" else b"")
            await writer.drain()

    async with serving(answer) as port:
        with pytest.raises(DeadlineExceeded, match=r"within 0\.4 seconds"):
            await fetch(f"http://127.0.0.1:{port}/", replace(OPEN, seconds=0.4), FIELD)


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", "status 404"),
        (b"HTTP/1.1 302 Found\r\nContent-Length: 0\r\n\r\n", "status 302"),
        (b"HTTP/1.1 206 Partial\r\nContent-Length: 1\r\n\r\nx", "status 206"),
        (b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\nx", "compressed"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", "broke off"),
        (b"SSH-2.0-OpenSSH\r\n\r\n", "broke off"),
        (b"", "broke off"),
    ],
)
async def test_bad_answers(raw: bytes, why: str) -> None:
    async def answer(path: str, headers: dict[str, str], writer: asyncio.StreamWriter) -> None:
        writer.write(raw)

    async with serving(answer) as port:
        with pytest.raises(InvalidArgument, match=why):
            await fetch(f"http://127.0.0.1:{port}/", OPEN, FIELD)


async def test_nobody_there_and_unknown_names() -> None:
    async with serving(picture) as port:
        pass
    with pytest.raises(InvalidArgument, match="cannot be reached"):
        await fetch(f"http://127.0.0.1:{port}/", OPEN, FIELD)
    with pytest.raises(InvalidArgument, match=r"host nowhere\.example is unknown"):
        await fetch("http://nowhere.example/", OPEN, FIELD, names())


async def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    async with serving(picture) as port:
        assert (await fetch(f"http://127.0.0.1:{port}/", OPEN, FIELD)).data == BODY


def certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, str]:
    """A server's TLS context with a fresh certificate for `name`, and the file that vouches for it."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    alternatives = [x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.5"))]
    made = (
        x509.CertificateBuilder(who, who, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    pem.write_bytes(made.public_bytes(serialization.Encoding.PEM) + private)
    authority = folder / "ca.pem"
    authority.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    return context, str(authority)


async def test_certificates_are_checked_against_the_name(tmp_path: Path) -> None:
    context, authority = certificate(tmp_path, "pictures.example")
    known = names(pictures_example="127.0.0.1", impostor_example="127.0.0.1")
    trusting = replace(OPEN, ca_file=authority)
    asyncio.get_running_loop().set_exception_handler(lambda *_: None)  # the server's side of refused handshakes
    async with serving(picture, context) as port:
        assert (await fetch(f"https://pictures.example:{port}/", trusting, FIELD, known)).data == BODY
        with pytest.raises(InvalidArgument, match="cannot be reached"):
            await fetch(f"https://impostor.example:{port}/", trusting, FIELD, known)
        with pytest.raises(InvalidArgument, match="cannot be reached"):
            await fetch(f"https://pictures.example:{port}/", OPEN, FIELD, known)
