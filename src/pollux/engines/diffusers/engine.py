"""The engine: one diffusion model in this process, one picture at a time."""

from __future__ import annotations

import gc
import logging
import secrets
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, suppress
from pathlib import Path
from typing import Any, cast

from pollux.engines.base import Ability, EmbedInput, Event, ModelCard, Prompt
from pollux.engines.diffusers.loading import Model, load
from pollux.engines.diffusers.options import Options
from pollux.engines.diffusers.painter import Painter, Put
from pollux.engines.diffusers.wish import Wish, wish
from pollux.engines.lane import Lane
from pollux.engines.once import Once
from pollux.errors import ConfigurationError, Unavailable, Unimplemented

ABILITIES: frozenset[Ability] = frozenset({"image_in", "image_out"})
INPUT_TOKENS, OUTPUT_TOKENS = 65_536, 32_768

log = logging.getLogger("pollux.engines.diffusers")


class DiffusersEngine:
    """Makes and changes pictures with a diffusion model; it writes no words.

    The model is loaded at the first request, or here with `preload`, which then raises ConfigurationError. Pictures
    are made one after another, because one of a megapixel keeps a device busy; who waits can hang up.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._lane = Lane(1)
        self._model = Once(options.model, lambda: load(options), lambda model: model.about)
        about = "A diffusion model: makes and changes pictures, writes no words."
        if options.preload:
            self._model.get()
        folder = Path(options.model)
        name = folder.name if folder.is_absolute() else options.model  # where it lies is nobody's business
        self._card = ModelCard(name, ABILITIES, about, INPUT_TOKENS, OUTPUT_TOKENS)

    def cards(self) -> Sequence[ModelCard]:
        """The one model.  Whether it takes pictures, and how many, shows when it is loaded."""
        return (self._card,)

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """Makes one picture; closing it stops the work at the next step."""
        if prompt.reel is not None:
            raise Unimplemented("This model makes no videos.")
        asked = wish(prompt)
        # Candidates without a seed must differ; with one, the prompt's already does.
        seed = secrets.randbits(32) if prompt.seed is None else prompt.seed
        events = self._lane.follow(lambda cancelled, put: self._paint(asked, seed, cancelled, put))
        async with aclosing(cast(AsyncGenerator[Event, None], events)) as coming:
            async for event in coming:
                yield event

    def count_text(self, text: str) -> int | None:
        """Text encoders cut words off where others count: the tables are truer to Gemini."""
        del text
        return None

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        """Raises Unimplemented."""
        del inputs, dims
        raise Unimplemented(f"models/{model} makes no embeddings.")

    async def close(self) -> None:
        """Stops at the next step, and lets go of the model."""
        self._lane.close()
        self._model.close()

    def _ready(self, name: str) -> Model:
        """The model.  Why it cannot be loaded is the operator's matter, not that of who asks for models/`name`."""
        try:
            return self._model.get()
        except ConfigurationError as error:  # it may name folders and tokens
            message = f"The model behind models/{name} cannot be loaded; the server's log says why."
            raise Unavailable(message) from error

    def _paint(self, asked: Wish, seed: int, cancelled: Callable[[], bool], put: Put) -> None:
        """In the lane's one thread.  Raises ApiError."""
        try:
            Painter(self._ready(asked.model), asked, seed, cancelled).paint(put)
            return
        except (RuntimeError, MemoryError) as error:
            if not _is_memory(error):
                raise
            log.error("%s: out of memory: %s", self._options.model, error)
        # Here the failed call's frames, and the tensors in them, are gone.
        _release()
        where = self._options.place
        raise Unavailable(
            f"The device's memory is too small for this picture now. {where} offload or most_pixels help."
        )


def _is_memory(error: BaseException) -> bool:
    """Whether memory ran out: in the words of CUDA, of MPS, and of the CPU's allocator."""
    text = str(error).lower()
    return isinstance(error, MemoryError) or "out of memory" in text or "can't allocate memory" in text


def _release() -> None:
    """Gives back what the allocators keep, so that the next picture finds a whole device."""
    import torch  # noqa: PLC0415 - heavy

    gc.collect()
    for device in ("cuda", "mps", "xpu"):
        backend: Any = getattr(torch, device, None)
        with suppress(RuntimeError, AttributeError):  # devices that are not there
            backend.empty_cache()
