"""What families write, as their model cards show it, and what becomes of it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollux.vision.answers import read
from pollux.vision.dialects import DIALECTS, QWEN_LEAST, QWEN_MOST, dialect_of, resized_by_qwen, to_gemini

SIZE = (640, 480)


@pytest.mark.parametrize(
    ("model", "dialect"),
    [
        ("Qwen/Qwen2-VL-7B-Instruct", "qwen2"),
        ("Qwen/Qwen2.5-VL-72B-Instruct-AWQ", "qwen2.5"),
        ("qwen2.5vl:7b", "qwen2.5"),
        ("Qwen/Qwen3-VL-8B-Instruct", "qwen3"),
        ("qwen3-vl:30b", "qwen3"),
        ("Qwen/Qwen3-8B", ""),
        ("google/paligemma2-3b-mix-448", "paligemma"),
        ("microsoft/Florence-2-large", "florence"),
        ("allenai/Molmo-7B-D-0924", "molmo"),
        ("OpenGVLab/InternVL3-8B", "internvl"),
        ("microsoft/kosmos-2-patch14-224", "kosmos"),
        ("llava-hf/llava-1.5-7b-hf", "llava"),
        ("liuhaotian/llava-v1.5-13b", "llava"),
        ("llava-hf/llava-onevision-qwen2-7b-ov-hf", ""),
        ("google/gemma-3-27b-it", ""),
        ("meta-llama/Llama-3.2-11B-Vision", ""),
    ],
)
def test_dialects_by_name(model: str, dialect: str) -> None:
    assert dialect_of(model) == dialect


def box(label: str, *numbers: int) -> dict[str, Any]:
    return {"box_2d": list(numbers), "label": label}


def point(label: str, *numbers: int) -> dict[str, Any]:
    return {"point": list(numbers), "label": label}


TABLE: list[tuple[str, str, tuple[int, int], list[dict[str, Any]]]] = [
    (
        "qwen2",
        "<|object_ref_start|>the cat<|object_ref_end|><|box_start|>(100,200),(300,400)<|box_end|>",
        SIZE,
        [box("the cat", 200, 100, 400, 300)],
    ),
    ("qwen2", "the cat(100,200),(300,400)", SIZE, [box("the cat", 200, 100, 400, 300)]),
    (
        "qwen2.5",  # a picture of 1000 x 1000 is seen as 1008 x 1008
        '```json\n[{"bbox_2d": [0, 252, 504, 1008], "label": "cat"}]\n```',
        (1000, 1000),
        [box("cat", 250, 0, 1000, 500)],
    ),
    ("qwen2.5", '[{"point_2d": [252, 504], "label": "eye"}]', (1000, 1000), [point("eye", 500, 250)]),
    ("qwen2.5", '[{"bbox_2d": [-5, 0, 9999, 28], "label": "bar"}]', (560, 280), [box("bar", 0, 0, 100, 1000)]),
    ("qwen3", '[{"bbox_2d": [135, 114, 1000, 672], "label": "house"}]', SIZE, [box("house", 114, 135, 672, 1000)]),
    ("qwen3", '{"point_2d": [346, 328], "label": "person"}', SIZE, [point("person", 328, 346)]),
    ("qwen3", '[{"label": "x", "bbox_2d": [10.4, 20.6, 5, 8]}]', SIZE, [box("x", 8, 5, 21, 10)]),
    (
        "paligemma",
        "<loc0256><loc0128><loc0768><loc0512> cat ; <loc0000><loc0000><loc1023><loc1023> big dog",
        SIZE,
        [box("cat", 250, 125, 751, 500), box("big dog", 0, 0, 1000, 1000)],
    ),
    (
        "paligemma",
        "<loc0256><loc0128><loc0768><loc0512><seg017><seg127><seg000> cat",
        SIZE,
        [box("cat", 250, 125, 751, 500)],
    ),
    (
        "florence",
        "</s><s>car<loc_52><loc_332><loc_932><loc_774>wheel<loc_708><loc_580><loc_780><loc_773><loc_147><loc_586>"
        "<loc_219><loc_772></s>",
        SIZE,
        [box("car", 332, 52, 774, 932), box("wheel", 580, 708, 774, 780), box("wheel", 586, 148, 772, 220)],
    ),
    ("molmo", '<point x="10.5" y="20.3" alt="the dog">the dog</point>', SIZE, [point("the dog", 203, 105)]),
    (
        "molmo",
        'Counting the <points x1="1.0" y1="2.0" x2="50" y2="99.9" alt="boats">boats</points> shows a total of 2.',
        SIZE,
        [point("boats", 20, 10), point("boats", 999, 500)],
    ),
    (
        "internvl",
        "<ref>the dog</ref><box>[[54, 133, 701, 988]]</box> and <ref>cats</ref><box>[[1, 2, 3, 4], [5, 6, 7, 8]]</box>",
        SIZE,
        [box("the dog", 133, 54, 988, 701), box("cats", 2, 1, 4, 3), box("cats", 6, 5, 8, 7)],
    ),
    # 640 x 480 in a square of 640: 80 rows of margin above and below
    ("llava", "[0.5, 0.125, 0.75, 0.5]", (640, 480), [box("", 0, 500, 500, 750)]),
    ("llava", "[0.25, 0.0, 0.5, 1.0]", (320, 640), [box("", 0, 0, 1000, 500)]),
    ("llava", "It is [0.1,0.2,0.3,0.4].", (500, 500), [box("", 200, 100, 400, 300)]),
    (
        "kosmos",
        "<grounding> An image of<phrase> a snowman</phrase><object><patch_index_0044><patch_index_0863></object> "
        "warming himself by<phrase> a fire</phrase><object><patch_index_0005><patch_index_0911></object>.",
        SIZE,
        # the card: (0.390625, 0.046875, 0.984375, 0.828125) and (0.171875, 0.015625, 0.484375, 0.890625)
        [box("a snowman", 47, 391, 828, 984), box("a fire", 16, 172, 891, 484)],
    ),
    (
        "kosmos",
        "<phrase>dots</phrase><object><patch_index_0000><patch_index_0000></delimiter_of_multi_objects/>"
        "<patch_index_0033><patch_index_0066></object>",
        SIZE,
        [box("dots", 0, 0, 31, 31), box("dots", 47, 47, 78, 78)],
    ),
]


@pytest.mark.parametrize(("dialect", "text", "size", "items"), TABLE)
def test_the_table(dialect: str, text: str, size: tuple[int, int], items: list[dict[str, Any]]) -> None:
    assert [found.item() for found in read(to_gemini(text, dialect, size)).detections] == items


def test_every_dialect_is_in_the_table() -> None:
    assert {row[0] for row in TABLE} == set(DIALECTS)


def test_json_keeps_what_else_it_says() -> None:
    text = 'Here:\n```json\n[{"bbox_2d": [1, 2, 3, 4], "label": "bbox_2d", "colour": [1, 2, 3], "n": 7}]\n```\nDone.'
    said = to_gemini(text, "qwen3", SIZE)
    assert said == text.replace('"bbox_2d": [1, 2, 3, 4]', '"box_2d": [2, 1, 4, 3]')


@pytest.mark.parametrize("dialect", DIALECTS)
def test_an_answer_without_boxes_stays(dialect: str) -> None:
    for text in ("There is no cat (sorry).", "", '{"bbox_2d": [1, 2]}', "<loc0001> x", "<points>"):
        assert to_gemini(text, dialect, SIZE) == text


def test_a_bare_list_where_json_is_wanted() -> None:
    assert json.loads(to_gemini("<loc0000><loc0000><loc0512><loc0512> x", "paligemma", SIZE, fence=False)) == [
        box("x", 0, 0, 500, 500)
    ]


@pytest.mark.parametrize(
    ("size", "resized"),
    [((1000, 1000), (1008, 1008)), ((640, 480), (644, 476)), ((10, 10), (56, 56)), ((1, 200), (28, 196))],
)
def test_sizes_of_qwen(size: tuple[int, int], resized: tuple[int, int]) -> None:
    assert resized_by_qwen(size) == resized


@given(st.integers(28, 20_000), st.integers(28, 20_000))
def test_sizes_of_qwen_are_within_bounds(width: int, height: int) -> None:
    new = resized_by_qwen((width, height))
    assert all(side % 28 == 0 for side in new)
    assert new[0] * new[1] <= QWEN_MOST or 28 in new
    assert new[0] * new[1] >= QWEN_LEAST or min(width, height) >= 28


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize(
    "piece",
    ["word ", " ", "(", "(1,", "<", "<box>", "<object>", "<point ", "<loc_1>", "<loc0001>", '"bbox_2d": [1,', "a", "]"],
)
def test_reading_takes_time_in_proportion(dialect: str, piece: str) -> None:
    begun = time.thread_time()
    to_gemini(piece * 100_000, dialect, SIZE)
    assert time.thread_time() - begun < 5


@pytest.mark.parametrize("dialect", DIALECTS)
@given(text=st.text("<>loc_1x=\"' /points(),[]{}:0bbox_2d|", max_size=200))
def test_nothing_breaks_it(dialect: str, text: str) -> None:
    assert isinstance(to_gemini(text, dialect, SIZE), str)


ASKED: list[tuple[str, tuple[str, ...], bool, str]] = [
    ("paligemma", ("cat", "dog"), False, "detect cat ; dog"),
    ("paligemma", ("cat",), True, "segment cat"),
    ("paligemma", (), False, "detect object"),
    ("florence", ("green car",), False, "<OPEN_VOCABULARY_DETECTION>green car"),
    ("florence", ("car", "wheel"), False, "<CAPTION_TO_PHRASE_GROUNDING>car. wheel."),
    ("florence", (), False, "<OD>"),
    ("molmo", ("boat",), False, "Point to the boat."),
    ("kosmos", ("snowman",), False, "<grounding><phrase> snowman</phrase>"),
    ("kosmos", ("snowman", "fire"), False, "<grounding> Describe this image in detail:"),
]


@pytest.mark.parametrize(("dialect", "labels", "masks", "task"), ASKED)
def test_tasks(dialect: str, labels: tuple[str, ...], masks: bool, task: str) -> None:
    make = DIALECTS[dialect].task
    assert make is not None
    assert make(labels, masks) == task


@pytest.mark.parametrize(
    ("dialect", "words"),
    [
        ("qwen2", "cat, dog"),
        ("qwen2.5", "Outline the position of each of these and output all the coordinates in JSON format: cat, dog."),
        ("qwen3", 'Locate every instance that belongs to the following categories: "cat, dog".'),
        ("internvl", "of the region this sentence describes: <ref>cat</ref> Please provide"),
    ],
)
def test_what_models_are_told_besides(dialect: str, words: str) -> None:
    ask = DIALECTS[dialect].ask
    assert words in ask(("cat", "dog"))
    assert "cat" not in ask(())


def test_what_has_no_name_is_the_only_thing_that_was_asked_for() -> None:
    text = "<object><patch_index_0000><patch_index_0033></object>"
    (item,) = json.loads(to_gemini(text, "kosmos", SIZE, fence=False, labels=("cat",)))
    assert item["label"] == "cat"
    assert json.loads(to_gemini("nothing", "paligemma", SIZE, fence=False)) == []


SEGMENTED = "<loc0000><loc0000><loc1023><loc0512>" + "".join(f"<seg{n:03}>" for n in range(16)) + " cat"


def test_masks_of_codewords() -> None:
    import numpy as np

    seen: list[list[int]] = []

    def decoder(codes: Any) -> Any:
        seen.append(list(codes))
        half = np.zeros((64, 64), np.uint8)
        half[:32] = 255
        return half

    (found,) = read(to_gemini(SEGMENTED, "paligemma", SIZE, decoder=decoder)).detections
    assert seen == [list(range(16))]
    assert found.label == "cat"
    assert list(found.item()) == ["box_2d", "mask", "label"]
    mask = found.mask
    assert mask is not None
    for text in (SEGMENTED.replace("<seg015>", ""), SEGMENTED.replace("<seg015>", "<seg128>")):
        (item,) = json.loads(to_gemini(text, "paligemma", SIZE, fence=False, decoder=decoder))
        assert set(item) == {"box_2d", "label"}
    (item,) = json.loads(to_gemini(SEGMENTED, "paligemma", SIZE, fence=False))
    assert set(item) == {"box_2d", "label"}


@pytest.mark.parametrize(
    ("dialect", "text", "size", "items"), [row for row in TABLE if row[0] not in ("qwen2.5", "llava")]
)
def test_shares_of_a_picture_do_not_depend_on_its_size(
    dialect: str, text: str, size: tuple[int, int], items: list[dict[str, Any]]
) -> None:
    for other in ((64, 4000), (4000, 64)):
        assert to_gemini(text, dialect, other) == to_gemini(text, dialect, size)
    assert items
