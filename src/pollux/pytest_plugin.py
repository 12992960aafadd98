"""A plugin of pytest: the fixture `pollux`, a server on a free port that answers as the test says.

    def test_mine(pollux):
        pollux.say("a cat")
        answer = pollux.client().models.generate_content(model="gemini-2.5-flash", contents="What is it?")
        assert answer.text == "a cat"
        assert pollux.prompts[0].turns[0].pieces[0].text == "What is it?"

The mark `pollux` chooses who answers instead of a script; --pollux-record asks engines anew.  Nothing of the server is
imported before a test uses the fixture.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from google import genai

    from pollux.engines.base import EmbedInput, Engine, Event, Prompt
    from pollux.engines.scripted import Script, ScriptedEngine, Step, Wait
    from pollux.testing import Overheard, RunningServer

MARK = "pollux"
_HELP = (
    'pollux(engine="scripted", recordings=None, **flags): who answers the fixture `pollux`: "scripted", "builtin", or '
    "an engine of the configuration; `recordings`: a folder beside the test, whose recordings answer for that engine; "
    'flags are settings by dotted name, with "__" for the dot'
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """--pollux-record."""
    group = parser.getgroup("pollux")
    group.addoption(
        "--pollux-record",
        action="store_true",
        help="tests marked with recordings ask their engine, and keep what it answers",
    )


def pytest_configure(config: pytest.Config) -> None:
    """The mark is known, under --strict-markers too."""
    config.addinivalue_line("markers", _HELP)


class Pollux:
    """What a test holds: a server at `url`, started with --faults, and what it is to say."""

    def __init__(self, server: RunningServer, engine: ScriptedEngine | Overheard, answers: Answers) -> None:
        self._server, self._engine, self._answers = server, engine, answers

    @property
    def url(self) -> str:
        """Where it answers: "http://127.0.0.1:PORT"."""
        return self._server.url

    @property
    def key(self) -> str:
        """An API key that it takes, as it takes any."""
        return self._server.key

    @property
    def prompts(self) -> list[Prompt]:
        """What the engine was asked, in order."""
        return self._engine.prompts

    @property
    def embedded(self) -> list[EmbedInput]:
        """The texts that were embedded; of a scripted engine only."""
        return self._scripted("embedded").embedded

    def client(self, **options: Any) -> genai.Client:
        """The official Python client (package google-genai) pointed here; `options` are its HttpOptions."""
        return self._server.client(**options)

    def say(self, *pieces: str | Event | Wait | Exception) -> None:
        """The next answer: pieces of text, events, pauses, or an error to end with.

        Several answers are given in the order they were said; the last stays for all that follow.
        """
        self._scripted("say")
        self._answers.add(pieces)

    def script(self, script: Script) -> None:
        """From now on answers are what `script` makes of each prompt."""
        self._scripted("script").script = script

    def _scripted(self, what: str) -> ScriptedEngine:
        from pollux.engines.scripted import ScriptedEngine  # noqa: PLC0415 - as late as all of it

        if not isinstance(self._engine, ScriptedEngine):
            raise TypeError(f"pollux.{what} is for scripted answers; this test is marked to be answered by others.")
        return self._engine


class Answers:
    """What was said and not yet given; the last is given again and again."""

    def __init__(self) -> None:
        self._waiting: deque[tuple[Step, ...]] = deque()

    def add(self, pieces: tuple[str | Step, ...]) -> None:
        """One more answer."""
        from pollux.engines.base import Text  # noqa: PLC0415 - as late as all of it

        self._waiting.append(tuple(Text(piece) if isinstance(piece, str) else piece for piece in pieces))

    def script(self, prompt: Prompt) -> Any:
        """The next answer; before anything was said, the text of the last turn back."""
        from pollux.engines.scripted import echo  # noqa: PLC0415 - as late as all of it

        if not self._waiting:
            return echo(prompt)
        return self._waiting.popleft() if len(self._waiting) > 1 else self._waiting[0]


@pytest.fixture
def pollux(request: pytest.FixtureRequest) -> Iterator[Pollux]:
    """A server of this API on a free port, with an empty data folder; see the mark `pollux`."""
    mark = request.node.get_closest_marker(MARK)
    options: dict[str, Any] = dict(mark.kwargs) if mark is not None else {}
    name, folder = options.pop("engine", "scripted"), options.pop("recordings", None)
    flags = {name.replace("__", "."): value for name, value in options.items()}
    place = request.path.parent / folder if folder is not None else None
    with _serving(name, place, flags, record=request.config.getoption("--pollux-record")) as server:
        yield server


@contextmanager
def _serving(name: str, recordings: Path | None, flags: dict[str, Any], *, record: bool) -> Iterator[Pollux]:
    from pollux.config.fields import fields  # noqa: PLC0415 - the server's libraries take a while to load
    from pollux.engines.scripted import ScriptedEngine  # noqa: PLC0415
    from pollux.errors import ConfigurationError  # noqa: PLC0415
    from pollux.testing import Overheard, running  # noqa: PLC0415

    if unknown := [flag for flag in flags if flag not in fields()]:
        pytest.fail(f"mark pollux: there is no setting {', '.join(unknown)}; see docs/configuration.md", pytrace=False)
    answers = Answers()
    engine: ScriptedEngine | Overheard
    if name == "scripted" and recordings is None:
        engine = ScriptedEngine(answers.script)
    else:
        try:
            engine = Overheard(_engine(name, recordings, record=record))
        except ConfigurationError as error:
            pytest.fail(f"{error.message} (pytest --pollux-record makes recordings)", pytrace=False)
    with running(engine, flags, faults=True) as server:
        yield Pollux(server, engine, answers)


def _engine(name: str, recordings: Path | None, *, record: bool) -> Engine:
    """The engine of that name, recorded or live.  Raises ConfigurationError."""
    from pollux.engines.replay import Recorder, Replayer, Tape  # noqa: PLC0415 - as late as all of it
    from pollux.errors import ConfigurationError  # noqa: PLC0415

    if recordings is None:
        return _live(name)
    tape = Tape(recordings)
    if record:
        if name == "scripted":
            raise ConfigurationError('mark the test with the engine to record: pollux(engine="google", ...).')
        return Recorder(_live(name), tape, name)
    cards = tape.cards()
    if name == "scripted" and len(cards) == 1:
        (name,) = cards
    if name not in cards:
        raise ConfigurationError(
            f"{recordings} holds no recordings of the engine {name!r}, only of {', '.join(cards)}."
        )
    return Replayer(tape, cards[name])


def _live(name: str) -> Engine:
    """Raises ConfigurationError."""
    from pollux import config  # noqa: PLC0415 - as late as all of it
    from pollux.backends import make_engines  # noqa: PLC0415

    settings = config.load({"model": [f"*={name}"]}, os.environ, Path.cwd())
    return make_engines(settings)[name]
