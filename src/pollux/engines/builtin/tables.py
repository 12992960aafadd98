"""Tables in a scene: rows of cells under a header, price lists by section, cards side by side, points of a chart.

Cells are found by the lanes between them.  The recogniser often reads two near cells as one run, so every word gets a
place along its run first (letters share it evenly), and a lane is a gap that no word of any row crosses.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from pollux.engines.builtin import chart
from pollux.engines.builtin.scene import Box, Scene, TextLine

LANE = 0.3  # of a line's height: the narrowest lane among three rows and more
LANE_OF_TWO = 0.9  # and between two rows, where gaps between words meet by chance
SHARED = 0.6  # of the rows: a gap between runs that is a lane though a merged run crosses it elsewhere
MARGIN = 0.2  # of a line's height: what the detector leaves on either side of the letters
PROSE = 5.0  # words a cell, on the average of a column, from which it is running text and no table
ROW_GAP = 2.6  # times a line's height: rows further apart are not of one table
_SUM = re.compile(
    r"(?:sub-?\s?total|(?:grand |net )?total|net|gross|sum|vat|(?:sales )?tax|gst|balance|amount due|shipping|"
    r"discount)\b",
    re.IGNORECASE,
)
_PRICE = re.compile(r"(?:[$€£¥]|[A-Z]{3})?\s?-?\d[\d,' ]*(?:[.,]\d{2})?\s?(?:[$€£¥]|[A-Z]{3})?")
_MONEY = re.compile(r"[$€£¥]|\d[.,]\d{2}\b")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, as many in each; `header` names the columns or is empty; `title` is the line above."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    title: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The header; "name" and "price" where a price list has none; else plain numbers."""
        if self.header:
            return self.header
        last = [row[-1] for row in self.rows]
        if len(self.rows[0]) == 2:
            return ("name", "price" if all(_MONEY.search(cell) for cell in last) else "value")
        return tuple(f"column {i}" for i in range(1, len(self.rows[0]) + 1))

    def column(self, index: int) -> list[str]:
        """The cells of one column."""
        return [row[index] for row in self.rows]


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    left: float
    right: float


def tables(scene: Scene) -> list[Table]:
    """All tables of a scene from the top; of a chart one table of its points."""
    if scene.kind == "chart":
        found = chart.points(scene)
        return [Table(("category", "value"), tuple((p.label, p.shown) for p in found))] if found else []
    return [table for table, _ in placed(scene)]


def placed(scene: Scene) -> list[tuple[Table, Box]]:
    """The tables of a page from the top, each with the box around its cells."""
    out = []
    for title, group in _groups(_rows(scene)):
        if table := _table(title, group):
            boxes = [run.box for row in group for run in row]
            left, top = min(box.left for box in boxes), min(box.top for box in boxes)
            box = Box(left, top, max(box.right for box in boxes), max(box.bottom for box in boxes))
            out.append((table, box))
    return out


def _rows(scene: Scene) -> list[list[TextLine]]:
    """Runs of text that stand level, from left to right; rows from top to bottom."""
    runs = sorted((run for line in scene.lines for run in line.pieces or (line,)), key=lambda run: run.level.centre[1])
    rows: list[list[TextLine]] = []
    for run in runs:
        if rows and _level(rows[-1][0].level, run.level):
            rows[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda run: run.level.left) for row in rows]


def _level(one: Box, other: Box) -> bool:
    common = min(one.bottom, other.bottom) - max(one.top, other.top)
    return common > 0.5 * min(one.height, other.height)


def _groups(rows: Sequence[list[TextLine]]) -> Iterator[tuple[str, list[list[TextLine]]]]:
    """(the single line above, rows of several runs one below the other)."""
    group: list[list[TextLine]] = []
    title = above = ""
    for row in rows:
        if group and (
            len(row) < 2
            or _sums_up(row, group)
            or row[0].level.top - group[-1][0].level.bottom > ROW_GAP * group[-1][0].level.height
        ):
            yield title, group
            group = []
        if len(row) < 2:
            above = row[0].text
            continue
        if not group:
            title, above = above, ""
        group.append(row)
    if group:
        yield title, group


def _sums_up(row: Sequence[TextLine], group: Sequence[list[TextLine]]) -> bool:
    """Whether a row below a table is the first of those that sum it up: with fewer cells, and lanes of their own."""
    return len(row) < max(map(len, group)) and bool(_SUM.match(row[0].text)) and not _SUM.match(group[-1][0].text)


