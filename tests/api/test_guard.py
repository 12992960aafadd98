"""Who may come in: hosts, origins, proxies, keys."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_network

import pytest
from starlette.datastructures import Headers, QueryParams

from pollux.api.guard import Guard, Policy, cors_headers, host_name, key_of
from pollux.core.admit import Caller
from pollux.engines.scripted import ScriptedEngine
from pollux.errors import ApiError, InvalidApiKey, InvalidArgument, MissingApiKey, PermissionDenied
from pollux.services.keys import Keys
from pollux.stores.records import Records
from pollux.testing import running
from tests.api.http import FLASH, HELLO, send

LOCAL = "127.0.0.1"
NO_QUERY = QueryParams("")


@pytest.fixture
def keys() -> Iterator[Keys]:
    records = Records.open("sqlite://")
    yield Keys(records)
    records.close()


def guard(keys: Keys, **policy: object) -> Guard:
    return Guard(Policy(**policy), keys)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost", "localhost"),
        ("LocalHost:8000", "localhost"),
        ("localhost.", "localhost"),
        ("[::1]:8000", "::1"),
        ("[::1]", "::1"),
        ("127.0.0.1:1", "127.0.0.1"),
        ("localhost:65535", "localhost"),
        ("localhost:65536", None),
        ("localhost:" + "9" * 5000, None),
        ("localhost:\u0661", None),
        ("", None),
        (":80", None),
        ("a:b", None),
        ("[::1", None),
        ("[::1]x", None),
        ("localhost:80:80", None),
        ("localhost@evil.com", "localhost@evil.com"),
    ],
)
def test_host_names(host: str, name: str | None) -> None:
    assert host_name(host) == name


@pytest.mark.parametrize(
    ("headers", "peer", "served"),
    [
        ({"host": "localhost:8000"}, LOCAL, True),
        ({"host": "my.localhost"}, LOCAL, True),
        ({"host": "127.0.0.1:8000"}, LOCAL, True),
        ({"host": "[::1]:8000"}, LOCAL, True),
        ({"host": "192.168.1.5"}, LOCAL, True),
        ({"host": "Known.Example:443"}, LOCAL, True),
        ({"host": "evil.example"}, LOCAL, False),
        ({"host": "localhost.evil.example"}, LOCAL, False),
        ({"host": "known.example.evil"}, LOCAL, False),
        ({"host": "127.0.0.1.nip.io"}, LOCAL, False),
        ({"host": "localhost@evil.example"}, LOCAL, False),
        ({}, LOCAL, False),
        ({"host": "evil.example", "x-forwarded-host": "known.example"}, LOCAL, False),
        ({"host": "inner", "x-forwarded-host": "known.example, x"}, "10.0.0.7", True),
        ({"host": "known.example", "x-forwarded-host": "evil.example"}, "10.0.0.7", False),
        ({"host": "inner", "x-forwarded-host": "known.example"}, None, False),
    ],
)
def test_hosts(keys: Keys, headers: dict[str, str], peer: str | None, served: bool) -> None:
    door = guard(keys, hosts=frozenset({"known.example"}), proxies=(ip_network("10.0.0.0/8"),))
    if served:
        door.check_host(Headers(headers), peer)
    else:
        with pytest.raises(PermissionDenied, match="allowed_hosts"):
            door.check_host(Headers(headers), peer)


def test_two_hosts_are_one_too_many(keys: Keys) -> None:
    with pytest.raises(InvalidArgument, match="more than one Host"):
        guard(keys).check_host(Headers(raw=[(b"host", b"localhost"), (b"host", b"localhost")]), LOCAL)


@pytest.mark.parametrize(
    ("origin", "granted"),
    [
        ("http://localhost:3000", True),
        ("https://127.0.0.1", True),
        ("http://[::1]:5173", True),
        ("http://app.localhost", True),
        ("https://app.example", True),
        ("https://APP.example", True),
        ("https://evil.example", False),
        ("http://localhost.evil.example", False),
        ("http://app.example", False),
        ("null", False),
        ("", False),
        ("file://", False),
        ("chrome-extension://localhost", False),
        ("http://[::1", False),
    ],
)
def test_origins(keys: Keys, origin: str, granted: bool) -> None:
    door = guard(keys, origins=frozenset({"https://app.example"}))
    headers = Headers({"origin": origin})
    if granted:
        assert door.allowed_origin(headers) == origin
    else:
        with pytest.raises(PermissionDenied, match="cors_origins"):
            door.allowed_origin(headers)
    assert door.allowed_origin(Headers({})) is None


@pytest.mark.parametrize(
    ("headers", "query", "key"),
    [
        ({"x-goog-api-key": " a "}, "", "a"),
        ({}, "key=a%20", "a"),
        ({"authorization": "Bearer a"}, "", "a"),
        ({"authorization": "bearer  a"}, "", "a"),
        ({"authorization": "Basic a"}, "", ""),
        ({"authorization": "Bearer"}, "", ""),
        ({"x-goog-api-key": "a", "authorization": "Bearer b"}, "key=c", "a"),
        ({"x-goog-api-key": ""}, "key=c", "c"),
        ({}, "", ""),
    ],
)
def test_where_a_key_may_stand(headers: dict[str, str], query: str, key: str) -> None:
    assert key_of(Headers(headers), QueryParams(query)) == key


@pytest.mark.parametrize(
    ("bind", "peer", "more", "error"),
    [
        (LOCAL, LOCAL, {}, None),
        ("::1", "::1", {}, None),
        ("localhost", "::ffff:127.0.0.1", {}, None),
        ("0.0.0.0", LOCAL, {}, PermissionDenied),
        (LOCAL, "10.0.0.1", {}, PermissionDenied),
        (LOCAL, None, {}, PermissionDenied),
        (LOCAL, LOCAL, {"x-forwarded-for": LOCAL}, PermissionDenied),
        (LOCAL, LOCAL, {"forwarded": "for=1"}, PermissionDenied),
    ],
)
def test_without_any_key(
    keys: Keys, bind: str, peer: str | None, more: dict[str, str], error: type[ApiError] | None
) -> None:
    door = guard(keys, bind=bind, default_rpm=5)
    headers = Headers({"x-goog-api-key": "anything", **more})
    if error is None:
        assert door.caller(headers, NO_QUERY, peer) == Caller("default", "", 5, None)
    else:
        with pytest.raises(error):
            door.caller(headers, NO_QUERY, peer)
    with pytest.raises(MissingApiKey):
        door.caller(Headers(more), NO_QUERY, peer)


def test_with_keys(keys: Keys) -> None:
    key, secret = keys.create("a", project="team", rpm=3)
    door = guard(keys, bind="0.0.0.0", default_rpm=9, default_tpm=8)
    assert door.caller(Headers({"x-goog-api-key": secret}), NO_QUERY, "10.0.0.1") == Caller("team", key.id, 3, 8)
    for wrong in ("anything", secret[:-1], secret + "x", "é"):
        with pytest.raises(InvalidApiKey):
            door.caller(Headers({"x-goog-api-key": wrong}), NO_QUERY, LOCAL)


def test_cors_headers_are_for_pages_only() -> None:
    assert cors_headers(None, Headers({"access-control-request-headers": "x"})) == []
    headers = dict(cors_headers("http://localhost:3", Headers({"access-control-request-headers": "x-a, x-b"})))
    assert headers[b"access-control-allow-origin"] == b"http://localhost:3"
    assert headers[b"access-control-allow-headers"] == b"x-a, x-b"
    assert headers[b"vary"] == b"Origin"


PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "x-goog-api-key,content-type"}


def test_preflight(url: str) -> None:
    path = f"{FLASH}:generateContent"
    reply = send(url, "OPTIONS", path, None, {"Origin": "http://localhost:3000", **PREFLIGHT}, key=False)
    assert reply.status == 200
    assert reply.headers["access-control-allow-origin"] == "http://localhost:3000"
    assert "POST" in reply.headers["access-control-allow-methods"]
    foreign = send(url, "OPTIONS", path, None, {"Origin": "https://evil.example", **PREFLIGHT}, key=False)
    assert foreign.status == 403
    assert "access-control-allow-origin" not in foreign.headers


def test_errors_can_be_read_by_a_page_that_may_call(url: str) -> None:
    reply = send(url, "POST", f"{FLASH}:generateContent", b"{", {"Origin": "http://localhost:3000"})
    assert (reply.status, reply.headers["access-control-allow-origin"]) == (400, "http://localhost:3000")


@pytest.mark.parametrize(
    ("headers", "key", "status", "reason"),
    [
        ({}, False, 403, "API_KEY_MISSING"),
        ({"Host": "evil.example"}, True, 403, None),
        ({"Origin": "https://evil.example"}, True, 403, None),
        ({"X-Forwarded-For": "1.2.3.4"}, True, 403, None),
    ],
)
def test_refusals_over_http(url: str, headers: dict[str, str], key: bool, status: int, reason: str | None) -> None:
    reply = send(url, "POST", f"{FLASH}:generateContent", HELLO, headers, key=key)
    assert (reply.status, reply.error["status"]) == (status, "PERMISSION_DENIED")
    assert (reply.detail("ErrorInfo") or {}).get("reason") == reason


def test_keys_and_their_limits_over_http() -> None:
    with running(ScriptedEngine()) as server:
        _, secret = server.app.keys.create("a", rpm=2)
        wrong = send(server.url, "POST", f"{FLASH}:generateContent", HELLO)
        assert (wrong.status, wrong.detail("ErrorInfo")["reason"]) == (400, "API_KEY_INVALID")
        path = f"{FLASH}:generateContent?key={secret}"
        statuses = [send(server.url, "POST", path, HELLO, key=False).status for _ in range(3)]
        assert statuses == [200, 200, 429]
        reply = send(server.url, "POST", path, HELLO, key=False)
        assert reply.detail("QuotaFailure")["violations"][0]["quotaValue"] == "2"
        assert reply.detail("RetryInfo")
