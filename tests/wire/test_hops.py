"""Requests in a circle come to an end."""

from __future__ import annotations

import pytest

from pollux.errors import FailedPrecondition
from pollux.wire import hops


@pytest.mark.parametrize(
    ("header", "onward"), [("", "1"), ("1", "2"), ("3", "4"), ("x", "1"), ("-1", "1"), ("٣", "1"), ("9" * 5000, "1")]
)
def test_a_hop_more(header: str, onward: str) -> None:
    hops.arrived(header)
    assert hops.onward() == onward


@pytest.mark.parametrize("header", ["4", "5", "999"])
def test_a_circle_is_named(header: str) -> None:
    with pytest.raises(FailedPrecondition, match="x-pollux-hop"):
        hops.arrived(header)
