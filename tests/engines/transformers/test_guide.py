"""Guided decoding: whatever the logits say, what ends is valid; what cannot be guided is refused at once."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pollux.engines.base import Prompt
from pollux.engines.transformers.guide import Guide, Match
from pollux.errors import InvalidArgument
from pollux.wire import lenient
from pollux.wire.content import FunctionCallingConfig, FunctionDeclaration, Schema, Tool, ToolConfig
from pollux.wire.generate import GenerationConfig
from pollux.wire.schema import check_schema, to_json_schema
from tests.engines import tokenizers

torch = pytest.importorskip("torch", reason="torch is not installed: make torch installs it")
pytest.importorskip("transformers", reason="transformers is not installed: make torch installs it")
pytest.importorskip("llguidance", reason="llguidance is not installed: make torch installs it")

CALL = ("<tool_call>\n", "\n</tool_call>", "arguments")
WIDER = 5
"""Logits that a model gives beyond its tokenizer's tokens, as padded vocabularies have them."""


@pytest.fixture(scope="module")
def families() -> dict[str, Any]:
    return {
        "qwen": tokenizers.qwen({}, ["<tool_call>", "</tool_call>"]),
        "gpt": tokenizers.gpt({}, [], begin="<b>", end="<e>", pad="<p>"),
        "llama": tokenizers.llama({}),
        "gemma": tokenizers.gemma({}, []),
    }


@pytest.fixture(scope="module")
def guides(families: dict[str, Any]) -> dict[str, Guide]:
    return {name: Guide(one, width=len(one) + WIDER) for name, one in families.items()}


class Writer:
    """A model of random logits that prefers, a little, to come to an end."""

    def __init__(self, tokenizer: Any, seed: int, temperature: float = 1.0) -> None:
        self._tokenizer, self._temperature = tokenizer, temperature
        self._random = torch.Generator().manual_seed(seed)
        texts = [tokenizer.decode([i]) for i in range(len(tokenizer))]
        hurry = [4.0 if any(sign in text for sign in '"]}') else 0.0 for text in texts] + [0.0] * WIDER
        hurry[tokenizer.eos_token_id] = 6.0
        self._hurry = torch.tensor(hurry)

    def write(self, match: Match, most: int = 1500) -> tuple[str, bool]:
        """(the text, whether it ended by itself)."""
        out: list[int] = []
        for _ in range(most):
            logits = torch.randn(self._hurry.shape, generator=self._random) + self._hurry
            match.mask(logits)
            likely = torch.softmax(logits / self._temperature, -1)
            token = int(torch.multinomial(likely, 1, generator=self._random))
            match.advance(token)
            if token == self._tokenizer.eos_token_id:
                return self._tokenizer.decode(out, skip_special_tokens=True), True
            out.append(token)
        return self._tokenizer.decode(out, skip_special_tokens=True), False


def sample(rng: random.Random, depth: int = 0) -> dict[str, Any]:
    """A schema of one kind or another, nested at most three deep."""
    kinds = ["string", "integer", "number", "boolean", "enum", "date", "pattern", "const"]
    kind = rng.choice(kinds + (["object", "array", "anyOf", "nullable"] * 2 if depth < 3 else []))
    if kind == "object":
        names = rng.sample(["name", "größe", "名前", "a b", "x", 'q"u', "last"], rng.randint(1, 4))
        return {
            "type": "object",
            "properties": {name: sample(rng, depth + 1) for name in names},
            "required": names[: rng.randint(1, len(names))],
            "propertyOrdering": names[::-1],
        } | ({"additionalProperties": {"type": "boolean"}} if rng.random() < 0.2 else {})
    if kind == "array":
        least = rng.randint(0, 3)
        return {
            "type": "array",
            "items": sample(rng, depth + 1),
            "minItems": least,
            "maxItems": least + rng.randint(0, 2),
        }
    if kind == "anyOf":
        return {"anyOf": [sample(rng, depth + 1) for _ in range(rng.randint(2, 3))], "description": "one of them"}
    if kind == "nullable":
        child = sample(rng, depth + 1)
        return {"anyOf": [child, {"type": "null"}]}
    low = rng.randint(-50, 50)
    plain_ones: dict[str, dict[str, Any]] = {
        "string": {"type": "string", "minLength": 1, "maxLength": rng.randint(1, 12)},
        "integer": {"type": "integer", "minimum": low, "maximum": low + rng.randint(0, 99), "format": "int32"},
        "number": {"type": "number", "minimum": low, "exclusiveMaximum": low + 7.5},
        "boolean": {"type": "boolean", "title": "yes or no"},
        "enum": {"type": "string", "enum": ["rot", "größer", "日本", 'a"b', "emoji 🎉"]},
        "date": {"type": "string", "format": "date"},
        "pattern": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{1,4}$"},
        "const": {"const": rng.choice([1, "fest", True])},
    }
    return plain_ones[kind]


