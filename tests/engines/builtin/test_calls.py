"""Function calling: whether, which, with what; and an answer from what came back."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pollux.engines.base import Turn
from pollux.wire.content import (
    FunctionCallingConfig,
    FunctionDeclaration,
    FunctionResponse,
    Part,
    Schema,
    Tool,
    ToolConfig,
)
from tests.engines.builtin.answering import RECEIPT, Asker, asker, calls, said


def function(name: str, description: str, **properties: Schema) -> FunctionDeclaration:
    schema = Schema(type="OBJECT", properties=properties, required=tuple(properties))
    return FunctionDeclaration(name=name, description=description, parameters=schema)


TEXT, NUMBER = Schema(type="STRING"), Schema(type="NUMBER")
TOOLS = (
    Tool(
        function_declarations=(
            function("get_weather", "Get the current weather of a city", city=TEXT),
            function(
                "set_light",
                "Set the brightness of a light",
                brightness=NUMBER,
                mood=Schema(type="STRING", enum=("warm", "cool")),
            ),
            function(
                "schedule_meeting",
                "Schedule a meeting",
                attendees=Schema(type="ARRAY", items=TEXT),
                date=TEXT,
                time=TEXT,
            ),
            function("save_receipt", "Save the total of a receipt", merchant=TEXT, total=NUMBER),
        )
    ),
)


def config(mode: str, *names: str) -> ToolConfig:
    return ToolConfig(function_calling_config=FunctionCallingConfig(mode=mode, allowed_function_names=names))


@pytest.fixture
def one() -> Iterator[Asker]:
    with asker() as made:
        yield made


@pytest.mark.parametrize(
    ("prompt", "made"),
    [
        ("What is the weather in Paris?", [("get_weather", {"city": "Paris"})]),
        ("The weather in Paris and London?", [("get_weather", {"city": "Paris"}), ("get_weather", {"city": "London"})]),
        ("Set the light to a warm brightness of 25", [("set_light", {"brightness": 25, "mood": "warm"})]),
        (
            "Schedule a meeting with Bob and Alice on 2026-03-14 at 10:00",
            [("schedule_meeting", {"attendees": ["Bob", "Alice"], "date": "2026-03-14", "time": "10:00"})],
        ),
        ("What is the capital of France?", []),
        ("Hello", []),
    ],
)
def test_auto(one: Asker, prompt: str, made: list[tuple[str, dict[str, Any]]]) -> None:
    assert calls(one.events(prompt, tools=TOOLS)) == made


def test_arguments_from_the_picture(one: Asker) -> None:
    events = one.events("Save this receipt", RECEIPT, tools=TOOLS)
    assert calls(events) == [("save_receipt", {"merchant": "BLUE KETTLE", "total": 12.87})]


def test_what_is_missing_is_asked_for(one: Asker) -> None:
    events = one.events("What is the weather?", tools=TOOLS)
    assert calls(events) == []
    assert said(events) == "To call get_weather I need to know the city. Please tell me."
    before = [one.turn("What is the weather?"), Turn("model", (Part(text=said(events)),))]
    assert calls(one.events("Oslo", before=before, tools=TOOLS)) == [("get_weather", {"city": "Oslo"})]


def test_modes(one: Asker) -> None:
    assert calls(one.events("The weather in Oslo?", tools=TOOLS, tool_config=config("NONE"))) == []
    forced = calls(one.events("Set it to 50", tools=TOOLS, tool_config=config("ANY", "set_light")))
    assert [name for name, _ in forced] == ["set_light"]
    assert forced[0][1]["brightness"] == 50


@pytest.mark.parametrize(
    ("response", "answer"),
    [
        ({"temperature": 25.5, "sky": ["clear"]}, "The function get_weather gave temperature 25.5, sky clear."),
        ({"result": "It is sunny in Oslo."}, "It is sunny in Oslo."),
        ({"error": "no such city"}, "The function get_weather failed: no such city."),
    ],
)
def test_answers_from_results(one: Asker, response: dict[str, Any], answer: str) -> None:
    given = Turn("user", (Part(function_response=FunctionResponse(name="get_weather", response=response)),))
    events = list(one.engine._answer(_prompt(one, given), lambda: False))
    assert said(events) == answer


def _prompt(one: Asker, last: Turn) -> Any:
    from pollux.engines.base import Prompt

    return Prompt("m", (one.turn("The weather in Oslo?"), last), tools=TOOLS)
