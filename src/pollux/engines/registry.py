"""From a model's name to whoever answers for it."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import NamedTuple, TypeVar

from pollux.engines.base import Engine, ModelCard
from pollux.engines.families import LONGEST_NAME, Family, find_family, open_family
from pollux.errors import ConfigurationError, NotFound, Unimplemented
from pollux.wire.methods import (
    ASYNC_EMBED,
    BATCH_EMBED,
    BATCH_GENERATE,
    COUNT,
    EMBED,
    GENERATE,
    PREDICT,
    PREDICT_LONG,
    STREAM,
)

_WILD = frozenset("*?[")
_TEXT, _EMBEDDINGS = (GENERATE, STREAM, BATCH_GENERATE), (EMBED, BATCH_EMBED, ASYNC_EMBED)
_NEEDS = {
    COUNT: None,
    PREDICT: "image_out",
    PREDICT_LONG: "video_out",
    **dict.fromkeys(_TEXT, "text"),
    **dict.fromkeys(_EMBEDDINGS, "embeddings"),
}


T = TypeVar("T")


class Quota(NamedTuple):
    """A limit that all models share whose names match `pattern`: names come from callers, who could make up more."""

    pattern: str
    most: int


@dataclass(frozen=True, slots=True)
class Limits:
    """What configuration says of the models of one name pattern; None leaves the family's figure, or no limit.

    `rpm` and `tpm` are requests and tokens a minute of each project, `in_flight` requests at once of all.  Prices are
    of a million tokens, and of a picture.
    """

    input_tokens: int | None = None
    output_tokens: int | None = None
    methods: tuple[str, ...] | None = None
    rpm: Quota | None = None
    tpm: Quota | None = None
    in_flight: Quota | None = None
    input_price: float | None = None
    cached_price: float | None = None
    output_price: float | None = None
    picture_price: float | None = None
    batch_discount: float | None = None

    def over(self, other: Limits) -> Limits:
        """These, and where they say nothing the others."""
        own = {one.name: getattr(self, one.name) for one in fields(self)}
        return Limits(**{name: getattr(other, name) if value is None else value for name, value in own.items()})


_NOT_RELAYED = (PREDICT, PREDICT_LONG)


@dataclass(frozen=True, slots=True)
class Served:
    """One model as this server serves it."""

    name: str
    family: Family
    engine: Engine
    card: ModelCard
    input_tokens: int
    output_tokens: int
    limits: Limits = field(default_factory=Limits)
    engine_name: str = ""
    fallbacks: tuple[Served, ...] = ()

    @property
    def methods(self) -> tuple[str, ...]:
        """Methods that work today: of the family, built, configured, and within the engine's abilities."""
        return tuple(method for method in self.family.methods if self.serves(method))

    def serves(self, method: str) -> bool:
        """Whether the method is among `methods`."""
        configured = self.limits.methods
        known = method in self.family.methods and (configured is None or method in configured)
        return known and self._missing(method) is None and self._able(method)

    @property
    def relays(self) -> bool:
        """Whether another server of this API answers; core then leaves requests and answers as they are."""
        return "relay" in self.card.abilities

    @property
    def paints_with_words(self) -> bool:
        """Whether its family makes pictures and its engine none: it answers only those who ask for words alone."""
        return self.family.image_out and not {"image_out", "relay"} & self.card.abilities

    def require(self, method: str) -> None:
        """Raises Unimplemented naming the feature, or NotFound, when the method does not work."""
        missing = self._missing(method)
        if missing is not None:
            raise Unimplemented(f"{missing} is not built yet: models/{self.name} cannot answer {method}.")
        if self.relays and method in _NOT_RELAYED:
            what = "Imagen's predict" if method == PREDICT else "Veo's predictLongRunning"
            raise Unimplemented(f"{what} is not passed on: models/{self.name} answers on another server.")
        if not self.serves(method):
            raise NotFound(
                f"models/{self.name} is not supported for {method}. Call models.list to see the models and "
                "their supportedGenerationMethods."
            )

    def _missing(self, method: str) -> str | None:
        """What is not built here may well be built where a relay passes it on to."""
        return None if self.relays else self.family.missing(method)

    def _able(self, method: str) -> bool:
        if self.relays and method in _NOT_RELAYED:  # these become prompts and frames, which no relay takes
            return False
        need = _NEEDS.get(method)
        if need == "text" and self.family.image_out and "image_out" in self.card.abilities:  # they answer in pictures
            return True
        return need is None or need in self.card.abilities


