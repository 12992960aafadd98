"""Hostile bytes: a picture or InvalidArgument, never another exception."""

import numpy as np
import pytest

from pollux.errors import InvalidArgument
from pollux.media.picture import decode
from tests.media.samples import media, samples, variants

ALL = {**samples(), **variants()}
# Pillow warns about odd metadata; in a server that is a line in the log, and what counts here is what follows.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning")


def survives(data: bytes) -> bool:
    """Whether `data` is a picture; anything but a picture or InvalidArgument fails the test."""
    try:
        rgb = decode(media(data), 64)
    except InvalidArgument as error:
        return "\n" in error.message
    assert rgb.dtype == np.uint8
    assert rgb.shape[2] == 3
    return True


@pytest.mark.parametrize("name", ALL)
def test_truncations(name: str) -> None:
    data = ALL[name]
    whole = [survives(data[: len(data) * part // 50]) for part in range(1, 51)]
    assert whole[-1]
    if "behind" not in name:
        assert not any(whole[:45])


@pytest.mark.parametrize("name", ALL)
def test_flips(name: str) -> None:
    rng = np.random.default_rng(sum(name.encode()))
    for _ in range(60):
        data = bytearray(ALL[name])
        for at in rng.integers(12, len(data) if rng.random() < 0.5 else min(len(data), 300), rng.integers(1, 6)):
            data[at] ^= 1 << rng.integers(8)
        survives(bytes(data))


@pytest.mark.parametrize("name", samples())
def test_rubbish_after_the_signature(name: str) -> None:
    rng = np.random.default_rng(7)
    for size in (0, 3, 12, 40, 400):
        survives(samples()[name][:16] + rng.bytes(size))
