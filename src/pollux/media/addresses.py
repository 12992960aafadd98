"""Which addresses a server may be sent to by a stranger's URL: parsing the URL, and judging IP addresses.

The networks are those of the IANA special-purpose address registries (RFC 6890 and its updates), spelt out because
`ipaddress.is_global` changes between Python versions.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address

_CLOSED4 = tuple(
    ipaddress.IPv4Network(net)
    for net in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, and one cloud's metadata service
        "127.0.0.0/8",
        "168.63.129.16/32",  # a cloud's host agent, in public space
        "169.254.0.0/16",  # link-local, and most clouds' metadata service
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved and broadcast
    )
)
_OPEN6 = ipaddress.IPv6Network("2000::/3")  # the only space given out for use
_CLOSED6 = tuple(
    ipaddress.IPv6Network(net)
    for net in (
        "2001::/23",  # protocol assignments, Teredo and ORCHID among them
        "2001:db8::/32",
        "2002::/16",  # 6to4, which wraps an IPv4 address
        "3fff::/20",
    )
)
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_LABEL = re.compile(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_MAX_URL = 8192


class RefusedError(ValueError):
    """An address that is not followed; the message is a clause that says why and what would help."""


@dataclass(frozen=True, slots=True)
class Target:
    """A URL taken apart.  `host` is a lower-case name without trailing dot, or an address; `path` has its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def literal(self) -> bool:
        """Whether the host is an IP address already."""
        return ":" in self.host or self.host.replace(".", "").isdigit()

    @property
    def authority(self) -> str:
        """The Host header: brackets about IPv6, the port where it is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == {"http": 80, "https": 443}[self.scheme] else f"{host}:{self.port}"

    def __str__(self) -> str:
        """The URL without its query, which may hold secrets, for messages."""
        return f"{self.scheme}://{self.authority}{self.path.partition('?')[0]}"[:200]


def parse_target(url: str) -> Target:
    """Take an http(s) URL apart, refusing everything that two parsers could read in two ways."""
    if len(url) > _MAX_URL:
        raise RefusedError(f"the address is longer than {_MAX_URL:,} characters")
    if any(ord(letter) <= 32 or ord(letter) == 127 or letter == "\\" for letter in url):
        raise RefusedError("the address holds spaces, control characters or backslashes; percent-encode them")
    try:
        parts = urlsplit(url)
        port, host = parts.port, parts.hostname
    except ValueError:
        raise RefusedError("the address is not a valid URL") from None
    if parts.scheme not in ("http", "https"):
        raise RefusedError(f"addresses must begin with https:// or http://, not {parts.scheme[:20] or 'nothing'}")
    if "@" in parts.netloc:
        raise RefusedError("the address holds a user name or password; leave them out")
    if not host or port == 0:
        raise RefusedError("the address names no host")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._")
    if parts.query:
        path += "?" + quote(parts.query, safe="/?%:@!$&'()*+,;=~-._[]")
    return Target(
        parts.scheme, _host(host, "[" in parts.netloc), port or (443 if parts.scheme == "https" else 80), path
    )


def _host(host: str, bracketed: bool) -> str:
    if bracketed:
        try:
            if "%" in host:
                raise ValueError
            return str(ipaddress.IPv6Address(host))
        except ValueError:
            raise RefusedError("the address holds an invalid IPv6 address") from None
    if not host.isascii():
        raise RefusedError("the host name is not ASCII; write it in its xn-- form")
    host = host.removesuffix(".")
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise RefusedError("the host name is not valid")
    if _NUMBER.fullmatch(labels[-1]):  # "127.1", "0x7f000001", "2130706433": addresses to some parsers, names to others
        try:
            return str(ipaddress.IPv4Address(host))
        except ValueError:
            raise RefusedError("the host is a number that is not a plain IPv4 address") from None
    return host


def is_public(address: IPAddress) -> bool:
    """Whether an address is in the public internet, and so nobody's home, cloud metadata or this machine."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in net for net in _CLOSED4)
    if address in _NAT64:
        return is_public(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return address in _OPEN6 and not any(address in net for net in _CLOSED6)
