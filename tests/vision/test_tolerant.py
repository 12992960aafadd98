"""The forgiving reader: on good JSON it is the standard library's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollux.vision.tolerant import MOST_DEPTH, MOST_PROBLEMS, Problems, objects, plain, read_at, unescape

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def whole(text: str) -> tuple[Any, list[str]]:
    problems = Problems(text)
    node, _ = read_at(text, 0, problems)
    return plain(node), [problem.text for problem in problems.listed()]


@given(st.lists(VALUES) | st.dictionaries(st.text(), VALUES), st.booleans())
@settings(deadline=None)
def test_good_json_is_read_as_the_standard_library_does(value: object, ascii_only: bool) -> None:
    text = json.dumps(value, ensure_ascii=ascii_only)
    # Half a surrogate pair is no text; it becomes the replacement character.
    expected = json.loads(text)
    assert whole(text) == (expected, [])


def test_the_end_is_told() -> None:
    text = 'x [1, {"a": [2]}] y'
    node, end = read_at(text, 2, Problems(text))
    assert (plain(node), text[end:]) == ([1, {"a": [2]}], " y")
    assert [path for _, path in objects(node)] == ["[1]"]
    assert node.whole


@pytest.mark.parametrize(
    ("text", "value", "problems"),
    [
        ("[True, None, undefined, .5, +3]", [True, None, None, 0.5, 3], []),
        ("[1, /* two */ 2 // three\n]", [1, 2], []),
        ("[1,, 2]", [1, 2], ["a comma too many"]),
        ('{"a": 1 "b": 2}', {"a": 1, "b": 2}, ["a comma is missing before this"]),
        ('{"a": {"b": 1]}', {"a": {"b": 1}}, ["']' closes nothing", "the text ends inside an item"]),
        ('{"a": [1, {"b": 2}', {"a": [1, {"b": 2}]}, ["the text ends inside an item"]),
        ('["a\nb"]', ["a\nb"], []),
        ("[one]", [None], ["'one' is no value"]),
        ('{"a": 1, "a": 2}', {"a": 2}, ["the key 'a' stands twice; the last counts"]),
        ('[["a", : 1]]', [["a", 1]], ["unexpected ':'"]),
    ],
)
def test_repairs_and_reports(text: str, value: object, problems: list[str]) -> None:
    assert whole(text) == (value, problems)


def test_a_broken_part_does_not_break_what_is_around_it() -> None:
    text = '[{"a": ???}, {"b": 1}]'
    node, _ = read_at(text, 0, Problems(text))
    assert [inner.whole for inner, _ in objects(node)] == [False, True]


def test_depth_and_problems_have_a_limit() -> None:
    assert whole("[" * MOST_DEPTH + "]" * MOST_DEPTH)[1] == []
    assert "brackets deep" in whole("[" * (MOST_DEPTH + 1) + "]" * (MOST_DEPTH + 1))[1][0]
    text = '[{"a":?},' * 1 + '{"a":?},' * 200 + "1]"
    problems = Problems(text)
    read_at(text, 0, problems)
    assert len(problems.listed()) == MOST_PROBLEMS
    assert problems.unlisted > 0


def test_escapes() -> None:
    assert unescape(r"\u00e9\n\/\"\q") == 'é\n/"q'
    assert unescape(r"\ud83d\ude00") == "😀"
    assert unescape(r"\ud83d!") == "\ufffd!"
