"""The picture reaches the engine, byte for byte, in every spelling that callers use."""

from __future__ import annotations

import base64
import itertools
import json
import textwrap
from collections.abc import Callable

import httpx
import pytest

from pollux import samples
from pollux.media.handle import Media
from pollux.testing import RunningServer, ScriptedEngine
from tests.sdk.behind import Overseen

ALPHABETS: dict[str, Callable[[bytes], bytes]] = {"standard": base64.b64encode, "url-safe": base64.urlsafe_b64encode}
PADDINGS: dict[str, Callable[[str], str]] = {"padded": str, "bare": lambda text: text.rstrip("=")}
BREAKS: dict[str, Callable[[str], str]] = {
    "one line": str,
    "lines of 76": lambda text: "\n".join(textwrap.wrap(text, 76)) + "\n",
    "carriage returns": lambda text: "\r\n".join(textwrap.wrap(text, 64)),
}
SPELLINGS = {
    "camelCase": ("inlineData", "mimeType"),
    "snake_case": ("inline_data", "mime_type"),
    "mixed": ("inlineData", "mime_type"),
    "mixed otherwise": ("inline_data", "mimeType"),
}
PICTURES = ["cat", "bar-code", "qr-code"]  # of lengths that need two, one and no signs of padding


def test_the_pictures_need_every_padding() -> None:
    assert sorted(len(samples.read(name)) % 3 for name in PICTURES) == [0, 1, 2]


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize(
    ("spelling", "alphabet", "padding", "breaks"), list(itertools.product(SPELLINGS, ALPHABETS, PADDINGS, BREAKS))
)
def test_picture_arrives(
    scripted: RunningServer,
    engine: ScriptedEngine | Overseen,
    name: str,
    spelling: str,
    alphabet: str,
    padding: str,
    breaks: str,
) -> None:
    data = samples.read(name)
    inline, mime = SPELLINGS[spelling]
    text = BREAKS[breaks](PADDINGS[padding](ALPHABETS[alphabet](data).decode()))
    parts = [{"text": "What is it?"}, {inline: {mime: samples.get(name).mime_type, "data": text}}]
    answer = httpx.post(
        f"{scripted.url}/v1beta/models/gemini-2.5-flash:generateContent",
        headers={"x-goog-api-key": scripted.key},
        content=json.dumps({"contents": [{"parts": parts}]}),
    )
    assert answer.status_code == 200, answer.text
    _, piece = engine.prompts[-1].turns[-1].pieces
    assert isinstance(piece, Media)
    assert piece.data == data
    assert piece.mime_type == samples.get(name).mime_type


def test_raw_line_breaks_in_the_string(scripted: RunningServer, engine: ScriptedEngine | Overseen) -> None:
    """As `base64` without -w0 pastes it into a shell's JSON: the breaks are not escaped."""
    data = samples.read("qr-code")
    text = base64.encodebytes(data).decode()
    body = '{"contents": [{"parts": [{"inline_data": {"mime_type": "image/png", "data": "' + text + '"}}]}]}'
    url = f"{scripted.url}/v1beta/models/gemini-2.5-flash:generateContent"
    answer = httpx.post(url, headers={"x-goog-api-key": scripted.key}, content=body)
    assert answer.status_code == 200, answer.text
    (piece,) = engine.prompts[-1].turns[-1].pieces
    assert isinstance(piece, Media)
    assert piece.data == data
