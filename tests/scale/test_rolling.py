"""Servers restarted in turn under load: nothing fails, and every stream comes whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scale.rolling import LOADS, measure


@pytest.mark.timeout(180)
def test_no_request_fails_behind_nginx(tmp_path: Path) -> None:
    report = measure(tmp_path, servers=2, rounds=1, drain=0.5)
    assert report.failed == []
    assert report.statuses == [0, 0]
    assert set(report.good) == {load.__name__ for load in LOADS}
