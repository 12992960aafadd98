"""Light and colour of all of a picture: brightness, contrast, saturation, warmth, sharpness, hours of the day.

Amounts are shares: 0.2 is 20 per cent more, -0.2 less.  Tables of 256 values and 3 x 3 matrices, so that twelve
megapixels take tens of milliseconds.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

from pollux.engines.builtin.edit.board import Floats, as_floats, as_pixels
from pollux.engines.builtin.edit.shades import RGB
from pollux.engines.builtin.pixels import Pixels, fit

_LUMA = np.array([0.2126, 0.7152, 0.0722])  # ITU-R BT.709
_SIDE = 1000  # pixels: radii are given for a picture with this longer side


def tone(pixels: Pixels, name: str, amount: float, seed: int = 0) -> Pixels:
    """The RGB picture with one tone changed; `name` is one of those that `looks.tones` gives."""
    return _BY_NAME[name](pixels, amount, seed)


def brightness(pixels: Pixels, amount: float, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Values times 1 + amount; what would burn out is bent below white instead."""
    values = np.arange(256) * max(0.0, 1 + amount)
    knee = 215.0
    over = np.maximum(values - knee, 0)
    bent = np.minimum(values, knee) + (255 - knee) * (1 - np.exp(-over / (255 - knee)))
    return _table(pixels, bent if amount > 0 else values)


