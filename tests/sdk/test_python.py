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


def lacking(client: str) -> str:
    """Why the client cannot be run here."""
    there = interpreter(client).exists()
    return "" if there else f"{client} is not installed; tools/install_sdks.py installs it (make test does)"


@pytest.mark.parametrize(("scenario", "judge"), CASES)
def test_python(judge: str, scenario: str, judges: dict[str, Judge]) -> None:
    why = lacking(judge)
    if why and os.environ.get("CI") != "true":
        pytest.skip(why)
    assert not why, why
    judges[judge].check(scenario)
