"""`pollux files upload | list | get | delete | gc`."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from pollux.cli import options, show
from pollux.cli.door import for_each, with_door
from pollux.cli.seam import Door, Json, local
from pollux.errors import PolluxError

READ = 1024 * 1024
MOST = 1_000_000

Name = Annotated[str, typer.Argument(metavar="NAME", help="The file's name: files/abc, or abc.")]


def upload(
    paths: Annotated[
        list[Path], typer.Argument(metavar="FILE...", help="What to upload.", exists=True, dir_okay=False)
    ],
    name: Annotated[str, typer.Option(metavar="NAME", help="A name of your own (default: any).")] = "",
    mime_type: Annotated[
        str, typer.Option("--type", metavar="MIME", help="Its type (default: what it looks like).")
    ] = "",
    as_json: options.AsJson = False,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """Upload files, for requests to name them. With --server a broken connection is taken up where it broke."""
    if name and len(paths) > 1:
        raise typer.BadParameter("--name goes with one file")

    async def work(door: Door) -> list[Mapping[str, Any]]:
        with upload_bars() as advance:
            return [await upload_one(door, path, name, mime_type, advance) for path in paths]

    made = with_door(work, server, config, data_dir)
    if as_json:
        show.write_json(made if len(made) > 1 else made[0])
        return
    for file in made:
        error = file.get("error", {}).get("message", "")
        show.write(f"{file['name']}  {file.get('mimeType', '')}  {file['state']}" + (f": {error}" if error else ""))


def show_all(
    as_json: options.AsJson = False,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """List the files there are, the newest first."""
    found = with_door(lambda door: door.files(MOST), server, config, data_dir)
    if not show.told("files", found, as_json=as_json):
        heads = ("Name", "Called", "Type", "Bytes", "State", "Until (UTC)")
        show.table(heads, map(_row, found), right=(3,))


def get(
    name: Name,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """Show what is known of a file, as the API's own JSON."""
    show.write_json(with_door(lambda door: door.file(name), server, config, data_dir))


def delete(
    names: Annotated[list[str], typer.Argument(metavar="NAME...", help="Files to delete: files/abc, or abc.")],
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """Delete files, bytes and all."""
    for_each(names, lambda door, name: door.delete_file(name), server, config, data_dir)


def gc(
    hours: Annotated[float, typer.Option(metavar="H", help="Spare what is younger than this.", min=0)] = 1.0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """Remove what expired, and bytes that nothing names (left by a crash). A running server may go on meanwhile."""

    async def work() -> Mapping[str, int]:
        here = local(options.settings(config, data_dir))
        try:
            return await here.clean(hours)
        finally:
            await here.close()

    removed = asyncio.run(work())
    if as_json:
        show.write_json(removed)
        return
    show.write(
        f"removed {removed['files']} expired files, {removed['uploads']} forgotten uploads, {removed['blobs']} blobs "
        f"without an owner; {removed['objects']} objects, {removed['bytes']} bytes freed"
    )


def _row(file: Json) -> tuple[str, ...]:
    until = file.get("expirationTime", "-")[:16].replace("T", " ")
    about = (file.get(name, default) for name, default in (("displayName", ""), ("mimeType", ""), ("sizeBytes", "0")))
    return (file["name"], *about, file["state"], until)


async def upload_one(
    door: Door, path: Path, name: str, mime_type: str, advance: Callable[[str, int, int], None]
) -> Mapping[str, Any]:
    """The File made of a file.  Raises PolluxError when it cannot be read."""
    try:
        size = (await asyncio.to_thread(path.stat)).st_size

        async def chunks() -> AsyncIterator[bytes]:
            at = 0
            with await asyncio.to_thread(path.open, "rb") as file:
                while chunk := await asyncio.to_thread(file.read, READ):
                    at += len(chunk)
                    advance(path.name, at, size)
                    yield chunk

        return await door.upload(chunks(), size, name, path.name, mime_type)
    except OSError as error:
        raise PolluxError(f"cannot read {path}: {error.strerror}") from None


@contextmanager
def upload_bars() -> Iterator[Callable[[str, int, int], None]]:
    """A bar a file on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _name, _at, _size: None
        return
    from rich import progress  # noqa: PLC0415 (not needed by most commands)
    from rich.console import Console  # noqa: PLC0415

    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.DownloadColumn(),
        progress.TransferSpeedColumn(),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=Console(stderr=True)) as bars:
        tasks: dict[str, progress.TaskID] = {}

        def advance(name: str, at: int, size: int) -> None:
            if name not in tasks:
                tasks[name] = bars.add_task(name, total=size)
            bars.update(tasks[name], completed=at)

        yield advance
