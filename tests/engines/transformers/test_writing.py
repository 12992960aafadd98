"""Tokens become the text that decoding them at once gives, and nothing is torn."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pollux.engines.base import Call, Event, Stop, Text, Thought, Usage
from pollux.engines.transformers.batching import Ended
from pollux.engines.transformers.sampling import Chosen
from pollux.engines.transformers.writing import BROKEN, Spelling, Writer, silent

Checkpoint = Callable[[str], Path]
TEXTS = (
    "  two spaces, a 🐈‍⬛ and Zwölf Boxkämpfer.\n\n日本語の文章, немного.  ",
    "\ta\r\nb",
    "naïve café — “quoted” …",
)
FAMILIES = ("qwen3", "llama", "gemma3", "llava")


def tokenizer_of(folder: Path) -> Any:
    import transformers

    return transformers.AutoTokenizer.from_pretrained(folder)


def pieces(tokenizer: Any, ids: Sequence[int]) -> list[str]:
    spelling = Spelling(tokenizer, silent(tokenizer, (), marks=False))
    return [*(spelling.feed(token) for token in ids), spelling.flush()]


@pytest.mark.parametrize("family", FAMILIES)
def test_pieces_are_the_whole(family: str, checkpoint: Checkpoint) -> None:
    tokenizer = tokenizer_of(checkpoint(family))
    for text in TEXTS:
        ids = tokenizer(text, add_special_tokens=False)["input_ids"]
        got = pieces(tokenizer, ids)
        assert "".join(got) == tokenizer.decode(ids, clean_up_tokenization_spaces=False)
        assert not any(BROKEN in piece for piece in got)
        assert len([piece for piece in got if piece]) > len(text) // 4  # it is not held until the end


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_tokens(family: str, checkpoint: Checkpoint, data: st.DataObject) -> None:
    tokenizer = tokenizer_of(checkpoint(family)) if family not in _known else _known[family]
    _known[family] = tokenizer
    # Of a run of <0x41> tokens with a wrong one in it, all are lost when decoded at once, and fewer one by one.
    known = [number for token, number in tokenizer.get_vocab().items() if not token.startswith("<0x")]
    ids = data.draw(st.lists(st.sampled_from(sorted(known)), max_size=30))
    kept = [token for token in ids if token not in silent(tokenizer, (), marks=False)]
    whole = tokenizer.decode(kept, clean_up_tokenization_spaces=False)
    got = "".join(pieces(tokenizer, ids))
    assert got.replace(BROKEN, "") == whole.replace(BROKEN, "")


_known: dict[str, Any] = {}


async def written(tokenizer: Any, text: str, reason: str = "STOP", **more: Any) -> list[Event]:
    async def coming() -> AsyncGenerator[Chosen | Ended, None]:
        for token in tokenizer(text, add_special_tokens=False)["input_ids"]:
            yield Chosen(token)
        yield Ended(reason)

    writer = Writer(Spelling(tokenizer, silent(tokenizer, (), marks=True)), 7, **more)
    return [event async for event in writer.events(coming())]


def joined(events: list[Event], kind: type[Any] = Text) -> str:
    return "".join(event.text for event in events if isinstance(event, kind))


async def test_thinking_and_its_share(checkpoint: Checkpoint) -> None:
    tokenizer = tokenizer_of(checkpoint("qwen3"))
    events = await written(tokenizer, "<think>\nLet me see.\n</think>\n\nA cat.")
    assert (joined(events, Thought), joined(events)) == ("Let me see.\n", "A cat.")
    first, usage = [event for event in events if isinstance(event, Usage)]
    assert (events[0], first) == (first, Usage(7, 0))
    assert usage.prompt_tokens == 7
    assert usage.thought_tokens > 3
    assert usage.candidate_tokens > 2
    assert joined(await written(tokenizer, "Hm.</think>A cat.", thinking=True), Thought) == "Hm."


async def test_a_stop_sequence_ends_it(checkpoint: Checkpoint) -> None:
    tokenizer = tokenizer_of(checkpoint("qwen3"))
    events = await written(tokenizer, "one two three four five six", "MAX_TOKENS", stops=("ee f",))
    assert "ee f" in joined(events)
    assert "six" not in joined(events)
    assert events[-1] == Stop("STOP")
    kinds = [type(event) for event in events]
    assert kinds[::-1].index(Usage) > kinds[::-1].index(Text)  # told before what core reads no further than


async def test_calls(checkpoint: Checkpoint) -> None:
    tokenizer = tokenizer_of(checkpoint("qwen3"))
    text = 'I look.<tool_call>\n{"name": "f", "arguments": {"x": 1}}\n</tool_call>'
    events = await written(tokenizer, text, schemas={"f": {}})
    assert joined(events) == "I look."
    assert [(event.name, event.args) for event in events if isinstance(event, Call)] == [("f", {"x": 1})]
    assert events[-1] == Stop("STOP")
    broken = await written(tokenizer, text[:-20], schemas={"f": {}})
    assert broken[-1].reason == "MALFORMED_FUNCTION_CALL"  # type: ignore[union-attr]
    assert (await written(tokenizer, text[:-20], "MAX_TOKENS", schemas={"f": {}}))[-1] == Stop("MAX_TOKENS")
