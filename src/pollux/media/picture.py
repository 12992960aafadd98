"""Images: size and soundness without decoding, and decoding to upright RGB.

Decoders, and why: simplejpeg (libjpeg-turbo) for JPEG, because it scales while it decodes and, unlike OpenCV and
Pillow, reports data that ends early instead of returning a picture that is half grey; pi-heif for HEIC, because its
wheel holds no GPL encoder; Pillow's format classes for the rest, called directly so that what `sniff` judged is what is
decoded.  They are imported on first use, for a server must start without them.
"""

from __future__ import annotations

import io
import struct
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from pollux.errors import ApiError, InvalidArgument
from pollux.media import formats, heif, tiff
from pollux.media.handle import Media
from pollux.media.limits import MediaLimits
from pollux.media.sniff import PICTURES
from pollux.media.tiff import BrokenPictureError, Size

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
    from PIL.Image import Image
    from PIL.ImageFile import ImageFile

    Pixels = NDArray[np.uint8]

_MEASURES: dict[str, Callable[[bytes], Size]] = {
    "image/png": formats.measure_png,
    "image/jpeg": formats.measure_jpeg,
    "image/webp": formats.measure_webp,
    "image/gif": formats.measure_gif,
    "image/bmp": formats.measure_bmp,
    "image/tiff": tiff.measure_tiff,
    "image/heic": heif.measure_heif,
    "image/heif": heif.measure_heif,
    "image/avif": partial(heif.measure_heif, crop=False),
}
_FATAL = ("premature end", "bad huffman", "instead of rst")
"""libjpeg warnings that mean lost picture data; others (a few stray bytes) are common in good files."""


def inspect(data: bytes, mime: str, field: str, limits: MediaLimits) -> tuple[int, int, int]:
    """Width and height in pixels of the upright picture, and the EXIF orientation (1 to 8) still to be applied.

    Raises InvalidArgument naming `field` for an empty, truncated, corrupt or oversized picture.  Only structure is
    read, in 5 to 60 microseconds a megabyte; nothing is decoded or imported.
    """
    if not data:
        raise InvalidArgument(f"{field}: the picture is empty. Send its bytes, base64-encoded.", field=field)
    measure = _MEASURES.get(mime)
    if measure is None:
        known = ", ".join(PICTURES)
        raise InvalidArgument(
            f"{field}: {mime or 'an unknown type'} is not supported. Send one of {known}.", field=field
        )
    try:
        width, height, orientation = measure(data)
    except BrokenPictureError as error:
        raise InvalidArgument(f"{field}: {error}. Send the whole, undamaged file.", field=field) from None
    except struct.error:
        text = f"{field}: the {_name(mime)} is truncated: a header ends too early. Send the whole, undamaged file."
        raise InvalidArgument(text, field=field) from None
    _check_size(width, height, mime, field, limits)
    return (height, width, orientation) if orientation >= 5 else (width, height, orientation)


def decode(media: Media, max_side: int | None = None) -> Pixels:
    """The picture as uint8 RGB, height x width x 3, upright, contiguous, perhaps read-only; alpha laid on white.

    Of several frames the first is taken.  With `max_side` the longer side is at most that many pixels; a JPEG may come
    up to an eighth smaller, where that lets its decoder work at a half, a quarter or an eighth of the size.  Never
    enlarged.  16-bit pictures keep their high byte; float and 32-bit ones are stretched from their least to their
    greatest value; colour profiles are not applied.

    Memory, measured in bytes for each stored pixel: JPEG 3 (progressive 6, with `max_side` 0.3 and 3), PNG, BMP and
    TIFF 10 (alpha 14), HEIC 13, AVIF 16, WebP 18 (alpha 22).

    Safe to call from several threads.  Raises InvalidArgument naming `media.field` for what only decoding finds.
    """
    try:
        rgb = _shrink(_stored(media, max_side), max_side)
        return _upright(rgb, media.orientation if media.mime_type != "image/tiff" else 1)
    except ApiError:
        raise
    except BrokenPictureError as error:
        text = f"{media.field}: {error}. Send the whole, undamaged file."
    except Exception as error:  # decoders raise nearly everything on hostile data, from KeyError to struct.error
        reason = str(error).strip().rstrip(".") or type(error).__name__
        text = f"{media.field}: the {_name(media.mime_type)} is corrupt or of an unknown kind: {reason}. "
        text += "Send the whole, undamaged file."
    raise InvalidArgument(text.replace("\n", " "), field=media.field)


def encode_png(rgb: Pixels, level: int = 1) -> bytes:
    """A PNG of uint8 RGB pixels; `level` 0 to 9 trades time for size."""
    import cv2  # noqa: PLC0415

    return cv2.imencode(".png", rgb[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, level])[1].tobytes()


def _name(mime: str) -> str:
    return "WebP" if mime == "image/webp" else mime.rpartition("/")[2].upper()


def _check_size(width: int, height: int, mime: str, field: str, limits: MediaLimits) -> None:
    size = f"{field}: the {_name(mime)} is {width:,} x {height:,} pixels"
    if not width or not height:
        raise InvalidArgument(f"{size}, which is no picture. Send the whole, undamaged file.", field=field)
    if width * height > limits.max_pixels:
        raise InvalidArgument(f"{size}, more than the {limits.max_pixels:,} allowed. Make it smaller.", field=field)
    if max(width, height) > limits.max_side:
        text = f"{size}; a side may have {limits.max_side:,}. Make it smaller or cut it up."
        raise InvalidArgument(text, field=field)


def _check_promise(media: Media, width: int, height: int) -> None:
    """A decoder about to make many more pixels than `inspect` saw has been fooled by contradicting headers."""
    if width * height > media.width * media.height * 1.1 + 4096:
        raise BrokenPictureError(
            f"the {_name(media.mime_type)} contradicts itself: {width} x {height} pixels, "
            f"where its header says {media.width} x {media.height}"
        )


