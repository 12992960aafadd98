"""Pictures of the built-in painter and editor, as they leave the server: with everything that they carry."""

from __future__ import annotations

from typing import Any

import PIL.Image
from google.genai import types

from tests.sdk.scenarios.brush import NANO, PRO, encoded, shown, tokens
from tests.sdk.scenarios.kit import FLASH, Here
from tests.sdk.scenarios.words import holds, needs, same


def _ask(here: Here, *contents: Any, model: str = NANO, **config: Any) -> types.GenerateContentResponse:
    given = types.GenerateContentConfig(**config) if config else None
    return here.client.models.generate_content(model=model, contents=list(contents), config=given)


def _share(picture: PIL.Image.Image, channel: int) -> float:
    """How much of a picture is plainly of that colour: 0 red, 1 green, 2 blue."""
    pixels = picture.convert("RGB").resize((64, 64)).tobytes()
    triples = [pixels[at : at + 3] for at in range(0, len(pixels), 3)]
    plain = [one for one in triples if all(one[channel] > other + 40 for n, other in enumerate(one) if n != channel)]
    return len(plain) / len(triples)


def what_is_asked_for(here: Here) -> None:
    needs("truth", "a painter that draws what it is asked for")
    answer = _ask(here, "Create a flat icon of a red apple on a white background")
    (picture,) = shown(answer)
    same((picture.format, picture.size), ("PNG", (1024, 1024)))
    assert _share(picture, 0) > 0.05, _share(picture, 0)
    assert _share(picture, 2) < 0.02, _share(picture, 2)
    holds(answer.text, "apple")
    (blob,) = [part.inline_data for part in answer.parts or [] if part.inline_data]
    same(b"c2pa" in (blob.data or b""), True)


def words_in_the_picture(here: Here) -> None:
    """Drawn, and read again."""
    needs("truth", "a painter that draws what it is asked for")
    (picture,) = shown(_ask(here, 'Design a poster with the text "OPEN UNTIL MIDNIGHT" in large letters'))
    answer = here.client.models.generate_content(
        model=FLASH, contents=[encoded(picture), "Transcribe all the text in this image."]
    )
    holds(answer.text, "OPEN", "UNTIL", "MIDNIGHT")


def same_seed_same_picture(here: Here) -> None:
    needs("truth", "a painter that draws what it is asked for")
    for model in (NANO, PRO):
        first, again, other = [_ask(here, "Draw a lighthouse at dusk", model=model, seed=n) for n in (4, 4, 5)]
        pixels = [shown(one)[0].tobytes() for one in (first, again, other)]
        same((first.text, pixels[0] == pixels[1], pixels[0] == pixels[2]), (again.text, True, False))


def a_chat(here: Here) -> None:
    needs("truth", "a painter that draws what it is asked for")
    talk = here.client.chats.create(model=PRO)
    (first,) = shown(talk.send_message("Draw a big red balloon on a white background"))
    (second,) = shown(talk.send_message("Make it blue"))
    assert _share(first, 0) > 0.03 > _share(second, 0), (_share(first, 0), _share(second, 0))
    assert _share(second, 2) > 0.03 > _share(first, 2), (_share(second, 2), _share(first, 2))
    config = types.GenerateContentConfig(image_config=types.ImageConfig(aspect_ratio="16:9", image_size="2K"))
    (third,) = shown(talk.send_message("Now make it wider", config=config))
    same(third.size, (2752, 1536))
    assert _share(third, 2) > 0.01, _share(third, 2)


def thoughts(here: Here) -> None:
    needs("truth", "a painter that draws what it is asked for")
    answer = _ask(here, "Draw a lighthouse at dusk", model=PRO)
    *interim, last = shown(answer, thought=True)
    assert len(interim) <= 2, len(interim)
    same(last.tobytes(), shown(answer)[0].tobytes())


def interleaved(here: Here) -> None:
    """The guide's illustrated recipe: several pictures, and words to each."""
    needs("truth", "a painter that draws what it is asked for")
    answer = _ask(here, "Generate an illustrated recipe for a paella.")
    pictures = shown(answer)
    assert len(pictures) > 1, len(pictures)
    same(tokens(answer)["IMAGE"], 1290 * len(pictures))
    first = next(n for n, part in enumerate(answer.parts or []) if part.inline_data)
    same(any(part.text for part in (answer.parts or [])[first:]), True)


def an_edit(here: Here) -> None:
    needs("truth", "a painter that draws what it is asked for")
    with PIL.Image.open(here.file("coffee.jpg")) as image:
        (grey,) = shown(_ask(here, "Make this picture black and white", image))
        same(grey.size, image.size)
    bands = [band.histogram() for band in grey.convert("YCbCr").split()[1:]]
    spread = [sum(count for at, count in enumerate(band) if abs(at - 128) > 6) for band in bands]
    assert max(spread) < 0.01 * grey.width * grey.height, spread


def counted_as_used(here: Here) -> None:
    needs("truth", "a painter that draws what it is asked for")
    counted = here.client.models.count_tokens(model=NANO, contents="Draw a red kite")
    usage: Any = _ask(here, "Draw a red kite").usage_metadata
    same(usage.prompt_token_count, counted.total_tokens)
    same(usage.total_token_count, usage.prompt_token_count + usage.candidates_token_count)
