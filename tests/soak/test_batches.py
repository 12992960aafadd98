from __future__ import annotations

import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.soak.batches import check, create, finished, lines, look, soak
from tests.soak.uploads import Server, free_port
from tests.stores import servers


@pytest.fixture(scope="module")
def database() -> Iterator[str]:
    with servers.postgresql() as url:
        yield servers.new_database(url)


def test_a_few_kills(tmp_path: Path) -> None:
    """The short form of `make soak`."""
    report = soak(tmp_path, kills=4, count=3000, seed=3)
    assert report.keys == 3000
    assert report.kills > 0


def test_another_server_takes_over(tmp_path: Path, database: str) -> None:
    """Two servers on one PostgreSQL and one folder; the one that leads is killed."""
    pair = []
    for _ in range(2):
        port = free_port()
        program = ("-m", "tests.soak.serving", str(port), str(tmp_path / "data"), "0.02", database)
        pair.append(Server(tmp_path / "data", port, program=program))
    leader, other = pair
    leader.start()
    other.start()
    try:
        name = create(other.url, b"".join(lines(4000)))
        while not int(look(other.url, name)["metadata"]["batchStats"]["successfulRequestCount"]):
            time.sleep(0.05)
        leader.kill()
        done = int(look(other.url, name)["metadata"]["batchStats"]["successfulRequestCount"])
        assert done < 4000
        assert check(other.url, finished(other.url, name, 60), 4000) == 4000
    finally:
        other.stop(signal.SIGTERM)
