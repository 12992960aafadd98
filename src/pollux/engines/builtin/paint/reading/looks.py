"""How a picture is to look: style, light, camera, weather, mood, palette, background, the side left free."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from pollux.engines.builtin.paint.plan import Camera, Light, Style
from pollux.engines.builtin.paint.reading import hues, words
from pollux.engines.builtin.paint.reading import looks_tables as tables
from pollux.engines.builtin.paint.reading.tokens import Table, Token, bag

_LIT = bag(
    "light lighting lit illuminated sunlight sun lamp moonlight shining shines streaming glow rays rim softbox "
    "beam beams"
)  # fmt: skip
_GROUNDS = frozenset(["background", "backdrop", "canvas"])
_PALETTES = bag("palette scheme colors colours tones hues shades color colour")
_WEAKER = frozenset({"photo", "illustration"})
_EMPTY = Table((("yes", "negative space|empty space|copy space|space for text|room for text|blank space|white space|"
                        "space for copy|space for a headline|space for the text|space for overlay"),))  # fmt: skip
_BACKLIT = Table((("back", "rim light|rim lighting|backlit|back lit|back lighting|backlighting|silhouetted"),))
_OUTLINE = Table((("yes", "outline|outlines|outlined|thick lines|bold lines|die cut|white border|bold , clean"),))


@dataclass(frozen=True, slots=True)
class Looks:
    """What the words say of the look; empty where they say nothing."""

    style: Style | None
    light: Light
    camera: Camera
    weather: str = ""
    mood: str = ""
    palette: tuple[str, ...] = ()
    background: str = ""
    empty: str = ""
    roomy: bool = False  # "negative space"
    outline: bool = False


def looks(tokens: list[Token], spans: list[tuple[int, int]]) -> Looks:
    """Reads the look from all sentences and marks the words that can be nothing else as used."""
    style, camera = _style(tokens), _camera(tokens)
    light, weather = _light(tokens, spans), _weather(tokens)
    if weather == "stars" and not any(meaning != "day" for _, _, meaning in tables.TIMES.all(tokens)):
        light = replace(light, time="night")
    for table in (tables.TIMES, tables.SOFT, tables.BLUR, _EMPTY):
        _use(tokens, table)
    return Looks(
        cast("Style | None", style or None),
        light,
        camera,
        weather,
        tables.MOODS.first(tokens),
        _palette(tokens, spans),
        _background(tokens, spans),
        _free_side(tokens),
        bool(_EMPTY.first(tokens)),
        bool(_OUTLINE.first(tokens)),
    )


def _use(tokens: list[Token], table: Table, only_long: bool = True) -> None:
    """Marks a table's phrases as read; single words stay where they may be a thing's own ("studio", "stars")."""
    for index, length, _ in table.all(tokens):
        if length > 1 or not only_long:
            if tokens[index + length - 1].low == "moon":
                continue  # it is night, and the moon is to be seen too
            for token in tokens[index : index + length]:
                token.used = token.kind == "word"


def _style(tokens: list[Token]) -> str:
    """The first style that is more than "a photo" or "an illustration"; a style that is asked for by "style" wins."""
    found: list[tuple[int, str]] = []
    for index, length, style in tables.STYLES.all(tokens):
        after = tokens[index + length].low if index + length < len(tokens) else ""
        rank = 0 if after in {"style", "styled"} else 2 if style in _WEAKER else 1
        found.append((rank, style))
        for token in tokens[index : index + length]:
            token.used = True
    return min(found, key=lambda row: row[0])[1] if found else ""


def _camera(tokens: list[Token]) -> Camera:
    shots = [(index, meaning) for index, _, meaning in tables.SHOTS.all(tokens)]
    angles = [meaning for _, _, meaning in tables.ANGLES.all(tokens)]
    blur = bool(tables.BLUR.first(tokens))
    _use(tokens, tables.SHOTS, only_long=False)
    _use(tokens, tables.ANGLES)
    return Camera(shots[0][1] if shots else "medium", angles[0] if angles else "eye", blur)


def _light(tokens: list[Token], spans: list[tuple[int, int]]) -> Light:
    times = [meaning for _, _, meaning in tables.TIMES.all(tokens)]
    strong = [meaning for meaning in times if meaning != "day"]
    tone, level = tables.WARM.first(tokens), tables.LEVELS.first(tokens)
    side = "back" if _BACKLIT.first(tokens) else ""
    for begin, end in spans:
        lit = next((at for at in range(begin, end) if tokens[at].low in _LIT), -1)
        if lit >= 0:
            side = side or _side(tokens, lit, end)
    return Light(
        time=(strong or times or ["day"])[0],
        side=side or "top left",
        soft=bool(tables.SOFT.first(tokens)),
        neon=bool(tables.NEON.first(tokens)),
        warmth=0.5 if tone == "warm" else -0.5 if tone == "cool" else 0.0,
        level=-0.5 if level == "dark" else 0.4 if level == "bright" else 0.0,
    )


def _side(tokens: list[Token], begin: int, end: int) -> str:
    """Where light comes from: after "from" or "through" in a sentence that speaks of light."""
    for index in range(begin, end - 1):
        if tokens[index].low in {"from", "through"}:
            side = tables.SIDES.first(tokens, index + 1, min(end, index + 6))
            if side or "window" in {token.low for token in tokens[index : min(end, index + 5)]}:
                return side or "left"
    return ""


def _weather(tokens: list[Token]) -> str:
    for index, length, meaning in tables.WEATHERS.all(tokens):
        if not any(token.low in words.NEGATIONS for token in tokens[max(0, index - 2) : index]):
            own = tokens[index : index + length]
            if length > 1 and any(token.low == "stars" for token in own) and own[0].low != "shooting":
                for token in own:
                    token.used = True  # the sky's, and no things
            return meaning
    return ""


def _palette(tokens: list[Token], spans: list[tuple[int, int]]) -> tuple[str, ...]:
    """Colours named with "palette", "scheme", "tones"; and words like "pastel" for a whole palette."""
    out: dict[str, None] = {}
    for begin, end in spans:
        for index in range(begin, end):
            if tokens[index].low in _PALETTES and not _of_thing(tokens, index):
                start = next((at for at in range(index - 1, max(begin, index - 8) - 1, -1)
                              if tokens[at].low in {"with", "in", "a", "an", "the", "using", "of"}), index)  # fmt: skip
                stop = next(
                    (at for at in range(index, min(end, index + 16)) if tokens[at].low in {"on", "for", "."}),
                    min(end, index + 16),
                )
                out |= dict.fromkeys(hues.listed(tokens, start, min(stop, index + 16)))
    out |= {meaning: None for _, _, meaning in tables.SHADES.all(tokens)}
    return tuple(out)[:8]


def _of_thing(tokens: list[Token], index: int) -> bool:
    """Whether "colour" is a thing's ("the colour of the car") and not the picture's."""
    return tokens[index].low in {"color", "colour"} and not (
        index + 1 < len(tokens) and tokens[index + 1].low in _PALETTES
    )


def _background(tokens: list[Token], spans: list[tuple[int, int]]) -> str:
    """The ground's colour, or "transparent"."""
    for begin, end in spans:
        for index in range(begin, end):
            low = tokens[index].low
            if low in _GROUNDS:
                found = _before_ground(tokens, begin, index) or _after_ground(tokens, index, end)
            elif low in {"against", "on", "onto"} and index + 1 < end:
                found = _bare_colour(tokens, index + 1, end)
            else:
                continue
            if found:
                return found
    transparent = any(token.low == "transparent" for token in tokens)
    return (
        "transparent" if transparent and any(token.low in {"png", "background", "cutout"} for token in tokens) else ""
    )


