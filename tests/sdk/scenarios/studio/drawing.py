"""Pictures of words: forms, sizes, streams, seeds, what they cost, and what is refused."""

from __future__ import annotations

from typing import Any

from google.genai import types

from tests.sdk.scenarios.brush import NANO, PRO, opened, pixel, shown, tokens
from tests.sdk.scenarios.kit import FLASH, Here, detail, refused
from tests.sdk.scenarios.words import CAN, needs, paints, same, seen, writes

PROMPT = "Create a picture of a nano banana dish in a fancy restaurant with a Gemini theme"
_CONTENTS: Any = [PROMPT]


def _ask(here: Here, contents: Any = PROMPT, model: str = NANO, **config: Any) -> types.GenerateContentResponse:
    given = types.GenerateContentConfig(**config) if config else None
    return here.client.models.generate_content(model=model, contents=contents, config=given)


def text_to_image(here: Here) -> None:
    """The guide's first example."""
    answer = here.client.models.generate_content(model=NANO, contents=_CONTENTS)
    kinds = []
    for part in answer.parts or []:
        if part.text is not None:
            kinds.append(part.text)
        elif part.inline_data is not None:
            image: Any = part.as_image()
            kinds.append(image.mime_type)
    same(kinds.pop(), "image/png")
    writes(kinds, [PROMPT])
    (picture,) = shown(answer)
    same((picture.format, picture.mode, picture.size), ("PNG", "RGB", (1024, 1024)))
    writes(answer.text, PROMPT)


async def text_to_image_async(here: Here) -> None:
    answer = await here.client.aio.models.generate_content(model=NANO, contents=_CONTENTS)
    same([picture.size for picture in shown(answer)], [(1024, 1024)])


def modalities_in_any_case(here: Here) -> None:
    for wanted in (["TEXT", "IMAGE"], ["Text", "Image"], ["text", "image"], ["iMaGe", "tExT"]):
        answer = _ask(here, response_modalities=wanted)
        writes(answer.text, PROMPT)
        same(len(shown(answer)), 1)


def pictures_alone(here: Here) -> None:
    for wanted in (["Image"], ["IMAGE"], ["image"]):
        answer = _ask(here, response_modalities=wanted)
        same([part.text for part in answer.parts or []], [None])
        same(tokens(answer), {"IMAGE": 1290})


def words_alone(here: Here) -> None:
    needs("script", "a painter that writes")
    same([part.text for part in _ask(here, response_modalities=["Text"]).parts or []], [PROMPT])


def pictures_of_a_model_of_words(here: Here) -> None:
    needs("script", "a model of words beside the painter")
    with refused(400, "INVALID_ARGUMENT", "responseModalities"):
        _ask(here, model=FLASH, response_modalities=["TEXT", "IMAGE"])


def cells_of_both_tables(here: Here) -> None:
    """With the tokens that the tables print."""
    for model, image, size, cost in (
        (NANO, types.ImageConfig(aspect_ratio="21:9"), (1536, 672), 1290),
        (PRO, types.ImageConfig(aspect_ratio="9:16"), (768, 1376), 1210),
        (PRO, types.ImageConfig(aspect_ratio="4:5", image_size="2K"), (1856, 2304), 1210),
    ):
        answer = _ask(here, model=model, image_config=image)
        same([picture.size for picture in shown(answer)], [size])
        same(tokens(answer)["IMAGE"], cost)


def sizes_that_are_none(here: Here) -> None:
    for model, image, field in (
        (PRO, types.ImageConfig(image_size="2k"), "imageSize"),
        (PRO, types.ImageConfig(image_size="512"), "imageSize"),
        (NANO, types.ImageConfig(image_size="2K"), "imageSize"),
        (NANO, types.ImageConfig(aspect_ratio="1:4"), "aspectRatio"),
    ):
        with refused(400, "INVALID_ARGUMENT", field) as caught:
            _ask(here, model=model, image_config=image)
        (violation,) = detail(caught[0], "BadRequest")["fieldViolations"]
        same(violation["field"], "generationConfig.imageConfig." + field)


def stream(here: Here) -> None:
    """A picture comes whole, in a chunk of its own or with words; the parts are those of the unary answer."""
    for model in (NANO, PRO):
        words = "one, in two parts"
        config = types.GenerateContentConfig(seed=5)
        chunks = list(here.client.models.generate_content_stream(model=model, contents=words, config=config))
        if "script" in CAN:
            assert len(chunks) > 1, "all in one chunk"
        parts = [part for chunk in chunks for part in chunk.parts or []]
        whole = _ask(here, words, model, seed=5).parts or []
        pictures = [(bool(part.thought), part.inline_data.data) for part in parts if part.inline_data]
        same(pictures, [(bool(part.thought), part.inline_data.data) for part in whole if part.inline_data])
        said = ["".join(part.text or "" for part in found if not part.thought) for found in (parts, whole)]
        same(said, ["one, in two parts And then " if "script" in CAN else ""] * 2)
        usage: Any = chunks[-1].usage_metadata
        same(usage.candidates_token_count, sum(tokens(chunks[-1]).values()))
        number = len([part for part in parts if part.inline_data and not part.thought])
        paints(number, 2)
        same(tokens(chunks[-1])["IMAGE"], number * (1290 if model == NANO else 1210))


