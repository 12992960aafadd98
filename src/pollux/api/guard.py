"""Who may come to the door: hosts, origins, proxies and keys, so that no web page a user opens can reach the server."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, QueryParams

from pollux.core.admit import Caller
from pollux.errors import InvalidApiKey, InvalidArgument, MissingApiKey, PermissionDenied
from pollux.services.keys import Keys, is_loopback, keyless_peer

Network = IPv4Network | IPv6Network
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~-]+)+")


@dataclass(frozen=True)
class Policy:
    """What the configuration allows.  `hosts` are lower-case names without port; "*" in `origins` is never meant."""

    bind: str = "127.0.0.1"
    hosts: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    proxies: tuple[Network, ...] = ()
    public_url: str = ""
    default_rpm: int | None = None
    default_tpm: int | None = None


class Guard:
    """Checks one request.  Every method raises PermissionDenied with the setting that would allow it."""

    def __init__(self, policy: Policy, keys: Keys) -> None:
        self._policy = policy
        self._keys = keys

    def check_host(self, headers: Headers, peer: str | None) -> None:
        """DNS rebinding needs a name of its own: only known names and plain addresses are served.

        Raises InvalidArgument for two Host headers (RFC 9112, 3.2): a proxy may have looked at the other.
        """
        if len(headers.getlist("host")) > 1:
            raise InvalidArgument("The request has more than one Host header; send one.")
        host = self.host(headers, peer)
        name = host_name(host)
        if name is None or not (self._known(name) or _is_address(name)):
            shown = ascii(host)[:60]
            raise PermissionDenied(f"Host {shown} is not served here; add it to [server] allowed_hosts.")

    def allowed_origin(self, headers: Headers) -> str | None:
        """The Origin to grant, None without one.  Raises PermissionDenied for a foreign web page."""
        origin = headers.get("origin")
        if origin is None:
            return None
        if origin.lower() in self._policy.origins or _is_local_origin(origin):
            return origin
        raise PermissionDenied(
            f"Origin {ascii(origin)[:80]} may not call this server; add it to [server] cors_origins."
        )

    def caller(self, headers: Headers, query: QueryParams, peer: str | None) -> Caller:
        """Whose key it is.  Raises MissingApiKey, InvalidApiKey."""
        secret = key_of(headers, query)
        if not secret:
            raise MissingApiKey
        key = self._keys.authenticate(secret)
        if key is not None:
            return Caller(key.project, key.id, key.rpm or self._policy.default_rpm, key.tpm or self._policy.default_tpm)
        if self._keys.open_door():
            if keyless_peer(self._policy.bind, peer, headers.keys()):
                return Caller("default", "", self._policy.default_rpm, self._policy.default_tpm)
            raise PermissionDenied(
                "No API key exists yet, so only this machine itself may call. Make one with `pollux keys create`."
            )
        raise InvalidApiKey

    def host(self, headers: Headers, peer: str | None) -> str:
        """The Host the caller used; X-Forwarded-Host only from a configured proxy."""
        forwarded = headers.get("x-forwarded-host")
        if forwarded and self._is_proxy(peer):
            return forwarded.split(",")[0].strip()
        return headers.get("host", "")

    def base_url(self, headers: Headers, peer: str | None, scheme: str, prefix: str = "") -> str:
        """The server's own address as this caller knows it, without a slash at its end.

        `prefix` is what stood before the path we know.  The configured public_url outweighs everything; X-Forwarded-*
        count from a configured proxy only.
        """
        if self._policy.public_url:
            return self._policy.public_url.rstrip("/")
        host = self.host(headers, peer)
        if self._is_proxy(peer):
            scheme = _first(headers, "x-forwarded-proto").lower() or scheme
            port = _first(headers, "x-forwarded-port")
            usual = {"http": "80", "https": "443"}.get(scheme)
            if port.isdecimal() and port != usual and not re.search(r":\d+$", host):
                host = f"{host}:{port}"
            stripped = "/" + _first(headers, "x-forwarded-prefix").strip("/")
            if _PREFIX.fullmatch(stripped) and not f"{prefix}/".startswith(f"{stripped}/"):  # it may not be stripped
                prefix = stripped + prefix
        return f"{'https' if scheme in ('https', 'wss') else 'http'}://{host}{prefix}"

    def _known(self, name: str) -> bool:
        return name == "localhost" or name.endswith(".localhost") or name in self._policy.hosts

    def _is_proxy(self, peer: str | None) -> bool:
        try:
            address = ip_address(peer or "")
        except ValueError:
            return False
        return any(address in network for network in self._policy.proxies)


def _first(headers: Headers, name: str) -> str:
    return headers.get(name, "").split(",")[0].strip()


def key_of(headers: Headers, query: QueryParams) -> str:
    """The key, from wherever it may stand: x-goog-api-key, ?key=, Authorization: Bearer.  "" when there is none."""
    given = headers.get("x-goog-api-key") or query.get("key")
    if given:
        return given.strip()
    scheme, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def host_name(host: str) -> str | None:
    """A Host header without its port, lower-case, brackets kept off; None when it is none."""
    host = host.strip().lower()
    if host.startswith("["):
        name, bracket, port = host[1:].partition("]")
        port = port.removeprefix(":") if port.startswith(":") or not port else "x"
    else:
        name, _, port = host.partition(":")
        bracket = "]"
    if not name or not bracket or (port and not _is_port(port)):
        return None
    return name.removesuffix(".")


def _is_port(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= 5 and int(text) <= 65535


@functools.lru_cache(maxsize=1024)
def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _is_local_origin(origin: str) -> bool:
    try:
        parts = urlsplit(origin)
        name = parts.hostname or ""
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and (is_loopback(name) or name.endswith(".localhost"))


def cors_headers(origin: str | None, request: Headers) -> list[tuple[bytes, bytes]]:
    """What lets the page at `origin` read the answer; nothing for callers that are no pages."""
    if origin is None:
        return []
    asked = request.get("access-control-request-headers", "")
    granted: Iterable[tuple[str, str]] = (
        ("access-control-allow-origin", origin),
        ("vary", "Origin"),
        (
            "access-control-expose-headers",
            "x-goog-upload-url, x-goog-upload-status, x-goog-upload-size-received, x-pollux-cost, x-pollux-fallback",
        ),
        ("access-control-allow-methods", "GET, POST, PATCH, DELETE, OPTIONS"),
        ("access-control-allow-headers", asked or "content-type, x-goog-api-key, x-goog-api-client, authorization"),
        ("access-control-max-age", "600"),
        ("access-control-allow-private-network", "true"),
    )
    return [(name.encode(), value.encode("latin-1", "ignore")) for name, value in granted]
