"""client.files: what is uploaded is what is there, and what requests that name it see."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import os
import random
import tempfile
from pathlib import Path
from typing import Any

import PIL.Image
from google.genai import types

from tests.sdk.scenarios.kit import FLASH, Here, refused
from tests.sdk.scenarios.words import holds, same, sha

MIB = 1024 * 1024
SIZES = [0, 1, 8 * MIB, 8 * MIB + 1, *([200 * MIB] if os.environ.get("POLLUX_SOAK") else [])]


def _bytes(size: int) -> bytes:
    return random.Random(size).randbytes(size)


def _check(file: Any, data: bytes, mime: str = "application/x-random") -> None:
    same((file.size_bytes, file.mime_type, file.state.name), (len(data), mime, "ACTIVE"))
    same(base64.b64decode(file.sha256_hash).decode(), hashlib.sha256(data).hexdigest())
    holds(file.uri, "/v1beta/" + file.name)
    assert file.create_time < file.expiration_time


def _pieces(reflection: dict[str, Any]) -> list[Any]:
    return [piece["sha256"] for piece in reflection["turns"][-1]["pieces"] if "media" in piece]


def sizes_by_handle(here: Here) -> None:
    for size in SIZES:
        data = _bytes(size)
        config: Any = {"mime_type": "application/x-random", "display_name": f"{size} bytes"}
        file = here.client.files.upload(file=io.BytesIO(data), config=config)
        _check(file, data)
        same(file.display_name, f"{size} bytes")


async def sizes_by_handle_async(here: Here) -> None:
    for size in SIZES:
        data = _bytes(size)
        config: Any = {"mime_type": "application/x-random"}
        _check(await here.client.aio.files.upload(file=io.BytesIO(data), config=config), data)


def sizes_by_path(here: Here) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            path = Path(folder) / f"{size}.bin"
            path.write_bytes(_bytes(size))
            config: Any = {"mime_type": "application/x-random"}
            _check(here.client.files.upload(file=str(path), config=config), _bytes(size))


async def several_at_once_async(here: Here) -> None:
    async def one(size: int) -> None:
        config: Any = {"mime_type": "application/x-random"}
        _check(await here.client.aio.files.upload(file=io.BytesIO(_bytes(size)), config=config), _bytes(size))

    await asyncio.gather(*(one(size) for size in range(1, 200_000, 20_000)))


def types_by_their_path(here: Here) -> None:
    file: Any = here.client.files.upload(file=here.file("cat.jpg"))
    _check(file, here.read("cat.jpg"), "image/jpeg")


def a_picture_in_many_requests(here: Here) -> None:
    file: Any = here.client.files.upload(file=here.file("cat.jpg"))
    for _ in range(3):
        same(_pieces(here.mirror([file, "What is it?"])), [sha(here.read("cat.jpg"))])
    part: Any = types.Part.from_uri(file_uri=file.uri, mime_type="image/jpeg")
    same(_pieces(here.mirror([part])), [sha(here.read("cat.jpg"))])
    bare: Any = types.Part(file_data=types.FileData(file_uri=file.name))
    same(_pieces(here.mirror([bare])), [sha(here.read("cat.jpg"))])


def inline_and_files_mixed(here: Here) -> None:
    cat: Any = here.client.files.upload(file=here.file("cat.jpg"))
    receipt: Any = here.client.files.upload(file=here.file("receipt.png"))
    contents = [cat, here.part("coffee.jpg"), "between", receipt, here.part("sign.jpg")]
    names = ("cat.jpg", "coffee.jpg", "receipt.png", "sign.jpg")
    same(_pieces(here.mirror(contents)), [sha(here.read(name)) for name in names])


def a_picture_of_pil(here: Here) -> None:
    """Encoded once, uploaded once, asked twice."""
    out = io.BytesIO()
    PIL.Image.new("RGB", (40, 30), "red").save(out, "png")
    out.seek(0)
    file: Any = here.client.files.upload(file=out, config={"mime_type": "image/png"})
    for _ in range(2):
        same(_pieces(here.mirror([file, "Which colour?"])), [sha(out.getvalue())])


def the_life_of_a_file(here: Here) -> None:
    name = f"files/life-{random.SystemRandom().randrange(10**12)}"
    made = here.client.files.upload(file=io.BytesIO(b"text"), config={"mime_type": "text/plain", "name": name})
    same(made.name, name)
    got = here.client.files.get(name=name)
    same((got.size_bytes, got.uri, got.sha256_hash), (4, made.uri, made.sha256_hash))
    with refused(409, "ALREADY_EXISTS", name):
        here.client.files.upload(file=io.BytesIO(b"text"), config={"mime_type": "text/plain", "name": name})
    here.client.files.delete(name=name)
    with refused(404, "NOT_FOUND", name):
        here.client.files.get(name=name)


async def the_life_of_a_file_async(here: Here) -> None:
    files = here.client.aio.files
    made = await files.upload(file=io.BytesIO(b"text"), config={"mime_type": "text/plain"})
    assert made.name
    same((await files.get(name=made.name)).uri, made.uri)
    assert made.name in [file.name async for file in await files.list(config={"page_size": 100})]
    await files.delete(name=made.name)
    with refused(404, "NOT_FOUND"):
        await files.get(name=made.name)


def lists_over_pages(here: Here) -> None:
    made = [here.client.files.upload(file=io.BytesIO(b"x"), config={"mime_type": "text/plain"}).name for _ in range(5)]
    listed = [file.name for file in here.client.files.list(config={"page_size": 2})]
    same([name for name in listed if name in made], made[::-1])


def a_bare_word_for_a_type(here: Here) -> None:
    config: Any = {"mime_type": "jsonl", "display_name": "my-batch-requests"}
    file: Any = here.client.files.upload(file=io.BytesIO(b'{"key": "1"}\n'), config=config)
    same((file.mime_type, file.state.name), ("application/jsonl", "ACTIVE"))


def what_is_no_picture_has_failed(here: Here) -> None:
    file: Any = here.client.files.upload(file=io.BytesIO(b"no picture"), config={"mime_type": "image/png"})
    same((file.state.name, file.error.code), ("FAILED", 3))
    with refused(400, "FAILED_PRECONDITION", "not in an ACTIVE state"):
        here.client.models.generate_content(model=FLASH, contents=[file, "a"])


def unknown_files(here: Here) -> None:
    for uri in ("files/nobody-has-this", here.url + "/v1beta/files/nobodyhasthis"):
        part: Any = types.Part.from_uri(file_uri=uri, mime_type="image/png")
        with refused(404, "NOT_FOUND"):
            here.client.models.generate_content(model=FLASH, contents=[part])


def uploaded_files_stay(here: Here) -> None:
    made = here.client.files.upload(file=io.BytesIO(b"text"), config={"mime_type": "text/plain"})
    with refused(403, "PERMISSION_DENIED", "downloaded"):
        here.client.files.download(file=made.name or "")
