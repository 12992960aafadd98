"""Pictures made of words and changed by them, at servers with OpenAI's images/generations and images/edits."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from pollux.engines.openai.framing import Frame, around, covering, nearest
from pollux.errors import ApiError, ConfigurationError, Internal
from tests.engines.openai.kit import ask, encoded, engine, part, picture, user
from tests.engines.openai.stub import Field, Play, Seen, answering, decoded

PAINTS = frozenset({"text", "image_in", "image_out"})
PAINTER = "gemini-2.5-flash-image"


def drawn(data: bytes) -> Play:
    return answering(200, json.dumps({"created": 1, "data": [{"b64_json": base64.b64encode(data).decode()}]}).encode())


async def painted(play: Play, *parts: Any, **more: Any) -> tuple[NDArray[np.uint8], Seen]:
    """The pixels that the caller gets, and what the stub got."""
    response, seen = await ask(play, body=user(*parts), asks_for=PAINTER, abilities=PAINTS, **more)
    content = response.candidates[0].content
    assert content is not None
    blob = content.parts[0].inline_data
    assert blob is not None
    return decoded(np.frombuffer(blob.data, np.uint8)), seen[-1]


def texts(seen: Seen) -> dict[str, str]:
    return {field.name: field.data.decode() for field in seen.body if not field.filename}


def files(seen: Seen) -> list[Field]:
    return [field for field in seen.body if field.filename]


def smooth(width: int, height: int) -> NDArray[np.uint8]:
    """A picture that survives being made larger and smaller: colour tells the place."""
    x, y = np.meshgrid(np.linspace(0, 255, width), np.linspace(0, 255, height))
    return np.stack([x, y, 255 - x], axis=2).astype(np.uint8)


async def test_a_picture_of_words() -> None:
    rgb = picture(1024, 1024)
    got, seen = await painted(drawn(encoded(rgb)), "A fox.", seed=3)
    assert np.array_equal(got, rgb)
    assert seen.path == "/v1/images/generations"
    assert seen.body == {
        "model": "open-model",
        "prompt": "A fox.",
        "size": "1024x1024",
        "n": 1,
        "response_format": "b64_json",
        "seed": 3,
    }


async def test_of_the_sizes_that_a_server_makes_the_nearest_is_asked_for_and_cut_to_the_canvas() -> None:
    sizes = ("1024x1024", "1536x1024", "1024x1536")
    got, seen = await painted(
        drawn(encoded(smooth(1536, 1024))),
        "A fox.",
        sizes=sizes,
        model="gpt-image-1",
        imageConfig={"aspectRatio": "16:9"},
    )
    assert seen.body["size"] == "1536x1024"
    assert "response_format" not in seen.body  # such models refuse to be asked
    assert got.shape == (768, 1344, 3)
    # Cut off above and below, not squeezed: 1024 - 1536 * 768 / 1344 rows are gone, half of them at the top.
    assert abs(int(got[0, 0, 1]) - 18) <= 2
    assert abs(int(got[-1, 0, 1]) - 237) <= 2
    assert (got[0, 0, 0], got[0, -1, 0]) == (0, 255)


async def test_a_picture_is_changed_at_its_size() -> None:
    data, made = encoded(picture(1000, 700), "jpg"), picture(1000, 700, seed=5)
    got, seen = await painted(drawn(encoded(made)), "Bluer.", part(data, "image/jpeg"), seed=4)
    assert np.array_equal(got, made)
    assert seen.path == "/v1/images/edits"
    wanted = {"model": "open-model", "prompt": "Bluer.", "size": "1008x704", "n": "1", "seed": "4"}
    assert texts(seen) == {**wanted, "response_format": "b64_json"}
    (file,) = files(seen)
    assert (file.name, file.filename, file.kind, file.data) == ("image", "picture-1.jpg", "image/jpeg", data)


async def test_several_references_keep_their_order_and_their_bytes() -> None:
    rgba = np.dstack([picture(320, 240), np.full((240, 320), 7, np.uint8)])
    buffer = io.BytesIO()
    Image.fromarray(rgba, "RGBA").save(buffer, "png")
    first, second = buffer.getvalue(), encoded(picture(30, 20, seed=2))
    bitmap = io.BytesIO()
    Image.fromarray(picture(16, 16, seed=3)).save(bitmap, "bmp")
    _, seen = await painted(
        drawn(encoded(picture())), "Put them", part(first), part(second), part(bitmap.getvalue(), "image/bmp"), "there"
    )
    assert texts(seen)["prompt"] == "Put them\nthere"
    assert [file.name for file in files(seen)] == ["image[]"] * 3
    assert [file.data for file in files(seen)[:2]] == [first, second]  # transparency too: servers take it for a mask
    assert np.array_equal(decoded(np.frombuffer(files(seen)[2].data, np.uint8)), picture(16, 16, seed=3))


async def test_a_mask_becomes_transparency_and_the_rest_stays_the_callers() -> None:
    own, made = picture(96, 64), picture(96, 64, seed=9)
    mask = np.zeros((64, 96, 3), np.uint8)
    mask[16:48, 32:80] = 255
    words = "Paint a ball where the mask is white."
    got, seen = await painted(drawn(encoded(made)), words, part(encoded(own)), part(encoded(mask)))
    image, alpha = files(seen)
    assert [image.name, alpha.name] == ["image", "mask"]
    assert image.data == encoded(own)
    rgba = cv2.imdecode(np.frombuffer(alpha.data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert rgba is not None
    assert np.array_equal(rgba[..., 3], 255 - mask[..., 0])
    outside = mask[..., 0] == 0
    assert np.array_equal(got[outside], own[outside])
    assert np.array_equal(got[30:34, 50:60], made[30:34, 50:60])


async def test_a_second_picture_that_is_no_mask_is_a_reference() -> None:
    pictures = part(encoded(picture(96, 64))), part(encoded(picture(96, 64, seed=2)))
    _, seen = await painted(drawn(encoded(picture(96, 64))), "Give him the mask of the other.", *pictures)
    assert [file.name for file in files(seen)] == ["image[]"] * 2


async def test_a_picture_of_another_ratio_gets_margins_that_are_cut_off_again() -> None:
    own = smooth(900, 300)

    def play(data: bytes) -> Play:
        return drawn(data)

    _, seen = await painted(play(encoded(smooth(64, 64))), "Same.", part(encoded(own)), sizes=("1024x1024",))
    sent = decoded(np.frombuffer(files(seen)[0].data, np.uint8))
    assert sent.shape == (900, 900, 3)
    assert np.array_equal(sent[300:600], own)
    # A server that gives the same back, at its own size: the caller's picture is where it was.
    back = cv2.resize(sent, (1024, 1024), interpolation=cv2.INTER_AREA)
    got, _ = await painted(play(encoded(np.asarray(back, np.uint8))), "Same.", part(encoded(own)), sizes=("1024x1024",))
    assert got.shape == own.shape
    assert np.abs(got.astype(int) - own.astype(int)).max() <= 4


@pytest.mark.parametrize(
    ("canvas", "sizes", "wanted"),
    [
        ((1024, 1024), (), (1024, 1024)),
        ((1000, 5), (), (1008, 16)),
        ((1344, 768), ("1024x1024", "1792x1024", "1024x1792"), (1792, 1024)),
        ((2048, 2048), ("256x256", "1024x1024", "1792x1024"), (1024, 1024)),
    ],
)
def test_nearest_sizes(canvas: tuple[int, int], sizes: tuple[str, ...], wanted: tuple[int, int]) -> None:
    assert nearest(*canvas, sizes) == wanted


def test_frames() -> None:
    assert around(1000, 700, (1008, 704)).empty
    assert around(300, 900, (100, 100)) == Frame(300, 900, left=300, right=300)
    frame = Frame(30, 10, top=7, bottom=13)
    whole = frame.padded(smooth(30, 10))
    assert whole.shape == (30, 30, 3)
    assert np.array_equal(frame.cut(whole), smooth(30, 10))
    assert covering(picture(1, 9), 7, 3).shape == (3, 7, 3)


@pytest.mark.parametrize(
    "play",
    [
        drawn(b"no picture"),
        drawn(encoded(picture())[:90]),
        answering(200, b'{"data": []}'),
        answering(200, b"[]"),
        answering(200, b'{"data": [{"url": "http://169.254.169.254/"}]}'),
    ],
)
@pytest.mark.parametrize("given", [[], [part(encoded(picture()))]])
async def test_what_is_no_picture(play: Play, given: list[Any]) -> None:
    with pytest.raises(Internal, match="holds no picture"):
        await painted(play, "A fox.", *given)


@pytest.mark.parametrize(("status", "code"), [(400, 400), (404, 404), (429, 429), (500, 500), (501, 501), (503, 503)])
async def test_refusals(status: int, code: int) -> None:
    with pytest.raises(ApiError) as caught:
        await painted(answering(status, b'{"error": {"message": "no edits here"}}'), "x", part(encoded(picture())))
    assert caught.value.code == code
    if status == 400:
        assert "no edits here" in caught.value.message


async def test_a_picture_without_words_is_refused() -> None:
    with pytest.raises(ApiError, match="say what the picture is to show"):
        await painted(drawn(b""), part(encoded(picture())))


def test_sizes_that_are_none() -> None:
    with pytest.raises(ConfigurationError, match="sizes"):
        engine("http://a/v1", sizes=("large",))
