"""Through a real server, as the official client sees it."""

from __future__ import annotations

import base64
import io
import json
from collections.abc import Iterator
from typing import Any
from urllib.request import Request, urlopen

import numpy as np
import pytest
from PIL import Image

from pollux.testing import RunningServer, running
from tests.engines.diffusers.kit import LIBRARIES, Checkpoint, Pixels, apart, engine, pixels

pytestmark = [LIBRARIES, pytest.mark.sdk]
genai: Any = pytest.importorskip("google.genai", reason="google-genai is not installed: make test installs it")
FLASH, PRO, IMAGEN = "gemini-2.5-flash-image", "gemini-3-pro-image-preview", "imagen-4.0-generate-001"
ALONE = {"response_modalities": ["IMAGE"]}


@pytest.fixture(scope="module")
def server(tiny: Checkpoint) -> Iterator[RunningServer]:
    with running(engine(tiny("kontext"), steps=4)) as one:
        yield one


@pytest.fixture(scope="module")
def client(server: RunningServer) -> Any:
    return server.client()


def shown(answer: Any, *, thoughts: bool = False) -> list[Pixels]:
    parts = [part for part in answer.parts if part.inline_data is not None and bool(part.thought) == thoughts]
    return [np.array(Image.open(io.BytesIO(part.inline_data.data)).convert("RGB")) for part in parts]


def test_words_become_a_picture_of_the_asked_shape(client: Any) -> None:
    config = {"image_config": {"aspect_ratio": "16:9"}, "seed": 3}
    first, again, other = (
        client.models.generate_content(model=FLASH, contents=text, config=config)
        for text in ("a red fox", "a red fox", "two boats")
    )
    (picture,) = shown(first)
    assert picture.shape == (768, 1344, 3)
    assert np.array_equal(picture, shown(again)[0])
    assert not np.array_equal(picture, shown(other)[0])
    assert first.text is None
    assert first.candidates[0].finish_reason == "STOP"
    assert first.usage_metadata.candidates_token_count == 1290


def test_an_edit_keeps_the_pictures_size(client: Any) -> None:
    own = Image.fromarray(pixels(4, 120, 80))
    answer = client.models.generate_content(model=FLASH, contents=[own, "make it night"], config=ALONE)
    (picture,) = shown(answer)
    assert picture.shape == (80, 120, 3)


def test_a_chat_edits_what_was_made(client: Any) -> None:
    chat = client.chats.create(model=PRO)
    (first,) = shown(chat.send_message("a red fox", {"seed": 3}))
    answer = chat.send_message("now at night", {"seed": 3})
    (second,) = shown(answer)
    assert second.shape == (1024, 1024, 3)
    anew = client.models.generate_content(model=PRO, contents="now at night", config={"seed": 3})
    assert not np.array_equal(second, shown(anew)[0])
    assert apart(second, first) > 1


def test_a_pro_model_shows_what_it_thinks(client: Any) -> None:
    answer = client.models.generate_content(model=PRO, contents="a red fox", config={"seed": 3})
    *early, last = shown(answer, thoughts=True)
    assert len(early) == 2
    assert early[0].shape[0] < 1024
    assert np.array_equal(last, shown(answer)[0])


def test_a_stream_brings_thoughts_first(client: Any) -> None:
    chunks = list(client.models.generate_content_stream(model=PRO, contents="a red fox"))
    assert shown(chunks[0], thoughts=True)
    assert not shown(chunks[0])
    assert shown(chunks[-1])


def test_imagens_door_gives_as_many_as_are_asked_for(server: RunningServer) -> None:
    asked = {"instances": [{"prompt": "a red fox"}], "parameters": {"sampleCount": 3, "aspectRatio": "3:4"}}
    headers = {"x-goog-api-key": server.key, "content-type": "application/json"}
    request = Request(f"{server.url}/v1beta/models/{IMAGEN}:predict", json.dumps(asked).encode(), headers)
    with urlopen(request, timeout=60) as response:
        made = [base64.b64decode(one["bytesBase64Encoded"]) for one in json.load(response)["predictions"]]
    assert len({Image.open(io.BytesIO(data)).convert("RGB").tobytes() for data in made}) == 3
    assert {Image.open(io.BytesIO(data)).size for data in made} == {(896, 1280)}


def test_what_it_cannot_do_it_does_not_offer(client: Any) -> None:
    offered = {model.name: set(model.supported_actions or ()) for model in client.models.list()}
    assert "generateContent" in offered[f"models/{FLASH}"]
    assert "predict" in offered[f"models/{IMAGEN}"]
    assert "generateContent" not in offered.get("models/gemini-2.5-flash", set())
    with pytest.raises(genai.errors.ClientError, match="makes pictures alone"):
        client.models.generate_content(model=FLASH, contents="hello", config={"response_modalities": ["TEXT"]})
    with pytest.raises(genai.errors.ClientError, match="not supported for generateContent"):
        client.models.generate_content(model="gemini-2.5-flash", contents="hello")
