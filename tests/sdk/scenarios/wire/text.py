"""Text in, text out, and everything that steers it."""

from __future__ import annotations

from typing import Any

from google.genai import types

from tests.sdk.scenarios.kit import FLASH, MIRROR, MIRROR_3, Here, refused
from tests.sdk.scenarios.words import holds, needs, same, says, seen, stopped


def plain(here: Here) -> None:
    answer = here.client.models.generate_content(model=FLASH, contents="How are you?")
    says(answer.text, "How are you?")
    same((answer.model_version, bool(answer.response_id)), (FLASH, True))
    assert answer.candidates
    stopped(answer.candidates[0].finish_reason)
    same(answer.candidates[0].index, 0)
    same(answer.candidates[0].content and answer.candidates[0].content.role, "model")


async def plain_async(here: Here) -> None:
    answer = await here.client.aio.models.generate_content(model=FLASH, contents="How are you?")
    says(answer.text, "How are you?")


def model_names(here: Here) -> None:
    for name in (FLASH, "models/" + FLASH, "gemini-2.0-flash-001", "gemini-3-pro-preview", "gemini-flash-latest"):
        says(here.client.models.generate_content(model=name, contents="hi").text, "hi")


def forms_of_contents(here: Here) -> None:
    text = [{"role": "user", "pieces": [{"text": "a"}]}]
    same(here.mirror("a")["turns"], text)
    same(here.mirror(types.Part(text="a"))["turns"], text)
    same(here.mirror(types.Content(role="user", parts=[types.Part(text="a")]))["turns"], text)
    same(here.mirror({"parts": [{"text": "a"}]})["turns"], text)
    same(here.mirror(["a", "b"])["turns"], [{"role": "user", "pieces": [{"text": "a"}, {"text": "b"}]}])
    history = [{"role": "user", "parts": [{"text": "a"}]}, {"role": "model", "parts": [{"text": "b"}]}]
    same([turn["role"] for turn in here.mirror([*history, "c"])["turns"]], ["user", "model", "user"])


def unicode(here: Here) -> None:
    text = "naïve “quotes” 猫 🐈 \u2028 \u0000 \\ / </script>\n"
    says(here.client.models.generate_content(model=FLASH, contents=text).text, text)
    stream = here.client.models.generate_content_stream(model=FLASH, contents=text)
    says("".join(chunk.text or "" for chunk in stream), text)
    same(here.mirror(text)["turns"][0]["pieces"], [{"text": text}])


def system_instruction(here: Here) -> None:
    same(here.mirror("a", system_instruction="Be brief.")["system"], "Be brief.")
    same(here.mirror("a", system_instruction={"parts": [{"text": "Be brief."}]})["system"], "Be brief.")
    content = types.Content(parts=[types.Part(text="Be"), types.Part(text="brief.")])
    holds(here.mirror("a", system_instruction=content)["system"], "Be", "brief.")


def config_reaches_the_engine(here: Here) -> None:
    config = here.mirror(
        "a", temperature=0.25, top_p=0.5, top_k=3, seed=11, presence_penalty=0.5, frequency_penalty=-0.5,
        response_modalities=["TEXT"], response_mime_type="text/plain",
        media_resolution=types.MediaResolution.MEDIA_RESOLUTION_LOW,
    )["config"]  # fmt: skip
    expected = {
        "temperature": 0.25, "topP": 0.5, "topK": 3, "seed": 11, "presencePenalty": 0.5, "frequencyPenalty": -0.5,
        "responseModalities": ["TEXT"], "responseMimeType": "text/plain", "mediaResolution": "MEDIA_RESOLUTION_LOW",
    }  # fmt: skip
    same({name: config.get(name) for name in expected}, expected)


def config_as_a_dictionary(here: Here) -> None:
    answer = here.client.models.generate_content(
        model=MIRROR, contents="a", config={"temperature": 0.5, "system_instruction": "s"}
    )
    same((seen(answer.text)["config"]["temperature"], seen(answer.text)["system"]), (0.5, "s"))


