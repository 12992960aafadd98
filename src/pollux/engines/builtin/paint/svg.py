"""A sheet of vector shapes, and its pixels.

LunaSVG draws them (about 0.05 s for a full scene at 1024 x 1024, 0.3 s at 4096 x 4096, straight into memory).  It knows
paths, gradients, patterns, clips and masks; it has no filters, and nothing here uses text elements: lettering is set as
outlines, so that no machine's fonts change a picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pollux.errors import Internal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Pixels = NDArray[np.uint8]

NAMESPACES = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


class Sheet:
    """Shapes in the order in which they cover each other, in units of its `width` and `height`."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self._shapes: list[str] = []
        self._defined: dict[str, str] = {}

    def add(self, markup: str) -> None:
        """Puts SVG elements on top of what is there."""
        self._shapes.append(markup)

    def define(self, markup: str) -> str:
        """Keeps one element without an id (a gradient, pattern, clip or mask) for use; the same one twice is one.

        Returns:
            its id, to be used as `url(#id)`.
        """
        if markup not in self._defined:
            self._defined[markup] = f"s{len(self._defined)}"
        return self._defined[markup]

    def part(self, width: float, height: float) -> Sheet:
        """The same sheet measured anew: what is drawn on it lands here.  Put a `<g transform>` around its use."""
        part = Sheet(width, height)
        part._shapes, part._defined = self._shapes, self._defined
        return part

    def markup(self) -> str:
        """The whole as an SVG document."""
        defined = "".join(_with_id(markup, name) for markup, name in self._defined.items())
        return (
            f'<svg {NAMESPACES} width="{self.width:g}" height="{self.height:g}" '
            f'viewBox="0 0 {self.width:g} {self.height:g}"><defs>{defined}</defs>{"".join(self._shapes)}</svg>'
        )


def raster(svg: str, width: int, height: int) -> Pixels:
    """An SVG document's pixels: (height, width, 4) uint8 RGBA, not premultiplied; the document is stretched to fit.

    Raises:
        Internal: the markup is no SVG.
    """
    import numpy as np  # noqa: PLC0415
    import pylunasvg  # noqa: PLC0415

    document = pylunasvg.Document.loadFromData(svg)
    if document is None:
        raise Internal("the painter made markup that is no SVG")
    bitmap = document.renderToBitmap(width, height)
    bitmap.convertToRGBA()
    return cast("Pixels", np.asarray(bitmap))


def _with_id(markup: str, name: str) -> str:
    end = min(markup.index(mark) for mark in (" ", ">", "/") if mark in markup)
    return f'{markup[:end]} id="{name}"{markup[end:]}'
