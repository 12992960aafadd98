"""Videos: from what a Veo request asks for to the frames of an engine."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from pollux.core.deadline import Deadline, within
from pollux.core.prepare import Resolve
from pollux.core.tokens import count_by_rule
from pollux.engines.base import Frame, Prompt, Stop, Turn
from pollux.engines.registry import Served
from pollux.engines.wishes import Reel
from pollux.errors import FailedPrecondition, InvalidArgument
from pollux.media.handle import Media
from pollux.wire.content import Blob, Part

__all__ = ["FPS", "SIZES", "Film", "Reel", "check_length", "film_prompt", "frames"]

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels: TypeAlias = NDArray[np.uint8]

FPS = 24
SIZES: Mapping[tuple[str, str], tuple[int, int]] = {
    ("16:9", "720p"): (1280, 720),
    ("9:16", "720p"): (720, 1280),
    ("16:9", "1080p"): (1920, 1080),
    ("9:16", "1080p"): (1080, 1920),
}
"""Width and height in pixels by aspect ratio and resolution, as Google publishes them for Veo."""
MOST_SECONDS = 8
LONGEST_TOKEN = 64
"""Characters of the longest token that a prompt is believed to be made of."""


@dataclass(frozen=True, slots=True)
class Film:
    """One video.  `first` and `last` are pictures to begin and to end with; `seed` makes it the same again."""

    prompt: str
    reel: Reel
    first: Blob | None = None
    last: Blob | None = None
    seed: int | None = None


def check_length(film: Film, served: Served) -> None:
    """Raises InvalidArgument for a prompt of more tokens than the model takes; a huge one is not counted first."""
    most = served.input_tokens
    if len(film.prompt) > most * LONGEST_TOKEN or count_by_rule(film.prompt) > most:
        message = f"instances[0].prompt: models/{served.name} takes at most {most} tokens; shorten the prompt."
        raise InvalidArgument(message, field="instances[0].prompt")


async def film_prompt(film: Film, served: Served, resolve: Resolve) -> Prompt:
    """The prompt that an engine is given: the words, then the pictures in order.  Raises InvalidArgument."""
    pieces: list[Part | Media] = [Part(text=film.prompt)] if film.prompt else []
    for blob, field in ((film.first, "instances[0].image"), (film.last, "instances[0].lastFrame")):
        if blob is not None:
            media = await resolve(blob, field)
            if media.kind != "image":
                raise InvalidArgument(f"{field} must be a picture, not {media.mime_type}.", field=field)
            pieces.append(media)
    return Prompt(model=served.name, turns=(Turn("user", tuple(pieces)),), seed=film.seed, reel=film.reel)


async def frames(served: Served, prompt: Prompt, deadline: Deadline) -> AsyncGenerator[Pixels, None]:
    """An engine's frames.  Raises FailedPrecondition when it stops before the last one."""
    assert prompt.reel is not None
    count, why = 0, ""
    events = cast(Any, served.engine.stream(prompt))
    async with aclosing(events):
        while count < prompt.reel.frames:
            try:
                event = await within(deadline, anext(events))
            except StopAsyncIteration:
                break
            if isinstance(event, Frame):
                count += 1
                yield event.pixels
            elif isinstance(event, Stop):
                why = event.message
    if count < prompt.reel.frames:
        raise FailedPrecondition(why or f"models/{served.name} made no whole video of this prompt.")
