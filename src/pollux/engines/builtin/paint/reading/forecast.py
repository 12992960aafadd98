"""A forecast's days for the chart: each with its sky, and with what to wear where the prompt asks for that."""

from __future__ import annotations

from dataclasses import replace

from pollux.engines.builtin.english import capital
from pollux.engines.builtin.paint.plan import Chart, Datum, Step
from pollux.engines.builtin.paint.reading.phrases import Know
from pollux.engines.builtin.paint.reading.tokens import Token, bag

_ICONS = {
    "sunny": ("sun",), "partly cloudy": ("sun behind cloud", "sun behind small cloud", "cloud"), "cloudy": ("cloud",),
    "rain": ("cloud with rain", "umbrella with rain drops"), "storm": ("cloud with lightning and rain", "lightning"),
    "snow": ("cloud with snow", "snowflake"), "fog": ("fog", "cloud"), "wind": ("wind face", "wind", "cloud"),
}  # fmt: skip
_CLOTHES = bag("wear wearing clothes clothing outfit outfits dress")
_WET = frozenset(("rain", "storm"))
_WARM, _MILD, _COOL = 20.0, 14.0, 7.0
"""Degrees Celsius from which a T-shirt, a shirt, a jacket will do; below the last a coat."""
RULE = (
    "What to wear goes by a simple rule: a T-shirt from 20 °C, a shirt from 14 °C, a jacket from 7 °C, a coat "
    "below, and "
    "an umbrella when it rains."
)


def forecast(chart: Chart, tokens: list[Token], know: Know | None) -> tuple[Chart, tuple[Step, ...]]:
    """The chart with bare days as labels, and a step a day: its sky, then what to wear."""
    wished = dressed(tokens)
    data, steps = [], []
    for datum in chart.data:
        day, _, sky = datum.label.partition(", ")
        icon = next((name for name in _ICONS.get(sky, ()) if know is None or know(name)), "")
        wear = _wear(datum, sky) if wished else ()
        data.append(replace(datum, label=day))
        steps.append(Step(day, (capital(sky), *map(capital, wear)) if sky or wear else (), icon))
    return replace(chart, data=tuple(data)), tuple(steps)


def dressed(tokens: list[Token]) -> bool:
    """Whether the prompt asks what to wear."""
    return any(token.low in _CLOTHES for token in tokens)


def _wear(datum: Datum, sky: str) -> tuple[str, ...]:
    warm = (datum.value - 32) / 1.8 if "F" in datum.unit else datum.value
    clothes = "T-shirt" if warm >= _WARM else "shirt" if warm >= _MILD else "jacket" if warm >= _COOL else "coat"
    return (clothes, "umbrella") if sky in _WET else (clothes,)
