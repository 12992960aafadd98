"""Several upstreams that are alike: whom to ask next, and who is to be left alone for a while."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

FIRST_REST, LONGEST_REST = 1.0, 30.0


@dataclass(eq=False, slots=True)
class Upstream:
    """One server: what it has in hand, and until when (on the pool's clock) it rests after failures.

    `away`: it did not answer when it was last asked whether it is there (`health`).
    """

    address: str
    active: int = 0
    asked: int = 0
    failures: int = 0
    rests_until: float = 0.0
    on_trial: bool = False
    away: bool = False


class Pool:
    """Least load among those that are well; equal ones in turn.

    One that fails rests for a second, then twice as long each time; the first request after that is its trial.
    """

    def __init__(self, addresses: Sequence[str], clock: Callable[[], float] = time.monotonic) -> None:
        self.all = tuple(Upstream(address.rstrip("/")) for address in addresses)
        self._clock = clock
        self._asked = 0

    def choose(self, tried: Collection[Upstream] = ()) -> Upstream:
        """Whom to ask: one not yet tried before one that was; where all rest, the one that is up soonest."""
        untried = [one for one in self.all if one not in tried] or list(self.all)
        well = [one for one in untried if self._well(one)] or [one for one in self.all if self._well(one)]
        if well:
            return min(well, key=lambda one: (one.active, one.asked))
        return min(untried, key=lambda one: (one.rests_until, one.active, one.asked))

    def fresh(self, tried: Collection[Upstream]) -> bool:
        """Whether there is one that is well and was not tried: it can be asked at once."""
        return any(one not in tried and self._well(one) for one in self.all)

    @contextmanager
    def asking(self, one: Upstream) -> Iterator[None]:
        """While it lasts the upstream has one more in hand."""
        self._asked += 1
        one.asked = self._asked
        one.active += 1
        trial = one.failures > 0
        one.on_trial |= trial
        try:
            yield
        finally:
            one.active -= 1
            one.on_trial &= not trial

    def answered(self, one: Upstream) -> None:
        """It is well."""
        one.failures, one.rests_until = 0, 0.0

    def missed(self, one: Upstream) -> None:
        """It is not there, and rests until it is `found`."""
        one.failures, one.rests_until, one.away = max(one.failures, 1), math.inf, True

    def found(self, one: Upstream) -> None:
        """It is there again: the next request is its trial."""
        one.rests_until, one.away = 0.0, False

    def failed(self, one: Upstream) -> None:
        """It is to be left alone for a while; requests that were under way when it failed are no further failures."""
        now = self._clock()
        if one.rests_until > now:  # whoever is away stays so, too
            return
        one.rests_until = now + min(FIRST_REST * 2**one.failures, LONGEST_REST)
        one.failures = min(one.failures + 1, 16)

    def _well(self, one: Upstream) -> bool:
        # After its rest one request is the trial; others wait until it is answered.
        return one.rests_until <= self._clock() and not (one.failures and one.on_trial)
