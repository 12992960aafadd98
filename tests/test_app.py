"""The composition root, the process that serves, and how it stops."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Never

import pytest

from pollux import app as root
from pollux import backends, config
from pollux.core.admit import Caller
from pollux.engines.base import Engine
from pollux.engines.scripted import ScriptedEngine
from pollux.errors import ConfigurationError, InvalidArgument
from pollux.testing import running
from pollux.wire.content import FileData
from tests.api.http import HELLO, KEY, connect, read_reply, request_bytes, send

FLASH = "/v1beta/models/gemini-2.5-flash:generateContent"


def settings(folder: Path, flags: Mapping[str, object] | None = None, toml: str = "") -> config.Settings:
    (folder / "pollux.toml").write_text(toml)
    return config.load({"store.data_dir": str(folder / "data"), **(flags or {})}, {}, folder)


async def closed(app: root.App) -> None:
    await app.close()


class Broken(ScriptedEngine):
    def __init__(self) -> None:
        raise RuntimeError("no weights")


def entry_points(group: str) -> list[EntryPoint]:
    own = {"mine": "ScriptedEngine", "broken": "Broken", "absent": "Nothing"}
    return [EntryPoint(name, f"tests.test_app:{target}", group) for name, target in own.items()]


async def test_engines_come_from_entry_points(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(backends, "entry_points", entry_points)
    app = root.build(settings(tmp_path, toml='[routes]\n"gemini-2.5-*" = "mine"\n'))
    assert set(app.engines) == {"builtin", "mine"}
    assert isinstance(app.core.registry.resolve("gemini-2.5-flash").engine, ScriptedEngine)
    assert app.core.registry.resolve("gemini-2.0-flash").engine is app.engines["builtin"]
    await app.close()


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("none", "no engine 'none'"),
        ("broken", "'broken' cannot be made.*no weights"),
        ("absent", "'absent' cannot be made"),
        ("mine:none", "no model 'none'"),
    ],
)
def test_bad_routes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, target: str, message: str) -> None:
    monkeypatch.setattr(backends, "entry_points", entry_points)
    with pytest.raises(ConfigurationError, match=message):
        root.build(settings(tmp_path, toml=f'[routes]\n"gemini-*" = "{target}"\n'))


async def test_openai_servers_are_engines(tmp_path: Path) -> None:
    section = '[engine.openai.qwen]\naddress = ["http://a:1/v1", "http://b:1/v1"]\nmodel = "Qwen/Qwen3-VL-8B"\n'
    vectors = '[engine.openai.vectors]\naddress = "http://c:1/v1"\nmodel = "e5"\nembed_dims = 8\n'
    app = root.build(settings(tmp_path, toml=section + vectors + '[routes]\n"gemini-2.5-*" = "qwen"\n'))
    registry = app.core.registry
    flash, own = registry.resolve("gemini-2.5-flash"), registry.resolve("qwen")
    assert flash.engine is own.engine is app.engines["qwen"]
    assert flash.card.name == "Qwen/Qwen3-VL-8B"
    assert registry.resolve("vectors").card.abilities == {"embeddings"}
    assert registry.resolve("gemini-2.0-flash").engine is app.engines["builtin"]
    assert {"qwen", "vectors"} <= {served.name for served in registry.listed()}
    await app.close()


@pytest.mark.parametrize(("line", "message"), [("", "model is missing"), ('model = "m"\n', "address is missing")])
def test_openai_servers_that_lack_something(tmp_path: Path, line: str, message: str) -> None:
    address = "" if line else 'address = "http://a/v1"\n'
    with pytest.raises(ConfigurationError, match=rf'\[engine.openai."x"\] {message}'):
        root.build(settings(tmp_path, toml=f"[engine.openai.x]\n{address}{line}"))


def test_another_bind_without_keys_is_refused(tmp_path: Path) -> None:
    engines: dict[str, Engine] = {"scripted": ScriptedEngine()}
    with pytest.raises(ConfigurationError, match="pollux keys create"):
        root.build(settings(tmp_path, {"server.host": "0.0.0.0"}), engines)


async def test_settings_reach_their_places(tmp_path: Path) -> None:
    toml = """
        [server]
        allowed_hosts = ["Box.Example"]
        [limits]
        request_bytes = 5000
        images_per_request = 2
        [models."gemini-2.5-*"]
        input_token_limit = 10
        methods = ["generateContent"]
    """
    app = root.build(settings(tmp_path, toml=toml), {"scripted": ScriptedEngine()})
    served = app.core.registry.resolve("gemini-2.5-flash")
    assert (served.input_tokens, served.methods) == (10, ("generateContent",))
    assert app.core.most_images == 2
    await app.close()


async def test_each_engine_has_its_own_permits(tmp_path: Path) -> None:
    toml = """
        [limits]
        in_flight = 3
        [engine.openai.far]
        address = "http://127.0.0.1:1/v1"
        model = "m"
        in_flight = 40
        [engine.openai.farther]
        address = "http://127.0.0.1:1/v1"
        model = "m"
        [routes]
        "a" = {engine = "far", masks = "builtin"}
    """
    chosen = settings(tmp_path, toml=toml)
    app = root.build(chosen)
    far, farther, composed = (app.core.gates[name] for name in ("far", "farther", "far + masks=builtin"))
    assert composed is far  # one server, one line
    assert farther is not far
    assert "builtin" not in app.core.gates
    hall = root.make_hall(chosen, app.core, app.files.blobs)
    most = [hall.slots.most(name) for name in ("builtin", "far", "farther")]
    assert most == [max(2, config.usable_cpus()), 10, 250]
    assert (hall.core.batch, dict(hall.core.gates), hall.core.book) == (True, {}, app.core.book)
    fixed = config.load({"batch.lines": 7, "config": str(tmp_path / "pollux.toml")}, {}, tmp_path)
    slots = root.make_hall(fixed, app.core, app.files.blobs).slots
    assert [slots.most(name) for name in ("builtin", "far")] == [7, 7]
    await app.close()


async def test_slow_names_hold_up_no_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = threading.Event()

    def slow(*_: object, **__: object) -> Never:
        known.wait()
        raise socket.gaierror

    app = root.build(settings(tmp_path), {"scripted": ScriptedEngine()})
    monkeypatch.setattr(socket, "getaddrinfo", slow)
    part = FileData(file_uri="https://slow.example/a.png")
    asking = [asyncio.ensure_future(app.core.resolve(Caller(), part, "part")) for _ in range(40)]
    await asyncio.sleep(0)
    assert await app.files.page("default", 1, None) == []
    known.set()
    with pytest.raises(InvalidArgument, match="unknown"):
        await asking[-1]
    await asyncio.gather(*asking, return_exceptions=True)
    await app.close()


async def test_a_test_server_inside_a_running_loop() -> None:
    with running(ScriptedEngine()) as server:
        reply = await asyncio.to_thread(send, server.url, "POST", FLASH, HELLO)
        assert reply.status == 200


def test_the_official_client_talks_to_a_test_server() -> None:
    with running(ScriptedEngine()) as server, server.client() as client:
        answer = client.models.generate_content(model="gemini-2.5-flash", contents="echo me")
        assert answer.text == "echo me"


SLOW_ENGINE = """
import asyncio, sys
from pollux import app, config
from pollux.engines.base import Text
from pollux.engines.scripted import ScriptedEngine, Wait
from pollux.server import run
from pathlib import Path

