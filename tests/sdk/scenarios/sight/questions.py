"""True answers about real pictures."""

from __future__ import annotations

import io
import math
from typing import Any

import PIL.Image
from google.genai import types

from tests.sdk.scenarios.kit import FLASH, Here, detail, refused
from tests.sdk.scenarios.words import CAN, holds, needs, same, tells


def _ask(here: Here, *contents: Any, **config: Any) -> str:
    given = types.GenerateContentConfig(**config) if config else None
    answer = here.client.models.generate_content(model=FLASH, contents=list(contents), config=given)
    assert answer.text
    return answer.text


def caption(here: Here) -> None:
    tells(_ask(here, here.part("cat.jpg"), "Caption this image."), "cat", "photograph")


def pil_caption(here: Here) -> None:
    with PIL.Image.open(here.file("coffee.jpg")) as picture:
        tells(_ask(here, "What is in this picture?", picture), "espresso")


def total_of_a_receipt(here: Here) -> None:
    tells(_ask(here, here.part("receipt.png"), "What is the total?"), "23.93")


def whole_text(here: Here) -> None:
    text = _ask(here, here.part("receipt.png"), "Transcribe all the text in this image.")
    tells(text, "THE BLUE KETTLE", "14 Harbour Lane", "Almond croissant", "3.25", "2026-03-14", "Thank you")


def sideways_text(here: Here) -> None:
    tells(_ask(here, here.part("rotated-notice.jpg"), "Read the text."), "TOWN LIBRARY", "9:00 - 18:00")


def codes(here: Here) -> None:
    tells(_ask(here, here.part("qr-code.png"), "What does the QR code say?"), "https://example.com/pollux")
    tells(_ask(here, here.part("bar-code.png"), "What is the number of this bar code?"), "2001234567893")


def yes_or_no(here: Here) -> None:
    question = "Is there a cat in this picture? Answer yes or no."
    for name, expected in (("cat.jpg", "Yes"), ("coffee.jpg", "No")):
        text = _ask(here, here.part(name), question).strip(". \n")
        if "truth" in CAN:
            same(text, expected)


def counting_and_colour(here: Here) -> None:
    tells(_ask(here, here.part("shapes.png"), "How many shapes are there?"), "three")
    tells(_ask(here, here.part("shapes.png"), "What colour is the circle?"), "red")


def comparison(here: Here) -> None:
    text = _ask(here, here.part("cat.jpg"), here.part("coffee.jpg"), "Compare these two pictures.")
    tells(text, "first", "cat", "second", "espresso")


def every_format(here: Here) -> None:
    with PIL.Image.open(here.file("sign.jpg")) as picture:
        for kind in ("png", "webp", "tiff"):
            out = io.BytesIO()
            picture.save(out, kind)
            part = types.Part.from_bytes(data=out.getvalue(), mime_type=f"image/{kind}")
            tells(_ask(here, part, "What is written on the sign?"), "NO PARKING", "8 AM - 6 PM")


def same_seed_same_answer(here: Here) -> None:
    answers = {_ask(here, here.part("cat.jpg"), "Describe this picture.", seed=7, temperature=1.5) for _ in range(3)}
    same(len(answers), 1)


def counted_as_used(here: Here) -> None:
    for model in (FLASH, "gemini-3-flash-preview"):
        contents: list[Any] = [here.part("receipt.png"), "What is the total?"]
        counted = here.client.models.count_tokens(model=model, contents=contents)
        usage = here.client.models.generate_content(model=model, contents=contents).usage_metadata
        assert usage
        if "truth" in CAN:  # an engine's own count is its own
            same(counted.total_tokens, usage.prompt_token_count)


def stop_and_limit(here: Here) -> None:
    text = _ask(here, here.part("receipt.png"), "Read the text.", stop_sequences=["Subtotal"])
    tells(text, "Granola bowl")
    assert "Subtotal" not in text, text
    answer = here.client.models.generate_content(
        model=FLASH,
        contents=[here.part("page.png"), "Read the text."],
        config=types.GenerateContentConfig(max_output_tokens=20),
    )
    assert answer.candidates
    assert answer.usage_metadata
    same(answer.candidates[0].finish_reason, types.FinishReason.MAX_TOKENS)
    same((answer.usage_metadata.candidates_token_count or 99) <= 20, True)


