"""Where an answer ends: stop sequences and the token limit."""

from __future__ import annotations

from collections.abc import Callable, Sequence


class StopCutter:
    """Passes text on until a stop sequence appears, holding back what may yet become one."""

    def __init__(self, sequences: Sequence[str]) -> None:
        self._sequences = tuple(sequences)
        self._longest = max(map(len, sequences), default=0)
        self._held = ""

    def feed(self, text: str) -> tuple[str, bool]:
        """(text that may go out, whether a stop sequence was met; it and all after it are dropped)."""
        if not self._sequences:
            return text, False
        self._held += text
        # The sequence that is complete first ends the answer, whatever pieces it comes in; of two, the longer one.
        found = [(at + len(s), at) for s in self._sequences if (at := self._held.find(s)) >= 0]
        if found:
            _, start = min(found)
            ready, self._held = self._held[:start], ""
            return ready, True
        keep = self._undecided()
        cut = len(self._held) - keep
        ready, self._held = self._held[:cut], self._held[cut:]
        return ready, False

    def flush(self) -> str:
        """What was held back, once it is sure that no sequence follows."""
        ready, self._held = self._held, ""
        return ready

    def _undecided(self) -> int:
        """How many last characters may be the beginning of a stop sequence."""
        for length in range(min(self._longest - 1, len(self._held)), 0, -1):
            tail = self._held[-length:]
            if any(s.startswith(tail) for s in self._sequences):
                return length
        return 0


def cut_to_tokens(before: str, more: str, limit: int, count: Callable[[str], int]) -> str:
    """The longest beginning of `more` with which `before` stays within `limit` tokens."""
    # A token has at least one character, so short texts need no counting.
    if len(before) + len(more) <= limit or count(before + more) <= limit:
        return more
    low, high = 0, len(more)
    while low < high:
        middle = (low + high + 1) // 2
        if count(before + more[:middle]) <= limit:
            low = middle
        else:
            high = middle - 1
    return more[:low]
