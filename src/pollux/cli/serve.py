"""`pollux serve`."""

from __future__ import annotations

from typing import Annotated

import typer

from pollux.cli import options
from pollux.cli.seam import app


def serve(
    host: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Address to listen on (default: 127.0.0.1).")
    ] = None,
    port: Annotated[
        str | None, typer.Option(metavar="PORT", help="Port; 0 takes any free one (default: 8000).")
    ] = None,
    data_dir: options.DataDir = None,
    config: options.Config = None,
    model: Annotated[
        list[str] | None,
        typer.Option(
            metavar="NAME=ENGINE",
            help="Answer for this model name or pattern with an engine: openai:ADDRESS#MODEL, or another's name. "
            "Repeatable; wins over [routes]. The key of servers named here: POLLUX_OPENAI_API_KEY.",
        ),
    ] = None,
    log_level: Annotated[
        str | None, typer.Option(metavar="LEVEL", help="debug, info, warning or error (default: info).")
    ] = None,
) -> int:
    """Run the server that the official SDKs talk to.

    When it is ready it prints its address and the environment variables for the SDKs. Ctrl+C finishes what is in flight
    and stops it. Without any API key it listens on this machine only.
    """
    settings = options.settings(config, data_dir, model, host=host, port=port, log_level=log_level)
    return app().serve(settings)
