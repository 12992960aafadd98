"""Servers restarted in turn under load: nothing fails, and every stream comes whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scale.rolling import LOADS, measure


@pytest.mark.timeout(180)
@pytest.mark.parametrize("follow", [False, True], ids=["nginx", "readiness"])
def test_no_request_fails(tmp_path: Path, follow: bool) -> None:
    report = measure(tmp_path, servers=2, rounds=1, drain=1.0, follow=follow)
    assert report.failed == []
    assert report.statuses == [0, 0]
    assert set(report.good) == {load.__name__ for load in LOADS}
