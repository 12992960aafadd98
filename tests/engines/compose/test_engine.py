from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

from pollux.engines.base import Ability, EmbedInput, ModelCard, Text
from pollux.engines.compose import Composed
from pollux.engines.scripted import ScriptedEngine
from pollux.engines.wishes import Canvas
from tests.engines.compose.kit import CHAT, DETECT, Red, composed, prompt, run


def other(text: str, **card: Any) -> tuple[ScriptedEngine, ModelCard]:
    engine = ScriptedEngine(lambda _: [Text(text)])
    return engine, replace(engine.cards()[0], **card)


def test_abilities_are_everybodys() -> None:
    painter, vectors = other("paint", trained=False), other("vectors", embed_dims=7)
    engine, main = composed("main", boxes=Red(), masks=Red(), image_out=painter, embeddings=vectors)
    (card,) = engine.cards()
    assert card.abilities == CHAT | {"boxes", "masks", "image_out", "embeddings"}
    assert card.embed_dims == 7
    assert not card.trained
    assert card.name == main.cards()[0].name
    alone, main = composed("main")
    assert alone.cards() == main.cards()


def test_what_the_model_can_do_it_does() -> None:
    every: frozenset[Ability] = CHAT | {"boxes", "masks", "image_out", "embeddings"}
    red, painter, vectors = Red(), other("paint"), other("", embed_dims=7)
    engine, main = composed("main", abilities=every, boxes=red, masks=red, image_out=painter, embeddings=vectors)
    assert engine.cards() == main.cards()
    for asked in (prompt(), prompt(DETECT), prompt("Draw a cat.", canvas=Canvas(64, 64))):
        engine, main = composed("main", abilities=every, boxes=red, masks=red, image_out=painter, embeddings=vectors)
        assert run(engine, asked) == [Text("main")]
        assert main.prompts == [asked]
    engine, main = composed("main", abilities=CHAT | {"masks"}, boxes=red)
    assert run(engine, prompt()) == [Text("main")]  # the masks that it makes are not lost to a finder
    assert not red.labels


def test_pictures_come_from_the_painter() -> None:
    painter = other("paint")
    engine, main = composed("main", image_out=painter)
    canvas = Canvas(64, 64)
    assert run(engine, prompt("Draw a cat.", canvas=canvas)) == [Text("paint")]
    assert not main.prompts
    engine, main = composed("main", masks=Red())
    assert run(engine, prompt("Give the segmentation masks of the cat.", canvas=canvas)) == [Text("main")]


def test_vectors_come_from_whoever_makes_them() -> None:
    vectors = other("", embed_dims=7)
    engine, main = composed("main", embeddings=vectors)
    made = asyncio.run(engine.embed("qwen", [EmbedInput("abc")], 5))
    assert [len(one) for one in made] == [5]
    assert (len(vectors[0].embedded), len(main.embedded)) == (1, 0)
    alone, main = composed("main")
    asyncio.run(alone.embed("qwen", [EmbedInput("abc")], 5))
    assert len(main.embedded) == 1


def test_counting_is_the_main_models() -> None:
    class Counts(ScriptedEngine):
        def count_text(self, text: str) -> int:
            return len(text)

    main = Counts()
    assert Composed(main, main.cards()[0]).count_text("four") == 4


def test_everything_is_given_back() -> None:
    red, blue = Red(), Red()
    engine, _ = composed("main", boxes=red, masks=blue)
    asyncio.run(engine.close())
    assert (red.closed, blue.closed) == (1, 1)
