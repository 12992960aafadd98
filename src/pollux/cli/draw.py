"""`pollux draw` and `pollux edit`: pictures from words, and from pictures and words."""

from __future__ import annotations

import base64
from contextlib import aclosing
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, TypeAlias

import typer

from pollux.cli import jobs, options, outputs, pictures, preview, show
from pollux.cli.door import with_door
from pollux.cli.outputs import Output
from pollux.cli.seam import Door, Json

SMALL, LARGE = "gemini-2.5-flash-image", "gemini-3-pro-image-preview"
"""The models that are asked for 1K, and for 2K and 4K, which only the second makes."""


class Size(StrEnum):
    """The names of picture sizes in the API."""

    K1 = "1K"
    K2 = "2K"
    K4 = "4K"


Ratio: TypeAlias = Annotated[
    str | None, typer.Option("--ratio", metavar="W:H", help="Aspect ratio: 1:1, 16:9, 9:16, 3:2 and others.")
]
Large: TypeAlias = Annotated[
    Size | None, typer.Option("--size", metavar="1K|2K|4K", case_sensitive=False, help="How large it is.")
]
Seed: TypeAlias = Annotated[
    int | None, typer.Option("--seed", metavar="N", help="The same seed and words give the same picture.")
]
ImageModel: TypeAlias = Annotated[
    str | None,
    typer.Option("--model", "-m", metavar="NAME", help=f"Model to ask (default: {SMALL}; for 2K and 4K {LARGE})."),
]
Searching: TypeAlias = Annotated[bool, typer.Option("--search", help="Let the model search (google_search).")]
Words: TypeAlias = Annotated[
    list[str],
    typer.Argument(
        metavar="PICTURE... CHANGE", help="Files, http(s) URLs, or - for standard input; then what is to be done."
    ),
]


def draw(
    prompt: Annotated[str, typer.Argument(metavar="PROMPT", help="What is to be seen.")],
    out: outputs.Out = None,
    ratio: Ratio = None,
    size: Large = None,
    seed: Seed = None,
    model: ImageModel = None,
    search: Searching = False,
    show_it: preview.Preview = None,
    force: outputs.Force = False,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> int:
    """Draw a picture.

    Without --out its name comes from the prompt, in this folder. A name that ends with .jpg gives a JPEG. Several
    pictures become NAME-1.png, NAME-2.png. What the model says goes to standard output.
    """
    if not prompt.strip():
        raise typer.BadParameter("the prompt is empty")
    place = outputs.output(out, outputs.name_of(prompt), outputs.PICTURES, force=force)
    body = _request([{"text": prompt}], place, ratio, size, seed, search=search)
    return _made(model or _model(size), body, place, show_it, jobs.Where(server, config, data_dir))


def edit(
    words: Words,
    out: outputs.Out = None,
    ratio: Ratio = None,
    size: Large = None,
    seed: Seed = None,
    model: ImageModel = None,
    search: Searching = False,
    show_it: preview.Preview = None,
    force: outputs.Force = False,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> int:
    """Change a picture, or make one of several.

    The last word says what is to be done; what stands before it are pictures. Without --out the name is that of the
    first picture with -edited, in this folder. Without --ratio and --size the picture keeps its size.
    """
    *names, change = words
    if pictures.looks_like_one(change):
        raise typer.BadParameter(f'what is to be done is missing; end with it: {change} "Make the sky pink"')
    if not names:
        raise typer.BadParameter("a picture is missing; name it before what is to be done, or use `pollux draw`")
    parts = pictures.asked(names, change, "what is to be done")
    stem = "" if pictures.is_url(names[0]) or names[0] == "-" else Path(names[0]).stem
    place = outputs.output(out, f"{stem or 'picture'}-edited", outputs.PICTURES, force=force)
    body = _request(parts, place, ratio, size, seed, search=search)
    return _made(model or _model(size), body, place, show_it, jobs.Where(server, config, data_dir))


def _model(size: Size | None) -> str:
    return LARGE if size in (Size.K2, Size.K4) else SMALL


def _request(
    parts: list[dict[str, Any]], place: Output, ratio: str | None, size: Size | None, seed: int | None, *, search: bool
) -> dict[str, Any]:
    image = {key: value for key, value in (("aspectRatio", ratio), ("imageSize", size and size.value)) if value}
    kind = {"imageOutputOptions": {"mimeType": place.mime_type}} if place.mime_type != "image/png" else {}
    config: dict[str, Any] = {"responseModalities": ["TEXT", "IMAGE"]}
    if image or kind:
        config["imageConfig"] = {**image, **kind}
    if seed is not None:
        config["seed"] = seed
    body = {**pictures.body(parts), "generationConfig": config}
    return {**body, "tools": [{"googleSearch": {}}]} if search else body


def _made(model: str, body: Json, place: Output, wanted: bool | None, where: jobs.Where) -> int:
    """Asks, writes the pictures and prints the text; 0, or 1 when there is no picture."""
    how = preview.NONE if place.stdout else preview.chosen(wanted)

    async def ask(door: Door) -> Json:
        async with aclosing(door.generate(model, body, stream=False)) as responses:
            (response,) = [response async for response in responses]
            return response

    response = with_door(ask, where.server, where.config, where.data_dir)
    parts = pictures.parts(response)
    made = [_picture(part) for part in parts if "inlineData" in part]
    if made:  # first of all: what was made is not to be lost because a pipe or a terminal breaks
        place.write(made)
    for part in parts:
        if "inlineData" in part:
            preview.shown(_picture(part)[0], how)
        elif text := part.get("text", "").strip():
            show.remark(text) if place.stdout else show.write(text)
    _say_sources(response, searched="tools" in body)
    reason, message = pictures.end(response)
    if not made:
        show.remark(f"there is no picture: {message or reason}; ask for one in words, or choose another --model")
        return 1
    if message or reason != "STOP":
        show.remark(message or f"the answer ends early: {reason}")
    return 0


def _say_sources(response: Json, *, searched: bool) -> None:
    """What was found by searching, or that nothing is searched there."""
    found = pictures.grounding(response)
    if searched and "webSearchQueries" not in found:
        show.remark("--search: nothing was searched; set [search] source where the engine runs")
    for chunk in found.get("groundingChunks", ()):
        web = chunk.get("web", {})
        show.remark(f"source: {web.get('title', '')} {web.get('uri', '')}")


def _picture(part: Json) -> tuple[bytes, str]:
    blob = part["inlineData"]
    return base64.b64decode(blob["data"]), blob.get("mimeType", "")
