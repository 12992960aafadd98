"""PDFium, asked from `document` through `child`: runs in a process of its own, where it may hang or crash.

Sizes and boxes are those of the page as it is shown, turned by its own rotation.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from pollux.media.child import RefusedError, Source

if TYPE_CHECKING:
    import pypdfium2 as pdfium

FINE = 16  # device units a point (1/72 inch), so that whole numbers place letters well enough
LEAST_GAP = 0.9  # of a letter's height: wider gaps in a line part its cells


def answer(question: dict[str, Any], source: Source) -> tuple[Any, list[bytes]]:
    """{"op": "inspect"}, {"op": "lines", "pages": [i, ...]} or {"op": "picture", "page": i, "max_side": pixels}."""
    document = _open(source)
    match question["op"]:
        case "inspect":
            return _inspect(document, question["max_pages"], question["max_text"]), []
        case "lines":
            return [list(_lines(_page(document, index))) for index in question["pages"]], []
        case _:
            return _picture(document, question["page"], question["max_side"])


def _open(source: Source) -> pdfium.PdfDocument:
    import pypdfium2 as pdfium  # noqa: PLC0415
    from pypdfium2 import raw  # noqa: PLC0415

    try:
        document = pdfium.PdfDocument(source)
        count = len(document)
    except (pdfium.PdfiumError, OSError) as error:
        if getattr(error, "err_code", None) in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise RefusedError("the PDF is encrypted. Remove its password and send it again") from None
        raise RefusedError("the PDF is truncated or damaged") from None
    if not count:
        raise RefusedError("the PDF is damaged: it has no pages")
    return document


def _page(document: pdfium.PdfDocument, index: int) -> pdfium.PdfPage:
    import pypdfium2 as pdfium  # noqa: PLC0415

    try:
        return document[index]
    except pdfium.PdfiumError:
        raise RefusedError(f"the PDF is damaged: its page {index + 1} cannot be read") from None


def _inspect(document: pdfium.PdfDocument, max_pages: int, max_text: int) -> list[list[Any]]:
    """[width, height in points, text] a page; pages that cannot be read have no size."""
    if len(document) > max_pages:
        text = f"the PDF has {len(document):,} pages, more than the {max_pages:,} allowed. Send it in parts"
        raise RefusedError(text)
    out: list[list[Any]] = []
    total = 0
    for index in range(len(document)):
        try:
            page = _page(document, index)
        except RefusedError:
            out.append([0.0, 0.0, ""])
            continue
        text = _text(page)
        total += len(text)
        if total > max_text:
            raise RefusedError(f"the PDF holds more than {max_text:,} characters of text. Send it in parts")
        out.append([*(round(side, 2) if math.isfinite(side) else 0.0 for side in page.get_size()), text])
        page.close()
    if not any(width for width, _, _ in out):
        raise RefusedError("the PDF is damaged: none of its pages can be read")
    return out


def _text(page: pdfium.PdfPage) -> str:
    """The page's own text; letters without a meaning in Unicode are left out."""
    import pypdfium2 as pdfium  # noqa: PLC0415

    try:
        said = page.get_textpage().get_text_range()
    except pdfium.PdfiumError:
        return ""
    said = said.replace("\r\n", "\n").replace("\r", "\n").replace("\x02", "-").replace("\ufffe", "-")
    return "".join(letter for letter in said if letter.isprintable() or letter in "\n\t").strip()


def _lines(page: pdfium.PdfPage) -> Iterator[list[Any]]:
    """[text, left, top, right, bottom] of runs of letters, in points from the page's upper left corner."""
    run, box = "", [0.0] * 4
    for letter, place in _letters(page):
        if place is None:
            if letter == " " and run:
                run += letter
                continue
            if run.strip():
                yield [run.strip(), *box]
            run = ""
            continue
        if run and not _joins(box, place):
            if run.strip():
                yield [run.strip(), *box]
            run = ""
        left, top, right, bottom = place
        box = list(place) if not run else [min(box[0], left), min(box[1], top), max(box[2], right), max(box[3], bottom)]
        run += letter
    if run.strip():
        yield [run.strip(), *box]


def _joins(run: list[float], letter: tuple[float, float, float, float]) -> bool:
    """Whether a letter goes on where a run, level or upright and read in either direction, ends."""
    left, top, right, bottom = letter
    size = max(right - left, bottom - top, 1.0)
    level = abs((top + bottom) - (run[1] + run[3])) < size
    plumb = abs((left + right) - (run[0] + run[2])) < size
    across, down = max(left - run[2], run[0] - right), max(top - run[3], run[1] - bottom)
    return (level and -size < across < LEAST_GAP * size) or (plumb and -size < down < LEAST_GAP * size)


def _letters(page: pdfium.PdfPage) -> Iterator[tuple[str, tuple[float, float, float, float] | None]]:
    """Each letter and its box; spaces and line breaks have none."""
    from pypdfium2 import raw  # noqa: PLC0415

    text = page.get_textpage()
    width, height = (min(int(side * FINE), 2**30) for side in page.get_size())
    box, x, y = raw.FS_RECTF(), ctypes.c_int(), ctypes.c_int()
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        letter = "-" if code in (2, 0xFFFE) else chr(code) if code and not 0xD800 <= code < 0xE000 else ""
        if not letter or letter.isspace() or not raw.FPDFText_GetLooseCharBox(text, index, box):
            yield (" " if letter in (" ", "\u00a0") else "\n"), None
            continue
        corners = []
        for across, down in ((box.left, box.top), (box.right, box.bottom)):
            raw.FPDF_PageToDevice(page, 0, 0, width, height, 0, across, down, x, y)
            corners.append((x.value / FINE, y.value / FINE))
        (x1, y1), (x2, y2) = corners
        yield letter, (min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2))


def _picture(document: pdfium.PdfDocument, index: int, max_side: int) -> tuple[Any, list[bytes]]:
    """([height, width], [RGB rows]) of a page, its forms filled in, on white."""
    import pypdfium2 as pdfium  # noqa: PLC0415

    with contextlib.suppress(pdfium.PdfiumError):  # with damaged forms the page is drawn without them
        document.init_forms()
    page = _page(document, index)
    width, height = page.get_size()
    if not (0 < width < math.inf and 0 < height < math.inf):
        raise RefusedError(f"the PDF is damaged: its page {index + 1} has no size")
    bitmap = page.render(scale=max_side / max(width, height), rev_byteorder=True, may_draw_forms=True)
    rows, length = bytes(bitmap.buffer), bitmap.width * 3
    if bitmap.stride != length:
        rows = b"".join(rows[at : at + length] for at in range(0, bitmap.stride * bitmap.height, bitmap.stride))
    return [bitmap.height, bitmap.width], [rows[: length * bitmap.height]]
