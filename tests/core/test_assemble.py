"""What an answer must be before it goes out: JSON where JSON was asked for, cut short or not."""

from __future__ import annotations

from typing import Any

import pytest

from pollux.core.assemble import check_answer
from pollux.engines.base import Prompt
from pollux.errors import Internal, InvalidArgument
from pollux.wire.generate import GenerationConfig

WHOLE = '{"a": [1.5e+3, true, null, "x\\u00e9\\n \\ud83d\\ude00 y", -2, {"b": false}], "c": ""}'
NO_BEGINNING = [
    "hello",
    '{"a" 1',
    "[1,,",
    "{a:",
    '["a":',
    '{"a":1}}',
    "tru3",
    '"a\nb',
    "[1 2",
    '"\\x',
    '"\\u12x4 and',
    "NaN",
]


def asking(mime_type: str = "application/json", schema: dict[str, Any] | None = None) -> Prompt:
    return Prompt("m", (), config=GenerationConfig(response_mime_type=mime_type), schema=schema)


def test_json_without_a_schema_is_json() -> None:
    check_answer(WHOLE, asking())
    for text in ("", "hello", WHOLE[:-1], WHOLE + "}"):
        with pytest.raises(Internal, match="did not answer in JSON"):
            check_answer(text, asking())


@pytest.mark.parametrize("length", range(len(WHOLE) + 1))
def test_what_was_cut_short_may_be_any_beginning(length: int) -> None:
    check_answer(WHOLE[:length], asking(), cut=True)


@pytest.mark.parametrize("text", NO_BEGINNING)
def test_what_was_cut_short_is_a_beginning(text: str) -> None:
    with pytest.raises(Internal, match="did not answer in JSON"):
        check_answer(text, asking(), cut=True)


def test_an_enum_cut_short() -> None:
    sides = asking("text/x.enum", {"type": "string", "enum": ["left", "right"]})
    check_answer("le", sides, cut=True)
    for text, cut in (("le", False), ("up", True)):
        with pytest.raises(InvalidArgument, match="none of the enum"):
            check_answer(text, sides, cut=cut)
