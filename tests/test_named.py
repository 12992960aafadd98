"""Engines by name, models by pattern and routes: what the file and --model may say of them."""

from __future__ import annotations

import dataclasses
import time
from pathlib import Path
from typing import Any

import msgspec
import pytest

from pollux.config import KINDS, DiffusersModel, ModelOverride, Route, Specialist, TransformersModel, describe, load
from pollux.engines.diffusers.options import Options as DiffusersOptions
from pollux.engines.openai.options import Options as OpenAIOptions
from pollux.engines.specialists.options import Options as SpecialistOptions
from pollux.engines.transformers.options import Options as TransformersOptions
from pollux.errors import ConfigurationError

OPTIONS: dict[str, tuple[Any, dict[str, str], set[str]]] = {
    "openai": (OpenAIOptions, {"addresses": "address", "key": "api_key"}, {"api_key_env", "in_flight"}),
    "transformers": (TransformersOptions, {}, {"in_flight"}),
    "diffusers": (DiffusersOptions, {}, {"in_flight"}),
    "specialist": (SpecialistOptions, {}, set()),
}
"""Of each kind: what its engine is told, keys of other names, keys that are the hall's."""


def loaded(folder: Path, text: str = "", *models: str) -> Any:
    (folder / "pollux.toml").write_text(text, "utf-8")
    return load({"model": list(models)}, {}, folder)


@pytest.mark.parametrize("kind", KINDS)
def test_a_section_has_the_keys_and_defaults_of_its_engine(kind: str) -> None:
    options, names, ours = OPTIONS[kind]
    section = msgspec.structs.asdict(KINDS[kind]())
    told = {names.get(one.name, one.name): one for one in dataclasses.fields(options) if one.name != "place"}
    assert set(section) - ours == set(told)
    for name, one in told.items():
        factory, plain = one.default_factory, one.default
        default = plain if factory is dataclasses.MISSING else factory()
        if default is not dataclasses.MISSING and name != "abilities":
            assert section[name] == default, name


def test_every_kind_by_name(tmp_path: Path) -> None:
    (tmp_path / "tiny").mkdir()
    settings = loaded(
        tmp_path,
        '[engine.transformers.chat]\nmodel = "./tiny"\nbatch = 4\nabilities = ["text"]\n'
        '[engine.diffusers.painter]\nmodel = "org/flux"\nsteps = 4\n[engine.diffusers.painter.loras]\n"org/a" = 0.5\n'
        '[engine.specialist.sam]\nmodel = "org/sam2"\nkind = "sam2"\n',
    )
    chat, painter, sam = (settings.named[name] for name in ("chat", "painter", "sam"))
    assert isinstance(chat, TransformersModel)
    assert (chat.model, chat.batch, chat.abilities) == (str(tmp_path / "tiny"), 4, ("text",))
    assert isinstance(painter, DiffusersModel)
    assert (painter.model, painter.steps, painter.loras) == ("org/flux", 4, {"org/a": 0.5})
    assert isinstance(sam, Specialist)
    assert sam.kind == "sam2"
    assert settings.routes == {"chat": Route(engine="chat"), "painter": Route(engine="painter")}  # no specialist
    lines = {line.key: line.value for line in describe(settings)}
    assert lines['engine.diffusers."painter"'] == "org/flux"
    assert lines['routes."chat"'] == "chat"


