"""Videos: operations that are kept, worked off one after another by one server at a time, and end in Files.

Whoever has the lock works.  An operation that was under way when its server died is begun anew by the next; its files
are named after it, so that none is made twice.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import logging
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from pollux.core.admit import Caller
from pollux.core.deadline import Deadline
from pollux.core.film import FPS, SIZES, Film, Reel, check_length
from pollux.core.generate import Core
from pollux.core.run import nth_seed, origin_of
from pollux.errors import (
    ApiError,
    Internal,
    InvalidArgument,
    NotFound,
    PermissionDenied,
    ResourceExhausted,
    Unavailable,
    Unimplemented,
)
from pollux.media import film as media_film
from pollux.media.provenance.stamp import Stamp
from pollux.services.files import Files, NewFile
from pollux.services.names import check_id, new_id
from pollux.stores.blobs import Full
from pollux.stores.locks import Lock
from pollux.stores.records import FileRecord, OperationRecord
from pollux.wire import lenient
from pollux.wire.content import Blob
from pollux.wire.methods import PREDICT_LONG
from pollux.wire.videos import PredictLongRunningRequest, VideoImage, VideoParameters

if TYPE_CHECKING:
    from pollux.core.film import Pixels

__all__ = ["OperationRecord", "Videos", "films"]

T = TypeVar("T")

log = logging.getLogger(__name__)

TICK = 1.0
"""Seconds between two looks for what another server took in."""
MOST_SAMPLES = 4
SECONDS = (4, 8)
"""Shortest and longest video; Veo 2 makes 5 to 8 seconds, Veo 3 4, 6 or 8."""
PATIENCE = 16
"""Ticks of the longest wait before a video that could not be made yet is tried again."""
_PEOPLE = ("", "allow_all", "allow_adult", "dont_allow")
_CHUNK = 1 << 20


@dataclass
class Videos:
    """The operations of every project.  `jobs` of a project may be under way at once."""

    core: Core
    files: Files
    stamp: Stamp
    jobs: int = 20
    seconds: float = 3600.0
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    async def create(self, project: str, model: str, request: PredictLongRunningRequest) -> OperationRecord:
        """Keeps a new operation.  Raises ApiError for what no video can be made of."""
        self._asked(model, request)
        now = self.files.clock()
        record = OperationRecord(new_id(), project, model, msgspec.json.encode(request), now, now)
        await asyncio.to_thread(self.files.records.add_operation, record, self.jobs)
        self.changed.set()
        return record

    async def get(self, project: str, operation_id: str) -> OperationRecord:
        """One operation.  Raises NotFound, PermissionDenied."""
        known = check_id(operation_id, "operations")
        found = await asyncio.to_thread(self.files.records.get_operation, known)
        if found is None:
            raise NotFound(f"There is no operation {operation_id}: it never was, or was forgotten.")
        if found.project != project:
            raise PermissionDenied(f"You do not have permission to access the operation {operation_id}.")
        return found

    async def at_once(self, project: str, model: str, request: PredictLongRunningRequest, path: Path) -> None:
        """Makes the first video that is asked for as a file at `path`; nothing of it is kept.  Raises ApiError."""
        await self._shoot(project, model, self._asked(model, request)[0], path)

    def _asked(self, model: str, request: PredictLongRunningRequest) -> list[Film]:
        """The videos of a request that can be made here.  Raises ApiError."""
        served = self.core.registry.resolve(model)
        served.require(PREDICT_LONG)
        media_film.require_encoder()
        asked = films(request)
        check_length(asked[0], served)
        return asked

    async def work(self, lock: Lock) -> None:
        """Until it is cancelled: whenever nobody else does, works off what there is."""
        try:
            while True:
                try:
                    while await asyncio.to_thread(lock.take) and await self._one():
                        pass
                except Unavailable as error:
                    log.warning("videos wait: %s", error.message)
                except Exception:
                    log.exception("videos wait")
                self.changed.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.changed.wait(), TICK)
        finally:
            await asyncio.shield(asyncio.to_thread(lock.release))

    async def _one(self) -> bool:
        """Works off the oldest; whether there was one."""
        records, now = self.files.records, self.files.clock()
        await asyncio.to_thread(records.forget_operations, now - self.files.policy.keep)
        record = await asyncio.to_thread(records.next_operation)
        if record is None:
            return False
        await asyncio.to_thread(partial(records.set_operation, record.id, now, state="RUNNING"))
        made: list[FileRecord] = []
        try:
            for number in range(len(_films(record))):
                made.append(await self._video(record, number))
            end: dict[str, Any] = {"state": "SUCCEEDED", "files": tuple(one.id for one in made)}
        except Exception as error:
            end = {"state": "FAILED", "error": _said(error, record).rpc_status()}
            for one in made:  # an operation that failed has no files
                with suppress(ApiError):
                    await self.files.delete(record.project, one.id)
        await asyncio.to_thread(partial(records.set_operation, record.id, self.files.clock(), request=b"", **end))
        return True

    async def _video(self, record: OperationRecord, number: int) -> FileRecord:
        """One of its videos, kept as a File."""
        name = record.id + ("" if not number else "bcd"[number - 1])
        found = await asyncio.to_thread(self.files.records.get_file, name)
        if found is not None and found.project == record.project:
            return found
        film = _films(record)[number]
        with tempfile.TemporaryDirectory(prefix="pollux-film-") as folder:
            path = Path(folder, "video.mp4")
            shoot = partial(self._shoot, record.project, record.model, film, path)
            await _patiently(shoot, Unavailable, ResourceExhausted)  # the server may be busy
            return await _patiently(partial(self._keep, record, name, path), Unavailable)

    async def _shoot(self, project: str, model: str, film: Film, path: Path) -> None:
        """Makes the video, marks its frames, and signs the file."""
        deadline, reel = Deadline.after(self.seconds), film.reel
        caller = Caller(project=project)
        out = await asyncio.to_thread(media_film.Film, path, reel.width, reel.height, reel.fps, "made with Pollux")
        try:
            async with aclosing(self.core.film(film, model, caller, deadline)) as frames:
                async for pixels in frames:
                    await _to_its_end(self._add, out, pixels)
        except BaseException:
            out.abandon()
            raise
        await _to_its_end(out.close)
        card = self.core.registry.resolve(model).card
        origin = origin_of(card, edited=film.first is not None)
        await asyncio.to_thread(self.stamp.sign_file, path, media_film.MIME_TYPE, origin)

    def _add(self, out: media_film.Film, pixels: Pixels) -> None:
        out.add(self.stamp.mark(pixels))

    async def _keep(self, record: OperationRecord, name: str, path: Path) -> FileRecord:
        blob, hasher = await self.files.blobs.create(), hashlib.sha256()

        async def chunks() -> AsyncIterator[bytes]:
            with path.open("rb") as file:
                while chunk := await asyncio.to_thread(file.read, _CHUNK):
                    hasher.update(chunk)
                    yield chunk

        try:
            size = await self.files.blobs.append(blob, 0, chunks())
            await self.files.blobs.seal(blob)
            return await self.files.born(
                NewFile(
                    project=record.project,
                    blob=blob,
                    size=size,
                    sha256=hasher.hexdigest(),
                    id=name,
                    display_name=f"{record.model} video",
                    declared=media_film.MIME_TYPE,
                    source="GENERATED",
                )
            )
        except BaseException:
            await asyncio.shield(self.files.release(blob))
            raise


async def _patiently(work: Callable[[], Awaitable[T]], *passing: type[ApiError]) -> T:
    """Done; where that fails in a way that may pass, again after a while, but not for ever."""
    wait = TICK
    while True:
        try:
            return await work()
        except passing as error:
            if isinstance(error, Full) or wait > TICK * PATIENCE:
                raise
            log.warning("a video is tried again: %s", error.message)
            await asyncio.sleep(wait)
            wait *= 2


async def _to_its_end(work: Callable[..., None], *given: object) -> None:
    """In a thread, whose end is waited for even when the caller is cancelled: a file is for one thread at a time."""
    task = asyncio.ensure_future(asyncio.to_thread(work, *given))
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise


def _said(error: Exception, record: OperationRecord) -> ApiError:
    """What the caller is told of a failure."""
    if isinstance(error, ApiError):
        if isinstance(error, Internal):
            log.error("video %s", record.id, exc_info=error.__cause__ or error)
        return error
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Full("The video could not be written: no space is left in the server's temporary folder.")
    log.error("video %s", record.id, exc_info=error)
    return Internal("The video could not be made.")


def films(request: PredictLongRunningRequest) -> list[Film]:
    """The videos that a request asks for.  Raises InvalidArgument, Unimplemented."""
    if len(request.instances) != 1:
        raise InvalidArgument("instances: give one instance.", field="instances")
    (instance,), parameters = request.instances, request.parameters or VideoParameters()
    if not instance.prompt.strip() and instance.image is None:
        raise InvalidArgument("instances[0]: give a prompt or an image.", field="instances[0].prompt")
    for value, feature in (
        (instance.video, "Extending videos (instances[].video)"),
        (instance.reference_images, "Reference images of videos (instances[].referenceImages)"),
        (request.webhook_config, "Webhooks (webhookConfig)"),
    ):
        if value:
            raise Unimplemented(f"{feature} is not built yet on this server.")
    if parameters.person_generation.lower() not in _PEOPLE:
        field_name = "parameters.personGeneration"
        raise InvalidArgument(f"{field_name} must be one of {', '.join(_PEOPLE[1:])}.", field=field_name)
    reel = _reel(parameters)
    prompt = instance.prompt
    if parameters.negative_prompt:
        prompt += f"\nWithout: {parameters.negative_prompt}"
    count = _between("sampleCount", parameters.sample_count or parameters.number_of_videos, 1, 1, MOST_SAMPLES)
    first, last = _blob(instance.image, "image"), _blob(instance.last_frame, "lastFrame")
    return [Film(prompt, reel, first, last, nth_seed(parameters.seed or 0, number)) for number in range(count)]


def _films(record: OperationRecord) -> list[Film]:
    return films(lenient.decode(PredictLongRunningRequest, record.request))


def _reel(parameters: VideoParameters) -> Reel:
    size = SIZES.get((parameters.aspect_ratio or "16:9", parameters.resolution or "720p"))
    if size is None:
        ratio_known = parameters.aspect_ratio in ("", "16:9", "9:16")
        field_name = "parameters.resolution" if ratio_known else "parameters.aspectRatio"
        raise InvalidArgument(
            f"{field_name}: aspectRatio must be 16:9 or 9:16, and resolution 720p or 1080p.", field=field_name
        )
    seconds = _between("durationSeconds", parameters.duration_seconds, SECONDS[1], *SECONDS)
    return Reel(*size, seconds, _between("fps", parameters.fps, FPS, FPS, FPS))


def _between(name: str, value: int | None, default: int, low: int, high: int) -> int:
    if value is None:
        return default
    if not low <= value <= high:
        field_name = f"parameters.{name}"
        allowed = f"{low} to {high}" if low != high else str(low)
        raise InvalidArgument(f"{field_name} must be {allowed}, not {value}.", field=field_name)
    return value


def _blob(image: VideoImage | None, name: str) -> Blob | None:
    if image is None:
        return None
    if image.gcs_uri or not image.bytes_base64_encoded:
        field_name = f"instances[0].{name}"
        raise InvalidArgument(f"{field_name}: send the picture's bytes (bytesBase64Encoded).", field=field_name)
    return Blob(mime_type=image.mime_type, data=image.bytes_base64_encoded)
