from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from pollux.testing import RunningServer, ScriptedEngine, running
from tests.sdk.actors import Troupe
from tests.sdk.judges import SECONDS, Judge, javascript_judge, python_judge


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.sdk)
            item.add_marker(pytest.mark.timeout(SECONDS + 20))  # the first of a client waits for all of them


@pytest.fixture(scope="session")
def engine() -> ScriptedEngine:
    return ScriptedEngine(Troupe())


@pytest.fixture(scope="session")
def scripted(engine: ScriptedEngine) -> Iterator[RunningServer]:
    with running(engine) as server:
        yield server


@pytest.fixture(scope="session")
def studio() -> Iterator[RunningServer]:
    """Scripted pictures, exactly as they were painted: nothing is woven into their pixels."""
    with running(ScriptedEngine(Troupe()), {"provenance.watermark": False, "provenance.manifest": False}) as server:
        yield server


@pytest.fixture(scope="session")
def seeing() -> Iterator[RunningServer]:
    """The built-in engine, as it is."""
    with running() as server:
        yield server


@pytest.fixture(scope="session")
def locked() -> Iterator[RunningServer]:
    """A server with one key, which is `key`."""
    with running(ScriptedEngine()) as server:
        _, secret = server.app.keys.create("judge")
        yield replace(server, key=secret)


@pytest.fixture(scope="session")
def judges(
    request: pytest.FixtureRequest,
    scripted: RunningServer,
    studio: RunningServer,
    seeing: RunningServer,
    locked: RunningServer,
) -> Iterator[dict[str, Judge]]:
    """The clients that the chosen tests need, all started at once."""
    calls = [item.callspec for item in request.session.items if hasattr(item, "callspec")]
    wanted = {call.params["judge"] for call in calls if "judge" in call.params}
    samples = Path(str(resources.files("pollux.samples")))
    servers = {"wire": scripted, "studio": studio, "sight": seeing, "locked": locked, "legacy": scripted}
    started: dict[str, Judge] = {}
    for name in sorted(wanted):
        if name == "js":
            started[name] = javascript_judge(samples, servers).start()
        else:
            started[name] = python_judge(name, samples, servers).start()
    yield started
    for judge in started.values():
        judge.wait()
