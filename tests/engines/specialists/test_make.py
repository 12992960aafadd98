from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from pollux.engines.specialists.finding import ModelFinder
from pollux.engines.specialists.loading import resolved
from pollux.engines.specialists.make import make_specialist
from pollux.engines.specialists.options import Options
from pollux.engines.specialists.sam2 import ModelMasker
from pollux.engines.transformers import loading
from pollux.errors import ConfigurationError, Unavailable


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("IDEA-Research/grounding-dino-tiny", "grounding-dino"),
        ("openmmlab-community/mm_grounding_dino_tiny_o365v1_goldg", "grounding-dino"),
        ("google/owlv2-base-patch16-ensemble", "owlv2"),
        ("florence-community/Florence-2-base", "florence-2"),
        ("facebook/sam2.1-hiera-small", "sam2"),
    ],
)
def test_names_on_the_hub(name: str, kind: str) -> None:
    assert resolved(Options(name)).kind == kind


@pytest.mark.parametrize("family", ["grounding-dino", "owlv2", "florence-2", "sam2"])
def test_folders(special: Callable[[str], Path], family: str) -> None:
    options = Options(str(special(family)))
    assert resolved(options).kind == family
    assert isinstance(make_specialist(options), ModelMasker if family == "sam2" else ModelFinder)


def test_what_nobody_can_tell(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="set kind to, one of florence-2, grounding-dino, owlv2, sam2"):
        resolved(Options("acme/finder"))
    assert resolved(Options("acme/finder", kind="owlv2")).kind == "owlv2"
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(ConfigurationError, match=r"is a bert;"):
        resolved(Options(str(tmp_path)))
    (tmp_path / "config.json").write_text("[]")
    with pytest.raises(ConfigurationError, match="cannot be read"):
        resolved(Options(str(tmp_path)))


def test_without_the_libraries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "find_spec", lambda name: None)
    masker = make_specialist(Options("facebook/sam2.1-hiera-small"))
    assert isinstance(masker, ModelMasker)
    with pytest.raises(Unavailable, match=r'needs torch: pip install "pollux\[transformers\]"'):
        next(masker.masks(np.zeros((4, 4, 3), np.uint8), [(0, 0, 4, 4)]))
