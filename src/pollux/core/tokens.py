"""Counting tokens: from tables that are data, the same for countTokens and for usage.

Sources: the media resolution page (tables per family and media type) and the "Token calculation" paragraphs of the
image understanding guides.  Where those pages disagree, the rulings are:

- 1.0: every picture 258.
- 1.5: 258 up to 384 x 384; larger ones are cut into tiles of side u = clamp(min(w, h) / 1.5, 256, 768), not rounded.
- 2.x: unset and HIGH ("256 + Pan & Scan") are 258 up to 384 x 384, else 258 a tile with u = clamp(floor(min / 1.5),
  256, 768); LOW 64, MEDIUM 256.
- 3: the table; a part's own level wins over the request's.
- PDFs: a page's tokens by the table and those of its native text, at every level; scanned pages have no text to count.
- Video: a frame's tokens for each frame looked at, and 32 tokens for each second of its sound; sound the same.
- Text documents are text.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import msgspec

from pollux.engines.base import Prompt
from pollux.media.handle import Clip, Media
from pollux.media.text import text_of
from pollux.media.timed import frame_count
from pollux.wire.content import Part
from pollux.wire.generate import ModalityTokenCount

UNSET, LOW, MEDIUM, HIGH, ULTRA = "", "LOW", "MEDIUM", "HIGH", "ULTRA_HIGH"
TILE = 258
SMALL = 384
AUDIO_PER_SECOND = 32
CHARACTERS_PER_TOKEN = 4


@dataclass(frozen=True, slots=True)
class Table:
    """Tokens of one family: a picture, a frame of video, a page of PDF (native text comes on top) by level.

    None for a picture means "by tiles".  `floor_unit` tells whether the tile side is rounded down.
    """

    image: Mapping[str, int | None]
    frame: Mapping[str, int]
    page: Mapping[str, int]
    floor_unit: bool = True
    per_part: bool = False


_TWO_FRAME = {UNSET: 256, LOW: 64, MEDIUM: 256, HIGH: 256}
TABLES: Mapping[str, Table] = {
    "1.0": Table(dict.fromkeys((UNSET, LOW, MEDIUM, HIGH), TILE), _TWO_FRAME, _TWO_FRAME),
    "1.5": Table({UNSET: None, LOW: 64, MEDIUM: 256, HIGH: None}, _TWO_FRAME, _TWO_FRAME, floor_unit=False),
    "2": Table({UNSET: None, LOW: 64, MEDIUM: 256, HIGH: None}, _TWO_FRAME, _TWO_FRAME),
    "3": Table(
        {UNSET: 1120, LOW: 280, MEDIUM: 560, HIGH: 1120, ULTRA: 2240},
        {UNSET: 70, LOW: 70, MEDIUM: 70, HIGH: 280},
        {UNSET: 560, LOW: 280, MEDIUM: 560, HIGH: 1120},
        per_part=True,
    ),
}


def short_level(level: str) -> str:
    """ "MEDIA_RESOLUTION_HIGH" as "HIGH"; unset and UNSPECIFIED as ""."""
    name = level.removeprefix("MEDIA_RESOLUTION_")
    return UNSET if name == "UNSPECIFIED" else name


def image_tokens(family: str, level: str, width: int, height: int) -> int:
    """Tokens of a picture of so many pixels in a family ("1.0", "1.5", "2", "3") at a level ("HIGH", "" unset)."""
    table = TABLES[family]
    fixed = table.image.get(level, table.image[UNSET])
    if fixed is not None:
        return fixed
    if width <= SMALL and height <= SMALL:
        return TILE
    unit = min(width, height) / 1.5
    if table.floor_unit:
        unit = math.floor(unit)
    unit = min(max(unit, 256), 768)
    return TILE * math.ceil(width / unit) * math.ceil(height / unit)


def count_by_rule(text: str) -> int:
    """Tokens of a text where no tokenizer is at hand: one for every four characters, rounded up."""
    return -(-len(text) // CHARACTERS_PER_TOKEN)


class TokenCounter:
    """Counts prompts of one family with one engine's tokenizer."""

    def __init__(self, family: str, count_text: Callable[[str], int | None]) -> None:
        self._family = family
        self._count_text = count_text

    def text(self, text: str) -> int:
        """Tokens of a text: the engine's own count, or the rule."""
        if not text:
            return 0
        own = self._count_text(text)
        return count_by_rule(text) if own is None else own

    def media(self, media: Media) -> dict[str, int]:
        """Tokens of one piece of media by modality."""
        level = short_level(media.level)
        if media.kind == "image":
            return {"IMAGE": image_tokens(self._family, level, media.width, media.height)}
        if media.kind == "text":
            return {"TEXT": self.text(text_of(media))}
        table = TABLES[self._family]
        if media.kind == "document":
            native = sum(self.text(page.text) for page in media.pages)
            return {"DOCUMENT": table.page.get(level, table.page[HIGH]) * len(media.pages) + native}
        clip = media.clip or Clip(0.0)
        counts = {"AUDIO": math.ceil(clip.length * AUDIO_PER_SECOND)} if clip.audio else {}
        if media.kind == "video":
            counts["VIDEO"] = table.frame.get(level, table.frame[HIGH]) * frame_count(clip)
        return counts

    def prompt(self, prompt: Prompt) -> dict[str, int]:
        """Tokens of a prompt by modality ("TEXT", "IMAGE", ...); every request has TEXT, be it 0."""
        counts: Counter[str] = Counter(TEXT=self.text(prompt.system))
        for turn in prompt.turns:
            for piece in turn.pieces:
                if isinstance(piece, Media):
                    counts.update(self.media(piece))
                else:
                    counts["TEXT"] += self.part(piece)
        for tool in prompt.tools:
            for declaration in tool.function_declarations:
                counts["TEXT"] += self.text(_json(declaration))
        return dict(counts)

    def part(self, part: Part) -> int:
        """Tokens of a part that is not media: its text, or its call or result as JSON."""
        if part.text is not None:
            return self.text(part.text)
        value = part.function_call or part.function_response or part.executable_code or part.code_execution_result
        return self.text(_json(value)) if value is not None else 0


def details(counts: Mapping[str, int]) -> tuple[ModalityTokenCount, ...]:
    """Per-modality details, TEXT first; modalities without tokens are left out, but never all."""
    rows = [ModalityTokenCount(modality=m, token_count=n) for m, n in sorted(counts.items(), key=_text_first) if n]
    return tuple(rows) or (ModalityTokenCount(modality="TEXT", token_count=0),)


def total(counts: Iterable[ModalityTokenCount]) -> int:
    """All tokens of the details."""
    return sum(row.token_count for row in counts)


def _text_first(item: tuple[str, int]) -> tuple[bool, str]:
    return item[0] != "TEXT", item[0]


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
