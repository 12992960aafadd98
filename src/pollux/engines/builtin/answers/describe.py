"""Describe, caption, alt text, tags, what kind of picture, how large."""

from __future__ import annotations

import re
from math import gcd

from pollux.engines.builtin import chart, facts, pairs, people_of
from pollux.engines.builtin.english import article, capital, counted, listing, quoted, sentence
from pollux.engines.builtin.printed import number
from pollux.engines.builtin.scene import Scene
from pollux.engines.builtin.view import View


def noun_phrase(scene: Scene) -> str:
    """The picture in one phrase: "a photograph of a tabby cat"."""
    noun = article(facts.kind_noun(scene))
    match scene.kind:
        case "photograph":
            return (
                noun if not facts.is_portrait(scene) else noun.replace("photograph", "portrait photograph")
            ) + _of_photograph(scene)
        case "code":
            return noun + (f" holding {quoted(scene.codes[0].content, 80)}" if scene.codes else "")
        case "drawing" if scene.lines and not facts.is_scrap(scene):
            return noun + _lettered(scene)
        case "drawing" if scene.shapes:
            shown = facts.shapes_phrase(scene)
            return f"{noun} of {shown}" if shown else f"{noun} of {len(scene.shapes)} shapes in {_hues(scene)}"
        case "blank":
            return noun
        case _:
            return noun + _headed(scene)


def _hues(scene: Scene) -> str:
    return listing(list(dict.fromkeys(shape.colour for shape in scene.shapes))[:4])


def _lettered(scene: Scene) -> str:
    """ " that reads "STOP"", " headed "Jazz Night" with an orange circle"."""
    shapes = facts.shapes_phrase(scene)
    more = f", with {shapes}" if shapes and len(scene.shapes) <= 4 else ""
    words = _short_text(scene)
    if words:
        return f" that reads {words}{more}"
    head = facts.title(scene)
    return (f" headed {quoted(head, 80)}" if head else f" with {counted(len(scene.lines), 'line')} of text") + more


def _of_photograph(scene: Scene) -> str:
    shown = facts.subject_phrase(scene)
    if shown:
        words = _short_text(scene)
        return f" of {shown}" + (f", with the text {words}" if words else "")
    if scene.lines:
        words = _short_text(scene)
        return (
            f" of a text that reads {words}"
            if words
            else f" of {counted(len(scene.lines), 'line')} of text" + _headed(scene)
        )
    if scene.codes:
        return f" with {article(facts.code_noun(scene.codes[0]))}"
    tones = facts.palette(scene)
    return f" in {tones}" if tones and not tones.startswith("mostly") else f", {tones}" if tones else ""


def _headed(scene: Scene) -> str:
    head = facts.title(scene)
    if scene.kind == "document" and (known := _by_whom(scene)):
        return known
    if head:
        return f" {'titled' if scene.kind in ('chart', 'document') else 'headed'} {quoted(head, 80)}"
    tones = facts.palette(scene)
    return f" in {tones}" if scene.kind in ("drawing", "chart") and tones else ""


def _by_whom(scene: Scene) -> str:
    """ " from Acme Ltd", " of Ana Lopez", " to Mr Brown", by the sort of document."""
    match facts.papers(scene):
        case "invoice" | "receipt":
            name = people_of.issuer(scene)
            return f" from {name}" if name else ""
        case "business card":
            return f" of {people_of.holder(scene)}"
        case "letter":
            name, sender = people_of.addressee(scene), people_of.signer(scene)
            return (f" to {name}" if name else "") + (f" from {sender}" if sender else "")
        case _:
            return ""


def _short_text(scene: Scene) -> str:
    """The text quoted, when it is short enough to be part of a phrase."""
    whole = " ".join(line.text for line in scene.lines)
    return quoted(whole) if 0 < len(whole) <= 60 else ""


def caption(view: View) -> str:
    """One phrase."""
    return sentence(noun_phrase(view.scene))


def alt_text(view: View) -> str:
    """One phrase, short, without "a photograph of" (screen readers say that themselves)."""
    scene = view.scene
    phrase = noun_phrase(scene)
    if scene.kind == "photograph":
        phrase = phrase.removeprefix("a photograph of ").replace("what looks like ", "probably ")
        phrase = phrase.replace("what may be ", "possibly ")
        tones = facts.palette(scene)
        if tones and facts.subject_phrase(scene) and not scene.grayscale:
            phrase += f"; the picture is {tones}" if tones.startswith("mostly ") else f"; the picture is in {tones}"
    return sentence(phrase)


def describe(view: View) -> str:
    """Two to four sentences: what it is, what is in it, its colours, its text."""
    scene = view.scene
    if 0 < view.manner.words <= 12:
        return sentence(noun_phrase(scene))
    lead = view.frames.pick("This is {}", "The picture is {}", "{}").format(noun_phrase(scene))
    body = [sentence(lead + _kin(scene)), *more(scene, view.manner.detailed)]
    if view.manner.form == "list":
        return "\n".join(f"- {line}" for line in body)
    return " ".join(body)