class _Patterns(NamedTuple):
    """Name patterns in their order: exact ones by name, the others as (place, regular expression)."""

    exact: Mapping[str, int]
    wild: tuple[tuple[int, re.Pattern[str]], ...]

    @classmethod
    def of(cls, patterns: Iterable[str]) -> _Patterns:
        exact: dict[str, int] = {}
        wild = []
        for place, pattern in enumerate(patterns):
            if _WILD & set(pattern):
                wild.append((place, re.compile(fnmatch.translate(pattern))))
            else:
                exact[pattern] = place
        return cls(exact, tuple(wild))

    def places(self, name: str) -> Iterator[int]:
        """Where the patterns stand that match, in their order.

        Names come from callers, and matching may take the square of their length.
        """
        if len(name) > LONGEST_NAME:
            return
        exact = self.exact.get(name)
        for place, pattern in self.wild:
            if exact is not None and exact < place:
                yield exact
                exact = None
            if pattern.match(name):
                yield place
        if exact is not None:
            yield exact


class _Target(NamedTuple):
    name: str
    engine: Engine
    card: ModelCard


class Registry:
    """Names, families, routes and engines.

    Routes map a name pattern ("gemini-*") to "engine" or "engine:card", or to several of them: the first, and those to
    ask when it fails.
    """

    def __init__(
        self,
        families: Sequence[Family],
        engines: Mapping[str, Engine],
        routes: Mapping[str, str | Sequence[str]],
        limits: Mapping[str, Limits] | None = None,
        default: str = "builtin",
    ) -> None:
        self._families = tuple(families)
        self._engines = dict(engines)
        rows: list[tuple[str, str | Sequence[str]]] = [*routes.items(), ("*", default)]
        self._routes = tuple((pattern, self._chain(targets)) for pattern, targets in rows)
        self._routed = _Patterns.of(pattern for pattern, _ in rows)
        self._limits = tuple((limits or {}).values())
        self._limited = _Patterns.of(limits or {})
        self._cache: dict[str, Served] = {}

    def resolve(self, name: str) -> Served:
        """The model of this name ("gemini-2.5-flash", without "models/").  Raises NotFound."""
        served = self._cache.get(name)
        if served is None:
            served = self._resolve(name)
            if len(self._cache) < 1024:  # names come from callers: the cache must not grow with them
                self._cache[name] = served
        return served

    def listed(self) -> tuple[Served, ...]:
        """The concrete models that work today, those that generate first."""
        known = {name: None for family in self._families for name in family.listed}
        own = [pattern for pattern in self._routed.exact if pattern not in known]
        served = (self.resolve(name) for name in [*known, *own])
        found = (m for m in served if set(m.methods) - {COUNT} and not m.paints_with_words)  # counting alone is no use
        return tuple(sorted(found, key=lambda m: GENERATE not in m.methods))

    @property
    def engines(self) -> Mapping[str, Engine]:
        """Every engine by its name."""
        return self._engines

    def _resolve(self, name: str) -> Served:
        family = find_family(self._families, name)
        place = next(self._routed.places(name), len(self._routes) - 1)
        chain = self._routes[place][1]
        # A name that is none of Google's is a model's where a route says so; the last route, the default, does not.
        if family is None and name and place < len(self._routes) - 1:
            family = open_family(chain[0].card.abilities)
        if family is None:
            raise NotFound(f"models/{name} is not found. Call models.list to see the models of this server.")
        limits = Limits()
        for at in self._limited.places(name):
            limits = limits.over(self._limits[at])
        first, *others = (_served(name, family, target, limits) for target in chain)
        return replace(first, fallbacks=tuple(others))

    def _chain(self, targets: str | Sequence[str]) -> tuple[_Target, ...]:
        return tuple(self._target(one) for one in ((targets,) if isinstance(targets, str) else targets))

    def _target(self, target: str) -> _Target:
        engine_name, _, card_name = target.partition(":")
        engine = self._engines.get(engine_name)
        if engine is None:
            known = ", ".join(sorted(self._engines))
            raise ConfigurationError(f"[routes]: there is no engine '{engine_name}'; the engines are {known}.")
        for card in engine.cards():
            if card_name in ("", card.name):
                return _Target(engine_name, engine, card)
        raise ConfigurationError(f"[routes]: engine '{engine_name}' has no model '{card_name}'.")


def _served(name: str, family: Family, target: _Target, limits: Limits) -> Served:
    return Served(
        name,
        family,
        target.engine,
        target.card,
        limits.input_tokens or min(family.input_tokens, target.card.input_tokens),
        limits.output_tokens or min(family.output_tokens, target.card.output_tokens),
        limits,
        target.name,
    )
