"""Responses of another server of this API, which go out as they came: numbers, order and unknown fields included."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import structs

from pollux.wire.generate import Candidate, GenerateContentResponse


class Relayed(GenerateContentResponse, frozen=True):
    """A response of another server.

    `document` is its JSON, compact, and goes out as it is (`lenient.encode`); the other fields are what could be read
    of it.
    """

    document: msgspec.Raw = msgspec.Raw()


def relayed(document: bytes) -> Relayed:
    """A response of another server.  Raises msgspec.DecodeError for what is no JSON object.

    What cannot be read of it is only not known here: it goes out all the same.
    """
    tree = msgspec.json.decode(document, type=dict[str, Any])
    raw = msgspec.Raw(msgspec.json.format(document, indent=-1))
    try:
        return structs.replace(msgspec.convert(tree, Relayed, strict=False), document=raw)
    except msgspec.ValidationError:
        return Relayed(candidates=_ends(tree.get("candidates")), document=raw)


def _ends(candidates: Any) -> tuple[Candidate, ...]:
    """Which candidate ended and why, of a response that holds something unheard of."""
    rows = [row for row in candidates or () if isinstance(row, dict)] if isinstance(candidates, list) else []
    return tuple(Candidate(index=row.get("index"), finish_reason=str(row.get("finishReason") or "")) for row in rows)


def fold_relayed(chunks: Sequence[Relayed]) -> Relayed:
    """A stream's chunks as one response: parts and log probabilities in a row, of everything else the last word."""
    whole: dict[str, Any] = {}
    candidates: dict[int, dict[str, Any]] = {}
    for chunk in chunks:
        tree = msgspec.json.decode(bytes(chunk.document), type=dict[str, Any])
        for candidate in tree.pop("candidates", None) or ():
            _add(candidates.setdefault(candidate.get("index", 0), {}), candidate)
        whole |= tree
    listed = [candidates[index] for index in sorted(candidates)]
    return relayed(msgspec.json.encode({"candidates": listed, **whole} if listed else whole))


def _add(sum_: dict[str, Any], candidate: dict[str, Any]) -> None:
    content = sum_.get("content")
    for name, value in candidate.items():
        if name == "content" and content is not None:
            content["parts"] = _joined([*content.get("parts", ()), *value.get("parts", ())])
        elif name in ("logprobsResult", "citationMetadata") and name in sum_:
            rows = sum_[name]
            sum_[name] = {**rows, **{key: _longer(rows.get(key), more) for key, more in value.items()}}
        else:
            sum_[name] = value


def _longer(row: Any, more: Any) -> Any:
    """Lists in a row; sums of log probabilities added."""
    if isinstance(row, list) and isinstance(more, list):
        return row + more
    if isinstance(row, int | float) and isinstance(more, int | float):
        return row + more
    return more


def _joined(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Neighbouring texts of one kind as one; whatever else a part has keeps it apart."""
    out: list[dict[str, Any]] = []
    for part in parts:
        plain = set(part) <= {"text", "thought"} and "text" in part
        last = out[-1] if out else {}
        joins = plain and set(last) <= {"text", "thought", "thoughtSignature"} and "text" in last
        if joins and part.get("thought") == last.get("thought"):
            out[-1] = {**last, "text": last["text"] + part["text"]}
        else:
            out.append(part)
    return out
