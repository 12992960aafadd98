"""Answers in JSON: into the caller's schema, or, without one, into an object of what was asked for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pollux.engines.base import Prompt
from pollux.engines.builtin import facts, pairs, people_of
from pollux.engines.builtin.answers import choose, describe, reading, tabular
from pollux.engines.builtin.conversation import Conversation
from pollux.engines.builtin.english import words
from pollux.engines.builtin.filling.fill import Filler
from pollux.engines.builtin.filling.schema import Walker, spoken
from pollux.engines.builtin.filling.sources import Field, Sight, Source, Text
from pollux.engines.builtin.intents import Intent
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.tables import tables
from pollux.engines.builtin.view import View
from pollux.errors import InvalidArgument
from pollux.wire.schema import first_error

_KEYS = re.compile(
    r"\b(?:keys?|fields?|propert(?:y|ies)|attributes?)\b(?: named| called)?[:\s]+(?P<list>[^.\n]+)", re.I
)
_NAMED = re.compile(r"[\"'`](\w[\w -]{0,40})[\"'`]")
_EXTRACT = re.compile(
    r"\b(?:extract|get|find|give me|return|list)\b(?: me)?(?: the)? (?P<list>[^.:\n]+?)(?: (?:from|"
    r"of|in|on|as) (?:this|the|that|it|an?|json)\b.*)?$",
    re.I,
)


def schema_field(prompt: Prompt) -> str:
    """The request's field that the schema came in."""
    return "generationConfig." + (
        "responseSchema" if prompt.config.response_schema is not None else "responseJsonSchema"
    )


def sources(scenes: Sequence[Scene], talk: Conversation, meaning: Meaning, reply: str) -> list[Source]:
    """The scenes, or the words where there are none."""
    if scenes:
        return [Sight(scene, meaning, talk.asked, reply) for scene in scenes]
    return [Text("\n".join(part for part in (*talk.told, talk.question, talk.given) if part), meaning, reply)]


def into_schema(
    prompt: Prompt,
    scenes: Sequence[Scene],
    talk: Conversation,
    meaning: Meaning,
    reply: str,
    shown: Callable[[Source], list[Source]] | None = None,
) -> tuple[Any, list[str]]:
    """(value, paths of what was not shown).  Raises InvalidArgument naming the part of the schema that forbids that.

    `shown` makes the sources of a schema that asks for places from that of the picture.
    """
    schema: Mapping[str, Any] = prompt.schema or {}
    root = schema_field(prompt)
    filler = Filler(Walker(schema, root))
    given = sources(scenes, talk, meaning, reply)
    given = shown(given[0]) if shown else given
    value = filler.whole(given)
    if not (scenes or talk.given or talk.told):  # nothing was given in which nothing might have been found
        value = filler.telling(value, given[0], reply)
    if (error := first_error(schema, value)) is not None:
        path, reason = error
        raise InvalidArgument(f"{root}{path} cannot be met by what was seen: {reason}", field=root + path)
    return value, list(dict.fromkeys(filler.missing))


def one_of(prompt: Prompt, scenes: Sequence[Scene], talk: Conversation, meaning: Meaning) -> str:
    """The enum value that fits best."""
    labels = [value for value in (prompt.schema or {}).get("enum", ()) if isinstance(value, str)]
    if not scenes:
        return choose.among_texts(talk.asked + "\n" + talk.given, labels, meaning).label
    if choose.is_yes_no(labels):
        node = {"enum": labels}
        found = Sight(scenes[0], meaning, talk.asked).value(Field("answer", (), "", node))
        if found is not None:
            return str(found)
    return choose.rank(scenes[0], labels, meaning)[0].label


def free(view: View, reply: str) -> tuple[Any, list[str]]:
    """JSON without a schema: the fields that the prompt names, else what its intent gives."""
    if not view.scenes:
        asked = asked_keys(view.talk.asked)
        return _by_keys(view, asked, reply) if len(asked) > 1 else ({"answer": reply}, [])
    asked = asked_keys(view.talk.asked)
    listed = [_listed(scene, asked, view.talk.asked) for scene in view.scenes]
    if all(listed):
        return listed[0] if len(listed) == 1 else listed, []
    if len(asked) > 1 or (asked and _KEYS.search(view.talk.asked)):
        return _by_keys(view, asked, reply)
    found = [_by_intent(view, scene, reply) for scene in view.scenes]
    return found[0] if len(found) == 1 else found, []


