"""A follow-up in a chat changes the plan that was drawn: its light, its words, its things."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from pollux.engines.builtin.paint.plan import Layout, Lettering, Light, Scene, Subject, Work
from pollux.engines.builtin.paint.reading import hues, nouns, words
from pollux.engines.builtin.paint.reading import looks_tables as tables
from pollux.engines.builtin.paint.reading.asks import is_drawing
from pollux.engines.builtin.paint.reading.counting import how_many
from pollux.engines.builtin.paint.reading.layouts import as_layout
from pollux.engines.builtin.paint.reading.looks import looks
from pollux.engines.builtin.paint.reading.phrases import Know
from pollux.engines.builtin.paint.reading.plurals import to_singular
from pollux.engines.builtin.paint.reading.reader import checked
from pollux.engines.builtin.paint.reading.scenes import draft
from pollux.engines.builtin.paint.reading.tokens import Table, Token, bag, sentences, tokenise
from pollux.engines.builtin.paint.reading.translated import tongue, translated

_ANEW = Table((("yes",
    "picture of|image of|photo of|illustration of|drawing of|painting of|portrait of|logo for|poster for|sticker "
    "of|icon of|infographic that|infographic about|comic about"),))  # fmt: skip
_ADDS = bag("add include put give place insert draw")
_TAKES = bag("remove delete erase without drop lose")
_CHANGES = bag("make change turn set switch recolor recolour paint replace update have let keep use render redo "
                     "convert move transform show now but adjust edit increase decrease rewrite")  # fmt: skip
_TONES = Table(
    (
        ("warmer", "warmer|warm light|warm lighting|more warm|warm"),
        ("cooler", "cooler|colder|cool light|more cool|bluer"),
        ("brighter", "brighter|lighter|more light|bright"),
        ("darker", "darker|dimmer|less light|moodier|dark"),
        ("softer", "softer|soft light|soft lighting"),
    )
)
_SIZES = Table((("1.35", "bigger|larger|huge|taller|big|large|closer"), ("0.7", "smaller|tiny|shorter|small")))
_FEELINGS = bag(
    "cute fluffy old young scary funny round happy sad angry serious surprised smiling laughing crying excited "
    "sleepy scared confused calm neutral friendly grumpy worried proud thoughtful bored winking shy evil")  # fmt: skip
_MORE = {
    "happier": "happy",
    "sadder": "sad",
    "angrier": "angry",
    "sleepier": "sleepy",
    "cuter": "cute",
    "fluffier": "fluffy",
    "older": "old",
    "younger": "young",
    "friendlier": "friendly",
    "scarier": "scary",
    "funnier": "funny",
    "rounder": "round",
}
_TEXTS = bag("text title headline word words lettering caption slogan tagline name letters subtitle heading sign label "
    "message")  # fmt: skip
_PRONOUNS = bag("it them him her this that everything image picture photo scene illustration design drawing")
_LAYOUT_OF: dict[str, Layout] = {
    "sticker": "sticker",
    "icon": "icon",
    "logo": "logo",
    "poster": "poster",
    "card": "card",
    "comic": "comic",
    "invitation": "card",
    "postcard": "card",
    "flyer": "poster",
}
Change = Callable[[Scene], Scene]


def revise(work: Work, text: str, *, know: Know | None = None) -> Work | None:
    """The Work with a follow-up's changes ("make the lighting warmer", "add a hat"), or None where it is no change.

    None also for a prompt that asks for a new picture, or where no change was understood: read it anew, or say so.
    What a change cannot do stands in the result's `notes`.
    """
    tokens = tokenise(text[:4000])
    if not tokens or not work.scenes or _ANEW.first(tokens) or not is_drawing(text):
        return None
    asked = tongue(tokens)
    if asked:
        return translated(work, *asked)
    many = how_many(tokens)
    if many:
        scenes = tuple(_each(one, one.subjects[0].name, lambda own: replace(own, count=many)) if one.subjects else one
                       for one in work.scenes)  # fmt: skip
        return None if scenes == work.scenes else checked(replace(work, scenes=scenes, notes=()), know)
    if tokens[0].low not in _CHANGES | _ADDS | _TAKES | words.FUNCTION | _SHORT and not any(
        token.low in _CHANGES | _ADDS | _TAKES for token in tokens[:12]
    ):
        if len(tokens) > 4 or not (hues.listed(tokens, 0, len(tokens)) or _SIZES.first(tokens) or _TONES.first(tokens)):
            return None
        tokens = tokenise(f"make it {text[:200]}")  # "blue", "a bit bigger"
    scenes = tuple(_changed(scene, tokens, know) for scene in work.scenes)
    if scenes == work.scenes:
        return None
    return checked(replace(work, scenes=scenes, notes=()), know)


_SHORT = bag("no at put bigger smaller larger closer actually instead maybe same")


def _changed(scene: Scene, tokens: list[Token], know: Know | None) -> Scene:
    """One scene with all changes that the sentences name."""
    after = _lettered(scene, tokens)
    if after is not scene:
        return after
    for begin, end in sentences(tokens):
        own = tokens[begin:end]
        first = next((token.low for token in own if token.low in _ADDS | _TAKES | _CHANGES), "")
        while own and own[0].low in _LEADS:
            own = own[1:]
        if own and own[0].low == "with":
            first = "add"
        if own and own[0].low == "no":
            first = "remove"
        named = {token.low for token in own}
        if {"same", "unchanged"} & named and not {"but", "except"} & named:
            continue
        if first == "keep" and "but" in named:
            own = own[[token.low for token in own].index("but") + 1 :]
        if first in _TAKES:
            scene = _without(scene, own)
        elif first in _ADDS and not _recolour(scene, own):
            scene = _added(scene, own, know)
        else:
            scene = _adjusted(scene, own)
    return scene


def _lettered(scene: Scene, tokens: list[Token]) -> Scene:
    """ "change the text to 'X'", "replace 'A' with 'B'"."""
    quotes = [token.text for token in tokens if token.kind == "quote"]
    low = [token.low for token in tokens]
    if len(quotes) > 1 and {"replace", "change", "instead"} & set(low):
        own = tuple(replace(one, text=quotes[1]) if one.text == quotes[0] else one for one in scene.lettering)
        return replace(scene, lettering=own) if own != scene.lettering else scene
    at = next((n for n, word in enumerate(low) if word in _TEXTS), -1)
    if at < 0:
        return scene
    new = quotes[0] if quotes else _rest(tokens, at)
    inks = hues.listed(tokens, at + 1, len(tokens)) or hues.listed(tokens, 0, at)
    if not new and inks and scene.lettering:
        own = tuple(replace(one, colour=inks[0]) if one.role == low[at] or n == 0 else one
                    for n, one in enumerate(scene.lettering))  # fmt: skip
        return replace(scene, lettering=own)
    if not new:
        return scene
    role = "subtitle" if low[at] in {"subtitle", "tagline", "slogan"} else ""
    own = scene.lettering
    which = next((n for n, one in enumerate(own) if one.role == role), -1) if role else 0
    if low[0] in _ADDS or not own or which < 0:
        return replace(scene, lettering=(*own, Lettering(new, role or ("title" if not own else "subtitle"))))
    return replace(scene, lettering=(*own[:which], replace(own[which], text=new), *own[which + 1 :]))


def _rest(tokens: list[Token], at: int) -> str:
    """What stands behind "text to" or "should say", without quotation marks."""
    for index in range(at + 1, min(len(tokens) - 1, at + 6)):
        if (
            tokens[index].low in {"to", "say", "says", "read", "reads", "saying"}
            and tokens[index + 1].text[:1].isupper()
        ):
            stop = next((n for n in range(index + 1, len(tokens)) if tokens[n].low in {".", ",", "\n"}), len(tokens))
            return " ".join(token.text for token in tokens[index + 1 : stop][:12])
    return ""


def _without(scene: Scene, own: list[Token]) -> Scene:
    """ "remove the hat"; "remove the text", "remove the background"."""
    names = {to_singular(token.low) for token in own}
    if names & {"text", "title", "lettering", "word"}:
        scene = replace(scene, lettering=())
    if "background" in names:
        scene = replace(scene, background="transparent", setting="", weather="")
    return replace(scene, subjects=tuple(kept for kept in (_pruned(one, names) for one in scene.subjects) if kept))


def _pruned(subject: Subject, names: set[str]) -> Subject | None:
    if _is(subject, names):
        return None
    kept = ((how, _pruned(one, names)) for how, one in subject.with_)
    return replace(subject, with_=tuple((how, one) for how, one in kept if one))


def _is(subject: Subject, names: set[str]) -> bool:
    return subject.name in names or subject.name.rpartition(" ")[2] in names


def _added(scene: Scene, own: list[Token], know: Know | None) -> Scene:
    """ "add a hat" goes to the first who can wear it; anything else stands beside."""
    scene, whole = _looked(scene, own), own
    bearers = [n for n, token in enumerate(own) if any(_is(one, {to_singular(token.low)}) for one in scene.subjects)]
    if own[0].low == "give" and bearers and bearers[0] + 1 < len(own):
        own = own[bearers[0] + 1 :]  # "give the cat sunglasses"
    new = draft(" ".join(token.text for token in own), know).scene
    if new.setting and not new.subjects:
        return replace(scene, setting=new.setting)
    names = {token.low for token in whole}
    for thing in new.subjects:
        known = [one for one in scene.subjects if _is(one, {thing.name})]
        if known and names & {"another", "more"}:
            scene = _each(scene, thing.name, lambda one, n=thing.count: replace(one, count=one.count + n))  # type: ignore[misc]
        elif thing.name.rpartition(" ")[2] in nouns.WORN and scene.subjects:
            bearer = next((n for n, one in enumerate(scene.subjects) if _is(one, names)), 0)
            worn = replace(
                scene.subjects[bearer], with_=(*scene.subjects[bearer].with_, (words.WEAR, replace(thing, with_=())))
            )
            scene = replace(scene, subjects=(*scene.subjects[:bearer], worn, *scene.subjects[bearer + 1 :]))
        elif own[0].low == "give" and scene.subjects and not known:
            bearer = next((n for n, one in enumerate(scene.subjects) if _is(one, names)), 0)
            holds = replace(scene.subjects[bearer], with_=(*scene.subjects[bearer].with_, (words.HOLD, thing)))
            scene = replace(scene, subjects=(*scene.subjects[:bearer], holds, *scene.subjects[bearer + 1 :]))
        else:
            inner = tuple(
                (how, one) for how, one in thing.with_ if not any(_is(old, {one.name}) for old in scene.subjects)
            )
            scene = replace(scene, subjects=(*scene.subjects, replace(thing, with_=inner)))
    return scene


def _each(scene: Scene, name: str, change: Callable[[Subject], Subject]) -> Scene:
    """The scene with one kind of subject changed, wherever it stands."""

    def inside(one: Subject) -> Subject:
        one = replace(one, with_=tuple((how, inside(other)) for how, other in one.with_))
        return change(one) if _is(one, {name}) else one

    return replace(scene, subjects=tuple(inside(one) for one in scene.subjects))


def _named(scene: Scene, own: list[Token]) -> str:
    """The subject that the words name, or the first one for "it" and "the character"."""
    names = {to_singular(token.low) for token in own}

    def inside(one: Subject) -> str:
        return next((found for found in (inside(other) for _, other in one.with_) if found), "") or (
            one.name if _is(one, names) else ""
        )

    found = next((name for name in map(inside, scene.subjects) if name), "")
    if (
        not found
        and scene.subjects
        and names & {"it", "character", "them", "he", "she", "him", "her", "expression", "face"}
    ):
        return scene.subjects[0].name
    return found


def _recolour(scene: Scene, own: list[Token]) -> bool:
    return bool(_named(scene, own)) and any(token.low in {"color", "colour"} for token in own)


def _adjusted(scene: Scene, own: list[Token]) -> Scene:
    """What "make", "change", "turn" and their like do: colours, sizes, places, feelings, ground, look, layout."""
    low = {token.low for token in own}
    colours = hues.listed(own, 0, len(own))
    if low & {"background", "backdrop"}:
        return _grounded(scene, own, colours)
    about = _named(scene, own)
    other = _other(own)
    if other and scene.subjects:
        return _each(
            scene, scene.subjects[0].name, lambda one: replace(other, at=one.at, with_=other.with_ or one.with_)
        )
    if colours and not about and not scene.subjects and low & _PRONOUNS:
        return replace(scene, palette=colours)
    light = (
        _lit(scene.light, own)
        if low & {"light", "lighting", "lights", "it", "image", "picture", "scene", "tone", "mood"}
        else scene.light
    )
    if light != scene.light:
        return replace(scene, light=light)
    layout = next((_LAYOUT_OF[token.low] for token in own if token.low in _LAYOUT_OF), "")
    if layout and low & {"a", "an", "into", "as"}:
        return replace(
            _looked(scene, own),
            layout=as_layout(layout),
            outline=scene.outline or layout == "sticker",
            background=scene.background or ("transparent" if layout in {"sticker", "icon"} else ""),
        )
    if about:
        changed = _thing_changed(scene, about, own, colours)
        if changed != scene:
            return changed
    return _looked(scene, own)


_LEADS = bag("actually but and now please then also instead maybe ok okay , can could you we")
_TURNED = (["make", "it", "a"], ["make", "it", "an"], ["change", "it", "to", "a"], ["change", "it", "to", "an"],
           ["change", "it", "into", "a"], ["turn", "it", "into", "a"], ["turn", "it", "into", "an"],
           ["make", "that", "a"], ["replace", "it", "with", "a"], ["replace", "it", "with", "an"])  # fmt: skip


def _other(own: list[Token]) -> Subject | None:
    """ "make it a dog": what the main thing becomes; None where the words are of its look or its layout."""
    low = [token.low for token in own]
    lead = next((one for one in _TURNED if low[: len(one)] == one), None)
    if lead is None or set(low) & (set(_LAYOUT_OF) | {"bit", "little", "lot"}):
        return None
    new = draft(" ".join(token.text for token in own[len(lead) - 1 :])).scene
    plain = new.style == "illustration" and new.layout == "scene" and not new.setting
    return new.subjects[0] if new.subjects and plain else None


def _thing_changed(scene: Scene, about: str, own: list[Token], colours: tuple[str, ...]) -> Scene:
    """A subject's colour, size, place, number or expression; "replace the cat with a dog"."""
    low = [token.low for token in own]
    if ("replace" in low and "with" in low) or ("into" in low and low[0] in {"turn", "change"}):
        cut = low.index("with") if "with" in low else low.index("into")
        new = draft(" ".join(token.text for token in own[cut + 1 :])).scene.subjects
        if new:
            return _each(
                scene, about, lambda one: replace(new[0], at=one.at, scale=one.scale, with_=new[0].with_ or one.with_)
            )
    size, place = (
        _SIZES.first(own),
        next((meaning for _, _, meaning in tables.PLACES.all(own) if meaning[0].isdigit()), ""),
    )
    feelings = tuple(word for word in (_MORE.get(word, word) for word in low) if word in _FEELINGS)
    count = next(
        (words.COUNTS.get(word, 0) for word in low if word in words.COUNTS and word not in {"single", "both"}), 0
    )
    at = tuple(float(part) for part in place.split()) if place else ()
    if at and at[1] == 0.5 and at[0] != 0.5:
        at = (at[0], 0.62)  # at the side, and on the ground
    if size and len(scene.subjects) == 1:  # alone, a thing is larger by being nearer
        shot = "close-up" if float(size) > 1 else "wide"
        scene = replace(scene, camera=replace(scene.camera, shot=shot))

    def change(one: Subject) -> Subject:
        kept = tuple(word for word in one.attributes if word not in _FEELINGS) if feelings else one.attributes
        return replace(
            one,
            colours=colours or one.colours,
            attributes=(*kept, *feelings),
            scale=round(one.scale * float(size), 2) if size else one.scale,
            at=(at[0], at[1]) if at else one.at,
            count=count or one.count,
        )

    return _each(scene, about, change)


