"""One wish, painted: which pipeline, with which arguments, and what becomes of its picture."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pollux.engines.base import Event, Picture, Stop
from pollux.engines.diffusers.loading import Model
from pollux.engines.diffusers.preview import Previews
from pollux.engines.diffusers.sizes import beside, fitted, pixels
from pollux.engines.diffusers.tasks import takes
from pollux.engines.diffusers.wish import Wish
from pollux.errors import Cancelled, InvalidArgument
from pollux.media.picture import decode

if TYPE_CHECKING:
    from PIL.Image import Image

KONTEXT_PIXELS = 1024 * 1024
"""From here on Kontext may bring its picture to one of the sizes it was trained at, all of about so many pixels."""
MOST_RATIO = 7
"""Of a picture's sides: beyond 8, when they are rounded to legal ones, FLUX.2 refuses a picture, and others draw
nothing sensible."""
FEATHER = 3
"""Pixels over which a filled area passes into the rest, inwards from the mask's edge."""
_MASK = re.compile(r"\bmask", re.IGNORECASE)
_TWO_TONED = 0.98
_BLANK = " "

Put = Callable[[Event], None]


@dataclass(frozen=True, slots=True)
class _Plan:
    """A pipeline, the words it is told, and the pictures it is given; `mask` is white where it may paint."""

    kind: type
    words: str
    images: tuple[Image, ...] = ()
    mask: Image | None = None


