"""Which pictures a request wants: whether any, of what size, and what they cost.

The sizes and tokens are the two tables of the image generation guide ("Aspect ratios and image size"); the rules about
modalities are its "Output types", those about sizes its "Aspect ratios" and "Generate images up to 4K resolution".
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

from pollux.engines.base import Turn
from pollux.engines.registry import Served
from pollux.engines.wishes import Canvas
from pollux.errors import InvalidArgument
from pollux.media.handle import Media
from pollux.wire.generate import GenerationConfig, ImageConfig, ImageOutputOptions

Cells = Mapping[str, tuple[int, int]]
"""Width and height in pixels by aspect ratio."""

CONFIG = "generationConfig.imageConfig"
DEFAULT_RATIO, DEFAULT_SIZE = "1:1", "1K"
MOST_PICTURES = 14
"""Reference pictures in one turn (guide, "Use up to 14 reference images")."""
MOST_KEPT = 64_000_000
"""Pixels of a picture whose own size an edit keeps."""
FORMATS = ("image/png", "image/jpeg")
DEFAULT_QUALITY = 75
INTERIM = 2
"""Interim pictures of the thinking (guide, "Thinking Process")."""

_FLASH: Cells = {
    "1:1": (1024, 1024),
    "2:3": (832, 1248),
    "3:2": (1248, 832),
    "3:4": (864, 1184),
    "4:3": (1184, 864),
    "4:5": (896, 1152),
    "5:4": (1152, 896),
    "9:16": (768, 1344),
    "16:9": (1344, 768),
    "21:9": (1536, 672),
}
_PRO: Cells = {
    "1:1": (1024, 1024),
    "2:3": (848, 1264),
    "3:2": (1264, 848),
    "3:4": (896, 1200),
    "4:3": (1200, 896),
    "4:5": (928, 1152),
    "5:4": (1152, 928),
    "9:16": (768, 1376),
    "16:9": (1376, 768),
    "21:9": (1584, 672),
}

_IMAGEN: Cells = {  # as Google publishes them for Imagen 4
    "1:1": (1024, 1024),
    "3:4": (896, 1280),
    "4:3": (1280, 896),
    "9:16": (768, 1408),
    "16:9": (1408, 768),
}


def _times(cells: Cells, factor: int) -> Cells:
    return {ratio: (width * factor, height * factor) for ratio, (width, height) in cells.items()}


SIZES: Mapping[str, Mapping[str, Cells]] = {
    "flash": {"1K": _FLASH},
    "pro": {"1K": _PRO, "2K": _times(_PRO, 2), "4K": _times(_PRO, 4)},
    "imagen": {"1K": _IMAGEN, "2K": _times(_IMAGEN, 2)},
}
"""By `Family.pictures` and image size."""
TOKENS: Mapping[str, Mapping[str, int]] = {
    "flash": {"1K": 1290},
    "pro": {"1K": 1210, "2K": 1210, "4K": 2000},
    "imagen": {"1K": 0, "2K": 0},  # priced by the picture
}


def check(config: GenerationConfig, served: Served) -> None:
    """Ratio and size are of the family's table, and the model makes pictures.  Raises InvalidArgument."""
    image = config.image_config
    wanted = image is not None and image != ImageConfig()
    if not served.family.image_out:
        if wanted:
            raise InvalidArgument(f"{CONFIG}: models/{served.name} answers in text only.", field=CONFIG)
        return
    if wants(config, served) and "image_out" not in served.card.abilities:
        field = "generationConfig.responseModalities"
        message = f"{field}: the engine behind models/{served.name} makes no pictures; ask for TEXT, or route it anew."
        raise InvalidArgument(message, field=field)
    if not wants(config, served) and "text" not in served.card.abilities:
        field = "generationConfig.responseModalities"
        message = f"{field}: the engine behind models/{served.name} makes pictures alone; ask for IMAGE."
        raise InvalidArgument(message, field=field)
    if wants(config, served) and config.response_mime_type not in ("", "text/plain"):
        field = "generationConfig.responseMimeType"
        message = f"{field}: {config.response_mime_type} has no room for pictures; set responseModalities to TEXT."
        raise InvalidArgument(message, field=field)
    if image is None:
        return
    sizes = SIZES[served.family.pictures]
    if image.image_size and image.image_size not in sizes:
        field, known = f"{CONFIG}.imageSize", " or ".join(sizes)
        hint = " (the K is upper case)" if image.image_size.upper() in sizes else ""
        message = f"{field}: models/{served.name} makes {known}{hint}, not {image.image_size[:20]!r}."
        raise InvalidArgument(message, field=field)
    options = image.image_output_options
    if options is not None and options.mime_type not in ("", *FORMATS):
        field, known = f"{CONFIG}.imageOutputOptions.mimeType", " or ".join(FORMATS)
        raise InvalidArgument(f"{field} must be {known}, not {options.mime_type[:40]!r}.", field=field)
    if options is not None and options.compression_quality is not None and not 0 <= options.compression_quality <= 100:
        field = f"{CONFIG}.imageOutputOptions.compressionQuality"
        raise InvalidArgument(f"{field} must be between 0 and 100, not {options.compression_quality}.", field=field)
    if image.aspect_ratio and image.aspect_ratio not in sizes[DEFAULT_SIZE]:
        field, known = f"{CONFIG}.aspectRatio", ", ".join(sizes[DEFAULT_SIZE])
        raise InvalidArgument(f"{field} must be one of {known}, not {image.aspect_ratio[:20]!r}.", field=field)


