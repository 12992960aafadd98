"""What scenarios of batch jobs share."""

from __future__ import annotations

import io
import json
import time
from typing import Any

from tests.sdk.scenarios.kit import Here

DONE = {"JOB_STATE_SUCCEEDED", "JOB_STATE_FAILED", "JOB_STATE_CANCELLED", "JOB_STATE_EXPIRED"}


def finished(here: Here, job: Any) -> Any:
    """The guide's polling loop, with a shorter sleep."""
    batch_job = here.client.batches.get(name=job.name)
    while (batch_job.state.name if batch_job.state else "") not in DONE:
        time.sleep(0.05)
        batch_job = here.client.batches.get(name=job.name)
    return batch_job


def upload(here: Here, lines: list[Any]) -> str:
    """A file of these lines, strings as they are and anything else as JSON; its name."""
    data = "".join(line if isinstance(line, str) else json.dumps(line) + "\n" for line in lines).encode()
    config: Any = {"display_name": "my-batch-requests", "mime_type": "jsonl"}
    return here.client.files.upload(file=io.BytesIO(data), config=config).name or ""


def results(here: Here, job: Any) -> list[dict[str, Any]]:
    """The lines of the file that a job ended with."""
    content = here.client.files.download(file=job.dest.file_name)
    return [json.loads(line) for line in content.decode("utf-8").splitlines()]