def contrast(pixels: Pixels, amount: float, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Values spread from the picture's own middle by 1 + amount, without hard ends."""
    middle = float(np.clip(fit(pixels, 200).mean(), 80, 176)) / 255
    x = np.arange(256) / 255
    if amount <= 0:
        return _table(pixels, 255 * (middle + (x - middle) * max(0.0, 1 + amount)))
    slope = 1 + amount
    low = middle * (x / middle) ** slope
    high = 1 - (1 - middle) * ((1 - x) / (1 - middle)) ** slope
    return _table(pixels, 255 * np.where(x < middle, low, high))


def saturation(pixels: Pixels, amount: float, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Distance from grey times 1 + amount; 0 and less is grey."""
    much = max(0.0, 1 + amount)
    return _matrix(pixels, np.eye(3) * much + np.tile(_LUMA, (3, 1)) * (1 - much))


def warmth(pixels: Pixels, amount: float, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Red up and blue down, or the reverse below 0; lightness stays."""
    gains = np.array([1 + 0.3 * amount, 1 + 0.03 * amount, 1 - 0.36 * amount])
    return _matrix(pixels, np.diag(gains / float(gains @ _LUMA)))


def tint(pixels: Pixels, rgb: RGB, amount: float = 0.55) -> Pixels:
    """The picture washed in one colour: its lightness as shades of the colour, mixed with itself."""
    light = (pixels.reshape(-1, 3) @ _LUMA).astype(np.float32).reshape(pixels.shape[:2]) / 255
    colour = np.array(rgb, np.float32) / 255
    shade = np.where(
        light[..., None] < 0.5, 2 * light[..., None] * colour, 1 - 2 * (1 - light[..., None]) * (1 - colour)
    )
    return np.asarray(np.clip(pixels * (1 - amount) + shade * 255 * amount + 0.5, 0, 255), np.uint8)


def sharpen(pixels: Pixels, amount: float, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Unsharp masking with a radius of a thousandth of the longer side, at least one pixel."""
    radius = max(1.0, max(pixels.shape[:2]) / _SIDE)
    soft = cv2.GaussianBlur(pixels, (0, 0), radius)
    return cast(Pixels, cv2.addWeighted(pixels, 1 + 0.9 * amount, soft, -0.9 * amount, 0))


def blur(pixels: Pixels, amount: float, seed: int = 0) -> Pixels:  # noqa: ARG001
    """A Gaussian of an eightieth of the longer side."""
    return blurred(pixels, max(0.6, max(pixels.shape[:2]) / 80 * max(0.05, abs(amount))))


def blurred(pixels: Pixels, radius: float) -> Pixels:
    """A Gaussian of any size; wide ones are made on a smaller picture, which looks the same."""
    scale = max(1.0, radius / 6)
    if scale <= 1:
        return cast(Pixels, cv2.GaussianBlur(pixels, (0, 0), radius, borderType=cv2.BORDER_REFLECT))
    high, wide = pixels.shape[:2]
    size = max(2, round(wide / scale)), max(2, round(high / scale))
    small = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    soft = cv2.GaussianBlur(small, (0, 0), radius / scale, borderType=cv2.BORDER_REFLECT)
    return cast(Pixels, cv2.resize(soft, (wide, high), interpolation=cv2.INTER_CUBIC))


def denoise(pixels: Pixels, amount: float, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Edge-keeping smoothing; colour noise more than that of lightness."""
    much = float(np.clip(abs(amount), 0.2, 2))
    high, wide = pixels.shape[:2]
    values = cv2.cvtColor(pixels, cv2.COLOR_RGB2YCrCb)
    light = cv2.bilateralFilter(np.ascontiguousarray(values[..., 0]), 5, 22 * much, 3)
    half = cv2.resize(values[..., 1:], (max(1, wide // 2), max(1, high // 2)), interpolation=cv2.INTER_AREA)
    half = cv2.GaussianBlur(half, (0, 0), 1.5 * much)
    shade = cv2.resize(half, (wide, high), interpolation=cv2.INTER_LINEAR)
    return cast(Pixels, cv2.cvtColor(np.dstack([light, shade]), cv2.COLOR_YCrCb2RGB))


def grain(pixels: Pixels, amount: float, seed: int = 0) -> Pixels:
    """Film grain: the same for the three colours, weakest in black and white."""
    rng = np.random.default_rng(seed)
    tile = rng.normal(0, 11 * abs(amount), (512, 512)).astype(np.float32)
    tile = cv2.GaussianBlur(tile, (0, 0), 0.7) * 1.8
    high, wide = pixels.shape[:2]
    noise = np.tile(tile, (high // 512 + 1, wide // 512 + 1))[:high, :wide]
    light = pixels.mean(axis=2) / 255
    noise *= (4 * light * (1 - light) * 0.8 + 0.2).astype(np.float32)
    return np.asarray(np.clip(pixels + noise[..., None] + 0.5, 0, 255), np.uint8)


def vignette(pixels: Pixels, amount: float, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Darker towards the corners."""
    return _times(
        pixels, 1 - np.clip(_from_middle(pixels.shape[:2]) - 0.35, 0, 1) ** 1.6 * 0.75 * min(abs(amount), 1.3)
    )


def enhance(pixels: Pixels, amount: float, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Levels to the full range, shadows lifted, a little more colour and sharpness."""
    small = fit(pixels, 400)
    low, high = (float(v) for v in np.percentile(small, (0.5, 99.5)))
    values = np.clip((np.arange(256) - low * 0.8) / max(high - low * 0.8, 40), 0, 1)
    middle = float(np.clip((small.mean() - low * 0.8) / max(high - low * 0.8, 40), 0.05, 0.95))
    gamma = float(np.clip(np.log(0.46) / np.log(middle), 0.65, 1.25))
    return sharpen(saturation(_table(pixels, 255 * values**gamma), 0.12), 0.4)


def golden_hour(pixels: Pixels, amount: float, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Low sun: warm light, long shadows a little blue, a glow from one side."""
    warm = _matrix(pixels, np.diag([1.1, 0.98, 0.74]))
    light = cv2.cvtColor(pixels, cv2.COLOR_RGB2GRAY)
    curve = np.dstack([cv2.LUT(light, _uint8(np.arange(256) * g)) for g in (1.12, 0.9, 0.62)])
    mixed_ = cv2.addWeighted(warm, 0.82, curve, 0.18, 4)
    high, wide = pixels.shape[:2]
    columns, rows = np.linspace(0, 1, 64, dtype=np.float32), np.linspace(0, 1, 64, dtype=np.float32)
    far = np.hypot(columns[None, :] - 0.95, rows[:, None] - 0.12)
    glow = cv2.resize(
        np.asarray(np.clip(1 - far / 1.15, 0, 1) ** 1.8, np.float32), (wide, high), interpolation=cv2.INTER_LINEAR
    )
    return _screened(as_pixels(mixed_), as_floats(glow * 0.42 * min(amount, 1.5)), (255, 176, 84))


def night(pixels: Pixels, amount: float, seed: int = 0) -> Pixels:  # noqa: ARG001
    """Moonlight: dark, blue, little colour; lamps and other very bright spots keep some of their light."""
    dull = saturation(pixels, -0.55)
    values = np.arange(256) / 255
    curve = values**1.35 * 0.46
    out = np.dstack([cv2.LUT(np.ascontiguousarray(dull[..., i]), _uint8(255 * (curve * g + b)))
                     for i, (g, b) in enumerate(((0.62, 0.006), (0.78, 0.014), (1.16, 0.05)))])  # fmt: skip
    return vignette(as_pixels(out), 0.55 * min(amount, 1.5))


def _table(pixels: Pixels, values: NDArray[np.floating]) -> Pixels:
    return cast(Pixels, cv2.LUT(pixels, _uint8(values)))


def _uint8(values: NDArray[np.floating]) -> Pixels:
    return np.asarray(np.clip(values + 0.5, 0, 255), np.uint8)


def _matrix(pixels: Pixels, matrix: NDArray[np.float64]) -> Pixels:
    return cast(Pixels, cv2.transform(pixels, matrix))


def _times(pixels: Pixels, gain: Floats) -> Pixels:
    high, wide = pixels.shape[:2]
    full = cv2.resize(np.asarray(gain, np.float32), (wide, high), interpolation=cv2.INTER_LINEAR)
    return np.asarray(np.clip(pixels * full[..., None] + 0.5, 0, 255), np.uint8)


def _screened(pixels: Pixels, share: Floats, rgb: RGB) -> Pixels:
    """Light of a colour laid over a picture, as strong as the map says."""
    colour = np.array(rgb, np.float32)
    out = pixels.astype(np.float32)
    out += (255 - out) * (colour / 255) * share[..., None]
    return np.asarray(np.clip(out + 0.5, 0, 255), np.uint8)


def _from_middle(size: tuple[int, int]) -> Floats:
    """0 in the middle, 1 in the corners, on a grid of 128 x 128."""
    del size
    axis = np.linspace(-1, 1, 128, dtype=np.float32)
    return np.asarray(np.hypot(axis[None, :], axis[:, None]) / np.sqrt(2), np.float32)


_BY_NAME: dict[str, Callable[[Pixels, float, int], Pixels]] = {
    "brightness": brightness, "contrast": contrast, "saturation": saturation, "warmth": warmth, "sharpen": sharpen,
    "blur": blur, "denoise": denoise, "grain": grain, "vignette": vignette, "enhance": enhance,
    "golden hour": golden_hour, "night": night,
}  # fmt: skip
