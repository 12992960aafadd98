"""Several pictures from one prompt: steps, stories, recipes, variations; and a comic's panels.

The built-in engine knows no recipes and no tales.  What a prompt tells is drawn as it tells it; where it tells nothing,
the parts are the general ones (begin, go on, finish), and the words say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from pollux.engines.builtin.english import article, capital, plural, sentence
from pollux.engines.builtin.paint.plan import Camera, Lettering, Scene, Step, Style, Subject, Work
from pollux.engines.builtin.paint.reading import words
from pollux.engines.builtin.paint.reading.parts import told
from pollux.engines.builtin.paint.reading.tokens import Table, Token, bag

MOST = 10  # pictures of one answer
_PICTURES = bag(
    "picture image photo illustration drawing painting scene frame variation version option pictures images "
    "photos illustrations drawings paintings scenes frames variations versions options sketches pages slides "
    "parts shots concepts designs alternatives takes steps"
)  # fmt: skip
_SETS = words.ORDERS | bag("series sequence set")
_VARIED = bag("variation version option alternative variations versions options alternatives takes concepts")
_GUIDES = Table((
    ("recipe", "illustrated recipe|recipe for|recipe of|recipe"),
    ("guide", "step by step|tutorial|how to guide|instructions|illustrated guide|visual guide|guide to"),
    ("story", "illustrated story|story|storybook|picture book|tale|children's book|fairy tale|illustrated tale"),
))  # fmt: skip
_HOW_TO = Table((("yes", "how to"),))
_SHOWN = bag("illustrated pictures images illustrations drawings")
_COOKING = bag("recipe cook cooking bake baking make making prepare preparing brew brewing")
_BAKING = bag("bake baking cake bread cookie cookies macaron macarons muffin pie")
_PLANTING = frozenset(["plant", "planting", "grow", "growing", "gardening", "sow"])

# What any such work goes through: (title, what to show beside the subject, setting).
_STAGES: dict[str, tuple[tuple[str, str, str], ...]] = {
    "bake": (
        ("Prepare and mix", "bowl", "kitchen"),
        ("Shape", "plate", "kitchen"),
        ("Bake", "oven", "kitchen"),
        ("Cool and finish", "plate", "kitchen"),
        ("Serve", "plate", ""),
    ),
    "cook": (
        ("Gather the ingredients", "basket", "kitchen"),
        ("Prepare and cut", "knife", "kitchen"),
        ("Cook", "pan", "kitchen"),
        ("Season and taste", "spoon", "kitchen"),
        ("Serve", "plate", ""),
    ),
    "plant": (
        ("Prepare the soil", "shovel", "garden"),
        ("Plant", "seedling", "garden"),
        ("Water and care", "watering can", "garden"),
        ("Wait", "sun", "garden"),
        ("Enjoy the result", "", "garden"),
    ),
    "work": (("Get ready", "", ""), ("Begin", "", ""), ("Go on", "", ""), ("Check", "", ""), ("Finish", "", "")),
}
# A general tale: (title, its sentence, pose, time of day, setting, shot, what else is seen).
_ARC: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    ("The beginning", "Once there was {a} by a quiet meadow.", "standing", "dawn", "field", "medium", ""),
    ("Setting out", "One day, {the} sets out for the mountains.", "walking", "day", "mountains", "wide", ""),
    ("A discovery", "In a forest, {the} finds an old key.", "surprised", "day", "forest", "medium", "key"),
    ("The hard part", "It grows dark, and {the} has to be brave.", "scared", "night", "forest", "close-up", ""),
    ("The turn", "Then {the} finds the door that the key opens.", "smiling", "dusk", "hills", "medium", "door"),
    ("The end", "And so {the} comes home, happy.", "happy", "golden hour", "field", "medium", "house"),
)
_CHOSEN = {1: (0,), 2: (0, -1), 3: (0, 2, -1), 4: (0, 1, 2, -1), 5: (0, 1, 2, 3, -1)}
_PANELS: tuple[tuple[str, str, str, str], ...] = (
    ("An ordinary day.", "", "standing", "wide"),
    ("Then, a sound.", "Who is there?", "surprised", "medium"),
    ("Closer. And closer.", "Show yourself!", "serious", "close-up"),
    ("Oh. It is only a duck.", "Quack!", "confused", "medium"),
    ("Nobody must know of this.", "Not a word.", "embarrassed", "close-up"),
    ("The end.", "Come on, let's go.", "laughing", "wide"),
)
_LOOKS: tuple[tuple[Style, str, str], ...] = (
    ("illustration", "day", "medium"),
    ("watercolour", "golden hour", "close-up"),
    ("flat", "day", "wide"),
    ("ink", "day", "medium"),
    ("papercut", "dusk", "medium"),
    ("oil", "golden hour", "medium"),
    ("pencil", "day", "close-up"),
    ("pixel", "night", "wide"),
    ("lowpoly", "dawn", "medium"),
    ("neon", "night", "close-up"),
)
_VIEWS = {"wide": "from afar", "close-up": "from near"}
_LIGHTS = {"night": "at night", "dawn": "at dawn", "dusk": "at dusk", "golden hour": "at golden hour",
           "studio": "in a studio's light"}  # fmt: skip
_MANNERS = {"illustration": "as an illustration", "watercolour": "in watercolor", "flat": "in flat colors",
"ink": "in ink",
            "papercut": "as a paper cut", "oil": "in brush strokes", "pencil": "in pencil", "pixel": "as pixel art",
            "lowpoly": "in low poly", "neon": "in neon"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Wanted:
    """A series that a prompt asks for: `kind` is "variations", "recipe", "guide", "story" or "pictures"."""

    kind: str
    count: int


def wanted(tokens: list[Token], layout: str) -> Wanted | None:
    """The series that the words ask for, or None for one picture."""
    if layout in {"infographic", "comic", "menu", "poster", "card"}:
        return None
    count, noun = _counted(tokens)
    kind = next(
        (
            meaning
            for index, length, meaning in _GUIDES.all(tokens)
            if index + length >= len(tokens) or tokens[index + length].low not in {"style", "styled", "illustration"}
        ),
        "",
    )
    if not kind and (count or any(token.low in _SHOWN for token in tokens)) and _HOW_TO.first(tokens):
        kind = "guide"
    if kind == "story" and not (count or any(token.low in _SHOWN for token in tokens)):
        kind = ""
    if kind == "recipe" and any(token.low in {"card", "book"} for token in tokens):
        kind = ""
    if noun in _VARIED:
        return Wanted("variations", min(MOST, max(2, count)))
    if kind:
        return Wanted(kind, min(MOST, count or (4 if kind == "story" else 3)))
    return Wanted("pictures", min(MOST, count)) if count > 1 else None


def _counted(tokens: list[Token]) -> tuple[int, str]:
    """ "in three images", "4 pictures of", "generate two variations"."""
    for index, token in enumerate(tokens):
        if token.low not in _PICTURES or token.kind != "word":
            continue
        for at in range(index - 1, max(-1, index - 4), -1):
            count = _number(tokens[at])
            if count > 1:
                before = tokens[at - 1].low if at else ""
                ahead = {one.low for one in tokens[max(0, at - 4) : at]}
                if (
                    before in {"in", "as", "with", "into", "over", "across", "", ".", "me", "and"}
                    or ahead & words.ORDERS
                ):
                    return count, token.low
            if tokens[at].low not in words.ADJECTIVES | {"different", "separate", "distinct", "illustrated"}:
                break
    return 0, ""


def _number(token: Token) -> int:
    if token.kind == "number":
        return int(token.text) if token.text.isascii() and token.text.isdigit() and len(token.text) < 3 else 0
    return words.COUNTS.get(token.low, 0)


def work(asked: Wanted, text: str, tokens: list[Token], scene: Scene, make: Callable[[str], Scene]) -> Work:
    """The pictures of a series with the words before each."""
    if asked.kind == "variations":
        return _variations(asked.count, scene)
    given = told(text, tokens)
    if len(given) > 1:
        scenes = tuple(_like(make(part), scene) for part in given[:MOST])
        captions = tuple(f"### Step {n}\n\n{sentence(part)}" if asked.kind in {"recipe", "guide"} else sentence(part)
                         for n, part in enumerate(given[:MOST], 1))  # fmt: skip
        return Work(scenes, captions)
    if asked.kind == "story":
        return _story(asked.count, scene)
    if asked.kind in {"recipe", "guide"}:
        return _guide(asked, tokens, scene)
    if len(scene.subjects) == asked.count:
        alone = [replace(scene, subjects=(one,)) for one in scene.subjects]
        return Work(tuple(alone), tuple(f"**{capital(one.name)}**" for one in scene.subjects))
    return _variations(asked.count, scene, "Picture")


def _like(part: Scene, whole: Scene) -> Scene:
    """A part with the whole's style, and its characters and place where it names none."""
    subjects = part.subjects or whole.subjects[:1]
    return replace(part, style=whole.style, palette=part.palette or whole.palette, subjects=subjects,
                   setting=part.setting or whole.setting)  # fmt: skip


