"""Previews: the same pixels as the pipeline's own at the end, and a good guess before."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from pollux.engines.diffusers.loading import load
from pollux.engines.diffusers.options import Options
from pollux.engines.diffusers.preview import Previews
from pollux.engines.diffusers.sizes import pixels
from tests.engines.diffusers.kit import BUDGET, LIBRARIES, OWN, Checkpoint, apart

pytestmark = LIBRARIES


@pytest.mark.parametrize("name", ["sd", "sdxl", "sd3", "flux", "kontext", "klein", "qwen"])
def test_finished_latents_become_the_pipelines_own_picture(tiny: Checkpoint, name: str) -> None:
    model = load(Options(str(tiny(name)), device="cpu", most_pixels=BUDGET))
    assert model.tasks.draw is not None
    pipe, latents = model.pipeline(model.tasks.draw), []

    def watch(pipe: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
        latents.append(tensors["latents"])
        return tensors

    more = {"max_area": 64 * 32} if name == "kontext" else dict(OWN.get(name, {}).get("extra", {}))
    made = pipe(prompt="a fox", width=64, height=32, num_inference_steps=2, callback_on_step_end=watch, **more).images[
        0
    ]
    seen = Previews(pipe, 64, 32, 2).decoded(latents[-1])
    assert seen.shape == (32, 64, 3)
    assert apart(seen, pixels(made)) < 1
    assert apart(seen, np.ascontiguousarray(seen[:, ::-1])) > 1  # it is no even plane, of which any part is right


@pytest.mark.parametrize("kind", ["FlowMatchEulerDiscreteScheduler", "EulerDiscreteScheduler"])
def test_an_early_step_is_followed_to_its_end(kind: str) -> None:
    """A model that is always right about the noise gives the finished latents away at every step."""
    pytest.importorskip("diffusers", reason="diffusers is not installed: make torch installs it")
    import diffusers
    import torch

    scheduler = getattr(diffusers, kind)()
    scheduler.set_timesteps(10)
    chance = torch.Generator().manual_seed(3)
    goal, noise = (torch.randn(1, 4, 8, 8, generator=chance) for _ in range(2))
    flow = kind.startswith("Flow")
    first = scheduler.sigmas[0]
    latents = (1 - first) * goal + first * noise if flow else goal + first * noise
    previews = Previews(type("Pipe", (), {"scheduler": scheduler})(), 8, 8, 2)
    for count, moment in enumerate(scheduler.timesteps):
        given = scheduler.scale_model_input(latents, moment) if not flow else latents
        del given  # what the model would see; it knows the noise anyway
        before, latents = latents, scheduler.step(noise - goal if flow else noise, moment, latents).prev_sample
        guess = previews.cleared(latents, before)
        assert torch.allclose(guess, goal, atol=1e-3)
        if count < 5:
            assert not torch.allclose(latents, goal, atol=0.1)


def test_a_pipeline_of_another_kind_has_none() -> None:
    previews = Previews(type("Pipe", (), {"vae": None, "num_timesteps": 9})(), 64, 64, 2)
    assert [previews.look(step, None) for step in range(9)] == [None] * 9
