"""Boxes asked for in Gemini's words come in Gemini's form, whatever the model writes."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pollux.errors import InvalidArgument
from pollux.vision.answers import read
from tests.engines.openai.kit import ask, encoded, part, picture, text_of, user
from tests.engines.openai.stub import saying

ASKS = "Detect the cat. box_2d is [ymin, xmin, ymax, xmax] normalized to 0-1000."
CAT = {"box_2d": [250, 0, 1000, 500], "label": "cat"}


def photo(width: int = 1000, height: int = 1000) -> dict[str, Any]:
    return part(encoded(picture(width, height)))


@pytest.mark.parametrize(
    ("model", "answer"),
    [
        ("Qwen/Qwen2.5-VL-7B-Instruct", '```json\n[{"bbox_2d": [0, 252, 504, 1008], "label": "cat"}]\n```'),
        ("Qwen/Qwen3-VL-8B-Instruct", '[{"bbox_2d": [0, 250, 500, 1000], "label": "cat"}]'),
        ("OpenGVLab/InternVL3-8B", "<ref>cat</ref><box>[[0, 250, 500, 1000]]</box>"),
        ("google/gemma-3-27b-it", '[{"box_2d": [250, 0, 1000, 500], "label": "cat"}]'),
    ],
)
async def test_boxes_of_families(model: str, answer: str) -> None:
    response, _ = await ask(saying(answer[:9], answer[9:]), body=user(ASKS, photo()))
    assert text_of(response) == answer  # of a model that is not known nothing is exchanged
    response, seen = await asked(model, answer, user(ASKS, photo()))
    assert [found.item() for found in read(text_of(response)).detections] == [CAT]
    told = seen[0].body["messages"][0]
    assert (told["role"] == "system") == ("gemma" not in model)


async def asked(model: str, answer: str, body: dict[str, Any], **more: Any) -> Any:
    """As `ask`, of an engine whose server calls its model so."""
    return await ask(saying(answer[:9], answer[9:]), body=body, model=model, **more)


async def test_boxes_under_a_schema() -> None:
    item = {
        "type": "OBJECT",
        "properties": {"box_2d": {"type": "ARRAY", "items": {"type": "INTEGER"}}, "label": {"type": "STRING"}},
        "required": ["box_2d", "label"],
    }
    wanted = {"responseMimeType": "application/json", "responseSchema": {"type": "ARRAY", "items": item}}
    answer = '[{"box_2d": [0, 250, 500, 1000], "label": "cat"}]'
    response, seen = await asked("Qwen/Qwen3-VL-8B-Instruct", answer, user("Detect the cat.", photo()), **wanted)
    assert json.loads(text_of(response)) == [CAT]
    assert "0 to 1000" in seen[0].body["messages"][0]["content"]


async def test_pixels_are_those_of_the_picture_that_was_sent() -> None:
    small = {"mediaResolution": "MEDIA_RESOLUTION_LOW"}  # 535 x 535, which the model sees as 532 x 532
    answer = '[{"bbox_2d": [0, 133, 266, 532], "label": "cat"}]'
    response, _ = await asked("Qwen/Qwen2.5-VL-7B-Instruct", answer, user(ASKS, photo()), **small)
    assert [found.item() for found in read(text_of(response)).detections] == [CAT]


async def test_pixels_of_several_pictures_are_refused() -> None:
    body = user(ASKS, photo(), photo(500, 300))
    with pytest.raises(InvalidArgument, match="send one picture"):
        await asked("Qwen/Qwen2.5-VL-7B-Instruct", "[]", body)
    same = user(ASKS, photo(), photo())
    response, _ = await asked("Qwen/Qwen2.5-VL-7B-Instruct", "There is no cat.", same)
    assert text_of(response) == "There is no cat."


async def test_nothing_is_exchanged_where_boxes_are_not_asked_for() -> None:
    answer = 'The key is "bbox_2d": [1, 2, 3, 4]'
    response, seen = await asked("Qwen/Qwen3-VL-8B-Instruct", answer, user("What does the page say?", photo()))
    assert text_of(response) == answer
    assert [message["role"] for message in seen[0].body["messages"]] == ["user"]