def _grounded(scene: Scene, own: list[Token], colours: tuple[str, ...]) -> Scene:
    """ "make the background white", "change the background to a beach"."""
    if any(token.low == "transparent" for token in own):
        return replace(scene, background="transparent", setting="", weather="")
    place = next((meaning for _, _, meaning in nouns.SETTINGS.all(own)), "")
    if place:
        return replace(_looked(scene, own), setting=place, background="")
    return replace(scene, background=colours[0]) if colours else _looked(scene, own)


def _lit(light: Light, own: list[Token]) -> Light:
    """Warmer, cooler, brighter, darker, softer."""
    little = 0.2 if any(token.low in {"bit", "slightly", "little", "tad"} for token in own) else 0.4
    for _, _, tone in _TONES.all(own):
        if tone in {"warmer", "cooler"}:
            light = replace(light, warmth=_bound(light.warmth + (little if tone == "warmer" else -little)))
        elif tone in {"brighter", "darker"}:
            light = replace(light, level=_bound(light.level + (little if tone == "brighter" else -little)))
        else:
            light = replace(light, soft=True)
    return light


def _bound(value: float) -> float:
    return round(max(-1.0, min(1.0, value)), 2)


def _looked(scene: Scene, own: list[Token]) -> Scene:
    """What the words say of style, time of day, weather, shot, palette and mood, put over the scene's own."""
    fresh = tokenise(" ".join(token.text for token in own))
    look = looks(fresh, sentences(fresh))
    light = (
        replace(scene.light, time=look.light.time, neon=scene.light.neon or look.light.neon)
        if tables.TIMES.first(fresh)
        else scene.light
    )
    return replace(
        scene,
        style=look.style or scene.style,
        light=light,
        weather=look.weather or scene.weather,
        mood=look.mood if look.mood and not scene.subjects else look.mood or scene.mood,
        palette=look.palette or scene.palette,
        camera=replace(scene.camera, shot=look.camera.shot, angle=look.camera.angle)
        if look.camera.shot != "medium" or look.camera.angle != "eye"
        else scene.camera,
        outline=scene.outline or look.outline,
    )
