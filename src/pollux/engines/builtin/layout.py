"""Reading order: lines into rows and blocks, columns read one after the other, table rows kept together."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from pollux.engines.builtin.scene import Box

Item = tuple[str, float, Box]

COLUMN_GAP = 0.9  # of a line's height: the least clear width between two columns
PARAGRAPH_GAP = 0.75  # of a line's height: the least clear height between two paragraphs
LEAST_PROSE = 12  # characters: the mean length of lines that make a column of prose rather than cells of a table


def arrange(items: Sequence[Item]) -> list[tuple[list[int], int]]:
    """(the items of one visual line from left to right, by index; block number) in reading order.

    The page is cut recursively (Nagy and Seth's X-Y cut): where a clear vertical lane separates columns of prose it is
    read column by column, elsewhere top to bottom; what cannot be cut further is read row by row, left to right, so
    that the cells of a table row stay together.  A block ends where the gap to the next line is wide or the print
    changes size.
    """
    if not items:
        return []
    unit = median(box.height for _, _, box in items)
    out: list[tuple[list[int], int]] = []
    block = 0
    for group in _cut(list(range(len(items))), items, unit):
        previous: list[int] = []
        for row in _rows(group, items):
            if previous and _apart(previous, row, items):
                block += 1
            out.append((row, block))
            previous = row
        block += 1
    return out


def _cut(group: list[int], items: Sequence[Item], unit: float) -> list[list[int]]:
    """Groups of items in reading order."""
    if len(group) < 2:
        return [group]
    columns = _columns(group, items, unit)
    if len(columns) > 1:
        return [part for column in columns for part in _cut(column, items, unit)]
    for upper, lower in _splits(group, items, unit):
        if len(_columns(upper, items, unit)) > 1 or len(_columns(lower, items, unit)) > 1:
            return _cut(upper, items, unit) + _cut(lower, items, unit)
    return [group]


def _columns(group: list[int], items: Sequence[Item], unit: float) -> list[list[int]]:
    """The group cut at clear vertical lanes, when what stands between them reads downwards; else the group whole."""
    ordered = sorted(group, key=lambda i: items[i][2].left)
    columns: list[list[int]] = [[ordered[0]]]
    edge = items[ordered[0]][2].right
    for index in ordered[1:]:
        box = items[index][2]
        if box.left - edge >= COLUMN_GAP * unit:
            columns.append([])
        columns[-1].append(index)
        edge = max(edge, box.right)
    if len(columns) > 1 and not _is_table(columns, items):
        return columns
    return [group]


def _is_table(columns: list[list[int]], items: Sequence[Item]) -> bool:
    """Whether the columns' lines share rows and are cells: few words each, or only one line a column.

    Columns of prose have long lines; a menu beside a page has lines that are not level with the page's.
    """
    prose = sum(
        len(column) > 2 and sum(len(items[i][0]) for i in column) / len(column) >= LEAST_PROSE for column in columns
    )
    if prose != 1:
        return prose == 0
    first = min(columns, key=len)
    others = [i for column in columns if column is not first for i in column]
    level = sum(any(_level(items[i][2], items[j][2]) for j in others) for i in first)
    return level >= 0.6 * len(first)


def _splits(group: list[int], items: Sequence[Item], unit: float) -> list[tuple[list[int], list[int]]]:
    """Ways of cutting the group at a clear horizontal gap, from the widest."""
    ordered = sorted(group, key=lambda i: items[i][2].top)
    edge = items[ordered[0]][2].bottom
    gaps: list[tuple[float, int]] = []
    for position in range(1, len(ordered)):
        box = items[ordered[position]][2]
        if box.top - edge > -0.2 * unit:
            gaps.append((box.top - edge, position))
        edge = max(edge, box.bottom)
    gaps.sort(reverse=True)
    return [(ordered[:position], ordered[position:]) for _, position in gaps[:40]]


def _same_row(one: Box, other: Box) -> bool:
    overlap = min(one.bottom, other.bottom) - max(one.top, other.top)
    return overlap > 0.5 * min(one.height, other.height) and max(one.height, other.height) < 3 * min(
        one.height, other.height
    )


def _level(one: Box, other: Box) -> bool:
    return abs(one.centre[1] - other.centre[1]) < 0.25 * min(one.height, other.height)


def _rows(group: list[int], items: Sequence[Item]) -> list[list[int]]:
    """Rows from the top, each from the left."""
    rows: list[list[int]] = []
    for index in sorted(group, key=lambda i: items[i][2].centre[1]):
        if rows and _same_row(items[rows[-1][0]][2], items[index][2]):
            rows[-1].append(index)
        else:
            rows.append([index])
    return [sorted(row, key=lambda i: items[i][2].left) for row in rows]


def _apart(above: list[int], below: list[int], items: Sequence[Item]) -> bool:
    """Whether a new block begins between two rows."""
    upper = max(items[i][2].bottom for i in above)
    lower = min(items[i][2].top for i in below)
    high = median(items[i][2].height for i in above)
    low = median(items[i][2].height for i in below)
    return lower - upper > PARAGRAPH_GAP * min(high, low) or max(high, low) > 1.4 * min(high, low)
