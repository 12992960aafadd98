"""What a pipeline of diffusers is for, told from its class: drawing, changing by words, changing, filling a mask.

diffusers' own tables say which classes share a model's components; a class's signature says what it takes.
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SEVERAL = frozenset(
    (
        "Flux2Pipeline",
        "Flux2KleinPipeline",
        "Flux2KleinKVPipeline",
        "QwenImageEditPlusPipeline",
        "QwenImage21Pipeline",
        "GlmImagePipeline",
        "ZImageOmniPipeline",
    )
)
"""Pipelines whose `image` may be a list of reference pictures; to others a list is a batch."""
BESIDE = frozenset(("FluxKontextPipeline",))
"""Models that understand several pictures set side by side as one, which is how Kontext is used with two."""


@dataclass(frozen=True, slots=True)
class Tasks:
    """The classes that draw from words alone, change a picture, and fill a mask; None where the model cannot.

    `obeys`: the one that changes a picture does what the words say ("make it blue"); otherwise the words describe
    what the picture is to show in the end.
    """

    draw: type | None
    change: type | None
    fill: type | None

    @property
    def kinds(self) -> tuple[type, ...]:
        """All of them."""
        return tuple(dict.fromkeys(kind for kind in (self.draw, self.change, self.fill) if kind is not None))

    @property
    def obeys(self) -> bool:
        """Whether pictures are changed by instruction."""
        return self.change is not None and "strength" not in takes(self.change)

    @property
    def several(self) -> bool:
        """Whether a list of pictures is understood."""
        return self.change is not None and self.change.__name__ in SEVERAL

    @property
    def beside(self) -> bool:
        """Whether several pictures are given as one."""
        return self.change is not None and self.change.__name__ in BESIDE


def tasks_of(own: type) -> Tasks:
    """What can be done with the model whose own pipeline this class is."""
    from diffusers.pipelines import auto_pipeline as tables  # noqa: PLC0415 - heavy

    drawing: Mapping[str, type] = tables.AUTO_TEXT2IMAGE_PIPELINES_MAPPING
    changing: Mapping[str, type] = tables.AUTO_IMAGE2IMAGE_PIPELINES_MAPPING
    filling: Mapping[str, type] = tables.AUTO_INPAINT_PIPELINES_MAPPING
    kin = next((name for table in (drawing, changing, filling) for name, one in table.items() if one is own), "")
    taken = takes(own)
    plain = "image" not in taken
    fills = "mask_image" in taken
    return Tasks(
        draw=own if plain else drawing.get(kin),
        change=own if not plain and not fills else changing.get(kin),
        fill=own if fills else filling.get(kin),
    )


def takes(pipeline: type) -> Mapping[str, Any]:
    """The arguments of a pipeline's call, with their defaults."""
    found = inspect.signature(pipeline.__call__).parameters
    return {name: one.default for name, one in found.items() if name != "self"}
