"""Imagen and Veo, by the clients that still ask for them; newer ones refuse by themselves."""

from __future__ import annotations

import asyncio
import io
import tempfile
import time
from pathlib import Path
from typing import Any

import PIL.Image
from google import genai
from google.genai import types

from tests.sdk.scenarios.brush import opened, pixel
from tests.sdk.scenarios.kit import Here, refused
from tests.sdk.scenarios.words import holds, needs, paints, raises, same

IMAGEN = "imagen-4.0-generate-001"
VEO = "veo-3.1-generate-preview"
_VERSION = int(genai.__version__.partition(".")[0])


def imagen(here: Here) -> None:
    config = types.GenerateImagesConfig(
        number_of_images=2, aspect_ratio="16:9", person_generation=types.PersonGeneration.ALLOW_ADULT
    )
    if _VERSION > 1:
        asked = {"model": IMAGEN, "prompt": "a red robot", "config": config}
        raises(ValueError, lambda: here.client.models.generate_images(**asked))
        return
    answer: Any = here.client.models.generate_images(model=IMAGEN, prompt="a red robot", config=config)
    same(len(answer.generated_images), 2)
    for one in answer.generated_images:
        picture = opened(one.image.image_bytes)
        same((one.image.mime_type, picture.size), ("image/png", (1408, 768)))
        paints(pixel(picture, 0), (220, 30, 30))


async def imagen_async_as_jpeg(here: Here) -> None:
    if _VERSION > 1:
        return
    config = types.GenerateImagesConfig(
        number_of_images=1, output_mime_type="image/jpeg", output_compression_quality=80, image_size="2K"
    )
    answer: Any = await here.client.aio.models.generate_images(model=IMAGEN, prompt="a red robot", config=config)
    (one,) = answer.generated_images
    picture = opened(one.image.image_bytes)
    same((picture.format, picture.size, one.image.mime_type), ("JPEG", (2048, 2048), "image/jpeg"))


def imagen_refusals(here: Here) -> None:
    if _VERSION > 1:
        return
    for config, field in (
        (types.GenerateImagesConfig(number_of_images=9), "sampleCount"),
        (types.GenerateImagesConfig(number_of_images=1, aspect_ratio="21:9"), "aspectRatio"),
    ):
        with refused(400, "INVALID_ARGUMENT", field):
            here.client.models.generate_images(model=IMAGEN, prompt="a robot", config=config)


def _short(**more: Any) -> types.GenerateVideosConfig:
    return types.GenerateVideosConfig(duration_seconds=4, **more)


def video(here: Here) -> None:
    """The guide's loop and download; the video is one of the files, with its length."""
    needs("script", "a model of videos")
    if _VERSION > 2:
        asked = {"model": VEO, "prompt": "a red robot", "config": _short()}
        raises(ValueError, lambda: here.client.models.generate_videos(**asked))  # type: ignore[arg-type]
        return
    operation: Any = here.client.models.generate_videos(
        model=VEO, prompt="a red robot", config=_short(aspect_ratio="9:16", resolution="720p", number_of_videos=1)
    )
    same(bool(operation.done), False)
    holds(operation.name, f"models/{VEO}/operations/")
    while not operation.done:
        time.sleep(0.1)
        operation = here.client.operations.get(operation)
    (generated,) = operation.response.generated_videos
    data = here.client.files.download(file=generated.video)
    same(data[4:8], b"ftyp")
    with tempfile.TemporaryDirectory() as folder:
        generated.video.save(str(Path(folder, "robot.mp4")))
        same(Path(folder, "robot.mp4").read_bytes(), data)
    name = "files/" + operation.name.rpartition("/")[2]
    holds(generated.video.uri, f"/{name}:download")
    file: Any = here.client.files.get(name=name)
    same((file.mime_type, file.source.name, file.state.name), ("video/mp4", "GENERATED", "ACTIVE"))
    holds(str(file.video_metadata), "4s")
    assert name in [one.name for one in here.client.files.list()]


async def video_of_a_picture_async(here: Here) -> None:
    needs("script", "a model of videos")
    if _VERSION > 2:
        return
    out = io.BytesIO()
    PIL.Image.new("RGB", (64, 36), "red").save(out, "png")
    image = types.Image(image_bytes=out.getvalue(), mime_type="image/png")
    operation: Any = await here.client.aio.models.generate_videos(
        model=VEO, prompt="a robot", image=image, config=_short()
    )
    while not operation.done:
        await asyncio.sleep(0.1)
        operation = await here.client.aio.operations.get(operation)
    same(operation.error, None)
    same(len(operation.response.generated_videos), 1)


def video_refusals(here: Here) -> None:
    needs("script", "a model of videos")
    if _VERSION > 2:
        return
    with refused(400, "INVALID_ARGUMENT", "durationSeconds"):
        here.client.models.generate_videos(
            model=VEO, prompt="a robot", config=types.GenerateVideosConfig(duration_seconds=60)
        )
    operation: Any = here.client.models.generate_videos(model=VEO, prompt="film nothing", config=_short())
    while not operation.done:
        time.sleep(0.1)
        operation = here.client.operations.get(operation)
    same((operation.error["code"], operation.response), (9, None))
    holds(operation.error["message"], "nothing to film")
