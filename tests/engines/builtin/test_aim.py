"""What a question about a document or a video points at."""

from __future__ import annotations

import time

import pytest

from pollux.engines.builtin.aim import LONGEST, SHARE, Budget, as_of_a_picture, called, pages_named, spoken, times_named


@pytest.mark.parametrize(
    ("text", "pages"),
    [
        ("What is the total?", ()),
        ("What is on page 3?", (3,)),
        ("Read pages 2-4.", (2, 3, 4)),
        ("Compare pages 1, 3 and 12", (1, 3, 12)),
        ("pages 2 to 3 and page 9", (2, 3, 9)),
        ("Read the first page", (1,)),
        ("the 11th page and the last page", (11, 20)),
        ("see p. 7", (7,)),
        ("slide number 5", (5,)),
        ("What does page 99 say?", (99,)),
        ("How many pages are there?", ()),
        ("Which of the 3 pages has a table?", ()),
    ],
)
def test_pages(text: str, pages: tuple[int, ...]) -> None:
    assert pages_named(text, 20) == pages


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("What happens?", []),
        ("What happens at 00:05?", [(5, 5)]),
        ("at 1:02:03", [(3723, 3723)]),
        ("at 12.5 seconds", [(12.5, 12.5)]),
        ("between 00:02 and 00:06", [(2, 6)]),
        ("from 0:10 to 0:20 and at 0:30", [(10, 20), (30, 30)]),
        ("at 00:05 and 00:03", [(5, 5), (3, 3)]),
        ("in the first 3 seconds", [(10, 13)]),
        ("the last 4s", [(56, 60)]),
        ("at the beginning and at the end", [(10, 10), (60, 60)]),
        ("in the middle", [(35, 35)]),
        ("When does 'at the end 00:05' appear?", []),
    ],
)
def test_times(text: str, times: list[tuple[float, float]]) -> None:
    assert times_named(text, 10.0, 60.0) == times


@pytest.mark.parametrize(
    ("text", "kind", "plain"),
    [
        ("Summarise this PDF.", "document", "Summarise the document."),
        ("What is on page 3?", "document", "What is on the page?"),
        ("Read the last page.", "document", "Read the page."),
        ("What happens in the video at 00:05?", "video", "What happens in the picture?"),
        ("Describe the attached clip", "video", "Describe the picture"),
        ("What colour is the car between 0:02 and 0:04?", "video", "What colour is the car?"),
        ('Where is "at the end of page 2"?', "video", 'Where is "at the end of page 2"?'),
        ("Is there a video game?", "video", "Is there a video game?"),
    ],
)
def test_questions_as_of_a_picture(text: str, kind: str, plain: str) -> None:
    assert as_of_a_picture(text, kind) == plain


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (["page 2"], "page 2"),
        (["page 1", "page 2"], "pages 1 and 2"),
        (["page 1", "page 2", "page 3", "page 7"], "pages 1 to 3 and 7"),
        (["page 1", "page 2", "page 9"], "pages 1, 2 and 9"),
        (["00:00", "00:02"], "00:00 and 00:02"),
    ],
)
def test_spoken(places: list[str], said: str) -> None:
    assert spoken(places) == said


def test_only_what_is_ours_is_renamed() -> None:
    assert called('The picture says "the picture".', "document") == 'The document says "the picture".'


def test_budget_is_a_share_of_what_is_left() -> None:
    now = time.monotonic()
    assert Budget.of(now + 10).left == pytest.approx(10 * SHARE, abs=0.5)
    assert Budget.of(now - 1).left == 0
    assert Budget.of(None).left == pytest.approx(LONGEST, abs=0.5)
    assert Budget.of(now + 10_000).left == pytest.approx(LONGEST, abs=0.5)
