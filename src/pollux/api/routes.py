"""The one table of routes: v1, v1beta and v1alpha are one surface, and so is no version at all.

A row is a collection, whether a name follows it, the verb behind the last colon, the HTTP methods, and what answers: a
handler, or the feature that is not built yet (501 naming it).
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from pollux.api import batches, files, generate, predict, resources, videos
from pollux.api.call import Call, Rooms, Target
from pollux.errors import MethodNotAllowed, NotFound, Unimplemented

Handler = Callable[[Rooms, Call], Coroutine[Any, Any, Any]]


@dataclass(frozen=True, slots=True)
class Stream:
    """The one handler whose answer is a stream."""


@dataclass(frozen=True, slots=True)
class Upload:
    """Bodies that stream in; a chunk's address is its own key."""


@dataclass(frozen=True, slots=True)
class Download:
    """An answer that is a file's bytes."""


@dataclass(frozen=True, slots=True)
class Unbuilt:
    """A feature the specification names and that comes later."""

    feature: str


Answer = Handler | Stream | Upload | Download | Unbuilt

_CACHES = Unbuilt("Context caching (cachedContents)")
_TUNING = Unbuilt("Tuning (tunedModels)")
_STORES = Unbuilt("File search stores")
_OPERATIONS = Unbuilt("Long-running operations")
_INTERACTIONS = Unbuilt("The Interactions API")
_OPENAI = Unbuilt("The OpenAI-compatible layer")

# (collection, has a name, verb): {HTTP method: answer}
TABLE: dict[tuple[str, bool, str], dict[str, Answer]] = {
    ("models", True, "generateContent"): {"POST": generate.unary},
    ("models", True, "streamGenerateContent"): {"POST": Stream()},
    ("models", True, "countTokens"): {"POST": generate.count},
    ("models", True, "embedContent"): {"POST": generate.embed},
    ("models", True, "batchEmbedContents"): {"POST": generate.embed_batch},
    ("models", True, "predict"): {"POST": predict.predict},
    ("models", True, "predictLongRunning"): {"POST": videos.create},
    ("models", True, "batchGenerateContent"): {"POST": batches.create},
    ("models", True, "asyncBatchEmbedContent"): {"POST": batches.create_embeddings},
    ("models", True, ""): {"GET": resources.get_model},
    ("models", False, ""): {"GET": resources.list_models},
    ("upload/files", False, ""): {"POST": Upload(), "PUT": Upload()},
    ("files", False, ""): {"GET": files.list_files, "POST": files.create_file},
    ("files", True, ""): {"GET": files.get_file, "DELETE": files.delete_file},
    ("files", True, "download"): {"GET": Download()},
    ("operations", True, ""): {"GET": videos.get},  # below the model that makes the video
    ("batches", False, ""): {"GET": batches.list_jobs},
    ("batches", True, ""): {"GET": batches.get, "DELETE": batches.delete},
    ("batches", True, "cancel"): {"POST": batches.cancel, "GET": batches.cancel},  # curl without -X POST, as documented
    ("batches", True, "delete"): {"POST": batches.delete, "GET": batches.delete, "DELETE": batches.delete},
    ("files", False, "register"): {"POST": Unbuilt("Registering files of Cloud Storage (files:register)")},
}

# Whole collections that come later, whatever the verb.
LATER: dict[str, Unbuilt] = {
    "upload": _STORES,
    "cachedContents": _CACHES,
    "tunedModels": _TUNING,
    "fileSearchStores": _STORES,
    "corpora": Unbuilt("Semantic retrieval (corpora)"),
    "operations": _OPERATIONS,
    "generatedFiles": _OPERATIONS,
    "interactions": _INTERACTIONS,
    "agents": Unbuilt("Agents"),
    "auth_tokens": Unbuilt("Ephemeral tokens (auth_tokens)"),
    "openai": _OPENAI,
    "webhooks": Unbuilt("Webhooks"),
    "ws": Unbuilt("The Live API"),
}


def find(target: Target, method: str) -> Answer:
    """What answers a request.  Raises NotFound for a path that is none, MethodNotAllowed for a wrong HTTP method."""
    if target.collection == "models" and "/operations/" in target.name and not target.verb:
        target = Target("operations", target.name, "")
    by_method = TABLE.get((target.collection, bool(target.name), target.verb))
    if by_method is None:
        later = LATER.get(target.collection)
        if later is not None:
            return later
        shown = f"{target.collection}/{target.name}".strip("/")[:80] + (f":{target.verb[:40]}" if target.verb else "")
        raise NotFound(f"There is no method at {shown or '/'}. See the API reference for the methods there are.")
    looks = method == "HEAD" and target.verb not in ("cancel", "delete")  # who only looks must change nothing
    answer = by_method.get("GET" if looks else method)
    if answer is None:
        allowed = ", ".join(sorted(by_method))
        raise MethodNotAllowed(f"{method} is not allowed here; use {allowed}.")
    return answer


def refuse(feature: str) -> Unimplemented:
    """501 naming the feature."""
    return Unimplemented(f"{feature} is not built yet on this server.")
