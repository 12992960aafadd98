"""The sections of the configuration and what each key means: one frozen value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Literal

import platformdirs
from msgspec import Meta, Struct, field

from pollux.config.engines import REMOTE, Named
from pollux.config.models import ModelOverride, Route
from pollux.config.words import Count, Rate, meta

MIB = 1 << 20


def usable_cpus() -> int:
    """How many processors this process may run on (at least 1)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


_HostName = Annotated[
    str,
    Meta(
        pattern=r"^([A-Za-z0-9_.-]+|[0-9A-Fa-f.]*:[0-9A-Fa-f.]*:[0-9A-Fa-f:.]*(%\w+)?)$",  # a name, IPv4, or IPv6
        extra={"expected": "a host name or address without scheme, port, brackets"},
    ),
]
_Origin = Annotated[
    str,
    Meta(pattern=r"^[a-z][a-z0-9+.-]*://[^/\s*?#]+$", extra={"expected": 'an origin such as "https://app.example"'}),
]
_URL = {"expected": "a text", "secret": True}  # it may carry a password


class Server(Struct, frozen=True, kw_only=True):
    """[server]: the door."""

    host: Annotated[_HostName, meta("address to listen on")] = "127.0.0.1"
    port: Annotated[int, meta("TCP port; 0 takes any free one", ge=0, le=65535)] = 8000
    allowed_hosts: Annotated[
        tuple[_HostName, ...],
        meta("Host names accepted besides localhost, loopback and the bind address"),
    ] = ()
    cors_origins: Annotated[tuple[_Origin, ...], meta("web origins allowed besides those of localhost")] = ()
    trusted_proxies: Annotated[
        tuple[str, ...],
        meta(
            "CIDR networks whose X-Forwarded-* headers are believed",
            extra={"expected": "a list of networks such as 10.0.0.0/8", "networks": True},
        ),
    ] = ()
    public_url: Annotated[
        str,
        Meta(
            pattern=r"^(https?://[^/\s?#@]+(/[A-Za-z0-9._~-]+)*/?)?$",
            description="address that callers know this server by, with any path prefix; empty: as each request says",
            extra={"expected": 'an address such as "https://gemini.example/prefix"'},
        ),
    ] = ""
    log_level: Annotated[Literal["debug", "info", "warning", "error"], meta("what is logged")] = "info"
    deadline_seconds: Annotated[float, meta("longest time one request may take", gt=0, le=86400)] = 600.0
    drain_seconds: Annotated[
        float,
        meta("time after SIGTERM in which requests are still taken, but /readyz says 503", ge=0, le=3600),
    ] = 0.0
    shutdown_seconds: Annotated[float, meta("time for requests in flight to finish at a stop", ge=0, le=3600)] = 30.0

    def proxy_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """`trusted_proxies` as networks (parsed anew at each call)."""
        return tuple(ip_network(text, strict=False) for text in self.trusted_proxies)


class Store(Struct, frozen=True, kw_only=True):
    """[store]: where things rest."""

    data_dir: Annotated[Path, meta("folder of everything Pollux keeps")] = field(
        default_factory=lambda: platformdirs.user_data_path("pollux", appauthor=False)
    )
    database: Annotated[str, meta("database URL; empty: SQLite in the data folder", extra=_URL)] = ""
    blobs: Annotated[str, meta("URL of the blob store; empty: a folder in the data folder", extra=_URL)] = ""
    sync: Annotated[bool, meta("uploaded bytes wait for the disk; false: faster, and a power cut may lose them")] = True

    @property
    def database_url(self) -> str:
        """`database`, or the SQLite file in the data folder."""
        return self.database or f"sqlite:///{self.data_dir / 'pollux.db'}"

    @property
    def blobs_url(self) -> str:
        """`blobs`, or the folder in the data folder."""
        return self.blobs or (self.data_dir / "blobs").absolute().as_uri()