def _variations(count: int, scene: Scene, word: str = "Variation") -> Work:
    scenes, captions = [], []
    fixed = scene.style != "illustration"
    for n in range(count):
        style, time, shot = _LOOKS[n % len(_LOOKS)]
        camera = replace(scene.camera, shot=shot)
        light = scene.light if scene.light.time not in {"day"} else replace(scene.light, time=time)
        scenes.append(replace(scene, style=scene.style if fixed else style, camera=camera, light=light))
        seen = f"{_VIEWS.get(shot, 'seen')} {_LIGHTS.get(light.time, 'by day')}"
        captions.append(f"**{word} {n + 1}**: {seen}{'' if fixed else f', {_MANNERS[style]}'}.")
    return Work(tuple(scenes), tuple(captions))


def _guide(asked: Wanted, tokens: list[Token], scene: Scene) -> Work:
    """A recipe or guide whose steps the prompt does not tell: the general stages of such work."""
    low = {token.low for token in tokens}
    kind = (
        "bake"
        if low & _BAKING
        else "cook"
        if asked.kind == "recipe" or low & _COOKING
        else "plant"
        if low & _PLANTING
        else "work"
    )
    subject = scene.subjects[0] if scene.subjects else Subject("dish" if kind in {"bake", "cook"} else "tool")
    stages = _spread(_STAGES[kind], asked.count)
    scenes, captions = [], []
    named = plural(subject.name) if subject.count > 1 else subject.name
    named = article(named) if subject.count < 2 and kind in {"plant", "work"} else named
    for n, (title, beside, setting) in enumerate(stages, 1):
        last = n == len(stages)
        things: tuple[Subject, ...] = (
            (subject,) if last or not beside else (Subject(beside), replace(subject, scale=0.8))
        )
        if n == 1 and subject.with_ and not last:
            things = (
                (*(one for _, one in subject.with_), Subject(beside))
                if beside
                else tuple(one for _, one in subject.with_)
            )
        scenes.append(replace(scene, subjects=things, setting=scene.setting or setting, unknown=()))
        captions.append(f"### Step {n}: {title}\n\n{_about(named, beside, last)}")
    names = "recipe" if kind in {"bake", "cook"} else "craft"
    note = (
        f"The built-in engine draws, but it does not know this {names}: the steps are the general ones of such work, "
        "without amounts and times. Put your own steps into the prompt and each gets its picture."
    )
    return Work(tuple(scenes), tuple(captions), note)


