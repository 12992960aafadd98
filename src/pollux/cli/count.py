"""`pollux count`."""

from __future__ import annotations

from typing import Annotated

import typer

from pollux.cli import options, pictures, show
from pollux.cli.door import with_door
from pollux.cli.seam import Door, Json

Words = Annotated[list[str], typer.Argument(metavar="PICTURE...", help="Files, http(s) URLs, or - for standard input.")]


def count(
    words: Words,
    model: options.Model = options.DEFAULT_MODEL,
    as_json: options.AsJson = False,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """Count the tokens of pictures, as countTokens and usageMetadata do.

    One line a picture: tokens, then its name; with several, the sum at the end.
    """
    if words.count("-") > 1:
        raise typer.BadParameter("- (standard input) can be one picture only")
    bodies = [pictures.body([pictures.part(word)]) for word in words]

    async def work(door: Door) -> list[Json]:
        return [await door.count(model, body) for body in bodies]

    answers = with_door(work, server, config, data_dir)
    if as_json:
        show.write_json([{"picture": word, **answer} for word, answer in zip(words, answers, strict=True)])
        return
    totals = [int(answer.get("totalTokens", 0)) for answer in answers]
    lines = [*zip(totals, words, strict=True), *([(sum(totals), "total")] if len(totals) > 1 else [])]
    width = max(len(str(total)) for total, _ in lines)
    for total, word in lines:
        show.write(f"{total:>{width}}  {word}")
