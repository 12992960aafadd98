"""Pictures of pictures: from PIL, from files, of every kind, too many, and broken."""

from __future__ import annotations

import io
import wave
from typing import Any

import PIL.Image
from google.genai import types

from tests.sdk.scenarios.brush import NANO, PRO, encoded, pixel, shown, tokens
from tests.sdk.scenarios.kit import Here, detail, refused
from tests.sdk.scenarios.words import CAN, holds, paints, same

BLUE = (30, 60, 220)


def _edit(here: Here, *contents: Any, model: str = NANO, **config: Any) -> types.GenerateContentResponse:
    given = types.GenerateContentConfig(**config) if config else None
    return here.client.models.generate_content(model=model, contents=list(contents), config=given)


def a_picture_of_pil(here: Here) -> None:
    """The guide's example: the answer has the picture's own size, and its pixels where nothing was changed."""
    with PIL.Image.open(here.file("receipt.png")) as image:
        before = image.convert("RGB")
        (after,) = shown(_edit(here, "Paint the left half blue.", image))
    same(after.size, before.size)
    box = (before.width // 2 + 1, 0, *before.size)
    paints(after.crop(box).tobytes(), before.crop(box).tobytes())
    paints(pixel(after, 0), BLUE)


def a_file(here: Here) -> None:
    file = here.client.files.upload(file=here.file("receipt.png"))
    with PIL.Image.open(here.file("receipt.png")) as image:
        size = image.size
    answer = _edit(here, "Paint the left half blue.", file)
    same([picture.size for picture in shown(answer)], [size])


async def a_file_async(here: Here) -> None:
    file = await here.client.aio.files.upload(file=here.file("qr-code.png"))
    contents: list[Any] = [file, "Paint the left half blue."]
    answer = await here.client.aio.models.generate_content(model=NANO, contents=contents)
    paints(pixel(shown(answer)[0], 0), BLUE)


def a_ratio_of_its_own(here: Here) -> None:
    small = encoded(PIL.Image.new("RGB", (60, 40), "red"))
    same([one.size for one in shown(_edit(here, small, "blue"))], [(60, 40)])
    shaped = _edit(here, small, "blue", image_config=types.ImageConfig(aspect_ratio="16:9"))
    same(([one.size for one in shown(shaped)], tokens(shaped)["IMAGE"]), ([(1344, 768)], 1290))
    large = _edit(here, small, "blue", model=PRO, image_config=types.ImageConfig(image_size="2K"))
    same([one.size for one in shown(large)], [(2048, 2048)])


def fourteen_pictures_and_one_more(here: Here) -> None:
    pictures = [encoded(PIL.Image.new("RGB", (8, 8), (n, n, n))) for n in range(15)]
    answer = _edit(here, "An office group photo of these people.", *pictures[:14], model=PRO)
    same(len(shown(answer)), 1)
    with refused(400, "INVALID_ARGUMENT", "14", "15") as caught:
        _edit(here, "An office group photo of these people.", *pictures, model=PRO)
    (violation,) = detail(caught[0], "BadRequest")["fieldViolations"]
    holds(violation["field"], "contents")


def strange_pictures(here: Here) -> None:
    """Each keeps its size and its colours, whatever its format."""
    palette = PIL.Image.new("P", (60, 50), 1)
    palette.putpalette([255, 0, 0, 0, 160, 0])
    frames = [PIL.Image.new("RGB", (60, 50), (0, 160, 0)), PIL.Image.new("RGB", (60, 50), "red")]
    cases = [
        (encoded(PIL.Image.new("RGB", (1, 1), "red")), (1, 1), None),
        (encoded(PIL.Image.new("RGB", (6000, 50), (0, 160, 0))), (6000, 50), (0, 160, 0)),
        (encoded(PIL.Image.new("RGB", (50, 6000), (0, 160, 0))), (50, 6000), (0, 160, 0)),
        (encoded(PIL.Image.new("CMYK", (60, 50), (0, 255, 255, 0)), "jpeg"), (60, 50), (254, 0, 0)),
        (encoded(palette, transparency=0), (60, 50), (0, 160, 0)),
        (encoded(PIL.Image.new("I;16", (60, 50), 0x8000)), (60, 50), (128, 128, 128)),
        (encoded(PIL.Image.new("1", (60, 50), 1)), (60, 50), (255, 255, 255)),
        (encoded(frames[0], "gif", save_all=True, append_images=frames[1:]), (60, 50), (0, 160, 0)),
        (encoded(PIL.Image.new("RGB", (60, 50), (0, 160, 0)), "webp", lossless=True), (60, 50), (0, 160, 0)),
        (encoded(PIL.Image.new("RGB", (60, 50), (0, 160, 0)), "bmp"), (60, 50), (0, 160, 0)),
    ]
    if "script" not in CAN:  # models say how long a picture may be
        cases = [case for case in cases if max(case[1]) <= 8 * min(case[1])]
    for part, size, colour in cases:
        (picture,) = shown(_edit(here, part, "Make it blue."))
        same(picture.size, size)
        paints(pixel(picture, 0), BLUE)
        if colour is not None and "script" in CAN:
            found = pixel(picture, size[0] - 1)
            assert all(abs(a - b) <= 2 for a, b in zip(found, colour, strict=True)), (part.inline_data.mime_type, found)


def a_sideways_photograph(here: Here) -> None:
    with PIL.Image.open(here.file("rotated-notice.jpg")) as image:
        upright = image.size[::-1]
    same([one.size for one in shown(_edit(here, here.part("rotated-notice.jpg"), "blue"))], [upright])


def broken_pictures(here: Here) -> None:
    whole = here.read("receipt.png")
    for data in (b"", whole[: len(whole) // 2], whole[:8] + b"\xff" * 500, b"no picture"):
        part: Any = types.Part.from_bytes(data=data, mime_type="image/png")
        with refused(400, "INVALID_ARGUMENT") as caught:
            _edit(here, "Make it blue.", part)
        (violation,) = detail(caught[0], "BadRequest")["fieldViolations"]
        holds(violation["field"], "contents[0].parts[1]")


def sound_is_refused(here: Here) -> None:
    """The guide: no audio or video inputs."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(16_000))
    part: Any = types.Part.from_bytes(data=out.getvalue(), mime_type="audio/wav")
    with refused(400, "INVALID_ARGUMENT", "audio"):
        _edit(here, "Draw it.", part)


def what_was_drawn_is_edited(here: Here) -> None:
    """A picture of one answer is the input of the next request, without a chat."""
    (image,) = shown(_edit(here, "a red square"))
    (picture,) = shown(_edit(here, image, "Make it green."))
    paints(pixel(picture, 0), (30, 160, 60))
