"""Batch jobs: the bodies that create them, and the Operation that shows one (batch-api reference).

Int64 fields go out as strings.  A field without a default here is always spelt out: scripts compare `done` with the
word "false", and counts of zero are counts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from pollux.wire.base import Json, Wire
from pollux.wire.resources import Status

TYPES = "type.googleapis.com/google.ai.generativelanguage.v1main."


class InlinedRequest(Wire, frozen=True):
    """One request of an inline job, judged when it runs; `metadata` comes back with its result."""

    request: Json | None = None
    metadata: Json | None = None


class InlinedRequests(Wire, frozen=True):
    """The inner half of `requests.requests`."""

    requests: tuple[InlinedRequest, ...] = ()


class BatchInput(Wire, frozen=True):
    """Requests inline, or the name of a JSONL file."""

    requests: InlinedRequests | None = None
    file_name: str = ""


class NewBatchJob(Wire, frozen=True):
    """What a caller may say of a job that is to be."""

    model: str = ""
    display_name: str = ""
    input_config: BatchInput | None = None
    priority: int = 0
    webhook_config: Json | None = None


class BatchGenerateContentRequest(Wire, frozen=True):
    """Body of batchGenerateContent."""

    batch: NewBatchJob | None = None


class AsyncBatchEmbedContentRequest(BatchGenerateContentRequest, frozen=True):
    """Body of asyncBatchEmbedContent."""


class InlinedResponses(Wire, frozen=True):
    """Results in the order of the requests: `response` or `error`, and `metadata` if it was given."""

    inlined_responses: Sequence[msgspec.Raw]


class BatchOutput(Wire, frozen=True):
    """Where the results are.  `type_url` is set where the message stands in an Any (`Operation.response`)."""

    type_url: str = msgspec.field(name="@type", default="")
    responses_file: str = ""
    inlined_responses: InlinedResponses | None = None
    inlined_embed_content_responses: InlinedResponses | None = None


class BatchDestination(Wire, frozen=True):
    """The results once more, at the top: what the shell script for pictures in batch reads."""

    file_name: str = ""
    inlined_responses: Sequence[msgspec.Raw] | None = None
    inlined_embed_content_responses: Sequence[msgspec.Raw] | None = None


class BatchStats(Wire, frozen=True):
    """How far a job is."""

    request_count: str
    pending_request_count: str
    successful_request_count: str
    failed_request_count: str


class ShownInput(Wire, frozen=True):
    """The input as it is shown: inline requests are left out."""

    file_name: str = ""


class Batch(Wire, frozen=True):
    """A job: `Operation.metadata`.  Times are RFC 3339."""

    type_url: str = msgspec.field(name="@type")
    model: str
    state: str
    create_time: str
    update_time: str
    input_config: ShownInput
    batch_stats: BatchStats
    priority: str
    name: str
    display_name: str = ""
    end_time: str = ""
    output: BatchOutput | None = None


class Operation(Wire, frozen=True):
    """A job as every method answers it."""

    name: str
    metadata: Batch
    done: bool
    state: str
    dest: BatchDestination | None = None
    response: BatchOutput | None = None
    error: Status | None = None


class ListBatchesResponse(Wire, frozen=True):
    """A page of jobs."""

    operations: tuple[Operation, ...] = ()
    next_page_token: str = ""


def plain(request: InlinedRequest) -> dict[str, Any]:
    """A request of an inline job as the line of a file."""
    line: dict[str, Any] = {"request": request.request}
    if request.metadata is not None:
        line["metadata"] = request.metadata
    return line
