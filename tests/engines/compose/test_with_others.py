"""Composed with the engines and helpers that are really there: an OpenAI-compatible server's dialect, our own eyes."""

from __future__ import annotations

import io
import json

import numpy as np
from PIL import Image

from pollux.engines.builtin.engine import BuiltinEngine
from pollux.engines.compose import Composed
from tests.engines.compose.kit import SEGMENT, Red, composed, opened, png, prompt, run, said
from tests.engines.openai.kit import chunks, engine, part, text_of, user
from tests.engines.openai.stub import Stub, saying


async def test_a_dialect_becomes_boxes_and_boxes_masks() -> None:
    """Qwen2.5-VL writes pixels of the picture as its processor resized it: 196 x 112 of 200 x 100."""
    answer = '```json\n[{"bbox_2d": [39, 22, 118, 78], "label": "red box"}]\n```'
    red = Red()
    async with Stub(saying(answer[:9], answer[9:])) as stub:
        main = engine(stub.url, model="Qwen/Qwen2.5-VL-7B-Instruct")
        whole = Composed(main, main.cards()[0], masks=red)
        found, error = await chunks(whole, user(SEGMENT, part(png())))
        told = json.dumps(stub.seen[0].body["messages"])
    assert error is None
    (item,) = json.loads("".join(text_of(one) for one in found))
    np.testing.assert_allclose(item["box_2d"], [200, 200, 700, 600], atol=8)
    assert opened(item["mask"]).mean() > 240
    assert "bbox_2d" in told
    assert "mask in key" not in told


def test_the_built_in_eyes_find_and_cut() -> None:
    helper = BuiltinEngine(threads=1).helper
    main, _ = composed('{"labels": ["red rectangle", "bicycle"]}', boxes=helper, masks=helper)
    items = json.loads(said(run(main, prompt())))
    assert [item["label"] for item in items] == ["red rectangle"]
    np.testing.assert_allclose(items[0]["box_2d"], [200, 200, 700, 600], atol=12)
    assert opened(items[0]["mask"]).mean() > 240
    pixels = np.asarray(Image.open(io.BytesIO(png())))
    (mask,) = helper.masks(pixels, [(30, 10, 130, 80)])
    truth = pixels[10:80, 30:130, 1] < 128
    assert ((mask > 127) & truth).sum() / ((mask > 127) | truth).sum() > 0.95
