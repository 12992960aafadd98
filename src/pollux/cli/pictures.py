"""From the words of a command line to the parts of a request, and from a response to its text."""

from __future__ import annotations

import base64
import mimetypes
import os
import sys
from pathlib import Path
from typing import Any

import typer

from pollux.cli.seam import Json

# What Python's own table lacks before 3.13; only a declaration, for the content decides what a picture is.
TYPES = {
    ".avif": "image/avif",
    ".heic": "image/heic",
    ".heif": "image/heif",
    ".webp": "image/webp",
}
MOST_BYTES = 512 << 20


def is_url(word: str) -> bool:
    """Whether a word names a picture on the web."""
    return word.startswith(("http://", "https://"))


def looks_like_one(word: str) -> bool:
    """Whether a word can only be meant as a picture: a URL, "-", a file that exists, or the name of one."""
    if is_url(word) or word == "-":
        return True
    named = not any(c.isspace() for c in word) and _declared(word).startswith("image/")
    return named or os.path.isfile(word)  # noqa: PTH113 - a long question is no error here


def part(word: str) -> dict[str, Any]:
    """The part for one picture: a file, an http(s) URL (fetched by whoever answers), or "-" for standard input.

    Raises BadParameter (exit status 2) when there is nothing to read.
    """
    if is_url(word):
        return {"fileData": {"fileUri": word}}
    return inline(word, sys.stdin.buffer.read() if word == "-" else read(Path(word)))


def inline(word: str, data: bytes) -> dict[str, Any]:
    """The part for a picture's bytes.  Raises BadParameter when there are none."""
    if not data:
        raise typer.BadParameter(f"{'standard input' if word == '-' else word} is empty; give a picture")
    declared = _declared(word) or "image/jpeg"  # a file without an ending, or standard input
    return {"inlineData": {"mimeType": declared, "data": base64.b64encode(data).decode("ascii")}}


def _declared(word: str) -> str:
    """What the name of a file says of its type; "" when nothing."""
    return TYPES.get(Path(word).suffix.lower()) or mimetypes.guess_type(word)[0] or ""


def read(path: Path) -> bytes:
    """The bytes of a file, at most MOST_BYTES.  Raises BadParameter."""
    try:
        with path.expanduser().open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise typer.BadParameter(f"there is no file {path}") from None
    except OSError as error:
        raise typer.BadParameter(f"cannot read {path}: {error.strerror}") from None
    if len(data) > MOST_BYTES:
        raise typer.BadParameter(f"{path} has more than {MOST_BYTES >> 20} MiB: that is no picture")
    return data


def body(parts: list[dict[str, Any]]) -> dict[str, Any]:
    """A request of one user turn."""
    return {"contents": [{"role": "user", "parts": parts}]}


def asked(names: list[str], words: str, what: str) -> list[dict[str, Any]]:
    """The parts of a turn: pictures, then words.  Raises BadParameter, which calls the words `what`."""
    if not words.strip():
        raise typer.BadParameter(f"{what} is empty")
    if names.count("-") > 1:
        raise typer.BadParameter("- (standard input) can be one picture only")
    return [*map(part, names), {"text": words}]


def parts(response: Json) -> list[Json]:
    """The parts of the first candidate, without thoughts."""
    return [part for part in _candidate(response).get("content", {}).get("parts", ()) if not part.get("thought")]


def text(response: Json) -> str:
    """The text of the first candidate, without thoughts."""
    return "".join(part.get("text", "") for part in parts(response))


def end(response: Json) -> tuple[str, str]:
    """Why an answer ended, or why there is none, and what the engine adds to that ("": nothing)."""
    candidate = _candidate(response)
    reason = candidate.get("finishReason") or response.get("promptFeedback", {}).get("blockReason") or "no candidate"
    return reason, candidate.get("finishMessage", "")


def grounding(response: Json) -> Json:
    """The groundingMetadata of the first candidate; empty where it has none."""
    found: Json = _candidate(response).get("groundingMetadata", {})
    return found


def _candidate(response: Json) -> Json:
    first: Json = next(iter(response.get("candidates", ())), {})
    return first
