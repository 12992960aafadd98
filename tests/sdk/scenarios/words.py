"""Words for expectations, whichever the client."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any


def seen(text: str | None) -> dict[str, Any]:
    """A mirror's answer."""
    value = json.loads(text or "")
    assert isinstance(value, dict)
    return value


def sha(data: bytes) -> str:
    """As mirrors give it."""
    return hashlib.sha256(data).hexdigest()


def same(found: object, expected: object, of: str = "") -> None:
    """Equal, or an error that shows both, and of what they are."""
    assert found == expected, f"{found!r} is not {expected!r}" + (f" ({of!r})" if of else "")


def holds(text: str | None, *words: str) -> None:
    """All of the words occur, in any case, or an error that shows the text."""
    missing = [word for word in words if word.lower() not in (text or "").lower()]
    assert not missing, f"{text!r} lacks {missing}"


def raises(kind: type[BaseException], work: Callable[[], object]) -> BaseException:
    """What the work raised, which must be of this kind."""
    try:
        work()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was expected")
