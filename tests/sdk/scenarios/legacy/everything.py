"""The essentials: this client sends integers for enums, asks for integers back, and reads streams as JSON arrays."""

from __future__ import annotations

import importlib
import io
from typing import Any

import PIL.Image

from tests.sdk.scenarios.legacy import Here, genai
from tests.sdk.scenarios.words import CAN, agrees, fills, holds, needs, raises, same, says, seen, stopped, vectors

MIRROR = "gemini-2.5-mirror"


def plain(here: Here) -> None:
    answer = here.model("gemini-2.5-flash").generate_content("How are you?")
    says(answer.text, "How are you?")
    stopped(answer.candidates[0].finish_reason)
    usage = answer.usage_metadata
    same(usage.total_token_count, usage.prompt_token_count + usage.candidates_token_count)


def enums_as_integers(here: Here) -> None:
    settings = {"HARASSMENT": "BLOCK_ONLY_HIGH", "DANGEROUS": "BLOCK_NONE"}
    config = {"temperature": 0.5, "top_k": 3, "max_output_tokens": 9000}
    model = here.model(MIRROR, safety_settings=settings, generation_config=config, system_instruction="Be brief.")
    text = model.generate_content("a").text
    holds(text, "HARM_CATEGORY_HARASSMENT", "HARM_CATEGORY_DANGEROUS_CONTENT", "BLOCK_ONLY_HIGH", "BLOCK_NONE")


def system_instruction(here: Here) -> None:
    model = here.model(MIRROR, system_instruction="Be brief.")
    same(seen(model.generate_content("a").text)["system"], "Be brief.")


def picture(here: Here) -> None:
    with PIL.Image.open(here.samples / "cat.jpg") as cat:
        size = list(cat.size)
        reflection = seen(here.model(MIRROR).generate_content(["What is it?", cat.copy()]).text)
    same(reflection["turns"][0]["pieces"][1]["size"], size)
    blob = {"mime_type": "image/png", "data": (here.samples / "receipt.png").read_bytes()}
    same(seen(here.model(MIRROR).generate_content([blob]).text)["turns"][0]["pieces"][0]["media"], "image/png")


def stream(here: Here) -> None:
    chunks = list(here.model("gemini-2.5-speaker").generate_content("count", stream=True))
    says("".join(chunk.text for chunk in chunks), "One two three four five")
    assert len(chunks) > 1, "all in one chunk"


def chat(here: Here) -> None:
    talk = here.model(MIRROR).start_chat()
    talk.send_message("one")
    turns = seen(talk.send_message("two").text)["turns"]
    same([turn["role"] for turn in turns], ["user", "model", "user"])


def functions(here: Here) -> None:
    needs("script", "a model that calls a function")
    asked = []

    def get_weather(city_name: str) -> str:
        """The weather of a city."""
        asked.append(city_name)
        return "snow"

    talk = here.model("gemini-2.5-caller", tools=[get_weather]).start_chat(enable_automatic_function_calling=True)
    holds(talk.send_message("Weather?").text, "snow")
    same(asked, ["Oslo"])


def schema(here: Here) -> None:
    needs("schema", "an answer that follows its schema")
    given: dict[str, Any] = {"type": "object", "properties": {"n": {"type": "integer"}}, "required": ["n"]}
    config = {"response_mime_type": "application/json", "response_schema": given}
    found = seen(here.model("gemini-2.5-filler", generation_config=config).generate_content("a").text)
    same((list(found), type(found["n"])), (["n"], int))
    fills(found, {"n": 7})


def count_tokens(here: Here) -> None:
    model = here.model("gemini-2.5-flash")
    with PIL.Image.open(here.samples / "qr-code.png") as code:
        parts = ["What is it?", code.copy()]
    counted = model.count_tokens(parts).total_tokens
    agrees(counted, model.generate_content(parts).usage_metadata.prompt_token_count)
    assert counted > 258, counted


def embeddings(here: Here) -> None:
    needs("embeddings", "vectors of texts")
    found = genai().embed_content(model="models/text-embedding-004", content=["abcde", "a"], output_dimensionality=3)
    vectors(found["embedding"], [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    one = genai().embed_content(model="models/text-embedding-004", content="abcde", task_type="retrieval_query")
    vectors([one["embedding"]], [[0.0, 1.0, 0.0, 0.0]])


def models(here: Here) -> None:
    names = [model.name for model in genai().list_models(page_size=3)]
    assert "models/gemini-2.5-flash" in names, names
    limit = genai().get_model("models/gemini-2.5-flash").input_token_limit
    assert limit == 1_048_576 if "script" in CAN else limit > 0, limit


def faults(here: Here) -> None:
    exceptions = importlib.import_module("google.api_core.exceptions")
    raises(exceptions.NotFound, lambda: here.model("gpt-99").generate_content("a"))
    if "script" in CAN:
        raises(exceptions.TooManyRequests, lambda: here.model("gemini-2.5-refuses").generate_content("a"))
    given = {"temperature": 9.0}
    wrong = raises(
        exceptions.BadRequest,
        lambda: here.model("gemini-2.5-flash").generate_content("a", generation_config=given),
    )
    holds(str(wrong), "temperature")


def pictures_out(here: Here) -> None:
    """Made, and changed in a chat, by the model that does not think: this client drops signatures and thoughts."""
    needs("pictures", "a painter")
    talk = here.model("gemini-2.5-flash-image").start_chat()
    for colour, expected in (("red", (220, 30, 30)), ("blue", (30, 60, 220))):
        text, picture = talk.send_message(f"Paint it {colour}").candidates[0].content.parts
        same((text.text, picture.inline_data.mime_type), (f"Paint it {colour}", "image/png"))
        with PIL.Image.open(io.BytesIO(picture.inline_data.data)) as drawn:
            same(drawn.size, (1024, 1024))
            found: Any = drawn.getpixel((9, 9))
        assert max(abs(a - b) for a, b in zip(found, expected, strict=True)) <= 8, found  # the watermark is in it


def an_edited_picture(here: Here) -> None:
    needs("pictures", "a painter")
    model = here.model("gemini-2.5-flash-image", generation_config={"candidate_count": 1})
    with PIL.Image.open(here.samples / "receipt.png") as receipt:
        size = receipt.size
        _, part = model.generate_content(["Paint it red", receipt.copy()]).candidates[0].content.parts
    with PIL.Image.open(io.BytesIO(part.inline_data.data)) as edited:
        same(edited.size, size)


def thinking_pictures_in_a_chat(here: Here) -> None:
    """What this client loses is missed, in words that name it."""
    needs("pictures", "a painter")
    talk = here.model("gemini-3-pro-image-preview").start_chat()
    talk.send_message("Paint it red")
    wrong = raises(
        importlib.import_module("google.api_core.exceptions").BadRequest, lambda: talk.send_message("Paint it blue")
    )
    holds(str(wrong), "thoughtSignature", "missing")
