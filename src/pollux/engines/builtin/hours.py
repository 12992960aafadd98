"""Times and days in a text, entry by entry: opening hours, parking times, timetables."""

from __future__ import annotations

import re

from pollux.engines.builtin.scene import Scene

_CLOCK = r"(\d{1,2}(?:[:.h]\d{2})?\s*(?:[ap]\.?m\b\.?)?)"
_SPAN = re.compile(rf"\b{_CLOCK}\s*(?:-|–|—|\bto\b|\buntil\b|\btill\b)\s*{_CLOCK}", re.IGNORECASE)
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*\b", re.IGNORECASE)
_TIME = re.compile(
    r"\b\d{1,2}(?:[:.h]\d{2})?\s*(?:[ap]\.?m\.?)?\s*(?:-|–|to|until)\s*\d{1,2}|\b\d{1,2}[:.]\d{2}\b|\bclosed\b",
    re.IGNORECASE,
)


def entries(scene: Scene) -> list[str]:
    """Lines that name days or times; a line of days and a line of times one after the other are one entry."""
    out: list[str] = []
    open_day = False
    for line in scene.lines:
        day, time = bool(_DAY.search(line.text)), bool(_TIME.search(line.text))
        if time and not day and open_day:
            out[-1] = f"{out[-1]} {line.text}"
        elif day and out and not _DAY.search(out[-1]) and not time:
            out[-1] = f"{out[-1]} {line.text}"
            open_day = False
            continue
        elif day or time:
            out.append(line.text)
        open_day = day and not time
    return out


def on(day: str, found: list[str]) -> list[str]:
    """The entries that hold for a day of the week, ranges ("Mon - Fri") included."""
    return [entry for entry in found if _covers(entry, DAYS.index(day[:3].lower()))]


def ends(entry: str) -> tuple[str, str] | None:
    """When what an entry tells of begins and ends ("8 AM", "6 PM"); None when it names no stretch of time."""
    found = [match for match in _SPAN.finditer(entry) if re.search(r"[:.hm]|\d\s", match[0], re.IGNORECASE)]
    return (found[0][1].strip(), found[-1][2].strip()) if found else None


def _covers(entry: str, wanted: int) -> bool:
    named = [DAYS.index(match.group(1).lower()) for match in _DAY.finditer(entry)]
    if len(named) == 2 and re.search(r"(?:-|–|\bto\b|\bthrough\b)", _between(entry)):
        first, last = named
        return first <= wanted <= last if first <= last else wanted >= first or wanted <= last
    return wanted in named


def _between(entry: str) -> str:
    first, second = list(_DAY.finditer(entry))[:2]
    return entry[first.end() : second.start()]


def day_asked(text: str) -> str:
    """The day of the week that a text names, "" for none."""
    match = _DAY.search(text)
    return (
        match.group().lower()
        if match
        and re.search(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?s?\b", match.group(), re.I)
        else ""
    )
