"""`pollux worker`."""

from __future__ import annotations

from typing import Annotated

import typer

from pollux.cli import options, show
from pollux.cli.seam import work


def worker(
    data_dir: options.DataDir = None,
    config: options.Config = None,
    log_level: Annotated[
        str | None, typer.Option(metavar="LEVEL", help="debug, info, warning or error (default: info).")
    ] = None,
) -> int:
    """Run batch jobs in a process of its own.

    Servers with the same stores leave them to it when POLLUX_BATCH=none is set for them. One process runs the jobs at a
    time; a second worker waits, and takes over when the first one ends, however it ends. Ctrl+C finishes the requests
    in hand; a second one leaves them, to be done again.
    """
    settings = options.settings(config, data_dir, log_level=log_level)
    said: list[bool] = []

    def tell(leads: bool) -> None:
        if said[-1:] != [leads]:
            said.append(leads)
            waits = "Pollux worker waits: another process runs the batch jobs (a server, or a worker)"
            show.write("Pollux worker runs the batch jobs" if leads else waits)

    return work(settings, tell)
