from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pollux.errors import ConfigurationError, PolluxError, Unavailable
from pollux.stores import database as module
from pollux.stores.migrations import STEPS
from pollux.stores.records import Key, Records
from tests.stores import servers

NOW = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)


def key(number: int, *, rpm: int | None = None) -> Key:
    return Key(f"id{number}", f"name{number}", "default", f"{number:064x}", "plx_abcd", rpm, None, NOW)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "deep" / "pollux.db"


def test_a_key_comes_back_as_it_went(records: Records) -> None:
    records.add_key(key(1, rpm=5))
    records.add_key(key(2))
    assert records.find_key(key(1).hash) == key(1, rpm=5)
    assert records.find_key("0" * 64) is None
    assert records.list_keys() == [key(1, rpm=5), key(2)]
    assert records.count_keys() == 2


def test_revoking_marks_once_and_keeps_the_row(records: Records) -> None:
    records.add_key(key(1))
    assert records.revoke_key("id1", NOW)
    assert not records.revoke_key("id1", NOW)
    assert not records.revoke_key("id9", NOW)
    found = records.find_key(key(1).hash)
    assert found is not None
    assert found.revoked_at == NOW
    assert records.count_keys() == 1


def test_every_change_and_only_a_change_moves_the_revision(records: Records) -> None:
    seen = [records.keys_revision()]
    records.add_key(key(1))
    seen.append(records.keys_revision())
    records.list_keys()
    assert records.keys_revision() == seen[-1]
    records.revoke_key("id1", NOW)
    seen.append(records.keys_revision())
    records.revoke_key("id1", NOW)
    assert records.keys_revision() == seen[-1]
    assert seen == sorted(set(seen))


def test_a_refused_row_changes_nothing(records: Records) -> None:
    records.add_key(key(1))
    before = records.keys_revision()
    with pytest.raises(Unavailable, match=r"(?i)unique"):
        records.add_key(key(1))
    assert (records.count_keys(), records.keys_revision()) == (1, before)


