"""What was drawn, in words: so that a caller knows what the painter understood."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pollux.engines.builtin.english import article, capital, counted, listing
from pollux.engines.builtin.paint.reading.words import MATERIALS

if TYPE_CHECKING:
    from pollux.engines.builtin.paint.plan import Scene, Subject

_STYLES = {
    "illustration": "an illustration",
    "photo": "a studio-like picture",
    "flat": "a flat drawing",
    "kawaii": "a kawaii drawing",
    "watercolour": "a picture in watercolor",
    "pencil": "a pencil drawing",
    "ink": "an ink drawing",
    "oil": "a picture in brush strokes",
    "pixel": "pixel art",
    "isometric": "an isometric drawing",
    "noir": "a noir drawing",
    "anatomical": "an old master's study sheet",
    "cartoon": "a cartoon",
    "neon": "a neon drawing",
    "papercut": "a paper cut",
    "lowpoly": "a low-poly picture",
}
_PLACES = {
    "space": "in space", "underwater": "under water", "sky": "in the sky", "snow": "in the snow", "sea": "at sea",
    "mountains": "in the mountains", "hills": "in the hills", "ruins": "among ruins", "stage": "on a stage",
    "beach": "on a beach", "street": "on a street", "field": "in a field", "farm": "on a farm", "island": "on "
    "an island",
    "lake": "by a lake", "river": "by a river", "harbour": "in a harbor", "autumn": "in autumn", "station": "at "
    "a station",
    "campsite": "at a campsite", "planet": "on another planet", "brick wall": "on a brick wall", "studio": "",
    "landscape": "in a landscape", "cliff": "on a cliff", "stadium": "in a stadium", "nature": "in nature",
}  # fmt: skip
_TIMES = {"dawn": "at dawn", "golden hour": "at golden hour", "dusk": "at dusk", "night": "at night"}
_WEATHER = {
    "rain": "in the rain",
    "snow": "in falling snow",
    "fog": "in fog",
    "storm": "in a storm",
    "stars": "under stars",
}
_MASS = frozenset(
    ("armor", "armour", "ramen", "sushi", "coffee", "tea", "bread", "rice", "pasta", "food", "water", "fire", "snow",
     "ice cream", "cheese", "milk", "wine", "beer", "soup", "lava", "honey", "chocolate", "jewelry", "furniture",
     "spaghetti", "lightning", "cream", "steam", "smoke", "fog", "mist", "grass", "salad", "toast", "sugar", "fruit")
)  # fmt: skip
_PAIRS = frozenset(
    ("fries", "glasses", "sunglasses", "goggles", "trousers", "pants", "jeans", "shorts", "scissors", "headphones",
     "boots", "shoes", "sneakers", "gloves", "french fries", "noodles", "nachos", "headphone", "sandals", "socks")
)  # fmt: skip
_HELD = {"behind": "in front of", "wearing": "wearing", "holding": "with", "eating": "with", "riding": "riding"}
_LANDMARKS = frozenset(("eiffel tower", "taj mahal", "statue of liberty", "golden gate bridge", "colosseum",
"milky way",
                        "great wall", "solar system", "moon", "sun", "earth", "sphinx"))  # fmt: skip
_POSES = frozenset(
    (
        "theme",
        "playing",
        "working",
        "person",
        "man",
        "woman",
        "child",
        "main",
        "single",
        "lone",
        "certain",
        "various",
        "solitary",
    )
)
_PARTS = frozenset(("bowl", "plate", "slice", "piece", "stack", "cup", "glass", "bunch", "loaf", "scoop", "bouquet"))
_LONGEST = 40


def account(scene: Scene) -> str:
    """One sentence: the kind of picture, what is in it, and where."""
    said = f"Here is {_kind(scene)}"
    things = _things(tuple(_still(one) for one in scene.subjects) if scene.layout == "comic" else scene.subjects)
    if things and scene.chart is None and scene.layout not in ("menu", "infographic"):
        said += f" {'with' if scene.layout in ('comic', 'poster', 'card', 'logo') else 'of'} {listing(things)}"
    if scene.layout in ("scene", "product", "poster") and scene.chart is None:
        said += _where(scene)
    words = list(dict.fromkeys(_short(one.text) for one in scene.lettering if one.text))[:3]
    if words:
        said += f"{',' if things else ''} with the words " + listing([f"“{one}”" for one in words])
    return f"{said}."


def _kind(scene: Scene) -> str:
    if scene.chart is not None:
        return f"{article(scene.chart.kind)}{'' if scene.chart.kind == 'timeline' else ' chart'}"
    if scene.layout == "comic":
        return f"a comic of {counted(len(scene.steps), 'panel')}" if scene.steps else "a comic"
    if scene.layout == "card" and scene.form:
        return article(f"{scene.form} card" if scene.form == "quote" else scene.form)
    if scene.layout == "infographic":
        return f"an infographic of {counted(len(scene.steps), 'part')}" if scene.steps else "an infographic"
    if scene.layout in ("scene", "minimal", "product"):
        return "a product picture" if scene.layout == "product" else _STYLES.get(scene.style, "a picture")
    return article(scene.layout)


def _still(subject: Subject) -> Subject:
    """Somebody of a comic without what they do in one panel."""
    return replace(subject, attributes=tuple(word for word in subject.attributes if not word.endswith("ing")))


def _things(subjects: tuple[Subject, ...]) -> list[str]:
    """Each kind of thing once, with how many there are of it."""
    counts: dict[str, int] = {}
    first: dict[str, Subject] = {}
    for one in subjects:
        key = _words(one)
        counts[key] = counts.get(key, 0) + one.count
        first.setdefault(key, one)
    return [_thing(first[key], key, count) for key, count in counts.items()][:6]


def _thing(subject: Subject, words: str, count: int) -> str:
    if "theme" in subject.attributes:
        return f"“{subject.name}” as the theme"
    part = next((word for word in subject.attributes if word in _PARTS), "")
    if part:
        said = f"{counted(count, part) if count > 1 else article(part)} of {words}"
    elif count > 1:
        said = counted(count, words)
    else:
        said = _one(words)
    more = [(how, _thing(one, _words(one), one.count)) for how, one in subject.with_[:3]]
    groups: dict[str, list[str]] = {}
    for how, one in more:
        groups.setdefault(_HELD.get(how, how), []).append(one)
    tail = [f"{how} {listing(those)}" for how, those in groups.items()]
    return " ".join((said, *tail))


def _words(subject: Subject) -> str:
    """The thing's name with its colours and what describes it, each word once."""
    described = [word for word in subject.attributes if word not in _POSES and word not in _PARTS and " " not in word]
    acts = [word for word in described if word.endswith("ing") and word not in ("glowing", "smiling", "flying")]
    described = [word for word in described if word not in acts][:2]
    colours = [one for one in subject.colours if not one.startswith("ink ")][:2]
    name = _proper(subject.name)
    made = [word for word in described if word in MATERIALS and colours]
    own = [*(word for word in described if word not in made), " and ".join(colours), *made] if colours else described
    return " ".join(dict.fromkeys(word for word in (*acts[:1], *map(_proper, own), name) if word))


