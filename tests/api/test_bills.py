"""What an answer cost and who gave it, in its headers; circles, which come to an end."""

from __future__ import annotations

import json
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from pollux.engines.base import Stop, Text, Usage
from pollux.engines.scripted import ScriptedEngine
from pollux.errors import ConfigurationError
from pollux.testing import RunningServer, running
from tests.api.http import FLASH, HELLO, KEY, send

PRICES = '[models."gemini-*"]\ninput_price = 1000\noutput_price = 2000\n'


def configured(folder: Path, text: str) -> dict[str, object]:
    (folder / "pollux.toml").write_text(text, "utf-8")
    return {"config": str(folder / "pollux.toml"), "store.data_dir": str(folder / "data")}


@pytest.fixture
def priced(tmp_path: Path) -> Iterator[RunningServer]:
    with running(
        ScriptedEngine(lambda _: [Text("two words"), Usage(7, 3), Stop()]), configured(tmp_path, PRICES)
    ) as it:
        yield it


def test_the_cost_of_an_answer(priced: RunningServer) -> None:
    whole = send(priced.url, "POST", f"{FLASH}:generateContent", HELLO, KEY)
    assert float(whole.headers["x-pollux-cost"]) == pytest.approx(0.013)
    assert "x-pollux-fallback" not in whole.headers
    streamed = send(priced.url, "POST", f"{FLASH}:streamGenerateContent", HELLO, KEY)
    assert "x-pollux-cost" not in streamed.headers  # its head goes out before anybody knows
    free = send(priced.url, "POST", "/v1beta/models/gemma-3-4b-it:generateContent", HELLO, KEY)
    assert (free.status, "x-pollux-cost" in free.headers) == (200, False)
    refused = send(priced.url, "POST", f"{FLASH}:generateContent", b'{"contents":[]}', KEY)
    assert (refused.status, "x-pollux-cost" in refused.headers) == (400, False)


def test_the_sums_are_there_after_a_stop(tmp_path: Path) -> None:
    engine = ScriptedEngine(lambda _: [Text("two words"), Usage(7, 3), Stop()])
    with running(engine, configured(tmp_path, PRICES)) as server:
        for _ in range(3):
            send(server.url, "POST", f"{FLASH}:generateContent", HELLO, KEY)
    with closing(sqlite3.connect(tmp_path / "data" / "pollux.db")) as database:
        rows = database.execute("select project, model, requests, input_tokens, cost from usage").fetchall()
    assert [row[:4] for row in rows] == [("default", "gemini-2.5-flash", 3, 21)]
    assert rows[0][4] == pytest.approx(0.039)


def test_batch_lines_cost_half(tmp_path: Path) -> None:
    engine = ScriptedEngine(lambda _: [Text("two words"), Usage(7, 3), Stop()])
    requests = [{"request": json.loads(HELLO)}] * 4
    job = {"batch": {"displayName": "j", "inputConfig": {"requests": {"requests": requests}}}}
    with running(engine, configured(tmp_path, PRICES)) as server:
        made = send(server.url, "POST", f"{FLASH}:batchGenerateContent", json.dumps(job).encode(), KEY)
        until = time.monotonic() + 30
        while not send(server.url, "GET", f"/v1beta/{made.json['name']}", headers=KEY).json.get("done"):
            assert time.monotonic() < until
            time.sleep(0.05)
    with closing(sqlite3.connect(tmp_path / "data" / "pollux.db")) as database:
        ((requests_, cost),) = database.execute("select requests, cost from usage").fetchall()
    assert (requests_, cost) == (4, pytest.approx(4 * 0.013 / 2))


def test_another_engine_answers_and_says_so(tmp_path: Path) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    flags = configured(
        tmp_path,
        f'[engine.openai.away]\naddress = "http://127.0.0.1:{port}/v1"\nmodel = "secret-name"\nretries = 0\n'
        '[routes]\n"gemini-*" = {engine = "away", fallbacks = ["builtin"]}\n',
    )
    with running(flags=flags) as server:
        for verb in ("generateContent", "streamGenerateContent", "streamGenerateContent?alt=sse"):
            reply = send(server.url, "POST", f"{FLASH}:{verb}", HELLO, KEY)
            assert (reply.status, reply.headers["x-pollux-fallback"]) == (200, "1")
            assert "secret-name" not in str(reply.headers) + reply.body.decode()


def test_a_circle_ends_with_an_error_that_names_it(priced: RunningServer) -> None:
    reply = send(priced.url, "POST", f"{FLASH}:generateContent", HELLO, {**KEY, "x-pollux-hop": "4"})
    assert (reply.status, reply.error["status"]) == (400, "FAILED_PRECONDITION")
    assert "x-pollux-hop" in reply.error["message"]
    assert send(priced.url, "POST", f"{FLASH}:generateContent", HELLO, {**KEY, "x-pollux-hop": "3"}).status == 200


def test_a_circle_through_google_s_address(tmp_path: Path) -> None:
    """Two servers, each other's Google, as no start can see: the request goes round a few times, and is refused."""
    with running(ScriptedEngine(), {"limits.in_flight": 8}) as first:
        flags = configured(tmp_path, f'[engine.google]\nkey = "k"\naddress = "{first.url}"\n[routes]\n"*" = "google"\n')
        with running(flags=flags) as second:
            first.app.core.registry = second.app.core.registry  # now the first asks itself by way of Google's engine
            reply = send(first.url, "POST", f"{FLASH}:generateContent", HELLO, KEY)
    assert reply.status == 400
    assert "x-pollux-hop" in json.loads(reply.body)["error"]["message"]


@pytest.mark.parametrize(
    "text",
    [
        '[engine.google]\nkey = "k"\naddress = "http://localhost:{port}"\n[routes]\n"*" = "google"\n',
        '[engine.openai.x]\naddress = "http://127.0.0.1:{port}/v1"\nmodel = "m"\n',
        '[engine.openai.x]\naddress = ["http://h:1/v1", "http://[::1]:{port}/v1"]\nmodel = "m"\n',
        '[server]\npublic_url = "https://pollux.example/api"\n[engine.openai.x]\n'
        'address = "https://pollux.example/v1"\nmodel = "m"\n',
    ],
)
def test_this_servers_own_address_is_refused_at_the_start(tmp_path: Path, text: str) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    flags = configured(tmp_path, text.replace("{port}", str(port)))
    with pytest.raises(ConfigurationError, match="is this very server"), running(flags=flags | {"server.port": port}):
        pass
