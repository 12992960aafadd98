"""PaliGemma's masks: sixteen codewords, and the small network that makes a picture of them.

The codewords are the entries of a codebook of a vector-quantised autoencoder (Ning et al. 2023, arXiv 2301.02229), as
PaliGemma uses it (arXiv 2407.07726, 3.2).  Its weights are not part of Pollux: they are `vae-oid.npz` of big_vision,
published at gs://big_vision/paligemma/vae-oid.npz.  The network: a 1 x 1 convolution, two residual blocks, four
transposed convolutions that double the sides from 4 to 64, and a 1 x 1 convolution; values above 0 are the thing.
"""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from pollux.errors import ConfigurationError

Floats = NDArray[np.float32]
Bytes = NDArray[np.uint8]

CODES, GRID, SIDE = 16, 4, 64
BOOK = "_vq_vae._embedding"
BLOCKS = ("decoder.2.net", "decoder.3.net")
DOUBLINGS = ("decoder.4", "decoder.6", "decoder.8", "decoder.10")
_LAYERS = ("decoder.0", *(f"{block}.{n}" for block in BLOCKS for n in (0, 2, 4)), *DOUBLINGS, "decoder.12")
NAMES = (BOOK, *(f"{layer}.{kind}" for layer in _LAYERS for kind in ("weight", "bias")))
"""Arrays of the file that are used, in PyTorch's layout."""


class MaskDecoder:
    """The network with the weights of `path`, which is read at the first mask."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __call__(self, codes: Sequence[int]) -> Bytes:
        """The probability map of sixteen codewords: 64 x 64, above 127 is the thing.

        Raises ConfigurationError where the file is not what it should be, IndexError for a code outside of the book.
        """
        w = self._weights
        x = w[BOOK][np.asarray(codes)].reshape(GRID, GRID, -1)
        x = np.maximum(self._conv(x, "decoder.0"), 0)
        for block in BLOCKS:
            y = np.maximum(self._conv(x, f"{block}.0"), 0)
            y = np.maximum(self._conv(y, f"{block}.2"), 0)
            x = x + self._conv(y, f"{block}.4")
        for layer in DOUBLINGS:
            x = np.maximum(self._doubled(x, layer), 0)
        level = np.clip(self._conv(x, "decoder.12")[..., 0], -1, 1)
        return np.asarray(np.floor((level + 1) * 127.5), np.uint8)

    @cached_property
    def _weights(self) -> dict[str, Floats]:
        try:
            with np.load(self._path, allow_pickle=False) as file:
                found = {name: np.asarray(file[name], np.float32) for name in NAMES}
        except (OSError, KeyError, ValueError, zipfile.BadZipFile):
            message = f"{self._path}: mask_decoder is no vae-oid.npz of big_vision (gs://big_vision/paligemma)."
            raise ConfigurationError(message) from None
        return found

    def _conv(self, x: Floats, layer: str) -> Floats:
        """A convolution that keeps the sides; weights (out, in, k, k)."""
        kernel, bias = self._weights[f"{layer}.weight"], self._weights[f"{layer}.bias"]
        edge = kernel.shape[-1] // 2
        padded = np.pad(x, ((edge, edge), (edge, edge), (0, 0)))
        windows: Any = sliding_window_view(padded, kernel.shape[2:], axis=(0, 1))
        return np.asarray(np.tensordot(windows, kernel, axes=([2, 3, 4], [1, 2, 3])) + bias, np.float32)

    def _doubled(self, x: Floats, layer: str) -> Floats:
        """A transposed convolution of stride 2 with one pixel of padding; weights (in, out, 4, 4)."""
        kernel, bias = self._weights[f"{layer}.weight"], self._weights[f"{layer}.bias"]
        rows, columns = x.shape[:2]
        out = np.zeros((2 * rows + 2, 2 * columns + 2, kernel.shape[1]), np.float32)
        for dy in range(kernel.shape[2]):
            for dx in range(kernel.shape[3]):
                out[dy : dy + 2 * rows : 2, dx : dx + 2 * columns : 2] += x @ kernel[:, :, dy, dx]
        return np.asarray(out[1:-1, 1:-1] + bias, np.float32)
