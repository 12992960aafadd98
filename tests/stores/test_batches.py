from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pollux.errors import FailedPrecondition, NotFound, ResourceExhausted
from pollux.stores.batches_table import BatchRecord, Deposed, Done, Segment
from pollux.stores.records import Records
from tests.stores.test_files import a_file

NOW = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
MOST = 100


def a_batch(batch_id: str, **fields: Any) -> BatchRecord:
    base = BatchRecord(
        id=batch_id,
        project="default",
        model="gemini-2.5-flash",
        method="generateContent",
        display_name="",
        priority=0,
        inline=True,
        input_file="",
        input_blob="in",
        created_at=NOW,
        updated_at=NOW,
        expires_at=NOW + 48 * HOUR,
    )
    return replace(base, **fields)


@pytest.fixture(autouse=True)
def blobs(records: Records) -> None:
    for name in ("in", "o1", "o2", "out"):
        records.add_blob(name, NOW)


def get(records: Records, batch_id: str) -> BatchRecord:
    found = records.get_batch(batch_id)
    assert found is not None
    return found


def there(records: Records) -> set[str]:
    return {name for name in ("in", "o1", "o2", "out") if records.find_blob(name) is not None}


def running(records: Records, batch_id: str = "a", **fields: Any) -> tuple[int, Segment]:
    """A job of one segment of ten requests in 100 bytes, and the leader's epoch."""
    records.add_batch(a_batch(batch_id, **fields), MOST)
    epoch, segment = records.next_epoch(), Segment(batch_id, 0, 100, 1, 10)
    records.add_segments(epoch, [segment])
    assert records.begin_batch(epoch, batch_id, 10, NOW + MINUTE)
    return epoch, segment


def test_a_job_comes_back_as_it_went(records: Records) -> None:
    full = a_batch(
        "a",
        display_name='a "b" \N{SNOWMAN}',
        priority=2**63 - 1,
        inline=False,
        input_file="f",
        state="FAILED",
        settled=True,
        requests=2**40,
        succeeded=2**39,
        failed=3,
        output_blob="out",
        output_file="g",
        error={"code": 3, "message": "x"},
        ended_at=NOW + HOUR,
    )
    for batch in (full, a_batch("b", priority=-5)):
        records.add_batch(batch, MOST)
        assert records.get_batch(batch.id) == batch
    assert records.get_batch("c") is None


def test_a_project_has_so_many_live_jobs_and_the_input_is_there(records: Records) -> None:
    records.add_batch(a_batch("a"), 2)
    records.add_batch(a_batch("b", state="RUNNING"), 2)
    with pytest.raises(ResourceExhausted, match="2 batch jobs"):
        records.add_batch(a_batch("c"), 2)
    records.add_batch(a_batch("d", project="other"), 2)
    assert records.stop_batch("a", "CANCELLED", NOW) is not None
    records.add_batch(a_batch("c"), 2)
    with pytest.raises(NotFound):
        records.add_batch(a_batch("e", project="third", input_blob="none"), 2)


def test_pages_the_newest_first(records: Records) -> None:
    for batch_id, age in (("a", 3), ("b", 1), ("c", 1), ("d", 2)):
        records.add_batch(a_batch(batch_id, created_at=NOW - age * HOUR), MOST)
    records.add_batch(a_batch("e", project="other"), MOST)
    first = records.list_batches("default", 3)
    assert [batch.id for batch in first] == ["c", "b", "d"]
    rest = records.list_batches("default", 3, (first[-1].created_at, first[-1].id))
    assert [batch.id for batch in rest] == ["a"]


def test_the_most_urgent_is_run_first_then_the_oldest(records: Records) -> None:
    for batch_id, priority, age in (("a", 0, 1), ("b", 0, 2), ("c", 5, 0), ("d", -1, 9)):
        records.add_batch(a_batch(batch_id, priority=priority, created_at=NOW - age * HOUR), MOST)
    records.add_batch(a_batch("e", settled=True), MOST)
    records.stop_batch("a", "CANCELLED", NOW)  # ended, and still to be settled
    assert [batch.id for batch in records.unsettled_batches()] == ["c", "b", "a", "d"]
    assert [batch.id for batch in records.unsettled_batches(2)] == ["c", "b"]