def _stored(media: Media, max_side: int | None) -> Pixels:
    """RGB pixels as stored (EXIF orientation not applied, except by Pillow for TIFF and by the HEIF decoders)."""
    if media.mime_type == "image/jpeg":
        return _jpeg(media, max_side)
    if media.mime_type in ("image/heic", "image/heif"):
        return _heif(media)
    if media.mime_type == "image/png":
        formats.check_png_sums(media.data)
    opener = _openers().get(media.mime_type)
    if opener is None:
        raise BrokenPictureError(f"{media.mime_type or 'an unknown type'} is not a picture that can be decoded")
    image: Image
    with opener(io.BytesIO(media.data)) as image:
        _check_promise(media, *image.size)
        image.load()
        if media.mime_type == "image/avif":
            from PIL import ImageOps  # noqa: PLC0415

            image = ImageOps.exif_transpose(image)  # Pillow tells irot and imir as EXIF
        return _flatten(image)


def _openers() -> dict[str, Callable[[io.BytesIO], ImageFile]]:
    """Pillow's format classes.  Image.open would add its own global pixel limit to ours."""
    from PIL import (  # noqa: PLC0415
        AvifImagePlugin,
        BmpImagePlugin,
        GifImagePlugin,
        PngImagePlugin,
        TiffImagePlugin,
        WebPImagePlugin,
    )

    return {
        "image/png": PngImagePlugin.PngImageFile,
        "image/webp": WebPImagePlugin.WebPImageFile,
        "image/gif": GifImagePlugin.GifImageFile,
        "image/bmp": BmpImagePlugin.BmpImageFile,
        "image/tiff": TiffImagePlugin.TiffImageFile,
        "image/avif": AvifImagePlugin.AvifImageFile,
    }


def _jpeg(media: Media, max_side: int | None) -> Pixels:
    import simplejpeg  # noqa: PLC0415

    formats.check_jpeg_scans(media.data)
    height, width, colours, _ = simplejpeg.decode_jpeg_header(media.data, strict=False)
    _check_promise(media, width, height)
    form = "CMYK" if colours in ("CMYK", "YCCK") else "RGB"
    part = _reduction(max(width, height), max_side)
    lower = {"min_height": -(-height // part), "min_width": -(-width // part)} if part > 1 else {}
    try:
        pixels: Pixels = simplejpeg.decode_jpeg(media.data, form, **lower)
    except ValueError as error:
        if any(word in str(error).lower() for word in _FATAL):
            raise BrokenPictureError(f"the JPEG is truncated or corrupt: {error}") from None
        pixels = simplejpeg.decode_jpeg(media.data, form, strict=False, **lower)
    return _from_inks(pixels) if form == "CMYK" else pixels


def _from_inks(inks: Pixels) -> Pixels:
    """RGB from CMYK as JPEG files hold it: inverted, 255 meaning no ink (Adobe technical note 5116)."""
    import numpy as np  # noqa: PLC0415

    rgb = np.empty((*inks.shape[:2], 3), dtype=np.uint8)
    for ink in range(3):
        light = inks[..., ink].astype(np.uint16)
        light *= inks[..., 3]
        light += 127
        rgb[..., ink] = light // 255
    return rgb


def _reduction(side: int, max_side: int | None) -> int:
    """The largest of 8, 4, 2, 1 that leaves at least seven eighths of `max_side`."""
    return next(part for part in (8, 4, 2, 1) if part == 1 or (max_side and side / part >= max_side * 7 / 8))


def _heif(media: Media) -> Pixels:
    import pi_heif  # noqa: PLC0415

    container = pi_heif.open_heif(io.BytesIO(media.data), convert_hdr_to_8bit=True)
    image = container[container.primary_index]
    _check_promise(media, *image.size)
    return _flatten(image.to_pillow())


def _flatten(image: Image) -> Pixels:
    """Any of Pillow's modes as RGB, alpha on white."""
    import numpy as np  # noqa: PLC0415
    from PIL import Image as images  # noqa: N813, PLC0415

    if image.mode.startswith("I;16"):
        grey = (np.asarray(image) >> 8).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.mode in ("I", "F"):
        values = np.nan_to_num(np.asarray(image, dtype=np.float32), posinf=0.0, neginf=0.0)
        low, high = float(values.min()), float(values.max())
        grey = ((values - low) * (255.0 / ((high - low) or 1.0))).astype(np.uint8)
        return np.repeat(grey[:, :, None], 3, axis=2)
    if image.has_transparency_data:
        coloured = image if image.mode == "RGBA" else image.convert("RGBA")
        image = images.new("RGB", coloured.size, (255, 255, 255))
        image.paste(coloured, mask=coloured.getchannel("A"))
    return np.asarray(image if image.mode == "RGB" else image.convert("RGB"))


def _shrink(rgb: Pixels, max_side: int | None) -> Pixels:
    height, width = rgb.shape[:2]
    if max_side is None or max(height, width) <= max_side:
        return rgb
    import cv2  # noqa: PLC0415

    ratio = max_side / max(height, width)
    size = max(1, round(width * ratio)), max(1, round(height * ratio))
    smaller: Pixels = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    return smaller


def _upright(rgb: Pixels, orientation: int) -> Pixels:
    """Apply an EXIF orientation (CIPA DC-008, 4.6.5: where the stored first row and column belong)."""
    import numpy as np  # noqa: PLC0415

    turned = rgb
    if orientation >= 5:
        turned = turned.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        turned = turned[:, ::-1]
    if orientation in (3, 4, 7, 8):
        turned = turned[::-1]
    return np.ascontiguousarray(turned)
