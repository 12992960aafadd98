"""The specialists' picture."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray


@pytest.fixture(scope="session")
def noise() -> NDArray[np.uint8]:
    """A picture of 120 x 90 pixels in which no two places look alike."""
    return np.random.default_rng(7).integers(0, 256, (90, 120, 3)).astype(np.uint8)
