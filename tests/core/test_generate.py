"""From events to responses: parts, thoughts, signatures, schemas, safety, candidates; stream and unary are one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollux.core.run import fold
from pollux.engines.base import (
    Call,
    Event,
    Grounding,
    Logprobs,
    LogToken,
    Opaque,
    Picture,
    Prompt,
    Ratings,
    Stop,
    Text,
    Thought,
    Usage,
)
from pollux.engines.scripted import ScriptedEngine, Step
from pollux.errors import ApiError, Internal, InvalidArgument, Unavailable
from pollux.wire.content import FunctionCall, Part
from pollux.wire.generate import SafetyRating
from tests.core.kit import HELLO, ask, playing, stream, texts

THOUGHTS: dict[str, Any] = {"thinkingConfig": {"includeThoughts": True}}
DOT = np.zeros((1, 1, 3), np.uint8)
FLASH_IMAGE = "gemini-2.5-flash-image"
HARASSMENT = "HARM_CATEGORY_HARASSMENT"


async def test_echo_is_the_default_script() -> None:
    answer = await ask(ScriptedEngine())
    candidate = answer.candidates[0]
    assert (texts(answer), candidate.finish_reason, candidate.index) == ("hello", "STOP", 0)
    assert answer.model_version == "gemini-2.5-flash"
    assert answer.response_id


async def test_an_engine_that_says_nothing_still_answers() -> None:
    chunks = await stream(playing())
    assert len(chunks) == 1
    assert chunks[0].candidates[0].finish_reason == "STOP"


async def test_every_chunk_has_text_and_only_the_last_a_reason() -> None:
    chunks = await stream(playing(Text("one "), Text("two "), Text("three"), Text(" four")))
    assert all(texts(chunk) for chunk in chunks)
    assert [c.candidates[0].finish_reason for c in chunks] == [""] * (len(chunks) - 1) + ["STOP"]
    assert len({c.response_id for c in chunks}) == 1


EVENT = st.one_of(
    st.builds(Text, st.text("ab \n", max_size=6)),
    st.builds(Thought, st.text("xy", min_size=1, max_size=3)),
    st.just(Call("f", {"a": 1})),
    st.builds(lambda: Picture(DOT)),
    st.just(Opaque(Part(text="own", part_metadata={"k": 1}))),
)


def flat(parts: Iterable[Part]) -> list[tuple[Any, ...]]:
    """Parts, with neighbouring texts of one kind joined."""
    out: list[tuple[Any, ...]] = []
    for part in parts:
        kind = (part.thought, part.function_call, part.inline_data, part.part_metadata)
        if out and out[-1][1:] == kind and part.text is not None and part.part_metadata is None:
            out[-1] = (out[-1][0] + part.text, *kind)
        else:
            out.append((part.text, *kind))
    return out


@settings(max_examples=150, deadline=None)
@given(
    events=st.lists(EVENT, max_size=8),
    stops=st.lists(st.text("ab", min_size=1, max_size=2), max_size=2),
    thoughts=st.booleans(),
)
async def test_unary_is_the_stream_put_together(events: list[Event], stops: list[str], thoughts: bool) -> None:
    config: dict[str, Any] = {"stopSequences": stops, "thinkingConfig": {"includeThoughts": thoughts}}
    chunks = await stream(playing(*events), **config)
    whole = await ask(playing(*events), **config)
    parts = [p for chunk in chunks for c in chunk.candidates if c.content for p in c.content.parts]
    assert whole.candidates[0].content is not None
    assert flat(parts) == flat(whole.candidates[0].content.parts)
    assert whole.usage_metadata == chunks[-1].usage_metadata
    if not stops:
        said = "".join(e.text for e in events if isinstance(e, Text))
        plain = [p for p in parts if not p.thought and p.part_metadata is None]
        assert "".join(p.text or "" for p in plain) == said
        metadata = [p.part_metadata for p in parts if p.part_metadata is not None]
        assert len(metadata) == sum(isinstance(e, Opaque) for e in events)


@pytest.mark.parametrize(
    ("config", "shown", "counted"),
    [
        ({}, "", 2),
        (THOUGHTS, "pondering", 3),
        ({"thinkingConfig": {"includeThoughts": True, "thinkingBudget": 0}}, "", 0),
        ({"thinkingConfig": {"includeThoughts": True, "thinkingBudget": -1}}, "pondering", 3),
    ],
)
async def test_thoughts_are_shown_when_asked_for(config: dict[str, Any], shown: str, counted: int) -> None:
    answer = await ask(playing(Thought("pond"), Thought("ering"), Text("yes, it is")), **config)
    assert texts(answer, thought=True) == shown
    assert texts(answer) == "yes, it is"
    assert answer.usage_metadata is not None
    assert (answer.usage_metadata.thoughts_token_count > 0) == (counted > 0)


async def test_signatures() -> None:
    shown = await ask(playing(Thought("hm"), Text("yes, "), Text("it is")), **THOUGHTS)
    assert shown.candidates[0].content is not None
    signed = [bool(part.thought_signature) for part in shown.candidates[0].content.parts]
    assert signed == [False, True]
    called = await ask(playing(Call("f", {}), Call("g", {"a": 1}, "id-1")))
    assert called.candidates[0].content is not None
    first, second = called.candidates[0].content.parts
    assert first.thought_signature
    assert not second.thought_signature
    assert second.function_call == FunctionCall(name="g", args={"a": 1}, id="id-1")


async def test_candidates() -> None:
    def script(prompt: Prompt) -> Iterable[Step]:
        yield Text(f"number {prompt.candidate} of seed {prompt.seed}")

    answer = await ask(ScriptedEngine(script), candidateCount=3, seed=7)
    assert [texts(answer, i) for i in range(3)] == [f"number {i} of seed {7 + i}" for i in range(3)]
    assert [c.index for c in answer.candidates] == [0, 1, 2]
    one = await ask(ScriptedEngine(script), seed=7)
    assert one.usage_metadata is not None
    assert answer.usage_metadata is not None
    assert answer.usage_metadata.candidates_token_count == 3 * one.usage_metadata.candidates_token_count


@pytest.mark.parametrize(
    ("threshold", "probability", "blocked"),
    [
        (None, "HIGH", False),
        ("OFF", "HIGH", False),
        ("BLOCK_NONE", "HIGH", False),
        ("BLOCK_ONLY_HIGH", "MEDIUM", False),
        ("BLOCK_ONLY_HIGH", "HIGH", True),
        ("BLOCK_MEDIUM_AND_ABOVE", "LOW", False),
        ("BLOCK_MEDIUM_AND_ABOVE", "MEDIUM", True),
        ("BLOCK_LOW_AND_ABOVE", "NEGLIGIBLE", False),
        ("BLOCK_LOW_AND_ABOVE", "LOW", True),
    ],
)
@pytest.mark.parametrize("of_prompt", [True, False])
async def test_safety(threshold: str | None, probability: str, blocked: bool, of_prompt: bool) -> None:
    settings = [{"category": HARASSMENT, "threshold": threshold}] if threshold else []
    rating = Ratings((SafetyRating(category=HARASSMENT, probability=probability),), of_prompt)
    answer = await ask(playing(Text("a bad word "), rating, Text("more")), {**HELLO, "safetySettings": settings})
    if blocked and of_prompt:
        assert answer.prompt_feedback is not None
        assert answer.prompt_feedback.block_reason == "SAFETY"
        assert answer.prompt_feedback.safety_ratings[0].blocked
        assert "bad" not in str(answer.candidates)
        return
    candidate = answer.candidates[0]
    assert candidate.finish_reason == ("SAFETY" if blocked else "STOP")
    assert texts(answer) == ("" if blocked else "a bad word more")
    if not of_prompt:
        assert [(r.probability, r.blocked) for r in candidate.safety_ratings] == [(probability, blocked)]


SCHEMA = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 3}}, "required": ["n"]}
AS_JSON: dict[str, Any] = {"responseMimeType": "application/json", "responseJsonSchema": SCHEMA}
ENUM: dict[str, Any] = {"responseMimeType": "text/x.enum", "responseSchema": {"type": "STRING", "enum": ["cat", "dog"]}}


@pytest.mark.parametrize(
    ("config", "pieces"),
    [(AS_JSON, ['{"n"', ": 5}"]), (ENUM, ["ca", "t"])],
)
async def test_what_validates_goes_out(config: dict[str, Any], pieces: list[str]) -> None:
    assert texts(await ask(playing(*map(Text, pieces)), **config)) == "".join(pieces)


@pytest.mark.parametrize(
    ("config", "text", "field"),
    [
        (AS_JSON, '{"n": 1}', "generationConfig.responseJsonSchema.n"),
        (AS_JSON, "{}", "generationConfig.responseJsonSchema"),
        (ENUM, "cow", "generationConfig.responseSchema"),
        (ENUM, "", "generationConfig.responseSchema"),
    ],
)
async def test_what_does_not_validate_names_the_field(config: dict[str, Any], text: str, field: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        await ask(playing(Text(text)), **config)
    assert caught.value.field == field


@pytest.mark.parametrize("text", ["no json", "", "{", '{"n": NaN}', "[" * 100_000])
async def test_an_engine_that_breaks_its_promise_is_an_internal_error(text: str) -> None:
    with pytest.raises(Internal, match="JSON"):
        await ask(playing(Text(text)), **AS_JSON)


async def test_no_promise_after_max_tokens_a_stop_sequence_or_a_call() -> None:
    cut = await ask(playing(Text('{"n": 1234567890}')), maxOutputTokens=2, **AS_JSON)
    assert (texts(cut), cut.candidates[0].finish_reason) == ('{"n": 12', "MAX_TOKENS")
    for stop, left in (("34", '{"n": 12'), ("{", "")):
        stopped = await ask(playing(Text('{"n": 1234567890}')), stopSequences=[stop], **AS_JSON)
        assert (texts(stopped), stopped.candidates[0].finish_reason) == (left, "STOP")
    with pytest.raises(Internal, match="JSON"):
        await ask(playing(Text("no json")), stopSequences=["x"], **AS_JSON)
    called = await ask(playing(Call("f", {})), **AS_JSON)
    assert called.candidates[0].finish_reason == "STOP"


async def test_stop_grounding_usage_and_pictures() -> None:
    events = (Text("a"), Picture(DOT), Picture(DOT, thought=True), Grounding({"webSearchQueries": ["q"]}))
    answer = await ask(playing(*events, Stop("RECITATION", "because"), Text("never")), model=FLASH_IMAGE)
    candidate = answer.candidates[0]
    assert (candidate.finish_reason, candidate.finish_message) == ("RECITATION", "because")
    assert candidate.grounding_metadata == {"webSearchQueries": ["q"]}
    assert texts(answer) == "a"
    assert answer.usage_metadata is not None
    assert answer.usage_metadata.candidates_token_count == 1290 + 1


async def test_an_engines_own_usage_wins() -> None:
    usage = (await ask(playing(Text("a"), Usage(100, 20, 3)))).usage_metadata
    assert usage is not None
    assert (usage.prompt_token_count, usage.candidates_token_count, usage.thoughts_token_count) == (100, 20, 3)
    assert usage.total_token_count == 123


@pytest.mark.parametrize("error", [Unavailable("later"), RuntimeError("broken"), TimeoutError("mine")])
async def test_what_an_engine_raises_comes_through(error: Exception) -> None:
    with pytest.raises(type(error)):
        await ask(playing(Text("a"), error))
    assert not isinstance(error, TimeoutError | RuntimeError) or not isinstance(error, ApiError)


async def test_fold_of_one_chunk_is_that_chunk() -> None:
    chunks = await stream(playing(Text("x")))

    async def again() -> Any:
        for chunk in chunks:
            yield chunk

    assert await fold(again()) is chunks[0]


async def test_log_probabilities_go_out_at_the_end() -> None:
    yes, no = LogToken("yes", -0.5, (("yes", -0.5), ("no", -1.0))), LogToken("!", -1.5)
    chunks = await stream(playing(Text("yes"), Logprobs((yes,)), Text("!"), Logprobs((no,))))
    assert all(chunk.candidates[0].logprobs_result is None for chunk in chunks[:-1])
    last = chunks[-1].candidates[0]
    assert last.avg_logprobs == -1.0
    assert last.logprobs_result is not None
    assert [row["token"] for row in last.logprobs_result["chosenCandidates"]] == ["yes", "!"]
    assert [len(row["candidates"]) for row in last.logprobs_result["topCandidates"]] == [2, 0]
