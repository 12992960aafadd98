"""One server for the tests of the door, and what it answers by script."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pytest

from pollux.engines.base import Prompt, Text
from pollux.engines.scripted import ScriptedEngine, Step, Wait
from pollux.errors import Internal, ResourceExhausted, Unavailable
from pollux.testing import RunningServer, running
from pollux.wire.content import Part

LINE_ENDS = "a\u2028b\u2029c\x85d"


def script(prompt: Prompt) -> Iterable[Step]:
    """What the last text asks for."""
    last = prompt.turns[-1].pieces[-1]
    said = last.text if isinstance(last, Part) else ""
    if said == "slow":
        yield Text("at once ")
        yield Wait(30)
    elif said == "fail at once":
        yield Unavailable("Not now.")
    elif said == "crash at once":
        yield RuntimeError("secret /etc/path")
    elif said == "fail later":
        yield Text("one two three ")
        yield ResourceExhausted("Too much.", retry_after=3)
    elif said == "crash later":
        yield Text("one two three ")
        yield RuntimeError("secret /etc/path")
    elif said == "broken inside":
        failure = Internal()
        failure.__cause__ = ZeroDivisionError("the cause")
        yield Text("one two three " if prompt.config.seed else "")
        yield failure
    elif said == "line ends":
        yield Text(LINE_ENDS)
    else:
        yield Text(f"You said {said} ")
        yield Text("and that is all")


@pytest.fixture(scope="module")
def engine() -> ScriptedEngine:
    return ScriptedEngine(script)


@pytest.fixture(scope="module")
def server(engine: ScriptedEngine) -> Iterator[RunningServer]:
    with running(engine, {"limits.request_bytes": 100_000}) as server:
        yield server


@pytest.fixture(scope="module")
def url(server: RunningServer) -> str:
    return server.url
