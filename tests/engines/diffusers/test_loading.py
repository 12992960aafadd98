"""Loading: what is found, where it goes, and what is said when it cannot be."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from pollux.engines.diffusers.engine import DiffusersEngine
from pollux.engines.diffusers.loading import load
from pollux.engines.diffusers.options import Options
from pollux.errors import ConfigurationError
from tests.engines.diffusers.kit import LIBRARIES, Checkpoint

pytestmark = LIBRARIES


def tasks(folder: Path) -> tuple[str, str, str]:
    found = load(Options(str(folder), device="cpu")).tasks
    return tuple(kind.__name__ if kind else "" for kind in (found.draw, found.change, found.fill))  # type: ignore[return-value]


def test_a_model_knows_what_it_is_for(tiny: Checkpoint) -> None:
    sd = "StableDiffusion"
    assert tasks(tiny("sd")) == (f"{sd}Pipeline", f"{sd}Img2ImgPipeline", f"{sd}InpaintPipeline")
    assert tasks(tiny("inpaint")) == ("", "", f"{sd}InpaintPipeline")
    assert tasks(tiny("pix2pix")) == ("", f"{sd}InstructPix2PixPipeline", "")
    assert tasks(tiny("kontext")) == ("FluxKontextPipeline", "FluxKontextPipeline", "")
    assert tasks(tiny("qwen-edit")) == ("", "QwenImageEditPipeline", "QwenImageEditInpaintPipeline")


def test_pipelines_share_their_weights(tiny: Checkpoint) -> None:
    model = load(Options(str(tiny("sd3")), device="cpu"))
    kinds = (model.tasks.draw, model.tasks.change, model.tasks.fill)
    assert len({id(model.pipeline(kind).transformer) for kind in kinds if kind}) == 1
    assert len({id(model.pipeline(kind)) for kind in kinds if kind}) == 3


def test_numbers_are_of_the_asked_kind(tiny: Checkpoint) -> None:
    import torch

    model = load(Options(str(tiny("sd")), device="cpu", dtype="bfloat16"))
    assert model.tasks.change is not None
    assert model.pipeline(model.tasks.change).unet.dtype == torch.bfloat16
    assert load(Options(str(tiny("sd")), device="cpu")).own.unet.dtype == torch.float32


def test_another_pipeline_may_be_named(tiny: Checkpoint) -> None:
    model = load(Options(str(tiny("flux")), device="cpu", pipeline="FluxKontextPipeline"))
    assert model.tasks.obeys


def test_native_size_is_the_models_own(tiny: Checkpoint) -> None:
    assert load(Options(str(tiny("sd")), device="cpu")).grid.most == 64 * 64  # 32 latents of 2 pixels


def test_the_log_says_what_was_loaded_and_where(tiny: Checkpoint, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO, "pollux"):
        DiffusersEngine(Options(str(tiny("sd")), device="cpu", preload=True))
    _, line = [record.getMessage() for record in caplog.records]
    assert line.startswith(f"{tiny('sd')} is loaded in ")
    assert line.endswith(" s: StableDiffusionPipeline, cpu, float32")


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"model": "no/such/folder/at/all"}, "the model no/such/folder/at/all cannot be loaded: .* Give a folder"),
        ({"pipeline": "PaintByMagic"}, "pipeline 'PaintByMagic' is none of diffusers"),
        ({"pipeline": "AutoencoderKL"}, "pipeline 'AutoencoderKL' is none of diffusers"),
        ({"device": "cuda:77"}, "device 'cuda:77' is not there: .* cpu"),
        ({"device": "cpu", "offload": "model"}, "offload needs a GPU"),
        ({"device": "cpu", "quantise": "4bit"}, "quantise needs CUDA"),
        ({"extra": {"true_cfg": 2.0}}, "extra: true_cfg is no argument of StableDiffusionPipeline, "),
        ({"loras": {"no/such": 1.0}}, "loras: no/such cannot be loaded: .* peft"),
    ],
)
def test_what_cannot_be_loaded_is_one_line_with_a_remedy(tiny: Checkpoint, given: dict[str, object], said: str) -> None:
    with pytest.raises(ConfigurationError, match=said) as caught:
        DiffusersEngine(Options(**{"model": str(tiny("sd")), "preload": True} | given))  # type: ignore[arg-type]
    assert caught.value.message.startswith("[engine.diffusers]")
    assert "\n" not in caught.value.message


def test_a_hub_that_cannot_be_reached_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    """diffusers says that the repository has no such file."""
    diffusers = pytest.importorskip("diffusers", reason="diffusers is not installed: make torch installs it")
    from huggingface_hub.errors import LocalEntryNotFoundError

    def absent(*_: object, **__: object) -> None:
        try:
            raise LocalEntryNotFoundError("offline")
        except LocalEntryNotFoundError as error:
            raise OSError("acme/m does not appear to have a file named model_index.json.") from error

    monkeypatch.setattr(diffusers.DiffusionPipeline, "load_config", absent)
    with pytest.raises(ConfigurationError, match=r"diffusers\]: acme/m is not on this machine .*hf download acme/m"):
        load(Options("acme/m", device="cpu"))


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "diffusers", None)
    with pytest.raises(ConfigurationError, match=r'pip install "pollux\[diffusers\]"'):
        load(Options("m"))


def test_no_model_is_loaded_before_it_is_asked() -> None:
    (card,) = DiffusersEngine(Options("some/model")).cards()
    assert card.name == "some/model"
    assert card.abilities == {"image_in", "image_out"}
