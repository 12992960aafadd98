"""The double that ships: it plays what it is told, and remembers what it was asked."""

from __future__ import annotations

from contextlib import aclosing
from typing import Any

import pytest

from pollux.engines.base import EmbedInput, Event, Prompt, Text, Thought, Turn
from pollux.engines.scripted import ScriptedEngine, Wait
from pollux.wire.content import Part

PROMPT = Prompt("m", (Turn("user", (Part(text="hello "), Part(text="you"))),))


async def played(engine: ScriptedEngine, prompt: Prompt = PROMPT) -> list[Event]:
    return [event async for event in engine.stream(prompt)]


async def test_it_echoes_by_default() -> None:
    engine = ScriptedEngine()
    assert await played(engine) == [Text("hello you")]
    assert await played(engine, Prompt("m", ())) == [Text("(no text)")]
    assert [prompt.model for prompt in engine.prompts] == ["m", "m"]
    assert engine.closed == 0


async def test_it_plays_events_waits_and_raises() -> None:
    engine = ScriptedEngine(lambda _: [Thought("t"), Wait(0), Text("a"), ValueError("stop")])
    events = engine.stream(PROMPT)
    assert [await anext(events), await anext(events)] == [Thought("t"), Text("a")]
    with pytest.raises(ValueError, match="stop"):
        await anext(events)
    assert engine.closed == 0


async def test_it_counts_abandoned_streams() -> None:
    engine = ScriptedEngine(lambda _: [Text("a"), Text("b")])
    events: Any = engine.stream(PROMPT)
    async with aclosing(events):
        await anext(events)
    assert engine.closed == 1


async def test_embeddings_are_unit_vectors() -> None:
    engine = ScriptedEngine()
    vectors = await engine.embed("m", [EmbedInput("abc"), EmbedInput("abcde", task="CLUSTERING")], None)
    assert vectors == [[0, 0, 0, 1], [0, 1, 0, 0]]
    assert [item.task for item in engine.embedded] == ["", "CLUSTERING"]
    assert engine.count_text("abc") is None
