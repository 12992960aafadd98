"""Whom to ask of a route's chain, and who is to be left alone for a while.

The next engine is asked when one fails before anything of its answer went out, and the failure is its own: it cannot
be reached, has no more quota, was silent for too long, or broke.  What the caller did wrong is nobody else's to answer,
and is told as the first engine tells it.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from pollux.core.deadline import Deadline
from pollux.engines.base import ModelCard, Prompt
from pollux.engines.registry import Served
from pollux.errors import ApiError, DeadlineExceeded, Internal, ResourceExhausted, Unavailable, Unimplemented
from pollux.media.handle import Media

log = logging.getLogger("pollux.fallback")

FAILURES = (Unavailable, ResourceExhausted, DeadlineExceeded, Internal)
FIRST_REST, LONGEST_REST = 2.0, 60.0
"""Seconds for which an engine that failed is asked last; the rest doubles with each failure."""
PATIENCE = 3
"""Answers in a row that broke (INTERNAL) before an engine rests: one request alone may be the reason for one."""


@dataclass(slots=True)
class _State:
    failures: int = 0
    broken: int = 0
    rests_until: float = 0.0
    on_trial: bool = False


class Health:
    """Which engines are well.  One that failed rests; then a single request is its trial, and the others wait for it.

    Not thread-safe: it lives on the loop.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._states: dict[tuple[str, str], _State] = {}

    def order(self, chain: Sequence[Served]) -> list[Served]:
        """The chain, those that rest behind the others: they are better than no answer."""
        return sorted(chain, key=lambda one: not self.well(one))

    def well(self, one: Served) -> bool:
        """Whether it may be asked now."""
        state = self._states.get(_key(one))
        return state is None or (state.rests_until <= self._clock() and not state.on_trial)

    @contextmanager
    def asking(self, one: Served, deadline: Deadline) -> Iterator[Callable[[], None]]:
        """While it lasts the engine is asked, and errors of its making count against it; call what this gives when the
        answer begins.  That the caller's time ran out does not count: callers choose how long that is.
        """
        state = self._states.get(_key(one))
        if state is not None and state.failures:
            state.on_trial = True

        def answered() -> None:
            # An answer that was under way when the engine failed says nothing of what came after.
            if state is not None and self._states.get(_key(one)) is state:
                del self._states[_key(one)]
                if state.failures:
                    log.warning("%s answers again", one.engine_name)

        try:
            yield answered
        except FAILURES as error:
            if not (isinstance(error, DeadlineExceeded) and _over(deadline)):
                self._failed(one, error)
            raise
        finally:
            if state is not None:
                state.on_trial = False

    def _failed(self, one: Served, error: ApiError) -> None:
        state = self._states.setdefault(_key(one), _State())
        state.broken += isinstance(error, Internal)
        if isinstance(error, Internal) and state.broken < PATIENCE:
            return
        now = self._clock()
        if state.rests_until > now:  # those that were under way when it failed are no further failures
            return
        rest = min(FIRST_REST * 2**state.failures, LONGEST_REST)
        if isinstance(error, ResourceExhausted):
            rest = min(max(error.retry_after, FIRST_REST), LONGEST_REST)
        state.failures = min(state.failures + 1, 16)
        state.rests_until = now + rest
        log.warning("%s failed and rests for %.3g seconds: %s", one.engine_name, rest, error.message)


def chain_of(served: Served, method: str) -> tuple[Served, ...]:
    """The model as its first engine serves it, and as those do that can take its place."""
    return (served, *(one for one in served.fallbacks if one.serves(method))) if served.fallbacks else (served,)


def twins(served: Served) -> tuple[Served, ...]:
    """The chain for vectors: those of another model could not be compared with the first one's."""
    card = served.card
    same = (one for one in served.fallbacks if (one.card.name, one.card.embed_dims) == (card.name, card.embed_dims))
    return (served, *same)


def goes_on(error: ApiError, link: Served, chain: Sequence[Served], deadline: Deadline) -> bool:
    """Whether another engine may be asked after this error of `link`; False too when the caller's time is over."""
    return not _over(deadline) and (link is not chain[0] or isinstance(error, FAILURES))


def require_able(prompt: Prompt, card: ModelCard) -> None:
    """Raises Unimplemented where a fallback lacks what a request needs and `core.prepare` does not check."""
    sound = any(isinstance(p, Media) and p.kind == "audio" for turn in prompt.turns for p in turn.pieces)
    for ability, needed in (("image_out", prompt.canvas is not None), ("audio_in", sound)):
        if needed and ability not in card.abilities:
            raise Unimplemented(f"{card.name} has not the ability {ability}.")


def _over(deadline: Deadline) -> bool:
    return time.monotonic() >= deadline.at


def _key(one: Served) -> tuple[str, str]:
    return one.engine_name, one.card.name
