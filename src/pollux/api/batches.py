"""batchGenerateContent, asyncBatchEmbedContent and batches.get, list, cancel, delete: request -> value.

States go out as JOB_STATE_*, which the documentation's scripts compare with and every SDK passes through.  Results
stand where each reader looks: SDKs at `metadata.output`, shell scripts at `response` and at `dest`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from pollux.api.call import Call, Rooms
from pollux.api.pages import page_size, row_before, token_of
from pollux.errors import Cancelled, DeadlineExceeded, Internal, InvalidArgument, Unimplemented
from pollux.services.batches import BatchRecord, NewBatch
from pollux.services.names import spoken_id
from pollux.wire.batches import (
    TYPES,
    AsyncBatchEmbedContentRequest,
    Batch,
    BatchDestination,
    BatchGenerateContentRequest,
    BatchInput,
    BatchOutput,
    BatchStats,
    InlinedResponses,
    ListBatchesResponse,
    NewBatchJob,
    Operation,
    ShownInput,
    plain,
)
from pollux.wire.methods import EMBED, GENERATE
from pollux.wire.resources import Empty, Status, timestamp

PER_PAGE = 50
MOST_PER_PAGE = 1000
KINDS = {GENERATE: "GenerateContentBatch", EMBED: "EmbedContentBatch"}
"""The message in `metadata`; that in `response` is called so with "Output" behind it."""
Results = Sequence[msgspec.Raw]


async def create(rooms: Rooms, call: Call) -> Operation:
    """A job of generateContent requests."""
    wanted = _wanted(call, call.decode(BatchGenerateContentRequest).batch, GENERATE)
    return operation(await rooms.batches.create(wanted))


async def create_embeddings(rooms: Rooms, call: Call) -> Operation:
    """A job of embedContent requests."""
    wanted = _wanted(call, call.decode(AsyncBatchEmbedContentRequest).batch, EMBED)
    return operation(await rooms.batches.create(wanted))


async def get(rooms: Rooms, call: Call) -> Operation:
    """One job; its results too, when they are inline."""
    record = await rooms.batches.get(call.caller.project, call.target.name)
    return operation(record, await rooms.batches.results(record))


async def list_jobs(rooms: Rooms, call: Call) -> ListBatchesResponse:
    """A page of the project's jobs, the newest first, without inline results."""
    if call.query.get("filter"):
        raise InvalidArgument("filter is not supported by batches.list; leave it out.", field="filter")
    size = page_size(call.query, PER_PAGE, MOST_PER_PAGE)
    found = await rooms.batches.page(call.caller.project, size + 1, row_before(call.query))
    shown = found[:size]
    return ListBatchesResponse(
        operations=tuple(operation(record) for record in shown),
        next_page_token=token_of(shown[-1].created_at, shown[-1].id) if len(found) > size else "",
    )


async def cancel(rooms: Rooms, call: Call) -> Empty:
    """Stops a job; one that has ended stays as it is."""
    await rooms.batches.cancel(call.caller.project, call.target.name)
    return Empty()


async def delete(rooms: Rooms, call: Call) -> Empty:
    """Stops and forgets a job."""
    await rooms.batches.delete(call.caller.project, call.target.name)
    return Empty()


