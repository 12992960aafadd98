"""Token arithmetic: every cell of the tables, and the rulings where the pages disagree."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from pollux import samples
from pollux.core.tokens import count_by_rule, details, image_tokens, short_level, total
from pollux.engines.base import Text
from tests.core.kit import ask, count, playing

LARGE = (4000, 3000)


@pytest.mark.parametrize(
    ("family", "level", "expected"),
    [
        ("1.0", "", 258),
        ("1.0", "LOW", 258),
        ("1.0", "HIGH", 258),
        ("1.5", "LOW", 64),
        ("1.5", "MEDIUM", 256),
        ("2", "LOW", 64),
        ("2", "MEDIUM", 256),
        ("3", "", 1120),
        ("3", "LOW", 280),
        ("3", "MEDIUM", 560),
        ("3", "HIGH", 1120),
        ("3", "ULTRA_HIGH", 2240),
    ],
)
@pytest.mark.parametrize("size", [(1, 1), (384, 384), LARGE])
def test_fixed_cells(family: str, level: str, expected: int, size: tuple[int, int]) -> None:
    assert image_tokens(family, level, *size) == expected


@pytest.mark.parametrize("level", ["", "HIGH"])
@pytest.mark.parametrize("family", ["1.5", "2"])
@pytest.mark.parametrize(
    ("size", "tiles"),
    [
        ((384, 384), 1),
        ((1, 384), 1),
        ((385, 384), 4),  # unit 256: 2 x 2
        ((384, 385), 4),
        ((385, 1), 2),  # unit 256: 2 x 1
        ((960, 540), 6),  # the documentation's example: unit 360, 3 x 2
        ((540, 960), 6),
        ((1024, 1024), 4),  # 682: 2 x 2
        (LARGE, 24),  # 768: 6 x 4
        ((10_000, 100), 40),  # 256: 40 x 1
    ],
)
def test_tiles(family: str, level: str, size: tuple[int, int], tiles: int) -> None:
    assert image_tokens(family, level, *size) == 258 * tiles


def test_rounding_of_the_tile_is_where_1_5_and_2_differ() -> None:
    # 500 / 1.5 = 333.33: two rows of it hold 666.67 pixels, two of 333 only 666.
    width, height = 1000, 500
    assert image_tokens("1.5", "", width, height) == 258 * 3 * 2
    assert image_tokens("2", "", width, height) == 258 * 4 * 2


@pytest.mark.parametrize(
    ("level", "short"),
    [("", ""), ("MEDIA_RESOLUTION_UNSPECIFIED", ""), ("MEDIA_RESOLUTION_ULTRA_HIGH", "ULTRA_HIGH")],
)
def test_levels(level: str, short: str) -> None:
    assert short_level(level) == short


@pytest.mark.parametrize(("text", "tokens"), [("", 0), ("a", 1), ("abcd", 1), ("abcde", 2), ("é" * 8, 2)])
def test_the_rule_for_text(text: str, tokens: int) -> None:
    assert count_by_rule(text) == tokens


def test_details_put_text_first_and_are_never_empty() -> None:
    rows = details({"IMAGE": 3, "AUDIO": 1, "TEXT": 2, "VIDEO": 0})
    assert [(r.modality, r.token_count) for r in rows] == [("TEXT", 2), ("AUDIO", 1), ("IMAGE", 3)]
    assert total(rows) == 6
    assert [(r.modality, r.token_count) for r in details({"IMAGE": 0})] == [("TEXT", 0)]


def picture(level: str = "") -> dict[str, Any]:
    name = samples.names()[0]
    data = base64.b64encode(samples.read(name)).decode()
    part: dict[str, Any] = {"inlineData": {"mimeType": samples.get(name).mime_type, "data": data}}
    return {**part, "mediaResolution": {"level": f"MEDIA_RESOLUTION_{level}"}} if level else part


@pytest.mark.parametrize(
    ("own", "common", "expected"),
    [
        ("", "", 1120),
        ("", "LOW", 280),
        ("HIGH", "LOW", 1120),
        ("ULTRA_HIGH", "LOW", 2240),
        ("MEDIUM", "", 560),
        ("UNSPECIFIED", "LOW", 280),
    ],
)
async def test_a_parts_level_wins_over_the_requests(own: str, common: str, expected: int) -> None:
    body = {
        "contents": [{"parts": [picture(own), {"text": "four"}]}],
        "generationConfig": {"mediaResolution": f"MEDIA_RESOLUTION_{common}"} if common else {},
    }
    counted = await count(playing(), {"generateContentRequest": body}, "gemini-3-pro-preview")
    assert {r.modality: r.token_count for r in counted.prompt_tokens_details} == {"TEXT": 1, "IMAGE": expected}
    assert counted.total_tokens == expected + 1


TOOLS = [
    {"functionDeclarations": [{"name": "f", "parameters": {"type": "OBJECT", "properties": {"a": {"type": "STRING"}}}}]}
]


@pytest.mark.parametrize("model", ["gemini-1.5-flash", "gemini-2.0-flash", "gemini-2.5-pro", "gemini-3-flash-preview"])
@pytest.mark.parametrize(
    "body",
    [
        {"contents": [{"parts": [{"text": "hello there"}]}]},
        {"contents": [{"parts": [{"text": "a"}, picture()]}], "systemInstruction": {"parts": [{"text": "be brief"}]}},
        {"contents": [{"parts": [picture()] * 3}], "generationConfig": {"mediaResolution": "MEDIA_RESOLUTION_LOW"}},
        {"contents": [{"parts": [{"text": "a"}]}], "tools": TOOLS},
        {
            "contents": [
                {"role": "user", "parts": [{"text": "a"}]},
                {"role": "model", "parts": [{"functionCall": {"name": "f", "args": {"a": "b"}}}]},
                {"role": "function", "parts": [{"functionResponse": {"name": "f", "response": {"x": [1, 2]}}}]},
            ],
            "tools": TOOLS,
        },
    ],
)
async def test_count_tokens_is_what_usage_says(model: str, body: dict[str, Any]) -> None:
    engine = playing(Text("fine"))
    usage = (await ask(engine, body, model=model)).usage_metadata
    assert usage is not None
    for form in (body, {"generateContentRequest": body}):
        counted = await count(engine, form, model)
        assert counted.total_tokens == usage.prompt_token_count > 0
        assert counted.prompt_tokens_details == usage.prompt_tokens_details
    assert usage.total_token_count == usage.prompt_token_count + usage.candidates_token_count
