"""client.batches: jobs are made inline and from files, run, asked for, listed, cancelled and deleted."""

from __future__ import annotations

import asyncio
from typing import Any

from google.genai import types
from pydantic import BaseModel, TypeAdapter

from tests.sdk.scenarios.jobs import DONE, finished, results, upload
from tests.sdk.scenarios.kit import FLASH, MIRROR, Here, refused
from tests.sdk.scenarios.words import fills, holds, needs, same, says, seen, vectors

EMBEDDING = "gemini-embedding-001"


class Recipe(BaseModel):
    """What the guide's example asks for."""

    recipe_name: str
    ingredients: list[str]


def _text(words: str, **more: Any) -> dict[str, Any]:
    return {"contents": [{"parts": [{"text": words}], "role": "user"}], **more}


def inline_in_order_with_metadata(here: Here) -> None:
    src: Any = [_text(f"number {i}", metadata={"key": f"request-{i}"}) for i in range(30)]
    job: Any = here.client.batches.create(model="models/" + FLASH, src=src, config={"display_name": "inlined-job"})
    assert job.name.startswith("batches/")
    same((job.display_name, job.model), ("inlined-job", "models/" + FLASH))
    done = finished(here, job)
    same((done.state.name, done.name, done.display_name), ("JOB_STATE_SUCCEEDED", job.name, "inlined-job"))
    assert done.create_time <= done.end_time <= done.update_time
    found = done.dest.inlined_responses
    for i, one in enumerate(found):
        says(one.response.text, f"number {i}")
    same([one.metadata for one in found], [{"key": f"request-{i}"} for i in range(30)])
    same(len({one.response.response_id for one in found}), 30)


def requests_without_metadata(here: Here) -> None:
    job = here.client.batches.create(model=FLASH, src=[_text("Tell me a one-sentence joke.")])  # type: ignore[arg-type]
    (found,) = finished(here, job).dest.inlined_responses
    says(found.response.text, "Tell me a one-sentence joke.")
    same((found.metadata, found.error), (None, None))


def whatever_a_request_may_say(here: Here) -> None:
    """System instructions, tools, pictures and settings of the guide's examples reach the model."""
    picture = here.part("cat.jpg")
    src: Any = [
        _text("cat", config={"system_instruction": {"parts": [{"text": "You are a cat. Your name is Neko."}]}}),
        types.InlinedRequest(
            contents=[picture, "What is it?"], config=types.GenerateContentConfig(temperature=0.5, seed=7)
        ),
        _text("Who won the euro 2025?", config={"tools": [{"google_search": {}}]}),
    ]
    done = finished(here, here.client.batches.create(model=MIRROR, src=src))
    first, second, third = [seen(one.response.text) for one in done.dest.inlined_responses]
    holds(first["system"], "Neko")
    same((second["config"]["temperature"], second["seed"]), (0.5, 7))
    same(second["turns"][0]["pieces"][0]["media"], "image/jpeg")
    same(third["tools"], [{"googleSearch": {}}])


def structured_output(here: Here) -> None:
    needs("schema", "answers that follow their schema")
    config = {"response_mime_type": "application/json", "response_schema": list[Recipe]}
    src: Any = [_text("cookies", config=config), _text("gluten free cookies", config=config)]
    done = finished(here, here.client.batches.create(model="gemini-2.5-filler", src=src))
    for one in done.dest.inlined_responses:
        recipes = TypeAdapter(list[Recipe]).validate_json(one.response.text)
        fills([recipe.ingredients for recipe in recipes], [["a"]])


def a_bad_request_fails_alone(here: Here) -> None:
    src: Any = [_text("good"), _text("bad", config={"temperature": 9}, metadata={"key": "b"}), _text("good too")]
    done = finished(here, here.client.batches.create(model=FLASH, src=src))
    same(done.state.name, "JOB_STATE_SUCCEEDED")
    first, bad, last = done.dest.inlined_responses
    says(first.response.text, "good")
    says(last.response.text, "good too")
    same((bad.response, bad.error.code, bad.metadata), (None, 3, {"key": "b"}))
    holds(bad.error.message, "temperature", "Line 2")


