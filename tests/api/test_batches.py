"""The Batch API by hand, as the documentation's shell lines and the SDKs speak it; nobody runs the jobs here."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from pollux.services.files import NewFile
from pollux.stores.batches_table import Done, Segment
from pollux.stores.records import BatchRecord
from pollux.testing import ScriptedEngine, running
from tests.api.test_files import Here, error
from tests.services.kit import pieces

FLASH, EMBEDDING = "/v1beta/models/gemini-2.5-flash", "/v1beta/models/gemini-embedding-001"
ASK = {"request": {"contents": [{"parts": [{"text": "hi"}]}]}, "metadata": {"key": "request-1"}}
EMBED = {"request": {"content": {"parts": [{"text": "hi"}]}, "outputDimensionality": 64}}
CREATE, CREATE_EMBEDDINGS = f"{FLASH}:batchGenerateContent", f"{EMBEDDING}:asyncBatchEmbedContent"


@pytest.fixture(scope="module")
def here() -> Iterator[Here]:
    with running(ScriptedEngine(), {"batch.dispatcher": "none", "batch.jobs": 40}) as server:
        _, mine = server.app.keys.create("mine", "mine")
        _, theirs = server.app.keys.create("theirs", "theirs")
        yield Here(server, mine, theirs)


def inline(*requests: Any, **batch: Any) -> dict[str, Any]:
    return {"batch": {"inputConfig": {"requests": {"requests": list(requests)}}, **batch}}


def create(here: Here, body: Any = None, path: str = CREATE, **more: Any) -> dict[str, Any]:
    """An Operation."""
    answer = here.ask("POST", path, json=body or inline(ASK, ASK), **more)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def get(here: Here, name: str) -> dict[str, Any]:
    answer = here.ask("GET", f"/v1beta/{name}", headers={"Content-Type": "application/json"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def record(here: Here, name: str) -> BatchRecord:
    found = here.server.app.records.get_batch(name.removeprefix("batches/"))
    assert found is not None
    return found


async def blob(here: Here, data: bytes) -> str:
    blobs = here.server.app.files.blobs
    name = await blobs.create()
    await blobs.append(name, 0, pieces(data))
    await blobs.seal(name)
    return name


async def settle(here: Here, name: str, state: str, lines: list[Any], **changes: Any) -> None:
    """Ends a job as a worker would."""
    records, now, job = here.server.app.records, datetime.now(UTC), record(here, name).id
    if lines:
        data = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
        changes["output_blob"] = await blob(here, data)
        changes |= {"succeeded": sum("response" in line for line in lines)}
        changes |= {"failed": len(lines) - changes["succeeded"]}
    records.settle_batch(records.next_epoch(), job, now, state=state, **changes)


def test_created_inline(here: Here) -> None:
    made = create(here, inline(ASK, ASK, displayName="Two", priority="7"))
    metadata = made.pop("metadata")
    name = made["name"]
    assert made == {"name": name, "done": False, "state": "JOB_STATE_PENDING"}
    assert {metadata.pop(time)[-1] for time in ("createTime", "updateTime")} == {"Z"}
    assert metadata == {
        "@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch",
        "model": "models/gemini-2.5-flash",
        "displayName": "Two",
        "state": "JOB_STATE_PENDING",
        "inputConfig": {},
        "batchStats": {
            "requestCount": "2",
            "pendingRequestCount": "2",
            "successfulRequestCount": "0",
            "failedRequestCount": "0",
        },
        "priority": "7",
        "name": name,
    }
    assert name.startswith("batches/")
    assert name.removeprefix("batches/").isalnum()
    assert get(here, name)["metadata"]["batchStats"] == metadata["batchStats"]
    assert create(here)["name"] != name  # not idempotent, as documented


async def test_the_lines_are_what_was_asked(here: Here) -> None:
    """Long strings, which the parser takes out of a body, too."""
    data = "aGVsbG8=" * 20_000
    picture = {"inline_data": {"mime_type": "image/png", "data": data}}
    asked = [{"request": {"contents": [{"parts": [picture, {"text": data}]}]}}, ASK, {"request": {"odd": [1, None]}}]
    name = create(here, inline(*asked))["name"]
    stored = record(here, name).input_blob
    assert stored is not None
    lines = b"".join([chunk async for chunk in here.server.app.files.blobs.read(stored)]).splitlines()
    assert [json.loads(line) for line in lines] == asked


def test_as_the_shell_does_it(here: Here) -> None:
    """Single quotes, snake_case, no content type; cancel and delete by GET."""
    file = here.upload(b'{"contents": [{"parts": [{"text": "hi"}]}]}\n', "application/jsonl")["name"]
    body = f"{{'batch': {{'display_name': 'my', 'input_config': {{'file_name': '{file}'}}}}}}"
    answer = here.ask("POST", CREATE, content=body)
    assert answer.status_code == 200, answer.text
    made = answer.json()
    assert made["metadata"]["inputConfig"] == {"fileName": file}
    assert made["metadata"]["batchStats"]["requestCount"] == "0"  # known once it runs
    assert here.ask("GET", f"/v1beta/{made['name']}:cancel").json() == {}
    assert get(here, made["name"])["metadata"]["state"] == "JOB_STATE_CANCELLED"
    assert '"done": false' in here.ask("POST", CREATE, content=body).text
    assert here.ask("DELETE", f"/v1beta/{file}").json() == {}  # the job keeps the bytes
    assert here.ask("GET", f"/v1beta/{made['name']}:delete").json() == {}
    assert error(here.ask("GET", f"/v1beta/{made['name']}")) == (404, "NOT_FOUND")


@pytest.mark.parametrize(
    ("method", "verb"), [("POST", "cancel"), ("GET", "cancel"), ("POST", "delete"), ("DELETE", "delete")]
)
def test_every_way_to_cancel_and_delete(here: Here, method: str, verb: str) -> None:
    name = create(here)["name"]
    assert here.ask("HEAD", f"/v1beta/{name}:{verb}").status_code == 405
    assert get(here, name)["state"] == "JOB_STATE_PENDING"
    assert here.ask(method, f"/v1/{name}:{verb}", content=b"{}").json() == {}
    if verb == "cancel":
        cancelled = get(here, name)
        assert (cancelled["done"], cancelled["error"]["code"], "response" in cancelled) == (True, 1, False)
        assert "output" not in cancelled["metadata"]  # no worker has settled it yet
        assert here.ask(method, f"/v1/{name}:{verb}").json() == {}
        assert here.ask("DELETE", f"/v1beta/{name}", content=b"{}").json() == {}
    assert error(here.ask(method, f"/v1beta/{name}:{verb}")) == (404, "NOT_FOUND")


async def test_inline_results(here: Here) -> None:
    name = create(here)["name"]
    lines = [
        {"metadata": {"key": "request-1"}, "response": {"candidates": []}},
        {"error": {"code": 3, "message": "Line 2: no"}},
    ]
    await settle(here, name, "SUCCEEDED", lines)
    done = get(here, name)
    assert (done["done"], done["state"], done["metadata"]["state"]) == (True, *["JOB_STATE_SUCCEEDED"] * 2)
    assert done["metadata"]["output"] == {"inlinedResponses": {"inlinedResponses": lines}}
    kind = "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatchOutput"
    assert done["response"] == {"@type": kind, **done["metadata"]["output"]}
    assert done["dest"] == {"inlinedResponses": lines}
    assert done["metadata"]["batchStats"] == {
        "requestCount": "2",
        "pendingRequestCount": "0",
        "successfulRequestCount": "1",
        "failedRequestCount": "1",
    }
    assert done["metadata"]["endTime"] >= done["metadata"]["createTime"]
    assert here.ask("POST", f"/v1beta/{name}:cancel").json() == {}
    assert get(here, name) == done  # what has ended stays as it is


async def test_embeddings(here: Here) -> None:
    made = create(here, inline(EMBED), CREATE_EMBEDDINGS)
    kind = "type.googleapis.com/google.ai.generativelanguage.v1main.EmbedContentBatch"
    assert made["metadata"]["@type"] == kind
    lines = [{"response": {"embedding": {"values": [0.5]}, "tokenCount": "3"}}]
    await settle(here, made["name"], "SUCCEEDED", lines)
    done = get(here, made["name"])
    assert done["metadata"]["output"] == {"inlinedEmbedContentResponses": {"inlinedResponses": lines}}
    assert done["response"] == {"@type": kind + "Output", **done["metadata"]["output"]}


async def test_results_in_a_file(here: Here) -> None:
    file = here.upload(b"{}\n", "application/jsonl")["name"]
    made = create(here, {"batch": {"inputConfig": {"file_name": file}}}, CREATE_EMBEDDINGS)
    data = await blob(here, b"{}\n")
    output = await here.server.app.files.born(NewFile("mine", data, 3, "0" * 64, source="GENERATED"))
    await settle(here, made["name"], "SUCCEEDED", [], output_file=output.id)
    done = get(here, made["name"])
    assert done["metadata"]["output"] == {"responsesFile": f"files/{output.id}"}
    assert done["response"]["responsesFile"] == done["dest"]["fileName"] == f"files/{output.id}"
    assert here.ask("GET", f"/download/v1beta/{done['dest']['fileName']}:download?alt=media").content == b"{}\n"


async def test_without_success(here: Here) -> None:
    failed, cancelled, expired = (create(here)["name"] for _ in range(3))
    await settle(here, failed, "FAILED", [], error={"code": 3, "message": "Line 7 is not JSON"})
    found = get(here, failed)
    assert (found["done"], found["state"]) == (True, "JOB_STATE_FAILED")
    assert found["error"] == {"code": 3, "message": "Line 7 is not JSON"}
    here.ask("POST", f"/v1beta/{cancelled}:cancel")
    await settle(here, cancelled, "SUCCEEDED", [{"response": {}}])
    found = get(here, cancelled)
    assert (found["state"], found["error"]["code"]) == ("JOB_STATE_CANCELLED", 1)
    assert found["metadata"]["output"] == {"inlinedResponses": {"inlinedResponses": [{"response": {}}]}}
    assert found["metadata"]["batchStats"]["pendingRequestCount"] == "1"
    here.server.app.records.stop_batch(record(here, expired).id, "EXPIRED", datetime.now(UTC))
    found = get(here, expired)
    assert (found["done"], found["state"], found["error"]["code"]) == (True, "JOB_STATE_EXPIRED", 4)
    assert "48 hours" in found["error"]["message"]
    for job in (failed, expired):
        assert not {"response", "dest"} & set(get(here, job))
        assert "output" not in get(here, job)["metadata"]


async def test_pages(here: Here) -> None:
    with running(ScriptedEngine(), {"batch.dispatcher": "none"}) as server:
        _, mine = server.app.keys.create("mine", "mine")
        fresh = Here(server, mine, "")
        assert fresh.ask("GET", "/v1beta/batches").json() == {}
        names = [create(fresh)["name"] for _ in range(5)]
        await settle(fresh, names[0], "SUCCEEDED", [{"response": {}}])
        found: list[dict[str, Any]] = []
        token = ""
        while page := fresh.ask("GET", f"/v1/batches?pageSize=2&pageToken={token}").json():
            found += page["operations"]
            token = page.get("nextPageToken", "")
            if not token:
                break
        assert [job["name"] for job in found] == names[::-1]
        assert found[-1]["state"] == "JOB_STATE_SUCCEEDED"
        assert not {"response", "dest"} & set(found[-1])  # inline results are left out
        for wrong in ("pageSize=-1", "pageToken=x", "filter=state%3DX"):
            answer = fresh.ask("GET", f"/v1beta/batches?{wrong}")
            assert error(answer) == (400, "INVALID_ARGUMENT")
            assert wrong.partition("=")[0] in answer.json()["error"]["message"]


TWO_INPUTS = {"batch": {"inputConfig": {"requests": {"requests": [ASK]}, "fileName": "files/a"}}}


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "batch"),
        ({"batch": {}}, "batch.inputConfig"),
        ({"batch": {"input_config": {"requests": {"requests": []}}}}, "batch.inputConfig"),
        (TWO_INPUTS, "batch.inputConfig"),
        ({"batch": {"inputConfig": {"requests": [ASK]}}}, "batch.inputConfig.requests"),
        (inline(ASK, 5), "batch.inputConfig.requests.requests[1]"),
        (inline(ASK, ASK, ASK, {"metadata": {}}), "batch.inputConfig.requests.requests[3].request"),
        (inline(ASK, {"request": "hi"}), "batch.inputConfig.requests.requests[1].request"),
        (inline(ASK, {"request": {}, "metadata": "k"}), "batch.inputConfig.requests.requests[1].metadata"),
        (inline(ASK, priority="high"), "batch.priority"),
        (inline(ASK, priority=2**63), "batch.priority"),
        (inline(ASK, displayName="x" * 513), "batch.displayName"),
        (inline(ASK, model="models/gemini-2.5-pro"), "batch.model"),
        ({"batch": {"inputConfig": {"fileName": "files/NO"}}}, "batch.inputConfig.fileName"),
    ],
)
def test_faults_name_their_field(here: Here, body: Any, field: str) -> None:
    answer = here.ask("POST", CREATE, json=body)
    assert error(answer) == (400, "INVALID_ARGUMENT"), answer.text
    (violation,) = answer.json()["error"]["details"][0]["fieldViolations"]
    assert violation["field"] == field
    assert field in answer.json()["error"]["message"]


def test_what_cannot_be_had(here: Here) -> None:
    there = Here(here.server, here.theirs, here.mine)
    theirs = there.upload(b"{}")["name"]
    broken = here.upload(b"no picture", "image/png")["name"]
    for file, expected in (
        (theirs, (403, "PERMISSION_DENIED")),
        ("files/none", (404, "NOT_FOUND")),
        (broken, (400, "FAILED_PRECONDITION")),
    ):
        body = {"batch": {"inputConfig": {"fileName": file}}}
        assert error(here.ask("POST", CREATE, json=body)) == expected
    for model, status in (("gpt-99", 404), ("gemini-embedding-001", 404), ("gemini-2.5-flash-preview-tts", 501)):
        answer = here.ask("POST", f"/v1beta/models/{model}:batchGenerateContent", json=inline(ASK))
        assert answer.status_code == status, answer.text
    assert error(here.ask("POST", f"{FLASH}:asyncBatchEmbedContent", json=inline(EMBED))) == (404, "NOT_FOUND")
    answer = here.ask("POST", CREATE, json=inline(ASK, webhookConfig={"uri": "https://x"}))
    assert answer.status_code == 501
    assert "webhookConfig" in answer.json()["error"]["message"]
    name = create(here)["name"]
    for method, path in (("GET", name), ("DELETE", name), ("POST", f"{name}:cancel"), ("POST", f"{name}:delete")):
        assert error(there.ask(method, f"/v1beta/{path}")) == (403, "PERMISSION_DENIED")
    assert there.ask("GET", "/v1beta/batches").json() == {}
    assert error(here.ask("GET", "/v1beta/batches/none")) == (404, "NOT_FOUND")
    assert error(here.ask("GET", "/v1beta/batches/No_Such")) == (400, "INVALID_ARGUMENT")
    assert error(here.ask("POST", "/v1beta/batches/x:sing")) == (404, "NOT_FOUND")
    assert here.ask("POST", "/v1beta/batches").status_code == 405


def test_limits() -> None:
    flags = {"batch.dispatcher": "none", "batch.jobs": 2, "limits.request_bytes": 2000}
    with running(ScriptedEngine(), flags) as server:
        here = Here(server, "k", "")
        first = create(here)["name"]
        create(here)
        answer = here.ask("POST", CREATE, json=inline(ASK))
        assert error(answer) == (429, "RESOURCE_EXHAUSTED")
        assert "2 batch jobs" in answer.json()["error"]["message"]
        here.ask("POST", f"/v1beta/{first}:cancel")
        create(here)
        assert error(here.ask("POST", CREATE, json=inline(ASK, displayName="x" * 2000))) == (400, "INVALID_ARGUMENT")


def test_a_job_expires_without_a_worker() -> None:
    with running(ScriptedEngine(), {"batch.dispatcher": "none", "batch.hours": 1e-6}) as server:
        here = Here(server, "k", "")
        name = create(here)["name"]
        while (found := get(here, name))["state"] == "JOB_STATE_PENDING":
            assert datetime.now(UTC) - record(here, name).created_at < timedelta(seconds=5)
        assert found["state"] == "JOB_STATE_EXPIRED"


async def test_progress(here: Here) -> None:
    """The counts while a job runs."""
    name = create(here, inline(*[ASK] * 3))["name"]
    records, now = here.server.app.records, datetime.now(UTC)
    epoch = records.next_epoch()
    segment = Segment(record(here, name).id, 0, 300, 1, 3)
    records.add_segments(epoch, [segment])
    assert records.begin_batch(epoch, segment.batch, 3, now)
    records.finish_segment(epoch, segment, Done(await blob(here, b"x"), 200, 3, 1, 1), now)
    found = get(here, name)
    assert (found["state"], found["done"], "output" in found["metadata"]) == ("JOB_STATE_RUNNING", False, False)
    assert list(found["metadata"]["batchStats"].values()) == ["3", "1", "1", "1"]