def stream(here: Here) -> None:
    contents: list[Any] = [here.part("receipt.png"), "Transcribe all the text in this image."]
    config = types.GenerateContentConfig(temperature=0)
    chunks = list(here.client.models.generate_content_stream(model=FLASH, contents=contents, config=config))
    assert len(chunks) > 1, "all in one chunk"
    same("".join(chunk.text or "" for chunk in chunks), _ask(here, *contents, temperature=0))


async def stream_async(here: Here) -> None:
    text = ""
    contents: list[Any] = [here.part("cat.jpg"), "Describe this picture."]
    async for chunk in await here.client.aio.models.generate_content_stream(model=FLASH, contents=contents):
        text += chunk.text or ""
    tells(text, "cat")


def chat(here: Here) -> None:
    talk = here.client.chats.create(model=FLASH)
    tells(talk.send_message([here.part("receipt.png"), "What is the total?"]).text, "23.93")
    tells(talk.send_message("And which shop is it from?").text, "Blue Kettle")


def streamed_chat(here: Here) -> None:
    talk = here.client.chats.create(model=FLASH)
    for _ in talk.send_message_stream([here.part("cat.jpg"), "Describe this picture."]):
        pass
    tells("".join(chunk.text or "" for chunk in talk.send_message_stream("Is there a dog in it?")), "cat")


def thoughts(here: Here) -> None:
    needs("truth", "a model that thinks")
    config = types.GenerateContentConfig(thinking_config=types.ThinkingConfig(include_thoughts=True))
    contents: list[Any] = [here.part("cat.jpg"), "What animal is this?"]
    answer = here.client.models.generate_content(model=FLASH, contents=contents, config=config)
    assert answer.candidates
    assert answer.candidates[0].content
    parts = answer.candidates[0].content.parts or []
    assert [part for part in parts if part.thought], "no thoughts"
    tells(answer.text, "cat")


def words_alone(here: Here) -> None:
    tells(_ask(here, "Hello! Who are you?"), "Pollux")


def embeddings_mean_something(here: Here) -> None:
    needs("truth", "vectors that mean something")
    texts: Any = ["A cat sleeps on the sofa.", "A kitten naps on the couch.", "The invoice is due on Friday."]
    for size in (None, 128):
        config = types.EmbedContentConfig(output_dimensionality=size)
        result = here.client.models.embed_content(model="gemini-embedding-001", contents=texts, config=config)
        cat, kitten, invoice = [e.values or [] for e in result.embeddings or []]
        same({len(v) for v in (cat, kitten, invoice)}, {size or 384})
        assert all(abs(math.hypot(*v) - 1) < 1e-3 for v in (cat, kitten, invoice)), "not of length one"
        near, far = (sum(a * b for a, b in zip(cat, other, strict=True)) for other in (kitten, invoice))
        assert near > far + 0.2, (near, far)


def too_many_dimensions(here: Here) -> None:
    needs("truth", "vectors of the built-in engine's length")
    with refused(400, "INVALID_ARGUMENT", "384"):
        here.client.models.embed_content(
            model="gemini-embedding-001", contents="a", config={"output_dimensionality": 768}
        )


def what_only_decoding_finds(here: Here) -> None:
    """A picture whose frame is whole and whose inside is not: 400 naming the part, streamed or not."""
    data = bytearray(here.read("receipt.png"))
    start = data.index(b"IDAT") + 4
    data[start + 100 : start + 1500] = bytes(1400)
    part: Any = types.Part.from_bytes(data=bytes(data), mime_type="image/png")
    for ask in (here.client.models.generate_content, here.client.models.generate_content_stream):
        with refused(400, "INVALID_ARGUMENT") as caught:
            list(ask(model=FLASH, contents=["What is it?", part]))
        (violation,) = detail(caught[0], "BadRequest")["fieldViolations"]
        holds(violation["field"], "contents[0].parts[1]")
