"""A picture arrives as it was sent, however it was sent."""

from __future__ import annotations

import io
from typing import Any

import PIL.Image
from google.genai import types

from tests.sdk.scenarios.kit import FLASH, MIRROR, MIRROR_3, Here, detail, refused
from tests.sdk.scenarios.words import holds, same, sha


def _pieces(reflection: dict[str, Any]) -> list[dict[str, Any]]:
    return [piece for piece in reflection["turns"][-1]["pieces"] if "media" in piece]


def _encode(picture: PIL.Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind)
    return out.getvalue()


def bytes_arrive_exactly(here: Here) -> None:
    for name in ("cat.jpg", "receipt.png", "qr-code.png"):
        (piece,) = _pieces(here.mirror([here.part(name), "What is it?"]))
        with PIL.Image.open(here.file(name)) as picture:
            size, kind = list(picture.size), f"image/{(picture.format or '').lower()}"
        same(piece, {"media": kind, "sha256": sha(here.read(name)), "size": size, "level": ""})


def formats(here: Here) -> None:
    with PIL.Image.open(here.file("coffee.jpg")) as picture:
        small = picture.resize((60, 40))
    for kind in ("png", "jpeg", "webp", "gif", "bmp", "tiff"):
        data = _encode(small, kind)
        (piece,) = _pieces(here.mirror([types.Part.from_bytes(data=data, mime_type=f"image/{kind}")]))
        same((piece["media"], piece["sha256"], piece["size"]), (f"image/{kind}", sha(data), [60, 40]))


def wrong_type_of_a_right_picture(here: Here) -> None:
    part: Any = types.Part.from_bytes(data=here.read("cat.jpg"), mime_type="image/png")
    same(_pieces(here.mirror([part]))[0]["media"], "image/jpeg")


def pil_from_a_file(here: Here) -> None:
    with PIL.Image.open(here.file("cat.jpg")) as cat, PIL.Image.open(here.file("receipt.png")) as receipt:
        sizes = [list(cat.size), list(receipt.size)]
        pieces = _pieces(here.mirror(["What are these?", cat, receipt]))
    same([p["media"] for p in pieces], ["image/jpeg", "image/png"])
    same([p["size"] for p in pieces], sizes)


def pil_in_memory(here: Here) -> None:
    picture = PIL.Image.new("RGB", (30, 20), "red")
    (piece,) = _pieces(here.mirror([picture, "Which colour?"]))
    same((piece["media"], piece["size"]), ("image/png", [30, 20]))


def sideways_photograph(here: Here) -> None:
    with PIL.Image.open(here.file("rotated-notice.jpg")) as picture:
        upright = list(reversed(picture.size))
    same(_pieces(here.mirror([here.part("rotated-notice.jpg")]))[0]["size"], upright)


def several_in_order(here: Here) -> None:
    names = ["cat.jpg", "coffee.jpg", "cat.jpg", "sign.jpg"]
    pieces = _pieces(here.mirror(["Compare:", *(here.part(name) for name in names)]))
    same([p["sha256"] for p in pieces], [sha(here.read(name)) for name in names])


def resolution_for_all(here: Here) -> None:
    for model in (MIRROR, MIRROR_3):
        level = types.MediaResolution.MEDIA_RESOLUTION_LOW
        (piece,) = _pieces(here.mirror([here.part("cat.jpg")], model, media_resolution=level))
        same(piece["level"], "MEDIA_RESOLUTION_LOW")


def resolution_of_a_part(here: Here) -> None:
    for level in ("MEDIA_RESOLUTION_LOW", "MEDIA_RESOLUTION_HIGH", "MEDIA_RESOLUTION_ULTRA_HIGH"):
        part = here.part("cat.jpg", media_resolution=types.PartMediaResolutionLevel(level))
        whole = types.MediaResolution.MEDIA_RESOLUTION_MEDIUM
        pieces = _pieces(here.mirror([part, here.part("coffee.jpg")], MIRROR_3, media_resolution=whole))
        same([p["level"] for p in pieces], [level, "MEDIA_RESOLUTION_MEDIUM"])


def resolution_of_a_part_on_older_models(here: Here) -> None:
    part = here.part("cat.jpg", media_resolution=types.PartMediaResolutionLevel.MEDIA_RESOLUTION_HIGH)
    with refused(400, "INVALID_ARGUMENT", "mediaResolution") as caught:
        here.client.models.generate_content(model=FLASH, contents=["a", part])
    (violation,) = detail(caught[0], "BadRequest")["fieldViolations"]
    same(violation["field"], "contents[0].parts[1].mediaResolution")


def broken_pictures(here: Here) -> None:
    whole = here.read("cat.jpg")
    for data in (b"", whole[: len(whole) // 2], b"not a picture at all"):
        part: Any = types.Part.from_bytes(data=data, mime_type="image/jpeg")
        with refused(400, "INVALID_ARGUMENT") as caught:
            here.client.models.generate_content(model=FLASH, contents=["What is it?", part])
        (violation,) = detail(caught[0], "BadRequest")["fieldViolations"]
        holds(violation["field"], "contents[0].parts[1]")


def addresses_inside_are_refused(here: Here) -> None:
    part: Any = types.Part.from_uri(file_uri=here.url + "/healthz", mime_type="image/png")
    with refused(400, "INVALID_ARGUMENT") as caught:
        here.client.models.generate_content(model=FLASH, contents=[part])
    (violation,) = detail(caught[0], "BadRequest")["fieldViolations"]
    holds(violation["field"], "contents[0].parts[0].fileData")
