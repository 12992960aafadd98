"""Runs scenarios and prints one line of JSON for each: python -m tests.sdk.scenarios.runner SAMPLES GROUP=KEY@URL ...

POLLUX_ONLY is a regular expression: only scenarios whose names begin with it are run.  A group is a folder beside this
file; a scenario is a public function of one of its modules.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import os
import re
import sys
import time
import traceback
from pathlib import Path
from typing import Any

from tests.sdk.scenarios.words import NotApplicable


def main(samples: str, *groups: str) -> None:
    """Every scenario of every group, in order."""
    loop = asyncio.new_event_loop()
    only = re.compile(os.environ.get("POLLUX_ONLY", ""))
    for group in groups:
        name, _, server = group.partition("=")
        key, _, url = server.partition("@")
        here = importlib.import_module(f"{__package__}.{name}").Here(url, key, Path(samples))
        for file in sorted((Path(__file__).parent / name).glob("[a-z]*.py")):
            module = importlib.import_module(f"{__package__}.{name}.{file.stem}")
            for scenario in _scenarios(module):
                if only.match(title := f"{name}/{file.stem}.{scenario.__name__}"):
                    _report(title, scenario, here, loop)


def _scenarios(module: Any) -> list[Any]:
    functions = (value for name, value in vars(module).items() if inspect.isfunction(value) and name[0] != "_")
    return [function for function in functions if function.__module__ == module.__name__]


def _report(name: str, scenario: Any, here: Any, loop: asyncio.AbstractEventLoop) -> None:
    began = time.perf_counter()
    skipped = ""
    try:
        outcome = scenario(here)
        if inspect.iscoroutine(outcome):
            loop.run_until_complete(asyncio.wait_for(outcome, 30))
        error = ""
    except NotApplicable as why:
        error, skipped = "", str(why)
    except Exception:
        error = traceback.format_exc()
    seconds = round(time.perf_counter() - began, 3)
    print(json.dumps({"name": name, "error": error, "skipped": skipped, "seconds": seconds}), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