def _proper(words: str) -> str:
    """Peoples and languages with their capital."""
    return " ".join(capital(word) if word in _NATIONS else word for word in words.split())


_NATIONS = frozenset(
    [
        "japanese",
        "chinese",
        "french",
        "italian",
        "american",
        "african",
        "indian",
        "mexican",
        "british",
        "english",
        "german",
        "spanish",
        "asian",
        "european",
        "russian",
        "greek",
        "roman",
        "egyptian",
        "korean",
        "thai",
        "christmas",
        "halloween",
        "victorian",
        "irish",
        "scottish",
        "dutch",
        "swedish",
    ]
)


def _one(words: str) -> str:
    """One of it: "an apple", "fries", "armor"."""
    if words in _LANDMARKS:
        return f"the {words if words in ('solar system', 'moon', 'sun') else words.title().replace(' Of ', ' of ')}"
    last = words.rpartition(" ")[2]
    return words if last in _MASS | _PAIRS or words in _MASS | _PAIRS else article(words)


def _where(scene: Scene) -> str:
    """The place, the weather and the time that the picture shows."""
    out = ""
    if scene.setting:
        place = _PLACES.get(scene.setting, f"in {article(scene.setting)}")
        out += f" {place}" if place else ""
    elif scene.surface:
        counted_ = scene.surface.endswith(("table", "board", "counter", "desk"))
        out += f" on {_one(scene.surface) if counted_ else scene.surface}"
    if scene.weather in _WEATHER and scene.weather != scene.setting:
        out += f" {_WEATHER[scene.weather]}"
    if scene.setting and scene.light.time in _TIMES and scene.layout != "product":
        out += f" {_TIMES[scene.light.time]}"
    return out


def _short(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= _LONGEST else one_line[: _LONGEST - 1] + "…"
