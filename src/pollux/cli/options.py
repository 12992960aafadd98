"""Options that several commands share, and the settings that follow from them."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

if TYPE_CHECKING:
    from pollux.config import Settings

DEFAULT_MODEL = "gemini-2.5-flash"

DataDir: TypeAlias = Annotated[
    str | None, typer.Option("--data-dir", metavar="DIR", help="Folder of everything Pollux keeps.")
]
Config: TypeAlias = Annotated[
    str | None, typer.Option("--config", metavar="FILE", help="Configuration file instead of ./pollux.toml.")
]
Server: TypeAlias = Annotated[
    str | None, typer.Option("--server", metavar="URL", help="Ask a running server; its key from GEMINI_API_KEY.")
]
Model: TypeAlias = Annotated[str, typer.Option("--model", "-m", metavar="NAME", help="Model to ask.")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print the API's own JSON.")]


def settings(
    config: str | None,
    data_dir: str | None,
    models: Sequence[str] | None = None,
    more: Mapping[str, Any] | None = None,
    **flags: Any,
) -> Settings:
    """The settings of this run.  `models` are NAME=ENGINE, `flags` keys of [server], `more` any; None: not given."""
    from pollux.config import load  # noqa: PLC0415 (not needed for --help)

    named = {"config": config, "model": models, "store.data_dir": data_dir}
    given = {**named, **(more or {}), **{f"server.{name}": value for name, value in flags.items()}}
    return load(given, os.environ, Path.cwd())