async def stream_async(here: Here) -> None:
    pictures = []
    async for chunk in await here.client.aio.models.generate_content_stream(model=NANO, contents=PROMPT):
        pictures += shown(chunk)
    same([picture.size for picture in pictures], [(1024, 1024)])


def seeds(here: Here) -> None:
    """The same request and seed: the same pixels and the same text; another seed, others; the ends of what is one."""

    def drawn(seed: int) -> tuple[bytes, str | None]:
        answer = _ask(here, seed=seed)
        return shown(answer)[0].tobytes(), answer.text

    same(drawn(7), drawn(7))
    found = {drawn(seed)[0] for seed in (7, 8, -5, 2**31 - 1, -(2**31))}
    same(len(found), 5)
    with refused(400, "INVALID_ARGUMENT", "seed"):
        _ask(here, seed=2**31)


def two_candidates(here: Here) -> None:
    """Each with a seed of its own, of the same kind as the caller's, even behind the largest."""
    for seed in (5, 2**31 - 1):
        answer = _ask(here, candidate_count=2, seed=seed, thinking_config={"include_thoughts": True})
        candidates: Any = answer.candidates
        same([candidate.index or 0 for candidate in candidates], [0, 1])
        pictures = [
            opened(part.inline_data.data).tobytes()
            for one in candidates
            for part in one.content.parts
            if part.inline_data and not part.thought
        ]
        same((len(pictures), pictures[0] == pictures[1]), (2, False))
        same(tokens(answer)["IMAGE"], 2 * 1290)
        if "script" not in CAN:
            continue
        given = [seen(one.content.parts[0].text)["seed"] for one in candidates]
        same(given, [5, 6] if seed == 5 else [seed, -(2**31)])


def counted_as_used(here: Here) -> None:
    for model in (NANO, PRO):
        contents: list[Any] = [here.part("cat.jpg"), "Make it blue."]
        counted = here.client.models.count_tokens(model=model, contents=contents)
        answer = _ask(here, contents, model)
        usage: Any = answer.usage_metadata
        same(usage.prompt_token_count, counted.total_tokens)
        rows = {row.modality.value: row.token_count for row in usage.prompt_tokens_details}
        same((sum(rows.values()), set(rows)), (counted.total_tokens, {"TEXT", "IMAGE"}))
        same(sum(tokens(answer).values()), usage.candidates_token_count)
        thoughts = usage.thoughts_token_count or 0
        same(usage.total_token_count, usage.prompt_token_count + usage.candidates_token_count + thoughts)


def nothing_to_draw(here: Here) -> None:
    """Why is in finishMessage, which this client does not pass on."""
    needs("script", "a painter that declines")
    answer = _ask(here, "Draw nothing", response_modalities=["Image"])
    candidates: Any = answer.candidates
    same((candidates[0].finish_reason.name, shown(answer)), ("NO_IMAGE", []))


def strange_prompts(here: Here) -> None:
    """Control characters, bidirectional marks, other scripts, much of everything: what was said comes back."""
    spaces = " " if "script" in CAN else "."  # a model that has nothing to go by says so
    for words in ("a\x00b\x1b[31m\u202e\ufeff", "猫 🐈\u200d⬛ \u2028", "]]>\"'<svg/>\\u0000", "red " * 25_000, spaces):
        answer = _ask(here, words)
        writes(answer.text, words)
        same(len(shown(answer)), 1)


def named_colour(here: Here) -> None:
    (picture,) = shown(_ask(here, "a red square"))
    paints([pixel(picture, x) for x in (0, 511, 512)], [(220, 30, 30), (220, 30, 30), (128, 128, 128)])


def listed_with_their_methods(here: Here) -> None:
    actions = {model.name: model.supported_actions or [] for model in here.client.models.list()}
    same(actions["models/imagen-4.0-generate-001"], ["predict"])
    same(actions.get("models/veo-3.1-generate-preview"), ["predictLongRunning"] if "script" in CAN else None)
    for model in (NANO, PRO):
        wanted = {"generateContent", "streamGenerateContent", "countTokens", "batchGenerateContent"}
        same(wanted - set(actions["models/" + model]), set())
