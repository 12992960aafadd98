"""Words cut out of lines of text."""

from __future__ import annotations

import cv2
import numpy as np

from pollux.engines.builtin.scene import Box, Scene
from pollux.engines.builtin.seeing.thing import Thing
from pollux.engines.builtin.seeing.words import single_words, spans

WORDS = ("Illicit", "MWW", "jam", "lilies")


def test_words_are_cut_in_the_gaps() -> None:
    picture = np.full((80, 900, 3), 250, np.uint8)
    edges, left = [], 20
    for word in WORDS:
        width = cv2.getTextSize(word, cv2.FONT_HERSHEY_SIMPLEX, 1.2, 2)[0][0]
        cv2.putText(picture, word, (left, 50), cv2.FONT_HERSHEY_SIMPLEX, 1.2, (20, 20, 20), 2, cv2.LINE_AA)
        edges.append((left, left + width))
        left += width + 24
    line = Thing("text", ("line",), Box(20, 15, edges[-1][1], 62), text=" ".join(WORDS))
    found = single_words([line], picture, Scene(900, 80, "document", 1.0))
    assert [one.text for one in found] == list(WORDS)
    for one, (begin, end) in zip(found, edges, strict=True):
        assert abs(one.box.left - begin) < 8
        assert abs(one.box.right - end) < 8


def test_a_phrase_is_one_box() -> None:
    line = Thing("text", ("line",), Box(0, 0, 300, 20), text="Paid by card, thank you")
    scene = Scene(300, 20, "document", 1.0)
    (found,) = spans(single_words([line], None, scene), "by card")
    assert found.text == "by card,"
    assert 0 < found.box.left < found.box.right < 200
    assert spans(single_words([line], None, scene), "card by") == []
