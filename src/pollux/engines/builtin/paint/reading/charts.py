"""Numbers in a prompt as a chart: bars, lines, shares, a timeline, days of weather."""

from __future__ import annotations

from pollux.engines.builtin.paint.plan import Chart, ChartKind, Datum
from pollux.engines.builtin.paint.reading.tokens import Table, Token, bag

MOST = 24
KINDS = Table((
    ("pie", "pie chart|pie|donut chart|doughnut chart|ring chart"),
    ("line", "line chart|line graph|line plot|trend line|area chart|trend"),
    ("timeline", "timeline|time line|chronology"),
    ("weather", "weather chart|weather forecast|forecast|weather map|weather report|weather infographic|weather card"),
    ("bar", "bar chart|bar graph|column chart|histogram|bars|chart|graph|bar plot"),
))  # fmt: skip
_FILLERS = bag(
    "of is are was were at with for the a an to in and had has have it its value values data score scored by = : "
    "- → about from on be as equals shows gets got sold share about"
)
_SPLITS = bag(", ; and | / then while •")
_UNITS = bag(
    "% ° °c °f c f k m km kg g million billion thousand percent degrees usd eur celsius fahrenheit people units "
    "dollars euros points hours minutes days years tons mm cm € $ £"
)  # fmt: skip
_SIGNS = {"percent": "%", "degrees": "°", "celsius": "°C", "fahrenheit": "°F", "c": "°C", "f": "°F", "dollars": "$",
          "euros": "€", "usd": "$", "eur": "€"}  # fmt: skip
_CHARTY = bag("chart graph plot diagram showing shows show comparing infographic histogram create draw make of")
_MONEY = frozenset("$€£")
_NOT_DATA = bag(
    "next last top first past panels panel pictures images steps columns rows px pixels dpi mm k megapixels "
    "degree seconds"
)  # fmt: skip
_SKIES = Table(
    (
        ("sunny", "sunny|sun|clear|clear sky|clear skies|hot"),
        ("partly cloudy", "partly cloudy|partly sunny|some clouds"),
        ("cloudy", "cloudy|clouds|overcast|cloud|grey|gray"),
        ("rain", "rain|rainy|showers|drizzle|raining|light rain|shower"),
        ("storm", "storm|thunderstorm|storms|stormy|thunder|thunderstorms"),
        ("snow", "snow|snowy|snowing|flurries|sleet"),
        ("fog", "fog|foggy|mist|misty"),
        ("wind", "windy|wind|breezy"),
    )
)
DAYS = bag(
    "monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun today tomorrow tues "
    "thur thurs"
)  # fmt: skip


def chart(tokens: list[Token], title: str = "") -> Chart | None:
    """The chart that a prompt's numbers make, at least two of them with labels, or None.

    Only where the words ask for a chart, or where at least two percentages stand.
    """
    kind = KINDS.first(tokens)
    shares = sum(token.low in {"%", "percent"} for token in tokens)
    if not kind and shares < 2:
        return None
    if kind == "weather":
        data = _weather(tokens)
    elif kind == "timeline":
        data = _events(tokens)
    else:
        data = _values(tokens)
    if len(data) < 2:
        return None
    if not kind:
        kind = (
            "pie" if abs(sum(one.value for one in data) - 100) < 2 and all(one.unit == "%" for one in data) else "bar"
        )
    kinds: tuple[ChartKind, ...] = ("bar", "line", "pie", "timeline", "weather")
    return Chart(next(one for one in kinds if one == kind), tuple(data[:MOST]), title)


def parts(tokens: list[Token]) -> list[list[Token]]:
    """The tokens cut at commas, semicolons, "and", line ends and full stops."""
    out: list[list[Token]] = [[]]
    for token in tokens:
        ends = token.kind == "line" or (
            token.kind in {"mark", "word"} and (token.low in _SPLITS or token.low in ".!?(")
        )
        if ends and not token.glued:
            out.append([])
        else:
            out[-1].append(token)
    return [part for part in out if part]


def number(text: str) -> float:
    """A number as written in English: "1,200.5"."""
    digits = text.replace(",", "") if "." in text or len(text.rpartition(",")[2]) == 3 else text.replace(",", ".")
    try:
        return float(digits[:15])
    except ValueError:
        return float("".join(c for c in digits if c.isdecimal() and c.isascii())[:12] or "0")


