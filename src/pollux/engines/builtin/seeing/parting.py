"""Where a connected part of a picture might be two things that touch: at its necks, along the edges of colour."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.pixels import Pixels

Mask = NDArray[np.bool_]

LEAST_SHARE = 0.12  # of the part's pixels: what the smaller of two things takes
STEPS = 10  # widths of necks that are tried, from a hair to what the thickest place allows
WIDEST_NECK = 0.75  # of the thickest place's half width
SAME = 0.96  # of pixels alike: two cuts that are one


def cuts(view: Pixels, own: Mask) -> Iterator[tuple[Mask, Mask]]:
    """Ways of cutting a part (`own`, as large as the RGB `view` of it) in two, narrow necks first.

    The part is worn down until it falls apart; from what is left of each side both grow again until they meet, along
    the edges of colour where there are any (Meyer's watershed).
    """
    depth = cv2.distanceTransform(np.pad(own, 1).astype(np.uint8), cv2.DIST_L2, 5)[1:-1, 1:-1]
    known: list[Mask] = []
    for width in np.linspace(0.6, WIDEST_NECK * float(depth.max()), STEPS):
        cores = _cores(depth > width, own)
        if cores is None:
            continue
        one, other = _grown(view, own, *cores)
        smaller = min(int(one.sum()), int(other.sum()))
        if smaller < LEAST_SHARE * own.sum() or any(_alike(one, other, before, own) for before in known):
            continue
        known.append(one)
        yield one, other


def _cores(worn: Mask, own: Mask) -> tuple[Mask, Mask] | None:
    """The two largest pieces of a part that was worn down, where there are two worth the name."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats(worn.astype(np.uint8), connectivity=4)
    if count < 3:
        return None
    first, second = (int(n) + 1 for n in np.argsort(-stats[1:, cv2.CC_STAT_AREA])[:2])
    if stats[second, cv2.CC_STAT_AREA] < 0.02 * own.sum():
        return None
    return labels == first, labels == second


def _grown(view: Pixels, own: Mask, one: Mask, other: Mask) -> tuple[Mask, Mask]:
    """Both cores grown over the whole part."""
    marks = np.where(own, 0, 3).astype(np.int32)
    marks[one], marks[other] = 1, 2
    marks = cast(NDArray[np.int32], cv2.watershed(np.ascontiguousarray(view), marks))
    # What the flood leaves out (its seams, islands) goes to the side that is nearer.
    to_one = cv2.distanceTransform((marks != 1).astype(np.uint8), cv2.DIST_L2, 3)
    to_other = cv2.distanceTransform((marks != 2).astype(np.uint8), cv2.DIST_L2, 3)
    return own & (to_one <= to_other), own & (to_one > to_other)


def _alike(one: Mask, other: Mask, before: Mask, own: Mask) -> bool:
    size = float(own.sum())
    return max(float((one == before)[own].sum()), float((other == before)[own].sum())) > SAME * size
