"""An invisible watermark in the light of a picture, found again without the original.

A fixed pattern of 128 x 128 pixels is repeated over the whole picture and added to its light.  All its energy lies at
wavelengths of 8 to 32 pixels: long enough to live through JPEG and a resize to half, short enough that the eye takes it
for nothing.  Finding it: the picture's own light is taken out of that band as far as it can be, tiles are averaged, and
the mean tile is compared with the pattern by phase alone (Kuglin and Hines, 1975), at every shift, so that a crop does
not matter.  The scale is guessed from the picture's autocorrelation, as it repeats itself every 128 pixels.

It says "made or edited by Pollux", no more: whoever reads this file can put it in or wash it out.  It is a label; the
seal is the signed manifest.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TILE = 128
"""Pixels of the pattern's side."""
SHORTEST, LONGEST = 8, 32
"""Wavelengths of the pattern, pixels."""
FLAT, BUSY = 1.1, 2.1
"""Root mean square of what is added, in levels of 255: where a picture is flat, and where its own detail hides it."""
_DETAIL = 5.0
"""Standard deviation of the light, in levels, from which a place counts as busy."""
_WAVES = math.pi * (SHORTEST**-2 - LONGEST**-2) * TILE**2
"""Waves of a tile that belong to the pattern."""
_VARIES = 0.1
"""Variance of the share of the pattern that is already there, between places of a picture that has it."""
_SURE = 4.0
"""Standard deviations from which a likeness is no chance."""
THRESHOLD = 7.0
"""Score from which a picture counts as marked.

The score is the height of the highest of 128 x 128 shifts over their mean, in standard deviations.  Were the phases of
an unmarked picture independent, no score of 8 would be met in 10^10 looks; docs/provenance.md has what was measured.
"""
STRIPE = 512
SMALLEST = 48
"""Sides below it are too small to be marked."""
_SEED = 20_251_120
_WIDEST = 6144
"""Pixels of a side that are looked at, once they have the pattern's own size."""
_SCALES = (1.0, 0.5, 2.0, 0.75, 0.25)


@dataclass(frozen=True, slots=True)
class Trace:
    """What the search for a watermark gave: its `score`, and the `scale` of the picture since it was marked."""

    score: float
    scale: float

    @property
    def found(self) -> bool:
        """Whether the picture is marked."""
        return self.score >= THRESHOLD


def embed(pixels: NDArray[np.uint8], *, again: bool = False) -> NDArray[np.uint8]:
    """The picture (height, width, 3 or 4; uint8 RGB or RGBA) with the pattern in it; alpha stays as it is.

    `again`: the picture may have the pattern already, and only what is missing of it is added: after a few edits of
    edits it would be seen.  PSNR over any part is 41 dB or more.  Pictures with a side under 48 pixels stay unmarked.
    """
    import cv2  # noqa: PLC0415 - heavy
    import numpy as np  # noqa: PLC0415 - heavy

    height, width = pixels.shape[:2]
    if min(height, width) < SMALLEST:
        return pixels
    marked = pixels.copy()
    wave = _pattern()
    chance = _chance()
    for top in range(0, height, STRIPE):  # in stripes: no second picture of another type is ever whole in memory
        rows = marked[top : top + STRIPE, :, :3]
        size = (rows.shape[0], width)
        light = cv2.cvtColor(np.ascontiguousarray(rows), cv2.COLOR_RGB2GRAY).astype(np.float32)
        tiles = _tiled(wave, size)
        strip = tiles * (_missing(light, tiles) if again else _strengths(light)) + _tiled(chance, size)
        whole = np.floor(strip).astype(np.int16)
        marked[top : top + STRIPE, :, :3] = cv2.add(rows, cv2.merge([whole] * 3), dtype=cv2.CV_8U)
    return marked


def detect(pixels: NDArray[np.uint8]) -> Trace:
    """Looks for the pattern in a picture (height, width, 3 or 4; uint8) at scales from 0.2 to 2.2, cropped or not."""
    light = _light(pixels)
    if min(light.shape) < SMALLEST // 2:
        return Trace(0.0, 1.0)
    flat = _flattened(light)
    best = Trace(0.0, 1.0)
    for scale in dict.fromkeys((*_SCALES, *_guesses(flat))):
        score = _score(_at_scale(flat, scale))
        if score > best.score:
            best = Trace(score, scale)
        if best.score > 2 * THRESHOLD:
            break
    return best


