"""A model's words: what is kept, what is repaired, what is reported; hostile words."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollux.vision.answers import Detection, read

CAT = {"box_2d": [10, 20, 300, 400], "label": "cat"}
DOG = {"box_2d": [1, 2, 3, 4], "label": "dog"}


def items(text: str) -> list[dict[str, Any]]:
    return [thing.item() for thing in read(text).detections]


def kinds(text: str) -> list[str]:
    return [problem.kind for problem in read(text).problems]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([CAT, DOG]),
        json.dumps({"objects": [CAT, DOG], "count": 2}),
        f"```json\n{json.dumps([CAT, DOG], indent=2)}\n```",
        f"Here are [2] things {{see}}:\n```\n{json.dumps([CAT, DOG])}\n```\nI hope [1] that helps.",
        f"```json\n{json.dumps([CAT])}\n```\nand\n```json\n{json.dumps([DOG])}\n```",
        f"I see {json.dumps(CAT)} and, behind it, {json.dumps(DOG)}.",
        f"{json.dumps(CAT)}\n{json.dumps(DOG)}",
        f"```python\nprint([1])\n```\n{json.dumps([CAT, DOG])}",
    ],
)
def test_good_answers_are_read_without_a_word(text: str) -> None:
    answer = read(text)
    assert [thing.item() for thing in answer.detections] == [CAT, DOG]
    assert answer.problems == ()
    assert answer.complete


@pytest.mark.parametrize(
    "text",
    [
        "[{'box_2d': [10, 20, 300, 400], 'label': 'cat'}]",
        '[{"box_2d": [10, 20, 300, 400,], "label": "cat",},]',
        '[{box_2d: [10, 20, 300, 400], label: "cat"}]',
        '[{"box_2d": (10, 20, 300, 400), "label": "cat"}]',
        '[{"box_2d": [10, 20, 300, 400, "label": "cat"}]',
        '[{"box_2d": [10, 20, 300, 400]], "label": "cat"}]',
        '[{"box_2d": [10 20 300 400] "label": "cat"}]',
        '[{"box_2d": [[10, 20, 300, 400]], "label": "cat"}]',
        '[{"box_2d": ["10", "20", "300", "400"], "label": "cat"}]',
        '[{"box_2d": [300, 400, 10, 20], "label": "cat"}]',
        '[{"Box-2D": [10, 20, 300, 400], "label": "cat"}] // all',
    ],
)
def test_safe_repairs(text: str) -> None:
    assert items(text) == [CAT]
    assert set(kinds(text)) <= {"repaired"}
    assert read(text).complete


def test_a_brace_missing_between_two_items() -> None:
    text = '[{"box_2d": [10, 20, 300, 400], "label": "cat", {"box_2d": [1, 2, 3, 4], "label": "dog"}]'
    assert items(text) == [CAT, DOG]
    assert [str(p) for p in read(text).problems] == ["line 1, column 49: '}' is missing before this (repaired)"]


def test_quotes_inside_a_label() -> None:
    assert items('[{"label": "the "big" cat", "point": [5, 6]}]') == [{"point": [5, 6], "label": 'the "big" cat'}]
    assert items("[{'label': 'it's', 'point': [5, 6]}]") == [{"point": [5, 6], "label": "it's"}]


@given(st.integers(0, 400))
@settings(deadline=None)
def test_of_a_text_cut_anywhere_only_whole_items_are_kept(cut: int) -> None:
    whole = json.dumps([CAT, DOG | {"mask": "data:image/png;base64,AAAA"}, CAT], indent=1)
    cut = min(cut, len(whole))
    text = "```json\n" + whole[:cut]
    ends = [n for n in range(cut) if whole[n] == "}"]
    answer = read(text)
    assert len(answer.detections) == len(ends)
    assert [d.label for d in answer.detections] == ["cat", "dog", "cat"][: len(ends)]
    assert answer.complete == (cut in (0, len(whole)))


def test_the_place_of_a_loss_is_told() -> None:
    answer = read('[\n {"box_2d": [1, 2, 3], "label": "a"},\n {"box_2d": [1, 2, 3, 4], "label": "b"},\n {"box_2d": [1,')
    assert [d.label for d in answer.detections] == ["b"]
    assert [(p.kind, p.line, p.column) for p in answer.problems] == [
        ("dropped", 2, 2),
        ("dropped", 2, 2),
        ("dropped", 4, 2),
        ("truncated", 4, 16),
    ]
    assert "box_2d is not 4 finite numbers" in answer.problems[0].text
    assert not answer.complete


@pytest.mark.parametrize(
    "text",
    [
        '[{"box_2d": [1, NaN, 3, 4], "label": "a"}]',
        '[{"box_2d": [1, 1e999, 3, 4], "label": "a"}]',
        '[{"box_2d": [1, true, 3, 4], "label": "a"}]',
        '[{"box_2d": [1, {}, 3, 4], "label": "a"}]',
        '[{"box_2d": "1 2 3 4", "label": "a"}]',
        '[{"box_2d": null, "label": "a"}]',
        '[{"label": "cat, "box_2d": [1, 2, 3, 4]}]',
        '[{"box_2d": [1, 2, 3, 4], "label": }]',
        '[{"box_2d": [1, 2, 3, four], "label": "a"}]',
        '[{"mask": "data:image/png;base64,AA==", "label": "a"}]',
    ],
)
def test_what_cannot_be_used_is_left_out_and_reported(text: str) -> None:
    answer = read(text)
    assert answer.detections == ()
    assert "dropped" in {problem.kind for problem in answer.problems}


def test_what_is_kept_beside() -> None:
    [thing] = read(
        '[{"box_2d": [-5, 0.5, 2000, 4], "label": 7, "mask": 3, "confidence": 0.5, "why": {"a": [1, NaN]}}]'
    ).detections
    assert thing == Detection("7", (0, 0.5, 1000, 4), None, None, 0.5, {"why": {"a": [1, None]}}, 1)
    json.dumps(thing.item(), allow_nan=False)


def test_a_scale_of_one_is_suspected() -> None:
    assert kinds('[{"box_2d": [0.1, 0.2, 0.5, 0.6], "label": "a"}]') == ["suspect"]
    assert kinds('[{"point": [1, 2], "point": [3, 4]}]') == ["suspect"]


@pytest.mark.parametrize(
    "text", ["", "Nothing is there.", "[]", "```json\n[]\n```", "[1, 2, 3, 4]", '{"a": 1}', "null"]
)
def test_nothing_found_is_an_empty_list(text: str) -> None:
    assert read(text).detections == ()
    assert read(text).complete


@pytest.mark.parametrize(
    "text",
    [
        "[" * 300_000,
        '{"a":' * 100_000,
        '["' * 100_000,
        "['" * 100_000,
        "```[" * 50_000,
        "[/*" * 100_000,
        '["\\' * 100_000,
        "[]" * 50_000,
        '{"box_2d":[' * 50_000,
        '["' + " " * 300_000 + '" ' * 1000,
        "[" + "9" * 300_000,
        '[{"a":1' + "]" * 100_000,
        '[{"label":"' + '\\"' * 100_000,
        "[" + "@" * 300_000,
        "[1]\n" * 30_000,
        "[,:}" * 50_000,
        "{" + '"a" ' * 50_000,
    ],
    ids=lambda text: text[:12],
)
def test_hostile_texts_come_to_an_end(text: str) -> None:
    """Each would take minutes, or overflow the stack, if any step looked back over what was read."""
    answer = read(text)
    assert answer.detections == ()
    assert len(answer.problems) <= 100


@given(st.text(alphabet="[]{}(),:\"'\\/*#`\n abe1.-_2dNx\ud800", max_size=80))
@settings(deadline=None)
def test_no_text_is_too_odd(text: str) -> None:
    for odd in (text, "```json\n" + text, '[{"box_2d": [1, 2, 3, 4], "label": ' + text):
        for thing in read(odd).detections:
            assert thing.box_2d is not None or thing.point is not None
