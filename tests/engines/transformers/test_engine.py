"""The engine as core sees it: text, seeds, company, ends, counts, log probabilities, thinking, functions, schemas."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from pollux.engines.transformers.engine import TransformersEngine
from pollux.engines.transformers.guide import Guide
from pollux.errors import InvalidArgument
from tests.engines.openai.kit import asked, encoded, part, picture, text_of, user
from tests.engines.transformers.kit import Body, answer, engine, reason, together, words

Checkpoint = Callable[[str], Path]
SOME: dict[str, Any] = {"maxOutputTokens": 12}
BODIES: list[Body] = [
    user("What is in this picture?", part(encoded(picture(seed=1)))),
    user("cat"),
    user(part(encoded(picture(90, 60, seed=2))), "Describe the picture in one short sentence."),
]


@pytest.fixture
async def seeing(checkpoint: Checkpoint) -> AsyncIterator[TransformersEngine]:
    one = engine(checkpoint("qwen3_vl"))
    yield one
    await one.close()


@pytest.fixture
async def talking(checkpoint: Checkpoint) -> AsyncIterator[TransformersEngine]:
    one = engine(checkpoint("qwen3"))
    yield one
    await one.close()


async def test_the_text_is_generate_s(talking: TransformersEngine, checkpoint: Checkpoint) -> None:
    import transformers

    model = transformers.AutoModelForCausalLM.from_pretrained(checkpoint("qwen3"), dtype="float32")
    tokenizer = transformers.AutoTokenizer.from_pretrained(checkpoint("qwen3"))
    talk = [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "cat"}]
    inputs = tokenizer.apply_chat_template(talk, add_generation_prompt=True, return_dict=True, return_tensors="pt")
    made = model.generate(**inputs, max_new_tokens=40, do_sample=False)[0, inputs["input_ids"].shape[1] :]
    response = await answer(
        talking, {**user("cat"), "systemInstruction": {"parts": [{"text": "Be brief."}]}}, maxOutputTokens=40
    )
    assert text_of(response) == tokenizer.decode(made, skip_special_tokens=True).rstrip("\ufffd")
    assert response.usage_metadata is not None
    assert response.usage_metadata.prompt_token_count == inputs["input_ids"].shape[1]


@pytest.mark.parametrize(
    "sampling", [{}, {"temperature": 1.0, "seed": 5}, {"temperature": 0.7, "topP": 0.9, "seed": 6}]
)
async def test_company_changes_nothing(seeing: TransformersEngine, sampling: dict[str, Any]) -> None:
    alone = [await words(seeing, body, **SOME, **sampling) for body in BODIES]
    assert len(set(alone)) == len(BODIES)
    assert await together(seeing, BODIES, **SOME, **sampling) == alone


async def test_a_seed_is_a_text(talking: TransformersEngine) -> None:
    hot = {"temperature": 1.5, "topK": 50, "maxOutputTokens": 20}
    first = await words(talking, "cat", seed=1, **hot)
    assert await words(talking, "cat", seed=1, **hot) == first
    assert len({first, *[await words(talking, "cat", seed=seed, **hot) for seed in (2, -1)]}) == 3
    assert await words(talking, "cat", **hot) != await words(talking, "cat", **hot)
    several = await answer(talking, user("cat"), seed=1, candidateCount=2, **hot)
    texts = [(one.content and one.content.parts[0].text) for one in several.candidates]
    assert len(set(texts)) == 2
    assert texts[0] == first


async def test_it_comes_in_pieces(talking: TransformersEngine) -> None:
    async with aclosing(asked(talking, user("cat"), **SOME)) as responses:
        pieces = [text_of(response) async for response in responses]
    assert len(pieces) >= 4
    assert "".join(pieces) == await words(talking, "cat", **SOME)


async def test_ends_and_counts(talking: TransformersEngine) -> None:
    short = await answer(talking, user("cat"), maxOutputTokens=5)
    assert reason(short) == "MAX_TOKENS"
    assert short.usage_metadata is not None
    assert short.usage_metadata.candidates_token_count == 5
    whole = await words(talking, "cat", maxOutputTokens=30)
    stop = whole[6:8]
    cut = await answer(talking, user("cat"), maxOutputTokens=30, stopSequences=[stop])
    assert text_of(cut) == whole[: whole.index(stop)]
    assert reason(cut) == "STOP"
    assert cut.usage_metadata is not None
    assert 0 < cut.usage_metadata.candidates_token_count < 30


async def test_the_model_may_end_itself(talking: TransformersEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token that it says is made its end: it stops there, and that token is no text."""
    jobs, write = list[Any](), talking._batcher.write

    def spied(job: Any) -> Any:
        jobs.append(job)
        return write(job)

    monkeypatch.setattr(talking._batcher, "write", spied)
    said = await words(talking, "cat", maxOutputTokens=30)
    loaded = await asyncio.wrap_future(talking._batcher.start())
    tokens = list(jobs[0].dice._counts)  # in the order in which they were said first
    loaded.generation.eos_token_id = [loaded.tokenizer.eos_token_id, tokens[4]]
    response = await answer(talking, user("cat"), maxOutputTokens=30)
    assert reason(response) == "STOP"
    assert said.startswith(text_of(response))
    assert len(jobs[1].dice._counts) == 5


