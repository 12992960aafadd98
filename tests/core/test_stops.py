"""Where an answer ends, in whatever pieces it comes."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pollux.core.stops import StopCutter, cut_to_tokens
from pollux.core.tokens import count_by_rule
from pollux.engines.base import Text
from tests.core.kit import ask, playing, stream, texts


def cut(pieces: list[str], stops: list[str]) -> str:
    cutter = StopCutter(stops)
    out = ""
    for piece in pieces:
        ready, stopped = cutter.feed(piece)
        out += ready
        if stopped:
            return out
    return out + cutter.flush()


@pytest.mark.parametrize(
    ("pieces", "stops", "expected"),
    [
        (["abc"], [], "abc"),
        (["a", "END", "b"], ["END"], "a"),
        (["aE", "N", "Db"], ["END"], "a"),
        (["aEN", "x"], ["END"], "aENx"),
        (["aEN"], ["END"], "aEN"),
        (["EEND"], ["END"], "E"),
        (["aab"], ["ab"], "a"),
        (["abc", "d"], ["abcd", "c"], "ab"),
        (["abcd"], ["abcd", "c"], "ab"),
        (["abc"], ["bc", "c"], "a"),
        (["a\n", "\nb"], ["\n\n"], "a"),
    ],
)
def test_stop_sequences(pieces: list[str], stops: list[str], expected: str) -> None:
    assert cut(pieces, stops) == expected


@settings(max_examples=200, deadline=None)
@given(
    st.text("ab", max_size=20),
    st.lists(st.text("ab", min_size=1, max_size=4), max_size=3),
    st.lists(st.integers(0, 20), max_size=6),
)
def test_pieces_make_no_difference(text: str, stops: list[str], cuts: list[int]) -> None:
    edges = [0, *sorted(min(c, len(text)) for c in cuts), len(text)]
    assert cut([text[a:b] for a, b in pairwise(edges)], stops) == cut([text], stops)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30), st.text(max_size=60), st.integers(0, 20))
def test_the_token_limit_keeps_as_much_as_fits(before: str, more: str, limit: int) -> None:
    kept = cut_to_tokens(before, more, limit, count_by_rule)
    assert more.startswith(kept)
    if kept != more and count_by_rule(before) <= limit:
        assert count_by_rule(before + kept) <= limit < count_by_rule(before + more[: len(kept) + 1])


async def test_max_output_tokens() -> None:
    answer = await ask(playing(Text("1234 "), Text("5678 "), Text("9abc")), maxOutputTokens=2)
    assert texts(answer) == "1234 567"
    assert answer.candidates[0].finish_reason == "MAX_TOKENS"
    assert answer.usage_metadata is not None
    assert answer.usage_metadata.candidates_token_count == 2


async def test_a_stop_across_chunks_never_leaks() -> None:
    chunks = await stream(playing(Text("one S"), Text("TO"), Text("P two")), stopSequences=["STOP"])
    assert "".join(texts(chunk) for chunk in chunks) == "one "
    assert chunks[-1].candidates[0].finish_reason == "STOP"
