"""Boxes asked for in Gemini's words come in Gemini's form, whatever the model writes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pollux.errors import ConfigurationError, InvalidArgument
from pollux.vision.answers import read
from pollux.vision.codes import MaskDecoder
from pollux.vision.masks import decode_map
from tests.engines.openai.kit import ask, encoded, engine, part, picture, text_of, user
from tests.engines.openai.stub import saying
from tests.vision.test_codes import weights

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


@pytest.mark.parametrize(
    ("model", "task", "answer"),
    [
        ("google/paligemma2-3b-mix-448", "detect cat", "<loc0256><loc0000><loc1023><loc0512> cat"),
        ("microsoft/Florence-2-large", "<OPEN_VOCABULARY_DETECTION>cat", "cat<loc_0><loc_250><loc_500><loc_999>"),
        (
            "microsoft/kosmos-2-patch14-224",
            "<grounding><phrase> cat</phrase>",
            "<object><patch_index_0256><patch_index_1007></object>",
        ),
        ("allenai/Molmo-7B-D-0924", "Point to the cat.", '<point x="25" y="62.5" alt="cat">cat</point>'),
    ],
)
async def test_models_of_fixed_tasks_get_the_task_alone(model: str, task: str, answer: str) -> None:
    body = {**user("Look here.", photo(), ASKS), "systemInstruction": {"parts": [{"text": "Answer in JSON."}]}}
    response, seen = await asked(model, answer, body)
    (message,) = seen[0].body["messages"]
    assert [part["type"] for part in message["content"]] == ["image_url", "text"]
    assert message["content"][1]["text"] == task
    (found,) = [found.item() for found in read(text_of(response)).detections]
    assert found["label"] == "cat"
    if "box_2d" in found:
        assert all(abs(one - other) <= 20 for one, other in zip(found["box_2d"], CAT["box_2d"], strict=True))
    else:
        assert found["point"] == [625, 250]


async def test_a_task_under_a_schema_gives_bare_json_even_where_nothing_is_found() -> None:
    item = {
        "type": "OBJECT",
        "properties": {"box_2d": {"type": "ARRAY", "items": {"type": "INTEGER"}}, "label": {"type": "STRING"}},
    }
    wanted = {"responseMimeType": "application/json", "responseSchema": {"type": "ARRAY", "items": item}}
    paligemma = "google/paligemma2-3b-mix-448"
    response, seen = await asked(paligemma, "<loc0256><loc0000><loc1023><loc0512> cat", user(ASKS, photo()), **wanted)
    assert [one["label"] for one in json.loads(text_of(response))] == ["cat"]
    assert "response_format" not in seen[0].body  # it would keep the model from writing its own words
    response, _ = await asked(paligemma, "There is none.", user(ASKS, photo()), **wanted)
    assert json.loads(text_of(response)) == []


MASKS = 'Give the segmentation masks for the cat: box_2d, "mask" and "label" of each.'


async def test_masks_of_codewords(tmp_path: Path) -> None:
    file = tmp_path / "vae-oid.npz"
    np.savez(file, **weights())
    codes = "".join(f"<seg{n:03}>" for n in range(16))
    answer = f"<loc0256><loc0000><loc1023><loc0512>{codes} cat"
    paligemma = "google/paligemma2-3b-mix-448"
    response, seen = await asked(paligemma, answer, user(photo(), MASKS), mask_decoder=file)
    assert seen[0].content()[1]["text"] == "segment cat"
    (found,) = read(text_of(response)).detections
    assert found.label == "cat"
    (item,) = json.loads(text_of(response).strip("`json\n"))
    assert np.array_equal(decode_map(item["mask"]), MaskDecoder(file)(range(16)))
    with pytest.raises(InvalidArgument, match="makes no segmentation masks"):
        await asked(paligemma, answer, user(photo(), MASKS))


def test_mask_decoders_that_cannot_be(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="there is no file"):
        engine("http://a/v1", model="google/paligemma-3b", mask_decoder=tmp_path / "x.npz")
    with pytest.raises(ConfigurationError, match="is for PaliGemma"):
        engine("http://a/v1", model="Qwen/Qwen3-VL-8B-Instruct", mask_decoder=tmp_path / "x.npz")
