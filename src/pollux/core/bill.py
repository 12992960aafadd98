"""What a request cost: tokens, pictures and, where models have prices, their sum; and the book of all requests."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from pollux.core.admit import Caller
from pollux.engines.registry import Limits
from pollux.wire.generate import UsageMetadata

MILLION = 1_000_000
BATCH_DISCOUNT = 0.5
"""Part of the price that batch lines are let off (batch guide: "at 50% of the standard cost")."""
MOST_NAMES = 1000
"""Names of models that are told apart for a project in a day; callers may make up more, and those are `OTHERS`."""
OTHERS = "(others)"
MOST_TOKENS = 2**31 - 1
"""Of one request; other servers' numbers are believed within what the API has room for (int32)."""
DAY = 86_400


@dataclass(slots=True)
class Bill:
    """One request's, written by core while it answers.

    `engine` is who answered and `fallback` its place in the chain, 0 for the first; `cost` is None without prices.
    """

    engine: str = ""
    fallback: int = 0
    answered: bool = False
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    pictures: int = 0
    total_tokens: int = 0
    cost: float | None = None

    def charge(self, usage: UsageMetadata, pictures: int, limits: Limits, *, batch: bool) -> None:
        """Takes what an answer turned out to use."""
        self.input_tokens = _within(usage.prompt_token_count + usage.tool_use_prompt_token_count)
        self.cached_tokens = _within(usage.cached_content_token_count, self.input_tokens)
        self.output_tokens = _within(usage.candidates_token_count + usage.thoughts_token_count)
        self.total_tokens = _within(usage.total_token_count)
        self.pictures = pictures
        drawn = sum(row.token_count for row in usage.candidates_tokens_details if row.modality == "IMAGE")
        self.cost = _cost(self, drawn, limits, batch=batch)


def _within(tokens: int, most: int = MOST_TOKENS) -> int:
    return min(max(tokens, 0), most)


def _cost(bill: Bill, drawn: int, limits: Limits, *, batch: bool) -> float | None:
    """`drawn` are the tokens of pictures among those of the answer: a price of pictures takes their place."""
    prices = (limits.input_price, limits.output_price, limits.picture_price)
    if all(price is None for price in prices):
        return None
    into, out, picture = (price or 0.0 for price in prices)
    cached = into if limits.cached_price is None else limits.cached_price
    written = bill.output_tokens - (drawn if limits.picture_price is not None else 0)
    tokens = (bill.input_tokens - bill.cached_tokens) * into + bill.cached_tokens * cached + max(written, 0) * out
    whole = tokens / MILLION + bill.pictures * picture
    discount = BATCH_DISCOUNT if limits.batch_discount is None else limits.batch_discount
    return whole * (1 - discount) if batch else whole


@dataclass(slots=True)
class Used:
    """Sums of requests of one day, project, key and model."""

    requests: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0
    pictures: int = 0
    cost: float = 0.0


Row = tuple[int, str, str, str]
"""Days since 1970 (UTC), project, the key's id, the model's name."""


class Book:
    """Sums since they were last taken.  Nothing is written here, so that it costs a request a microsecond."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._rows: dict[Row, Used] = {}
        self._day = 0
        self._names: dict[str, set[str]] = {}

    def note(self, caller: Caller, model: str, bill: Bill) -> None:
        """Adds a request."""
        day = int(self._clock() // DAY)
        if day != self._day:
            self._day, self._names = day, {}
        names = self._names.setdefault(caller.project, set())
        if model not in names:
            if len(names) >= MOST_NAMES or not model.isprintable():  # no database takes every character
                model = OTHERS
            else:
                names.add(model)
        row = (day, caller.project, caller.key, model)
        used = self._rows.get(row)
        if used is None:
            used = self._rows[row] = Used()
        used.requests += 1
        used.input_tokens += bill.input_tokens
        used.cached_tokens += bill.cached_tokens
        used.output_tokens += bill.output_tokens
        used.pictures += bill.pictures
        used.cost += bill.cost or 0.0

    def take(self) -> dict[Row, Used]:
        """All rows, which begin anew."""
        rows, self._rows = self._rows, {}
        return rows

    def put_back(self, rows: dict[Row, Used]) -> None:
        """Rows that could not be written."""
        for row, used in rows.items():
            mine = self._rows.setdefault(row, Used())
            for name in Used.__slots__:
                setattr(mine, name, getattr(mine, name) + getattr(used, name))
