"""The configuration as people may see it: every key, its value without secrets, and where it was set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from pollux.config.engines import OpenAIServer, kind_of
from pollux.config.fields import SHORT_NAMES, fields, variable
from pollux.config.models import Route
from pollux.config.tree import Settings


class Line(msgspec.Struct, frozen=True):
    """One key: its value as text, its origin ("default", or where it was set), its environment variable, its meaning.

    The variable is empty where there is none (the tables [models] and [routes] are written in the file).
    """

    key: str
    value: str
    origin: str
    variable: str
    text: str


def describe(settings: Settings) -> Iterator[Line]:
    """Every key in the order of the tree; secrets in URLs are masked."""
    short = {key: name for name, key in SHORT_NAMES.items()}
    for key, known in fields().items():
        value: Any = settings
        for name in key.split("."):
            value = getattr(value, name)
        origin = settings.origins.get(key, "default")
        yield Line(
            key, "***" if known.hidden and value else _show(value), origin, short.get(key, variable(key)), known.text
        )
    place = str(settings.config_file or "--model")
    for pattern, override in settings.models.items():
        changes = {name: value for name, value in msgspec.structs.asdict(override).items() if value is not None}
        text = "; ".join(f"{name} {_show(value)}" for name, value in changes.items())
        yield Line(f'models."{pattern}"', text, place, "", "overrides of the model table")
    for pattern, route in settings.routes.items():
        yield Line(f'routes."{pattern}"', _route(route), place, "", "who answers for the models that match")
    for name, options in settings.named.items():
        text = options.model
        if isinstance(options, OpenAIServer):
            text += f" at {', '.join(map(mask, options.address))}"
        yield Line(f'engine.{kind_of(options)}."{name}"', text, place, "", "an engine of this name")


def _route(route: Route) -> str:
    """The engine, then who stands in for it and what others do for it."""
    more = {name: value for name, value in msgspec.structs.asdict(route).items() if value and name != "engine"}
    return "; ".join([route.engine, *(f"{name} {_show(value)}" for name, value in more.items())])


def mask(url: str) -> str:
    """A URL fit to be shown: passwords, and query values whose name speaks of a secret, become ***."""
    url = re.sub(r"(://[^/@\s:]*:)[^/\s]*@", r"\1***@", url)
    return re.sub(r"(?i)([?&][^=&]*(?:pass|secret|token|key|sig)[^=&]*=)[^&]*", r"\1***", url)


def _show(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value) or "(none)"
    if value is None or value == "":
        return "(unset)"
    return str(value).lower() if isinstance(value, bool) else mask(str(value))
