"""The Python clients, several versions: every scenario of every version is a test."""

from __future__ import annotations

import os

import pytest

from tests.sdk.behind import CHOSEN
from tests.sdk.judges import PYTHON_CLIENTS, Judge, groups_of, interpreter, python_scenarios

CASES = [
    (scenario, client)
    for client in PYTHON_CLIENTS
    for group in groups_of(client, CHOSEN)
    for scenario in python_scenarios(group)
]


@pytest.mark.parametrize(("scenario", "judge"), CASES)
def test_python(judge: str, scenario: str, judges: dict[str, Judge]) -> None:
    if not interpreter(judge).exists() and os.environ.get("CI") != "true":
        pytest.skip(f"{judge} is not installed; tools/install_sdks.py installs it (make test does)")
    assert interpreter(judge).exists(), "tools/install_sdks.py has not installed it"
    judges[judge].check(scenario)
