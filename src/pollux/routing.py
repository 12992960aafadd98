"""[routes]: which engines each model name leads to, checked at the start, and what others do for them.

A route is a chain of engines, the first one and its fallbacks (`core.fallback` goes along it), each by its name.  Where
specialists or other engines do something for them, a name stands for an engine put together of several: "qwen +
masks=sam2"; routes that say the same share it.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pollux.config import ModelOverride, Route, Settings
from pollux.engines.base import Ability, Engine, ModelCard
from pollux.engines.registry import Limits, Quota
from pollux.errors import ConfigurationError

if TYPE_CHECKING:
    from pollux.engines.specialists.base import Finder, Masker

PLUS = " + "
SPECIALISTS = ("boxes", "masks")
ENGINES: tuple[Ability, ...] = ("image_out", "embeddings")


@dataclass(frozen=True)
class Installed:
    """What routes may name: engines that are there, those made when they are asked for, and specialists."""

    engines: dict[str, Engine]
    found: Mapping[str, Callable[[], Engine]]
    specialist: Callable[[str, str], Finder | Masker]
    """(name, "boxes" or "masks") -> whoever does that."""
    specialists: frozenset[str]


def chains(settings: Settings) -> dict[str, tuple[str, ...]]:
    """Name pattern -> the engines to ask, in their order, as the registry takes them."""
    return {
        pattern: tuple(_name(target, route) for target in (route.engine, *route.fallbacks))
        for pattern, route in settings.routes.items()
    }


def in_flight(settings: Settings, engines: Iterable[str]) -> dict[str, int]:
    """Requests at once, for each engine that has a number of its own; the others share [limits] in_flight."""
    own = {name: getattr(named, "in_flight", 0) for name, named in settings.named.items()}
    own["google"] = settings.engine.google.in_flight
    return {name: own[base_of(name)] for name in engines if own.get(base_of(name))}


def batch_lines(most: int) -> int:
    """Of so many requests at once those that batch lines may be: the rest is for who waits."""
    return min(most, max(2, most // 4))


def limits_of(pattern: str, model: ModelOverride) -> Limits:
    """What the registry is told of [models."PATTERN"]."""

    def quota(most: int | None) -> Quota | None:
        return None if most is None else Quota(pattern, most)

    return Limits(
        model.input_token_limit,
        model.output_token_limit,
        model.methods,
        quota(model.rpm),
        quota(model.tpm),
        quota(model.in_flight),
        model.input_price,
        model.cached_price,
        model.output_price,
        model.picture_price,
        model.batch_discount,
    )


def base_of(name: str) -> str:
    """The engine of "qwen", "qwen:model" and "qwen + masks=sam2"."""
    return name.partition(PLUS)[0].partition(":")[0]


def composed(settings: Settings, installed: Installed) -> dict[str, Engine]:
    """Checks every route, makes the engines it names, and gives those that are put together.

    Raises ConfigurationError naming the route.
    """
    out: dict[str, Engine] = {}
    open_: dict[tuple[str, str], Any] = {}
    for pattern, route in settings.routes.items():
        checks = _Checks(f'{settings.config_file or "--model"}: [routes] "{pattern}"', installed)
        checks.chain(route)
        if not _filled(route):
            continue
        checks.fillers(route)
        for target in (route.engine, *route.fallbacks):
            name = _name(target, route)
            if name not in out:  # what passes requests on does all of it itself
                relays = checks.relays(target)
                out[name] = _target(target, installed)[0] if relays else _compose(target, route, installed, open_)
    return out


def _compose(target: str, route: Route, installed: Installed, open_: dict[tuple[str, str], Any]) -> Engine:
    from pollux.engines.compose import Composed  # noqa: PLC0415 - only where it is wanted

    for key in SPECIALISTS:
        name = getattr(route, key)
        if name and (name, key) not in open_:  # one model, however many routes use it
            open_[name, key] = installed.specialist(name, key)
    boxes: Finder | None = open_.get((route.boxes, "boxes"))
    masks: Masker | None = open_.get((route.masks, "masks"))
    others = {key: _target(getattr(route, key), installed) if getattr(route, key) else None for key in ENGINES}
    engine, card = _target(target, installed)
    return Composed(
        engine, card, boxes=boxes, masks=masks, image_out=others["image_out"], embeddings=others["embeddings"]
    )


def _target(target: str, installed: Installed) -> tuple[Engine, ModelCard]:
    name, _, model = target.partition(":")
    engine = installed.engines[name]
    return engine, next(card for card in engine.cards() if model in ("", card.name))


def _filled(route: Route) -> dict[str, str]:
    return {key: name for key in (*SPECIALISTS, *ENGINES) if (name := getattr(route, key))}


def _name(target: str, route: Route) -> str:
    """What the registry calls the engine of a route."""
    filled = _filled(route)
    if not filled:
        return target
    name, _, model = target.partition(":")
    more = {"model": model, **filled} if model else filled
    return PLUS.join([name, *(f"{key}={value}" for key, value in more.items())]).replace(":", "/")


@dataclass(frozen=True)
class _Checks:
    """Of one route; every method raises ConfigurationError."""

    place: str
    installed: Installed

    def chain(self, route: Route) -> None:
        """The engine and its fallbacks exist, can answer, and are not the same."""
        self.engine(route.engine, "engine")
        for number, target in enumerate(route.fallbacks):
            self.engine(target, "fallbacks")
            if target in (route.engine, *route.fallbacks[:number]):
                raise ConfigurationError(f"{self.place} fallbacks: {target!r} is asked already; name each engine once.")

    def fillers(self, route: Route) -> None:
        """What is to be filled in exists, can do it, and there is an engine that lets it."""
        for key in SPECIALISTS:
            name = getattr(route, key)
            if name and name not in self.installed.specialists:
                known = sorted(self.installed.specialists)
                remedy = _meant(name, known) if known else 'make one with [engine.specialist."NAME"].'
                raise ConfigurationError(f"{self.place} {key}: there is no specialist {name!r}; {remedy}")
        for ability in ENGINES:
            target = getattr(route, ability)
            if not target:
                continue
            self.engine(target, ability)
            if self.relays(target):
                raise ConfigurationError(
                    f"{self.place} {ability}: {target!r} passes whole requests on and cannot do a part of one; "
                    "name another engine, or give it model names of its own."
                )
            if ability not in _target(target, self.installed)[1].abilities:
                raise ConfigurationError(f"{self.place} {ability}: {target!r} has not that ability; name one that has.")
        if self.relays(route.engine):
            keys = ", ".join(_filled(route))
            raise ConfigurationError(
                f"{self.place} {keys}: {route.engine!r} passes whole requests on, so nothing can be filled in; "
                "leave that out."
            )

    def relays(self, target: str) -> bool:
        """Whether it passes requests on."""
        return "relay" in _target(target, self.installed)[1].abilities

    def engine(self, target: str, key: str) -> None:
        """The engine is there, or can be made, and has that model."""
        name, colon, model = target.partition(":")
        here = self.installed
        if name in here.specialists and name not in here.engines:  # the built-in engine is both
            raise ConfigurationError(
                f"{self.place} {key}: {name!r} is a specialist, which cannot answer; name it as boxes or masks."
            )
        if name not in here.engines:
            if name not in here.found:
                known = sorted({*here.engines, *here.found})
                raise ConfigurationError(f"{self.place} {key}: there is no engine {name!r}; {_meant(name, known)}")
            try:
                here.engines[name] = here.found[name]()
            except ConfigurationError:
                raise
            except Exception as error:
                raise ConfigurationError(f"{self.place} {key}: {name!r} cannot be made: {error!r}") from error
        cards = [card.name for card in here.engines[name].cards()]
        if colon and model not in cards:
            raise ConfigurationError(f"{self.place} {key}: {name!r} has no model {model!r}; {_meant(model, cards)}")


def _meant(name: str, known: list[str]) -> str:
    close = difflib.get_close_matches(name, known, 1)
    shown = ", ".join(known[:20]) + (f" and {len(known) - 20} more" if len(known) > 20 else "")
    return f"did you mean {close[0]}?" if close else f"there are {shown}."
