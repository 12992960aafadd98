"""[routes], checked at the start: which engines there are, what may stand in for what, and what is put together."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from pollux import config
from pollux.engines.base import Ability, Engine, ModelCard
from pollux.engines.scripted import ScriptedEngine
from pollux.errors import ConfigurationError
from pollux.routing import Installed, base_of, batch_lines, chains, composed, in_flight

TEXT: frozenset[Ability] = frozenset({"text", "image_in"})


class Stub(ScriptedEngine):
    """An engine with these abilities, in each of two models."""

    def __init__(self, abilities: frozenset[Ability] = TEXT) -> None:
        super().__init__()
        self.abilities = abilities

    def cards(self) -> Sequence[ModelCard]:
        return (ModelCard("small", self.abilities), ModelCard("large", self.abilities))


class Nobody:
    """A specialist that is not asked."""

    def find(self, *_: Any) -> list[Any]:
        raise AssertionError

    masks = find

    def close(self) -> None:
        """Holds nothing."""


def check(folder: Path, routes: str) -> dict[str, Engine]:
    (folder / "pollux.toml").write_text(f"[routes]\n{routes}", "utf-8")
    settings = config.load({}, {}, folder)
    engines: dict[str, Engine] = {
        "builtin": Stub(),
        "qwen": Stub(),
        "painter": Stub(frozenset({"image_out"})),
        "minilm": Stub(frozenset({"embeddings"})),
    }
    found: dict[str, Callable[[], Engine]] = {"google": lambda: Stub(frozenset({"text", "relay"})), "broken": broken}
    installed = Installed(engines, found, lambda *_: Nobody(), frozenset({"dino", "sam2"}))
    return composed(settings, installed)


def broken() -> Engine:
    raise RuntimeError("no")


@pytest.mark.parametrize(
    ("route", "message"),
    [
        ('"qwne"', "engine: there is no engine 'qwne'; did you mean qwen?"),
        ('"zzz"', "there is no engine 'zzz'; there are broken, builtin, google, minilm, painter, qwen"),
        ('"qwen:lrage"', "'qwen' has no model 'lrage'; did you mean large?"),
        ('"dino"', "'dino' is a specialist, which cannot answer; name it as boxes or masks"),
        ('"broken"', "'broken' cannot be made: RuntimeError"),
        ('{engine = "qwen", fallbacks = ["nobody"]}', "fallbacks: there is no engine 'nobody'"),
        ('{engine = "qwen", fallbacks = ["qwen"]}', "fallbacks: 'qwen' is asked already"),
        ('{engine = "qwen", fallbacks = ["builtin", "builtin"]}', "fallbacks: 'builtin' is asked already"),
        ('{engine = "qwen", boxes = "painter"}', "boxes: there is no specialist 'painter'; there are dino, sam2"),
        ('{engine = "qwen", masks = "sam"}', "masks: there is no specialist 'sam'; did you mean sam2?"),
        ('{engine = "qwen", image_out = "minilm"}', "image_out: 'minilm' has not that ability"),
        ('{engine = "qwen", image_out = "google"}', "image_out: 'google' passes whole requests on"),
        (
            '{engine = "google", boxes = "dino"}',
            "boxes: 'google' passes whole requests on, so nothing can be filled in",
        ),
    ],
)
def test_faults_name_the_file_the_route_the_key_and_the_remedy(tmp_path: Path, route: str, message: str) -> None:
    with pytest.raises(ConfigurationError) as caught:
        check(tmp_path, f'"gemini-*" = {route}')
    assert message in caught.value.message
    assert f'{tmp_path / "pollux.toml"}: [routes] "gemini-*"' in caught.value.message


def test_what_is_filled_in_becomes_an_engine_with_all_abilities(tmp_path: Path) -> None:
    fills = 'boxes = "dino", masks = "sam2", image_out = "painter", embeddings = "minilm"'
    route = f'{{engine = "qwen", fallbacks = ["qwen:large", "google"], {fills}}}'
    made = check(tmp_path, f'"a" = {route}\n"b" = {route}\n"c" = "builtin"')
    chain = chains(config.load({}, {}, tmp_path))
    assert chain["a"] == chain["b"] == tuple(made)  # two routes that say the same share their engines
    assert chain["c"] == ("builtin",)
    first, second, google = made.values()
    able = {"text", "image_in", "boxes", "masks", "image_out", "embeddings"}
    assert first.cards()[0].abilities == able
    assert (first.cards()[0].name, second.cards()[0].name) == ("small", "large")
    assert google.cards()[0].abilities == {"text", "relay"}  # does all of it itself
    assert {base_of(name) for name in made} == {"qwen", "google"}
    assert not any(":" in name for name in made)


def test_permits_of_engines(tmp_path: Path) -> None:
    settings = config.load(
        {"model": ["a=hf:org/x", "b=openai:http://h:1/v1#m", "c[12]*=diffusers:org/y", "d=google"]}, {}, tmp_path
    )
    names = ["builtin", "a", "b", "b + masks=sam2", "c[12]*", "google"]
    assert in_flight(settings, names) == {
        "a": 64, "b": 1000, "b + masks=sam2": 1000, "c[12]*": 2, "google": 1000,
    }  # fmt: skip
    assert [batch_lines(most) for most in (1, 2, 64, 1000)] == [1, 2, 16, 250]


def test_ten_thousand_routes_are_checked_quickly(tmp_path: Path) -> None:
    rows = "".join(
        f'"model-{i}-*" = {{engine = "qwen", fallbacks = ["builtin"], boxes = "dino"}}\n' for i in range(10_000)
    )
    began = time.process_time()
    assert len(check(tmp_path, rows)) == 2
    assert time.process_time() - began < 10