def from_a_file(here: Here) -> None:
    """Lines with a key, a bare request, one that is not JSON, and a picture by the reference of a file."""
    cat: Any = here.client.files.upload(file=here.file("cat.jpg"))
    seen_cat = {"parts": [{"fileData": {"fileUri": cat.uri, "mimeType": "image/jpeg"}}, {"text": "What is it?"}]}
    lines = [
        {"key": "request-1", "request": {**_text("one"), "generation_config": {"temperature": 0.7}}},
        {"contents": [{"parts": [{"text": "bare"}]}], "generationConfig": {"topK": 3}},
        "{'key': 'broken', \n",
        {"key": "request-4", "request": {"contents": [seen_cat]}},
    ]
    job: Any = here.client.batches.create(model=MIRROR, src=upload(here, lines), config={"display_name": "file-job"})
    done = finished(here, job)
    same((done.state.name, done.dest.inlined_responses), ("JOB_STATE_SUCCEEDED", None))
    first, bare, broken, last = results(here, done)
    same([line.get("key") for line in (first, bare, broken, last)], ["request-1", None, None, "request-4"])
    holds(broken["error"]["message"], "Line 3")
    answers = [line["response"]["candidates"][0]["content"]["parts"][0]["text"] for line in (first, bare, last)]
    same(seen(answers[0])["config"]["temperature"], 0.7)
    same(seen(answers[1])["config"]["topK"], 3)
    same(seen(answers[2])["turns"][0]["pieces"][0]["media"], "image/jpeg")
    listed: Any = here.client.files.get(name=done.dest.file_name)
    same((listed.source.name, listed.state.name, listed.mime_type), ("GENERATED", "ACTIVE", "application/jsonl"))


def a_file_that_is_no_jsonl(here: Here) -> None:
    done = finished(here, here.client.batches.create(model=FLASH, src=upload(here, ["no json\n"])))
    same((done.state.name, done.dest), ("JOB_STATE_FAILED", None))


def embeddings_inline(here: Here) -> None:
    needs("embeddings", "vectors of a batch")
    src: Any = {"inlined_requests": {"contents": ["abcde", "a"], "config": {"output_dimensionality": 3}}}
    job: Any = here.client.batches.create_embeddings(model=EMBEDDING, src=src, config={"display_name": "Vectors"})
    done = finished(here, job)
    same((done.state.name, done.display_name), ("JOB_STATE_SUCCEEDED", "Vectors"))
    found = done.dest.inlined_embed_content_responses
    vectors([one.response.embedding.values for one in found], [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    assert all(one.response.token_count > 0 for one in found)


def embeddings_from_a_file(here: Here) -> None:
    needs("embeddings", "vectors of a file's lines")
    request = {"content": {"parts": [{"text": "abcde"}]}, "output_dimensionality": 3}
    name = upload(here, [{"key": "one", "request": request}])
    job: Any = here.client.batches.create_embeddings(model=EMBEDDING, src={"file_name": name})
    (line,) = results(here, finished(here, job))
    same(line["key"], "one")
    vectors([line["response"]["embedding"]["values"]], [[0.0, 0.0, 1.0]])


def cancelled(here: Here) -> None:
    needs("script", "a model that is still at work")
    job: Any = here.client.batches.create(model="gemini-2.5-slow", src=[_text("a")] * 3)  # type: ignore[arg-type]
    here.client.batches.cancel(name=job.name)
    now: Any = here.client.batches.get(name=job.name)
    same(now.state.name, "JOB_STATE_CANCELLED")
    same(finished(here, job).state.name, "JOB_STATE_CANCELLED")


def deleted(here: Here) -> None:
    job: Any = here.client.batches.create(model="gemini-2.5-slow", src=[_text("a")])  # type: ignore[arg-type]
    here.client.batches.delete(name=job.name)
    with refused(404, "NOT_FOUND", "no batch job"):
        here.client.batches.get(name=job.name)
    assert job.name not in [one.name for one in here.client.batches.list(config={"page_size": 100})]


def listed_over_pages(here: Here) -> None:
    made = [here.client.batches.create(model=FLASH, src=[_text("a")]).name for _ in range(5)]  # type: ignore[arg-type]
    listed = [job.name for job in here.client.batches.list(config={"page_size": 2})]
    same([name for name in listed if name in made], made[::-1])
    for name in made:
        here.client.batches.cancel(name=name or "")


async def everything_async(here: Here) -> None:
    batches = here.client.aio.batches
    job: Any = await batches.create(model=FLASH, src=[_text("a")])  # type: ignore[arg-type]
    for _ in range(1000):
        now: Any = await batches.get(name=job.name)
        if now.state.name in DONE:
            break
        await asyncio.sleep(0.02)
    dest: Any = now.dest
    says(dest.inlined_responses[0].response.text, "a")
    assert job.name in [one.name async for one in await batches.list(config={"page_size": 2})]
    await batches.cancel(name=job.name)
    await batches.delete(name=job.name)
    with refused(404, "NOT_FOUND"):
        await batches.get(name=job.name)


def refusals(here: Here) -> None:
    with refused(404, "NOT_FOUND", "gpt-99"):
        here.client.batches.create(model="gpt-99", src=[_text("a")])  # type: ignore[arg-type]
    with refused(404, "NOT_FOUND", "no file"):
        here.client.batches.create(model=FLASH, src="files/nobody-has-this")
    with refused(400, "INVALID_ARGUMENT", "batch.inputConfig"):
        here.client.batches.create(model=FLASH, src=[])
