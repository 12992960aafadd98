"""What a picture looks like while it is being made: latents of an unfinished step, decoded small."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SIDE = 64
"""Latents of a preview's longer side, at most: 512 pixels with the usual autoencoder, a fraction of a step's time."""
_KNOWN = frozenset(("AutoencoderKL", "AutoencoderKLQwenImage", "AutoencoderKLFlux2"))
_EULER = frozenset(("FlowMatchEulerDiscreteScheduler", "EulerDiscreteScheduler"))

log = logging.getLogger("pollux.engines.diffusers")


class Previews:
    """Previews of one picture: at most `most`, spread evenly over its steps.

    `width` and `height` are of the picture that is drawn, in pixels.  Models whose latents are of another kind than
    those of Stable Diffusion, SDXL, Stable Diffusion 3, FLUX.1, FLUX.2 and Qwen-Image have none.
    """

    def __init__(self, pipe: Any, width: int, height: int, most: int) -> None:
        self._pipe, self._width, self._height, self._most = pipe, width, height, most
        vae = getattr(pipe, "vae", None)
        half = vae is not None and str(vae.dtype) == "torch.float16" and vae.config.get("force_upcast")
        if type(vae).__name__ not in _KNOWN or half:  # SDXL's own autoencoder overflows in float16
            self._most = 0
        self._before: Any = None

    def look(self, step: int, latents: Any) -> NDArray[np.uint8] | None:
        """The preview after a step (from 0), (height, width, 3) uint8 RGB; None where none is due."""
        before, self._before = self._before, latents
        steps = int(getattr(self._pipe, "num_timesteps", 0) or 0)
        count = min(self._most, steps - 1)
        if step not in {round(steps * (n + 1) / (count + 1)) - 1 for n in range(count)}:
            return None
        try:
            return self.decoded(self.cleared(latents, before))
        except (RuntimeError, ValueError, AttributeError) as error:  # a picture does not fail for want of a preview
            self._most = 0
            log.warning("no previews of %s: %s", type(self._pipe).__name__, error)
            return None

    def cleared(self, latents: Any, before: Any) -> Any:
        """What the last step took the finished latents for: an Euler step's line, followed to where no noise is left.

        x1 = x0 + (s1 - s0) d and x = x1 - s1 d, where s are the noise levels (Karras et al. 2022, algorithm 2).
        """
        scheduler = self._pipe.scheduler
        if before is None or type(scheduler).__name__ not in _EULER or not scheduler.step_index:
            return latents
        first, second = (float(scheduler.sigmas[scheduler.step_index + shift]) for shift in (-1, 0))
        if first == second:
            return latents
        return latents - second * (latents - before) / (second - first)

    def decoded(self, latents: Any) -> NDArray[np.uint8]:
        """Latents as pixels, (height, width, 3) uint8 RGB: of the picture's size, or as much smaller as SIDE asks."""
        import torch  # noqa: PLC0415 - heavy

        vae = self._pipe.vae
        with torch.inference_mode():
            plane = _small(self._unpacked(latents[:1]))
            whole = plane.unsqueeze(2) if type(vae).__name__ == "AutoencoderKLQwenImage" else plane
            image = vae.decode(_unscaled(whole, vae.config).to(vae.dtype), return_dict=False)[0]
            image = image[:, :, 0] if image.ndim == 5 else image
            levels = (image[0].float().clamp(-1, 1) + 1) * 127.5
            pixels: NDArray[np.uint8] = levels.round().permute(1, 2, 0).to(torch.uint8).cpu().numpy()
        return pixels

    def _unpacked(self, latents: Any) -> Any:
        """(1, channels, height, width), whether they come so or as rows of 2 x 2 patches, or with a time axis."""
        if latents.ndim == 5:
            return latents[:, :, 0]
        if latents.ndim == 4:
            return latents
        normal = getattr(self._pipe.vae, "bn", None)  # FLUX.2 normalises its patches
        if normal is not None:
            latents = latents * (normal.running_var + normal.eps).sqrt() + normal.running_mean
        factor = 2 * self._pipe.vae_scale_factor
        high, wide = self._height // factor, self._width // factor
        patches = latents.reshape(1, high, wide, latents.shape[-1] // 4, 2, 2)
        return patches.permute(0, 3, 1, 4, 2, 5).reshape(1, -1, 2 * high, 2 * wide)


def _small(latents: Any) -> Any:
    from torch.nn.functional import interpolate  # noqa: PLC0415 - heavy

    longer = max(latents.shape[-2:])
    if longer <= SIDE:
        return latents
    size = [max(1, round(side * SIDE / longer)) for side in latents.shape[-2:]]
    return interpolate(latents.float(), size=size, mode="area")


def _unscaled(latents: Any, config: Any) -> Any:
    """The autoencoder's own numbers: diffusion is trained on scaled ones."""
    mean, spread = config.get("latents_mean"), config.get("latents_std")
    scale, shift = config.get("scaling_factor") or 1.0, config.get("shift_factor") or 0.0
    if mean is None or spread is None:
        return latents / scale + shift
    shape = (1, -1, *([1] * (latents.ndim - 2)))
    means, spreads = (latents.new_tensor(list(values)).view(shape) for values in (mean, spread))
    return latents * spreads / scale + means