async def test_leaving_frees_the_model(talking: TransformersEngine) -> None:
    async with aclosing(asked(talking, user("cat"), maxOutputTokens=4000)) as responses:
        async for _ in responses:
            break
    for _ in range(100):
        if not talking._batcher._groups:
            return
        await asyncio.sleep(0.02)
    pytest.fail("the row is still written")


async def test_a_prompt_that_fills_the_window(talking: TransformersEngine, checkpoint: Checkpoint) -> None:
    small = engine(checkpoint("qwen3"), input_tokens=40)
    loaded = await asyncio.wrap_future(small._batcher.start())
    assert loaded.window == 40
    with pytest.raises(InvalidArgument, match=r"the prompt has \d+ tokens; this model takes 39"):
        await words(small, "cat " * 15)
    assert reason(await answer(small, user("cat"), maxOutputTokens=500)) == "MAX_TOKENS"
    await small.close()


async def test_log_probabilities(talking: TransformersEngine) -> None:
    response = await answer(talking, user("cat"), maxOutputTokens=6, responseLogprobs=True, logprobs=3)
    result = response.candidates[0].logprobs_result
    assert result is not None
    chosen, top = result["chosenCandidates"], result["topCandidates"]
    assert len(chosen) == len(top) == 6
    for one, several in zip(chosen, top, strict=True):
        values = [each["logProbability"] for each in several["candidates"]]
        assert values == sorted(values, reverse=True)
        assert several["candidates"][0] == one  # the likeliest is taken
        assert values[0] < 0
    hot = await answer(talking, user("cat"), maxOutputTokens=6, responseLogprobs=True, temperature=1.9, seed=3)
    assert hot.candidates[0].logprobs_result != result
    assert hot.candidates[0].avg_logprobs is not None


async def test_penalties(talking: TransformersEngine) -> None:
    """A token once said is not said again."""
    plain = await answer(talking, user("cat"), maxOutputTokens=40, responseLogprobs=True)
    once = await answer(talking, user("cat"), maxOutputTokens=40, responseLogprobs=True, presencePenalty=1.99)
    assert text_of(plain) != text_of(once)

    def said(response: Any) -> list[str]:
        return [one["token"] for one in response.candidates[0].logprobs_result["chosenCandidates"]]

    assert len(set(said(once))) > len(set(said(plain)))


SCHEMA = {
    "responseMimeType": "application/json",
    "responseSchema": {
        "type": "OBJECT",
        "properties": {"age": {"type": "INTEGER"}, "kind": {"type": "STRING", "enum": ["cat", "dog"]}},
        "required": ["age", "kind"],
    },
}


@pytest.mark.parametrize("sampling", [{}, {"temperature": 1.0, "seed": 4}])
async def test_schemas_beside_free_text(talking: TransformersEngine, sampling: dict[str, Any]) -> None:
    alone = await words(talking, "cat", **SOME, **sampling)
    free, guided = await asyncio.gather(
        words(talking, "cat", **SOME, **sampling), words(talking, "cat", **SCHEMA, maxOutputTokens=200, **sampling)
    )
    assert free == alone
    value = json.loads(guided)
    assert isinstance(value["age"], int)
    assert value["kind"] in ("cat", "dog")


async def test_an_enum(talking: TransformersEngine) -> None:
    enum = {"responseMimeType": "text/x.enum", "responseSchema": {"type": "STRING", "enum": ["cat", "dog"]}}
    assert await words(talking, "Which?", **enum) in ("cat", "dog")


