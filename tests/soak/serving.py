"""A real server whose engine only echoes, a little late: what survives a kill can then be counted.

python -m tests.soak.serving PORT FOLDER SECONDS [DATABASE_URL]
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from pollux.app import build
from pollux.config.tree import Batch, Server, Settings, Store
from pollux.engines.base import Prompt
from pollux.engines.scripted import ScriptedEngine, Step, Wait, echo
from pollux.server import run


def main(port: str, folder: str, seconds: str, database: str = "") -> int:
    """Until it is stopped."""

    def late(prompt: Prompt) -> Iterable[Step]:
        engine.prompts.clear()
        yield Wait(float(seconds))
        yield from echo(prompt)

    engine = ScriptedEngine(late)
    settings = Settings(
        server=Server(port=int(port), log_level="warning", shutdown_seconds=5),
        store=Store(data_dir=Path(folder), database=database),
        batch=Batch(lines=16, pending_seconds=0),
    )
    return run(build(settings, {"scripted": engine}))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
