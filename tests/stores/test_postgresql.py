"""How PostgreSQL is reached, and what its errors become."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError

from pollux.errors import ConfigurationError, Unavailable
from pollux.stores import postgresql
from pollux.stores.records import Records
from tests.stores import servers


@pytest.mark.parametrize(
    ("statement", "state"),
    [
        ("INSERT INTO t VALUES (1), (1)", "23505"),
        ("INSERT INTO t VALUES (NULL)", "23502"),
        ("SELECT 1 FROM nowhere", "42P01"),
    ],
)
def test_broken_constraints_are_told_from_the_rest(postgresql_server: str, statement: str, state: str) -> None:
    engine = postgresql.open_engine(make_url(postgresql_server), 1.0)
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE t (id int PRIMARY KEY)")
        with pytest.raises(DBAPIError) as caught:
            connection.exec_driver_sql(statement)
    assert isinstance(caught.value, IntegrityError) == state.startswith("23")
    assert postgresql.state_of(caught.value.orig) == state
    assert "\n" not in postgresql.text_of(caught.value.orig)
    engine.dispose()


def test_an_answer_may_take_longer_than_connecting(postgresql_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "CONNECT_SECONDS", 0.3)
    assert servers.run(postgresql_server, "SELECT 1 FROM pg_sleep(0.6)") == [(1,)]


def test_a_server_that_says_nothing_is_gone(postgresql_server: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "ANSWER_SECONDS", 0.3)
    engine = postgresql.open_engine(make_url(postgresql_server), 1.0)
    with engine.connect() as connection:
        with pytest.raises(OperationalError) as caught:
            connection.exec_driver_sql("SELECT 1 FROM pg_sleep(2)")
        assert caught.value.connection_invalidated
    with engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT 1").scalar() == 1
    engine.dispose()


@contextmanager
def rude() -> Iterator[int]:
    """A server that breaks a connection off as soon as something is said; its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            connection.recv(1)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]


def test_a_broken_connection_is_one_clear_line() -> None:
    with (
        rude() as port,
        pytest.raises(Unavailable, match=r"127\.0\.0\.1/db cannot be reached: network error") as caught,
    ):
        Records.open(f"postgresql://u:secret@127.0.0.1:{port}/db?sslmode=disable")
    assert "\n" not in caught.value.message


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("sslmode=maybe", "sslmode is one of"),
        ("options=-cx", "options is not understood"),
        ("host=a", "host in the query"),
        ("sslmode=require&sslrootcert=/nowhere.pem", "certificates cannot be read"),
    ],
)
def test_bad_urls(query: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        Records.open(f"postgresql://u:secret@127.0.0.1:9/db?{query}")


@pytest.mark.parametrize(
    ("mode", "verified", "named"), [("require", False, False), ("verify-ca", True, False), ("verify-full", True, True)]
)
def test_what_must_hold_of_the_servers_certificate(mode: str, verified: bool, named: bool) -> None:
    context = postgresql._reached(make_url(f"postgresql://h/db?sslmode={mode}"))["ssl_context"]
    assert (bool(context.verify_mode), context.check_hostname) == (verified, named)