def schemas() -> Iterator[dict[str, Any]]:
    rng = random.Random(7)
    for _ in range(46):
        yield sample(rng)
    node = {
        "type": "object",
        "properties": {"next": {"$ref": "#/$defs/node"}, "v": {"type": "integer"}},
        "required": ["v"],
    }
    yield {"$ref": "#/$defs/node", "$defs": {"node": node}}
    yield {"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}], "items": False, "minItems": 2}
    yield {
        "allOf": [{"type": "object", "properties": {"a": {"type": "integer"}}}, {"properties": {"b": {"type": "null"}}}]
    }
    yield {"type": ["object", "null"], "properties": {}, "default": {}}


@pytest.mark.parametrize("temperature", [1.0, 2.0])
@pytest.mark.parametrize("family", ["qwen", "gpt", "llama", "gemma"])
def test_every_answer_that_ends_validates(
    guides: dict[str, Guide], families: dict[str, Any], family: str, temperature: float
) -> None:
    ended = 0
    for number, schema in enumerate(schemas()):
        check_schema(schema, "schema")
        match = guides[family].schema(schema)
        text, whole = Writer(families[family], number, temperature).write(match)
        assert match.complete or not whole
        if whole:
            ended += 1
            value = json.loads(text)
            checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
            jsonschema.Draft202012Validator(schema, format_checker=checker).validate(value)
    assert ended >= 45


def test_properties_come_in_their_order(guides: dict[str, Guide], families: dict[str, Any]) -> None:
    schema = Schema(
        type="OBJECT",
        properties={name: Schema(type="BOOLEAN") for name in "abc"},
        required=("a", "b", "c"),
        property_ordering=("c", "a", "b"),
    )
    text, _ = Writer(families["qwen"], 1).write(guides["qwen"].schema(to_json_schema(schema)))
    assert list(json.loads(text)) == ["c", "a", "b"]


@pytest.mark.parametrize("family", ["qwen", "llama"])
def test_a_cut_answer_is_not_called_whole(guides: dict[str, Guide], families: dict[str, Any], family: str) -> None:
    match = guides[family].schema({"type": "array", "items": {"type": "integer"}, "minItems": 50})
    _, whole = Writer(families[family], 3).write(match, most=20)
    assert not whole
    assert not match.complete
    assert not match.over


VALUES = ["rot", "rotes Haus", 'a"b', "back\\slash", "日本 🎉", "line\nbreak", " lead"]


@pytest.mark.parametrize("family", ["qwen", "gpt", "gemma"])
def test_one_value_of_an_enum_bare(guides: dict[str, Guide], families: dict[str, Any], family: str) -> None:
    config = GenerationConfig(
        response_mime_type="text/x.enum", response_schema=Schema(type="STRING", enum=tuple(VALUES))
    )
    prompt = Prompt("m", (), config=config, schema={"type": "string", "enum": VALUES})
    answers = set()
    for seed in range(30):
        match = guides[family].start(prompt)
        assert match is not None
        text, whole = Writer(families[family], seed).write(match)
        assert whole
        answers.add(text)
    assert answers <= set(VALUES)
    assert len(answers) > 2


def test_json_of_any_kind_and_nothing_where_nothing_is_asked(
    guides: dict[str, Guide], families: dict[str, Any]
) -> None:
    match = guides["qwen"].start(Prompt("m", (), config=GenerationConfig(response_mime_type="application/json")))
    assert match is not None
    text, whole = Writer(families["qwen"], 2).write(match)
    assert whole
    assert isinstance(json.loads(text), dict | list)
    assert guides["qwen"].start(Prompt("m", ())) is None


def calling(names: Sequence[str], allowed: Sequence[str], mode: str = "ANY") -> Prompt:
    parameters = Schema(type="OBJECT", properties={"n": Schema(type="INTEGER")}, required=("n",))
    tool = Tool(function_declarations=tuple(FunctionDeclaration(name=name, parameters=parameters) for name in names))
    config = FunctionCallingConfig(mode=mode, allowed_function_names=tuple(allowed))
    return Prompt("m", (), tools=(tool,), tool_config=ToolConfig(function_calling_config=config))


def test_who_must_call_calls_one_of_the_allowed(guides: dict[str, Guide], families: dict[str, Any]) -> None:
    prompt = calling(["red", "green", "blue"], ["red", "blue"])
    seen = set()
    for seed in range(12):
        match = guides["gpt"].start(prompt, call=CALL)
        assert match is not None
        text, whole = Writer(families["gpt"], seed).write(match)
        assert whole
        called = json.loads(text.removeprefix(CALL[0]).removesuffix(CALL[1]))
        assert list(called["arguments"]) == ["n"]
        assert isinstance(called["arguments"]["n"], int)
        seen.add(called["name"])
    assert seen == {"red", "blue"}
    assert guides["gpt"].start(calling(["red"], [], mode="AUTO"), call=CALL) is None


def test_special_tokens_of_a_call_are_tokens(guides: dict[str, Guide], families: dict[str, Any]) -> None:
    words = families["qwen"]
    match = guides["qwen"].start(calling(["red"], []), call=CALL)
    assert match is not None
    logits = torch.zeros(len(words) + WIDER)
    match.mask(logits)
    assert torch.isfinite(logits).nonzero().flatten().tolist() == [words.convert_tokens_to_ids("<tool_call>")]


def test_thinking_is_free_until_it_ends(guides: dict[str, Guide], families: dict[str, Any]) -> None:
    words = families["gpt"]
    match = guides["gpt"].schema({"type": "boolean"}, after="</think>")
    for token in words.encode("let me see: [ {</think>"):
        assert match.waiting
        logits = torch.zeros(len(words) + WIDER)
        match.mask(logits)
        assert bool(torch.isfinite(logits).all())
        assert not match.complete
        match.advance(token)
    assert not match.waiting
    assert Writer(words, 0).write(match)[0] in ("true", "false")


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"not": {"type": "string"}}, "not"),
        ({"type": "array", "uniqueItems": True}, "uniqueItems"),
        ({"type": "object", "properties": {"a": {"if": {}, "then": {}}}}, "if"),
        ({"type": "string", "pattern": "(?=a)b"}, "look-around"),
        ({"type": "string", "pattern": r"(a)\1"}, "backreferences"),
        ({"type": "integer", "minimum": 5, "maximum": 1}, "greater than maximum"),
        ({"enum": []}, "Unsatisfiable"),
    ],
)
def test_what_cannot_be_guided_is_refused_by_name(guides: dict[str, Guide], schema: dict[str, Any], words: str) -> None:
    config = GenerationConfig(response_mime_type="application/json", response_json_schema=schema)
    with pytest.raises(InvalidArgument, match=words) as caught:
        guides["qwen"].start(Prompt("m", (), config=config, schema=schema))
    assert caught.value.message.startswith("generationConfig.responseJsonSchema ")
    assert "\n" not in caught.value.message


