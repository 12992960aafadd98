"""What a prompt wants besides words: pictures, a video; and what a search found for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Canvas:
    """The pictures a request wants: each of exactly `width` x `height` pixels.

    `text`: words may stand beside them; without it there are pictures alone.  `interim`: up to so many pictures of the
    thinking are welcome (events with `thought`); core adds the last one, which is equal to the finished picture.
    `kept`: the size is that of the caller's own picture, so that an edit can leave its other pixels alone.
    """

    width: int
    height: int
    text: bool = True
    interim: int = 0
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Reel:
    """The video a request wants: frames (events Frame) of exactly `width` x `height` pixels for so many seconds."""

    width: int
    height: int
    seconds: float
    fps: int

    @property
    def frames(self) -> int:
        """How many frames it has."""
        return max(1, round(self.seconds * self.fps))


@dataclass(frozen=True, slots=True)
class Source:
    """A passage that a search found for this prompt; `uri` and `title` as they are shown to the caller."""

    uri: str
    title: str
    text: str
