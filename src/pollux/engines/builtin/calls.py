"""Function calling: which function, with which arguments; and an answer from what it gave."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pollux.engines.base import Call, Prompt
from pollux.engines.builtin.arguments import Words, places
from pollux.engines.builtin.conversation import Conversation
from pollux.engines.builtin.english import key, listing, sentence, words
from pollux.engines.builtin.filling.fill import Filler
from pollux.engines.builtin.filling.schema import Walker, spoken
from pollux.engines.builtin.filling.sources import Sight
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.scene import Scene
from pollux.errors import InvalidArgument
from pollux.wire.content import FunctionDeclaration, FunctionResponse
from pollux.wire.schema import first_error, to_json_schema

# With 8 declarations, 19 of 20 prompts that want a function score 0.36 or more (the other one needs knowledge of the
# world), 20 that want none at most 0.26.
WANTS = 0.31


@dataclass(frozen=True, slots=True)
class Plan:
    """What to do with the functions: calls to make, or words to say first ("" for an answer without them)."""

    calls: tuple[Call, ...] = ()
    ask: str = ""
    missing: tuple[str, ...] = field(default=())


def declarations(prompt: Prompt) -> list[tuple[str, FunctionDeclaration]]:
    """(request path, declaration) of all functions that may be called."""
    calling = prompt.tool_config.function_calling_config if prompt.tool_config else None
    allowed = set(calling.allowed_function_names) if calling else set()
    return [
        (f"tools[{i}].functionDeclarations[{j}]", one)
        for i, tool in enumerate(prompt.tools)
        for j, one in enumerate(tool.function_declarations)
        if not allowed or one.name in allowed
    ]


def mode(prompt: Prompt) -> str:
    """ANY, AUTO or NONE; VALIDATED chooses freely, as AUTO does."""
    calling = prompt.tool_config.function_calling_config if prompt.tool_config else None
    wanted = calling.mode if calling else ""
    return wanted if wanted in ("ANY", "NONE") else "AUTO"


def plan(prompt: Prompt, talk: Conversation, scenes: Sequence[Scene], meaning: Meaning) -> Plan:
    """Decides.  Raises InvalidArgument when a call is demanded that its own schema does not allow."""
    offered = declarations(prompt)
    how = mode(prompt)
    if not offered or how == "NONE" or (talk.results and how != "ANY"):
        return Plan()
    short = len(talk.asked.split()) <= 3 and talk.told
    where, chosen, score = _choose(f"{talk.told[-1]} {talk.asked}" if short else talk.asked, offered, meaning)
    if how == "AUTO" and score < WANTS:
        return Plan()
    made = [_call(where, chosen, words, how) for words in _voices(talk, scenes, meaning, chosen, how)]
    missing = tuple(dict.fromkeys(name for _, left in made for name in left))
    if how == "AUTO" and missing:
        needed = listing([spoken(name) for name in missing])
        return Plan(ask=f"To call {chosen.name} I need to know the {needed}. Please tell me.", missing=missing)
    return Plan(tuple(call for call, _ in made), missing=missing)


def _choose(
    question: str, offered: Sequence[tuple[str, FunctionDeclaration]], meaning: Meaning
) -> tuple[str, FunctionDeclaration, float]:
    spelt = [f"{spoken(one.name)}: {one.description}".strip(": ") for _, one in offered]
    near = meaning.likeness(question, spelt)
    bare = meaning.likeness(question, [spoken(one.name) for _, one in offered])
    asked = set(key(question))
    scores = [
        max(a, b) + 0.12 * min(2, len(asked & set(key(text)))) for a, b, text in zip(near, bare, spelt, strict=True)
    ]
    best = max(range(len(scores)), key=scores.__getitem__)
    where, one = offered[best]
    return where, one, scores[best]


def _voices(
    talk: Conversation, scenes: Sequence[Scene], meaning: Meaning, chosen: FunctionDeclaration, how: str
) -> Sequence[Words]:
    """One source of arguments; one for each place when several are named side by side and the function takes one."""
    behind = Sight(scenes[0], meaning, talk.asked) if scenes else None
    text = talk.asked if not talk.told or _has_names(talk.asked) else f"{talk.asked}\n{talk.told[-1]}"
    required = _schema(chosen).get("required", [])
    must = frozenset(spoken(name) for name in required) if how == "ANY" else frozenset[str]()
    several = list(places(talk.asked))
    if len(several) > 1 and len(required) == 1 and _takes_one(_schema(chosen), required[0]):
        return [Words(text, meaning, behind, only=place, must=must) for place in several]
    return [Words(text, meaning, behind, must=must)]


def _has_names(text: str) -> bool:
    return bool(re.search(r"\d|\b(?!I\b)[A-Z]\w+|\"", text[1:]))


def _takes_one(schema: Mapping[str, Any], name: str) -> bool:
    node = schema.get("properties", {}).get(name, {})
    return isinstance(node, Mapping) and node.get("type") == "string" and "enum" not in node


def _schema(one: FunctionDeclaration) -> dict[str, Any]:
    if isinstance(one.parameters_json_schema, dict):
        return dict(one.parameters_json_schema)
    return to_json_schema(one.parameters) if one.parameters is not None else {"type": "object", "properties": {}}


def _call(where: str, chosen: FunctionDeclaration, source: Words, how: str) -> tuple[Call, list[str]]:
    """The call, and the required arguments that nothing was found for."""
    schema = _schema(chosen)
    root = f"{where}.{'parametersJsonSchema' if chosen.parameters_json_schema is not None else 'parameters'}"
    filler = Filler(Walker(schema, root))
    try:
        args = filler.whole([source])
    except InvalidArgument:
        if how == "ANY":
            raise
        return Call(chosen.name, {}), _unfound(schema, source)
    args = args if isinstance(args, dict) else {}
    required = set(schema.get("required", ()))
    absent = {name.split(".")[0].split("[")[0] for name in filler.missing if name in args or "." not in name}
    kept = {name: value for name, value in args.items() if name in required or name not in absent}
    if (error := first_error(schema, kept)) is not None and how == "ANY":
        raise InvalidArgument(f"{root}{error[0]} cannot be met by this prompt: {error[1]}", field=root + error[0])
    return Call(chosen.name, kept), sorted(absent & required)


def _unfound(schema: Mapping[str, Any], source: Words) -> list[str]:
    """The required arguments that the words do not give."""
    out = []
    for name in schema.get("required", ()):
        alone = {**schema, "properties": {name: schema.get("properties", {}).get(name, {})}, "required": [name]}
        filler = Filler(Walker(alone, name))
        try:
            filler.whole([source])
        except InvalidArgument:
            filler.missing.append(name)
        out += [name] if filler.missing else []
    return out


def from_results(talk: Conversation) -> str:
    """What the functions gave, in words."""
    return " ".join(_result(one) for one in talk.results)


def _result(one: FunctionResponse) -> str:
    data: Any = one.response or {}
    if isinstance(data, Mapping) and len(data) == 1:
        (name, inner), *_ = data.items()
        if name == "error":
            return sentence(f"The function {one.name} failed: {inner if isinstance(inner, str) else _flat(inner)}")
        if name in ("result", "output", "response", "content", "data", "value", "answer"):
            data = inner
    if isinstance(data, str):
        return sentence(data) if len(data.split()) > 2 else sentence(f"The function {one.name} gave {data}")
    if data in ({}, [], None):
        return sentence(f"The function {one.name} is done")
    return sentence(f"The function {one.name} gave {_flat(data)}")


def _flat(data: Any, limit: int = 12) -> str:
    found = list(_leaves(data, ""))
    text = ", ".join(f"{name} {value}".strip() for name, value in found[:limit])
    return text + (f" and {len(found) - limit} more" if len(found) > limit else "")


def _leaves(data: Any, name: str) -> Iterable[tuple[str, str]]:
    if isinstance(data, Mapping):
        for key_, value in data.items():
            yield from _leaves(value, f"{name} {' '.join(words(spoken(str(key_))))}".strip())
    elif isinstance(data, list):
        for value in data:
            yield from _leaves(value, name)
    else:
        shown = (
            {True: "yes", False: "no", None: "nothing"}.get(data, data)
            if data is None or isinstance(data, bool)
            else data
        )
        yield name, f"{shown:g}" if isinstance(shown, float) else str(shown)