class Limits(Struct, frozen=True, kw_only=True):
    """[limits]: how much is let in; the second default is the one documented for the Gemini API.

    The documented 20 MB for a request would not let a chat of 4K pictures go on, which sends them all back.
    """

    request_bytes: Annotated[int, meta("largest request body, in bytes", ge=1024)] = 64 * MIB
    images_per_request: Annotated[Count, meta("most pictures in one request")] = 3600
    max_pixels: Annotated[Count, meta("most pixels in one picture (decompression bombs)")] = 100_000_000
    max_side: Annotated[Count, meta("longest side of a picture, in pixels")] = 65_535
    in_flight: Annotated[
        Count, meta("requests at once to an engine that computes on this CPU; default: the processors, at least 2")
    ] = field(default_factory=lambda: max(2, usable_cpus()))
    queue: Annotated[int, meta("requests that wait for their turn at one engine; beyond it 429", ge=0)] = 64
    rpm: Annotated[Rate, meta("requests a minute for a key without its own limit; unset: any number")] = None
    tpm: Annotated[Rate, meta("tokens a minute for a key without its own limit; unset: any number")] = None


class Files(Struct, frozen=True, kw_only=True):
    """[files]: the Files API; the first three defaults are those documented for the Gemini API."""

    max_bytes: Annotated[int, meta("largest file, in bytes", ge=1)] = 2 << 30
    project_bytes: Annotated[int, meta("all files of a project together, in bytes", ge=1)] = 20 << 30
    hours: Annotated[float, meta("life of a file", gt=0, le=876_000)] = 48.0
    upload_hours: Annotated[float, meta("silence after which an unfinished upload is forgotten", gt=0, le=8760)] = 48.0
    uploads: Annotated[Count, meta("most unfinished uploads of a project; beyond it 429")] = 1000
    idle_seconds: Annotated[float, meta("silence after which an upload's request is closed", gt=0, le=3600)] = 120.0
    allow_download: Annotated[bool, meta("let uploaded files be downloaded too, not only generated ones")] = False


class Fetch(Struct, frozen=True, kw_only=True):
    """[fetch]: pictures given as http(s) URLs."""

    allow_private: Annotated[bool, meta("fetch from private, loopback and link-local addresses too")] = False
    max_bytes: Annotated[int, meta("largest answer, in bytes", ge=1024)] = 20 * MIB
    seconds: Annotated[float, meta("longest time for one fetch", gt=0, le=3600)] = 20.0
    redirects: Annotated[int, meta("most redirects followed", ge=0, le=20)] = 5


class Batch(Struct, frozen=True, kw_only=True):
    """[batch]: batch jobs; the first default is the one documented for the Gemini API."""

    hours: Annotated[float, meta("longest time a job may be pending or running", gt=0, le=876_000)] = 48.0
    pending_seconds: Annotated[
        float,
        meta("time before a job is begun: it can be cancelled unspent, and clients see it pending", ge=0, le=86400),
    ] = 2.0
    jobs: Annotated[Count, meta("most jobs of a project that have not ended; beyond it 429")] = 100
    inline_bytes: Annotated[int, meta("largest results of an inline job, in bytes", ge=1024)] = 20 * MIB
    dispatcher: Annotated[
        str,
        Meta(
            pattern=r"^(local|none|ray|ray://[^/\s]+)$",
            description="who runs the jobs: local (this process), ray (a cluster on this machine), ray://HOST:PORT; "
            "none: another process does",
            extra={"expected": "local, none, ray or ray://HOST:PORT"},
        ),
    ] = "local"
    lines: Annotated[
        Rate,
        meta(
            "requests of all jobs at the same time at one engine; unset: the processors, at least 2, and a quarter of "
            "the in_flight of engines that compute elsewhere"
        ),
    ] = None
    actors: Annotated[Count, meta("processes on each machine of a cluster; each holds the engines, and `lines`")] = 1
    job_lines: Annotated[Rate, meta("requests of one job at the same time; unset: all that run at once")] = None
    project_lines: Annotated[Rate, meta("requests of one project at the same time; unset: all")] = None
    line_bytes: Annotated[int, meta("longest line of an input file, in bytes", ge=1024)] = 20 * MIB
    line_seconds: Annotated[float, meta("longest time one request of a job may take", gt=0, le=86400)] = 600.0


