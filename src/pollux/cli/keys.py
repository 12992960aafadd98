"""`pollux keys create | list | revoke`."""

from __future__ import annotations

from typing import Annotated

import typer

from pollux.cli import options, show
from pollux.cli.seam import app
from pollux.errors import InvalidArgument


def create(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help="What to call it (default: key-1, key-2, ...).", show_default=False)
    ] = "",
    project: Annotated[str, typer.Option(metavar="P", help="Project whose files and limits it shares.")] = "default",
    rpm: Annotated[int | None, typer.Option(metavar="N", help="Most requests a minute.")] = None,
    tpm: Annotated[int | None, typer.Option(metavar="N", help="Most tokens a minute.")] = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """Make an API key and print it, once: only its hash is kept.

    From the first key on, every request needs one. A running server notices at once.
    """
    settings = options.settings(config, data_dir)
    with app().open_keys(settings) as keys:
        try:
            key, secret = keys.create(name, project, rpm, tpm)
        except InvalidArgument as error:
            raise typer.BadParameter(error.message) from None
    show.write(secret)
    show.remark(f"this is key {key.id} ({key.name}) of project {key.project}; keep it, it is not shown again")


def show_all(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """List every key ever made: the beginning of its secret, its project and limits."""
    settings = options.settings(config, data_dir)
    with app().open_keys(settings) as keys:
        found = keys.all()
    if as_json:
        shown = ("id", "name", "project", "prefix", "rpm", "tpm")
        show.write_json(
            [
                {
                    **{name: getattr(key, name) for name in shown},
                    "created": key.created_at.isoformat(),
                    "revoked": key.revoked_at and key.revoked_at.isoformat(),
                }
                for key in found
            ]
        )
        return
    if not found:
        show.remark("there are no keys yet; on this machine any non-empty key works until you make one")
        return
    rows = (
        (
            key.id,
            key.name,
            key.project,
            key.prefix + "...",
            str(key.rpm or "-"),
            str(key.tpm or "-"),
            f"{key.created_at:%Y-%m-%d}",
            f"{key.revoked_at:%Y-%m-%d}" if key.revoked_at else "-",
        )
        for key in found
    )
    show.table(("Id", "Name", "Project", "Key", "RPM", "TPM", "Made", "Revoked"), rows, right=(4, 5))


def revoke(
    which: Annotated[str, typer.Argument(metavar="KEY", help="Its id, its name, or how it begins.")],
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """Revoke a key for good. A running server refuses it within a second."""
    settings = options.settings(config, data_dir)
    with app().open_keys(settings) as keys:
        key = keys.revoke(which)
    show.write(f"revoked {key.id} ({key.name}, {key.prefix}...)")