def test_folder_and_files_belong_to_their_owner_alone(path: Path) -> None:
    records = Records.open(f"sqlite:///{path}")
    records.add_key(key(1))
    modes = {entry.name: stat.S_IMODE(entry.stat().st_mode) for entry in path.parent.iterdir()}
    assert modes == {"pollux.db": 0o600, "pollux.db-wal": 0o600, "pollux.db-shm": 0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    records.close()


def test_what_was_written_is_there_after_opening_again(path: Path) -> None:
    for number in (1, 2):
        records = Records.open(f"sqlite:///{path}")
        records.add_key(key(number))
        records.close()
    with sqlite3.connect(path) as raw:
        assert raw.execute("SELECT number FROM migrations").fetchall() == [(n + 1,) for n in range(len(STEPS))]
        assert raw.execute("SELECT name FROM keys ORDER BY id").fetchall() == [("name1",), ("name2",)]
    raw.close()


def test_processes_that_start_at_once_share_one_database(database_url: str) -> None:
    if database_url == "sqlite://":
        pytest.skip("memory belongs to one process")
    program = (
        "import sys; from pollux.stores.records import Records; from tests.stores.test_records import key\n"
        "records = Records.open(sys.argv[1]); records.add_key(key(int(sys.argv[2]))); records.close()"
    )
    root = Path(__file__).parents[2]
    started = [subprocess.Popen([sys.executable, "-c", program, database_url, str(n)], cwd=root) for n in range(4)]
    assert [process.wait(60) for process in started] == [0] * 4
    records = Records.open(database_url)
    assert sorted(found.id for found in records.list_keys()) == ["id0", "id1", "id2", "id3"]
    records.close()


def test_threads_share_one_object(records: Records) -> None:
    threads = [threading.Thread(target=records.add_key, args=(key(n),)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert records.count_keys() == 8


def test_a_migration_that_fails_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(connection: object) -> None:
        raise RuntimeError("the second step fails")

    monkeypatch.setattr("pollux.stores.migrations.STEPS", (*STEPS, broken))
    with pytest.raises(RuntimeError):
        Records.open(f"sqlite:///{path}")
    raw = sqlite3.connect(path)
    assert raw.execute("SELECT name FROM sqlite_master").fetchall() == []
    raw.close()
    monkeypatch.undo()
    Records.open(f"sqlite:///{path}").close()


def test_a_locked_database_is_one_clear_line(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BUSY_SECONDS", 0.05)
    records = Records.open(f"sqlite:///{path}")
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable, match="locked by another process"):
        records.add_key(key(1))
    assert records.list_keys() == []  # readers do not wait for the writer
    other.close()
    records.add_key(key(1))
    records.close()


def test_a_full_disk_is_one_clear_line(path: Path) -> None:
    records = Records.open(f"sqlite:///{path}")
    with records._engine.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(Unavailable, match="the disk is full; free some space"):  # noqa: PT012
        for number in range(1000):
            records.add_key(key(number))
    assert records.count_keys() > 0
    records.close()


@pytest.mark.parametrize(
    ("prepare", "message"),
    [
        (lambda path: path.write_text("no database " * 100), "is not a database"),
        (lambda path: path.mkdir(), "choose a writable folder with --data-dir"),
    ],
)
def test_a_place_that_cannot_be_used_is_refused(path: Path, prepare: object, message: str) -> None:
    path.parent.mkdir(parents=True)
    assert callable(prepare)
    prepare(path)
    with pytest.raises(ConfigurationError, match=message) as caught:
        Records.open(f"sqlite:///{path}")
    assert str(path) in caught.value.message
    assert "\n" not in caught.value.message


def test_a_folder_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(ConfigurationError, match="cannot use"):
        Records.open(f"sqlite:///{tmp_path}/file/pollux.db")


def test_a_database_of_a_newer_version_is_refused(path: Path) -> None:
    Records.open(f"sqlite:///{path}").close()
    raw = sqlite3.connect(path)
    raw.execute("INSERT INTO migrations VALUES (999, 0)")
    raw.commit()
    raw.close()
    with pytest.raises(ConfigurationError, match=r"newer Pollux \(step 999"):
        Records.open(f"sqlite:///{path}")


@pytest.mark.parametrize("url", ["nonsense", "mysql://u:hush@h/db"])
def test_other_databases_are_refused_without_showing_secrets(url: str) -> None:
    with pytest.raises(PolluxError) as caught:
        Records.open(url)
    assert isinstance(caught.value, ConfigurationError)
    assert "hush" not in caught.value.message


@pytest.mark.parametrize("there", [True, False])
def test_a_postgresql_that_cannot_be_used_is_one_clear_line(postgresql_server: str, there: bool) -> None:
    url = "postgresql://u:secret@127.0.0.1:9/db"  # nobody listens on the discard port
    if there:
        url = postgresql_server.replace("/postgres?", "/nobody?")
    message = (
        'localhost/nobody cannot be reached.*"nobody" does not exist' if there else "127.0.0.1/db cannot be reached"
    )
    with pytest.raises(Unavailable, match=message) as caught:
        Records.open(url)
    assert "\n" not in caught.value.message
    assert "secret" not in caught.value.message


def test_a_migration_that_fails_leaves_nothing_behind_in_postgresql(
    postgresql_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: object) -> None:
        raise RuntimeError("the last step fails")

    url = servers.new_database(postgresql_server)
    monkeypatch.setattr("pollux.stores.migrations.STEPS", (*STEPS, broken))
    with pytest.raises(RuntimeError):
        Records.open(url)
    assert servers.run(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public'") == []
    monkeypatch.undo()
    Records.open(url).close()


def test_a_postgresql_that_restarted_is_not_noticed(postgresql_server: str) -> None:
    url = servers.new_database(postgresql_server)
    records = Records.open(url)
    name = url.partition("?")[0].rpartition("/")[2]
    ended = servers.run(
        postgresql_server, f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
    )
    assert ended == [(True,)]
    records.add_key(key(1))
    assert records.count_keys() == 1
    records.close()


def test_a_page_of_files_comes_from_the_index_alone_in_order(path: Path) -> None:
    Records.open(f"sqlite:///{path}").close()
    raw = sqlite3.connect(path)
    plan = raw.execute(
        "EXPLAIN QUERY PLAN SELECT * FROM files WHERE project = 'p' AND (created_at, id) < (5, 'x') "
        "ORDER BY created_at DESC, id DESC LIMIT 10"
    ).fetchall()
    raw.close()
    assert len(plan) == 1  # no sorting
    assert "USING INDEX files_newest_first (project=? AND (created_at,id)<(?,?))" in plan[0][3]
