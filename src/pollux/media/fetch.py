"""Fetching a stranger's URL without being sent where the stranger may not go.

A host's name is resolved once, every address that it gives is judged, and the connection is made to an address that was
judged, never to the name again.  Redirects are followed by hand, each one judged like the first.  Proxies from the
environment are ignored: through one, the check would be of the wrong machine.
"""

from __future__ import annotations

import asyncio
import functools
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from pollux.errors import DeadlineExceeded, InvalidArgument
from pollux.media.addresses import RefusedError, Target, is_public, parse_target
from pollux.media.limits import FetchPolicy

if TYPE_CHECKING:
    import httpx

Resolver = Callable[[str, int], Awaitable[Sequence[str]]]
"""Host name and port -> IP addresses, in the order to try them; raises OSError for an unknown name."""

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_ADDRESSES = 4
_CONNECT_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address gave: the body, its Content-Type ("" if none) and the URL after redirects."""

    data: bytes
    mime_type: str
    url: str


async def system_resolver(host: str, port: int, threads: Executor | None = None) -> Sequence[str]:
    """The operating system's resolver, in `threads` (None: the loop's): one name may hold up a thread for long."""
    ask = functools.partial(socket.getaddrinfo, host, port, type=socket.SOCK_STREAM)
    found = await asyncio.get_running_loop().run_in_executor(threads, ask)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


async def fetch(url: str, policy: FetchPolicy, field: str = "", resolver: Resolver = system_resolver) -> Fetched:
    """Get an http(s) URL within the policy's limits.

    Raises InvalidArgument naming `field` for an address that is refused, cannot be reached, answers anything but 200 or
    is too large, and DeadlineExceeded when `policy.seconds` are over.
    """
    try:
        async with asyncio.timeout(policy.seconds):
            return await _follow(url, policy, resolver)
    except RefusedError as error:
        raise InvalidArgument(f"{field}: {error}.", field=field) from None
    except TimeoutError:
        raise DeadlineExceeded(
            f"{field}: the address did not give its content within {policy.seconds:g} seconds. "
            "Send the bytes as inlineData, or raise [fetch] seconds."
        ) from None


async def _follow(url: str, policy: FetchPolicy, resolver: Resolver) -> Fetched:
    for _ in range(policy.max_redirects + 1):
        target = parse_target(url)
        answer = await _get(target, await _judged(target, policy, resolver), policy)
        if isinstance(answer, Fetched):
            return answer
        url = urljoin(f"{target.scheme}://{target.authority}{target.path}", answer)
    raise RefusedError(f"the address redirects more than {policy.max_redirects} times")


async def _judged(target: Target, policy: FetchPolicy, resolver: Resolver) -> list[str]:
    """The addresses that may be connected to; one that may not refuses them all."""
    if policy.ports is not None and target.port not in policy.ports:
        raise RefusedError(f"port {target.port} is not among the allowed ones ([fetch] ports)")
    try:
        names = [target.host] if target.literal else await resolver(target.host, target.port)
    except (OSError, UnicodeError):
        raise RefusedError(f"the host {target.host} is unknown") from None
    addresses = [ipaddress.ip_address(name.partition("%")[0]) for name in names]
    if not addresses:
        raise RefusedError(f"the host {target.host} is unknown")
    if not policy.allow_private and target.host not in policy.allow_hosts and not all(map(is_public, addresses)):
        raise RefusedError(
            f"the address {target} leads to a private, local or reserved network, which is refused. "
            "Send the bytes as inlineData, or set [fetch] allow_private = true (POLLUX_FETCH_ALLOW_PRIVATE)"
        )
    return [str(address) for address in addresses[:_MAX_ADDRESSES]]


async def _get(target: Target, addresses: Sequence[str], policy: FetchPolicy) -> Fetched | str:
    """The body from the first address that answers, or where it redirects to."""
    import httpx  # noqa: PLC0415

    context = await asyncio.to_thread(_tls, policy.ca_file) if target.scheme == "https" else False
    reason = ""
    for address in addresses:
        # One transport a hop: a pool would share connections by address, whatever name their certificate is for.
        async with httpx.AsyncHTTPTransport(verify=context, trust_env=False) as transport:
            try:
                return await _read(
                    await transport.handle_async_request(_request(target, address, policy)), target, policy
                )
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                reason = str(error) or "it does not answer"
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError) as error:
                raise RefusedError(f"the address {target} broke off: {str(error) or type(error).__name__}") from None
    raise RefusedError(f"the address {target} cannot be reached: {reason}".replace("\n", " "))


def _request(target: Target, address: str, policy: FetchPolicy) -> httpx.Request:
    """A GET sent to `address` that says, in Host and in TLS, the name that was asked for."""
    import httpx  # noqa: PLC0415

    wait = policy.seconds
    return httpx.Request(
        "GET",
        httpx.URL(scheme=target.scheme, host=address, port=target.port, raw_path=target.path.encode("ascii")),
        headers={
            "Host": target.authority,
            "User-Agent": "Pollux",
            "Accept": "image/*, */*;q=0.5",
            "Accept-Encoding": "identity",
            "Connection": "close",
        },
        extensions={
            "sni_hostname": target.host,
            "timeout": {"connect": min(wait, _CONNECT_SECONDS), "read": wait, "write": wait, "pool": wait},
        },
    )


async def _read(response: httpx.Response, target: Target, policy: FetchPolicy) -> Fetched | str:
    headers = response.headers
    if response.status_code in _REDIRECTS and headers.get("location"):
        return str(headers["location"])
    if response.status_code != 200:
        raise RefusedError(f"the address {target} answers with status {response.status_code}, not 200")
    if headers.get("content-encoding", "identity").lower() not in ("", "identity"):
        raise RefusedError(f"the address {target} sends compressed content, which was not asked for")
    large = f"the content of {target} is larger than {policy.max_bytes:,} bytes ([fetch] max_bytes)"
    stated = headers.get("content-length", "")
    if stated.isdecimal() and int(stated) > policy.max_bytes:
        raise RefusedError(large)
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > policy.max_bytes:
            raise RefusedError(large)
    url = f"{target.scheme}://{target.authority}{target.path}"
    return Fetched(bytes(body), headers.get("content-type", ""), url)


@functools.lru_cache(maxsize=4)
def _tls(ca_file: str) -> ssl.SSLContext:
    """Certificates of the system, of certifi and of `ca_file`; read once, for it takes tens of milliseconds."""
    import certifi  # noqa: PLC0415

    context = ssl.create_default_context()
    context.load_verify_locations(certifi.where())
    if ca_file:
        context.load_verify_locations(ca_file)
    return context
