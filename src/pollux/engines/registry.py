"""From a model's name to whoever answers for it."""

from __future__ import annotations

import fnmatch
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Limits:
    """What configuration says of the models of one name pattern; None leaves the family's figure."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    methods: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Served:
    """One model as this server serves it."""

    name: str
    family: Family
    engine: Engine
    card: ModelCard
    input_tokens: int
    output_tokens: int
    allowed: tuple[str, ...] | None = None

    @property
    def methods(self) -> tuple[str, ...]:
        """Methods that work today: of the family, built, configured, and within the engine's abilities."""
        configured = self.family.methods if self.allowed is None else self.allowed
        return tuple(m for m in self.family.methods if self._missing(m) is None and m in configured and self._able(m))

    @property
    def relays(self) -> bool:
        """Whether another server of this API answers; core then leaves requests and answers as they are."""
        return "relay" in self.card.abilities

    def require(self, method: str) -> None:
        """Raises Unimplemented naming the feature, or NotFound, when the method does not work."""
        missing = self._missing(method)
        if missing is not None:
            raise Unimplemented(f"{missing} is not built yet: models/{self.name} cannot answer {method}.")
        if method not in self.methods:
            raise NotFound(
                f"models/{self.name} is not supported for {method}. Call models.list to see the models and "
                "their supportedGenerationMethods."
            )

    def _missing(self, method: str) -> str | None:
        """What is not built here may well be built where a relay passes it on to."""
        return None if self.relays else self.family.missing(method)

    def _able(self, method: str) -> bool:
        if self.relays and method in (PREDICT, PREDICT_LONG):  # these become prompts and frames, which no relay takes
            return False
        need = _NEEDS.get(method)
        return need is None or need in self.card.abilities


class Registry:
    """Names, families, routes and engines.  Routes map a name pattern ("gemini-*") to "engine" or "engine:card"."""

    def __init__(
        self,
        families: Sequence[Family],
        engines: Mapping[str, Engine],
        routes: Mapping[str, str],
        limits: Mapping[str, Limits] | None = None,
        default: str = "builtin",
    ) -> None:
        self._families = tuple(families)
        self._engines = dict(engines)
        rows = [*routes.items(), ("*", default)]
        self._routes = tuple((pattern, *self._target(target)) for pattern, target in rows)
        self._limits = dict(limits or {})
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
        known = [name for family in self._families for name in family.listed]
        own = [pattern for pattern, *_ in self._routes if not _WILD & set(pattern) and pattern not in known]
        served = (self.resolve(name) for name in [*known, *own])
        return tuple(sorted((m for m in served if m.methods), key=lambda m: GENERATE not in m.methods))

    @property
    def engines(self) -> Mapping[str, Engine]:
        """Every engine by its name."""
        return self._engines

    def _resolve(self, name: str) -> Served:
        family = find_family(self._families, name)
        # Names come from callers, and matching may take the square of their length.
        rows = enumerate(self._routes if len(name) <= LONGEST_NAME else self._routes[:0])
        found = ((at, e, c) for at, (pattern, e, c) in rows if fnmatch.fnmatchcase(name, pattern))
        place, engine, card = next(found, (-1, *self._routes[-1][1:]))
        # A name that is none of Google's is a model's where a route says so; the last route, the default, does not.
        if family is None and name and 0 <= place < len(self._routes) - 1:
            able = card.abilities
            family = open_family(thinks="think" in able, image_out="image_out" in able, embeds="embeddings" in able)
        if family is None:
            raise NotFound(f"models/{name} is not found. Call models.list to see the models of this server.")
        limits = Limits()
        for pattern, override in self._limits.items():
            if fnmatch.fnmatchcase(name, pattern):
                limits = replace(
                    limits,
                    input_tokens=limits.input_tokens or override.input_tokens,
                    output_tokens=limits.output_tokens or override.output_tokens,
                    methods=limits.methods if limits.methods is not None else override.methods,
                )
        return Served(
            name,
            family,
            engine,
            card,
            limits.input_tokens or min(family.input_tokens, card.input_tokens),
            limits.output_tokens or min(family.output_tokens, card.output_tokens),
            limits.methods,
        )

    def _target(self, target: str) -> tuple[Engine, ModelCard]:
        engine_name, _, card_name = target.partition(":")
        engine = self._engines.get(engine_name)
        if engine is None:
            known = ", ".join(sorted(self._engines))
            raise ConfigurationError(f"[routes]: there is no engine '{engine_name}'; the engines are {known}.")
        for card in engine.cards():
            if card_name in ("", card.name):
                return engine, card
        raise ConfigurationError(f"[routes]: engine '{engine_name}' has no model '{card_name}'.")
