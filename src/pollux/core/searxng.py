"""A search through a SearXNG server (its JSON format must be enabled: `search.formats` in its settings)."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

from pollux.engines.wishes import Source
from pollux.errors import Unavailable

SECONDS = 10.0
MOST_BYTES = 4 << 20
_LONGEST = 2_000
_SOURCE = "[search] source"


@dataclass
class SearxngSearch:
    """Asks a SearXNG server at `address` ("http://127.0.0.1:8080")."""

    address: str
    transport: httpx.AsyncBaseTransport | None = None
    _client: httpx.AsyncClient | None = field(default=None, init=False)

    async def find(self, query: str, most: int) -> Sequence[Source]:
        """Its best results.  Raises Unavailable."""
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=SECONDS, trust_env=False, transport=self.transport)
        place = f"{self.address.rstrip('/')}/search"
        try:
            async with self._client.stream("GET", place, params={"q": query, "format": "json"}) as response:
                found = await _results(response)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unavailable(f"{_SOURCE}: the SearXNG server cannot be asked ({type(error).__name__}).") from None
        return [one for item in found if (one := _source(item)) is not None][:most]

    async def close(self) -> None:
        """Closes connections."""
        if self._client is not None:
            await self._client.aclose()
            self._client = None


async def _results(response: httpx.Response) -> list[Any]:
    if response.status_code == 403:
        raise Unavailable(f"{_SOURCE}: the SearXNG server answers 403: enable the format json in its settings.")
    if response.status_code != 200:
        raise Unavailable(f"{_SOURCE}: the SearXNG server answers {response.status_code}.")
    data = b""
    async for chunk in response.aiter_bytes():
        data += chunk
        if len(data) > MOST_BYTES:
            raise Unavailable(f"{_SOURCE}: the SearXNG server's answer is too long.")
    try:
        found = json.loads(data)["results"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Unavailable(f"{_SOURCE}: the SearXNG server does not answer in its JSON format.") from None
    return found if isinstance(found, list) else []


def _source(item: Any) -> Source | None:
    if not isinstance(item, dict) or not str(item.get("url", "")).startswith(("http://", "https://")):
        return None
    url, title, text = (_clean(item.get(name)) for name in ("url", "title", "content"))
    return Source(url[:_LONGEST], title[:300], text[:_LONGEST])


def _clean(value: Any) -> str:
    """As text that can be sent on: JSON may hold halves of characters."""
    return str(value or "").encode("utf-8", "replace").decode()
