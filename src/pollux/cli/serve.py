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
            help="Answer for this model name or pattern with an engine: openai:ADDRESS#MODEL, hf:MODEL, "
            "diffusers:MODEL, google or another. "
            "Repeatable; wins over the file's routes. The key of servers named here: POLLUX_OPENAI_API_KEY.",
        ),
    ] = None,
    record: Annotated[
        str | None, typer.Option(metavar="DIR", help="Keep every answer of the engines in this folder.")
    ] = None,
    replay: Annotated[
        str | None, typer.Option(metavar="DIR", help="Answer from what was kept in this folder; no engine is needed.")
    ] = None,
    faults: Annotated[
        bool, typer.Option("--faults", help="Let requests ask for faults (header x-pollux-fault), to test clients.")
    ] = False,
    log_level: Annotated[
        str | None, typer.Option(metavar="LEVEL", help="debug, info, warning or error (default: info).")
    ] = None,
) -> int:
    """Run the server that the official SDKs talk to.

    When it is ready it prints its address and the environment variables for the SDKs. Ctrl+C finishes what is in flight
    and stops it. Without any API key it listens on this machine only.
    """
    kept = {"engine.replay.record": record, "engine.replay.replay": replay}
    settings = options.settings(config, data_dir, model, kept, host=host, port=port, log_level=log_level)
    return app().serve(settings, faults=faults)
