"""Files on real stores, with a clock that tests turn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pollux.services.files import FilePolicy, Files
from pollux.services.intake import Intake
from pollux.services.scratch import Scratch
from pollux.stores.blobs import Blobs
from pollux.stores.records import Records


@dataclass
class Clock:
    """Now, until it is turned."""

    now: datetime

    def __call__(self) -> datetime:
        return self.now

    def turn(self, **by: float) -> None:
        """Forward."""
        self.now += timedelta(**by)


def make_files(folder: Path, **policy: Any) -> Files:
    """Files with their database in `folder` and their blobs beside it."""
    records = Records.open(f"sqlite:///{folder / 'test.db'}")
    blobs = Blobs.open((folder / "blobs").as_uri(), records)
    clock = Clock(datetime.now(UTC))
    return Files(records, blobs, FilePolicy(**policy), clock=clock, scratch=Scratch(folder / "scratch"))


async def close(files: Files) -> None:
    """Lets go of everything."""
    await files.places.close()
    await files.close()
    files.records.close()


async def pieces(*chunks: bytes) -> AsyncIterator[bytes]:
    """A body."""
    for chunk in chunks:
        yield chunk


async def stored(files: Files, intake: Intake, upload_id: str) -> bytes:
    """The bytes of an upload so far."""
    upload = await intake.find(upload_id)
    return b"".join([chunk async for chunk in files.blobs.read(upload.record.blob)])