TOOLS = [
    {
        "functionDeclarations": [
            {
                "name": "weather",
                "parameters": {
                    "type": "OBJECT",
                    "properties": {"city": {"type": "STRING", "enum": ["Oslo", "Rome"]}},
                    "required": ["city"],
                },
            }
        ]
    }
]


@pytest.mark.parametrize("family", ["qwen3", "llama"])
async def test_a_function_must_be_called(family: str, checkpoint: Checkpoint) -> None:
    one = engine(checkpoint(family))
    must = {"tools": TOOLS, "toolConfig": {"functionCallingConfig": {"mode": "ANY"}}}
    response = await answer(one, {**user("And Oslo?"), **must}, maxOutputTokens=300)
    content = response.candidates[0].content
    assert content is not None
    call = content.parts[0].function_call
    assert call is not None
    assert call.name == "weather"
    assert call.args is not None
    assert call.args["city"] in ("Oslo", "Rome")
    assert reason(response) == "STOP"
    await one.close()


@pytest.mark.parametrize("opened", [True, False])
async def test_thinking(talking: TransformersEngine, opened: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is forced on the model here is what a trained one would say."""
    loaded = await asyncio.wrap_future(talking._batcher.start())
    said = ("" if opened else "<think>\n") + "Let me see.</think>\n\nA cat."
    tokens = [*loaded.tokenizer(said, add_special_tokens=False)["input_ids"], loaded.tokenizer.eos_token_id]
    if opened:
        loaded.tokenizer.chat_template += "{{- '<think>\\n' }}"
    await words(talking, "cat", maxOutputTokens=1)
    prompter = talking._prompter
    assert prompter is not None
    made = prompter.asked

    def scripted(*given: Any) -> Any:
        one = made(*given)
        one.job.dice.forced[:] = tokens[::-1]
        return one

    monkeypatch.setattr(prompter, "asked", scripted)
    budget = {"includeThoughts": True, "thinkingBudget": 1000}
    response = await answer(talking, user("cat"), thinkingConfig=budget, maxOutputTokens=100)
    assert text_of(response, thought=True) == "Let me see."
    assert text_of(response) == "A cat."
    assert response.usage_metadata is not None
    assert response.usage_metadata.thoughts_token_count > 0
    assert response.usage_metadata.candidates_token_count > 0


async def test_thinking_has_a_bound(talking: TransformersEngine) -> None:
    """A schema lets a model that is to think do so first; this one would for ever."""
    thinking = {"includeThoughts": True, "thinkingBudget": 7}
    response = await answer(talking, user("cat"), **SCHEMA, thinkingConfig=thinking, maxOutputTokens=300)
    usage = response.usage_metadata
    assert usage is not None
    assert 7 <= usage.thoughts_token_count <= 11  # and the tags themselves
    assert text_of(response, thought=True)
    assert json.loads(text_of(response))["kind"] in ("cat", "dog")
    none = await answer(talking, user("cat"), **SCHEMA, thinkingConfig={"thinkingBudget": 0}, maxOutputTokens=300)
    assert none.usage_metadata is not None
    assert none.usage_metadata.thoughts_token_count == 0


async def test_a_schema_that_takes_long_keeps_nobody_waiting(
    talking: TransformersEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    await words(talking, "cat", **SOME)
    begun, go, start = threading.Event(), threading.Event(), Guide.start

    def slow(*given: Any, **more: Any) -> Any:
        begun.set()
        assert go.wait(20)
        return start(*given, **more)

    monkeypatch.setattr(Guide, "start", slow)
    guided = asyncio.create_task(words(talking, "cat", **SCHEMA, maxOutputTokens=200))
    assert await asyncio.to_thread(begun.wait, 20)
    await asyncio.wait_for(words(talking, "dog", **SOME), 10)
    assert not guided.done()
    go.set()
    assert json.loads(await guided)["kind"] in ("cat", "dog")


async def test_without_a_template_functions_are_told_and_something_must_be_said(checkpoint: Checkpoint) -> None:
    one = engine(checkpoint("paligemma"))
    plain = await answer(one, user("And Oslo?"), **SOME)
    told = await answer(one, {**user("And Oslo?"), "tools": TOOLS}, **SOME)
    assert plain.usage_metadata is not None
    assert told.usage_metadata is not None
    assert told.usage_metadata.prompt_token_count > plain.usage_metadata.prompt_token_count + 20
    with pytest.raises(InvalidArgument, match="nothing is said"):
        await answer(one, user(""), **SOME)
    await one.close()
