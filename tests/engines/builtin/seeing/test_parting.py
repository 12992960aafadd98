"""Where things that touch may be cut."""

from __future__ import annotations

import cv2
import numpy as np

from pollux.engines.builtin.seeing.parting import cuts


def test_discs_that_touch_are_cut_where_they_do() -> None:
    view = np.full((120, 220, 3), 255, np.uint8)
    cv2.circle(view, (60, 60), 50, (220, 30, 40), -1)
    cv2.circle(view, (158, 62), 50, (40, 80, 220), -1)
    own = view.min(axis=2) < 200
    one, other = next(iter(cuts(view, own)))
    left, right = (one, other) if one[60, 20] else (other, one)
    red = own & (view[..., 0] > 128)
    assert (left == red).mean() > 0.99
    assert not (left & right).any()
    assert ((left | right) == own).all()


def test_a_disc_is_not_cut() -> None:
    view = np.full((120, 120, 3), 255, np.uint8)
    cv2.circle(view, (60, 60), 50, (220, 30, 40), -1)
    assert list(cuts(view, view.min(axis=2) < 200)) == []