def _values(tokens: list[Token]) -> list[Datum]:
    """Pairs of label and number: "Jan 10", "10 in January", "cats: 40%"."""
    out: list[Datum] = []
    for part in parts(tokens):
        at = [index for index, token in enumerate(part) if token.kind == "number"]
        if not at or len(out) >= MOST:
            continue
        index = _which(part, at)
        after = part[index + 1].low if index + 1 < len(part) else ""
        if after in _NOT_DATA or (index and part[index - 1].low in _NOT_DATA):
            continue
        unit, size = _unit(part, index)
        colon = max((n for n, token in enumerate(part[:index]) if token.low == ":"), default=-1)
        if colon == index - 1:  # "sales: Jan: 10" and "cats: 40%"
            colon = max((n for n, token in enumerate(part[: index - 1]) if token.low == ":"), default=-1)
        told = max((n for n, token in enumerate(part[:index]) if token.low in _CHARTY), default=-1)
        words = part[max(colon, told) + 1 : index] + part[index + size + 1 :]
        label = _label(words)
        if label:
            out.append(
                Datum(
                    label, (-1 if index and part[index - 1].low in {"-", "−"} else 1) * number(part[index].text), unit
                )
            )
    return out


def _which(part: list[Token], at: list[int]) -> int:
    """The number that is the value: a year before another number is the label."""
    if len(at) > 1 and len(part[at[0]].text) == 4 and part[at[0]].text[:2] in {"19", "20"}:
        return at[1]
    return at[0] if len(at) == 1 or any(token.kind == "word" for token in part[: at[0]]) else at[-1]


def _unit(part: list[Token], index: int) -> tuple[str, int]:
    """What stands behind (or as money before) the number, and how many tokens it takes."""
    if index and part[index - 1].low in _MONEY:
        more = (
            part[index + 1].low
            if index + 1 < len(part) and part[index + 1].low in {"million", "billion", "k", "m"}
            else ""
        )
        return part[index - 1].low + (f" {more}" if more else ""), 1 if more else 0
    if index + 1 >= len(part) or part[index + 1].low not in _UNITS:
        return "", 0
    unit = part[index + 1].low
    if unit == "°" and index + 2 < len(part) and part[index + 2].low in {"c", "f"}:
        return "°" + part[index + 2].low.upper(), 2
    return _SIGNS.get(unit, unit), 1


def _label(words: list[Token]) -> str:
    dropped = _FILLERS | _CHARTY | {"line", "bar", "pie"}
    kept = [token for token in words if token.kind in {"word", "number", "quote"} and token.low not in dropped]
    return " ".join(token.text for token in kept[-4:])[:40]


def _events(tokens: list[Token]) -> list[Datum]:
    """Years and what happened: "1969: Moon landing, 1989: Web"."""
    out: list[Datum] = []
    for part in parts(tokens):
        at = next((n for n, token in enumerate(part) if token.kind == "number" and 3 <= len(token.text) <= 4), -1)
        if at < 0 or len(out) >= MOST:
            continue
        rest = [
            token
            for token in part[at + 1 :]
            if token.low not in _FILLERS - {"a", "an", "the", "of", "on", "in", "for", "by"}
            and token.kind in {"word", "number", "quote"}
        ]
        while rest and rest[0].low in {"of", "the", "in", "a"}:
            rest = rest[1:]
        before = [token for token in part[:at] if token.low not in _FILLERS and token.kind == "word"]
        label = " ".join(token.text for token in (rest or before)[:9])
        if label:
            out.append(Datum(label, number(part[at].text)))
    return out


def _weather(tokens: list[Token]) -> list[Datum]:
    """Days with sky and temperature: the label is "Mon, sunny", the value in degrees."""
    out: list[Datum] = []
    day, sky, value, unit = "", "", 0.0, ""
    known = False
    for index, token in [*enumerate(tokens), (len(tokens), None)]:
        named = (
            token is None
            or token.low in DAYS
            or (token.low == "day" and index + 1 < len(tokens) and tokens[index + 1].kind == "number")
        )
        if named:
            if day and (sky or known):
                out.append(Datum(f"{day}, {sky}" if sky else day, value, unit))
            day, sky, value, unit, known = token.text.capitalize() if token else "", "", 0.0, "", False
            if token and token.low == "day":
                day = f"Day {tokens[index + 1].text}"
        elif day and token and token.kind == "number" and not known and not day.endswith(f" {token.text}"):
            unit = _unit(tokens, index)[0] or "°"
            value, known = (
                (-1 if tokens[index - 1].low in {"-", "−"} and tokens[index - 2].kind != "number" else 1)
                * number(token.text),
                True,
            )
        elif day and token and not sky:
            found = _SKIES.at(tokens, index)
            sky = found[1] if found else ""
    return out
