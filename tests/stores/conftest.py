from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from pollux.stores.blobs import Blobs
from pollux.stores.records import Records
from tests.stores import servers


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[str]:
    with servers.postgresql() as url:
        yield url


@pytest.fixture(scope="session")
def s3_server() -> Iterator[str]:
    with servers.mock_s3() as address:
        yield address


@pytest.fixture(params=["sqlite", "sqlite-memory", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/pollux.db"
    if request.param == "sqlite-memory":
        return "sqlite://"
    return servers.new_database(request.getfixturevalue("postgresql_server"))


@pytest.fixture(params=["memory", "folder", "s3-mock"])
def blobs_url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An empty place of each kind; the S3 one is moto's mock."""
    if request.param == "memory":
        return "memory://"
    if request.param == "folder":
        return (tmp_path / "blobs").as_uri()
    address = request.getfixturevalue("s3_server")
    for name, value in {
        "AWS_ENDPOINT_URL": address,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    return f"s3://{servers.new_bucket(address)}/some/prefix"


@pytest.fixture
def records(database_url: str) -> Iterator[Records]:
    opened = Records.open(database_url)
    yield opened
    opened.close()


@pytest_asyncio.fixture
async def blobs(blobs_url: str, records: Records) -> AsyncIterator[Blobs]:
    opened = Blobs.open(blobs_url, records)
    yield opened
    await opened.close()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Records]:
    """Records in a file, for tests that need one kind only."""
    opened = Records.open(f"sqlite:///{tmp_path}/pollux.db")
    yield opened
    opened.close()


@pytest.fixture
def folder(tmp_path: Path, disk: Records) -> Blobs:
    """Blobs in a folder, for tests that need one kind only."""
    return Blobs.open((tmp_path / "blobs").as_uri(), disk)
