"""The seam behind which every model stands: what an engine is asked, and the humble events it answers with."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from pollux.engines.cards import Ability as Ability
from pollux.engines.cards import ModelCard as ModelCard
from pollux.engines.wishes import Canvas, Reel, Source
from pollux.media.handle import Media
from pollux.wire.content import Part, Tool, ToolConfig
from pollux.wire.generate import GenerateContentRequest, GenerationConfig, SafetyRating, SafetySetting
from pollux.wire.relay import Relayed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn: the wire's parts, except that blobs and file references have become Media.

    Text documents are Media too, decoded to UTF-8 (`media.text.text_of`), so that an engine can tell them, and their
    names, from what the user says; an engine that knows only text gives them to its model as text.  The media of a
    functionResponse stand right behind its part.
    """

    role: Literal["user", "model"]
    pieces: tuple[Part | Media, ...]


@dataclass(frozen=True, slots=True)
class Prompt:
    """A request, prepared: roles settled, media resolved, schema in plain JSON Schema.

    `model` is the name the caller used.  `candidate` counts from 0; `seed` already differs by candidate.  `deadline` is
    on the monotonic clock, in seconds.  `canvas` is None where no picture is wanted, `reel` where no video is.
    `sources` are what google_search found, where it was offered.  A relay has the `request` as it came, with our files
    in it; `whole` says that nobody waits for pieces.
    """

    model: str
    turns: tuple[Turn, ...]
    system: str = ""
    config: GenerationConfig = field(default_factory=GenerationConfig)
    tools: tuple[Tool, ...] = ()
    tool_config: ToolConfig | None = None
    safety: tuple[SafetySetting, ...] = ()
    schema: Mapping[str, Any] | None = None
    seed: int | None = None
    candidate: int = 0
    deadline: float | None = None
    canvas: Canvas | None = None
    sources: tuple[Source, ...] = ()
    reel: Reel | None = None
    request: GenerateContentRequest | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Text:
    """More of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Thought:
    """More of the thinking; shown only when asked for."""

    text: str


@dataclass(frozen=True, slots=True)
class Call:
    """A function the model wants called."""

    name: str
    args: Mapping[str, Any]
    id: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A picture: (height, width, 3 or 4) uint8, RGB or RGBA, not premultiplied; `thought` marks interim ones.

    Core encodes it, with watermark and manifest; `edited` tells the manifest that it was made from the caller's own.
    """

    pixels: NDArray[np.uint8]
    thought: bool = False
    edited: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The next frame of a video: (height, width, 3) uint8 RGB."""

    pixels: NDArray[np.uint8]


@dataclass(frozen=True, slots=True)
class Grounding:
    """What an answer rests on, in the wire's groundingMetadata."""

    metadata: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Usage:
    """The engine's own count; where it reports one, it wins over the tables."""

    prompt_tokens: int
    candidate_tokens: int
    thought_tokens: int = 0


@dataclass(frozen=True, slots=True)
class LogToken:
    """A token of the answer, its natural log probability, and the likeliest ones there, best first."""

    token: str
    logprob: float
    top: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Logprobs:
    """The tokens of the text since the last such event; only where they were asked for."""

    tokens: tuple[LogToken, ...]


@dataclass(frozen=True, slots=True)
class Opaque:
    """A part that must go out as it came: another issuer's signature, executable code and the like."""

    part: Part


@dataclass(frozen=True, slots=True)
class Ratings:
    """What an engine that can judge harm found, in the prompt or in its answer; core applies the thresholds."""

    ratings: tuple[SafetyRating, ...]
    of_prompt: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """The end; `reason` is the wire's finishReason.  An engine that just ends has stopped with STOP."""

    reason: str = "STOP"
    message: str = ""


Event = Text | Thought | Call | Picture | Frame | Grounding | Usage | Logprobs | Opaque | Ratings | Stop | Relayed


@dataclass(frozen=True, slots=True)
class EmbedInput:
    """One thing to embed; `task` is the wire's taskType."""

    text: str
    task: str = ""
    title: str = ""


class Engine(Protocol):
    """Whoever answers.  Optional abilities are data on the cards, never guessed."""

    def cards(self) -> Sequence[ModelCard]:
        """The models this engine has.  Cheap: no model is loaded for it."""
        ...

    def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """Answers one candidate.  Raises ApiError, before the first event where it can.  Closing it stops the work."""
        ...

    def count_text(self, text: str) -> int | None:
        """Tokens of a text by the engine's own tokenizer, None where it has none."""
        ...

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        """One vector an input, of `dims` dimensions.  Raises Unimplemented without the ability."""
        ...

    async def close(self) -> None:
        """Gives everything back."""
        ...
