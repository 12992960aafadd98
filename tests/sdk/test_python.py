"""google-genai, three versions of it: every scenario of every version is a test."""

from __future__ import annotations

import pytest

from tests.sdk.judges import PYTHON_VERSIONS, Judge, interpreter, python_scenarios


@pytest.mark.parametrize("judge", PYTHON_VERSIONS)
@pytest.mark.parametrize("scenario", python_scenarios())
def test_google_genai(judge: str, scenario: str, judges: dict[str, Judge]) -> None:
    assert interpreter(judge).exists(), "run tools/install_sdks.py (make test does)"
    if error := judges[judge].error(scenario):
        pytest.fail(error, pytrace=False)
