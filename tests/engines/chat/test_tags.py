"""Thinking between tags, in whatever pieces it comes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pollux.engines.base import Thought
from pollux.engines.chat.tags import Tags


def parted(*pieces: str) -> tuple[str, str]:
    """(thinking, answer)."""
    tags = Tags()
    events = [event for piece in pieces for event in tags.feed(piece)] + list(tags.flush())
    thoughts = "".join(e.text for e in events if isinstance(e, Thought))
    return thoughts, "".join(e.text for e in events if not isinstance(e, Thought))


@pytest.mark.parametrize(
    ("text", "thought", "answer"),
    [
        ("<think>\nHm.\n</think>\n\nYes.", "Hm.\n", "Yes."),
        ("\n<think>a < b</think>c", "a < b", "c"),
        ("<think></think>Yes", "", "Yes"),
        ("<think>never ends", "never ends", ""),
        ("Yes. <think>no</think>", "", "Yes. <think>no</think>"),
        ("<thin", "", "<thin"),
        ("<b>bold</b>", "", "<b>bold</b>"),
        ("", "", ""),
    ],
)
def test_tags(text: str, thought: str, answer: str) -> None:
    assert parted(text) == (thought, answer)


@given(st.lists(st.sampled_from(["<think>", "</think>", "</", "thi", "nk>", "<", "a", "\n"]), max_size=8), st.data())
def test_pieces_make_no_difference(parts: list[str], data: st.DataObject) -> None:
    text = "".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(text)), max_size=6)))
    pieces = [text[a:b] for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    assert parted(*pieces) == parted(text)
