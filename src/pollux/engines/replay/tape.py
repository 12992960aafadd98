"""The folder of recordings: one JSON file a request, readable by its owner alone, put there in one step.

    gemini-2.5-flash.9f2c....json    a recording, named after the model and the digest of its likeness
    engine.google.json               what the engine of that name can do, so that it need not be there for a replay

A recording holds the request's likeness, never a key, header or cookie: engines are not told of those.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import msgspec

from pollux.engines.base import ModelCard
from pollux.engines.replay import likeness
from pollux.errors import ConfigurationError, Internal, NotFound

VERSION = 1
_CARDS = "engine."
_SHOWN = 3
_SAFE = " +=*?[]!,"
"""What names of engines may hold besides letters and digits that no file system minds; a slash is another matter."""


class Tape:
    """Recordings in `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write_cards(self, name: str, cards: Sequence[ModelCard]) -> None:
        """What the engine of that name can do.  Raises ConfigurationError for a folder that cannot be written to."""
        rows = [asdict(card) | {"abilities": sorted(card.abilities)} for card in cards]
        try:
            self._put(f"{_CARDS}{quote(name, safe=_SAFE)}.json", {"pollux_recording": VERSION, "cards": rows})
        except OSError as error:
            raise ConfigurationError(f"--record: {self.folder} cannot be written to: {error.strerror}.") from None

    def cards(self) -> dict[str, tuple[ModelCard, ...]]:
        """What each recorded engine can do.  Raises ConfigurationError where nothing was ever recorded."""
        found = {}
        for path in sorted(self.folder.glob(f"{_CARDS}*.json")):
            name = unquote(path.name.removeprefix(_CARDS).removesuffix(".json"))
            try:
                found[name] = msgspec.convert(_read(path)["cards"], tuple[ModelCard, ...])
            except (OSError, KeyError, ValueError) as error:
                raise ConfigurationError(f"--replay: {path} cannot be read: {error}") from None
        if not found:
            raise ConfigurationError(f"--replay: there are no recordings in {self.folder}; make some with --record.")
        return found

    def put(self, asked: likeness.Json, recording: likeness.Json) -> None:
        """Keeps what was answered.  One that was cut short never takes the place of a whole one."""
        name = _name(asked)
        if not recording["whole"]:
            with suppress(OSError, ValueError):
                if _read(self.folder / name).get("whole"):
                    return
        self._put(name, {"pollux_recording": VERSION, "request": asked, **recording})

    def find(self, asked: likeness.Json) -> likeness.Json:
        """The recording of this request.  Raises NotFound, naming what differs from the nearest one, or Internal."""
        path = self.folder / _name(asked)
        try:
            tree: likeness.Json = _read(path)
        except FileNotFoundError:
            raise NotFound(self._miss(asked)) from None
        except (OSError, ValueError) as error:
            raise Internal(f"The recording {path.name} cannot be read: {error}") from None
        return tree

    def _miss(self, asked: likeness.Json) -> str:
        model, kind = asked["model"], asked["kind"]
        text = f"There is no recording of this {kind} request to models/{model} in {self.folder.name}."
        ranked = sorted(
            ((list(likeness.differences(tree["request"], asked)), name) for name, tree in self._all()),
            key=lambda row: (len(row[0]), row[1]),
        )
        if not ranked:
            return f"{text} Nothing was recorded there at all: record it with --record."
        rows, name = ranked[0]
        shown = "; ".join(f"{path}: recorded {old}, asked {new}" for path, old, new in rows[:_SHOWN])
        more = f"; and {len(rows) - _SHOWN} more" if len(rows) > _SHOWN else ""
        remedy = "Record it with --record (pytest: --pollux-record)."
        return f"{text} The nearest, {name}, differs in {shown}{more}. {remedy}"

    def _all(self) -> Iterator[tuple[str, likeness.Json]]:
        for path in self.folder.glob("*.json"):
            with suppress(OSError, ValueError):
                tree = _read(path)
                if "request" in tree:
                    yield path.name, tree

    def _put(self, name: str, tree: likeness.Json) -> None:
        """Written beside its place and moved there: nobody ever sees half of it, and the last of several wins."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = self.folder / f".{name}.{secrets.token_hex(8)}"
        data = json.dumps(tree, indent=1, ensure_ascii=False).encode("utf-8", "surrogatepass")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
            draft.replace(self.folder / name)
        finally:
            draft.unlink(missing_ok=True)


def _name(asked: likeness.Json) -> str:
    model = re.sub(r"[^A-Za-z0-9._-]", "_", str(asked["model"]))[:80]
    return f"{model}.{likeness.digest(asked)}.json"


def _read(path: Path) -> Any:
    """Raises OSError, ValueError."""
    tree = json.loads(path.read_bytes().decode("utf-8", "surrogatepass"))
    version = tree.get("pollux_recording") if isinstance(tree, dict) else None
    if version != VERSION:
        raise ValueError(f"it is of version {version!r}, and this Pollux reads version {VERSION}: record it again")
    return tree