def deep(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
    return schema


def crossed(kinds: int, each: int) -> dict[str, Any]:
    return {
        "allOf": [{"anyOf": [{"type": "string", "pattern": f"a{i}_{j}"} for j in range(each)]} for i in range(kinds)]
    }


HOSTILE = {
    "deep": deep(60),
    "deeper": deep(400),
    "wide": {"type": "object", "properties": {f"p{i}": {"type": "string"} for i in range(2000)}},
    "crossed": crossed(6, 4),
    "crossed more": crossed(8, 8),
    "bomb": {"type": "string", "pattern": "((a{1,100}){1,100}){1,100}"},
    "behind": {"type": "string", "pattern": "^(.*a.{200}){3}$"},
    "many": {"anyOf": [{"type": "string", "pattern": f".*a{i}.{{30}}"} for i in range(300)]},
    "values": {"enum": [f"value {i}" for i in range(4000)]},
    "long": {"type": "array", "items": {"type": "string", "minLength": 10**5}, "minItems": 10**6},
    "round": {"$ref": "#/$defs/a", "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"type": "string"}]}}},
    "doubling": {
        "$ref": "#/$defs/n20",
        "$defs": {"n0": {"type": "string"}}
        | {f"n{i}": {"anyOf": [{"$ref": f"#/$defs/n{i - 1}"}] * 2} for i in range(1, 21)},
    },
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_schemas_are_bounded(guides: dict[str, Guide], families: dict[str, Any], name: str) -> None:
    begin = time.thread_time()
    try:
        text, whole = Writer(families["qwen"], 0).write(guides["qwen"].schema(HOSTILE[name]), most=300)
    except InvalidArgument as error:
        assert len(error.message) < 250  # noqa: PT017
    else:
        assert not whole or isinstance(json.loads(text), str | list | dict)
    assert time.thread_time() - begin < 5


NUMBERS = st.sampled_from([0, 1, -1, 2.5, 1e20, -1e300, 10**40, 2**63])
LEAVES = st.fixed_dictionaries(
    {},
    optional={
        "type": st.sampled_from(["string", "integer", "number", "object", "array", ["string", "null"]]),
        "minimum": NUMBERS,
        "maximum": NUMBERS,
        "multipleOf": st.sampled_from([1, 0.1, 1e-9]),
        "maxLength": st.sampled_from([0, 3, 2**63]),
        "minItems": st.sampled_from([0, 2, 10**6]),
        "pattern": st.sampled_from(["^a", "[", "^$", r"\p{L}", "(?i)a"]),
        "format": st.sampled_from(["date", "int32", "made up"]),
        "enum": st.lists(st.none() | st.booleans() | st.text(max_size=3) | NUMBERS, max_size=3),
        "required": st.lists(st.sampled_from("abc"), unique=True),
        "$ref": st.sampled_from(["#", "#/$defs/a", "http://x/y"]),
        "x-guidance": st.none() | st.just({"lenient": True}),
        "uniqueItems": st.booleans(),
    },
)
JUNK = st.recursive(
    LEAVES | st.booleans(),
    lambda inner: st.tuples(
        LEAVES,
        st.dictionaries(st.sampled_from(["items", "additionalProperties", "not", "if"]), inner, max_size=2),
        st.dictionaries(
            st.sampled_from(["properties", "$defs", "patternProperties"]),
            st.dictionaries(st.sampled_from(["a", "b", "名", ""]), inner, max_size=3),
            max_size=2,
        ),
        st.dictionaries(
            st.sampled_from(["anyOf", "allOf", "oneOf"]), st.lists(inner, min_size=1, max_size=3), max_size=1
        ),
    ).map(lambda parts: {key: value for part in parts for key, value in part.items()}),
    max_leaves=12,
).filter(lambda schema: isinstance(schema, dict))


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(schema=JUNK)
def test_junk_is_guided_or_refused_in_words(guides: dict[str, Guide], schema: dict[str, Any]) -> None:
    try:
        match = guides["qwen"].schema(check_schema(schema, "schema"))
        logits = torch.zeros(600)
        match.mask(logits)
    except InvalidArgument as error:
        assert "schema" in error.message  # noqa: PT017
        assert len(error.message) < 250  # noqa: PT017
    else:
        assert bool(torch.isfinite(logits).any())


def test_a_guide_serves_threads_and_remembers(families: dict[str, Any]) -> None:
    guide = Guide(families["qwen"], width=len(families["qwen"]) + WIDER)
    some = list(schemas())[:6]

    def work(number: int) -> tuple[str, bool]:
        return Writer(families["qwen"], number % 6).write(guide.schema(some[number % 6]))

    alone = [work(number) for number in range(6)]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(work, range(48))) == alone * 8


def test_a_token_that_was_not_allowed_is_refused(guides: dict[str, Guide], families: dict[str, Any]) -> None:
    match = guides["qwen"].schema({"type": "boolean"})
    with pytest.raises(InvalidArgument):
        match.advance(families["qwen"].encode("[")[0])


def test_the_apis_own_schema_is_guided(guides: dict[str, Guide], families: dict[str, Any]) -> None:
    box = {"type": "ARRAY", "items": {"type": "INTEGER", "minimum": 0, "maximum": 1000}, "minItems": 4, "maxItems": 4}
    asked = {
        "type": "ARRAY",
        "maxItems": 2,
        "items": {
            "type": "OBJECT",
            "properties": {"label": {"type": "STRING", "nullable": True, "maxLength": 9}, "box_2d": box},
            "required": ["box_2d", "label"],
            "propertyOrdering": ["box_2d", "label"],
        },
    }
    schema = to_json_schema(lenient.convert(Schema, asked))
    for seed in range(10):
        text, whole = Writer(families["gemma"], seed).write(guides["gemma"].schema(schema))
        assert whole
        for one in json.loads(text):
            assert list(one) == ["box_2d", "label"]
            assert len(one["box_2d"]) == 4
