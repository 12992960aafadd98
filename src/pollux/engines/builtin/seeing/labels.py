"""What each thing is called in an answer: its own name, or in the way the caller wants."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pollux.engines.builtin import facts
from pollux.engines.builtin.english import key, quoted, words
from pollux.engines.builtin.kinds import is_kind
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.seeing import lore
from pollux.engines.builtin.seeing.choose import reading_order
from pollux.engines.builtin.seeing.thing import Thing

_OPTIONS = re.compile(r"^(?:either |one of:? )?(.+(?:,| or | and ).+)$", re.I)
LIKE = 0.5  # cosine from which one of the caller's own words is taken for a thing's label


def usual(thing: Thing) -> str:
    """The label when nothing is said about labels: lettering by what it says, shapes and things with their colour."""
    if thing.kind == "text":
        return " ".join(thing.text.split())
    name = thing.name
    if thing.kind == "shape" and thing.colour and thing.colour not in name:
        name = f"{thing.colour} {name}"
    text = " ".join(thing.text.split())
    if thing.kind in ("element", "chart", "table") and text and text.lower() != name.lower():
        name = text if thing.kind == "element" and len(text) > 1 else f"{name}: {text}"
    if thing.state and thing.kind in ("element", "chart"):
        name = f"{name} ({thing.state.removeprefix('value ')})"
    return name


def labels(things: Sequence[Thing], how: str, scene: Scene, meaning: Meaning) -> list[str]:
    """A label for each thing in the caller's way ("their colour", "number"), its own name where that is not known."""
    plain = [usual(thing) for thing in things]
    low = how.lower()
    said = set(key(low))
    if not low or (said & {"name", "identifying", "object", "item", "thing"} and len(said) < 4):
        return plain
    if low == "unique":
        return _apart(things, plain, scene)
    if "allergen" in low:
        return [_allergens(thing, name) for thing, name in zip(things, plain, strict=True)]
    if said & {"colour", "color", "shade"}:
        return [_with_colour(thing, name, said) for thing, name in zip(things, plain, strict=True)]
    if said & {"number", "index", "counter"} or re.fullmatch(r"\s*1,? ?2,?.*", low):
        order = {id(thing): i for i, thing in enumerate(reading_order(things), 1)}
        return [str(order[id(thing)]) for thing in things]
    if said & {"text", "content", "lettering", "wording", "word", "caption", "value"}:
        return [" ".join(t.text.split()) or t.state or name for t, name in zip(things, plain, strict=True)]
    if said & {"position", "place", "location"}:
        return [f"{name} {facts.at(facts.place(t.box, scene))}" for t, name in zip(things, plain, strict=True)]
    if said & {"category", "kind", "type", "class", "group", "family", "sort"}:
        return [sort_of(thing) for thing in things]
    if said & {"state", "status"}:
        return [thing.state or name for thing, name in zip(things, plain, strict=True)]
    if said & {"material"}:
        return [_material(thing, name) for thing, name in zip(things, plain, strict=True)]
    return _by_options(things, how, plain, meaning)


def _with_colour(thing: Thing, name: str, said: set[str]) -> str:
    shade = thing.colour or name
    alone = not said & {"name", "shape", "and"}
    return shade if alone else name if thing.colour in name else f"{shade} {name}"


def _allergens(thing: Thing, name: str) -> str:
    held = lore.allergens(thing.names)
    return f"{name} (may contain {', '.join(held)})" if held else name


def _material(thing: Thing, name: str) -> str:
    return next((what for what in lore.MATERIALS if lore.is_made_of(thing.names, what)), name)


def sort_of(thing: Thing) -> str:
    """The group that a thing belongs to: "animal" of a cat, else what made it out: "text", "shape"."""
    if thing.kind == "object":
        return lore.family(thing.names) or thing.names[-1]
    return thing.kind


def _apart(things: Sequence[Thing], plain: list[str], scene: Scene) -> list[str]:
    """Equal names told apart by colour, then by place, then by number."""

    def shaded(thing: Thing, name: str) -> str:
        return f"{thing.colour} {name}" if thing.colour and thing.colour not in name else name

    def located(thing: Thing, name: str) -> str:
        return f"{name} {facts.at(facts.place(thing.box, scene))}"

    for more in (shaded, located):
        twice = {name for name, number in Counter(plain).items() if number > 1}
        plain = [more(thing, name) if name in twice else name for thing, name in zip(things, plain, strict=True)]
    seen: Counter[str] = Counter()
    counts = Counter(plain)
    out = []
    for name in plain:
        seen[name] += 1
        out.append(f"{name} {seen[name]}" if counts[name] > 1 else name)
    return out


def _by_options(things: Sequence[Thing], how: str, plain: list[str], meaning: Meaning) -> list[str]:
    """One word for all (`"defect"`), or the best of those offered ("fruit or vegetable")."""
    match = _OPTIONS.match(how.strip())
    offered = [part.strip(" \"'“”.") for part in re.split(r",|\bor\b|\band\b", match[1])] if match else []
    offered = [one for one in offered if one and len(one.split()) <= 3]
    if len(offered) > 1:
        return [best(thing, offered, meaning) or name for thing, name in zip(things, plain, strict=True)]
    single = how.strip(" \"'“”.")
    return (
        [single] * len(things) if len(single.split()) <= 2 and not re.match(r"(?:their|its|the)\b", single) else plain
    )


def best(thing: Thing, options: Sequence[str], meaning: Meaning) -> str:
    """The option that names the thing: by kind, else by meaning; "" when none is near."""
    spoken = {option: option.replace("_", " ") for option in options}
    names = (*thing.names, thing.kind, f"{thing.colour} {thing.name}".strip())
    exact = next((option for option, said in spoken.items() if is_kind(said, names)), "")
    if exact or thing.kind not in ("object", "element", "picture"):
        return exact
    index, near = meaning.best(thing.name, list(spoken.values()))
    return options[index] if near >= LIKE else ""


def as_file_name(label: str) -> str:
    """The label so that it can stand in the name of a file, as the documentation's code for masks uses it."""
    text = " ".join(words(label)) and re.sub(r"[/\\]", "∕", " ".join(label.split()))
    return text if len(text.encode()) <= 120 else quoted(text, 60).strip('"')
