from __future__ import annotations

from typing import Any

import pytest

from pollux.engines.specialists.options import Options
from pollux.errors import ConfigurationError


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"model": ""}, "model"),
        ({"kind": "yolo"}, "kind"),
        ({"dtype": "int8"}, "dtype"),
        ({"device": "gpu"}, "device"),
        ({"device": "cuda:x"}, "device"),
        ({"threshold": 1.5}, "threshold"),
        ({"threshold": float("nan")}, "threshold"),
        ({"nms": -0.1}, "nms"),
        ({"most": 0}, "most"),
        ({"most": 5001}, "most"),
    ],
)
def test_what_cannot_be_is_refused_by_name(given: dict[str, Any], named: str) -> None:
    with pytest.raises(ConfigurationError, match=rf'^\[engine\.specialist\."x"\] {named} '):
        Options(**{"model": "m", **given, "place": '[engine.specialist."x"]'})


def test_devices() -> None:
    assert [Options("m", device=one).device for one in ("auto", "cpu", "mps", "cuda", "cuda:3")][-1] == "cuda:3"
