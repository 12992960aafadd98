from __future__ import annotations

from pathlib import Path

from tests.soak.uploads import soak


def test_a_few_kills(tmp_path: Path) -> None:
    """The short form of `make soak`."""
    report = soak(tmp_path, kills=5, seed=7, clients=2, most=9 * 1024 * 1024)
    assert report.faults == []
    assert report.kills == 5
    assert report.files > 0