def stop_sequences(here: Here) -> None:
    """Whatever a model says: what stands before the sequence, and no more."""

    def ask(**config: Any) -> types.GenerateContentResponse:
        given = types.GenerateContentConfig(temperature=0, **config)
        return here.client.models.generate_content(model="gemini-2.5-speaker", contents="count", config=given)

    whole = ask().text or ""
    says(whole, "One two three four five")
    middle = whole[len(whole) // 2 : len(whole) // 2 + 3]
    answer = ask(stop_sequences=[middle, "absent"])
    same(answer.text or "", whole[: whole.index(middle)])
    assert answer.candidates
    same(answer.candidates[0].finish_reason, types.FinishReason.STOP)


def max_output_tokens(here: Here) -> None:
    config = types.GenerateContentConfig(max_output_tokens=3, temperature=0)
    answer = here.client.models.generate_content(model="gemini-2.5-speaker", contents="count", config=config)
    assert answer.candidates
    assert answer.usage_metadata
    same(answer.candidates[0].finish_reason, types.FinishReason.MAX_TOKENS)
    same(answer.usage_metadata.candidates_token_count, 3)
    whole = here.client.models.generate_content(model="gemini-2.5-speaker", contents="count", config={"temperature": 0})
    assert (whole.text or "").startswith(answer.text or "-"), (whole.text, answer.text)


def candidate_count(here: Here) -> None:
    config = types.GenerateContentConfig(candidate_count=3, seed=5)
    answer = here.client.models.generate_content(model=MIRROR, contents="a", config=config)
    candidates = answer.candidates or []
    same([c.index for c in candidates], [0, 1, 2])
    texts = [c.content.parts[0].text for c in candidates if c.content and c.content.parts]
    same([seen(text)["candidate"] for text in texts], [0, 1, 2])
    same(len({seen(text)["seed"] for text in texts}), 3)


def seed(here: Here) -> None:
    same([here.mirror("a", seed=n)["seed"] for n in (0, 7)], [0, 7])
    same(here.mirror("a")["seed"], None)


def thoughts_when_asked_for(here: Here) -> None:
    needs("script", "thoughts and their signature")
    config = types.GenerateContentConfig(thinking_config=types.ThinkingConfig(include_thoughts=True))
    answer = here.client.models.generate_content(model="gemini-2.5-thinker", contents="what?", config=config)
    assert answer.candidates
    assert answer.candidates[0].content
    parts = answer.candidates[0].content.parts or []
    same("".join(p.text or "" for p in parts if p.thought), "First I look. Then I say it.")
    same(answer.text, "It is a cat.")
    assert any(p.thought_signature for p in parts), "no thought signature"
    assert answer.usage_metadata
    assert answer.usage_metadata.thoughts_token_count


def thoughts_kept_back(here: Here) -> None:
    needs("script", "thoughts that are not shown")
    answer = here.client.models.generate_content(model="gemini-2.5-thinker", contents="what?")
    assert answer.candidates
    assert answer.candidates[0].content
    same([(p.text, p.thought) for p in answer.candidates[0].content.parts or []], [("It is a cat.", None)])


def thinking_levels(here: Here) -> None:
    budget = here.mirror("a", thinking_config=types.ThinkingConfig(thinking_budget=64))
    same(budget["config"]["thinkingConfig"]["thinkingBudget"], 64)
    level = here.mirror("a", MIRROR_3, thinking_config=types.ThinkingConfig(thinking_level=types.ThinkingLevel.LOW))
    same(level["config"]["thinkingConfig"]["thinkingLevel"], "LOW")


def signatures_come_back(here: Here) -> None:
    needs("script", "the signature of thoughts")
    config = types.GenerateContentConfig(thinking_config=types.ThinkingConfig(include_thoughts=True))
    first = here.client.models.generate_content(model="gemini-2.5-thinker", contents="what?", config=config)
    assert first.candidates
    given = first.candidates[0].content
    assert given
    sent = [p.thought_signature for p in given.parts or [] if p.thought_signature]
    history = [types.Content(role="user", parts=[types.Part(text="what?")]), given, "and now?"]
    turn = here.mirror(history)["turns"][1]
    same(len([p for p in turn["pieces"] if p.get("thoughtSignature")]), len(sent))


def safety(here: Here) -> None:
    setting = types.SafetySetting(
        category=types.HarmCategory.HARM_CATEGORY_DANGEROUS_CONTENT,
        threshold=types.HarmBlockThreshold.BLOCK_ONLY_HIGH,
    )
    same(
        here.mirror("a", safety_settings=[setting])["safety"],
        [{"category": "HARM_CATEGORY_DANGEROUS_CONTENT", "threshold": "BLOCK_ONLY_HIGH"}],
    )


def safety_blocks_by_threshold(here: Here) -> None:
    needs("script", "a model that finds harm")
    for threshold, reason in (("BLOCK_ONLY_HIGH", "STOP"), ("BLOCK_LOW_AND_ABOVE", "SAFETY")):
        setting = types.SafetySetting(
            category=types.HarmCategory.HARM_CATEGORY_DANGEROUS_CONTENT,
            threshold=types.HarmBlockThreshold(threshold),
        )
        config = types.GenerateContentConfig(safety_settings=[setting])
        answer = here.client.models.generate_content(model="gemini-2.5-harmful", contents="a", config=config)
        assert answer.candidates
        candidate = answer.candidates[0]
        same(candidate.finish_reason, types.FinishReason(reason))
        ratings = [(r.category, r.probability, bool(r.blocked)) for r in candidate.safety_ratings or []]
        expected = (types.HarmCategory.HARM_CATEGORY_DANGEROUS_CONTENT, types.HarmProbability.MEDIUM, reason != "STOP")
        same(ratings, [expected])
        same(answer.text is None, reason != "STOP")


def search_tool_is_accepted(here: Here) -> None:
    same(here.mirror("a", tools=[types.Tool(google_search=types.GoogleSearch())])["tools"], [{"googleSearch": {}}])


def tools_that_come_later(here: Here) -> None:
    config = types.GenerateContentConfig(tools=[types.Tool(code_execution=types.ToolCodeExecution())])
    with refused(501, "UNIMPLEMENTED", "codeExecution"):
        here.client.models.generate_content(model=FLASH, contents="a", config=config)