def test_a_job_ends_once(records: Records) -> None:
    records.add_batch(a_batch("a"), MOST)
    stopped = records.stop_batch("a", "CANCELLED", NOW + HOUR)
    assert stopped == a_batch("a", state="CANCELLED", updated_at=NOW + HOUR, ended_at=NOW + HOUR)
    assert records.stop_batch("a", "EXPIRED", NOW + 2 * HOUR) == stopped
    assert not records.begin_batch(records.next_epoch(), "a", 1, NOW)
    assert records.stop_batch("none", "CANCELLED", NOW) is None


def test_a_segment_is_finished_once_and_counted(records: Records) -> None:
    epoch, segment = running(records)
    assert get(records, "a") == a_batch("a", state="RUNNING", requests=10, updated_at=NOW + MINUTE)
    assert not records.begin_batch(epoch, "a", 10, NOW)  # it runs already
    done = Done("o1", 100, 11, 7, 3)
    assert records.finish_segment(epoch, segment, done, NOW + HOUR)
    assert not records.finish_segment(epoch, segment, replace(done, blob="o2"), NOW + HOUR)
    found = get(records, "a")
    assert (found.succeeded, found.failed, found.updated_at) == (7, 3, NOW + HOUR)
    assert list(records.list_segments("a", done=True)) == [replace(segment, blob="o1")]
    assert records.list_segments("a", done=False) == []


def test_what_was_not_done_of_a_segment_is_one_of_its_own(records: Records) -> None:
    epoch, segment = running(records)
    assert records.finish_segment(epoch, segment, Done("o1", 40, 6, 3, 1), NOW)
    (rest,) = records.list_segments("a", done=False)
    assert rest == Segment("a", 40, 100, 6, 6)
    assert list(records.list_segments("a", done=True)) == [Segment("a", 0, 40, 1, 4, "o1")]
    assert records.list_segments("a", done=False, after=40) == []
    assert records.finish_segment(epoch, rest, Done("o2", 100, 11, 6, 0), NOW)
    assert [segment.blob for segment in records.list_segments("a", done=True)] == ["o1", "o2"]
    assert (get(records, "a").succeeded, get(records, "a").failed) == (9, 1)


def test_output_that_a_cleaner_took_is_not_named(records: Records) -> None:
    epoch, segment = running(records)
    with pytest.raises(NotFound):
        records.finish_segment(epoch, segment, Done("gone", 100, 11, 10, 0), NOW)
    assert list(records.list_segments("a", done=False)) == [segment]


def test_who_was_deposed_writes_nothing(records: Records) -> None:
    epoch, segment = running(records)
    newer = records.next_epoch()
    assert newer == epoch + 1
    before = get(records, "a")
    with pytest.raises(Deposed):
        records.add_segments(epoch, [Segment("a", 100, 200, 11, 1)])
    with pytest.raises(Deposed):
        records.clear_segments(epoch, "a")
    with pytest.raises(Deposed):
        records.begin_batch(epoch, "a", 1, NOW)
    with pytest.raises(Deposed):
        records.finish_segment(epoch, segment, Done("o1", 100, 11, 10, 0), NOW)
    with pytest.raises(Deposed):
        records.settle_batch(epoch, "a", NOW, state="SUCCEEDED")
    assert get(records, "a") == before
    assert list(records.list_segments("a", done=False)) == [segment]
    assert records.finish_segment(newer, segment, Done("o1", 100, 11, 10, 0), NOW)


def test_cutting_begins_anew(records: Records) -> None:
    records.add_batch(a_batch("a"), MOST)
    epoch = records.next_epoch()
    for _ in range(2):
        records.clear_segments(epoch, "a")
        records.add_segments(epoch, [Segment("a", 0, 50, 1, 5), Segment("a", 50, 100, 6, 5)])
    assert len(records.list_segments("a", done=False)) == 2


