"""Resources with names: models and files; batch jobs are in batches.py."""

from __future__ import annotations

from datetime import UTC, datetime

from pollux.wire.base import Wire


def timestamp(moment: datetime) -> str:
    """RFC 3339 in UTC, to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Model(Wire, frozen=True):
    """A model as `models.get` and `models.list` show it."""

    name: str
    base_model_id: str = ""
    version: str = ""
    display_name: str = ""
    description: str = ""
    input_token_limit: int = 0
    output_token_limit: int = 0
    supported_generation_methods: tuple[str, ...] = ()
    temperature: float | None = None
    max_temperature: float | None = None
    top_p: float | None = None
    top_k: int | None = None
    thinking: bool = False


class ListModelsResponse(Wire, frozen=True):
    """A page of models."""

    models: tuple[Model, ...] = ()
    next_page_token: str = ""


class FileVideoMetadata(Wire, frozen=True):
    """How long a video or a recording is: a protobuf duration ("3s", "1.5s")."""

    video_duration: str = ""


class Status(Wire, frozen=True):
    """google.rpc.Status inside a resource: why it failed.  `code` is the google.rpc number."""

    code: int = 0
    message: str = ""


class File(Wire, frozen=True):
    """A file of the Files API.  Times are RFC 3339; `size_bytes` is a number in a string."""

    name: str = ""
    display_name: str = ""
    mime_type: str = ""
    size_bytes: str = ""
    create_time: str = ""
    update_time: str = ""
    expiration_time: str = ""
    sha256_hash: str = ""
    uri: str = ""
    download_uri: str = ""
    state: str = ""
    source: str = ""
    video_metadata: FileVideoMetadata | None = None
    error: Status | None = None


class FileMetadata(Wire, frozen=True):
    """What a caller may say of a file that is to be: anything else in `file` is for us to say."""

    name: str = ""
    display_name: str = ""
    mime_type: str = ""
    size_bytes: int | None = None


class CreateFileRequest(Wire, frozen=True):
    """The body that starts an upload; `{}` and no body at all do too."""

    file: FileMetadata | None = None


class CreateFileResponse(Wire, frozen=True):
    """The end of an upload: the File under a key of its own, unlike `files.get`."""

    file: File


class ListFilesResponse(Wire, frozen=True):
    """A page of files."""

    files: tuple[File, ...] = ()
    next_page_token: str = ""


class Empty(Wire, frozen=True):
    """`{}`: it was done."""
