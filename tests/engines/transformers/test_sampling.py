"""Choosing: the distribution that was asked for, and every row by its own dice."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import pytest

from pollux.engines.transformers.sampling import Chosen, Dice, Sampling, choose
from pollux.errors import InvalidArgument

LOGITS = [2.0, 1.0, 0.0, -1.0]


def logits(rows: int = 1) -> Any:
    import torch

    return torch.tensor([LOGITS] * rows)


def drawn(count: int, **sampling: Any) -> Counter[int]:
    """How often each token comes."""
    rows = [Dice(Sampling(seed=seed, **sampling)) for seed in range(count)]
    return Counter(one.token for one in choose(logits(count), rows) if isinstance(one, Chosen))


@pytest.mark.parametrize(
    ("sampling", "kept", "heat"),
    [
        ({"temperature": 1.0}, 4, 1.0),
        ({"temperature": 0.5}, 4, 0.5),
        ({"temperature": 1.0, "top_k": 2}, 2, 1.0),
        ({"temperature": 1.0, "top_p": 0.8}, 2, 1.0),  # 0.64 + 0.24 pass 0.8
        ({"temperature": 2.0, "top_k": 3, "top_p": 0.9}, 3, 2.0),
        ({"temperature": 1.0, "top_p": 0.0}, 1, 1.0),
        ({"temperature": 0.0}, 1, 1.0),
    ],
)
def test_shares(sampling: dict[str, Any], kept: int, heat: float) -> None:
    count = 6000
    found = drawn(count, **sampling)
    weights = [math.exp(value / heat) for value in LOGITS[:kept]]
    assert set(found) == set(range(kept))
    for token, weight in enumerate(weights):
        share = weight / sum(weights)
        assert abs(found[token] / count - share) < 4 * math.sqrt(share * (1 - share) / count) + 1e-9


def test_a_row_does_not_feel_its_neighbours() -> None:
    one = Sampling(temperature=1.0, seed=3)
    others = [Sampling(), Sampling(temperature=2.0, top_k=1, seed=9), Sampling(temperature=1.0, top_p=0.5, seed=1)]

    def run(*rows: Sampling) -> list[int]:
        dice = [Dice(row) for row in rows]
        tokens = [choose(logits(len(rows)), dice)[0] for _ in range(20)]
        return [token.token for token in tokens if isinstance(token, Chosen)]

    assert run(one) == run(one, *others)
    assert len(set(run(one))) > 1


def test_penalties() -> None:
    def after(token: int, times: int, **sampling: Any) -> Any:
        dice = Dice(Sampling(alternatives=0, **sampling), prompt=(1,))
        for _ in range(times):
            dice.chose(token)
        shaped = logits()[0]
        dice.shape(shaped)
        return shaped.tolist()

    assert after(0, 2, presence=0.5) == [1.5, 1.0, 0.0, -1.0]
    assert after(0, 2, frequency=0.5) == [1.0, 1.0, 0.0, -1.0]
    assert after(3, 1, repetition=2.0) == [2.0, 0.5, 0.0, -2.0]


def test_log_probabilities_are_the_model_s() -> None:
    (one,) = choose(logits(), [Dice(Sampling(temperature=0.1, presence=1.0, alternatives=2, seed=1))])
    assert isinstance(one, Chosen)
    total = math.log(sum(math.exp(value) for value in LOGITS))
    assert one.logprob == pytest.approx(LOGITS[one.token] - total, abs=1e-5)
    assert [token for token, _ in one.top] == [0, 1]


class Picky:
    """A matcher of one token, which then fails."""

    over = False

    def mask(self, row: Any) -> None:
        if self.over:
            raise InvalidArgument("responseSchema cannot be followed.")
        row[:3] = float("-inf")

    def advance(self, token: int) -> None:
        assert token == 3


def test_masks_and_their_failures_are_one_row_s() -> None:
    picky = Picky()
    rows = [Dice(Sampling()), Dice(Sampling(), matcher=picky), Dice(Sampling(temperature=1.0, seed=2))]
    assert [one.token for one in choose(logits(3), rows) if isinstance(one, Chosen)][:2] == [0, 3]
    picky.over = True
    first, second, third = choose(logits(3), rows)
    assert isinstance(first, Chosen)
    assert isinstance(second, InvalidArgument)
    assert isinstance(third, Chosen)