def _wanted(call: Call, batch: NewBatchJob | None, method: str) -> NewBatch:
    """The job that a body asks for.  Raises InvalidArgument naming the field, Unimplemented for webhooks."""
    if batch is None:
        raise InvalidArgument("batch is missing: the body is {'batch': {'inputConfig': ...}}.", field="batch")
    model, given = call.target.name, batch.input_config or BatchInput()
    if batch.webhook_config is not None:
        raise Unimplemented("Webhooks (batch.webhookConfig) are not built yet on this server; ask batches.get instead.")
    if batch.model and batch.model.removeprefix("models/") != model:
        raise InvalidArgument(f"batch.model must be the model of the address, models/{model}.", field="batch.model")
    if given.requests is not None and given.file_name:
        message = "batch.inputConfig has requests and fileName; give one of them."
        raise InvalidArgument(message, field="batch.inputConfig")
    requests = given.requests.requests if given.requests is not None else ()
    for number, item in enumerate(requests):
        if item.request is None:
            field = f"batch.inputConfig.requests.requests[{number}].request"
            raise InvalidArgument(f"{field} is missing.", field=field)
    return NewBatch(
        project=call.caller.project,
        model=model,
        method=method,
        display_name=batch.display_name,
        priority=batch.priority,
        requests=[plain(item) for item in requests],
        input_file=spoken_id(given.file_name, "batch.inputConfig.fileName") if given.file_name else "",
    )


def operation(record: BatchRecord, results: Results | None = None) -> Operation:
    """A job as the wire shows it; None for `results` leaves inline ones out."""
    name, state, kind = f"batches/{record.id}", f"JOB_STATE_{record.state}", TYPES + KINDS[record.method]
    output = _output(record, results)
    succeeded = record.state == "SUCCEEDED"
    batch = Batch(
        type_url=kind,
        model=f"models/{record.model}",
        display_name=record.display_name,
        state=state,
        create_time=timestamp(record.created_at),
        update_time=timestamp(record.updated_at),
        end_time=timestamp(record.ended_at) if record.ended_at else "",
        input_config=ShownInput(file_name=f"files/{record.input_file}" if record.input_file else ""),
        batch_stats=_stats(record),
        output=output,
        priority=str(record.priority),
        name=name,
    )
    return Operation(
        name=name,
        metadata=batch,
        done=not record.live,
        state=state,
        dest=_destination(output),
        response=msgspec.structs.replace(output, type_url=kind + "Output") if output and succeeded else None,
        error=None if record.live or succeeded else _error(record),
    )


def _stats(record: BatchRecord) -> BatchStats:
    pending = record.requests - record.succeeded - record.failed
    counts = (record.requests, pending, record.succeeded, record.failed)
    asked, waiting, succeeded, failed = map(str, counts)
    return BatchStats(
        request_count=asked,
        pending_request_count=waiting,
        successful_request_count=succeeded,
        failed_request_count=failed,
    )


def _output(record: BatchRecord, results: Results | None) -> BatchOutput | None:
    """Where the results are, once there are any: those of a cancelled job are what was finished of it."""
    if record.state not in ("SUCCEEDED", "CANCELLED"):
        return None
    if record.output_file:
        return BatchOutput(responses_file=f"files/{record.output_file}")
    if results is None or record.output_blob is None:
        return None
    responses = InlinedResponses(inlined_responses=results)
    if record.method == EMBED:
        return BatchOutput(inlined_embed_content_responses=responses)
    return BatchOutput(inlined_responses=responses)


def _destination(output: BatchOutput | None) -> BatchDestination | None:
    if output is None:
        return None
    texts, vectors = output.inlined_responses, output.inlined_embed_content_responses
    return BatchDestination(
        file_name=output.responses_file,
        inlined_responses=texts.inlined_responses if texts is not None else None,
        inlined_embed_content_responses=vectors.inlined_responses if vectors is not None else None,
    )


def _error(record: BatchRecord) -> Status:
    """Why there is no result."""
    error: Mapping[str, Any] | None = record.error
    if error is None and record.state == "CANCELLED":
        error = Cancelled("The batch job was cancelled.").rpc_status()
    elif error is None and record.state == "EXPIRED":
        hours = (record.expires_at - record.created_at).total_seconds() / 3600
        error = DeadlineExceeded(
            f"The batch job was pending or running for more than {hours:g} hours ([batch] hours), and has no results; "
            "create it again, or as several smaller ones."
        ).rpc_status()
    elif error is None:
        error = Internal().rpc_status()
    return Status(code=error["code"], message=error["message"])