def test_models_of_flags(tmp_path: Path) -> None:
    (tmp_path / "my:model").mkdir()
    settings = loaded(tmp_path, "", "a=hf:org/model", "b=hf:./my:model", f"c=diffusers:{tmp_path}", "d*=google")
    assert settings.named["a"] == TransformersModel(model="org/model")
    assert settings.named["b"] == TransformersModel(model=str(tmp_path / "my:model"))
    assert settings.named["c"] == DiffusersModel(model=str(tmp_path))
    assert {name: route.engine for name, route in settings.routes.items()} == {
        "a": "a", "b": "b", "c": "c", "d*": "google",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("models", "message"),
    [
        (["a:b=hf:x"], "without a colon"),
        (["a=hf:"], "--model a: hf must be written hf:MODEL"),
        (["a=hf"], "hf:MODEL"),
        (["a=hf:./nowhere"], r"--model a: there is no folder .*nowhere"),
        (["a=diffusers:"], "diffusers:MODEL"),
        (["builtin=hf:x"], "the name is taken"),
        (["a=hf:x", "a=hf:y"], "given twice"),
        (["a\n=hf:x"], "without a colon"),
        (["a" * 300 + "=hf:x"], "without a colon"),
    ],
)
def test_faults_of_flags(tmp_path: Path, models: list[str], message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        loaded(tmp_path, "", *models)
    assert len(caught.value.message) < 300


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[engine.openai."a + b"]', "choose another name"),
        ('[engine.openai]\naddress = "http://x/v1"', r'write the section as \[engine.openai."NAME"\]'),
        ("[engine.openai.qwen2.5]", r'a name with a dot stands in quotes: \[engine.openai."qwen2.5"\]'),
        ("[models.gemini-2.5-pro]\nrpm = 1", r'in quotes: \[models."gemini-2.5-pro"\]'),
        ('[routes]\ngemini-2.5-pro = "x"', r'in quotes: \[routes."gemini-2.5-pro"\]'),
        ('[routes]\n"models/gemini-2.5-pro" = "builtin"', 'without "models/": "gemini-2.5-pro"'),
        ('[models."models/*"]', 'without "models/"'),
        ("[engine.opnai.x]", r"unknown key \[engine\] opnai; did you mean openai\?"),
        ("[engine.transformers]\nx = 1", r'engine.transformers."x" must be a table, not 1'),
        ('[engine.transformers.x]\nmodle = "y"', r'unknown key \[engine.transformers."x"\] modle; did you mean model'),
        ("[engine.transformers.x]\nbatch = 0", "batch must be a whole number of at least 1, not 0"),
        ('[engine.transformers.x]\ndtype = "int4"', "dtype must be one of auto, bfloat16"),
        ("[engine.diffusers.x]\nloras = 1", "loras must be a table of folder or name = weight, not 1"),
        ('[engine.diffusers.x]\nmodel = "./x"', "there is no folder"),
        ("[engine.specialist.x]\nthreshold = 2", "threshold must be a number from 0 to 1"),
        ("[engine.diffusers.x]\n[engine.openai.x]", r'taken by \[engine.openai."x"\]'),
        ("[engine.specialist.hf]", "choose another name"),
        ('[engine.specialist."a\\nb"]', "choose another name"),
        ('[routes]\n"a" = {fallbacks = ["b"]}', r'\[routes\] "a" needs an engine'),
        ('[routes]\n"a" = {engine = "b", falbacks = []}', r'\[routes."a"\] falbacks; did you mean fallbacks\?'),
        ('[routes]\n"a" = {engine = "b", fallbacks = "c"}', "fallbacks must be a list, each item a text, not 'c'"),
        ('[routes]\n"a" = {engine = 5}', "engine must be a text, not 5"),
        ('[routes]\n"a" = ["b"]', r"must be the name of an engine, or a table"),
        ('[routes]\n"a" = ""', "must be the name of an engine"),
        ('[models."a"]\ninput_price = -1', "input_price must be a number of at least 0, not -1"),
        ('[models."a"]\ninput_price = inf', "input_price must be"),
        ('[models."a"]\nrpm = true', "rpm must be a whole number"),
        ('[models."a"]\nbatch_discount = 50', "batch_discount must be a number from 0 to 1"),
    ],
)
def test_faults_of_the_file(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ConfigurationError, match=message) as caught:
        loaded(tmp_path, text)
    assert str(tmp_path / "pollux.toml") in caught.value.message
    assert "\n" not in caught.value.message


def test_limits_and_prices(tmp_path: Path) -> None:
    settings = loaded(tmp_path, '[models."größe-*"]\nrpm = 60\nin_flight = 2\ninput_price = 0.3\noutput_price = 2.5\n')
    assert settings.models["größe-*"] == ModelOverride(rpm=60, in_flight=2, input_price=0.3, output_price=2.5)
    line = next(line for line in describe(settings) if line.key == 'models."größe-*"')
    assert line.value == "rpm 60; in_flight 2; input_price 0.3; output_price 2.5"


def test_ten_thousand_routes(tmp_path: Path) -> None:
    rows = "".join(f'"model-{i}" = {{engine = "builtin", fallbacks = ["b"]}}\n' for i in range(10_000))
    began = time.process_time()
    settings = loaded(tmp_path, f"[routes]\n{rows}")
    assert len(settings.routes) == 10_000
    assert time.process_time() - began < 5  # most of it is TOML's own
