"""Who is asked when an engine fails, and who is left alone for a while."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

import pytest

from pollux.core.admit import Caller, Permits
from pollux.core.bill import Bill
from pollux.core.deadline import Deadline
from pollux.core.fallback import FIRST_REST, LONGEST_REST, PATIENCE, Health
from pollux.core.generate import Core
from pollux.engines.base import Ability, EmbedInput, Event, ModelCard, Prompt, Stop, Text
from pollux.engines.families import default_families
from pollux.engines.registry import Registry
from pollux.errors import (
    ApiError,
    DeadlineExceeded,
    Internal,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unavailable,
)
from pollux.media.limits import MediaLimits
from pollux.media.resolve import resolve
from pollux.wire import lenient
from pollux.wire.generate import (
    CountTokensResponse,
    EmbedContentRequest,
    GenerateContentRequest,
    GenerateContentResponse,
    UsageMetadata,
)
from pollux.wire.methods import GENERATE, STREAM
from pollux.wire.relay import Relayed, relayed
from tests.core.kit import HELLO, finish, texts
from tests.media.samples import drawing, save

MODEL = "gemini-2.5-flash"
ALL: frozenset[Ability] = frozenset({"text", "image_in", "schema", "tools", "embeddings"})
OWN = [Unavailable, ResourceExhausted, DeadlineExceeded, Internal]
CALLERS = [InvalidArgument, NotFound, PermissionDenied]


class Player:
    """Plays events; an ApiError among them is raised, a number is a time to wait."""

    def __init__(self, *events: Event | ApiError | float, able: frozenset[Ability] = ALL, card: str = "m") -> None:
        self.events, self.able, self.card, self.asked = events, able, card, 0

    def cards(self) -> Sequence[ModelCard]:
        return (ModelCard(self.card, self.able, embed_dims=2),)

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        del prompt
        self.asked += 1
        for event in self.events:
            if isinstance(event, ApiError):
                raise event
            if isinstance(event, float):
                await asyncio.sleep(event)
            else:
                yield event

    def count_text(self, text: str) -> int | None:
        return len(text)

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        del model, dims
        self.asked += 1
        for event in self.events:
            if isinstance(event, ApiError):
                raise event
        return [[1.0, 0.0] for _ in inputs]

    async def close(self) -> None:
        """Holds nothing."""


class Google(Player):
    """A relay."""

    def __init__(self, *events: Event | ApiError | float) -> None:
        super().__init__(*events, able=ALL | {"relay"})

    async def count(self, prompt: Prompt) -> CountTokensResponse:
        raise NotImplementedError


def passed(text: str) -> Relayed:
    return relayed(
        b'{"candidates":[{"content":{"parts":[{"text":"%s"}],"role":"model"},"index":0,"finishReason":"STOP"}],'
        b'"usageMetadata":{"promptTokenCount":3,"totalTokenCount":5}}' % text.encode()
    )


def good(text: str, **more: Any) -> Player:
    return Player(Text(text), Stop(), **more)


def core_of(*engines: Player, health: Health | None = None, gates: Mapping[str, Permits] | None = None) -> Core:
    named = {f"e{i}": engine for i, engine in enumerate(engines)}
    return Core(
        Registry(default_families(), named, {"*": tuple(named)}, default="e0"),
        lambda _, part, field: resolve(part, field, MediaLimits()),
        Permits(8, 8),
        finish(),
        gates=gates or {},
        health=health or Health(),
    )


async def ask(core: Core, body: Mapping[str, Any] = HELLO, seconds: float = 10, bill: Bill | None = None) -> str:
    request = lenient.convert(GenerateContentRequest, body)
    answers = core.generate(request, MODEL, Caller(), Deadline.after(seconds), STREAM, bill=bill)
    return "".join([texts(one) async for one in answers])


@pytest.mark.parametrize("error", OWN)
async def test_the_next_is_asked_when_one_fails_of_itself(error: type[ApiError]) -> None:
    first, second, third = Player(error()), good("second"), good("third")
    bill = Bill()
    assert await ask(core_of(first, second, third), bill=bill) == "second"
    assert (first.asked, second.asked, third.asked) == (1, 1, 0)
    assert (bill.engine, bill.fallback) == ("e1", 1)


@pytest.mark.parametrize("error", CALLERS)
async def test_what_the_caller_did_wrong_is_told_at_once(error: type[ApiError]) -> None:
    second = good("second")
    with pytest.raises(error):
        await ask(core_of(Player(error()), second))
    assert second.asked == 0


async def test_after_the_first_event_nobody_else_is_asked() -> None:
    second = good("second")
    with pytest.raises(Unavailable):
        await ask(core_of(Player(Text("some words of it "), Text("and more"), Unavailable()), second))
    assert second.asked == 0


async def test_the_error_of_the_first_is_told_when_all_fail() -> None:
    chain = Player(Unavailable("first")), Player(Internal("second")), Player(InvalidArgument("third"))
    with pytest.raises(Unavailable, match="first"):
        await ask(core_of(*chain))
    assert [one.asked for one in chain] == [1, 1, 1]


async def test_the_callers_own_time_is_not_spent_twice() -> None:
    second = good("second")
    core = core_of(Player(5.0), second)
    with pytest.raises(DeadlineExceeded):
        await ask(core, seconds=0.05)
    assert second.asked == 0
    assert core.health.well(core.registry.resolve(MODEL))  # a hasty caller makes nobody ill


async def test_a_picture_is_not_dropped_for_one_that_sees_none() -> None:
    picture = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(save(drawing(), "PNG")).decode()}}
    body = {"contents": [{"parts": [picture, {"text": "What is it?"}]}]}
    blind, seeing = good("blind", able=frozenset({"text"})), good("seeing")
    assert await ask(core_of(Player(Unavailable()), blind, seeing), body) == "seeing"
    with pytest.raises(Unavailable):
        await ask(core_of(Player(Unavailable()), blind), body)
    assert blind.asked == 0


async def test_a_picture_is_asked_of_painters_alone() -> None:
    body = {**HELLO, "generationConfig": {"responseModalities": ["TEXT", "IMAGE"]}}
    second = good("words for a picture")
    core = core_of(Player(Unavailable(), able=ALL | {"image_out"}), second)
    request = lenient.convert(GenerateContentRequest, body)
    with pytest.raises(Unavailable):
        async for _ in core.generate(request, "gemini-2.5-flash-image", Caller(), Deadline.after(5)):
            pass
    assert second.asked == 0


async def test_relays_and_others_stand_in_for_each_other() -> None:
    assert await ask(core_of(Google(Unavailable()), good("here"))) == "here"
    bill = Bill()
    assert await ask(core_of(Player(Unavailable()), Google(passed("there"))), bill=bill) == "there"
    assert bill.total_tokens == 5
    with pytest.raises(InvalidArgument):  # Google's word on what the caller did
        await ask(core_of(Google(InvalidArgument("no")), good("here")))


async def test_a_line_that_is_full_is_no_illness() -> None:
    first, second = Player(0.2, Text("first"), Stop()), good("second")
    core = core_of(first, second, gates={"e0": Permits(1, 0)})
    assert sorted(await asyncio.gather(ask(core), ask(core))) == ["first", "second"]
    assert core.health.well(core.registry.resolve(MODEL))


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


async def test_one_that_fails_rests_longer_each_time_and_has_a_trial() -> None:
    clock = Clock()
    first, second = Player(Unavailable()), good("second")
    core = core_of(first, second, health=Health(clock))
    rest, asked = FIRST_REST, 1
    for _ in range(8):
        await ask(core)
        assert first.asked == asked
        clock.now += rest * 0.9
        await ask(core)  # rests
        assert first.asked == asked
        clock.now += rest * 0.2
        rest, asked = min(rest * 2, LONGEST_REST), asked + 1
    first.events = (0.1, Text("first"), Stop())
    clock.now += LONGEST_REST
    both = await asyncio.gather(ask(core), ask(core))
    assert sorted(both) == ["first", "second"]  # one is the trial, the other does not wait for it
    assert await ask(core) == "first"
    first.events = (Unavailable(),)
    await ask(core)
    clock.now += FIRST_REST * 1.1
    assert core.health.well(core.registry.resolve(MODEL))  # its past is forgotten


async def test_a_trial_that_is_left_is_not_the_last() -> None:
    clock = Clock()
    first, second = Player(Unavailable()), good("second")
    core = core_of(first, second, health=Health(clock))
    await ask(core)
    clock.now += FIRST_REST
    first.events = (60.0,)
    trial = asyncio.create_task(ask(core))
    await asyncio.sleep(0.02)
    trial.cancel()
    await asyncio.gather(trial, return_exceptions=True)
    first.events = (Text("first"), Stop())
    assert await ask(core) == "first"


async def test_requests_that_fail_together_are_one_failure() -> None:
    clock = Clock()
    first = Player(0.02, Unavailable())
    core = core_of(first, good("second"), health=Health(clock))
    assert await asyncio.gather(*(ask(core) for _ in range(8))) == ["second"] * 8
    assert first.asked == 8
    clock.now += FIRST_REST * 1.1
    await ask(core)
    assert first.asked == 9  # not after a minute


async def test_an_answer_that_began_before_a_failure_does_not_end_the_rest() -> None:
    clock = Clock()
    first = Player(0.05, Text("a b"), 0.05, Text(" c d"), Stop())
    core = core_of(first, good("second"), health=Health(clock))
    under_way = asyncio.create_task(ask(core))
    await asyncio.sleep(0.02)
    first.events = (ResourceExhausted(retry_after=20),)
    assert await ask(core) == "second"
    assert await under_way == "a b c d"
    assert await ask(core) == "second"
    assert first.asked == 2


async def test_one_request_that_breaks_it_does_not_send_everyone_away() -> None:
    first, second = Player(Internal()), good("second")
    core = core_of(first, second)
    for asked in range(1, PATIENCE + 3):
        await ask(core)
        assert first.asked == min(asked, PATIENCE)


async def test_when_all_rest_they_are_asked_all_the_same() -> None:
    first, second = Player(Unavailable("one")), Player(Unavailable("two"))
    core = core_of(first, second)
    for _ in range(2):
        with pytest.raises(Unavailable, match="one"):
            await ask(core)
    assert (first.asked, second.asked) == (2, 2)


async def test_a_quota_rests_as_long_as_it_says() -> None:
    clock = Clock()
    first = Player(ResourceExhausted(retry_after=20))
    core = core_of(first, good("second"), health=Health(clock))
    for wait, asked in ((0, 1), (19, 1), (2, 2)):
        clock.now += wait
        await ask(core)
        assert first.asked == asked


async def test_vectors_come_from_the_same_model_or_not_at_all() -> None:
    request = lenient.convert(EmbedContentRequest, {"content": {"parts": [{"text": "x"}]}})
    other, twin = good("", card="other"), good("", card="m")
    core = core_of(Player(Unavailable()), other, twin)
    bill = Bill()
    vectors, _ = await core.embed(
        [request], "gemini-embedding-001", Caller(), Deadline.after(5), batch=False, bill=bill
    )
    assert vectors[0].values == (1.0, 0.0)
    assert (other.asked, twin.asked, bill.fallback) == (0, 1, 1)
    with pytest.raises(Unavailable):
        await core_of(Player(Unavailable()), other).embed(
            [request], "gemini-embedding-001", Caller(), Deadline.after(5), batch=False
        )


async def test_a_single_engine_is_never_left_alone() -> None:
    first = Player(Unavailable())
    core = core_of(first)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await ask(core)
    assert first.asked == 3
    first.events = (Text("well"), Stop())
    request = lenient.convert(GenerateContentRequest, HELLO)
    answer: list[GenerateContentResponse] = [
        one async for one in core.generate(request, MODEL, Caller(), Deadline.after(5), GENERATE)
    ]
    assert isinstance(answer[-1].usage_metadata, UsageMetadata)


async def test_what_fails_before_the_engine_is_asked_is_not_its_fault() -> None:
    first, second = good("first"), good("second")
    core = core_of(first, second)

    async def away(*_: Any) -> Any:
        raise Unavailable("the store of files")

    core.resolve = away
    picture = {"inlineData": {"mimeType": "image/png", "data": base64.b64encode(save(drawing(), "PNG")).decode()}}
    with pytest.raises(Unavailable, match="the store"):
        await ask(core, {"contents": [{"parts": [picture]}]})
    assert first.asked == second.asked == 0
    assert await ask(core) == "first"
