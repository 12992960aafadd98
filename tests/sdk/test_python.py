"""The Python clients, several versions: every scenario of every version is a test."""

from __future__ import annotations

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
    assert interpreter(judge).exists(), "run tools/install_sdks.py (make test does)"
    if error := judges[judge].error(scenario):
        pytest.fail(error, pytrace=False)
