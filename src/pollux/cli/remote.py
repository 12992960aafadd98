"""A running server as a Door: plain HTTP, no SDK."""

from __future__ import annotations

import asyncio
import json
import os
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import httpx
import typer

from pollux.cli.sending import send
from pollux.errors import ApiError, DeadlineExceeded, NotFound, Unavailable

Json = Mapping[str, Any]

KEY_VARIABLES = ("GEMINI_API_KEY", "GOOGLE_API_KEY")
PAUSE = 1.0
"""Seconds between two looks at a video that is being made."""
NO_KEY = "pollux"  # a server on this machine that has no keys yet takes any non-empty one


class Remote:
    """The API of the server at `url`; the key comes from the variables the official SDKs read."""

    def __init__(self, url: str, transport: httpx.AsyncBaseTransport | None = None) -> None:
        parsed = _parse(url)
        key = next((os.environ[name] for name in KEY_VARIABLES if os.environ.get(name)), NO_KEY)
        self._url = url.rstrip("/")
        self._http = httpx.AsyncClient(
            base_url=self._url + "/v1beta/",
            headers={"x-goog-api-key": key},
            timeout=httpx.Timeout(660, connect=10),  # a little more than a server's own deadline
            trust_env=parsed.host not in ("localhost", "127.0.0.1", "::1"),  # no proxy on the way to oneself
            transport=transport,
        )

    async def generate(self, model: str, body: Json, *, stream: bool) -> AsyncGenerator[Json, None]:
        """See Door.generate."""
        if not stream:
            yield await self._call("POST", f"models/{_name(model)}:generateContent", body)
            return
        path = f"models/{_name(model)}:streamGenerateContent"
        with _translated(self._url):
            async with self._http.stream("POST", path, params={"alt": "sse"}, json=body) as response:
                if response.is_error:
                    raise _error(response.status_code, await response.aread())
                async for line in response.aiter_lines():
                    if line.startswith("data:"):
                        yield _checked(json.loads(line[5:]))

    async def count(self, model: str, body: Json) -> Json:
        """See Door.count."""
        return await self._call("POST", f"models/{_name(model)}:countTokens", body)

    async def models(self) -> Sequence[Json]:
        """See Door.models."""
        return await self._pages("models", "models", 1000)

    async def film(self, model: str, body: Json) -> AsyncGenerator[bytes, None]:
        """See Door.film."""
        operation = await self._call("POST", f"models/{_name(model)}:predictLongRunning", body)
        while not operation.get("done"):
            await asyncio.sleep(PAUSE)
            operation = await self._call("GET", str(operation["name"]))
        async for chunk in self.download(_film(operation)):
            yield chunk

    async def upload(
        self, chunks: AsyncIterator[bytes], size: int, name: str, display_name: str, mime_type: str
    ) -> Json:
        """See Door.upload."""
        known = {"name": name and f"files/{name.removeprefix('files/')}", "displayName": display_name}
        file = {key: value for key, value in {**known, "mimeType": mime_type}.items() if value}
        with _translated(self._url):
            answer = await send(self._http, self._url + "/upload/v1beta/files", file, size, chunks)
            if answer.is_error:
                raise _error(answer.status_code, answer.content)
            return _checked(_checked(answer.json()).get("file"))

    async def files(self, limit: int) -> Sequence[Json]:
        """See Door.files."""
        return await self._pages("files", "files", 100, limit)

    async def file(self, name: str) -> Json:
        """See Door.file."""
        return await self._call("GET", f"files/{name.removeprefix('files/')}")

    async def delete_file(self, name: str) -> None:
        """See Door.delete_file."""
        await self._call("DELETE", f"files/{name.removeprefix('files/')}")

    async def download(self, name: str) -> AsyncGenerator[bytes, None]:
        """See Door.download."""
        path = f"files/{name.removeprefix('files/')}:download"
        with _translated(self._url):
            async with self._http.stream("GET", path, params={"alt": "media"}) as response:
                if response.is_error:
                    raise _error(response.status_code, await response.aread())
                async for chunk in response.aiter_bytes():
                    yield chunk

    async def create_batch(self, model: str, file: str, display_name: str, priority: int, *, embeddings: bool) -> Json:
        """See Door.create_batch."""
        method = "asyncBatchEmbedContent" if embeddings else "batchGenerateContent"
        batch = {"displayName": display_name, "priority": str(priority), "inputConfig": {"fileName": file}}
        return await self._call("POST", f"models/{_name(model)}:{method}", {"batch": batch})

    async def batches(self, limit: int) -> Sequence[Json]:
        """See Door.batches."""
        return await self._pages("batches", "operations", 1000, limit)

    async def batch(self, name: str) -> Json:
        """See Door.batch."""
        return await self._call("GET", f"batches/{name.removeprefix('batches/')}")

    async def cancel_batch(self, name: str) -> None:
        """See Door.cancel_batch."""
        await self._call("POST", f"batches/{name.removeprefix('batches/')}:cancel")

    async def delete_batch(self, name: str) -> None:
        """See Door.delete_batch."""
        await self._call("DELETE", f"batches/{name.removeprefix('batches/')}")

    @asynccontextmanager
    async def working(self, tell: Callable[[bool], None]) -> AsyncIterator[None]:  # noqa: ARG002 - the server works
        """See Door.working."""
        yield

    async def close(self) -> None:
        """See Door.close."""
        await self._http.aclose()

    async def _pages(self, path: str, key: str, size: int, limit: int | None = None) -> Sequence[Json]:
        """The pages of a list together, up to `limit` items."""
        found: list[Json] = []
        token = ""
        while limit is None or len(found) < limit:
            page = await self._call("GET", path, params={"pageSize": size, "pageToken": token})
            found += page.get(key, [])
            token = page.get("nextPageToken", "")
            if not token:
                break
        return found[:limit]

    async def _call(self, verb: str, path: str, body: Json | None = None, params: Json | None = None) -> Json:
        with _translated(self._url):
            response = await self._http.request(verb, path, json=body, params=params)
            if response.is_error:
                raise _error(response.status_code, response.content)
            return _checked(response.json())


