"""`pollux models`."""

from __future__ import annotations

from pollux.cli import options, show
from pollux.cli.door import with_door
from pollux.cli.seam import Door, Json


def models(
    as_json: options.AsJson = False,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """List the models that work, their limits in tokens and their methods."""

    async def work(door: Door) -> list[Json]:
        return list(await door.models())

    found = with_door(work, server, config, data_dir)
    if as_json:
        show.write_json({"models": found})
        return
    rows = (
        (
            str(model.get("name", "")).removeprefix("models/"),
            str(model.get("inputTokenLimit", "")),
            str(model.get("outputTokenLimit", "")),
            " ".join(model.get("supportedGenerationMethods", ())),
        )
        for model in found
    )
    show.table(("Model", "In", "Out", "Methods"), rows, right=(1, 2))