@dataclass(frozen=True, slots=True)
class Painter:
    """Paints one wish with a loaded model.  `seed` decides all chance; `cancelled` is looked at after every step."""

    model: Model
    wish: Wish
    seed: int
    cancelled: Callable[[], bool]

    def paint(self, put: Put) -> None:
        """Puts previews as thoughts, the picture, and a Stop where there is something to say about the end.

        Raises InvalidArgument where the model cannot do what is wished, Cancelled.
        """
        plan = self._plan()
        pipe = self.model.pipeline(plan.kind)
        canvas = self.wish.canvas
        size = self.model.grid.nearest(canvas.width, canvas.height)
        arguments = self._arguments(plan, size)
        taken = takes(plan.kind)
        if "callback_on_step_end" in taken:
            arguments["callback_on_step_end"] = self._watch(pipe, size, put)
        try:
            done = pipe(**arguments)
        finally:
            if self.model.options.offload:  # a call that ends early leaves its weights on the GPU
                pipe.maybe_free_model_hooks()
        if self.cancelled():
            raise Cancelled
        if any(getattr(done, "nsfw_content_detected", None) or ()):
            put(Stop("IMAGE_SAFETY", "The model's safety checker found the picture unfit to be shown."))
            return
        made = fitted(done.images[0], canvas.width, canvas.height)
        put(Picture(pixels(self._kept(made, plan)), edited=bool(plan.images)))
        cut = self._cut_off(pipe, plan.words)
        if cut:
            put(Stop("STOP", cut))

    def _plan(self) -> _Plan:
        tasks, wish = self.model.tasks, self.wish
        images = self._decoded()
        if tasks.fill is not None and _is_masked(images, wish.words):
            return _Plan(tasks.fill, wish.words, images[:1], images[1].convert("L"))
        # What changes no pictures may still go on with a chat about its own: all that was said, drawn anew.
        if tasks.draw is not None and (not images or (tasks.change is None and not wish.given)):
            return _Plan(tasks.draw, wish.story)
        if not images or tasks.change is None:
            raise self._refusal()
        words = wish.words if tasks.obeys else wish.story
        if len(images) == 1 or tasks.several:
            return _Plan(tasks.change, words, images)
        if tasks.beside:
            return _Plan(tasks.change, words, (beside(list(images)),))
        message = f"contents: models/{wish.model} takes one picture at a time, and {len(images)} were given."
        raise InvalidArgument(message, field="contents")

    def _refusal(self) -> InvalidArgument:
        tasks, name = self.model.tasks, f"models/{self.wish.model}"
        if tasks.draw is not None:
            message = f"contents: {name} makes pictures of words alone and takes none."
        elif tasks.change is not None:
            message = f"contents: {name} changes pictures: send one with the words."
        else:
            message = f"contents: {name} fills masks: send a picture, its mask (white where it may paint), and say so."
        return InvalidArgument(message, field="contents")

    def _decoded(self) -> tuple[Image, ...]:
        from PIL import Image  # noqa: PLC0415 - heavy

        for media in self.wish.pictures:
            if max(media.width, media.height) > MOST_RATIO * min(media.width, media.height):
                message = f"contents: a picture's longer side may be at most {MOST_RATIO} times as long as its shorter."
                raise InvalidArgument(message, field="contents")
        return tuple(Image.fromarray(decode(media)) for media in self.wish.pictures)

    def _arguments(self, plan: _Plan, size: tuple[int, int]) -> dict[str, Any]:
        import torch  # noqa: PLC0415 - heavy

        options, taken = self.model.options, takes(plan.kind)
        width, height = size
        arguments: dict[str, Any] = {
            "prompt": plan.words,
            # On the CPU, so that a seed means the same noise on every device.
            "generator": torch.Generator("cpu").manual_seed(self.seed % 2**63),
            "output_type": "pil",
            **self._guidance(taken),
        }
        if options.steps:
            arguments["num_inference_steps"] = options.steps
        if "height" in taken:
            arguments |= {"width": width, "height": height}
        if "max_area" in taken:
            arguments["max_area"] = width * height
            arguments["_auto_resize"] = self.model.grid.most >= KONTEXT_PIXELS
        if plan.images:
            arguments |= self._given(plan, size, taken)
        return arguments | {name: value for name, value in options.extra.items() if name in taken}

    def _given(self, plan: _Plan, size: tuple[int, int], taken: Any) -> dict[str, Any]:
        """The pictures, as the pipeline wants them; those that are painted over have the size of what is drawn."""
        options, grid = self.model.options, self.model.grid
        steps = options.steps or int(taken["num_inference_steps"])
        first = {"image": fitted(plan.images[0], *size)}
        if plan.mask is not None:
            # Most pipelines paint a mask wholly anew; those that would keep more of it than asked are told.
            strength = max(options.strength, taken.get("strength") or 0.0)
            more = {"strength": strength, "num_inference_steps": _share(steps, strength)[0]}
            return first | {"mask_image": fitted(plan.mask, *size)} | (more if "strength" in taken else {})
        if "strength" in taken:
            steps, strength = _share(steps, options.strength)
            return first | {"strength": strength, "num_inference_steps": steps}
        if "height" not in taken:
            return first
        images = [fitted(one, *grid.nearest(*one.size)) for one in plan.images]
        return {"image": images if self.model.tasks.several else images[0]}

    def _guidance(self, taken: Any) -> dict[str, Any]:
        """How closely words are followed, and what is to be left out, under the names this pipeline has for it."""
        options = self.model.options
        chosen: dict[str, Any] = {}
        names = ("guidance_scale", "true_cfg_scale", "distilled_guidance_scale")
        name = next((one for one in names if taken.get(one) is not None), "")
        if options.guidance is not None and name:
            chosen[name] = options.guidance
        negative = ", ".join(filter(None, (self.wish.negative, options.negative_prompt)))
        if "negative_prompt" in taken:
            # Where true guidance is the default it is silently off without one (Qwen-Image's model card gives " ").
            blank = _BLANK if (taken.get("true_cfg_scale") or 0) > 1 else ""
            chosen |= {"negative_prompt": negative or blank} if negative or blank else {}
        return chosen

    def _watch(self, pipe: Any, size: tuple[int, int], put: Put) -> Callable[..., dict[str, Any]]:
        wanted = self.wish.canvas.interim if self.model.options.interim and not self.model.options.offload else 0
        previews = Previews(pipe, *size, wanted)

        def watch(pipe: Any, step: int, timestep: Any, tensors: dict[str, Any]) -> dict[str, Any]:
            del pipe, timestep
            if self.cancelled():
                raise Cancelled
            latents = tensors.get("latents")
            seen = previews.look(step, latents) if wanted and latents is not None else None
            if seen is not None:
                put(Picture(seen, thought=True))
            return tensors

        return watch

    def _kept(self, made: Image, plan: _Plan) -> Image:
        """Outside of a mask the picture is the caller's own, pixel by pixel: no autoencoder gives it back exactly."""
        if plan.mask is None:
            return made
        from PIL import ImageChops, ImageFilter  # noqa: PLC0415 - heavy
        from PIL.Image import composite  # noqa: PLC0415 - heavy

        mask = fitted(plan.mask, *made.size).point(lambda level: 255 if level > 127 else 0)
        soft = ImageChops.darker(mask, mask.filter(ImageFilter.GaussianBlur(FEATHER)))
        return composite(made.convert("RGB"), fitted(plan.images[0], *made.size), soft)

    def _cut_off(self, pipe: Any, words: str) -> str:
        """What to say when the text encoder could not read to the end; "" where it could.  CLIP reads 77 tokens."""
        found = [one for name, one in pipe.components.items() if name.startswith("tokenizer") and one is not None]
        if not found or any("CLIP" not in type(one).__name__ for one in found):
            return ""  # the others take hundreds of tokens
        most = max(one.model_max_length for one in found)
        count = min(len(one(words).input_ids) for one in found)
        if count <= most:
            return ""
        return f"The prompt has {count} tokens, and this model reads {most}: the rest was left out."


def _share(steps: int, strength: float) -> tuple[int, float]:
    """Steps and strength of image-to-image such that at least one step is made, and, under full strength, one skipped.

    Flow models make ceil(steps x strength) of their steps: all 4 of 4 at 0.8, which begin with noise alone, so that
    nothing of the picture would be left.
    """
    steps = max(steps, math.ceil(1 / strength), 1 if strength == 1 else 2)
    if strength < 1 and int(steps - steps * strength) == 0:
        strength = (steps - 1) / steps
    return steps, strength


def _is_masked(images: tuple[Image, ...], words: str) -> bool:
    """Whether of two pictures the second is said to be a mask, and is one: of the same size, black and white."""
    if len(images) != 2 or images[0].size != images[1].size or _MASK.search(words) is None:
        return False
    levels = images[1].convert("L").histogram()
    dark, light, whole = sum(levels[:16]), sum(levels[240:]), sum(levels)
    return bool(dark and light and dark + light >= _TWO_TONED * whole)
