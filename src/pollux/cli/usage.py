"""`pollux usage`."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated

import typer

from pollux.cli import options, show
from pollux.cli.seam import app

if TYPE_CHECKING:
    from pollux.stores.records import UsageRecord

HEADS = ("Day", "Project", "Key", "Model", "Requests", "In", "Cached", "Out", "Pictures", "Cost")
OFTEN_EMPTY = (2, 6, 8, 9)
"""Left out where no row has anything there, so that the rest fits a terminal of 80 columns."""


def usage(
    days: Annotated[int, typer.Option("--days", metavar="N", help="Today and the days before it, in UTC.", min=1)] = 30,
    project: Annotated[str, typer.Option("--project", metavar="P", help="This project alone.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """Show what was used: requests, tokens, pictures and cost by day, project, key and model.

    Costs are those of the configured prices at the time. A running server writes every five seconds. What commands
    ask without a server is not counted.
    """
    today = datetime.now(UTC).date()
    since = today - timedelta(days=min(days, today.toordinal()) - 1)
    settings = options.settings(config, data_dir)
    found, names = app().usage(settings, since.isoformat(), today.isoformat())
    rows = [row for row in found if project in ("", row.project)]
    if as_json:
        show.write_json([{**asdict(row), "key_name": names.get(row.key, "")} for row in rows])
        return
    if not rows:
        show.remark(f"nothing was used since {since.isoformat()}{f' by project {project}' if project else ''}")
        return
    lines = [_line((row.day, row.project, names.get(row.key, row.key) or "-", row.model), [row]) for row in rows]
    if len(rows) > 1:
        lines.append(_line(("all", "", "", ""), rows))
    kept = [place for place in range(len(HEADS)) if place not in OFTEN_EMPTY or any(_says(row[place]) for row in lines)]
    numbers = range(kept.index(4), len(kept))
    show.table([HEADS[place] for place in kept], [[row[place] for place in kept] for row in lines], right=numbers)


def _says(cell: str) -> bool:
    return cell not in ("", "-", "0")


def _line(head: tuple[str, ...], rows: list[UsageRecord]) -> tuple[str, ...]:
    counts = ("requests", "input_tokens", "cached_tokens", "output_tokens", "pictures")
    cost = sum(row.cost for row in rows)
    return (*head, *(str(sum(getattr(row, name) for row in rows)) for name in counts), f"{cost:.6f}" if cost else "-")
