"""Media resolution as the options of each family's image processor.

Gemini 3 spends 280, 560, 1120 and 2240 tokens on a picture (media resolution page).  Processors that take any size get
the bound in their own unit; those that cut a picture into tiles get more or fewer tiles; those of one size have none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

TOKENS = {"LOW": 280, "MEDIUM": 560, "HIGH": 1120, "ULTRA_HIGH": 2240}
_LEVELS = tuple(TOKENS)
_PREFIX = "MEDIA_RESOLUTION_"


def highest(levels: Iterable[str]) -> str:
    """The highest of several levels, "" where none is set: a processor takes one for all pictures of a prompt."""
    named = [level.removeprefix(_PREFIX) for level in levels]
    return max((level for level in named if level in TOKENS), key=_LEVELS.index, default="")


def images_kwargs(processor: Any, level: str) -> dict[str, Any]:
    """What an image processor is told for a level of TOKENS; nothing for "", and for those that cannot do so."""
    if not level:
        return {}
    tokens, size = TOKENS[level], getattr(processor, "size", None) or {}
    longest = _get(size, "longest_edge")
    if getattr(processor, "max_soft_tokens", None):  # Gemma 4: of 70 to 1120
        return {"max_soft_tokens": min(tokens, 1120)}
    if hasattr(processor, "do_pan_and_scan"):  # Gemma 3: the whole, or crops besides
        return {"do_pan_and_scan": level in ("HIGH", "ULTRA_HIGH")}
    if hasattr(processor, "max_image_size") and hasattr(processor, "do_image_splitting"):  # Idefics 3, SmolVLM
        return _split(level, _get(processor.max_image_size, "longest_edge"), longest)
    if hasattr(processor, "max_tiles") and hasattr(processor, "do_image_splitting"):  # LFM 2
        tiles = max(processor.min_tiles, processor.max_tiles // 2)
        return {"do_image_splitting": False} if level == "LOW" else {"max_tiles": tiles} if level == "MEDIUM" else {}
    if getattr(processor, "crop_to_patches", None) is not None:  # InternVL, Aya, Cohere, Ovis
        most = processor.max_patches
        return {"max_patches": {"LOW": 1, "MEDIUM": max(1, most // 2)}.get(level, most), "crop_to_patches": True}
    if hasattr(processor, "merge_size") and longest:  # Qwen-VL, GLM-V: sizes are areas
        area = tokens * (processor.patch_size * processor.merge_size) ** 2
        return {"size": {"shortest_edge": min(_get(size, "shortest_edge") or area, area), "longest_edge": area}}
    if longest and hasattr(processor, "patch_size"):  # Pixtral, Mistral 3: the longer side
        patch = processor.patch_size if isinstance(processor.patch_size, int) else _get(processor.patch_size, "height")
        merge = getattr(processor, "spatial_merge_size", 1)
        return {"size": {"longest_edge": min(longest, round(math.sqrt(tokens)) * patch * merge)}}
    return {}


def _split(level: str, tile: int, longest: int) -> dict[str, Any]:
    if level == "LOW":
        return {"do_image_splitting": False}
    return {"size": {"longest_edge": min(longest, 2 * tile)}} if level == "MEDIUM" else {}


def _get(size: Any, name: str) -> Any:
    return size.get(name) if isinstance(size, dict) else getattr(size, name, None)
