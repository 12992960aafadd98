from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pollux.errors import AlreadyExists, ApiError, NotFound, ResourceExhausted
from pollux.stores.pieces_table import Piece
from pollux.stores.records import FileRecord, Records, UploadRecord
from pollux.stores.uploads_table import growing

NOW = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)


def a_file(file_id: str, **fields: Any) -> FileRecord:
    base = FileRecord(
        id=file_id,
        project="default",
        display_name="",
        mime_type="image/png",
        size=100,
        sha256="0" * 64,
        blob="b1",
        state="ACTIVE",
        source="UPLOADED",
        created_at=NOW,
        updated_at=NOW,
        expires_at=NOW + 48 * HOUR,
    )
    return replace(base, **fields)


def an_upload(upload_id: str, **fields: Any) -> UploadRecord:
    base = UploadRecord(upload_id, "default", f"f-{upload_id}", "b1", 50, "image/png", "", "active", NOW, NOW)
    return replace(base, **fields)


@pytest.fixture(autouse=True)
def blob(records: Records) -> None:
    for name in ("b1", "b2"):
        records.add_blob(name, NOW)


def test_a_file_comes_back_as_it_went(records: Records) -> None:
    full = a_file(
        "a",
        display_name='a "b" \N{SNOWMAN}',
        size=2**31 + 1,
        error={"code": 3, "message": "x"},
        video_metadata={"videoDuration": "1.5s"},
        tokens={"pages": 3},
    )
    bare = a_file("b", expires_at=None)
    for file in (full, bare):
        records.add_file(file)
        assert records.get_file(file.id) == file
    assert records.get_file("c") is None


def test_a_taken_id_is_refused_and_so_is_a_blob_that_is_gone(records: Records) -> None:
    records.add_file(a_file("a"))
    with pytest.raises(AlreadyExists, match="files/a already exists"):
        records.add_file(a_file("a", project="other"))
    with pytest.raises(AlreadyExists):
        records.add_upload(an_upload("u", file_id="a"))
    with pytest.raises(NotFound, match="start the upload again"):
        records.add_file(a_file("b", blob="none"))
    with pytest.raises(NotFound):
        records.add_upload(an_upload("u", blob="none"))


def test_a_change_happens_from_the_expected_state_only(records: Records) -> None:
    records.add_file(a_file("a", state="PROCESSING"))
    done = records.update_file("a", expect="PROCESSING", state="FAILED", error={"code": 3}, updated_at=NOW + HOUR)
    assert done == a_file("a", state="FAILED", error={"code": 3}, updated_at=NOW + HOUR) == records.get_file("a")
    assert records.update_file("a", expect="PROCESSING", state="ACTIVE") is None
    assert records.update_file("none", state="ACTIVE") is None
    cleared = records.update_file("a", error=None)
    assert cleared is not None
    assert cleared.error is None