class Search(Struct, frozen=True, kw_only=True):
    """[search]: what stands behind google_search."""

    source: Annotated[
        str, meta("none, folder:PATH of documents, or searxng:URL of a SearXNG server", min_length=1, extra=_URL)
    ] = "none"


class Provenance(Struct, frozen=True, kw_only=True):
    """[provenance]: what made and edited pictures carry."""

    watermark: Annotated[bool, meta("an invisible watermark in the pixels")] = True
    manifest: Annotated[bool, meta("a signed C2PA manifest, and metadata of IPTC and EXIF")] = True
    identity: Annotated[
        Path | None, meta("PEM file with a P-256 key and its certificates; unset: those of this installation")
    ] = None


class Builtin(Struct, frozen=True, kw_only=True):
    """[engine.builtin]: the built-in engine."""

    threads: Annotated[int, meta("threads of one inference", ge=1, le=256)] = 2
    cache: Annotated[int, meta("pictures whose scene is remembered", ge=0)] = 256


class Google(Struct, frozen=True, kw_only=True):
    """[engine.google]: Google's own models, through its API; its variables GOOGLE_* and GEMINI_* are never read."""

    key: Annotated[str, meta("key of the Gemini API", extra={"expected": "a text", "secret": True, "hidden": True})] = (
        ""
    )
    address: Annotated[
        str,
        Meta(
            pattern=r"^https?://[^/\s?#@]+(/[^\s?#]*)?$",
            description="where Google's API is, without version",
            extra={"expected": 'an address such as "https://generativelanguage.googleapis.com"'},
        ),
    ] = "https://generativelanguage.googleapis.com"

    in_flight: Annotated[Count, meta("requests at the same time")] = REMOTE

    def __repr__(self) -> str:
        return f"Google({self.address!r})"  # never the key


class Replay(Struct, frozen=True, kw_only=True):
    """[engine.replay]: answers kept and played again, whatever engine gave them."""

    record: Annotated[Path | None, meta("folder where every answer is kept (--record)")] = None
    replay: Annotated[Path | None, meta("folder of kept answers, in place of all engines (--replay)")] = None
    timing: Annotated[bool, meta("kept answers come at the pace they were given at")] = False


class Engines(Struct, frozen=True, kw_only=True):
    """[engine.*]: one section an engine."""

    builtin: Builtin = Builtin()
    google: Google = Google()
    replay: Replay = Replay()


class Faults(Struct, frozen=True, kw_only=True):
    """[faults]: what a server started with --faults does wrong of itself; without that flag it means nothing."""

    rates: Annotated[
        tuple[
            Annotated[str, Meta(pattern=r"^(429|503|slow:\d+(\.\d+)?|cut|malformed|hang|drop)=(0?\.\d+|[01](\.0+)?)$")],
            ...,
        ],
        meta(
            "how often a request to a model fails, and how",
            extra={
                "expected": 'a list such as "429=0.1", "slow:2=0.05": 429, 503, slow:SECONDS, cut, malformed, '
                "hang or drop, and a part of all requests from 0 to 1"
            },
        ),
    ] = ()
    seed: Annotated[int | None, meta("makes the draw of faults the same in every run; unset: it differs")] = None


class Settings(Struct, frozen=True, kw_only=True):
    """The whole configuration, immutable.  `models` and `routes` keep the order of the file: the first match wins.

    `named` are the sections [engine.KIND."NAME"], by name; --model adds to them and to `routes`.
    """

    server: Server = Server()
    store: Store = field(default_factory=Store)
    limits: Limits = field(default_factory=Limits)
    files: Files = Files()
    fetch: Fetch = Fetch()
    batch: Batch = Batch()
    search: Search = Search()
    provenance: Provenance = Provenance()
    faults: Faults = Faults()
    engine: Engines = Engines()
    models: Mapping[str, ModelOverride] = MappingProxyType({})
    routes: Mapping[str, Route] = MappingProxyType({})
    named: Mapping[str, Named] = MappingProxyType({})
    config_file: Path | None = None
    origins: Mapping[str, str] = MappingProxyType({})  # dotted key -> where it was set, for those that were