def _table(title: str, group: list[list[TextLine]]) -> Table | None:
    words = [[word for run in row for word in _words(run)] for row in group]
    height = median(run.level.height for row in group for run in row)
    lanes = _lanes([word for row in words for word in row], (LANE if len(group) > 2 else LANE_OF_TWO) * height)
    lanes = sorted({*lanes, *(lane for lane in _run_lanes(group) if all(abs(lane - x) > height for x in lanes))})
    cells = [_cells(row, lanes) for row in words]
    while lanes and (bare := _bare(cells)) is not None:
        lanes.pop(max(0, bare - 1))
        cells = [_cells(row, lanes) for row in words]
    if not lanes or sum(all(row) for row in cells) < max(1, 0.5 * len(cells)):
        return None
    if max(sum(len(row[i].split()) for row in cells) for i in range(len(cells[0]))) > PROSE * len(cells):
        return None
    if turned := _cards(title, cells):
        return turned
    if len(cells) > 1 and _is_header(cells[0], cells[1:]):
        return Table(cells[0], tuple(cells[1:]), title)
    if len(cells) > 2 and len(cells[0]) == 2 and len({_unit(row[1]) for row in cells}) == 1 and _unit(cells[0][1]):
        return Table(("name", "value"), tuple(cells), title)
    return Table((), tuple(cells), title)


def _words(run: TextLine) -> Iterator[_Word]:
    margin = MARGIN * min(run.level.height, run.level.width / 2)
    left, step = run.level.left + margin, (run.level.width - 2 * margin) / max(1, len(run.text))
    for match in re.finditer(r"\S+", run.text):
        yield _Word(match.group(), left + step * match.start(), left + step * match.end())


def _lanes(words: Sequence[_Word], least: float) -> list[float]:
    """Middles of the gaps that no word crosses."""
    ordered = sorted(words, key=lambda word: word.left)
    out, edge = [], ordered[0].right
    for word in ordered[1:]:
        if word.left - edge >= least:
            out.append((word.left + edge) / 2)
        edge = max(edge, word.right)
    return out


def _run_lanes(group: Sequence[list[TextLine]]) -> list[float]:
    """Middles of gaps between runs that most rows share, whatever crosses them in the others."""
    gaps = [
        [
            (a.level.right - MARGIN * a.level.height, b.level.left + MARGIN * b.level.height)
            for a, b in itertools.pairwise(row)
        ]
        for row in group
    ]
    votes: list[tuple[int, float]] = []
    for middle in sorted((left + right) / 2 for row in gaps for left, right in row):
        share = sum(any(left < middle < right for left, right in row) for row in gaps)
        if len(group) > 2 and share >= SHARED * len(group):
            votes.append((share, middle))
    out: list[float] = []
    for _, middle in sorted(votes, reverse=True):
        if all(abs(middle - lane) > group[0][0].level.height for lane in out):
            out.append(middle)
    return out


def _cells(row: Sequence[_Word], lanes: Sequence[float]) -> tuple[str, ...]:
    parts: list[list[str]] = [[] for _ in range(len(lanes) + 1)]
    for word in row:
        parts[sum(word.left + word.right > 2 * lane for lane in lanes)].append(word.text)
    return tuple(" ".join(part) for part in parts)


def _bare(cells: Sequence[tuple[str, ...]]) -> int | None:
    """A column that is mostly empty: a gap between words that happened to meet."""
    filled = [sum(bool(row[i]) for row in cells) for i in range(len(cells[0]))]
    least = min(range(len(filled)), key=filled.__getitem__)
    return least if filled[least] <= 0.5 * len(cells) else None


def _is_header(first: tuple[str, ...], rest: Sequence[tuple[str, ...]]) -> bool:
    """Whether the first row names the columns: words over numbers, or short words that no other row repeats."""
    if not all(re.search(r"[^\W\d]{2}", cell) and not re.search(r"\d|:$|@", cell) for cell in first if cell):
        return False
    digits = [sum(bool(re.search(r"\d", row[i])) for row in rest) for i in range(len(first))]
    return any(count > len(rest) / 2 for count in digits) or (len(first) > 2 and len(rest) > 2 and all(first))


def _cards(title: str, cells: Sequence[tuple[str, ...]]) -> Table | None:
    """Things side by side with their prices below them: each is a row."""
    priced = next((i for i, row in enumerate(cells) if i and all(_is_price(cell) for cell in row)), 0)
    if not priced or len(cells[0]) < 2 or any(re.search(r"\d", cell) for cell in cells[priced - 1]):
        return None
    rest = [i for i in range(len(cells)) if i > priced]
    names = ("name", "price", *("note" for _ in rest))
    kept = [(cells[priced - 1][i], cells[priced][i], *(cells[j][i] for j in rest)) for i in range(len(cells[0]))]
    return Table(names, tuple(kept), title)


def _unit(cell: str) -> str:
    """The unit of a measurement: "12°", "40 %", "7 km"; "" for anything else, plain numbers and money among it."""
    match = re.fullmatch(r"-?\d+(?:[.,]\d+)?\s?(°[CF]?|%|[a-z]{1,3}/?[a-z]?)", cell)
    return match.group(1) if match else ""


def _is_price(cell: str) -> bool:
    return bool(_MONEY.search(cell) and _PRICE.fullmatch(cell))
