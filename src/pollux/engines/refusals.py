"""Errors of another server of this API, as errors of ours: status, message and details as they came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from pollux import errors
from pollux.errors import ApiError, Detail, ResourceExhausted

_KINDS: tuple[type[ApiError], ...] = (
    errors.InvalidArgument,
    errors.FailedPrecondition,
    errors.Unauthenticated,
    errors.PermissionDenied,
    errors.NotFound,
    errors.AlreadyExists,
    errors.ResourceExhausted,
    errors.Cancelled,
    errors.Unimplemented,
    errors.Unavailable,
    errors.DeadlineExceeded,
    errors.Internal,
)
_BY_STATUS = {kind.status: kind for kind in _KINDS}
_BY_CODE = {kind.code: kind for kind in reversed(_KINDS)}
_LONGEST = 4_000
_HIDDEN = "[key]"


def rebuilt(status: str, code: int, message: str, details: Sequence[Detail] = (), retry_after: float = 1.0) -> ApiError:
    """The error of that google.rpc status, else of that HTTP code, else INTERNAL or UNAVAILABLE; `details` are kept."""
    kind = _BY_STATUS.get(status) or _BY_CODE.get(code)
    if kind is None:
        kind = errors.Unavailable if code in (502, 520, 521, 522, 523, 524, 529) else errors.Internal
        kind = errors.FailedPrecondition if 400 <= code < 500 else kind
    if issubclass(kind, ResourceExhausted):
        error: ApiError = kind(message, retry_after=retry_after, details=details)
        if any(_is_retry(detail) for detail in details):
            error.details = tuple(details)
        return error
    return kind(message, details=details)


def refusal(name: str, code: int, headers: Mapping[str, str], body: bytes, *, secret: str = "") -> ApiError:
    """What a server called `name` answered instead of 200.  `secret` is taken out wherever it stands."""
    if secret:
        body = body.replace(secret.encode(), _HIDDEN.encode())
    found = status_of(body)
    if found is None:
        return rebuilt("", code, f"{name} answers {code} without saying why.", retry_after=_after(headers, ()))
    details = tuple(d for d in found.get("details") or () if isinstance(d, dict))
    own = found.get("code")
    message = str(found.get("message") or f"{name} answers {code} without saying why.")[:_LONGEST]
    status, after = str(found.get("status") or ""), _after(headers, details)
    return rebuilt(status, own if isinstance(own, int) and code == 200 else code, message, details, after)


def status_of(body: bytes) -> dict[str, Any] | None:
    """google.rpc.Status, bare under "error", or in a list of one, as streams without SSE have it."""
    try:
        tree = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    if isinstance(tree, list) and tree:
        tree = tree[0]
    found = tree.get("error") if isinstance(tree, dict) else None
    return found if isinstance(found, dict) else None


def _is_retry(detail: Detail) -> bool:
    return str(detail.get("@type", "")).endswith("google.rpc.RetryInfo")


def _after(headers: Mapping[str, str], details: Sequence[Detail]) -> float:
    """Seconds to wait: as the details say, else the header, else one."""
    said = [str(detail.get("retryDelay", "")).removesuffix("s") for detail in details if _is_retry(detail)]
    for text in (*said, headers.get("retry-after", "")):
        try:
            seconds = float(text)
        except ValueError:
            continue
        if 0 <= seconds < 1e6:
            return seconds
    return 1.0
