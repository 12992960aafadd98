"""predictLongRunning and its operations: request -> value."""

from __future__ import annotations

from pollux.api.call import Call, Rooms
from pollux.errors import NotFound
from pollux.services.videos import OperationRecord
from pollux.wire.resources import Status, timestamp
from pollux.wire.videos import PredictLongRunningRequest, VideoOperation, answer


async def create(rooms: Rooms, call: Call) -> VideoOperation:
    """A video that will be made."""
    request = call.decode(PredictLongRunningRequest)
    return _shown(await rooms.videos.create(call.caller.project, call.target.name, request), call)


async def get(rooms: Rooms, call: Call) -> VideoOperation:
    """How it stands with one."""
    model, _, operation_id = call.target.name.partition("/operations/")
    record = await rooms.videos.get(call.caller.project, operation_id)
    if record.model != model:
        raise NotFound(f"There is no operation {operation_id} of models/{model[:60]}.")
    return _shown(record, call)


def _shown(record: OperationRecord, call: Call) -> VideoOperation:
    name = f"models/{record.model}/operations/{record.id}"
    metadata = {"createTime": timestamp(record.created_at), "updateTime": timestamp(record.updated_at)}
    if record.live:
        return VideoOperation(name=name, metadata={**metadata, "state": record.state})
    if record.error is not None:
        error = Status(code=record.error["code"], message=record.error["message"])
        return VideoOperation(name=name, done=True, metadata=metadata, error=error)
    uris = [f"{call.base}/v1beta/files/{one}:download?alt=media" for one in record.files]
    return VideoOperation(name=name, done=True, metadata=metadata, response=answer(uris))
