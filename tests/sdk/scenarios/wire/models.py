"""The list of models, and embeddings as they travel."""

from __future__ import annotations

from typing import Any

from google.genai import types

from tests.sdk.scenarios.kit import Here, detail, refused
from tests.sdk.scenarios.words import CAN, needs, same, says, vectors

EMBEDDING = "gemini-embedding-001"
_TEXTS: Any = ["a", "bb", "ccc"]


def listed(here: Here) -> None:
    models = list(here.client.models.list())
    names = [model.name or "" for model in models]
    assert "models/gemini-2.5-flash" in names, names
    assert all(name.startswith("models/") for name in names), names
    same(len(set(names)), len(names))
    for model in models:
        assert model.supported_actions, model
        assert model.input_token_limit, model
        if "generateContent" in model.supported_actions:
            answer = here.client.models.generate_content(model=model.name or "", contents="hi")
            says(answer.text, "hi")


def paged(here: Here) -> None:
    whole = [model.name for model in here.client.models.list()]
    pager = here.client.models.list(config={"page_size": 2})
    same(len(pager.page), 2)
    same([model.name for model in pager], whole)


async def listed_async(here: Here) -> None:
    names = [model.name async for model in await here.client.aio.models.list(config={"page_size": 3})]
    same(names, [model.name for model in here.client.models.list()])


def one(here: Here) -> None:
    for name in ("gemini-2.5-flash", "models/gemini-2.5-flash"):
        model = here.client.models.get(model=name)
        same(model.name, "models/gemini-2.5-flash")
        if "script" in CAN:  # else what the engine takes
            same((model.input_token_limit, model.output_token_limit), (1_048_576, 65_536))
        assert min(model.input_token_limit or 0, model.output_token_limit or 0) > 0, model
        assert {"generateContent", "streamGenerateContent", "countTokens"} <= set(model.supported_actions or [])


def of_any_generation(here: Here) -> None:
    for name in ("gemini-3-pro-preview", "gemini-2.5-flash-preview-09-2025", "gemini-1.5-pro-002"):
        same(here.client.models.get(model=name).name, "models/" + name)


def unknown(here: Here) -> None:
    with refused(404, "NOT_FOUND", "llama-7"):
        here.client.models.get(model="llama-7")


def that_come_later(here: Here) -> None:
    with refused(501, "UNIMPLEMENTED", "Speech"):
        here.client.models.generate_content(model="gemini-2.5-flash-preview-tts", contents="a cat")


def tuned_models_come_later(here: Here) -> None:
    with refused(501, "UNIMPLEMENTED", "Tuning"):
        list(here.client.models.list(config={"query_base": False}))


def embedding(here: Here) -> None:
    needs("embeddings", "a vector of a text")
    result = here.client.models.embed_content(model=EMBEDDING, contents="abcde")
    (vector,) = result.embeddings or []
    vectors([vector.values], [[0.0, 1.0, 0.0, 0.0]])


def embeddings(here: Here) -> None:
    config = types.EmbedContentConfig(output_dimensionality=3, task_type="RETRIEVAL_DOCUMENT", title="t")
    needs("embeddings", "vectors of given length")
    result = here.client.models.embed_content(model=EMBEDDING, contents=_TEXTS, config=config)
    vectors([e.values for e in result.embeddings or []], [[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])


async def embedding_async(here: Here) -> None:
    needs("embeddings", "vectors of several texts")
    result = await here.client.aio.models.embed_content(model="text-embedding-004", contents=_TEXTS)
    vectors(
        [e.values for e in result.embeddings or []], [[0.0, 1.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0]]
    )


def too_many_dimensions(here: Here) -> None:
    needs("embeddings", "a length that is too much")
    with refused(400, "INVALID_ARGUMENT", "4" if "script" in CAN else "") as caught:
        here.client.models.embed_content(model=EMBEDDING, contents="a", config={"output_dimensionality": 3000})
    (violation,) = detail(caught[0], "BadRequest")["fieldViolations"]
    same(violation["field"], "requests[0].outputDimensionality")
