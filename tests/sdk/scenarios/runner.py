"""Runs scenarios and prints one line of JSON for each: python -m tests.sdk.scenarios.runner SAMPLES GROUP=KEY@URL ...

A group is a folder beside this file; a scenario is a public function of one of its modules.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
import time
import traceback
from pathlib import Path
from typing import Any


def main(samples: str, *groups: str) -> None:
    """Every scenario of every group, in order."""
    loop = asyncio.new_event_loop()
    for group in groups:
        name, _, server = group.partition("=")
        key, _, url = server.partition("@")
        here = importlib.import_module(f"{__package__}.{name}").Here(url, key, Path(samples))
        for file in sorted((Path(__file__).parent / name).glob("[a-z]*.py")):
            module = importlib.import_module(f"{__package__}.{name}.{file.stem}")
            for scenario in _scenarios(module):
                _report(f"{name}/{file.stem}.{scenario.__name__}", scenario, here, loop)


def _scenarios(module: Any) -> list[Any]:
    functions = (value for name, value in vars(module).items() if inspect.isfunction(value) and name[0] != "_")
    return [function for function in functions if function.__module__ == module.__name__]


def _report(name: str, scenario: Any, here: Any, loop: asyncio.AbstractEventLoop) -> None:
    began = time.perf_counter()
    try:
        outcome = scenario(here)
        if inspect.iscoroutine(outcome):
            loop.run_until_complete(asyncio.wait_for(outcome, 30))
        error = ""
    except Exception:
        error = traceback.format_exc()
    print(json.dumps({"name": name, "error": error, "seconds": round(time.perf_counter() - began, 3)}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
