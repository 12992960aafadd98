"""Words for expectations, whichever the client, and whoever answers.

Usually the models are scripted, and those that see are the built-in engine's.  Where a real engine on a random
checkpoint is behind all of them (`tests.sdk.behind`), what it says is nonsense: `says`, `tells`, `agrees` and others
then ask for what must hold all the same, and `needs` ends a scenario that can ask for nothing.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
from collections.abc import Callable
from typing import Any

ABILITIES = {
    "": "script schema calls embeddings pictures truth",
    "openai": "",
    "upstream": "schema calls embeddings",
    "transformers": "schema calls embeddings",
    "diffusers": "pictures",
}
"""Who is behind (POLLUX_BEHIND, see `tests.sdk.behind`): "" are the scripted models and the built-in engine.

They follow a "script", a "schema", make the "calls" that are demanded, "embeddings" and "pictures", see the "truth".
"""
CAN = frozenset(ABILITIES[os.environ.get("POLLUX_BEHIND", "")].split())


class NotApplicable(Exception):
    """The scenario asks for what those who answer cannot do."""


def needs(ability: str, what: str) -> None:
    """Ends the scenario where that is not among what they can do; `what` it would show."""
    assert ability in ABILITIES[""].split(), ability  # or it would never be run
    if ability not in CAN:
        raise NotApplicable(f"needs {ability}: {what}")


def says(found: str | None, expected: str) -> None:
    """These very words of a script; without one some words."""
    if "script" in CAN:
        same(found, expected)
    else:
        assert found, "nothing was said"


def writes(found: Any, expected: object) -> None:
    """The words that the script puts beside a picture; other painters write none."""
    same(found, expected if "script" in CAN else type(expected)() if isinstance(expected, list) else None)


def paints(found: object, expected: object) -> None:
    """The script's colours; those of a random painter are anyone's guess."""
    if "script" in CAN:
        same(found, expected)


def tells(found: str | None, *words: str) -> None:
    """All of the words, where what is there is seen; else some words."""
    if "truth" in CAN:
        holds(found, *words)
    else:
        assert found, "nothing was said"


def stopped(reason: Any) -> None:
    """Came to an end by itself; a random model, which does so by chance, at its limit too."""
    allowed = ("STOP",) if "script" in CAN else ("STOP", "MAX_TOKENS")
    assert reason.name in allowed, f"{reason} is none of {allowed}"


def fills(found: object, expected: object) -> None:
    """What the script puts into a schema; without one whatever the schema takes, which its own types checked."""
    if "script" in CAN:
        same(found, expected)


def vectors(found: list[Any], expected: list[list[float]]) -> None:
    """The script's vectors; of a model as many, of one length each, all numbers finite and none empty."""
    if "script" in CAN:
        same(found, expected)
        return
    same(len(found), len(expected))
    lengths = {len(one or ()) for one in found}
    assert len(lengths) == 1, lengths
    assert 0 not in lengths, "an empty vector"
    assert all(math.isfinite(x) for one in found for x in one), "not finite"
    assert all(any(one) for one in found), "only zeros"


def agrees(before: object, used: object) -> None:
    """What was counted before is what was used, where the table counts both; an engine's own count is its own."""
    if "script" in CAN:
        same(before, used)
    else:
        assert before, "nothing was counted"
        assert used, "nothing was used"


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
