"""Processors load with what a plain install has: no torchvision, no num2words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from pollux.engines.transformers.processors import load_processor, without_videos
from tests.engines.checkpoints import SEEING

transformers = pytest.importorskip("transformers", reason="transformers is not installed: make torch installs it")

Checkpoint = Callable[[str], Path]


@pytest.mark.parametrize("family", SEEING)
def test_every_family_loads_with_its_own_settings(checkpoint: Checkpoint, family: str) -> None:
    folder = checkpoint(family)
    about = json.loads((folder / "processor_config.json").read_text("utf-8"))
    found = load_processor(str(folder))
    assert isinstance(found, getattr(transformers, about["processor_class"]))
    assert type(found).__name__ == about["processor_class"]
    for name in ("image_seq_len", "image_seq_length", "patch_size", "num_additional_image_tokens"):
        if name in about:
            assert getattr(found, name) == about[name]


@pytest.mark.parametrize("family", ["qwen2_5_vl", "smolvlm"])
def test_folders_of_the_older_layout_load_too(checkpoint: Checkpoint, tmp_path: Path, family: str) -> None:
    """The image processor's settings in preprocessor_config.json, the video's beside them, nothing else."""
    source = checkpoint(family)
    for path in source.iterdir():
        if path.name != "processor_config.json":
            (tmp_path / path.name).write_bytes(path.read_bytes())
    about = json.loads((source / "processor_config.json").read_text("utf-8"))
    settings = about["image_processor"] | {"processor_class": about["processor_class"]}
    (tmp_path / "preprocessor_config.json").write_text(json.dumps(settings), "utf-8")
    (tmp_path / "video_preprocessor_config.json").write_text(json.dumps(about["video_processor"]), "utf-8")
    found = load_processor(str(tmp_path))
    assert type(found).__name__ == about["processor_class"]
    assert found.image_processor.size == load_processor(str(source)).image_processor.size
    assert found.chat_template


def test_a_class_without_videos_stays_as_it_is(checkpoint: Checkpoint) -> None:
    assert type(load_processor(str(checkpoint("llava")))) is transformers.LlavaProcessor
    assert isinstance(load_processor(str(checkpoint("qwen3"))), transformers.PreTrainedTokenizerFast)


def test_the_class_itself_is_left_alone() -> None:
    before = dict(vars(transformers.Qwen3VLProcessor))
    made = without_videos(transformers.Qwen3VLProcessor)
    assert issubclass(made, transformers.Qwen3VLProcessor)
    assert dict(vars(transformers.Qwen3VLProcessor)) == before


def test_a_folder_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises((OSError, ValueError), match="nothing-here"):
        load_processor(str(tmp_path / "nothing-here"))