_MANY = re.compile(
    r"\b(?:items?|products?|dishes|rows?|table|entries|data|values|flights|prices|list(?: of)?|all|each|every|array|"
    r"details|information|info|fields|contacts?)\b",
    re.I,
)


def _listed(scene: Scene, asked: Sequence[str], text: str) -> list[dict[str, Any]] | dict[str, Any]:
    """The table, the priced items or the labelled values of a document, when a prompt wants them all."""
    low = text.lower()
    if not _MANY.search(low) or (len(asked) > 1 and _KEYS.search(text)):
        return {}
    bought = [{k: v for k, v in item.items() if v} for item in pairs.items(scene)]
    if bought and re.search(r"\b(?:items?|products?|dishes|prices?|menu|bought|purchases?)\b", low):
        return bought
    found = [table for table in tables(scene) if table.header]
    if len(asked) > 1:
        return {}
    if found:
        return tabular.records(max(found, key=lambda table: len(table.rows)))
    if facts.papers(scene) == "business card":
        return _card(scene)
    labelled = {"_".join(words(pair.label)): pair.value for pair in pairs.pairs(scene) if pair.near == 1.0}
    return labelled if len(labelled) > 1 and scene.kind != "photograph" else {}


def _card(scene: Scene) -> dict[str, Any]:
    lines = [line.text for line in scene.lines]
    known = {
        "name": people_of.holder(scene),
        "job_title": people_of.role(scene),
        "company": people_of.company(scene),
        **{form: next(iter(pairs.matching(form, lines)), "") for form in ("phone", "email", "url")},
    }
    return {name: value for name, value in known.items() if value}


def asked_keys(text: str) -> list[str]:
    """Names of fields that a prompt lists: "with keys title and date", "extract the total, date and merchant"."""
    match = _KEYS.search(text) or next(
        (m for line in text.splitlines() if (m := _EXTRACT.search(line.strip().rstrip(".?!")))), None
    )
    if not match:
        return []
    listed = _NAMED.findall(match["list"]) or re.split(r",|;|\band\b", match["list"])
    names = [re.sub(r"^(?:the|an?|its|all|any)\s+", "", one.strip(" \t:`\"'()[]{}")) for one in listed]
    return list(dict.fromkeys("_".join(words(name)) for name in names if 0 < len(words(name)) <= 4))[:40]


def _by_keys(view: View, asked: Sequence[str], reply: str) -> tuple[Any, list[str]]:
    out: list[dict[str, Any]] = []
    missing: list[str] = []
    for source in sources(view.scenes, view.talk, view.meaning, reply):
        one = {}
        for name in asked:
            field = Field(spoken(name), (), "", {"type": "string"})
            one[name] = source.value(field) or source.values(field) or None
            missing += [name] if one[name] is None else []
        out.append(one)
    return out[0] if len(out) == 1 else out, list(dict.fromkeys(missing))


def _by_intent(view: View, scene: Scene, reply: str) -> Any:
    match view.question.intent:
        case Intent.READ:
            return {"text": scene.text, "lines": [line.text for line in scene.lines]}
        case Intent.COLOUR:
            return {"colors": [{"name": c.name, "share": round(c.share, 3)} for c in scene.colours if c.share >= 0.03]}
        case Intent.TAGS:
            return {"tags": describe.tag_list(scene)}
        case Intent.DESCRIBE | Intent.CAPTION | Intent.ALT | Intent.OPEN:
            return _overview(scene)
        case _:
            return {"answer": reply}


def _overview(scene: Scene) -> dict[str, Any]:
    known: dict[str, Any] = {
        "caption": describe.noun_phrase(scene),
        "kind": facts.kind_noun(scene),
        "labels": [{"name": label.name, "score": round(label.score, 3)} for label in scene.labels[:3]],
        "colors": facts.colours(scene, 0.05),
        "faces": len(scene.faces),
        "codes": [{"format": code.format, "content": code.content} for code in scene.codes],
        "shapes": [facts.shape_noun(shape) for shape in scene.shapes],
        "text": scene.text,
        "language": reading.language_of(scene.text),
    }
    return {name: value for name, value in known.items() if value not in ("", [])}
