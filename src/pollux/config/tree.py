"""The sections of the configuration and what each key means: one frozen value."""

from __future__ import annotations

import os
from collections.abc import Mapping
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

import platformdirs
from msgspec import Meta, Struct, field

MIB = 1 << 20


def usable_cpus() -> int:
    """How many processors this process may run on (at least 1)."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _meta(text: str, *, extra: dict[str, Any] | None = None, **limits: Any) -> Meta:
    """What a key means.  `extra`: "expected" (what it may be, in words), "secret" (kept out of messages),
    "hidden" (never shown), "networks" (CIDRs).
    """
    return Meta(description=text, extra=extra, **limits)


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
_Count = Annotated[int, Meta(ge=1)]
_Rate = Annotated[int, Meta(ge=1)] | None


class Server(Struct, frozen=True, kw_only=True):
    """[server]: the door."""

    host: Annotated[_HostName, _meta("address to listen on")] = "127.0.0.1"
    port: Annotated[int, _meta("TCP port; 0 takes any free one", ge=0, le=65535)] = 8000
    allowed_hosts: Annotated[
        tuple[_HostName, ...],
        _meta("Host names accepted besides localhost, loopback and the bind address"),
    ] = ()
    cors_origins: Annotated[tuple[_Origin, ...], _meta("web origins allowed besides those of localhost")] = ()
    trusted_proxies: Annotated[
        tuple[str, ...],
        _meta(
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
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _meta("what is logged")] = "info"
    deadline_seconds: Annotated[float, _meta("longest time one request may take", gt=0, le=86400)] = 600.0
    shutdown_seconds: Annotated[float, _meta("time for requests in flight to finish at a stop", ge=0, le=3600)] = 30.0

    def proxy_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """`trusted_proxies` as networks (parsed anew at each call)."""
        return tuple(ip_network(text, strict=False) for text in self.trusted_proxies)


class Store(Struct, frozen=True, kw_only=True):
    """[store]: where things rest."""

    data_dir: Annotated[Path, _meta("folder of everything Pollux keeps")] = field(
        default_factory=lambda: platformdirs.user_data_path("pollux", appauthor=False)
    )
    database: Annotated[str, _meta("database URL; empty: SQLite in the data folder", extra=_URL)] = ""
    blobs: Annotated[str, _meta("URL of the blob store; empty: a folder in the data folder", extra=_URL)] = ""
    sync: Annotated[bool, _meta("uploaded bytes wait for the disk; false: faster, and a power cut may lose them")] = (
        True
    )

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

    request_bytes: Annotated[int, _meta("largest request body, in bytes", ge=1024)] = 64 * MIB
    images_per_request: Annotated[_Count, _meta("most pictures in one request")] = 3600
    max_pixels: Annotated[_Count, _meta("most pixels in one picture (decompression bombs)")] = 100_000_000
    max_side: Annotated[_Count, _meta("longest side of a picture, in pixels")] = 65_535
    in_flight: Annotated[_Count, _meta("generations at the same time; default: the processors, at least 2")] = field(
        default_factory=lambda: max(2, usable_cpus())
    )
    queue: Annotated[int, _meta("generations waiting for their turn; beyond it 429", ge=0)] = 64
    rpm: Annotated[_Rate, _meta("requests a minute for a key without its own limit; unset: any number")] = None
    tpm: Annotated[_Rate, _meta("tokens a minute for a key without its own limit; unset: any number")] = None


class Files(Struct, frozen=True, kw_only=True):
    """[files]: the Files API; the first three defaults are those documented for the Gemini API."""

    max_bytes: Annotated[int, _meta("largest file, in bytes", ge=1)] = 2 << 30
    project_bytes: Annotated[int, _meta("all files of a project together, in bytes", ge=1)] = 20 << 30
    hours: Annotated[float, _meta("life of a file", gt=0, le=876_000)] = 48.0
    upload_hours: Annotated[float, _meta("silence after which an unfinished upload is forgotten", gt=0, le=8760)] = 48.0
    uploads: Annotated[_Count, _meta("most unfinished uploads of a project; beyond it 429")] = 1000
    idle_seconds: Annotated[float, _meta("silence after which an upload's request is closed", gt=0, le=3600)] = 120.0
    allow_download: Annotated[bool, _meta("let uploaded files be downloaded too, not only generated ones")] = False


class Fetch(Struct, frozen=True, kw_only=True):
    """[fetch]: pictures given as http(s) URLs."""

    allow_private: Annotated[bool, _meta("fetch from private, loopback and link-local addresses too")] = False
    max_bytes: Annotated[int, _meta("largest answer, in bytes", ge=1024)] = 20 * MIB
    seconds: Annotated[float, _meta("longest time for one fetch", gt=0, le=3600)] = 20.0
    redirects: Annotated[int, _meta("most redirects followed", ge=0, le=20)] = 5


class Batch(Struct, frozen=True, kw_only=True):
    """[batch]: batch jobs; the first default is the one documented for the Gemini API."""

    hours: Annotated[float, _meta("longest time a job may be pending or running", gt=0, le=876_000)] = 48.0
    pending_seconds: Annotated[
        float,
        _meta("time before a job is begun: it can be cancelled unspent, and clients see it pending", ge=0, le=86400),
    ] = 2.0
    jobs: Annotated[_Count, _meta("most jobs of a project that have not ended; beyond it 429")] = 100
    inline_bytes: Annotated[int, _meta("largest results of an inline job, in bytes", ge=1024)] = 20 * MIB
    dispatcher: Annotated[
        str,
        Meta(
            pattern=r"^(local|none|ray|ray://[^/\s]+)$",
            description="who runs the jobs: local (this process), ray (a cluster on this machine), ray://HOST:PORT; "
            "none: another process does",
            extra={"expected": "local, none, ray or ray://HOST:PORT"},
        ),
    ] = "local"
    lines: Annotated[_Count, _meta("requests of all jobs at the same time; default: the processors, at least 2")] = (
        field(default_factory=lambda: max(2, usable_cpus()))
    )
    actors: Annotated[_Count, _meta("processes on each machine of a cluster; each holds the engines, and `lines`")] = 1
    job_lines: Annotated[_Rate, _meta("requests of one job at the same time; unset: all that run at once")] = None
    project_lines: Annotated[_Rate, _meta("requests of one project at the same time; unset: all")] = None
    line_bytes: Annotated[int, _meta("longest line of an input file, in bytes", ge=1024)] = 20 * MIB
    line_seconds: Annotated[float, _meta("longest time one request of a job may take", gt=0, le=86400)] = 600.0


class Search(Struct, frozen=True, kw_only=True):
    """[search]: what stands behind google_search."""

    source: Annotated[
        str, _meta("none, folder:PATH of documents, or searxng:URL of a SearXNG server", min_length=1, extra=_URL)
    ] = "none"


class Provenance(Struct, frozen=True, kw_only=True):
    """[provenance]: what made and edited pictures carry."""

    watermark: Annotated[bool, _meta("an invisible watermark in the pixels")] = True
    manifest: Annotated[bool, _meta("a signed C2PA manifest, and metadata of IPTC and EXIF")] = True
    identity: Annotated[
        Path | None, _meta("PEM file with a P-256 key and its certificates; unset: those of this installation")
    ] = None


class Builtin(Struct, frozen=True, kw_only=True):
    """[engine.builtin]: the built-in engine."""

    threads: Annotated[int, _meta("threads of one inference", ge=1, le=256)] = 2
    cache: Annotated[int, _meta("pictures whose scene is remembered", ge=0)] = 256


class Google(Struct, frozen=True, kw_only=True):
    """[engine.google]: Google's own models, through its API; its variables GOOGLE_* and GEMINI_* are never read."""

    key: Annotated[
        str, _meta("key of the Gemini API", extra={"expected": "a text", "secret": True, "hidden": True})
    ] = ""
    address: Annotated[
        str,
        Meta(
            pattern=r"^https?://[^/\s?#@]+(/[^\s?#]*)?$",
            description="where Google's API is, without version",
            extra={"expected": 'an address such as "https://generativelanguage.googleapis.com"'},
        ),
    ] = "https://generativelanguage.googleapis.com"

    def __repr__(self) -> str:
        return f"Google({self.address!r})"  # never the key