def wants(config: GenerationConfig, served: Served) -> bool:
    """Whether pictures may be in the answer of a model that makes them: unless only text is asked for.

    A model of somebody's own that writes too is asked for pictures by name, or by what they are to be like.
    """
    if config.response_modalities:
        return "IMAGE" in config.response_modalities
    return not served.family.words_first or config.image_config not in (None, ImageConfig())


def settle(config: GenerationConfig, served: Served, turns: Sequence[Turn]) -> Canvas | None:
    """The canvas of a request that passed `check`, None where no picture is wanted.

    Raises InvalidArgument for sound and video, for too many pictures, for one too large to keep its size.
    """
    if not served.family.image_out or not wants(config, served):
        return None
    _check_media(turns, served)
    image = config.image_config or ImageConfig()
    kept = _own_size(turns) if not image.aspect_ratio and not image.image_size else None
    if kept is not None and kept[0] * kept[1] > MOST_KEPT:
        shown = f"{kept[0]} x {kept[1]}"
        message = f"contents: a picture of {shown} is too large to be edited at its size. Set imageConfig.imageSize."
        raise InvalidArgument(message, field="contents")
    cells = SIZES[served.family.pictures][image.image_size or DEFAULT_SIZE]
    width, height = kept or cells[image.aspect_ratio or DEFAULT_RATIO]
    text = not config.response_modalities or "TEXT" in config.response_modalities
    return Canvas(width, height, text, INTERIM if shows_thoughts(config, served) else 0, kept is not None)


def output(config: GenerationConfig) -> tuple[str, int]:
    """The files' MIME type, and the quality (0 to 100) of those that lose some."""
    options = (config.image_config or ImageConfig()).image_output_options or ImageOutputOptions()
    quality = options.compression_quality
    return options.mime_type or FORMATS[0], DEFAULT_QUALITY if quality is None else quality


def shows_thoughts(config: GenerationConfig, served: Served) -> bool:
    """Whether thoughts are in the answer: where asked for, and by default where pictures are thought about."""
    thinking = config.thinking_config
    if thinking is not None and thinking.thinking_budget == 0:
        return False
    asked = thinking.include_thoughts if thinking is not None else None
    family = served.family
    return bool(asked) if asked is not None else family.thinks and family.image_out and not family.words_first


def picture_tokens(row: str, canvas: Canvas) -> int:
    """Tokens of one picture: of its cell, or of the nearest one by area where it kept a size of its own.

    `row` is `Family.pictures`.
    """
    tokens, sizes = TOKENS[row], SIZES[row]
    area = math.log(canvas.width * canvas.height)
    return tokens[min(tokens, key=lambda size: abs(area - math.log(math.prod(sizes[size][DEFAULT_RATIO]))))]


def _check_media(turns: Sequence[Turn], served: Served) -> None:
    for media in _media(turns):
        if media.kind in ("audio", "video"):
            message = f"{media.field}: models/{served.name} makes pictures and takes no {media.kind}."
            raise InvalidArgument(message, field=media.field)
    for turn in turns:
        given = sum(media.kind == "image" for media in _media((turn,)))
        if turn.role == "user" and given > MOST_PICTURES:
            message = f"contents: at most {MOST_PICTURES} reference pictures may be given in a turn, not {given}."
            raise InvalidArgument(message, field="contents")


def _own_size(turns: Sequence[Turn]) -> tuple[int, int] | None:
    """Of the picture to be edited: the first of the caller's latest, or the last that the model made."""
    for turn in reversed(turns):
        pictures = [media for media in _media((turn,)) if media.kind == "image"]
        if pictures:
            chosen = pictures[0] if turn.role == "user" else pictures[-1]
            return chosen.width, chosen.height
    return None


def _media(turns: Sequence[Turn]) -> Iterator[Media]:
    for turn in turns:
        yield from (piece for piece in turn.pieces if isinstance(piece, Media))
