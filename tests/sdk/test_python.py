"""The Python clients, several versions: every scenario of every version is a test."""

from __future__ import annotations

import os

import pytest

from tests.sdk.judges import PYTHON_CLIENTS, Judge, interpreter, python_scenarios

CASES = [
    (scenario, client)
    for client, groups in PYTHON_CLIENTS.items()
    for group in groups
    for scenario in python_scenarios(group)
]


@pytest.mark.parametrize(("scenario", "judge"), CASES)
def test_python(judge: str, scenario: str, judges: dict[str, Judge]) -> None:
    if not interpreter(judge).exists() and os.environ.get("CI") != "true":
        pytest.skip(f"{judge} is not installed; tools/install_sdks.py installs it (make test does)")
    assert interpreter(judge).exists(), "tools/install_sdks.py has not installed it"
    if error := judges[judge].error(scenario):
        pytest.fail(error, pytrace=False)