def _before_ground(tokens: list[Token], begin: int, index: int) -> str:
    """ "on a plain off-white background"."""
    start = index
    while start > max(begin, index - 7) and tokens[start - 1].low not in words.FUNCTION - {"and"}:
        start -= 1
        if tokens[start].low in words.DETERMINERS:
            break
    if any(token.low == "transparent" for token in tokens[start:index]):
        return "transparent"
    colours = hues.listed(tokens, start, index)
    return colours[-1] if colours else ""


def _after_ground(tokens: list[Token], index: int, end: int) -> str:
    """ "the background must be white", "the background is a vast, empty off-white canvas"."""
    if index + 1 >= end or tokens[index + 1].low not in {
        "is",
        "must",
        "should",
        "of",
        "in",
        ":",
        "to",
        "be",
        "-",
        "color",
        "colour",
        "are",
        "=",
    }:
        return ""
    stop = next(
        (
            at
            for at in range(index + 1, min(end, index + 24))
            if tokens[at].low in {",", "with", "and"} and at > index + 6
        ),
        end,
    )
    if any(token.low == "transparent" for token in tokens[index:stop]):
        return "transparent"
    colours = hues.listed(tokens, index + 1, min(stop, index + 9))
    return colours[0] if colours else ""


def _bare_colour(tokens: list[Token], index: int, end: int) -> str:
    """A colour that no noun follows: "against white", "on solid black"."""
    while index < end and tokens[index].low in {"a", "pure", "solid", "plain", "the", "isolated"}:
        index += 1
    if index >= end:
        return ""
    length, name = hues.at(tokens, index, end)
    after = tokens[index + length] if length and index + length < end else None
    return name if length and (after is None or after.kind == "mark" or after.low in words.FUNCTION) else ""


def _free_side(tokens: list[Token]) -> str:
    """The side that is to stay empty: "negative space on the right"."""
    for index, length, _ in _EMPTY.all(tokens):
        side = tables.SIDE_NAMES.first(tokens, index + length, min(len(tokens), index + length + 8))
        if side:
            return side
    return ""
