"""Calls in the forms of each family, in whatever pieces they come."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollux.engines.base import Call, Text
from pollux.engines.chat.calls import Calls

SCHEMAS: dict[str, dict[str, Any]] = {
    "weather": {"type": "object", "properties": {"city": {"type": "string"}, "days": {"type": "integer"}}},
    "stop": {"type": "object", "properties": {}},
}
OSLO = {"city": "Oslo", "days": 2}
FORMS = {
    "hermes": '<tool_call>\n{"name": "weather", "arguments": {"city": "Oslo", "days": 2}}\n</tool_call>',
    "qwen coder": (
        "<tool_call>\n<function=weather>\n<parameter=city>\nOslo\n</parameter>\n<parameter=days>\n2\n</parameter>\n"
        "</function>\n</tool_call>"
    ),
    "glm": (
        "<tool_call>weather\n<arg_key>city</arg_key>\n<arg_value>Oslo</arg_value>\n<arg_key>days</arg_key>\n"
        "<arg_value>2</arg_value>\n</tool_call>"
    ),
    "mistral": '[TOOL_CALLS] [{"name": "weather", "arguments": {"city": "Oslo", "days": 2}, "id": "abcdefghi"}]',
    "mistral, newer": '[TOOL_CALLS]weather[ARGS]{"city": "Oslo", "days": 2}',
    "llama": '{"name": "weather", "parameters": {"city": "Oslo", "days": 2}}',
    "llama, marked": '<|python_tag|>{"name": "weather", "parameters": {"city": "Oslo", "days": 2}}<|eom_id|>',
    "gemma 4": '<|tool_call>call:weather{city:<|"|>Oslo<|"|>,days:2}<tool_call|>',
    "gemma 3": '```tool_code\nprint(weather(city="Oslo", days=2))\n```',
    "lfm 2": '<|tool_call_start|>[weather(city="Oslo", days=2)]<|tool_call_end|>',
    "text": '<tool_call>{"name": "weather", "arguments": "{\\"city\\": \\"Oslo\\", \\"days\\": 2}"}</tool_call>',
}


def parted(*pieces: str, bare: bool = True) -> tuple[str, list[tuple[str, Any]], str]:
    """(text, calls, the finish reason of what cannot be read)."""
    calls = Calls(SCHEMAS, bare)
    events = [event for piece in pieces for event in calls.feed(piece)] + list(calls.flush())
    text = "".join(event.text for event in events if isinstance(event, Text))
    found = [(event.name, event.args) for event in events if isinstance(event, Call)]
    return text, found, calls.problem[0] if calls.problem else ""


@pytest.mark.parametrize("form", FORMS)
def test_forms(form: str) -> None:
    assert parted(FORMS[form]) == ("", [("weather", OSLO)], "")


@pytest.mark.parametrize("form", [form for form in FORMS if form != "llama"])
def test_words_before_a_call(form: str) -> None:
    assert parted("I look. ", FORMS[form]) == ("I look. ", [("weather", OSLO)], "")


def test_several() -> None:
    twice = FORMS["hermes"] + "\n" + '<tool_call>{"name": "stop", "arguments": {}}</tool_call>'
    assert parted(twice)[1] == [("weather", OSLO), ("stop", {})]
    assert parted('[TOOL_CALLS]stop{}weather{"city": "Oslo", "days": 2}')[1] == [("stop", {}), ("weather", OSLO)]
    assert parted('{"name": "stop", "parameters": {}}; {"name": "weather", "parameters": {"city": "x"}}')[1] == [
        ("stop", {}),
        ("weather", {"city": "x"}),
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2 < 3 and {x}", "2 < 3 and {x}"),
        ('{"name": "Ada", "age": 36}', '{"name": "Ada", "age": 36}'),
        ("{ no JSON", "{ no JSON"),
        ("<tool", "<tool"),
        ("", ""),
    ],
)
def test_what_is_no_call_is_text(text: str, found: str) -> None:
    assert parted(text) == (found, [], "")


def test_nothing_is_a_call_where_none_was_offered() -> None:
    calls = Calls({}, bare=True)
    assert [event.text for event in calls.feed(FORMS["hermes"])] == [FORMS["hermes"]]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('<tool_call>{"name": "weather", "argu', "MALFORMED_FUNCTION_CALL"),
        ('<tool_call>{"name": "weather", "arguments": [1]}</tool_call>', "MALFORMED_FUNCTION_CALL"),
        ('<tool_call>{"name": "launch", "arguments": {}}</tool_call>', "UNEXPECTED_TOOL_CALL"),
        ("<|tool_call_start|>[weather(city=where())]<|tool_call_end|>", "MALFORMED_FUNCTION_CALL"),
    ],
)
def test_problems(text: str, problem: str) -> None:
    assert parted(text) == ("", [], problem)


@settings(deadline=None)
@given(st.sampled_from(sorted(FORMS)), st.sampled_from(["", "So: "]), st.data())
def test_pieces_make_no_difference(form: str, before: str, data: st.DataObject) -> None:
    text = before + FORMS[form]
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=8)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert parted(*pieces) == parted(text)


@settings(deadline=None)
@given(st.text('<>|[]{}toolcallTOOLCALLS_:()=`"\\ \n', max_size=60))
def test_nothing_breaks_it(text: str) -> None:
    for mark in ("<tool_call>", "[TOOL_CALLS]", "<|tool_call>", "<|tool_call_start|>", ""):
        parted(mark + text)
