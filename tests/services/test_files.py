"""A file's life, and who may see it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from importlib import resources
from pathlib import Path

import pytest

from pollux.errors import (
    AlreadyExists,
    FailedPrecondition,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unavailable,
)
from pollux.services.examine import Content, Examiner, Facts, likely_type
from pollux.services.files import HELD, FileRecord, Files, NewFile
from pollux.services.names import spoken_id, wanted_id
from tests.services.kit import Clock, close, make_files, pieces

CAT = (resources.files("pollux.samples") / "cat.jpg").read_bytes()


@pytest.fixture
async def files(tmp_path: Path) -> AsyncIterator[Files]:
    files = make_files(tmp_path, project_bytes=100_000_000)
    yield files
    await close(files)


async def new(files: Files, data: bytes, declared: str = "text/plain", **more: str) -> FileRecord:
    blob = await files.blobs.create()
    await files.blobs.append(blob, 0, pieces(data))
    await files.blobs.seal(blob)
    digest = hashlib.sha256(data).hexdigest()
    made = NewFile(**{"project": "p", **more}, blob=blob, size=len(data), sha256=digest, declared=declared)
    return await files.born(made)


@pytest.mark.parametrize(
    ("data", "declared", "mime", "state", "error"),
    [
        (CAT, "image/jpeg", "image/jpeg", "ACTIVE", ""),
        (CAT, "image/png", "image/jpeg", "ACTIVE", ""),  # the content outweighs what was said
        (CAT, "", "image/jpeg", "ACTIVE", ""),
        (CAT[:1000], "image/jpeg", "image/jpeg", "FAILED", "jpeg"),
        (b"not a picture", "image/png", "image/png", "FAILED", "not image/png"),
        (b"", "image/png", "image/png", "FAILED", "empty"),
        (b"%PDF-1.7 and no more", "application/pdf", "application/pdf", "FAILED", "PDF"),
        (b"", "text/plain", "text/plain", "ACTIVE", ""),
        (b"# %PDF- is how they begin", "text/markdown", "text/markdown", "ACTIVE", ""),
        (b'{"a": 1}\n', "jsonl", "application/jsonl", "ACTIVE", ""),
        (bytes(range(256)), "application/x-mine", "application/x-mine", "ACTIVE", ""),
    ],
)
async def test_what_becomes_of_bytes(
    files: Files, data: bytes, declared: str, mime: str, state: str, error: str
) -> None:
    record = await new(files, data, declared)
    assert (record.mime_type, record.state) == (mime, state)
    assert error.lower() in (record.error or {"message": ""})["message"].lower()
    assert bool(record.error) == (state == "FAILED")
    assert await files.get("p", record.id) == record


@pytest.mark.parametrize(
    ("head", "declared", "name", "mime"),
    [
        (b"a,b\n", "", "table.csv", "text/csv"),
        (b"hello", "", "", "text/plain"),
        (b"\x00\x01", "", "", "application/octet-stream"),
        (b"\x00\x01", "application/octet-stream", "a.doc", "application/msword"),
        (b"", "", "", "application/octet-stream"),
        (b"{}", "JSONL", "", "application/jsonl"),
        (b"%PDF-1.4", "text/plain", "", "text/plain"),
        (b"%PDF-1.4\n%\xe2\xe3", "application/octet-stream", "", "application/pdf"),
        (b"print(1)", "text/x-python; charset=utf-8", "", "text/x-python"),
    ],
)
def test_likely_types(head: bytes, declared: str, name: str, mime: str) -> None:
    assert likely_type(head, declared, name) == mime


async def test_a_file_is_seen_in_its_project_only(files: Files) -> None:
    record = await new(files, b"mine")
    for work in (files.get, files.delete, files.lookup, files.readable):
        with pytest.raises(PermissionDenied):
            await work("q", record.id)
    assert [one.id for one in await files.page("p", 9, None)] == [record.id]
    assert await files.page("q", 9, None) == []


async def test_names_are_for_everyone(files: Files) -> None:
    await new(files, b"one", id="my-name")
    with pytest.raises(AlreadyExists):
        await new(files, b"two", id="my-name", project="q")


async def test_deleting_removes_the_bytes(files: Files) -> None:
    record = await new(files, b"mine")
    await files.delete("p", record.id)
    with pytest.raises(NotFound):
        await files.get("p", record.id)
    with pytest.raises(NotFound):
        await files.blobs.stat(record.blob)


async def test_expiry(files: Files) -> None:
    assert isinstance(files.clock, Clock)
    record = await new(files, b"mine")
    assert record.expires_at == record.created_at + timedelta(hours=48)
    files.clock.turn(hours=48)
    with pytest.raises(NotFound):  # at once, whether or not a sweep came by
        await files.get("p", record.id)
    assert await files.page("p", 9, None) == []
    assert (await files.sweep()).files == 1
    with pytest.raises(NotFound):
        await files.blobs.stat(record.blob)


async def test_what_expired_while_no_server_ran_goes_at_the_start(files: Files) -> None:
    assert isinstance(files.clock, Clock)
    record = await new(files, b"mine")
    files.clock.turn(hours=100)
    async with files.kept():
        for _ in range(100):
            if files.records.get_file(record.id) is None:
                break
            await asyncio.sleep(0.02)
    assert files.records.get_file(record.id) is None


async def test_a_killed_examination_is_done_at_the_start(files: Files) -> None:
    draft = await files.drafted(NewFile("p", await files.blobs.create(), 4, "0" * 64, declared="text/plain"))
    files.records.add_file(draft)
    async with files.kept():
        for _ in range(100):
            if (await files.get("p", draft.id)).state == "ACTIVE":
                break
            await asyncio.sleep(0.02)
    assert (await files.get("p", draft.id)).state == "ACTIVE"


async def test_quota(files: Files) -> None:
    files.policy = replace(files.policy, project_bytes=10)
    await new(files, b"123456")
    with pytest.raises(ResourceExhausted):
        await new(files, b"12345")
    await new(files, b"12345", project="q")


@pytest.mark.parametrize("size", [0, 10, HELD, HELD + 1])
async def test_lookup_gives_bytes_or_a_path(files: Files, size: int) -> None:
    data = b"ab" * (size // 2) + b"c" * (size % 2)
    record = await new(files, data, "text/plain")
    stored = await files.lookup("p", record.id)
    if size <= HELD:
        assert stored.content == data
    else:
        assert isinstance(stored.content, Path)
        assert stored.content.read_bytes() == data
        await files.delete("p", record.id)
        assert not stored.content.exists()
    assert stored.digest == hashlib.sha256(data).hexdigest()


async def test_a_copy_of_a_file_that_another_process_deleted_is_swept(files: Files, tmp_path: Path) -> None:
    kept, removed = [await new(files, letter * (HELD + 1)) for letter in (b"a", b"b")]
    paths = [(await files.lookup("p", record.id)).content for record in (kept, removed)]
    other = make_files(tmp_path)
    await other.delete("p", removed.id)
    await close(other)
    await files.sweep()
    assert [isinstance(path, Path) and path.exists() for path in paths] == [True, False]


async def test_pictures_wait_for_nobody(files: Files) -> None:
    async with files.places.place("q"), files.places.place("q"):
        assert (await new(files, CAT)).state == "ACTIVE"


@dataclass(frozen=True)
class Slow(Examiner):
    """Wants everything, and says what the bytes tell it to."""

    def wants(self, mime: str) -> bool:
        return True

    def look(self, content: Content, mime: str, cancelled: Callable[[], bool] | None = None) -> Facts:
        assert isinstance(content, bytes)
        if content == b"later":
            raise Unavailable("The database is away.")
        return Facts(seconds=2.5) if content == b"film" else Facts(pages=int(content))


async def test_examinations_are_pluggable(files: Files) -> None:
    files.examiner = Slow()
    assert (await new(files, b"film")).video_metadata == {"seconds": 2.5}
    assert (await new(files, b"12")).tokens == {"pages": 12}
    assert (await new(files, b"crash")).state == "FAILED"  # int() of it: an error that nobody foresaw
    waiting = await new(files, b"later")
    assert waiting.state == "PROCESSING"
    with pytest.raises(FailedPrecondition, match="not in an ACTIVE state"):
        await files.lookup("p", waiting.id)


async def test_downloads(files: Files) -> None:
    generated = await new(files, b"made", source="GENERATED")
    uploaded = await new(files, b"mine")
    assert await files.readable("p", generated.id) == generated
    with pytest.raises(PermissionDenied, match="allow_download"):
        await files.readable("p", uploaded.id)
    files.policy = replace(files.policy, allow_download=True)
    assert await files.readable("p", uploaded.id) == uploaded


@pytest.mark.parametrize(
    "name",
    ["A", "a_b", "-a", "a-", "a" * 41, "../x", "a/b", "a b", "ä", "files/files/a", "a\n", ".", "%2e", "a\x00"],
)
def test_bad_names(name: str) -> None:
    with pytest.raises(InvalidArgument):
        wanted_id(name)


@pytest.mark.parametrize(
    ("path", "file_id"),
    [
        ("abc", "abc"),
        ("files/abc", "abc"),
        ("http://127.0.0.1:18080/v1beta/files/vid123", "vid123"),
        ("http:/127.0.0.1:18080/v1beta/files/vid123:download", "vid123"),
        ('"files/abc"', "abc"),
    ],
)
def test_spoken_ids(path: str, file_id: str) -> None:
    assert spoken_id(path) == file_id


def test_good_names() -> None:
    assert [wanted_id(name) for name in ("", "a", "files/my-file-1", "0" * 40)] == ["", "a", "my-file-1", "0" * 40]