def more(scene: Scene, detailed: bool = False) -> list[str]:
    """The sentences after the first: people, doubts, colours, codes, text."""
    out: list[str] = []
    if scene.kind == "photograph":
        out += _people(scene) + _second_guess(scene, detailed)
    if scene.kind in ("photograph", "drawing"):
        out += _colours(scene)
    if scene.shapes and scene.kind == "drawing" and facts.shapes_phrase(scene):
        out += _arrangement(scene)
    out += _codes(scene) + _text(scene, detailed)
    if detailed:
        out += [f"It measures {scene.width} by {scene.height} pixels.", *_light(scene)]
    return out


def _kin(scene: Scene) -> str:
    """ ", a kind of dog" where the exact name does not say it."""
    main = facts.subject(scene)
    said = not main or not main.sure or scene.kind != "photograph" or bool(scene.lines or scene.faces)
    if said or main is None or not main.family or main.family in main.name.lower():
        return ""
    return f", a kind of {main.family}"


def _people(scene: Scene) -> list[str]:
    if not scene.faces:
        return []
    if len(scene.faces) == 1:
        return [f"The face is {facts.at(facts.place(scene.faces[0].box, scene))}."]
    return [f"I can see {counted(len(scene.faces), 'face')}."]


def _second_guess(scene: Scene, detailed: bool) -> list[str]:
    main = facts.subject(scene)
    if not main:
        return []
    if main.name == main.family:
        kinds = [label.name for label in scene.labels if label.family == main.family and label.score >= 0.1][:2]
        return [f"The {main.name} may be {listing([article(name) for name in kinds], 'or')}."] if kinds else []
    others = [label.name for label in scene.labels[1:4] if label.score >= 0.05 and label.name != main.name]
    if (main.sure and not detailed) or not others:
        return []
    return [f"It may also be {listing([article(name) for name in others[:2]], 'or')}."]


def _colours(scene: Scene) -> list[str]:
    if scene.grayscale or not scene.colours:
        return []
    if scene.kind == "drawing":
        return [f"The background is {scene.colours[0].name}."] if scene.shapes and scene.colours[0].share > 0.4 else []
    tones = facts.palette(scene)
    if not (facts.subject_phrase(scene) or scene.lines or scene.codes):
        return []  # the first sentence says them
    if tones.startswith("mostly "):
        return [f"The picture is {tones}."]
    return [f"Its main {'colour is' if ' and ' not in tones else 'colours are'} {tones}."]


def _arrangement(scene: Scene) -> list[str]:
    boxes = [shape.box for shape in scene.shapes]
    if len(boxes) < 2:
        thing = f"The {facts.shape_noun(scene.shapes[0])}" if scene.lines else "It"
        return [f"{thing} is {facts.at(facts.place(boxes[0], scene))}."]
    if max(b.centre[1] for b in boxes) - min(b.centre[1] for b in boxes) < 0.2 * scene.height:
        names = [facts.shape_noun(s) for s in sorted(scene.shapes, key=lambda s: s.box.left)]
        return [f"From left to right: {listing(names)}."]
    if max(b.centre[0] for b in boxes) - min(b.centre[0] for b in boxes) < 0.2 * scene.width:
        names = [facts.shape_noun(s) for s in sorted(scene.shapes, key=lambda s: s.box.top)]
        return [f"From top to bottom: {listing(names)}."]
    if len(boxes) > 6:
        return []
    spots = [f"the {facts.shape_noun(s)} is {facts.at(facts.place(s.box, scene))}" for s in scene.shapes]
    return [sentence(listing(spots))]


def _codes(scene: Scene) -> list[str]:
    codes = scene.codes[1:] if scene.kind == "code" else scene.codes
    return [
        (
            f"It carries {article(facts.code_noun(code))} {facts.at(facts.place(code.box, scene))} with "
            f"the content {quoted(code.content, 120)}."
        )
        for code in codes[:3]
    ]


def _text(scene: Scene, detailed: bool) -> list[str]:
    if not scene.lines:
        return (
            ["It seems to carry some text; ask me to read it."] if scene.text_suspected and not scene.text_read else []
        )
    if scene.kind == "code":
        return [f"Below it stands {facts.text_span(scene.lines, 80)}."]
    whole = " ".join(line.text for line in scene.lines)
    if scene.kind in ("photograph", "drawing") and _short_text(scene):
        return []
    if scene.kind == "chart":
        return _axes(scene)
    if bill := _bill(scene):
        return bill
    count = counted(len(scene.lines), "line")
    limit = 600 if detailed else 160
    head = facts.title(scene)
    rest = [line for line in scene.lines if line.text not in head]
    if not rest:
        return []
    if len(whole) <= limit:
        where = "The other text reads" if len(rest) < len(scene.lines) else "The text reads"
        return [f"{where} {facts.text_span(rest)}."]
    return [f"It has {count} of text, beginning {quoted(' '.join(line.text for line in rest), limit)}."]


