"""Imagen's and Veo's doors: pictures and videos of a scripted painter, as their clients ask for them."""

from __future__ import annotations

import base64
import io
import json
import time
from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pytest
from PIL import Image

from pollux.engines.base import Frame, Picture, Prompt, Stop
from pollux.engines.scripted import ScriptedEngine, Step
from pollux.media.provenance import watermark
from pollux.media.provenance.manifest import read
from pollux.testing import RunningServer, running
from pollux.wire.content import Part
from tests.api.http import Reply, send

IMAGEN = "/v1beta/models/imagen-4.0-generate-001:predict"
VEO = "/v1beta/models/veo-3.1-generate-preview"
DOT = base64.b64encode(
    b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
    b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"
).decode()


def script(prompt: Prompt) -> Iterable[Step]:
    """Even pictures, of a grey by the candidate; videos that get lighter; what is "impossible" is not made."""
    said = "".join(piece.text or "" for turn in prompt.turns for piece in turn.pieces if isinstance(piece, Part))
    if "impossible" in said:
        yield Stop("STOP", "That cannot be drawn.")
    elif prompt.canvas is not None:
        shape = (prompt.canvas.height, prompt.canvas.width, 3)
        yield Picture(np.full(shape, 40 + 20 * prompt.candidate, np.uint8))
    elif prompt.reel is not None:
        for number in range(prompt.reel.frames):
            shape = (prompt.reel.height, prompt.reel.width, 3)
            yield Frame(np.full(shape, min(255, 60 + number), np.uint8))


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with running(ScriptedEngine(script), {}) as server:
        yield server


@pytest.fixture(scope="module")
def url(server: RunningServer) -> str:
    return server.url


def ask(url: str, path: str, parameters: dict[str, Any] | None = None, **instance: Any) -> Reply:
    body = {"instances": [{"prompt": "a lighthouse", **instance}], "parameters": parameters or {}}
    return send(url, "POST", path, json.dumps(body).encode())


def test_pictures(url: str) -> None:
    asked = {"sampleCount": 2, "aspectRatio": "16:9", "personGeneration": "ALLOW_ADULT", "guidanceScale": 3.5}
    predictions = ask(url, IMAGEN, asked).json["predictions"]
    pictures = [Image.open(io.BytesIO(base64.b64decode(one["bytesBase64Encoded"]))) for one in predictions]
    assert [(picture.size, picture.format) for picture in pictures] == [((1408, 768), "PNG")] * 2
    assert [round(float(np.asarray(picture).mean())) for picture in pictures] == [40, 60]
    assert predictions[0]["mimeType"] == "image/png"


def test_jpeg_and_the_larger_size(url: str) -> None:
    asked = {
        "sampleCount": 1,
        "sampleImageSize": "2K",
        "outputOptions": {"mimeType": "image/jpeg", "compressionQuality": 60},
    }
    (one,) = ask(url, IMAGEN, asked).json["predictions"]
    data = base64.b64decode(one["bytesBase64Encoded"])
    with Image.open(io.BytesIO(data)) as picture:
        assert (picture.size, picture.format) == ((2048, 2048), "JPEG")
        assert watermark.detect(np.asarray(picture)).found
    claim = read(data, "image/jpeg")
    assert claim is not None
    assert claim.sound


def test_what_is_not_made_says_why(url: str) -> None:
    (one,) = ask(url, IMAGEN, {"sampleCount": 1}, prompt="impossible").json["predictions"]
    assert one == {"raiFilteredReason": "That cannot be drawn."}


@pytest.mark.parametrize(
    ("parameters", "instance", "said"),
    [
        ({"sampleCount": 5}, {}, "sampleCount"),
        ({"sampleCount": 0}, {}, "sampleCount"),
        ({"aspectRatio": "21:9"}, {}, "aspectRatio"),
        ({"sampleImageSize": "4K"}, {}, "imageSize"),
        ({"personGeneration": "sure"}, {}, "personGeneration"),
        ({"outputOptions": {"mimeType": "image/gif"}}, {}, "mimeType"),
        ({"outputOptions": {"compressionQuality": 101}}, {}, "compressionQuality"),
        ({}, {"prompt": " "}, "prompt"),
    ],
)
def test_pictures_that_cannot_be(url: str, parameters: dict[str, Any], instance: dict[str, Any], said: str) -> None:
    reply = ask(url, IMAGEN, parameters, **instance)
    assert reply.status == 400
    assert said in reply.error["message"]


def test_ultra_makes_one(url: str) -> None:
    path = "/v1beta/models/imagen-4.0-ultra-generate-001:predict"
    assert len(ask(url, path).json["predictions"]) == 1
    assert ask(url, path, {"sampleCount": 2}).status == 400


def ended(url: str, name: str) -> dict[str, Any]:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        operation: dict[str, Any] = send(url, "GET", f"/v1beta/{name}").json
        if operation.get("done"):
            return operation
        time.sleep(0.1)
    raise AssertionError("the operation does not end")


def test_a_video(url: str) -> None:
    asked = {"durationSeconds": 4, "aspectRatio": "9:16", "resolution": "720p", "sampleCount": 1}
    begun = ask(url, f"{VEO}:predictLongRunning", asked, image={"bytesBase64Encoded": DOT, "mimeType": "image/gif"})
    name = begun.json["name"]
    assert name.startswith("models/veo-3.1-generate-preview/operations/")
    assert "done" not in begun.json
    (sample,) = ended(url, name)["response"]["generateVideoResponse"]["generatedSamples"]
    path = sample["video"]["uri"].removeprefix(url)
    data = send(url, "GET", path).body
    assert data[4:8] == b"ftyp"
    claim = read(data, "video/mp4")
    assert claim is not None
    assert claim.sound
    file = send(url, "GET", path.partition(":download")[0]).json
    assert (file["state"], file["videoMetadata"]["videoDuration"]) == ("ACTIVE", "4s")


def test_a_video_that_fails(url: str) -> None:
    begun = ask(url, f"{VEO}:predictLongRunning", {"durationSeconds": 4}, prompt="impossible")
    operation = ended(url, begun.json["name"])
    assert operation["error"] == {"code": 9, "message": "That cannot be drawn."}
    assert "response" not in operation


@pytest.mark.parametrize(
    ("parameters", "instance", "status", "said"),
    [
        ({"durationSeconds": 60}, {}, 400, "durationSeconds"),
        ({"aspectRatio": "1:1"}, {}, 400, "aspectRatio"),
        ({"resolution": "8k"}, {}, 400, "resolution"),
        ({}, {"prompt": ""}, 400, "prompt"),
        ({}, {"image": {"gcsUri": "gs://x/y"}}, 400, "image"),
        ({}, {"video": {"uri": "x"}}, 501, "Extending"),
    ],
)
def test_videos_that_cannot_be(
    url: str, parameters: dict[str, Any], instance: dict[str, Any], status: int, said: str
) -> None:
    reply = ask(url, f"{VEO}:predictLongRunning", parameters, **instance)
    assert reply.status == status
    assert said in reply.error["message"]


@pytest.mark.parametrize("name", ["veo-3.1-generate-preview/operations/none", "x/operations/..", "x/operations/a/b"])
def test_operations_that_are_none(url: str, name: str) -> None:
    assert send(url, "GET", f"/v1beta/models/{name}").status in (400, 404)
