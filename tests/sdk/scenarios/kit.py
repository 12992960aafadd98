"""What scenarios share: where the server is, and words for expectations.  Runs under every version of google-genai."""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from google import genai
from google.genai import errors, types

from tests.sdk.scenarios.words import holds, same, seen

FLASH = "gemini-2.5-flash"
MIRROR = "gemini-2.5-mirror"
MIRROR_3 = "gemini-3-mirror"


def http() -> Any:
    """The HTTP library under the client: httpx, or the fork of it that newer versions bring."""
    return importlib.import_module("httpx" if importlib.util.find_spec("httpx") else "httpx2")


@dataclass
class Here:
    """A server: its address, a key, the folder of sample pictures; and one client for all who need no other."""

    url: str
    key: str
    samples: Path

    @cached_property
    def client(self) -> genai.Client:
        """The client as most people make it."""
        return self.connect()

    def connect(self, key: str | None = None, **options: Any) -> genai.Client:
        """A client of one's own; `options` are HttpOptions."""
        given = types.HttpOptions(**{"base_url": self.url, **options})
        return genai.Client(api_key=key or self.key, http_options=given)

    def file(self, name: str) -> Path:
        """A sample picture."""
        return self.samples / name

    def read(self, name: str) -> bytes:
        """A sample picture's bytes."""
        return self.file(name).read_bytes()

    def part(self, name: str, **more: Any) -> Any:
        """A sample picture as a part (typed loosely, so that it goes into lists of anything)."""
        kind = "image/jpeg" if name.endswith(".jpg") else "image/png"
        return types.Part.from_bytes(data=self.read(name), mime_type=kind, **more)

    def mirror(self, contents: Any, model: str = MIRROR, **config: Any) -> dict[str, Any]:
        """What reaches the engine of a request."""
        asked = types.GenerateContentConfig(**config) if config else None
        return seen(self.client.models.generate_content(model=model, contents=contents, config=asked).text)


@contextlib.contextmanager
def refused(code: int, status: str, *words: str) -> Iterator[list[errors.APIError]]:
    """The block must raise the client's own error of this code and status, its message holding the words."""
    caught: list[errors.APIError] = []
    try:
        yield caught
    except errors.APIError as error:
        caught.append(error)
    assert caught, f"nothing was raised; {code} {status} was expected"
    same((caught[0].code, caught[0].status), (code, status))
    same(type(caught[0]), errors.ClientError if code < 500 else errors.ServerError)
    holds(caught[0].message, *words)


def detail(error: Any, kind: str) -> dict[str, Any]:
    """One google.rpc detail of an error."""
    details = error.details["error"]["details"]
    found = [d for d in details if d["@type"] == "type.googleapis.com/google.rpc." + kind]
    same(len(found), 1)
    return dict(found[0])
