"""What goes wrong at an upstream, in the statuses of this API.

Whose fault it is decides: what the caller sent is 400, the upstream's limits are 429, its absence 503, its silence 504,
and everything it should not have answered 500.  Texts name no address and no key.
"""

from __future__ import annotations

import json
import math
import re
import time
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any

from pollux.errors import (
    ApiError,
    DeadlineExceeded,
    Internal,
    InvalidArgument,
    NotFound,
    ResourceExhausted,
    Unavailable,
    Unimplemented,
)

LONGEST_TEXT = 500
LONGEST_WAIT = 86_400.0
_CALLERS = (400, 413, 422)
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504, 529})
_ELSEWHERE = frozenset({429, 502, 503, 504, 529})
_OF_THE_REQUEST = re.compile(r"input \(\d+ tokens\) is too large|(image|audio|video) input is not supported")
"""What llama.cpp says with a 500 though it would answer another request (server-context.cpp, server-common.cpp)."""
_ADDRESS = re.compile(r"\bhttps?://[^\s'\"<>]+", re.IGNORECASE)


class Fault(Exception):
    """An attempt failed.

    `error` is what the caller is told; `again` says whether another attempt may help, `elsewhere` whether one at
    another upstream may, `down` whether this one is to be left alone for a while; `after` is how many seconds it asked
    for (None: it did not).
    """

    def __init__(
        self,
        error: ApiError,
        *,
        again: bool = False,
        elsewhere: bool = False,
        down: bool = False,
        after: float | None = None,
    ) -> None:
        super().__init__(error.message)
        self.error, self.again, self.elsewhere, self.down, self.after = error, again, elsewhere, down, after


def garbled(what: str) -> Fault:
    """The upstream answered what is no answer: another attempt would bring the same."""
    return Fault(Internal(f"The model server's answer cannot be used: {what}."))


def gone(what: str) -> Fault:
    """The upstream cannot be reached, or went away."""
    return Fault(Unavailable(f"The model server {what}."), again=True, down=True)


def silent(seconds: float) -> Fault:
    """The upstream says nothing: overloaded or stuck, it is not asked again, but another may be."""
    message = f"The model server said nothing for {seconds:g} seconds."
    return Fault(DeadlineExceeded(message), elsewhere=True, down=True)


def refused(status: int, headers: Mapping[str, str], body: bytes, key: str) -> Fault:
    """The upstream answered with an error's status."""
    after = wait_of(headers.get("retry-after", ""))
    said = told(body, key)
    if status == 500 and _OF_THE_REQUEST.match(said):
        status = 400
    error = _of_status(status, said, after)
    return Fault(error, again=status in _AGAIN, down=status in _ELSEWHERE and status != 429, after=after)


def framed(value: Any, key: str) -> Fault:
    """The upstream sent an error in the middle of a stream: {"message", "code" or "type"}, or a text."""
    found = value if isinstance(value, dict) else {}
    code = found.get("code", found.get("status_code"))
    status = code if isinstance(code, int) and not isinstance(code, bool) and 400 <= code <= 599 else 500
    return Fault(_of_status(status, _clean(found.get("message", ""), key), None), again=status in _AGAIN)


def _of_status(status: int, said: str, after: float | None) -> ApiError:
    because = f": {said}" if said else "."
    if status in _CALLERS:
        return InvalidArgument(f"The model server refuses the request ({status}){because}")
    if status in (401, 403):
        return Internal(f"The model server refuses the key that this server has for it ({status}).")
    if status == 404:
        return NotFound(f"The model server does not know the model or the path (404){because}")
    if status == 429:
        return ResourceExhausted("The model server is at its limit (429).", retry_after=1.0 if after is None else after)
    if status in (408, 504):
        return DeadlineExceeded(f"The model server ran out of time ({status}).")
    if status == 501:
        return Unimplemented(f"The model server cannot do this (501){because}")
    if status in (502, 503, 529):
        return Unavailable(f"The model server is not available ({status}).")
    if 300 <= status < 400:
        return Internal(f"The model server answers with a redirect ({status}), which is not followed.")
    return Internal(f"The model server failed ({status}).")


def told(body: bytes, key: str) -> str:
    """What an error's body says, in one line; "" for nothing that can be shown."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    if isinstance(value, list) and value:  # Google's own OpenAI surface wraps it
        value = value[0]
    if not isinstance(value, dict):
        return ""
    inner = value.get("error", value)
    found = inner if isinstance(inner, str) else inner.get("message") if isinstance(inner, dict) else ""
    return _clean(found or value.get("detail", ""), key)


def _clean(text: Any, key: str) -> str:
    if not isinstance(text, str):
        return ""
    text = text.replace(key, "***") if key else text
    return _ADDRESS.sub("(an address)", " ".join(text.split()))[:LONGEST_TEXT]


def wait_of(header: str) -> float | None:
    """Seconds of a Retry-After header: a number or an HTTP date (RFC 9110, 10.2.3); None for neither."""
    try:
        seconds = float(header)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(header).timestamp() - time.time()
        except (ValueError, TypeError, OverflowError):
            return None
    return min(max(seconds, 0.0), LONGEST_WAIT) if math.isfinite(seconds) else None