def _parse(url: str) -> httpx.URL:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host:
        raise typer.BadParameter(f"{url!r} is no address of a server; write http://127.0.0.1:8000")
    return parsed


def _film(operation: Json) -> str:
    """The file of the first video that an operation ended with.  Raises ApiError with the reason of one that failed."""
    answer = operation.get("response", {}).get("generateVideoResponse", {})
    uris = [sample["video"]["uri"] for sample in answer.get("generatedSamples", ())]
    found = re.search(r"(files/[a-z0-9-]+)", uris[0]) if uris else None
    if found is None:
        raise ApiError(operation.get("error", {}).get("message") or "the video was not made, and no reason is given")
    return found[1]


def _name(model: str) -> str:
    return model.removeprefix("models/")


@contextmanager
def _translated(url: str) -> Iterator[None]:
    """What can happen on the way, as one line."""
    try:
        yield
    except httpx.ConnectError:
        raise Unavailable(f"no server answers at {url}; start one with `pollux serve`") from None
    except httpx.TimeoutException:
        raise DeadlineExceeded(f"the server at {url} did not answer in time") from None
    except httpx.HTTPError as error:
        raise Unavailable(f"the connection to {url} broke: {error or type(error).__name__}") from None
    except json.JSONDecodeError:
        raise Unavailable(f"what answers at {url} does not speak the Gemini API") from None


def _checked(answer: Any) -> Json:
    """The answer, unless it is an error (which a stream may end with) or nothing the API would say.

    What has a name is a file or a job; its `error` says what became of it.
    """
    if isinstance(answer, dict) and ("error" not in answer or "name" in answer):
        return answer
    raise _error(500, json.dumps(answer).encode())


def _error(status: int, content: bytes) -> ApiError:
    kind: type[ApiError] = NotFound if status == 404 else Unavailable if status in (502, 503, 504) else ApiError
    try:
        return kind(str(json.loads(content)["error"]["message"]))
    except (ValueError, LookupError, TypeError):
        return kind(f"the server answered with HTTP status {status} and no reason")
