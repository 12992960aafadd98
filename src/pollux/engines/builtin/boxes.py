"""Geometry of boxes: what two have in common, which holds which, how far apart they are."""

from __future__ import annotations

from collections.abc import Sequence

from pollux.engines.builtin.scene import Box


def shared(one: Box, other: Box) -> float:
    """The area that two boxes have in common."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.bottom, other.bottom) - max(one.top, other.top)
    return max(0.0, wide) * max(0.0, high)


def overlap(one: Box, other: Box) -> float:
    """Intersection over union, 0 to 1."""
    common = shared(one, other)
    return common / max(one.width * one.height + other.width * other.height - common, 1e-9)


def part_in(inner: Box, outer: Box) -> float:
    """The share of a box that lies in another, 0 to 1."""
    return shared(inner, outer) / max(inner.width * inner.height, 1e-9)


def within(inner: Box, outer: Box, slack: float = 2.0) -> bool:
    """Whether a box lies in another, but for some pixels."""
    return (
        inner.left >= outer.left - slack
        and inner.top >= outer.top - slack
        and inner.right <= outer.right + slack
        and inner.bottom <= outer.bottom + slack
    )


def holds(box: Box, point: tuple[float, float]) -> bool:
    """Whether a point lies in a box."""
    return box.left <= point[0] <= box.right and box.top <= point[1] <= box.bottom


def gap(one: Box, other: Box) -> float:
    """Pixels between two boxes, along the longer way round a corner; 0 where they meet."""
    return max(other.left - one.right, one.left - other.right, other.top - one.bottom, one.top - other.bottom, 0.0)


def around(boxes: Sequence[Box]) -> Box:
    """The smallest box that holds them all, at least one."""
    return Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )


def scaled(box: Box, across: float, down: float) -> Box:
    """A box in a picture that is so many times wider and higher."""
    return Box(box.left * across, box.top * down, box.right * across, box.bottom * down)
