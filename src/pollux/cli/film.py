"""`pollux film`: a video from words, and from a picture to begin with."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import aclosing, contextmanager
from typing import Annotated, Any

import typer

from pollux.cli import options, outputs, pictures, show
from pollux.cli.door import with_door
from pollux.cli.seam import Door

DEFAULT_MODEL = "veo-3.1-generate-preview"


def film(
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="What is to be seen, and how it moves.")],
    picture: Annotated[
        str | None, typer.Argument(metavar="[PICTURE]", help="Picture to begin with: a file, or - for standard input.")
    ] = None,
    out: outputs.Out = None,
    seconds: Annotated[int | None, typer.Option("--seconds", metavar="N", help="How long (default: 8).")] = None,
    ratio: Annotated[str | None, typer.Option("--ratio", metavar="W:H", help="16:9 (default) or 9:16.")] = None,
    resolution: Annotated[
        str | None, typer.Option("--resolution", metavar="P", help="720p (default) or 1080p.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option("--seed", metavar="N", help="The same seed and words give the same video.")
    ] = None,
    model: Annotated[str, typer.Option("--model", "-m", metavar="NAME", help="Model to ask.")] = DEFAULT_MODEL,
    force: outputs.Force = False,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> int:
    """Make a video: MP4, 24 frames a second, without sound.

    Without --out its name comes from the prompt, in this folder. It needs the extra `pollux[video]` where it is made.
    """
    if not prompt.strip():
        raise typer.BadParameter("the prompt is empty")
    if picture is not None and pictures.looks_like_one(prompt) and not pictures.looks_like_one(picture):
        raise typer.BadParameter(f'the prompt comes first: pollux film "{picture}" {prompt}')
    instance: dict[str, Any] = {"prompt": prompt}
    if picture is not None:
        instance["image"] = _image(picture)
    chosen = (("durationSeconds", seconds), ("aspectRatio", ratio), ("resolution", resolution), ("seed", seed))
    parameters = {key: value for key, value in chosen if value is not None}
    place = outputs.output(out, outputs.name_of(prompt, "video"), outputs.VIDEOS, force=force)

    async def make(door: Door) -> bytes:
        async with aclosing(door.film(model, {"instances": [instance], "parameters": parameters})) as chunks:
            return b"".join([chunk async for chunk in chunks])

    with _waiting():
        data = with_door(make, server, config, data_dir)
    place.write([(data, place.mime_type)])
    return 0


def _image(word: str) -> dict[str, str]:
    if pictures.is_url(word):
        raise typer.BadParameter(f"{word} is no file; save the picture and name that")
    blob = pictures.part(word)["inlineData"]
    return {"bytesBase64Encoded": blob["data"], "mimeType": blob["mimeType"]}


@contextmanager
def _waiting() -> Iterator[None]:
    """A line with the time that has passed on a terminal, a word elsewhere."""
    if not sys.stderr.isatty():
        show.remark("the video is being made")
        yield
        return
    from rich import progress  # noqa: PLC0415 (not needed by most commands)
    from rich.console import Console  # noqa: PLC0415

    columns = (progress.SpinnerColumn(), progress.TextColumn("the video is being made"), progress.TimeElapsedColumn())
    with progress.Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        bars.add_task("")
        yield
