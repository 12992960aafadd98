"""Embeddings."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pollux.core.admit import Caller
from pollux.core.deadline import Deadline
from pollux.errors import ApiError, Internal
from pollux.wire import lenient
from pollux.wire.generate import EmbedContentRequest
from tests.engines.openai.kit import core_of, engine
from tests.engines.openai.stub import Play, Stub, answering

EMBEDS = frozenset({"embeddings"})


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


async def test_a_server_that_ignores_the_dimensions() -> None:
    """llama-server does: cut here, and of length 1 again."""
    found, server = await embedded(vectors([3, 4, 12], [0, 0, 1]), *(text(one, outputDimensionality=2) for one in "ab"))
    assert found == [(0.6, 0.8), (0.0, 0.0)]
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
