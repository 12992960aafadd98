"""Reading order of lines that are given as boxes."""

from __future__ import annotations

from pollux.engines.builtin.layout import Item, arrange
from pollux.engines.builtin.scene import Box


def item(text: str, left: float, top: float, width: float | None = None, height: float = 20) -> Item:
    return text, 1.0, Box(left, top, left + (width or 9 * len(text)), top + height)


def texts(items: list[Item]) -> list[str]:
    return ["  ".join(items[i][0] for i in row) for row, _ in arrange(items)]


def test_two_columns_are_read_one_after_the_other() -> None:
    left = [item(f"left column line {n}", 50, 100 + 25 * n) for n in range(6)]
    right = [item(f"right column line {n}", 400, 100 + 25 * n) for n in range(6)]
    title = item("A title over both of the columns here", 150, 40, height=30)
    mixed = [title, *[line for pair in zip(left, right, strict=True) for line in pair]]
    assert texts(mixed) == [title[0], *[line[0] for line in left], *[line[0] for line in right]]


def test_table_rows_stay_rows() -> None:
    cells = [
        item(f"{name}{n}", x, 100 + 30 * n) for n in range(5) for name, x in (("item", 50), ("4", 300), ("$9", 450))
    ]
    assert texts(cells[::-1]) == [f"item{n}  4{n}  $9{n}" for n in range(5)]


def test_a_menu_is_read_apart_from_the_page() -> None:
    menu = [item(name, 20, 100 + 45 * n) for n, name in enumerate(("Home", "Bills", "Users", "Exit"))]
    page = [item(f"a sentence of the page, number {n}", 250, 110 + 31 * n) for n in range(6)]
    assert texts([*page, *menu]) == [line[0] for line in (*menu, *page)]


def test_blocks_end_at_wide_gaps_and_at_other_sizes() -> None:
    lines = [
        item("Heading", 50, 40, height=40),
        item("first line", 50, 90),
        item("second line", 50, 114),
        item("after a gap", 50, 170),
    ]
    assert [block for _, block in arrange(lines)] == [0, 1, 1, 2]


def test_nothing_gives_nothing() -> None:
    assert arrange([]) == []
