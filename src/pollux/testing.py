"""For tests, ours and yours: a running server on a real port, the official client, a scripted engine.

from pollux.engines.base import Text
from pollux.testing import ScriptedEngine, running

def test_mine():
    with running(ScriptedEngine(lambda prompt: [Text("a cat")])) as server:
        answer = server.client().models.generate_content(model="gemini-2.5-flash", contents="What is it?")
        assert answer.text == "a cat"
"""

from __future__ import annotations

import asyncio
import socket
import tempfile
import threading
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import uvicorn

from pollux import app as root
from pollux import config
from pollux.engines.base import EmbedInput, Engine, Event, ModelCard, Prompt
from pollux.engines.relay import Relay
from pollux.engines.scripted import ScriptedEngine, Wait, echo
from pollux.server import KEEP_ALIVE_SECONDS, Connection, address, listen

if TYPE_CHECKING:
    from google import genai

    from pollux.wire.generate import CountTokensResponse

__all__ = ["Overheard", "RunningServer", "ScriptedEngine", "Wait", "echo", "running"]


@dataclass(frozen=True)
class RunningServer:
    """A server that answers at `url`; `app` is everything it holds."""

    url: str
    app: root.App
    key: str = "test-key"

    def client(self, **options: Any) -> genai.Client:
        """The official Python client (package google-genai) pointed here; `options` are its HttpOptions."""
        from google import genai  # noqa: PLC0415 - only tests that use the client need it
        from google.genai import types  # noqa: PLC0415

        return genai.Client(api_key=self.key, http_options=types.HttpOptions(base_url=self.url, **options))


class Overheard:
    """`engine`, whose prompts are kept in `prompts`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.prompts: list[Prompt] = []

    def cards(self) -> Sequence[ModelCard]:
        """The engine's."""
        return self._engine.cards()

    def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """The engine's."""
        self.prompts.append(prompt)
        return self._engine.stream(prompt)

    def count_text(self, text: str) -> int | None:
        """The engine's."""
        return self._engine.count_text(text)

    async def count(self, prompt: Prompt) -> CountTokensResponse:
        """That of an engine which is a relay."""
        return await cast(Relay, self._engine).count(prompt)

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        """The engine's."""
        return await self._engine.embed(model, inputs, dims)

    async def close(self) -> None:
        """The engine's."""
        await self._engine.close()


@contextmanager
def running(
    engine: Engine | None = None,
    flags: Mapping[str, object] | None = None,
    environ: Mapping[str, str] | None = None,
    *,
    faults: bool = False,
) -> Iterator[RunningServer]:
    """Runs a server in a thread, on a free port, with a data folder of its own.

    `engine` answers for every model (None: the built-in engine).  `flags` are settings by dotted name
    ("limits.in_flight").  `faults`: it fails when a request asks it to, as under `pollux serve --faults`.
    """
    with tempfile.TemporaryDirectory(prefix="pollux-test-") as folder:
        (Path(folder) / "pollux.toml").touch()  # found first, so that no configuration of this machine's user counts
        data = str(Path(folder) / "data")
        defaults = {"server.port": 0, "store.data_dir": data, "batch.pending_seconds": 0}
        settings = config.load({**defaults, **(flags or {})}, dict(environ or {}), Path(folder))
        app = root.build(settings, None if engine is None else {"scripted": engine}, faults=faults)
        listener = listen(settings.server.host, settings.server.port)
        server = _Server(app)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield RunningServer(address(listener), app)
        finally:
            server.should_exit = True
            thread.join(20)
            if not server.closed:  # it never got as far; the test may have a loop of its own
                closing = threading.Thread(target=asyncio.run, args=(app.close(),))
                closing.start()
                closing.join()


class _Server(uvicorn.Server):
    """uvicorn, which closes the app where its connections live: in its own loop."""

    closed = False

    def __init__(self, app: root.App) -> None:
        self._app = app
        super().__init__(
            uvicorn.Config(
                app.door,
                http=Connection,
                ws="none",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,  # X-Forwarded-* is for our own guard to believe
                timeout_keep_alive=KEEP_ALIVE_SECONDS,
                timeout_graceful_shutdown=5,
            )
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Finishes what is in flight, then closes engines and stores."""
        await super().shutdown(sockets)
        await self._app.close()
        self.closed = True