def _about(name: str, beside: str, last: bool) -> str:
    """What the picture of one stage shows."""
    if last:
        return f"The picture shows the result: {name}."
    return (
        f"The picture shows {name} with {article(beside)}."
        if beside
        else f"The picture stands for this part of the work on {name}."
    )


def _spread(stages: tuple[tuple[str, str, str], ...], count: int) -> list[tuple[str, str, str]]:
    """As many stages as are asked for, first and last among them."""
    if count <= 1:
        return [stages[-1]]
    if count <= len(stages):
        return [stages[round(n * (len(stages) - 1) / (count - 1))] for n in range(count)]
    more = count - len(stages)
    return [*stages[:-1], *((f"{stages[-2][0]}, part {n + 2}", *stages[-2][1:]) for n in range(more)), stages[-1]]


def _story(count: int, scene: Scene) -> Work:
    """A story that the prompt does not tell: a general arc with its character."""
    hero = scene.subjects[0] if scene.subjects else Subject("fox")
    arc = [_ARC[at] for at in _CHOSEN.get(count, tuple(range(len(_ARC))))] if count <= len(_ARC) else \
        [*_ARC[:-1], *[_ARC[1 + n % 4] for n in range(count - len(_ARC))], _ARC[-1]]  # fmt: skip
    scenes, captions = [], []
    for title, line, pose, time, setting, shot, prop in arc:
        one = replace(hero, attributes=(*hero.attributes, pose))
        more = (Subject(prop, scale=0.7),) if prop else ()
        scenes.append(replace(scene, subjects=(one, *scene.subjects[1:], *more), setting=scene.setting or setting,
                              light=replace(scene.light, time=time), camera=replace(scene.camera,
                              shot=shot)))  # fmt: skip
        phrase = " ".join([*hero.attributes[:1], hero.name])
        captions.append(f"**{title}.** {capital(line.format(a=article(phrase), the=f'the {hero.name}'))}")
    note = (
        "The built-in engine draws, but it is no teller of tales: this one is a general one. Tell yours, sentence by "
        "sentence, and each gets its picture."
    )
    return Work(tuple(scenes), tuple(captions), note)


