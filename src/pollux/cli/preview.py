"""A picture in the terminal: by the graphics protocols of Kitty and iTerm2, else as half blocks in 24-bit colour.

Kitty: "Terminal graphics protocol" of its documentation.  iTerm2: "Inline Images Protocol" of its documentation.
"""

from __future__ import annotations

import base64
import os
import shutil
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from pollux.cli import show
from pollux.cli.seam import decoded, picture, png
from pollux.errors import PolluxError

if TYPE_CHECKING:
    from pollux.media.picture import Pixels

KITTY, ITERM, BLOCKS, NONE = "kitty", "iterm2", "blocks", ""
KITTY_PROGRAMS = ("kitty", "ghostty")
ITERM_PROGRAMS = ("iTerm.app", "WezTerm", "mintty")
MOST_COLUMNS = 72
MOST_SIDE = 1024
"""Pixels of the longer side that a terminal is sent."""
CELL = 2.0
"""Height of a terminal's cell over its width, as most fonts have it."""
CHUNK = 4096
"""Characters of base64 in one escape sequence, the most that Kitty takes."""

Preview: TypeAlias = Annotated[
    bool | None,
    typer.Option("--preview/--no-preview", help="Show pictures in the terminal (default: where it can)."),
]


def way(wanted: bool | None, environ: Mapping[str, str], *, terminal: bool) -> str:
    """How pictures are shown, "" for not at all.  `wanted` is None where the terminal decides."""
    if not terminal or wanted is False:
        return NONE
    term, program = environ.get("TERM", ""), environ.get("TERM_PROGRAM", "")
    multiplexed = "TMUX" in environ or term.startswith(("screen", "tmux"))  # they let no pictures through
    if not multiplexed:
        if "KITTY_WINDOW_ID" in environ or program in KITTY_PROGRAMS or term in ("xterm-kitty", "xterm-ghostty"):
            return KITTY
        if program in ITERM_PROGRAMS or environ.get("LC_TERMINAL") == "iTerm2":
            return ITERM
    colours = environ.get("COLORTERM") in ("truecolor", "24bit") or term.endswith("-direct")
    return BLOCKS if wanted or (colours and term != "dumb") else NONE


def chosen(wanted: bool | None) -> str:
    """`way` for this process; says when a picture is wanted where none can be shown."""
    terminal = sys.stdout.isatty()
    if wanted and not terminal:
        show.remark("--preview: standard output is no terminal, so nothing is shown")
    return way(wanted, os.environ, terminal=terminal)


def shown(data: bytes, how: str) -> None:
    """Shows a picture's file on standard output by `way`; what cannot be decoded is said."""
    if how == NONE:
        return
    try:
        pixels = decoded(picture(data, "preview"), MOST_SIDE)
    except PolluxError as error:
        show.remark(error.message)
        return
    sys.stdout.write(drawn(pixels, how, shutil.get_terminal_size()))
    sys.stdout.flush()


def drawn(pixels: Pixels, how: str, size: tuple[int, int]) -> str:
    """What a terminal of so many columns and rows has to be sent: (height, width, 3) uint8 RGB as a text."""
    columns, rows = _cells(pixels, size)
    if how == BLOCKS:
        return _blocks(pixels, columns, rows)
    data = base64.standard_b64encode(png(pixels)).decode("ascii")
    if how == ITERM:
        return f"\x1b]1337;File=inline=1;width={columns};preserveAspectRatio=1:{data}\x07\n"
    pieces = [data[at : at + CHUNK] for at in range(0, len(data), CHUNK)]
    keys = [f"a=T,f=100,q=2,c={columns},r={rows},"] + [""] * (len(pieces) - 1)  # q=2: it answers nothing
    more = [1] * (len(pieces) - 1) + [0]
    sent = (f"\x1b_G{key}m={flag};{piece}\x1b\\" for key, flag, piece in zip(keys, more, pieces, strict=True))
    return "".join(sent) + "\n"


def _cells(pixels: Pixels, size: tuple[int, int]) -> tuple[int, int]:
    """Columns and rows that a picture takes: as many as there are, and its own proportions."""
    height, width = pixels.shape[:2]
    most_rows = max(1, size[1] - 3)
    columns = max(1, min(size[0], MOST_COLUMNS, int(most_rows * CELL * width / height)))
    return columns, max(1, min(most_rows, round(columns / CELL * height / width)))


def _blocks(pixels: Pixels, columns: int, rows: int) -> str:
    """Two pixels a cell: the upper is the colour of a half block, the lower that of its ground."""
    import cv2  # noqa: PLC0415 (heavy)

    small = cv2.resize(pixels, (columns, 2 * rows), interpolation=cv2.INTER_AREA)
    lines = []
    for upper, lower in zip(small[::2].tolist(), small[1::2].tolist(), strict=True):
        cells = (
            f"\x1b[38;2;{';'.join(map(str, above))};48;2;{';'.join(map(str, below))}m▀"
            for above, below in zip(upper, lower, strict=True)
        )
        lines.append("".join(cells) + "\x1b[0m\n")
    return "".join(lines)
