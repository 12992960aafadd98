"""The next token of every row: penalties, masks, temperature, top-k, top-p, and one draw from the row's own dice.

Every row has a random generator of its own, from its seed, and draws one number a token, so that an answer does not
depend on who else is answered.  Order and meaning of the steps are those of transformers' own generate.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from pollux.errors import ApiError

Tensor = Any


class Matcher(Protocol):
    """What one row may write (`guide.Guide.start`)."""

    def mask(self, logits: Tensor) -> None:
        """Sets the logits (vocabulary,) of tokens that may not come next to minus infinity, in place."""
        ...

    def advance(self, token: int) -> None:
        """Takes note of what was chosen."""
        ...

    @property
    def over(self) -> bool:
        """Whether nothing may follow."""
        ...


@dataclass(frozen=True, slots=True)
class Sampling:
    """How one row chooses.  `temperature` 0 is the likeliest token; `top_k` 0 and `top_p` 1 leave all.

    `repetition` divides (or multiplies) the logits of tokens that were seen, prompt included, as in the CTRL paper
    (arXiv 1909.05858); `presence` and `frequency` are subtracted for tokens of the answer, once and each time.
    `alternatives`: how many likeliest tokens are told with every one, -1 for no log probabilities at all.
    """

    temperature: float = 0.0
    top_k: int = 0
    top_p: float = 1.0
    presence: float = 0.0
    frequency: float = 0.0
    repetition: float = 1.0
    alternatives: int = -1
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Chosen:
    """A token, its log probability as the model gave it (0 where none is wanted), and the likeliest there."""

    token: int
    logprob: float = 0.0
    top: tuple[tuple[int, float], ...] = ()


@dataclass
class Thinking:
    """How long a row may think: after `budget` tokens of it, `closing` is put into its mouth.

    `inside`: the prompt ended in the midst of it; else it begins where the first token is `opens`.  `closes` ends it.
    """

    budget: int
    opens: int
    closes: int
    closing: tuple[int, ...]
    inside: bool = False
    _begun: bool = False
    _thought: int = 0

    def heed(self, token: int) -> list[int]:
        """The tokens that must follow, the first last; mostly none."""
        first, self._begun = not self._begun, True
        if token == self.closes:
            self.inside = False
        elif first and not self.inside:
            self.inside = token == self.opens
        elif self.inside:
            self._thought += 1
            if self._thought >= self.budget:
                self.inside = False
                return list(self.closing[::-1])
        return []


@dataclass
class Dice:
    """What one row needs to choose, from its first token to its last."""

    sampling: Sampling
    prompt: Sequence[int] = ()
    matcher: Matcher | None = None
    forced: list[int] = field(default_factory=list)  # tokens that come next whatever the model says, the first last
    thinking: Thinking | None = None
    _counts: dict[int, int] = field(default_factory=dict)
    _seen: set[int] = field(init=False)  # in prompt or answer
    _random: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self._seen = set(self.prompt)
        self._random = random.Random(self.sampling.seed)  # noqa: S311

    def draw(self) -> float:
        """The number of this token, 0 to 1."""
        return self._random.random()

    def shape(self, logits: Tensor) -> None:
        """Penalties and mask, in place, on (vocabulary,)."""
        sampling = self.sampling
        if sampling.repetition != 1.0:
            seen = _tensor(logits, [token for token in self._seen if token < logits.shape[-1]])
            values = logits[seen]
            logits[seen] = (values / sampling.repetition).where(values > 0, values * sampling.repetition)
        if self._counts and (sampling.presence or sampling.frequency):
            less = [sampling.presence + sampling.frequency * count for count in self._counts.values()]
            logits[_tensor(logits, list(self._counts))] -= _tensor(logits, less)
        if self.matcher is not None:
            self.matcher.mask(logits)

    def chose(self, token: int) -> None:
        """Takes note of what was chosen."""
        self._counts[token] = self._counts.get(token, 0) + 1
        self._seen.add(token)
        if self.matcher is not None:
            self.matcher.advance(token)
        if self.thinking is not None:
            self.forced = self.thinking.heed(token) or self.forced


def choose(logits: Tensor, rows: Sequence[Dice]) -> list[Chosen | ApiError]:
    """The next token of each row, or why it has none; `logits` is (rows, vocabulary) in float32 and is changed."""
    import torch  # noqa: PLC0415

    wrong: dict[int, ApiError] = {}
    with torch.inference_mode():
        raw = [logits[i].clone() if row.sampling.alternatives >= 0 else None for i, row in enumerate(rows)]
        for i, row in enumerate(rows):
            try:
                row.shape(logits[i])
            except ApiError as error:  # its form cannot be followed any more: its own trouble, not its neighbours'
                wrong[i] = error
        picked = logits.argmax(-1) if all(row.sampling.temperature == 0 for row in rows) else _drawn(logits, rows)
        out: list[Chosen | ApiError] = []
        for i, (row, token) in enumerate(zip(rows, picked.tolist(), strict=True)):
            chosen = row.forced.pop() if row.forced else token
            if i not in wrong:
                try:
                    row.chose(chosen)
                except ApiError as error:
                    wrong[i] = error
            told = Chosen(chosen) if raw[i] is None else _measured(raw[i], chosen, row.sampling.alternatives)
            out.append(wrong.get(i, told))
    return out


def _drawn(logits: Tensor, rows: Sequence[Dice]) -> Tensor:
    """By inverse transform: the first token at which the sorted, cut and summed probabilities pass the row's draw."""
    import torch  # noqa: PLC0415

    def column(values: list[float]) -> Tensor:
        return torch.tensor(values, device=logits.device, dtype=torch.float32)[:, None]

    greedy = [row.sampling.temperature == 0 for row in rows]
    size = logits.shape[-1]
    ranks = [1 if still else (row.sampling.top_k or size) for still, row in zip(greedy, rows, strict=True)]
    most = min(max(ranks), size)
    values, tokens = logits.topk(most) if most < size else logits.sort(descending=True, stable=True)
    values = values / column([row.sampling.temperature or 1.0 for row in rows])
    beyond = torch.arange(most, device=logits.device)[None] >= column([float(rank) for rank in ranks])
    shares = values.masked_fill(beyond, float("-inf")).softmax(-1)
    before = shares.cumsum(-1) - shares
    shares = shares.masked_fill(before >= column([row.sampling.top_p for row in rows]), 0.0)
    shares[:, 0] = shares[:, 0].clamp(min=1e-30)  # top_p 0 leaves the likeliest
    sums = shares.cumsum(-1)
    at = (sums <= sums[:, -1:] * column([row.draw() for row in rows])).sum(-1)
    last = (shares > 0).sum(-1) - 1
    picked: Tensor = tokens.gather(-1, at.minimum(last)[:, None])[:, 0]
    return picked


def _measured(logits: Tensor, token: int, alternatives: int) -> Chosen:
    logprobs = logits.log_softmax(-1)
    top: tuple[tuple[int, float], ...] = ()
    if alternatives:
        values, tokens = logprobs.topk(alternatives)
        top = tuple(zip(tokens.tolist(), values.tolist(), strict=True))
    return Chosen(token, float(logprobs[token]), top)


def _tensor(logits: Tensor, values: list[int] | list[float]) -> Tensor:
    """As a whole, for it costs a GPU as much as a single number."""
    import torch  # noqa: PLC0415

    return torch.tensor(values, device=logits.device)
