"""Events as JSON and back: {"Text": {"text": "a cat"}}."""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, cast, get_args

import msgspec

from pollux.engines import base
from pollux.engines.base import Event, Frame, Picture
from pollux.engines.refusals import rebuilt
from pollux.errors import ApiError
from pollux.wire.relay import Relayed, relayed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KINDS: Mapping[str, Any] = {kind.__name__: kind for kind in get_args(base.Event) if kind is not Frame}


def to_json(event: Event) -> dict[str, Any]:
    """An event of any kind but Frame.  Pixels are kept without loss, another server's JSON as the text it was."""
    name = type(event).__name__
    if isinstance(event, Relayed):
        return {name: bytes(event.document).decode()}
    if isinstance(event, Picture):
        more = {"thought": event.thought, "edited": event.edited}
        return {name: {"shape": list(event.pixels.shape), "zlib": _packed(event.pixels), **more}}
    return {name: msgspec.to_builtins(event)}


def from_json(tree: Mapping[str, Any]) -> Event:
    """The event again.  Raises ValueError for what is none."""
    ((name, value),) = tree.items()
    if name == "Relayed":
        return relayed(str(value).encode())
    if name == "Picture":
        return Picture(_unpacked(value["zlib"], value["shape"]), thought=value["thought"], edited=value["edited"])
    if name not in _KINDS:
        raise ValueError(f"there is no event {name!r}")
    return cast(Event, msgspec.convert(value, _KINDS[name]))


def error_to_json(error: ApiError) -> dict[str, Any]:
    """An error as google.rpc.Status has it."""
    return {
        "status": error.status,
        "code": error.code,
        "message": error.message,
        "details": [dict(detail) for detail in error.details],
    }


def error_from_json(tree: Mapping[str, Any]) -> ApiError:
    """The error again."""
    error = rebuilt(str(tree["status"]), int(tree["code"]), str(tree["message"]))
    error.details = tuple(tree.get("details") or ())
    return error


def _packed(pixels: NDArray[np.uint8]) -> str:
    return base64.b64encode(zlib.compress(pixels.tobytes(), 6)).decode("ascii")


def _unpacked(text: str, shape: list[int]) -> NDArray[np.uint8]:
    import numpy as np  # noqa: PLC0415 - text needs none

    return np.frombuffer(zlib.decompress(base64.b64decode(text)), np.uint8).reshape(shape)
