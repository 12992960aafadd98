"""Batch jobs of pictures."""

from __future__ import annotations

import base64
from typing import Any

from google.genai import types

from tests.sdk.scenarios.brush import NANO, PRO, opened, pixel, shown, tokens
from tests.sdk.scenarios.jobs import finished, results, upload
from tests.sdk.scenarios.kit import Here
from tests.sdk.scenarios.words import holds, paints, same, writes


def _asked(words: str) -> list[dict[str, Any]]:
    return [{"parts": [{"text": words}], "role": "user"}]


def from_a_file(here: Here) -> None:
    """The guide's own: two letters, in JSON lines."""
    wanted = {"responseModalities": ["TEXT", "IMAGE"]}
    lines = [
        {
            "key": f"request-{number}",
            "request": {"contents": [{"parts": [{"text": f"a {colour} letter"}]}], "generation_config": wanted},
        }
        for number, colour in ((1, "red"), (2, "blue"))
    ]
    job = here.client.batches.create(model=NANO, src=upload(here, lines), config={"display_name": "file-image-job"})
    done = finished(here, job)
    same(done.state.name, "JOB_STATE_SUCCEEDED")
    found = {}
    for line in results(here, done):
        *text, picture = line["response"]["candidates"][0]["content"]["parts"]
        same(picture["inlineData"]["mimeType"], "image/png")
        found[line["key"]] = (
            [one["text"] for one in text],
            pixel(opened(base64.b64decode(picture["inlineData"]["data"])), 0),
        )
    same(list(found), ["request-1", "request-2"])
    paints(found, {"request-1": (["a red letter"], (220, 30, 30)), "request-2": (["a blue letter"], (30, 60, 220))})


def inline(here: Here) -> None:
    shape = types.ImageConfig(aspect_ratio="16:9")
    src: Any = [
        {"contents": _asked("a red letter"), "config": {"response_modalities": ["TEXT", "IMAGE"]}},
        types.InlinedRequest(
            contents=_asked("a blue one"),  # type: ignore[arg-type]
            config=types.GenerateContentConfig(response_modalities=["Image"], image_config=shape),
        ),
        {"contents": _asked("bad"), "config": {"image_config": {"image_size": "2k"}}},
    ]
    done = finished(here, here.client.batches.create(model=PRO, src=src))
    first, second, bad = done.dest.inlined_responses
    writes(first.response.text, "a red letter")
    same([one.size for one in shown(first.response)], [(1024, 1024)])
    same([one.size for one in shown(second.response)], [(1376, 768)])
    paints([pixel(one, 0) for one in shown(second.response)], [(30, 60, 220)])
    same(tokens(second.response), {"IMAGE": 1210})
    holds(bad.error.message, "imageConfig.imageSize")
