"""[server] drain_seconds: after SIGTERM a server says that it leaves, and still answers; then it ends."""

from __future__ import annotations

import signal
import time
from pathlib import Path

from tests.api.http import HELLO, KEY, connect, read_reply, request_bytes, send
from tests.test_app import FLASH, started

SERVER = """
import sys
from pathlib import Path
from pollux import app, config
from pollux.engines.scripted import ScriptedEngine
from pollux.server import run

folder = Path(sys.argv[1])
(folder / "pollux.toml").touch()
flags = {"server.port": 0, "store.data_dir": str(folder), "server.drain_seconds": 5.0}
sys.exit(run(app.build(config.load(flags, {}, folder), {"scripted": ScriptedEngine()})))
"""


def test_a_leaving_server_answers_and_closes_connections(tmp_path: Path) -> None:
    with started("-c", SERVER, str(tmp_path), folder=tmp_path) as (process, url), connect(url) as kept:
        kept.sendall(request_bytes("POST", FLASH, HELLO, KEY))
        assert "connection" not in read_reply(kept).headers
        assert send(url, "GET", "/readyz").status == 200
        process.send_signal(signal.SIGTERM)
        began = time.monotonic()
        while send(url, "GET", "/readyz").status == 200:
            assert time.monotonic() < began + 10
        assert send(url, "GET", "/healthz").status == 200
        kept.sendall(request_bytes("POST", FLASH, HELLO, KEY))
        reply = read_reply(kept)
        assert (reply.status, reply.headers["connection"]) == (200, "close")
        assert process.wait(20) == 0
        assert time.monotonic() >= began + 4.9


def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    slow = SERVER.replace("5.0", "600.0")
    for second in (signal.SIGTERM, signal.SIGINT):
        with started("-c", slow, str(tmp_path), folder=tmp_path) as (process, url):
            process.send_signal(signal.SIGTERM)
            while send(url, "GET", "/readyz").status == 200:
                time.sleep(0.02)
            process.send_signal(second)
            assert process.wait(20) == 0


def test_control_c_never_drains(tmp_path: Path) -> None:
    with started("-c", SERVER.replace("5.0", "600.0"), str(tmp_path), folder=tmp_path) as (process, _):
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
