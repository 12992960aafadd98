"""Boxes of a model of fixed tasks: it is asked the task, whatever the caller's words."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pollux.engines.transformers.engine import TransformersEngine
from pollux.vision.dialects import to_gemini
from tests.engines.openai.kit import encoded, part, picture, user
from tests.engines.transformers.kit import engine, words

pytest.importorskip("transformers", reason="transformers is not installed: make torch installs it")

ASKS = "Detect the cat. box_2d is [ymin, xmin, ymax, xmax] normalized to 0-1000."


async def test_paligemma_is_asked_to_detect(checkpoint: Callable[[str], Path], tmp_path: Path) -> None:
    folder, photo = checkpoint("paligemma"), part(encoded(picture()))
    np.savez(tmp_path / "vae-oid.npz", a=np.zeros(1))

    async def said(body: dict[str, Any], **options: Any) -> str:
        one: TransformersEngine = engine(folder, **options)
        try:
            return await words(one, body, maxOutputTokens=12, temperature=0)
        finally:
            await one.close()

    def read(text: str) -> str:
        return to_gemini(text, "paligemma", (60, 40), labels=("cat",))

    task = await said(user(photo, "detect cat"), dialect="none")
    assert await said(user("Look.", photo, ASKS), dialect="paligemma") == read(task)
    assert await said(user("Look.", photo, ASKS), dialect="none") != task
    masks = 'Give the segmentation masks for the cat: box_2d, "mask" and "label" of each.'
    decoder = {"mask_decoder": tmp_path / "vae-oid.npz"}
    segmented = await said(user(photo, "segment cat"), dialect="none")
    assert await said(user(photo, masks), dialect="paligemma", **decoder) == read(segmented)
    assert segmented != task
