"""Imagen's `predict`, as the older official clients send it (wire contract, "generate_images")."""

from __future__ import annotations

from pollux.wire.base import Int32, Json, Wire


class ImagenInstance(Wire, frozen=True):
    """What is to be made.  Clients for editing send pictures; they have no method here."""

    prompt: str = ""
    image: Json | None = None
    reference_images: tuple[Json, ...] = ()


class ImagenOutput(Wire, frozen=True):
    """The files."""

    mime_type: str = ""
    compression_quality: Int32 | None = None


class ImagenParameters(Wire, frozen=True):
    """How it is to be made."""

    sample_count: Int32 | None = None
    aspect_ratio: str = ""
    sample_image_size: str = ""
    image_size: str = ""
    negative_prompt: str = ""
    seed: Int32 | None = None
    guidance_scale: float | None = None
    person_generation: str = ""
    safety_setting: str = ""
    safety_filter_level: str = ""
    language: str = ""
    enhance_prompt: bool | None = None
    add_watermark: bool | None = None
    include_safety_attributes: bool = False
    include_rai_reason: bool = False
    output_options: ImagenOutput | None = None


class PredictRequest(Wire, frozen=True):
    """Body of predict."""

    instances: tuple[ImagenInstance, ...] = ()
    parameters: ImagenParameters | None = None


class Prediction(Wire, frozen=True):
    """One picture, or why there is none."""

    mime_type: str = ""
    bytes_base64_encoded: bytes = b""
    rai_filtered_reason: str = ""


class PredictResponse(Wire, frozen=True):
    """Answer of predict."""

    predictions: tuple[Prediction, ...] = ()
