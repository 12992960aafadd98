"""What an operator may write wrong."""

from __future__ import annotations

from typing import Any

import pytest

from pollux.engines.diffusers.options import Options
from pollux.errors import ConfigurationError


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"model": ""}, "model"),
        ({"dtype": "int3"}, "dtype"),
        ({"device": "gpu"}, "device"),
        ({"offload": "disk"}, "offload"),
        ({"quantise": "2bit"}, "quantise"),
        ({"steps": -1}, "steps"),
        ({"strength": 0.0}, "strength"),
        ({"strength": 1.5}, "strength"),
        ({"guidance": float("nan")}, "guidance"),
        ({"most_pixels": 100}, "most_pixels"),
        ({"extra": {"generator": 1}}, "generator"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_name(given: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationError, match=rf"^\[engine.diffusers.\"x\"\] .*{named}") as caught:
        Options(**{"model": "m", "place": '[engine.diffusers."x"]'} | given)
    assert "\n" not in caught.value.message


def test_defaults_are_fine() -> None:
    assert Options("black-forest-labs/FLUX.1-dev").steps == 0