def panels(
    text: str, tokens: list[Token], scene: Scene, make: Callable[[str], Scene], most: int = 9
) -> tuple[Step, ...]:
    """A comic's panels: what the prompt tells of each, or a small general scene with its character."""
    given = told(text, tokens)
    if len(given) > 1:
        out = []
        for part in given[:most]:
            one = _like(make(part), scene)
            narrated = " ".join(letter.text for letter in one.lettering if letter.role == "body")
            letters = tuple(replace(letter, role="speech") for letter in one.lettering if letter.role != "body")
            out.append(
                Step(
                    narrated or ("" if letters else sentence(part)[:90]),
                    (),
                    _main(one),
                    replace(one, layout="scene", lettering=letters, steps=()),
                )
            )
        return tuple(out)
    count = _panel_count(tokens)
    return tuple(_panel(scene, row) for row in _rows(min(most, count)))


def _panel_count(tokens: list[Token]) -> int:
    for index, token in enumerate(tokens):
        if token.low in {"panel", "panels", "frame", "frames", "strip", "page"} and index:
            count = _number(tokens[index - 1])
            if count:
                return count
    return 3


def _rows(count: int) -> list[tuple[str, str, str, str]]:
    chosen = {1: (3,), 2: (1, 3), 3: (0, 1, 3), 4: (0, 1, 2, 3), 5: (0, 1, 2, 3, 4)}.get(count)
    if chosen:
        return [_PANELS[at] for at in chosen]
    return [*_PANELS[:-1], *[("Meanwhile ...", "", "walking", "wide")] * (count - len(_PANELS)), _PANELS[-1]]


def _panel(scene: Scene, row: tuple[str, str, str, str]) -> Step:
    line, speech, pose, shot = row
    hero = scene.subjects[0] if scene.subjects else Subject("detective" if scene.style == "noir" else "person")
    things: tuple[Subject, ...] = (
        replace(hero, attributes=(*hero.attributes, pose), at=(0.36, 0.6)),
        *scene.subjects[1:],
    )
    if "duck" in line:
        things = (*things, Subject("duck", scale=0.6, at=(0.72, 0.74)))
    light = replace(scene.light, time="night") if scene.style == "noir" else scene.light
    letters = (Lettering(speech, "speech", "comic"),) if speech else ()
    setting = scene.setting or ("street" if scene.style == "noir" else "park")
    one = Scene(style=scene.style, subjects=things, setting=setting, weather=scene.weather, light=light,
                camera=Camera(shot=shot), mood=scene.mood, palette=scene.palette, lettering=letters)  # fmt: skip
    return Step(line, (speech,) if speech else (), hero.name, one)


def _main(scene: Scene) -> str:
    return scene.subjects[0].name if scene.subjects else ""
