"""PaliGemma's mask decoder: the same numbers as PyTorch's layers, and files that are none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pollux.errors import ConfigurationError
from pollux.vision.codes import BLOCKS, BOOK, DOUBLINGS, MaskDecoder

CODES = [5, 0, 127, 64, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]


def weights() -> dict[str, Any]:
    """Of the shapes of vae-oid.npz, drawn so that values neither die nor grow."""
    rng = np.random.default_rng(1)
    shapes: dict[str, tuple[int, ...]] = {"decoder.0": (128, 512, 1, 1), "decoder.12": (1, 16, 1, 1)}
    for block in BLOCKS:
        shapes |= {f"{block}.{n}": (128, 128, side, side) for n, side in ((0, 3), (2, 3), (4, 1))}
    for layer, (given, made) in zip(DOUBLINGS, ((128, 128), (128, 64), (64, 32), (32, 16)), strict=True):
        shapes[layer] = (given, made, 4, 4)
    found: dict[str, Any] = {BOOK: rng.normal(size=(128, 512)).astype(np.float32)}
    for name, shape in shapes.items():
        transposed = name in DOUBLINGS
        given = shape[0] * 4 if transposed else int(np.prod(shape[1:]))
        found[f"{name}.weight"] = rng.normal(0, (2 / given) ** 0.5, shape).astype(np.float32)
        found[f"{name}.bias"] = rng.normal(0, 0.05, shape[1] if transposed else shape[0]).astype(np.float32)
    return found


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weights") / "vae-oid.npz"
    others: dict[str, Any] = {"encoder.0.weight": np.zeros(3)}
    np.savez(path, **weights(), **others)
    return path


def test_the_layers_are_pytorchs(file: Path) -> None:
    torch = pytest.importorskip("torch", reason="the layers are compared with PyTorch's")
    w = {name: torch.tensor(value) for name, value in weights().items()}
    f = torch.nn.functional

    def layer(name: str) -> tuple[Any, Any]:
        return w[f"{name}.weight"], w[f"{name}.bias"]

    x = w[BOOK][torch.tensor(CODES)].reshape(1, 4, 4, 512).permute(0, 3, 1, 2)
    x = f.relu(f.conv2d(x, *layer("decoder.0")))
    for block in BLOCKS:
        y = f.relu(f.conv2d(x, *layer(f"{block}.0"), padding=1))
        y = f.relu(f.conv2d(y, *layer(f"{block}.2"), padding=1))
        x = x + f.conv2d(y, *layer(f"{block}.4"))
    for name in DOUBLINGS:
        x = f.relu(f.conv_transpose2d(x, *layer(name), stride=2, padding=1))
    wanted = f.conv2d(x, *layer("decoder.12"))[0, 0].clip(-1, 1).numpy()
    got = MaskDecoder(file)(CODES)
    assert got.shape == (64, 64)
    assert 0.05 < (wanted > 0).mean() < 0.95
    assert len(np.unique(got)) > 50
    assert np.abs(got / 127.5 - 1 - wanted).max() < 0.02
    sure = np.abs(wanted) > 0.01
    assert np.array_equal((got > 127)[sure], (wanted > 0)[sure])


def test_other_codes_give_another_map(file: Path) -> None:
    decoder = MaskDecoder(file)
    assert not np.array_equal(decoder(CODES), decoder(CODES[::-1]))


def test_files_that_are_none(tmp_path: Path) -> None:
    (tmp_path / "text.npz").write_text("no weights")
    np.savez(tmp_path / "others.npz", a=np.zeros(3))
    for name in ("text.npz", "others.npz", "missing.npz"):
        with pytest.raises(ConfigurationError, match="vae-oid"):
            MaskDecoder(tmp_path / name)(CODES)
