"""Through a running server and the official client: the documentation's own prompt and its own way of reading."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from pydantic import BaseModel

from pollux.engines.base import Text, Usage
from pollux.engines.compose import Composed
from pollux.engines.scripted import ScriptedEngine
from pollux.engines.specialists.make import make_specialist
from pollux.engines.specialists.options import Options
from pollux.testing import RunningServer, running
from tests.engines.compose.kit import CHAT, DETECT, SEGMENT, Red, png

MODEL = "gemini-2.5-flash"
BOXES = (
    '```json\n[{"box_2d": [200, 200, 700, 600], "label": "red box"}, {"box_2d": [0, 0, 0, 9], "label": "line"}]\n```'
)


def picture(*, rotated: bool = False) -> Image.Image:
    image: Image.Image = Image.open(io.BytesIO(png()))
    image.load()
    if rotated:  # stored lying, shown upright
        image = image.transpose(Image.Transpose.ROTATE_90)
        image.getexif()[0x0112] = 6
    return image


@contextmanager
def served(text: str, **others: Any) -> Iterator[tuple[RunningServer, ScriptedEngine]]:
    main = ScriptedEngine(lambda _: [Text(text), Usage(11, 5)], abilities=CHAT)
    with running(Composed(main, main.cards()[0], **others)) as server:
        yield server, main


def ask(server: RunningServer, contents: list[Any], **more: Any) -> Any:
    client: Any = server.client()
    return client.models.generate_content(model=MODEL, contents=contents, **more)


def parse_json(json_output: str) -> str:
    """The documentation's, with its mistake: the closing fence stays."""
    lines = json_output.splitlines()
    for i, line in enumerate(lines):
        if line == "```json":
            return "\n".join(lines[i + 1 :])
    return json_output


def drawn(items: list[dict[str, Any]], size: tuple[int, int]) -> list[NDArray[np.bool_]]:
    """The documentation's loop over the items: each mask resized to its box and laid into the picture."""
    out = []
    for item in items:
        y0, x0, y1, x1 = (int(item["box_2d"][i] / 1000 * size[1 - i % 2]) for i in range(4))
        if y0 >= y1 or x0 >= x1:
            continue
        assert item["mask"].startswith("data:image/png;base64,")
        mask = Image.open(io.BytesIO(base64.b64decode(item["mask"].removeprefix("data:image/png;base64,"))))
        array = np.array(mask.resize((x1 - x0, y1 - y0), Image.Resampling.BILINEAR))
        whole = np.zeros(size[::-1], np.bool_)
        whole[y0:y1, x0:x1] = array > 128
        out.append(whole)
    return out


def truth() -> NDArray[np.bool_]:
    return np.asarray(picture())[..., 1] < 128


def test_the_documentations_segmentation() -> None:
    with served(BOXES, masks=Red()) as (server, main):
        answer = ask(server, [SEGMENT, picture()])
    items = json.loads(parse_json(answer.text or ""))
    (found,) = drawn(items, (200, 100))
    assert (found == truth()).all()
    assert [item["label"] for item in items] == ["red box", "line"]
    assert answer.usage_metadata.candidates_token_count == 5
    assert "masks" not in str(main.prompts[0].turns[0].pieces[0])


def test_an_upright_picture_is_what_is_cut() -> None:
    out = io.BytesIO()
    image = picture(rotated=True)
    image.save(out, "PNG", exif=image.getexif())
    assert Image.open(io.BytesIO(out.getvalue())).size == (100, 200)
    from google.genai import types

    with served(BOXES, masks=Red()) as (server, _):
        part = types.Part.from_bytes(data=out.getvalue(), mime_type="image/png")
        answer = ask(server, [part, SEGMENT])
    (found,) = drawn(json.loads(answer.text or ""), (200, 100))
    assert (found == truth()).all()


def test_a_stream_brings_it_at_the_end() -> None:
    with served(BOXES, masks=Red()) as (server, _):
        client: Any = server.client()
        chunks = list(client.models.generate_content_stream(model=MODEL, contents=[SEGMENT, picture()]))
    items = json.loads("".join(chunk.text or "" for chunk in chunks))
    assert (drawn(items, (200, 100))[0] == truth()).all()


class Item(BaseModel):
    box_2d: list[int]
    mask: str
    label: str


class Scene(BaseModel):
    items: list[Item]


def test_in_the_callers_classes() -> None:
    text = '{"items": [{"box_2d": [200, 200, 700, 600], "label": "red box"}]}'
    config = {"response_mime_type": "application/json", "response_schema": Scene}
    with served(text, masks=Red()) as (server, main):
        answer = ask(server, ["Segment the box.", picture()], config=config)
    assert isinstance(answer.parsed, Scene)
    assert (drawn([item.model_dump() for item in answer.parsed.items], (200, 100))[0] == truth()).all()
    assert "mask" not in json.dumps(main.prompts[0].schema)


def test_boxes_of_a_finder_in_the_callers_classes() -> None:
    class Box(BaseModel):
        box_2d: list[int]
        label: str

    red = Red()
    config = {"response_mime_type": "application/json", "response_schema": list[Box]}
    with served('{"labels": ["red box"]}', boxes=red) as (server, _):
        answer = ask(server, [DETECT, picture()], config=config)
    assert answer.parsed == [Box(box_2d=box, label="red box") for box in ([200, 200, 700, 600], [0, 0, 100, 50])]


def test_a_model_that_has_none_says_so() -> None:
    from google.genai import errors

    with served(BOXES) as (server, main):
        with pytest.raises(errors.ClientError, match="makes no segmentation masks") as caught:
            ask(server, [SEGMENT, picture()])
        assert caught.value.code == 400
        assert not main.prompts
        assert "red box" in (ask(server, [DETECT, picture()]).text or "")


def test_with_a_real_sam_2(special: Callable[[str], Path]) -> None:
    """Random weights, so only what must hold of any: readable, of the box's size, right through the loop."""
    masker: Any = make_specialist(Options(str(special("sam2")), device="cpu"))
    with served(BOXES, masks=masker) as (server, _):
        answer = ask(server, [SEGMENT, picture()])
    items = json.loads(parse_json(answer.text or ""))
    image = Image.open(io.BytesIO(base64.b64decode(items[0]["mask"].partition(",")[2])))
    assert (image.mode, image.size) == ("L", (80, 50))
    assert len(set(image.tobytes())) > 20
    (found,) = drawn(items, (200, 100))
    assert found.any()
    assert not found[:20].any()


def test_with_a_real_finder(special: Callable[[str], Path]) -> None:
    finder: Any = make_specialist(Options(str(special("owlv2")), device="cpu", threshold=0.0, most=3))
    with served('{"labels": ["cat", "dog"]}', boxes=finder) as (server, _):
        answer = ask(server, [DETECT, picture()])
    items = json.loads(answer.text or "")
    assert 1 <= len(items) <= 3
    for item in items:
        y0, x0, y1, x1 = item["box_2d"]
        assert 0 <= y0 < y1 <= 1000
        assert 0 <= x0 < x1 <= 1000
        assert item["label"] in ("cat", "dog")


def test_a_specialist_that_cannot_be_loaded(tmp_path: Path) -> None:
    pytest.importorskip("transformers", reason="transformers is not installed: make torch installs it")
    from google.genai import errors

    masker: Any = make_specialist(Options(str(tmp_path), kind="sam2", place='[engine.specialist."sam2"]'))
    with served(BOXES, masks=masker) as (server, _):
        with pytest.raises(errors.ServerError, match="cannot be loaded") as caught:
            ask(server, [SEGMENT, picture()])
        assert caught.value.code == 503
