"""With keys: the chunks of an upload carry none."""

from __future__ import annotations

import io

from tests.sdk.scenarios.kit import Here, refused
from tests.sdk.scenarios.words import same


def chunks_need_no_key(here: Here) -> None:
    data = bytes(9 * 1024 * 1024)
    file = here.client.files.upload(file=io.BytesIO(data), config={"mime_type": "application/x-zeros"})
    same(file.size_bytes, len(data))


async def chunks_need_no_key_async(here: Here) -> None:
    data = bytes(9 * 1024 * 1024)
    file = await here.client.aio.files.upload(file=io.BytesIO(data), config={"mime_type": "application/x-zeros"})
    same(file.size_bytes, len(data))


def starting_needs_one(here: Here) -> None:
    stranger = here.connect("wrong")  # held: a client that nobody holds closes itself
    with refused(400, "INVALID_ARGUMENT", "API key"):
        stranger.files.upload(file=io.BytesIO(b"x"), config={"mime_type": "text/plain"})
