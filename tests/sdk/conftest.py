from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from importlib import resources
from pathlib import Path

import pytest

from pollux.testing import RunningServer, ScriptedEngine, running
from tests.sdk.actors import Troupe
from tests.sdk.behind import CHOSEN, LIBRARIES, Overseen, engines
from tests.sdk.judges import SECONDS, Judge, javascript_judge, python_judge
from tests.sdk.scenarios.words import NotApplicable

OF_WORDS, OF_PICTURES = ["test_rest.py", "test_capture.py"], ["test_rest_pictures.py"]
OF_OURS = ["test_leaving.py", "test_hostile_pictures.py", "test_behind.py"]
collect_ignore = [*OF_OURS, *(OF_WORDS if CHOSEN == "diffusers" else OF_PICTURES)] if CHOSEN else []
"""Files that ask for what those who are behind are not: scripted delays, the built-in painter, pictures, words."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.sdk)
            item.add_marker(pytest.mark.timeout(SECONDS + 20))  # the first of a client waits for all of them
            for kind in LIBRARIES if CHOSEN else ():
                item.add_marker(pytest.mark.filterwarnings(kind))


Made = Callable[[], "ScriptedEngine | Overseen"]


@pytest.hookimpl(wrapper=True)
def pytest_pyfunc_call() -> Generator[None, object, object]:
    try:
        return (yield)
    except NotApplicable as why:
        pytest.skip(str(why))


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Makes whoever answers: the troupe, or what POLLUX_BEHIND names."""
    if not CHOSEN:
        yield lambda: ScriptedEngine(Troupe())
        return
    with engines(CHOSEN, tmp_path_factory.mktemp("behind")) as make:
        yield make


@pytest.fixture(scope="session")
def engine(made: Made) -> ScriptedEngine | Overseen:
    return made()


@pytest.fixture(scope="session")
def scripted(engine: ScriptedEngine | Overseen) -> Iterator[RunningServer]:
    with running(engine) as server:
        yield server


@pytest.fixture(scope="session")
def studio(made: Made) -> Iterator[RunningServer]:
    """Scripted pictures, exactly as they were painted: nothing is woven into their pixels."""
    with running(made(), {"provenance.watermark": False, "provenance.manifest": False}) as server:
        yield server


@pytest.fixture(scope="session")
def seeing(made: Made) -> Iterator[RunningServer]:
    """The built-in engine, as it is."""
    with running(made() if CHOSEN else None) as server:
        yield server


@pytest.fixture(scope="session")
def locked(made: Made) -> Iterator[RunningServer]:
    """A server with one key, which is `key`."""
    with running(made()) as server:
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
            started[name] = javascript_judge(samples, servers, CHOSEN).start()
        else:
            started[name] = python_judge(name, samples, servers, CHOSEN).start()
    yield started
    for judge in started.values():
        judge.wait()
