"""`pollux doctor`."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import platform
import re
import shutil
import socket
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from urllib.parse import unquote, urlsplit

import typer

from pollux import __version__
from pollux.cli import options, show
from pollux.cli.seam import app, local
from pollux.errors import PolluxError

if TYPE_CHECKING:
    from pollux.config import Settings


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; `ok` is False when something must be done."""

    topic: str
    what: str
    found: str
    ok: bool = True


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> int:
    """Look at this installation: what is set, what is installed, what each engine can do here.

    Nothing is changed. The exit status is 1 when something needs attention.
    """
    findings = list(_look(options.settings(config, data_dir)))
    if as_json:
        show.write_json([asdict(finding) for finding in findings])
    else:
        rows = ((f.topic, f.what, f.found if f.ok else f"PROBLEM: {f.found}") for f in findings)
        show.table(("Topic", "What", "Found"), rows)
    problems = sum(not finding.ok for finding in findings)
    if problems:
        show.remark(f"{problems} of {len(findings)} findings need attention")
    return 1 if problems else 0


def _look(settings: Settings) -> Iterator[Finding]:
    yield Finding("pollux", "version", __version__)
    yield Finding("pollux", "python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield from _configuration(settings)
    yield from _data(settings)
    yield from _keys(settings)
    yield from _stores(settings)
    yield _port(settings)
    yield from _engines(settings)
    yield from _packages()


def _configuration(settings: Settings) -> Iterator[Finding]:
    from pollux.config import describe  # noqa: PLC0415 (not needed for --help)

    yield Finding("configuration", "file", str(settings.config_file or "none"))
    for line in describe(settings):
        if line.origin != "default":
            place = line.origin.partition(": ")[0]
            yield Finding("configuration", line.key, f"{line.value} (from {place})")


def _data(settings: Settings) -> Iterator[Finding]:
    folder = settings.store.data_dir
    nearest = next(place for place in (folder, *folder.absolute().parents) if place.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        yield Finding("store", "data folder", f"{folder} is not writable; choose another with --data-dir", ok=False)
        return
    state = "writable" if nearest == folder else "made at the first start"
    yield Finding("store", "data folder", f"{folder} ({state})")
    free = shutil.disk_usage(nearest).free / 1e9
    yield Finding("store", "free space", f"{free:.1f} GB", ok=free > 0.1)


def _keys(settings: Settings) -> Iterator[Finding]:
    """Keys, without making a database that is not there."""
    url = settings.store.database_url
    if url.startswith("sqlite:///") and not Path(url.removeprefix("sqlite:///")).exists():
        yield Finding("store", "keys", "none yet: any key works, from this machine only")
        return
    try:
        with app().open_keys(settings) as keys:
            found = keys.all()
    except PolluxError as error:
        yield Finding("store", "keys", error.message, ok=False)
        return
    live = sum(key.revoked_at is None for key in found)
    text = (
        f"{live} that work, {len(found) - live} revoked" if found else "none yet: any key works, from this machine only"
    )
    yield Finding("store", "keys", text)


def _stores(settings: Settings) -> Iterator[Finding]:
    """Records and blobs: one small object is put, read and removed; nothing is made that is not there."""
    from pollux.config import mask  # noqa: PLC0415 (not needed for --help)

    database, blobs = settings.store.database_url, settings.store.blobs_url
    yield Finding("store", "database", mask(database))
    folder = Path(unquote(urlsplit(blobs).path)) if blobs.startswith("file:") else None
    made = folder is None or folder.exists()
    if not made or (database.startswith("sqlite:///") and not Path(database.removeprefix("sqlite:///")).exists()):
        yield Finding("store", "blobs", f"{mask(blobs)} (made at the first start)")
        return

    async def check() -> None:
        here = local(settings)
        try:
            await here.check_stores()
        finally:
            await here.close()

    try:
        asyncio.run(check())
    except PolluxError as error:
        yield Finding("store", "blobs", error.message, ok=False)
    else:
        yield Finding("store", "blobs", f"{mask(blobs)} (written, read and removed a test object)")


def _port(settings: Settings) -> Finding:
    host, port = settings.server.host, settings.server.port
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            if _answers(host, port):
                return Finding("server", "address", f"{host} port {port}: a Pollux server is running there")
            text = f"{host} port {port}: {error.strerror}; choose another port, [server] port"
            return Finding("server", "address", text, ok=False)
    return Finding("server", "address", f"{host} port {port} is free" if port else f"{host}, any free port")


def _answers(host: str, port: int) -> bool:
    """Whether a server of ours has the port: it says so to whoever asks for /healthz."""
    connection = http.client.HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/healthz")
        said = json.loads(connection.getresponse().read(100))
    except (OSError, http.client.HTTPException, ValueError):
        return False
    finally:
        connection.close()
    return bool(said == {"status": "ok"})


def _engines(settings: Settings) -> Iterator[Finding]:
    try:
        engines = app().cards(settings)
    except PolluxError as error:
        yield Finding("engines", "all", error.message, ok=False)
        return
    most = app().at_once(settings, list(engines))
    for name, cards in engines.items():
        for card in cards:
            able = ", ".join(sorted(card.abilities)) or "nothing here"
            yield Finding("engines", f"{name}: {card.name}", f"{able}; {most[name]} at once")


def _packages() -> Iterator[Finding]:
    """The declared dependencies, as this Python finds them, then a line for each extra; one that is missing is no
    problem.
    """
    extras: dict[str, dict[str, str]] = {}
    for requirement in metadata.requires("pollux") or []:
        name, marker = _split(requirement)
        extra = re.search(r"extra == ['\"]([\w-]+)['\"]", marker)
        if "win32" in marker and platform.system() == "Windows":
            continue
        version = _version(name)
        if extra:
            extras.setdefault(extra[1], {})[name] = version
        else:
            yield Finding("packages", name, version or f"not installed (pip install {name})", ok=bool(version))
    for extra_name, versions in sorted(extras.items()):
        missing = [name for name, version in versions.items() if not version]
        text = ", ".join(f"{name} {version}" for name, version in versions.items() if version)
        if missing:
            which = f"{', '.join(missing)} not installed" if text else "not installed"
            text = f"{text + '; ' if text else ''}{which} (pip install 'pollux[{extra_name}]')"
        yield Finding("extras", extra_name, text)


def _version(package: str) -> str:
    """The version that is installed; empty where none is."""
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _split(requirement: str) -> tuple[str, str]:
    """A requirement of the packaging metadata -> (name, environment marker)."""
    left, _, marker = requirement.partition(";")
    name = re.match(r"[\w.-]+", left.strip())
    return (name[0] if name else left.strip()), marker
