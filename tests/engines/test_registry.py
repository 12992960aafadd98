"""From a model's name to whoever answers for it."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import pytest

from pollux.engines.base import ModelCard
from pollux.engines.families import default_families
from pollux.engines.registry import Limits, Quota, Registry
from pollux.engines.scripted import ScriptedEngine
from pollux.errors import ConfigurationError, NotFound, Unimplemented
from pollux.wire.methods import ASYNC_EMBED, BATCH_EMBED, BATCH_GENERATE, COUNT, EMBED, GENERATE, STREAM


class Two(ScriptedEngine):
    """An engine with two models."""

    def cards(self) -> Sequence[ModelCard]:
        text = frozenset({"text"})
        return (ModelCard("small", text, input_tokens=100, output_tokens=10), ModelCard("large", text))  # type: ignore[arg-type]


MAIN, TWO = ScriptedEngine(), Two()


def registry(routes: Mapping[str, str] | None = None, limits: Mapping[str, Limits] | None = None) -> Registry:
    return Registry(default_families(), {"main": MAIN, "two": TWO}, routes or {}, limits, default="main")


@pytest.mark.parametrize(
    ("routes", "name", "engine", "card"),
    [
        ({}, "gemini-2.5-flash", MAIN, "scripted"),
        ({"gemini-*": "two"}, "gemini-2.5-flash", TWO, "small"),
        ({"gemini-*": "two:large"}, "gemini-2.5-flash", TWO, "large"),
        ({"gemini-*": "two"}, "gemma-3-27b-it", MAIN, "scripted"),
        ({"*-pro*": "main", "gemini-*": "two"}, "gemini-2.5-pro", MAIN, "scripted"),
        ({"*-pro*": "main", "gemini-*": "two"}, "gemini-2.5-flash", TWO, "small"),
        ({"*": "two"}, "gemini-2.5-flash", TWO, "small"),
        ({"*": "two", "gemini-*": "main"}, "gemini-2.5-flash", TWO, "small"),
    ],
)
def test_the_first_route_that_fits_wins(routes: dict[str, str], name: str, engine: ScriptedEngine, card: str) -> None:
    served = registry(routes).resolve(name)
    assert served.engine is engine
    assert served.card.name == card


@pytest.mark.parametrize(("target", "message"), [("none", "main, two"), ("two:none", "no model 'none'")])
def test_bad_routes(target: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message):
        registry({"gemini-*": target})


def test_limits_come_from_configuration_then_the_smaller_of_family_and_card() -> None:
    limits = {"gemini-2.5-*": Limits(input_tokens=5000), "gemini-*": Limits(input_tokens=1, output_tokens=7)}
    served = registry({"gemma-*": "two"}, limits)
    flash, gemma = served.resolve("gemini-2.5-flash"), served.resolve("gemma-3-4b-it")
    assert (flash.input_tokens, flash.output_tokens) == (5000, 7)
    assert (gemma.input_tokens, gemma.output_tokens) == (100, 10)


def test_methods_by_family_engine_and_configuration() -> None:
    models = registry({"text-embedding-*": "two"}, {"gemini-2.0-*": Limits(methods=(COUNT, EMBED))})
    assert models.resolve("gemini-2.5-flash").methods == (GENERATE, STREAM, COUNT, BATCH_GENERATE)
    assert models.resolve("gemini-embedding-001").methods == (EMBED, BATCH_EMBED, COUNT, ASYNC_EMBED)
    assert models.resolve("gemini-2.0-flash").methods == (COUNT,)
    assert models.resolve("text-embedding-004").methods == (COUNT,)  # that engine cannot embed
    with pytest.raises(NotFound, match="supportedGenerationMethods"):
        models.resolve("gemini-2.0-flash").require(GENERATE)
    for method in (GENERATE, BATCH_GENERATE):
        with pytest.raises(Unimplemented, match=rf"Speech.*{method}"):
            models.resolve("gemini-2.5-flash-preview-tts").require(method)


@pytest.mark.parametrize("name", ["", "none", "gpt-5", "Gemini-2.5-flash", "gemini-", "gemini-2.5-flash\n", "x" * 5000])
def test_unknown_names(name: str) -> None:
    with pytest.raises(NotFound, match=r"models\.list"):
        registry().resolve(name)


def test_the_list_names_what_works() -> None:
    listed = registry().listed()
    names = [served.name for served in listed]
    assert "gemini-2.5-flash" in names
    assert len(names) == len(set(names))
    assert any(name.startswith("imagen") for name in names)
    assert not any(name.startswith(("imagen", "veo")) for name in (one.name for one in registry({"*": "two"}).listed()))
    of_words = [one.name for one in registry({"*": "two"}).listed()]
    assert not any("embedding" in name for name in of_words)
    assert any("image" in name for name in names)
    assert not any("image" in name for name in of_words)  # whoever asks one of them for no more gets a picture, or 400
    assert "gemini-2.5-flash" in of_words
    generates = [GENERATE in served.methods for served in listed]
    assert generates == sorted(generates, reverse=True)
    assert all(served.methods for served in listed)


def test_names_from_callers_do_not_fill_the_memory() -> None:
    models = registry()
    for i in range(3000):
        models.resolve(f"gemini-2.5-flash-{i}")
    assert len(models._cache) <= 1024


def test_a_route_makes_any_name_a_model() -> None:
    served = registry({"org/*": "two:small", "mine": "main"})
    model = served.resolve("org/model-7b")
    assert (model.engine, model.card.name, model.input_tokens, model.output_tokens) == (TWO, "small", 100, 10)
    assert set(model.methods) == {GENERATE, STREAM, COUNT, BATCH_GENERATE}
    assert {EMBED, BATCH_EMBED} <= set(served.resolve("mine").methods)
    names = [one.name for one in served.listed()]
    assert "mine" in names
    assert not any("*" in name for name in names)
    for name in ("theirs", "org/" + "x" * 300):
        with pytest.raises(NotFound):
            served.resolve(name)


def test_a_route_may_be_a_chain() -> None:
    routes = {"gemini-*": ("two:large", "main")}
    served = Registry(default_families(), {"main": MAIN, "two": TWO}, routes, default="main").resolve("gemini-2.5-pro")
    assert (served.engine, served.card.name, served.engine_name) == (TWO, "large", "two")
    assert [(one.name, one.engine, one.engine_name) for one in served.fallbacks] == [("gemini-2.5-pro", MAIN, "main")]
    with pytest.raises(ConfigurationError, match="there is no engine 'none'"):
        Registry(default_families(), {"main": MAIN}, {"a": ("main", "none")}, default="main")


def test_of_several_limits_the_first_that_says_something_holds() -> None:
    limits = {
        "gemini-2.5-pro": Limits(rpm=Quota("gemini-2.5-pro", 2), input_price=1.0),
        "gemini-2.5-*": Limits(rpm=Quota("gemini-2.5-*", 9), tpm=Quota("gemini-2.5-*", 7), output_price=0.0),
        "*": Limits(input_price=5.0, output_price=5.0, batch_discount=0.1),
    }
    served = registry(limits=limits)
    pro, flash = served.resolve("gemini-2.5-pro").limits, served.resolve("gemini-2.5-flash").limits
    assert (pro.rpm, pro.tpm, pro.input_price, pro.output_price, pro.batch_discount) == (
        ("gemini-2.5-pro", 2),
        ("gemini-2.5-*", 7),
        1.0,
        0.0,
        0.1,
    )
    assert (flash.rpm, flash.input_price) == (("gemini-2.5-*", 9), 5.0)


def test_ten_thousand_routes() -> None:
    routes = {
        **{f"model-{i}": "two" for i in range(9_000)},
        **{f"*-größe-{i}-*": "main" for i in range(1_000)},
        "model-1*": "main",
    }
    began = time.process_time()
    models = registry(routes)
    assert models.resolve("model-1000").engine is TWO  # it stands before the pattern
    assert models.resolve("model-1x").engine is MAIN
    assert models.resolve("eine-größe-999-x").engine is MAIN
    assert len(models.listed()) > 9_000
    assert time.process_time() - began < 10


@pytest.mark.parametrize("pattern", ["[", "[z-a]", "[!", "*" * 500, "[a-", "\\", "(?P<x>", "é*", "[]", "a\nb*"])
def test_odd_patterns_match_nothing_by_accident(pattern: str) -> None:
    began = time.process_time()
    served = registry({pattern: "two"}).resolve("gemini-2.5-flash")
    assert served.engine is (TWO if set(pattern) == {"*"} else MAIN)
    assert time.process_time() - began < 1
