"""Printing: data to stdout as it is, remarks and errors to stderr, tables that pipes can read."""

from __future__ import annotations

import json
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any


def write(text: str, end: str = "\n") -> None:
    """Text to stdout at once.  On a terminal, control characters (which could steer it) are left out."""
    if sys.stdout.isatty():
        text = "".join(c for c in text if c in "\n\t" or unicodedata.category(c) != "Cc")
    sys.stdout.write(text + end)
    sys.stdout.flush()


def write_json(value: Any, *, compact: bool = False) -> None:
    """JSON to stdout: pretty, or one line."""
    write(json.dumps(value, ensure_ascii=False, indent=None if compact else 2))


def remark(text: str) -> None:
    """One line to stderr, beginning with the program's name."""
    line = " ".join(text.split())
    sys.stderr.write(f"pollux: {line}\n")
    sys.stderr.flush()


def told(what: str, found: Sequence[Any], *, as_json: bool) -> bool:
    """Whether a list is said without a table: as JSON where that is wanted, or that there is none of `what`."""
    if as_json:
        write_json(found)
    elif not found:
        remark(f"there are no {what}")
    return as_json or not found


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Columns under heads; the columns in `right` hold numbers.  In a pipe nothing is cut or wrapped.

    On a terminal that is too narrow the other columns are wrapped, but never the first one nor a number.
    """
    from rich import box  # noqa: PLC0415 (not needed by most commands)
    from rich.console import Console  # noqa: PLC0415
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    console = Console(highlight=False)
    grid = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="bold")
    for index, head in enumerate(heads):
        whole = index == 0 or index in right
        grid.add_column(head, justify="right" if index in right else "left", overflow="fold", no_wrap=whole)
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    if not console.is_terminal:
        console.width = 10_000
    console.print(grid, soft_wrap=not console.is_terminal)
