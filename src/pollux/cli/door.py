"""Who answers a command: a running server, or this process."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, TypeVar

from pollux.cli import options
from pollux.cli.seam import Door, local

T = TypeVar("T")


def with_door(work: Callable[[Door], Awaitable[T]], server: str | None, config: str | None, data_dir: str | None) -> T:
    """Run `work` with the door of `server`, or of this process when there is none, and close it."""

    async def run() -> T:
        door = _open(server, config, data_dir)
        try:
            return await work(door)
        finally:
            await door.close()

    return asyncio.run(run())


def for_each(
    names: Iterable[str],
    verb: Callable[[Door, str], Awaitable[Any]],
    server: str | None,
    config: str | None,
    data_dir: str | None,
) -> None:
    """Run `verb` for one name after the other; the first error ends it."""

    async def work(door: Door) -> None:
        for name in names:
            await verb(door, name)

    with_door(work, server, config, data_dir)


def _open(server: str | None, config: str | None, data_dir: str | None) -> Door:
    if server is None:
        settings = options.settings(config, data_dir)
        return local(settings)
    from pollux.cli.remote import Remote  # noqa: PLC0415 (httpx is not needed otherwise)

    return Remote(server)
