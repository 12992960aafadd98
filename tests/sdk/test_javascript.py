"""@google/genai: every scenario is a test."""

from __future__ import annotations

import os
import shutil

import pytest

from tests.sdk.behind import CHOSEN
from tests.sdk.judges import HERE, Judge, javascript_scenarios


def lacking() -> str:
    """Why the client cannot be run here."""
    if shutil.which("node") is None:
        return "Node.js is not installed"
    return "" if (HERE / "js" / "node_modules" / ".stamp").is_file() else "tools/install_sdks.py has not installed it"


@pytest.mark.parametrize("judge", ["js"])
@pytest.mark.parametrize("scenario", javascript_scenarios(CHOSEN))
def test_javascript(judge: str, scenario: str, judges: dict[str, Judge]) -> None:
    why = lacking()
    if why and os.environ.get("CI") != "true":
        pytest.skip(why)
    assert not why, why
    judges[judge].check(scenario)