@cache
def _pattern() -> NDArray[np.float32]:
    """The tile: (128, 128) float32 of mean 0 and root mean square 1."""
    import numpy as np  # noqa: PLC0415 - heavy

    noise = np.random.Generator(np.random.PCG64(_SEED)).standard_normal((TILE, TILE))
    spectrum = np.fft.fft2(noise)
    flat = spectrum / np.maximum(np.abs(spectrum), 1e-9) * _band()  # every wave of the band as strong as any other
    tile = np.fft.ifft2(flat).real
    return np.asarray(tile / tile.std(), np.float32)


@cache
def _band() -> NDArray[np.bool_]:
    """Which waves of a tile's spectrum belong to the pattern."""
    import numpy as np  # noqa: PLC0415 - heavy

    waves = np.fft.fftfreq(TILE)
    radius = np.hypot(waves[:, None], waves[None, :])
    inside: NDArray[np.bool_] = (radius >= 1 / LONGEST) & (radius <= 1 / SHORTEST)
    return inside


@cache
def _chance() -> NDArray[np.float32]:
    """What rounding is decided by: (512, 512) float32 from 0 to 1, so that no contours show and the mean is true."""
    import numpy as np  # noqa: PLC0415 - heavy

    return np.random.Generator(np.random.PCG64(_SEED + 1)).random((STRIPE, STRIPE), np.float32)


