"""Embeddings and made pictures."""

from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from pollux.core.admit import Caller
from pollux.core.deadline import Deadline
from pollux.errors import ApiError, Internal
from pollux.wire import lenient
from pollux.wire.generate import EmbedContentRequest
from tests.engines.openai.kit import ask, core_of, encoded, engine, part, picture, user
from tests.engines.openai.stub import Play, Stub, answering, decoded

EMBEDS = frozenset({"embeddings"})
PAINTS = frozenset({"text", "image_in", "image_out"})


def vectors(*rows: Any, indices: list[int] | None = None) -> Play:
    places = indices or list(range(len(rows)))
    data = [{"object": "embedding", "index": i, "embedding": row} for i, row in zip(places, rows, strict=True)]
    return answering(200, json.dumps({"object": "list", "data": data}).encode())


async def embedded(play: Play, *bodies: Any) -> tuple[list[tuple[float, ...]], Stub]:
    async with Stub(play) as server:
        one = engine(server.url, abilities=EMBEDS, embed_dims=3)
        requests = [lenient.convert(EmbedContentRequest, body) for body in bodies]
        try:
            found, _ = await core_of(one).embed(requests, "open-vectors", Caller(), Deadline.after(5), batch=True)
        finally:
            await one.close()
    return [vector.values for vector in found], server


def text(words: str, **more: Any) -> dict[str, Any]:
    return {"content": {"parts": [{"text": words}]}, **more}


async def test_vectors_in_the_order_of_the_texts() -> None:
    found, server = await embedded(vectors([1, 2, 3], [4, 5, 6.5], indices=[1, 0]), text("a", title="T"), text("b"))
    assert found == [(4.0, 5.0, 6.5), (1.0, 2.0, 3.0)]
    assert server.seen[0].path == "/v1/embeddings"
    assert server.seen[0].body == {"model": "open-model", "input": ["T\na", "b"], "encoding_format": "float"}


async def test_fewer_dimensions_are_asked_for() -> None:
    found, server = await embedded(vectors([1, 2]), text("a", outputDimensionality=2))
    assert found == [(1.0, 2.0)]
    assert server.seen[0].body["dimensions"] == 2


@pytest.mark.parametrize(
    ("play", "message"),
    [
        (vectors([1, 2]), "not of 3 numbers"),
        (vectors([1, 2, 3], [1, 2, 3]), "2 vectors for 1 texts"),
        (vectors(["a", "b", "c"]), "holds no embeddings"),
        (answering(200, b'{"data": [{"embedding": [1, 2'), "holds no embeddings"),
        (answering(200, b"<html>", "text/html"), "not JSON"),
    ],
)
async def test_bad_vectors(play: Play, message: str) -> None:
    with pytest.raises(Internal, match=message):
        await embedded(play, text("a"))


async def test_refused_vectors() -> None:
    with pytest.raises(ApiError) as caught:
        await embedded(answering(400, b'{"message": "too long"}'), text("a"))
    assert caught.value.code == 400


def drawn(data: bytes) -> Play:
    return answering(200, json.dumps({"created": 1, "data": [{"b64_json": base64.b64encode(data).decode()}]}).encode())


async def test_a_picture_of_words() -> None:
    rgb = picture(1024, 1024)
    response, seen = await ask(
        drawn(encoded(rgb)), body=user("A fox."), asks_for="gemini-2.5-flash-image", abilities=PAINTS, seed=3
    )
    content = response.candidates[0].content
    assert content is not None
    blob = content.parts[0].inline_data
    assert blob is not None
    got = decoded(np.frombuffer(blob.data, np.uint8))
    assert np.array_equal(got, rgb)
    assert seen[0].path == "/v1/images/generations"
    assert seen[0].body == {
        "model": "open-model",
        "prompt": "A fox.",
        "size": "1024x1024",
        "n": 1,
        "response_format": "b64_json",
        "seed": 3,
    }


@pytest.mark.parametrize(
    "play",
    [drawn(b"no picture"), drawn(encoded(picture())[:90]), answering(200, b'{"data": []}'), answering(200, b"[]")],
)
async def test_what_is_no_picture(play: Play) -> None:
    with pytest.raises(Internal, match="holds no picture"):
        await ask(play, body=user("A fox."), asks_for="gemini-2.5-flash-image", abilities=PAINTS)


async def test_pictures_are_not_changed_silently() -> None:
    with pytest.raises(ApiError) as caught:
        await ask(
            drawn(b""),
            body=user("Bluer.", part(encoded(picture()))),
            asks_for="gemini-2.5-flash-image",
            abilities=PAINTS,
        )
    assert caught.value.code == 501