engine = ScriptedEngine(lambda prompt: [Text("begun "), Wait(1.0), Text("and finished")])
folder = Path(sys.argv[1])
(folder / "pollux.toml").touch()
flags = {"server.port": 0, "store.data_dir": str(folder), "server.shutdown_seconds": float(sys.argv[2])}
settings = config.load(flags, {}, folder)
sys.exit(run(app.build(settings, {"scripted": engine})))
"""


@contextmanager
def started(*command: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A server process and its address, once it has printed one."""
    environ = {k: v for k, v in os.environ.items() if not k.startswith(("POLLUX_", "GOOGLE_", "GEMINI_"))}
    process = subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=folder, env=environ
    )
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.search(r"http://127\.0\.0\.1:\d+", line)
        assert found, line + (process.stderr.read() if process.stderr else "")
        yield process, found[0]
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_finishes_what_is_in_flight(tmp_path: Path, number: signal.Signals) -> None:
    with started("-c", SLOW_ENGINE, str(tmp_path), "10", folder=tmp_path) as (process, url):
        with connect(url) as sock:
            sock.sendall(request_bytes("POST", FLASH, HELLO, KEY))
            time.sleep(0.3)
            process.send_signal(number)
            reply = read_reply(sock)
        assert reply.json["candidates"][0]["content"]["parts"][0]["text"] == "begun and finished"
        assert process.wait(10) == 0
        assert process.stderr is not None
        assert "Traceback" not in process.stderr.read()


def test_a_stop_does_not_wait_for_ever(tmp_path: Path) -> None:
    slow = SLOW_ENGINE.replace("Wait(1.0)", "Wait(60)")
    with started("-c", slow, str(tmp_path), "1", folder=tmp_path) as (process, url), connect(url) as sock:
        sock.sendall(request_bytes("POST", FLASH, HELLO, KEY))
        time.sleep(0.3)
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


def test_idle_connections_do_not_hold_a_stop_up(tmp_path: Path) -> None:
    with started("-c", SLOW_ENGINE, str(tmp_path), "20", folder=tmp_path) as (process, url), connect(url) as sock:
        sock.sendall(request_bytes("GET", "/v1/models", None, KEY))
        assert read_reply(sock).status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(5) == 0


def test_serve_prints_its_address_and_a_taken_port_is_one_line(tmp_path: Path) -> None:
    flags = ("-m", "pollux", "serve", "--port", "0", "--data-dir", str(tmp_path / "data"))
    with started(*flags, folder=tmp_path) as (process, url):
        assert send(url, "POST", FLASH, HELLO).status == 200
        port = url.rpartition(":")[2]
        second = subprocess.run(
            [sys.executable, "-m", "pollux", "serve", "--port", port, "--data-dir", str(tmp_path / "other")],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            timeout=60,
        )
        assert second.returncode == 1
        assert len(second.stderr.strip().splitlines()) == 1
        assert port in second.stderr
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_answers_while_many_connect(tmp_path: Path) -> None:
    with running(ScriptedEngine(), {"limits.in_flight": 2, "limits.queue": 1000}) as server:
        statuses: list[int] = []
        threads = [
            threading.Thread(target=lambda: statuses.append(send(server.url, "POST", FLASH, HELLO).status))
            for _ in range(60)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
        assert statuses == [200] * 60


def test_half_open_connections_hurt_nobody() -> None:
    with running(ScriptedEngine()) as server:
        idle: list[socket.socket] = [connect(server.url) for _ in range(50)]
        for sock in idle:
            sock.sendall(b"POST /v1/mod")
        assert send(server.url, "POST", FLASH, HELLO).status == 200
        for sock in idle:
            sock.close()