def _tiled(tile: NDArray[np.float32], size: tuple[int, int]) -> NDArray[np.float32]:
    import numpy as np  # noqa: PLC0415 - heavy

    rows, columns = (-(-length // side) for length, side in zip(size, tile.shape, strict=True))
    return np.tile(tile, (rows, columns))[: size[0], : size[1]]


def _strengths(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """How strong the pattern may be at each place, by the detail around it."""
    import cv2  # noqa: PLC0415 - heavy
    import numpy as np  # noqa: PLC0415 - heavy

    spread = np.sqrt(np.maximum(cv2.blur(light * light, (15, 15)) - cv2.blur(light, (15, 15)) ** 2, 0))
    return np.asarray(FLAT + (BUSY - FLAT) * np.minimum(spread / _DETAIL, 1), np.float32)


def _missing(light: NDArray[np.float32], tiles: NDArray[np.float32]) -> NDArray[np.float32]:
    """How strong the pattern is to be added at each place: its strength there, less what of it is there already.

    Its share is found by least squares in the tile around each place, quiet places weighing most; where that is too
    uncertain it is taken to be as in the rest of these rows.
    """
    import cv2  # noqa: PLC0415 - heavy
    import numpy as np  # noqa: PLC0415 - heavy

    near, around, strengths = (LONGEST + 1, LONGEST + 1), (TILE + 1, TILE + 1), _strengths(light)
    smooth = cv2.blur(light, near)
    wave = np.clip(smooth + strengths * tiles, 0, 255) - smooth  # as it would be seen here: black gets no darker
    fine, own = light - smooth, wave - cv2.blur(wave, near)
    weight = 1 / (cv2.blur(fine * fine, near) + 1)
    found, power = cv2.blur(weight * fine * own, around), cv2.blur(weight * own * own, around) + 1e-6
    noise = cv2.blur((weight * fine) ** 2, around) * cv2.blur(own * own, around) / (power * power * _WAVES)
    share, noise = found / power, np.maximum(noise, 1e-9)  # noise: the variance of the share
    whole, tile_count = float(found.mean() / power.mean()), max(1.0, light.size / TILE**2)
    if whole > _SURE * math.sqrt(float(noise.mean()) / tile_count):
        share = (share * _VARIES + whole * noise) / (_VARIES + noise)
    else:
        share = np.where(share > _SURE * np.sqrt(noise), share, 0)
    return np.asarray(strengths * np.clip(1 - share, 0, 1), np.float32)


def _light(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    import cv2  # noqa: PLC0415 - heavy
    import numpy as np  # noqa: PLC0415 - heavy

    height, width = pixels.shape[:2]
    middle = 4096  # more than that tells nothing new
    top, left = max(0, (height - middle) // 2), max(0, (width - middle) // 2)
    part = np.ascontiguousarray(pixels[top : top + middle, left : left + middle, :3])
    return cv2.cvtColor(part, cv2.COLOR_RGB2GRAY).astype(np.float32)


def _flattened(light: NDArray[np.float32]) -> NDArray[np.float32]:
    """The light without its slow changes and with its strong ones held down: even noise, and the mark."""
    import cv2  # noqa: PLC0415 - heavy
    import numpy as np  # noqa: PLC0415 - heavy

    fine = light - cv2.GaussianBlur(light, (0, 0), 6)
    around = np.sqrt(cv2.GaussianBlur(fine * fine, (0, 0), 6)) + 1.5
    return np.clip(fine / around, -2, 2)


def _at_scale(flat: NDArray[np.float32], scale: float) -> NDArray[np.float32]:
    """Resized so that the pattern has its own size again."""
    import cv2  # noqa: PLC0415 - heavy
    import numpy as np  # noqa: PLC0415 - heavy

    side = round(_WIDEST * scale)
    flat = flat[:side, :side]
    height, width = flat.shape
    size = (max(1, round(width / scale)), max(1, round(height / scale)))
    if size == (width, height):
        return flat
    way = cv2.INTER_AREA if scale > 1 else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(flat, size, interpolation=way), np.float32)


def _score(flat: NDArray[np.float32]) -> float:
    """How far the best shift of the pattern stands out, in standard deviations."""
    import numpy as np  # noqa: PLC0415 - heavy

    folded = _folded(flat)
    spectrum = np.fft.fft2(folded)
    phase = np.where(_band(), spectrum / np.maximum(np.abs(spectrum), 1e-9), 0)
    likeness = np.fft.ifft2(phase * np.conj(np.fft.fft2(_pattern()))).real
    spread = float(likeness.std())
    return float(likeness.max() - likeness.mean()) / spread if spread > 0 else 0.0


def _folded(flat: NDArray[np.float32]) -> NDArray[np.float32]:
    """All tiles laid on one another; those at the edges count as much as they hold."""
    import numpy as np  # noqa: PLC0415 - heavy

    height, width = flat.shape
    rows, columns = -(-height // TILE), -(-width // TILE)
    padded = np.zeros((rows * TILE, columns * TILE), np.float32)
    padded[:height, :width] = flat
    total: NDArray[np.float32] = padded.reshape(rows, TILE, columns, TILE).sum(axis=(0, 2))
    return total


def _guesses(flat: NDArray[np.float32], most: int = 6) -> list[float]:
    """Scales at which the picture repeats itself as the pattern would, the likeliest first."""
    import numpy as np  # noqa: PLC0415 - heavy

    part = flat[:2048, :2048]
    power: Any = np.abs(np.fft.rfft2(part, (2 * part.shape[0], 2 * part.shape[1]))) ** 2
    alike = np.fft.irfft2(power)[: part.shape[0], : part.shape[1]]
    rows = np.arange(part.shape[0], 0, -1, dtype=np.float32)[:, None]
    columns = np.arange(part.shape[1], 0, -1, dtype=np.float32)[None, :]
    alike = alike / (rows * columns)  # as far as the two overlap
    scales = np.exp(np.arange(math.log(0.2), math.log(2.2), 0.0004))
    votes = np.zeros(len(scales))
    weights = np.zeros(len(scales))
    for across in range(5):
        for down in range(5):
            if not across and not down:
                continue
            x, y = np.rint(scales * TILE * across).astype(int), np.rint(scales * TILE * down).astype(int)
            inside = (x < 0.75 * part.shape[1]) & (y < 0.75 * part.shape[0])
            votes[inside] += alike[y[inside], x[inside]]
            weights[inside] += 1
    merit = votes / np.sqrt(np.maximum(weights, 1))
    found: list[float] = []
    for at in np.argsort(merit)[::-1]:
        if all(abs(math.log(scales[at] / other)) > 0.004 for other in found):
            found.append(float(scales[at]))
        if len(found) == most:
            break
    return found