def test_pages_go_from_the_newest_to_the_oldest_within_a_project(records: Records) -> None:
    files = [a_file(f"f{number:02}", created_at=NOW + HOUR * (number // 3)) for number in range(10)]
    for file in files:
        records.add_file(file)
    records.add_file(a_file("other", project="other"))
    seen: list[FileRecord] = []
    while page := records.list_files("default", 4, (seen[-1].created_at, seen[-1].id) if seen else None):
        assert len(page) <= 4
        seen += page
    assert seen == files[::-1]


def test_expired_files_are_found_and_can_be_left_out(records: Records) -> None:
    records.add_file(a_file("late", expires_at=NOW + HOUR))
    records.add_file(a_file("early", expires_at=NOW))
    records.add_file(a_file("never", expires_at=None))
    assert [file.id for file in records.expired_files(NOW)] == ["early"]
    assert [file.id for file in records.expired_files(NOW + HOUR)] == ["early", "late"]
    assert [file.id for file in records.expired_files(NOW + HOUR, limit=1)] == ["early"]
    assert {file.id for file in records.list_files("default", 9, now=NOW)} == {"late", "never"}


def test_a_deleted_file_takes_its_bytes_along(records: Records) -> None:
    records.add_file(a_file("a"))
    assert records.delete_file("a", NOW) == a_file("a")
    assert records.delete_file("a", NOW) is None
    assert records.find_blob("b1") is None


def test_what_was_left_in_processing_is_found(records: Records) -> None:
    records.add_file(a_file("a"))
    records.add_file(a_file("b", state="PROCESSING"))
    assert [file.id for file in records.processing_files()] == ["b"]


def test_an_upload_ends_once(records: Records) -> None:
    records.add_upload(an_upload("u"))
    assert records.get_upload("u") == an_upload("u")
    assert records.touch_upload("u", NOW + HOUR)
    assert records.finish_upload("u", a_file("f-u", updated_at=NOW + 2 * HOUR))
    assert records.get_upload("u") == an_upload("u", state="final", updated_at=NOW + 2 * HOUR)
    assert not records.finish_upload("u", a_file("again"))
    assert not records.touch_upload("u", NOW)
    assert records.cancel_upload("u", NOW) is None
    assert [records.get_file(name) is not None for name in ("f-u", "again")] == [True, False]


def test_a_finish_that_is_refused_leaves_the_upload_active(records: Records) -> None:
    records.add_upload(an_upload("u", file_id="a"))
    records.add_file(a_file("a", blob="b2"))
    with pytest.raises(AlreadyExists):
        records.finish_upload("u", a_file("a"))
    with pytest.raises(ResourceExhausted):
        records.finish_upload("u", a_file("b"), quota=150)
    assert records.get_upload("u") == an_upload("u", file_id="a")


def test_a_cancelled_upload_takes_its_bytes_along(records: Records) -> None:
    records.add_upload(an_upload("u"))
    assert records.cancel_upload("u", NOW + HOUR) == an_upload("u", state="cancelled", updated_at=NOW + HOUR)
    assert records.cancel_upload("u", NOW) is None
    assert records.find_blob("b1") is None


def test_silent_uploads_are_found_and_forgotten(records: Records) -> None:
    records.add_upload(an_upload("old"))
    records.add_upload(an_upload("new", blob="b2", updated_at=NOW + HOUR))
    assert [upload.id for upload in records.stale_uploads(NOW + HOUR)] == ["old"]
    records.finish_upload("new", a_file("a", blob="b2"))
    assert records.delete_upload("old", NOW, before=NOW) is None  # it was heard of since
    for upload_id in ("old", "new"):
        assert records.delete_upload(upload_id, NOW) is not None
        assert records.delete_upload(upload_id, NOW) is None
    assert [records.find_blob(blob) is not None for blob in ("b1", "b2")] == [False, True]


def test_a_project_is_charged_for_files_and_for_what_is_coming(records: Records) -> None:
    records.add_file(a_file("a", size=1000))
    records.add_file(a_file("b", size=1, project="other"))
    records.add_upload(an_upload("u", blob="b2", declared_size=50))
    records.add_upload(an_upload("v", declared_size=None))
    records.add_upload(an_upload("w", state="cancelled", declared_size=9999))
    assert records.project_bytes("default") == 1050
    assert records.project_bytes("nobody") == 0
    with pytest.raises(ResourceExhausted, match="would be 1100 bytes, more than its 1099; delete some first"):
        records.add_upload(an_upload("x", declared_size=50), quota=1099)
    records.add_upload(an_upload("x", declared_size=50), quota=1100)


def test_a_quota_holds_against_many_at_once(records: Records) -> None:
    refused: list[ApiError] = []

    def start(number: int) -> None:
        try:
            records.add_upload(an_upload(f"u{number}", declared_size=10), quota=35)
        except ResourceExhausted as error:
            refused.append(error)

    threads = [threading.Thread(target=start, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(refused), records.project_bytes("default")) == (5, 30)


def test_a_quota_holds_against_many_that_grow(records: Records) -> None:
    """Uploads of no declared size are counted as their bytes are named."""
    refused: list[ApiError] = []

    def grow(number: int) -> None:
        upload = an_upload(f"u{number}", blob=f"grows{number}", declared_size=None)
        within = growing(upload, 35, lambda: NOW + HOUR)
        try:
            records.extend_blob(upload.blob, 0, [Piece(f"o{number}", 0, 10)], None, NOW, within)
        except ResourceExhausted as error:
            refused.append(error)

    threads = [threading.Thread(target=grow, args=(number,)) for number in range(8)]
    for number in range(8):
        records.add_blob(f"grows{number}", NOW)
        records.add_upload(an_upload(f"u{number}", blob=f"grows{number}", declared_size=None))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 5
    assert records.project_bytes("default") == 30
    assert len(records.stale_uploads(NOW + HOUR)) == 5  # the others were heard of


def test_unfinished_uploads_are_counted(records: Records) -> None:
    for number in range(2):
        records.add_upload(an_upload(f"u{number}"), most=2)
    with pytest.raises(ResourceExhausted, match="finish or cancel some first"):
        records.add_upload(an_upload("x"), most=2)
    records.add_upload(an_upload("y", project="other"), most=2)
    records.finish_upload("u0", a_file("a"))
    records.add_upload(an_upload("x"), most=2)
