"""Veo's `predictLongRunning` and its operations, as the official clients send and read them (wire contract)."""

from __future__ import annotations

from collections.abc import Sequence

from pollux.wire.base import Int32, Json, Wire
from pollux.wire.resources import Status


class VideoImage(Wire, frozen=True):
    """A picture to begin or to end with."""

    bytes_base64_encoded: bytes = b""
    gcs_uri: str = ""
    mime_type: str = ""


class VideoInstance(Wire, frozen=True):
    """What is to be made."""

    prompt: str = ""
    image: VideoImage | None = None
    last_frame: VideoImage | None = None
    video: Json | None = None
    reference_images: tuple[Json, ...] = ()


class VideoParameters(Wire, frozen=True):
    """How it is to be made."""

    sample_count: Int32 | None = None
    number_of_videos: Int32 | None = None
    duration_seconds: Int32 | None = None
    aspect_ratio: str = ""
    resolution: str = ""
    person_generation: str = ""
    negative_prompt: str = ""
    enhance_prompt: bool | None = None
    generate_audio: bool | None = None
    seed: Int32 | None = None
    fps: Int32 | None = None


class PredictLongRunningRequest(Wire, frozen=True):
    """Body of predictLongRunning."""

    instances: tuple[VideoInstance, ...] = ()
    parameters: VideoParameters | None = None
    webhook_config: Json | None = None


ANSWER = "type.googleapis.com/google.ai.generativelanguage.v1beta.PredictLongRunningResponse"


def answer(uris: Sequence[str]) -> Json:
    """The response of an operation that ended well: where its videos are fetched, with the caller's key."""
    samples = [{"video": {"uri": uri}} for uri in uris]
    return {"@type": ANSWER, "generateVideoResponse": {"generatedSamples": samples}}


class VideoOperation(Wire, frozen=True):
    """A video under way, or done."""

    name: str
    done: bool | None = None
    metadata: Json | None = None
    error: Status | None = None
    response: Json | None = None
