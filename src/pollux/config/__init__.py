"""One frozen Settings tree: defaults < pollux.toml < POLLUX_* environment < flags; read once, by `load`.

A key's type, range, default and meaning are written once, in its annotation (`tree`); the checks, the messages and
`describe` are derived from it.  `pollux.toml` has the same sections and keys:

    [server]                              [models."gemini-2.5-*"]        # overrides, by name pattern
    port = 8080                           input_token_limit = 32768
    [engine.builtin]                      [routes]                       # name pattern -> engine
    threads = 4                           "gemini-*" = {engine = "qwen", fallbacks = ["builtin"]}
    [engine.openai.qwen]                  # one section a model; kinds: openai, transformers, diffusers, specialist
    address = "http://127.0.0.1:8001/v1"
    model = "Qwen/Qwen3-VL-8B-Instruct"

Every key outside the tables [models], [routes] and [engine.KIND."NAME"] is also POLLUX_<SECTION>_<KEY>
(POLLUX_SERVER_PORT, POLLUX_ENGINE_BUILTIN_THREADS; lists are separated by commas); the common ones have the short names
of `SHORT_NAMES`, which win.  An empty variable counts as not set, an unknown one is left alone.
"""

from pollux.config.describe import Line, describe, mask
from pollux.config.engines import (
    KINDS,
    DiffusersModel,
    Named,
    OpenAIServer,
    Specialist,
    TransformersModel,
    kind_of,
)
from pollux.config.fields import SHORT_NAMES
from pollux.config.load import FILE_NAME, load
from pollux.config.models import ModelOverride, Route
from pollux.config.tree import (
    Batch,
    Builtin,
    Engines,
    Fetch,
    Files,
    Limits,
    Search,
    Server,
    Settings,
    Store,
    usable_cpus,
)

__all__ = [
    "FILE_NAME",
    "KINDS",
    "SHORT_NAMES",
    "Batch",
    "Builtin",
    "DiffusersModel",
    "Engines",
    "Fetch",
    "Files",
    "Limits",
    "Line",
    "ModelOverride",
    "Named",
    "OpenAIServer",
    "Route",
    "Search",
    "Server",
    "Settings",
    "Specialist",
    "Store",
    "TransformersModel",
    "describe",
    "kind_of",
    "load",
    "mask",
    "usable_cpus",
]