class Replay(Struct, frozen=True, kw_only=True):
    """[engine.replay]: answers kept and played again, whatever engine gave them."""

    record: Annotated[Path | None, _meta("folder where every answer is kept (--record)")] = None
    replay: Annotated[Path | None, _meta("folder of kept answers, in place of all engines (--replay)")] = None
    timing: Annotated[bool, _meta("kept answers come at the pace they were given at")] = False


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
        _meta(
            "how often a request to a model fails, and how",
            extra={
                "expected": 'a list such as "429=0.1", "slow:2=0.05": 429, 503, slow:SECONDS, cut, malformed, '
                "hang or drop, and a part of all requests from 0 to 1"
            },
        ),
    ] = ()
    seed: Annotated[int | None, _meta("makes the draw of faults the same in every run; unset: it differs")] = None


class OpenAIServer(Struct, frozen=True, kw_only=True):
    """[engine.openai."NAME"]: one model on a server, or several that are alike, with OpenAI's API.

    NAME is a model's name, or what [routes] calls it.  The first two keys must be given.
    """

    address: Annotated[
        tuple[str, ...],
        _meta(
            "where OpenAI's paths begin, or a list of such addresses",
            extra={"expected": 'an address such as "http://127.0.0.1:8001/v1", or a list of them'},
        ),
    ] = ()
    model: Annotated[str, _meta("the name the server knows the model by")] = ""
    api_key: Annotated[str, _meta("key of the server", extra={"expected": "a text", "secret": True})] = ""
    api_key_env: Annotated[str, _meta("environment variable that holds the key, instead of api_key")] = ""
    abilities: Annotated[
        tuple[
            Literal["text", "image_in", "image_out", "tools", "schema", "embeddings", "audio_in", "think", "logprobs"],
            ...,
        ]
        | None,
        _meta(
            "what the model can do; unset: text, image_in, tools, schema, think, logprobs; with embed_dims embeddings"
        ),
    ] = None
    input_tokens: Annotated[int, _meta("input window, in tokens", ge=1)] = 131_072
    output_tokens: Annotated[int, _meta("longest answer, in tokens", ge=1)] = 65_536
    embed_dims: Annotated[int, _meta("length of the model's vectors; 0: it makes none", ge=0)] = 0
    connect_seconds: Annotated[float, _meta("longest time to connect", gt=0, le=3600)] = 5.0
    first_seconds: Annotated[float, _meta("longest wait for an answer to begin", gt=0, le=86400)] = 300.0
    idle_seconds: Annotated[float, _meta("longest silence in an answer", gt=0, le=86400)] = 60.0
    retries: Annotated[int, _meta("further attempts before an answer begins", ge=0, le=20)] = 2
    guide: Annotated[
        Literal["response_format", "structured_outputs", "guided_json"],
        _meta("how a schema is sent: OpenAI's way, vLLM's, or that of its older versions"),
    ] = "response_format"
    dialect: Annotated[
        str, _meta("how the model writes boxes: auto (by its name), none, or qwen2.5, qwen3, internvl and others")
    ] = "auto"
    frames: Annotated[_Count, _meta("most pictures made of a video")] = 64
    pages: Annotated[_Count, _meta("most pages of a document")] = 100
    extra: Annotated[
        dict[str, Any], _meta("fields put into every request", extra={"expected": "a table of fields"})
    ] = field(default_factory=dict)

    def __repr__(self) -> str:
        return f"OpenAIServer({', '.join(self.address)}, {self.model!r})"  # never the key


class ModelOverride(Struct, frozen=True, kw_only=True):
    """[models."PATTERN"]: what differs from the documented table for the model names that match; None: nothing."""

    input_token_limit: Annotated[_Rate, _meta("input window, in tokens")] = None
    output_token_limit: Annotated[_Rate, _meta("longest answer, in tokens")] = None
    methods: Annotated[tuple[str, ...] | None, _meta("supportedGenerationMethods")] = None


class Settings(Struct, frozen=True, kw_only=True):
    """The whole configuration, immutable.  `models` and `routes` keep the order of the file: the first match wins.

    `openai` is [engine.openai."NAME"], by name; --model adds to it and to `routes`.
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
    routes: Mapping[str, str] = MappingProxyType({})
    openai: Mapping[str, OpenAIServer] = MappingProxyType({})
    config_file: Path | None = None
    origins: Mapping[str, str] = MappingProxyType({})  # dotted key -> where it was set, for those that were