def _axes(scene: Scene) -> list[str]:
    """The words of a chart and the range of its numbers."""
    head = facts.title(scene)
    if plotted := chart.points(scene):
        return [f"Its values are {listing([f'{p.label} {p.shown}' for p in plotted[:14]])}."]
    runs = [run.text for line in scene.lines for run in line.pieces or (line,)]
    names = [text for text in runs if text not in head and not re.fullmatch(r"[\W\d]+", text)]
    printed = [one for line in scene.lines if re.fullmatch(r"[\W\d]+", line.text) for one in line.text.split()]
    numbers = [n for one in printed if (n := number(one)) is not None]
    out = [f"Its labels are {listing([quoted(name) for name in names[:14]])}."] if names else []
    if len(numbers) > 1:
        out.append(f"Its numbers run from {min(numbers):g} to {max(numbers):g}.")
    return out


def _bill(scene: Scene) -> list[str]:
    """What a receipt or an invoice comes to."""
    if facts.papers(scene) not in ("receipt", "invoice"):
        return []
    bought, total = pairs.items(scene), pairs.exactly(scene, "total")
    parts = [f"it lists {counted(len(bought), 'item')}"] if bought else []
    parts += [f"the total is {total}"] if total else []
    return [sentence(listing(parts))] if parts else []


def _light(scene: Scene) -> list[str]:
    out = []
    if scene.brightness < 0.25 or scene.brightness > 0.8:
        out.append(f"It is {'dark' if scene.brightness < 0.25 else 'bright'} overall.")
    if scene.kind == "photograph" and scene.sharpness < 0.15:
        out.append("It is not very sharp.")
    return out


def tag_list(scene: Scene) -> list[str]:
    """Single words and short names for what is there, the surest first, without repetition."""
    main = facts.subject(scene)
    found = [main.name, main.family] if main else []
    found += [label.name for label in scene.labels if label.score >= 0.1]
    found += ["person"] if scene.faces else []
    found += [code.format for code in scene.codes] + [facts.shape_noun(shape) for shape in scene.shapes]
    found += [facts.papers(scene), scene.kind] + (["text"] if scene.lines else [])
    found += facts.colours(scene, 0.15, 2)
    return [tag for tag in dict.fromkeys(found) if tag]


def objects(scene: Scene) -> list[str]:
    """Names of things seen, with their number where they were counted one by one."""
    found = [facts.people(scene)] if scene.faces else []
    main = facts.subject(scene)
    if main:
        found.append(main.phrase)
    found += [article(facts.code_noun(code)) for code in scene.codes]
    if scene.shapes:
        found.append(facts.shapes_phrase(scene))
    if scene.lines:
        found.append(f"{counted(len(scene.lines), 'line')} of text")
    return found


def tags(view: View) -> str:
    """Tags for "tags" and "keywords", a list of things for "objects"."""
    asked = view.question.text.lower()
    if any(word in asked for word in ("object", "thing", "item", "element", "content", "subject")):
        found = [item["name"] for item in pairs.items(view.scene)] or objects(view.scene)
        found = _priced(view) if found and re.search(r"\b(?:price|cost)", asked) else found
        if not found:
            return "I could not make out any single object in the picture."
        if view.manner.form == "list":
            return "\n".join(f"- {one}" for one in found)
        return sentence(f"I can make out {listing(found)}")
    wanted = re.search(r"\b(\d{1,2})\b", asked)
    found = tag_list(view.scene)[: int(wanted.group()) if wanted else None]
    return "\n".join(f"- {one}" for one in found) if view.manner.form == "list" else ", ".join(found)


def _priced(view: View) -> list[str]:
    return [f"{item['name']} ({item['price']})" for item in pairs.items(view.scene)] or objects(view.scene)


def kind(view: View) -> str:
    """What kind of picture it is."""
    scene = view.scene
    if view.manner.form == "word":
        return capital(facts.kind_noun(scene).split()[-1] if scene.kind != "code" else facts.kind_noun(scene))
    hedge = "It looks like" if scene.kind_confidence < 0.6 else "It is"
    return sentence(f"{hedge} {article(facts.kind_noun(scene))}")


def size(view: View) -> str:
    """Pixels, shape and ratio."""
    scene = view.scene
    form = "square" if scene.width == scene.height else "landscape" if scene.width > scene.height else "portrait"
    if "orientation" in view.question.text.lower():
        return f"{capital(form)}: it is {scene.width} pixels wide and {scene.height} pixels high."
    by = gcd(scene.width, scene.height)
    ratio = f"{scene.width // by}:{scene.height // by}"
    exact = ratio if scene.width // by <= 32 else f"{scene.width / scene.height:.2f}:1"
    return f"It is {scene.width} pixels wide and {scene.height} pixels high ({form}, {exact})."
