"""Turns as chat messages: roles, tool calls and their results, media where it stood."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from pollux.engines.base import Prompt
from pollux.engines.wishes import Source
from pollux.errors import InvalidArgument
from pollux.media.handle import Media
from pollux.wire.content import FunctionCall, FunctionResponse, Part

Json = dict[str, Any]
Expand = Callable[[Media], Iterable[Json]]


def messages(prompt: Prompt, expand: Expand, note: str = "") -> list[Json]:
    """All messages of a request; `note` is told to the model besides what its owner and the caller say."""
    system = "\n\n".join(filter(None, (prompt.system, _found(prompt.sources), note)))
    out: list[Json] = [{"role": "system", "content": system}] if system else []
    talk = _Talk(expand)
    # Many chat templates refuse two turns of one role in a row; what stands in them is one turn.
    for role, turns in itertools.groupby(prompt.turns, key=lambda turn: turn.role):
        pieces = [piece for turn in turns for piece in turn.pieces]
        out += talk.said_by_model(pieces) if role == "model" else talk.said_by_user(pieces)
    return [*out, *talk.rest()]


@dataclass
class _Talk:
    """A conversation as it is written down."""

    expand: Expand
    _open: list[tuple[str, str]] = field(default_factory=list)  # (name, id) of calls without a result
    _shown: list[Json] = field(default_factory=list)  # what the model made: only a user's message may hold it
    _calls: int = 0

    def said_by_user(self, pieces: Sequence[Part | Media]) -> Iterator[Json]:
        """The results of calls, which must follow them, then what the user says."""
        for piece in pieces:
            if isinstance(piece, Part) and piece.function_response is not None:
                yield self._result(piece.function_response)
        content, self._shown = [*self._shown, *self._content(pieces)], []
        if content:
            yield {"role": "user", "content": _plain(content)}

    def said_by_model(self, pieces: Sequence[Part | Media]) -> Iterator[Json]:
        """Its words and its calls; pictures wait for the next user's message, told as the model's."""
        self._open.clear()
        content = list(self._content(pieces))
        words = [part for part in content if part["type"] == "text"]
        shown = [part for part in content if part["type"] != "text"]
        if shown:
            self._shown += [{"type": "text", "text": "What you made in your last turn:"}, *shown]
        calls = [p.function_call for p in pieces if isinstance(p, Part) and p.function_call is not None]
        message: Json = {"role": "assistant", "content": "".join(part["text"] for part in words)}
        if calls:
            message["tool_calls"] = [self._call(call) for call in calls]
        if words or calls:
            yield message

    def rest(self) -> Iterator[Json]:
        """What no user's message followed."""
        if self._shown:
            yield {"role": "user", "content": self._shown}

    def _content(self, pieces: Sequence[Part | Media]) -> Iterator[Json]:
        for piece in pieces:
            if isinstance(piece, Media):
                yield from self.expand(piece)
            elif piece.function_response is not None and piece.function_response.parts:
                yield {"type": "text", "text": _shown_by(piece.function_response)}
            elif (text := _words(piece)) is not None:
                yield {"type": "text", "text": text}

    def _call(self, call: FunctionCall) -> Json:
        self._calls += 1
        name = call.id or f"call_{self._calls}"
        self._open.append((call.name, name))
        arguments = json.dumps(call.args or {}, ensure_ascii=False)
        return {"id": name, "type": "function", "function": {"name": call.name, "arguments": arguments}}

    def _result(self, response: FunctionResponse) -> Json:
        """One without an id answers the first open call of its name."""
        found = [pair for pair in self._open if (pair[1] == response.id if response.id else pair[0] == response.name)]
        if found:
            self._open.remove(found[0])
        elif not response.id:
            message = f"contents: functionResponse {response.name!r} answers no functionCall of the turn before it."
            raise InvalidArgument(message, field="contents")
        content = json.dumps(response.response or {}, ensure_ascii=False)
        name = found[0][1] if found else response.id
        return {"role": "tool", "tool_call_id": name, "name": response.name, "content": content}


def _shown_by(response: FunctionResponse) -> str:
    """What stands before the media of a result, which a message of the tool cannot hold."""
    names = [one.inline_data.display_name for one in response.parts if one.inline_data is not None]
    told = ", ".join(filter(None, names))
    return f"{response.name} gave{f' ({told})' if told else ''}:"


def _words(part: Part) -> str | None:
    """What a part says in text; None for calls, results, and signatures that stand alone."""
    if part.text is not None:
        return part.text
    if part.executable_code is not None:
        return f"\n```{part.executable_code.language.lower()}\n{part.executable_code.code}\n```\n"
    if part.code_execution_result is not None:
        return f"\n```\n{part.code_execution_result.output}\n```\n"
    if part.tool_call is not None or part.tool_response is not None:
        return json.dumps(part.tool_call or part.tool_response, ensure_ascii=False)
    return None


def _plain(content: list[Json]) -> str | list[Json]:
    """Words alone as a text: models without eyes know no lists."""
    if any(part["type"] != "text" for part in content):
        return content
    return "\n".join(part["text"] for part in content)


def _found(sources: Sequence[Source]) -> str:
    if not sources:
        return ""
    rows = (f"[{number}] {one.title} ({one.uri})\n{one.text}" for number, one in enumerate(sources, 1))
    return "A search found these passages; rest the answer on those that fit:\n\n" + "\n\n".join(rows)