def test_settling_gives_back_everything_but_the_output(records: Records) -> None:
    epoch, segment = running(records)
    records.finish_segment(epoch, segment, Done("o1", 100, 11, 10, 0), NOW)
    condemned = records.settle_batch(epoch, "a", NOW + HOUR, state="SUCCEEDED", output_blob="out")
    assert sorted(condemned) == ["in", "o1"]
    assert there(records) == {"o2", "out"}
    found = get(records, "a")
    assert (found.state, found.settled, found.ended_at) == ("SUCCEEDED", True, NOW + HOUR)
    assert (found.input_blob, found.output_blob) == (None, "out")
    assert records.unsettled_batches() == []
    assert records.settle_batch(epoch, "a", NOW, state="FAILED", output_blob="o2") == ["o2"]  # it is nobody's
    assert get(records, "a") == found


def test_settling_what_was_cancelled_leaves_it_so(records: Records) -> None:
    epoch, _ = running(records)
    records.stop_batch("a", "CANCELLED", NOW)
    records.settle_batch(epoch, "a", NOW + HOUR, state="SUCCEEDED", output_blob="out", succeeded=1)
    found = get(records, "a")
    assert (found.state, found.ended_at, found.output_blob, found.succeeded) == ("CANCELLED", NOW, "out", 1)


def test_deleting_while_it_runs(records: Records) -> None:
    epoch, segment = running(records)
    records.finish_segment(epoch, segment, Done("o1", 40, 6, 4, 0), NOW)
    (rest,) = records.list_segments("a", done=False)
    assert sorted(records.delete_batch("a", NOW)) == ["in", "o1"]
    assert there(records) == {"o2", "out"}
    assert records.get_batch("a") is None
    assert not records.finish_segment(epoch, rest, Done("o2", 100, 11, 6, 0), NOW)
    assert records.settle_batch(epoch, "a", NOW, state="SUCCEEDED", output_blob="out") == ["out"]
    assert records.delete_batch("a", NOW) == []
    records.add_segments(epoch, [rest])  # by a worker that has not seen it yet
    assert records.list_segments("a", done=False) == []


def test_deleting_beside_a_worker(records: Records) -> None:
    """Neither holds up the other: PostgreSQL would end one of two that wait for each other."""
    failures: list[Exception] = []

    def beside(verb: Callable[..., Any], *given: Any) -> threading.Thread:
        def run() -> None:
            try:
                verb(*given)
            except Exception as error:
                failures.append(error)

        return threading.Thread(target=run)

    epoch = records.next_epoch()
    for number in range(10):
        job = f"j{number}"
        records.add_blob(f"{job}-in", NOW)
        records.add_batch(a_batch(job, input_blob=f"{job}-in"), MOST)
        segments = [Segment(job, at, at + 10, at + 1, 2) for at in range(0, 40, 10)]
        records.add_segments(epoch, segments)
        records.begin_batch(epoch, job, 8, NOW)
        threads = [beside(records.delete_batch, job, NOW)]
        for segment in segments:
            records.add_blob(f"{job}-{segment.start}", NOW)
            done = Done(f"{job}-{segment.start}", segment.start + 5, segment.first_line + 1, 1, 0)
            threads.append(beside(records.finish_segment, epoch, segment, done, NOW))
        for thread in threads[number % 5 :] + threads[: number % 5]:
            thread.start()
        for thread in threads:
            thread.join()
        assert records.get_batch(job) is None
    assert failures == []


def test_a_file_and_jobs_share_an_input(records: Records) -> None:
    """Whoever goes last takes the bytes along."""
    records.add_file(a_file("f", blob="in"))
    epoch, _ = running(records, input_file="f", inline=False)
    records.add_batch(a_batch("b"), MOST)
    records.delete_file("f", NOW)
    with pytest.raises(FailedPrecondition, match="batch job"):
        records.delete_blob("in", NOW)
    records.settle_batch(epoch, "a", NOW, state="SUCCEEDED")
    assert "in" in there(records)
    records.delete_batch("b", NOW)
    assert "in" not in there(records)


def test_what_a_job_has_is_not_ownerless(records: Records) -> None:
    epoch, segment = running(records)
    records.finish_segment(epoch, segment, Done("o1", 40, 6, 4, 0), NOW)
    records.add_batch(a_batch("b", output_blob="out"), MOST)
    assert records.condemn_ownerless(NOW + HOUR, NOW) == 1
    assert there(records) == {"in", "o1", "out"}
    assert records.condemn_ownerless(NOW + HOUR, NOW) == 0
