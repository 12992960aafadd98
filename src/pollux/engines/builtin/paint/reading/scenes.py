"""One prompt, or one part of it, as one Scene."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pollux.engines.builtin.paint.plan import Lettering, Scene, Subject
from pollux.engines.builtin.paint.reading import homes, nouns, words
from pollux.engines.builtin.paint.reading.alphabet import by_letter
from pollux.engines.builtin.paint.reading.cast import gather
from pollux.engines.builtin.paint.reading.charts import KINDS, chart
from pollux.engines.builtin.paint.reading.details import attribution, details, is_business
from pollux.engines.builtin.paint.reading.layouts import as_layout, claimed, frame, layout_of, titled
from pollux.engines.builtin.paint.reading.lettering import lettering
from pollux.engines.builtin.paint.reading.looks import Looks, looks
from pollux.engines.builtin.paint.reading.looks_tables import FACING, OPPOSITE
from pollux.engines.builtin.paint.reading.phrases import Know, Phrase, pieces
from pollux.engines.builtin.paint.reading.schemes import scheme
from pollux.engines.builtin.paint.reading.things import Cast, Thing, lifted, people, spread
from pollux.engines.builtin.paint.reading.tokens import Token, bag, sentences, tokenise

_LIGHT_HEADS = bag(
    "lighting light camera mood atmosphere palette scheme colors colours color colour text font typography "
    "lettering resolution aspect vibe tone"
)  # fmt: skip
_SHOT = bag("captured shot taken rendered photographed filmed highlighting emphasizing emphasising")
_BEAMS = bag("streaming coming shining filtering pouring beaming falling cast from through")
_LIGHTS = bag("light lighting sunlight moonlight rays sunbeams sunshine glow highlights")
_FLAT_LAYOUTS = bag("logo poster card menu infographic comic icon sticker")


@dataclass(frozen=True, slots=True)
class Draft:
    """A scene and what it was read from."""

    scene: Scene
    cast: Cast
    tokens: list[Token]
    spans: list[tuple[int, int]]
    look: Looks


def draft(text: str, know: Know | None = None, layout: str = "") -> Draft:
    """Reads a text into one scene.  `layout` is given where the caller knows it already."""
    tokens = tokenise(text)
    spans = sentences(tokens)
    early = spans[min(2, len(spans) - 1)][1] if spans else 0
    look = looks(tokens, spans)
    layout = layout or layout_of(tokens, look, early)
    look = replace(look, palette=tuple(dict.fromkeys([*look.palette, *scheme(tokens, spans, layout)])))
    author = attribution(text, tokens) if layout == "card" or any(token.low == "quote" for token in tokens) else None
    letters = lettering(tokens, layout) + ((author,) if author else ())
    charted = layout == "infographic" or bool(KINDS.first(tokens, 0, early))
    letters += () if charted else details(text, tokens, layout)
    cast = Cast()
    claimed(tokens, layout)
    others, facing = by_letter(tokens, know), _facing(tokens)
    for begin, end in spans:
        topic = _topic(tokens, begin, end)
        if topic != "skip":
            _mute(tokens, begin, end)
            gather(pieces(tokens, begin, end, know), tokens, cast, topic)
    if facing and cast.things:
        cast.things[0].phrase.attributes += facing
    for phrase in others:
        cast.add(Thing(phrase))
    layout = layout or (cast.layout if cast.layout in nouns.LAYOUTS.values() else "")
    numbers = chart(tokens) if not layout or layout in {"infographic", "poster"} else None
    if numbers or (not layout and KINDS.first(tokens, 0, early) == "weather"):
        layout = layout or "infographic"
    scene = _scene(layout, look, cast, know)
    letters = titled(layout, tokens, cast, letters)
    scene = replace(scene, chart=numbers, lettering=letters, frame=frame(tokens, layout))
    return Draft(_carrying(replace(scene, form=_form(text, scene, author))), cast, tokens, spans, look)


def _form(text: str, scene: Scene, author: Lettering | None) -> str:
    """The kind of card that the words name."""
    if scene.layout != "card":
        return ""
    low = text.lower()
    if author is not None or "quote" in low or "quotation" in low:
        return "quote"
    return "business card" if is_business(text) else "certificate" if "certificate" in low else ""


def _carrying(scene: Scene) -> Scene:
    """Lettering outside layouts of words is on a thing: the one it names, a sign for a sticker's, the product's own.

    Where nothing can carry it, the picture becomes a poster of its words.
    """
    if not scene.lettering or scene.layout not in {"scene", "product", "minimal", "sticker"} or scene.chart:
        return scene
    names = {name.rpartition(" ")[2] for subject in scene.subjects for name in _names(subject)}
    out, more = [], list(scene.subjects)
    for one in scene.lettering:
        if not one.on and scene.layout == "sticker":
            one = replace(one, on="sign")
        if not one.on and scene.layout == "product" and scene.subjects:
            one = replace(one, on=scene.subjects[0].name.rpartition(" ")[2])
        if one.on and one.on not in names:
            names.add(one.on)
            sign = Subject(one.on)
            if more and scene.layout == "sticker":
                more[0] = replace(more[0], with_=(*more[0].with_, ("holding", sign)))
            else:
                more.append(sign)
        out.append(one)
    layout = scene.layout if any(one.on for one in out) else "poster"
    return replace(scene, lettering=tuple(out), subjects=tuple(more), layout=as_layout(layout))


def _home(subjects: tuple[Subject, ...]) -> str:
    """Where somebody is who sits on a bench or a couch."""
    used = [name.rpartition(" ")[2] for one in subjects for name in _names(one)]
    return next((homes.HOMES[name] for name in used if name in homes.HOMES), "") if len(used) > 1 else ""


def _names(subject: Subject) -> list[str]:
    return [subject.name, *(name for _, one in subject.with_ for name in _names(one))]


def _scene(layout: str, look: Looks, cast: Cast, know: Know | None) -> Scene:
    subjects = _subjects(cast, layout, know)
    setting = (
        "" if not cast.settings else next((name for name, _, _ in cast.settings if name != "landscape"), "landscape")
    ) or next((homes.OCCASIONS[one][0] for one in cast.occasions), "")
    if not setting and not layout and not (look.background or cast.background or cast.surface):
        setting = _home(subjects)
    if layout in {"product", "minimal"} and setting in {"studio", "landscape", "space"} and look.background:
        setting = ""
    if setting in {"underwater", "sky", "space"}:  # nothing is far there
        subjects = tuple(replace(one, at=None) if one.at else one for one in subjects)
    background = look.background or (cast.background[-1] if cast.background else "")
    empty = look.empty
    if layout == "minimal" and not empty:
        empty = next((OPPOSITE[thing.place] for thing in cast.things if thing.place in OPPOSITE), "")
    return Scene(
        layout=as_layout(layout),
        style=look.style or _style_of(layout),  # type: ignore[arg-type]
        subjects=subjects,
        setting=setting,
        surface=cast.surface,
        weather=look.weather,
        light=replace(look.light, time="studio")
        if layout == "product" and look.light.time == "day" and not setting
        else look.light,
        camera=look.camera,
        mood=look.mood,
        palette=tuple(dict.fromkeys([*look.palette, *cast.palette]))[:8],
        background=background,
        empty=empty,
        outline=look.outline,
    )


def _style_of(layout: str) -> str:
    """What a layout looks like where the words name no style."""
    if layout in {"logo", "icon", "infographic"}:
        return "flat"
    return {"product": "photo", "comic": "cartoon", "sticker": "cartoon"}.get(layout, "illustration")


def _subjects(cast: Cast, layout: str, know: Know | None) -> tuple[Subject, ...]:
    """The things as subjects; a purpose or a theme stands in where nothing else is to be seen."""
    things = [thing for thing in cast.things if thing.phrase.name and thing.phrase.name not in cast.unwanted]
    if layout in {"", "product", "minimal"}:  # the sky's own: "at night with stars"
        things = [one for one in things if not (one.phrase.name == "star" and one.phrase.many and one.plain)] or things
    shown = [one for one in things if not one.far and (not _flat(layout) or _drawable(one, know))]
    if not shown and (layout in _FLAT_LAYOUTS or not cast.settings):
        things = [one for one in (_promoted(thing, know) for thing in cast.purpose) if one][:3] + things
    for theme in cast.themes:
        if theme and (know is None or know(theme)):
            things.append(Thing(Phrase(nouns=theme.split(), attributes=["theme"]), place="0.5 0.22"))
    return spread(tuple(one for thing in things for own in lifted(thing.subject()) for one in people(own)))


def _flat(layout: str) -> bool:
    return layout in {"logo", "icon", "card"}


def _drawable(thing: Thing, know: Know | None) -> bool:
    return know is None or know(thing.phrase.name) or know(thing.phrase.head)


def _promoted(thing: Thing, know: Know | None) -> Thing | None:
    """What a brand or an occasion is about: of "coffee shop" the part that can be drawn."""
    own = thing.phrase.nouns
    for name in (
        *(homes.TRADES[word] for word in own if word in homes.TRADES),
        " ".join(own),
        *(own if len(own) > 1 else ()),
    ):
        if know is None or know(name):
            return Thing(replace(thing.phrase, nouns=name.split()), thing.with_)
    return None


def _facing(tokens: list[Token]) -> list[str]:
    """Where somebody looks: "in profile looking right"; its words are marked as used."""
    out: list[str] = []
    for index, length, meaning in FACING.all(tokens):
        out.append(meaning)
        for token in tokens[index : index + length]:
            token.used = True
    return out[:2]


def _topic(tokens: list[Token], begin: int, end: int) -> str:
    """What a sentence speaks of: "setting", "background", "skip" (light, camera, type), or "" for things."""
    skipped = 0
    for index in range(begin, min(end, begin + 7)):
        low = tokens[index].low
        after = tokens[index + 1].low if index + 1 < end else "is"
        says = after in words.COPULAS or after in {
            "should",
            "must",
            "features",
            "and",
            "of",
            ":",
            "focus",
            "setup",
            "angle",
            "ratio",
            "realistic",
            "scheme",
            "palette",
            "-",
            "has",
            "with",
        }
        if low in _SHOT and not skipped:
            return "skip"
        if low in {"setting", "environment", "location", "backdrop", "background"} and (says or skipped):
            return ("background" if low in {"background", "backdrop"} else "setting") if says or after == "is" else ""
        if low in {"scene"} and after in {"is", "takes", "should"}:
            lit = any(
                token.low in {"illuminated", "lit", "bathed", "lighting"}
                for token in tokens[index : min(end, index + 4)]
            )
            return "skip" if lit else "setting"
        if low in _LIGHT_HEADS and says and low != "style":
            return "skip"
        if (
            low in words.DETERMINERS
            or words.is_adjective(low)
            or low in {"overall", "color", "colour", "please", "in", "soft", ","}
        ):
            skipped += 1
            if low == "in" and after == "the":
                continue
            continue
        if low in words.ORDERS:
            continue
        break
    return ""


def _mute(tokens: list[Token], begin: int, end: int) -> None:
    """Marks what a sentence says of its light and its camera as read: "lit by ...", "light streaming through ..."."""
    index = begin
    while index < end - 1:
        low, after = tokens[index].low, tokens[index + 1].low
        lit = low in {"illuminated", "lit", "bathed"} and after in {"by", "in", "with"}
        shot = low in _SHOT and after in {"with", "on", "using", "from", "at", "in", "the"} and index > begin
        if {low, after} & {"falling"} and {low, after} & {"snow", "rain", "snowflakes"}:
            tokens[index].used = tokens[index + 1].used = True
        beam = low in _LIGHTS and after in _BEAMS
        focus = low == "focus" and after == "on" and not lit
        if lit or shot or beam:
            stop = next((at for at in range(index + 2, end) if _resumes(tokens, at, end)), end)
            for token in tokens[index:stop]:
                token.used = True
            index = stop
        else:
            index += 2 if focus else 1


def _resumes(tokens: list[Token], at: int, end: int) -> bool:
    """Whether the sentence goes on with something else after a comma."""
    low = tokens[at].low
    return low in {"while", "with", "featuring"} or (
        low in {",", "and"} and at + 1 < end and tokens[at + 1].low in words.DETERMINERS | {"with", "in", "on", "while"}
    )
