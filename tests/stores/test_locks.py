from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from pollux.stores.records import Records
from tests.stores import servers

HOLD = """
import sys
from pollux.stores.records import Records
assert Records.open(sys.argv[1]).lock("batch").take()
print("taken", flush=True)
sys.stdin.read()
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def shared_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database that several processes can open."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/pollux.db"
    return servers.new_database(request.getfixturevalue("postgresql_server"))


def test_one_has_it(shared_url: str) -> None:
    first, second = Records.open(shared_url), Records.open(shared_url)
    try:
        one, two, other = first.lock("batch"), second.lock("batch"), second.lock("other")
        assert not one.held()
        assert one.take()
        assert one.take()  # again
        assert one.held()
        assert not two.take()
        assert not two.held()
        assert other.take()  # names are locks of their own
        other.release()
        one.release()
        assert not one.held()
        assert two.take()
        assert not one.take()
        two.release()
        two.release()
        assert one.take()
        one.release()
    finally:
        first.close()
        second.close()


def test_a_killed_process_has_nothing(shared_url: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", HOLD, shared_url], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "taken\n"
        records = Records.open(shared_url)
        try:
            lock = records.lock("batch")
            assert not lock.take()
            holder.kill()
            holder.wait()
            while not lock.take():  # a database takes a moment to notice; pytest's own limit ends this
                pass
            lock.release()
        finally:
            records.close()


def test_a_lost_connection_is_a_lost_lock(postgresql_server: str) -> None:
    url = servers.new_database(postgresql_server)
    first, second = Records.open(url), Records.open(url)
    try:
        one, two = first.lock("batch"), second.lock("batch")
        assert one.take()
        here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        holders = f"SELECT pg_terminate_backend(pid, 5000) FROM pg_locks WHERE locktype = 'advisory' AND {here}"
        assert servers.run(url, holders) == [(True,)]
        assert not one.held()
        assert two.take()
        assert not one.take()
        two.release()
        assert one.take()
        one.release()
    finally:
        first.close()
        second.close()


def test_a_database_in_memory_has_one_process() -> None:
    records = Records.open("sqlite://")
    lock = records.lock("batch")
    assert lock.take()
    assert lock.held()
    lock.release()
    records.close()
