"""From an engine's events to responses: parts, thoughts and signatures, stop, schema, finish reason, usage.

One Assembler an answer (one candidate).  Engines yield humble events; everything the wire wants besides is added here,
so that every engine gets it right.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from blake3 import blake3

from pollux.core.signatures import Signer
from pollux.core.stops import StopCutter, cut_to_tokens
from pollux.engines.base import (
    Call,
    Event,
    Grounding,
    Logprobs,
    LogToken,
    Opaque,
    Picture,
    Prompt,
    Ratings,
    Stop,
    Text,
    Thought,
    Usage,
)
from pollux.errors import Internal, InvalidArgument
from pollux.wire.content import Blob, Content, FunctionCall, Part
from pollux.wire.generate import Candidate, SafetyRating, SafetySetting
from pollux.wire.schema import first_error

JSON = "application/json"
_NUMBER, _ESCAPE = re.compile(r"\.|[eE][+-]?"), re.compile(r"\\(u[0-9a-fA-F]{0,4})?$")
_PROBABILITIES = ("NEGLIGIBLE", "LOW", "MEDIUM", "HIGH")
_BLOCKED_FROM = {"BLOCK_LOW_AND_ABOVE": 1, "BLOCK_MEDIUM_AND_ABOVE": 2, "BLOCK_ONLY_HIGH": 3}


@dataclass(frozen=True, slots=True)
class Finished:
    """A picture of the engine's, encoded."""

    data: bytes
    mime_type: str = "image/png"
    thought: bool = False


@dataclass
class Assembler:
    """Collects one candidate.  `feed` gives the parts to send now; `finish` what was held back.

    `thoughts_shown` and `signs_pictures` are the model's ways: whether thoughts are in the answer, and whether its
    pictures carry signatures.  `keeps_limit`: the engine ends at maxOutputTokens itself.
    """

    prompt: Prompt
    count: Callable[[str], int]
    signer: Signer
    thoughts_shown: bool = False
    signs_pictures: bool = False
    keeps_limit: bool = False
    logprobs: list[LogToken] = field(default_factory=list)
    text: str = ""
    thoughts: str = ""
    reason: str = ""
    message: str = ""
    ratings: tuple[SafetyRating, ...] = ()
    prompt_ratings: tuple[SafetyRating, ...] = ()
    grounding: Mapping[str, Any] | None = None
    usage: Usage | None = None
    pictures: int = 0
    calls: str = ""
    _cutter: StopCutter = field(init=False)
    _held: list[str] = field(default_factory=list)
    _thinks: bool = field(init=False)
    _checked: bool = field(init=False)
    _owes_signature: bool = False
    _before_picture: list[Part] | None = None

    def __post_init__(self) -> None:
        config = self.prompt.config
        thinking = config.thinking_config
        self._cutter = StopCutter(config.stop_sequences)
        self._thinks = not (thinking and thinking.thinking_budget == 0)
        self._checked = self.prompt.schema is not None or config.response_mime_type == JSON
        if self.prompt.canvas is not None and self.thoughts_shown:
            self._before_picture = []

    @property
    def done(self) -> bool:
        """Nothing more will be taken."""
        return bool(self.reason)

    @property
    def prompt_blocked(self) -> bool:
        """The prompt itself was refused."""
        return any(rating.blocked for rating in self.prompt_ratings)

    @property
    def blocked(self) -> bool:
        """The answer was refused: none of it may be shown any more."""
        return any(rating.blocked for rating in self.ratings)

    def feed(self, event: Event | Finished) -> list[Part]:
        """Takes one event; gives the parts that may go out now.  Pictures come encoded, as Finished."""
        if isinstance(event, Finished):
            return self._feed_picture(event)
        parts = self._feed(event)
        if self._before_picture is None:
            return parts
        self._before_picture += [part for part in parts if not part.thought]
        return [part for part in parts if part.thought]

    def _feed(self, event: Event) -> list[Part]:
        if isinstance(event, Text):
            canvas = self.prompt.canvas
            return self._feed_text(event.text) if canvas is None or canvas.text else []
        if isinstance(event, Thought):
            return self._feed_thought(event.text)
        if isinstance(event, Call):
            return self._feed_call(event)
        if isinstance(event, Picture):
            raise TypeError("pictures must be encoded before they are fed")
        if isinstance(event, Opaque):
            return [*self._flush_text(), event.part]
        if isinstance(event, Stop):
            parts = self._flush_text()
            self.reason, self.message = self.reason or event.reason, event.message
            return parts
        self._note(event)
        return []

    def finish(self) -> list[Part]:
        """The end of the engine's events: what was held back, checked.  Raises InvalidArgument for a schema."""
        parts = [*(self._before_picture or ()), *self._flush_text()]
        canvas = self.prompt.canvas
        if canvas is not None and not canvas.text and not self.pictures:
            self.reason = self.reason if self.reason not in ("", "STOP") else "NO_IMAGE"
        self.reason = self.reason or "STOP"
        # A stop sequence within the JSON cuts it; an engine that cuts by itself does not say that it did.
        cut = self.reason == "MAX_TOKENS" or bool(self.prompt.config.stop_sequences)
        if self._held:
            whole = "".join(self._held)
            if self.reason in ("STOP", "MAX_TOKENS"):
                check_answer(whole, self.prompt, cut=cut)
            parts.append(self._signed(Part(text=whole)))
            self._held = []
        elif self.reason == "STOP" and self._checked and not self.calls:
            check_answer("", self.prompt, cut=cut)
        return parts

    def candidate(self, parts: list[Part], *, last: bool) -> Candidate:
        """The wire's candidate around these parts."""
        content = Content(parts=tuple(parts), role="model")
        if not last:
            return Candidate(content=content, index=self.prompt.candidate)
        return Candidate(
            content=content,
            index=self.prompt.candidate,
            finish_reason=self.reason,
            finish_message=self.message,
            safety_ratings=self.ratings,
            grounding_metadata=dict(self.grounding) if self.grounding is not None else None,
            avg_logprobs=sum(one.logprob for one in self.logprobs) / len(self.logprobs) if self.logprobs else None,
            logprobs_result=_logprobs(self.logprobs) if self.logprobs else None,
        )

    def answer_tokens(self) -> int:
        """Tokens of the answer, thoughts and pictures apart."""
        if self.usage is not None:
            return self.usage.candidate_tokens
        return self.count(self.text) + self.count(self.calls)

    def thought_tokens(self) -> int:
        """Tokens of the thinking, shown or not."""
        return self.usage.thought_tokens if self.usage is not None else self.count(self.thoughts)

    def _feed_picture(self, picture: Finished) -> list[Part]:
        """A picture.  Before the first one that is no thought stands, as the last thought, the same picture, and only
        then what was said before it (image generation guide, "Thinking Process" and the example of its signatures)."""
        if picture.thought and not (self.thoughts_shown and self._thinks):
            return []
        blob = Blob(mime_type=picture.mime_type, data=picture.data)
        if picture.thought:
            self._owes_signature = True
            return [Part(inline_data=blob, thought=True)]
        self.pictures += 1
        before, self._before_picture = self._before_picture, None
        last_thought = []
        if before is not None:
            last_thought = [Part(inline_data=blob, thought=True)]
            self._owes_signature = True
            before = [self._signed(part) if part.text is not None else part for part in before]
        words = [*(before or ()), *self._flush_text()]
        self._owes_signature = False
        signature = self.signer.sign(blake3(picture.data).hexdigest()) if self.signs_pictures else b""
        return [*last_thought, *words, Part(inline_data=blob, thought_signature=signature)]

    def _feed_text(self, text: str) -> list[Part]:
        ready, stopped = self._cutter.feed(text)
        return self._emit(ready, "STOP" if stopped else "")

    def _flush_text(self) -> list[Part]:
        return [] if self.done else self._emit(self._cutter.flush(), "")

    def _emit(self, ready: str, reason: str) -> list[Part]:
        """Text that passed the stop sequences: cut at the token limit, held back where it is checked as a whole."""
        limit = None if self.keeps_limit else self.prompt.config.max_output_tokens
        if limit is not None and ready:
            kept = cut_to_tokens(self.text, ready, limit, self.count)
            if len(kept) < len(ready):
                ready, reason = kept, "MAX_TOKENS"
        self.text += ready
        self.reason = self.reason or reason
        if not ready:
            return []
        if self._checked:
            self._held.append(ready)
            return []
        return [self._signed(Part(text=ready))]

    def _feed_thought(self, text: str) -> list[Part]:
        if not self._thinks:
            return []
        self.thoughts += text
        if not self.thoughts_shown:
            return []
        self._owes_signature = True
        return [Part(text=text, thought=True)]

    def _feed_call(self, call: Call) -> list[Part]:
        parts = self._flush_text()
        first = not self.calls
        self.calls += json.dumps({"name": call.name, "args": call.args}, separators=(",", ":"), ensure_ascii=False)
        name = FunctionCall(id=call.id, name=call.name, args=dict(call.args))
        signature = self.signer.sign() if first else b""
        return [*parts, Part(function_call=name, thought_signature=signature)]

    def _note(self, event: Event) -> None:
        if isinstance(event, Usage):
            self.usage = event
        elif isinstance(event, Grounding):
            self.grounding = event.metadata
        elif isinstance(event, Logprobs):
            self.logprobs += event.tokens
        elif isinstance(event, Ratings):
            self._judge(event)

    def _judge(self, event: Ratings) -> None:
        rated = tuple(_apply(self.prompt.safety, rating) for rating in event.ratings)
        if event.of_prompt:
            self.prompt_ratings = rated
            self.reason = "SAFETY" if self.prompt_blocked else self.reason
        else:
            self.ratings = rated
            if self.blocked:
                self.reason = "SAFETY"
                self._held = []

    def _signed(self, part: Part) -> Part:
        """The first text after shown thoughts carries the signature (thinking guide, "Thought signatures")."""
        if not self._owes_signature:
            return part
        self._owes_signature = False
        return Part(text=part.text, thought_signature=self.signer.sign())


def _logprobs(tokens: Sequence[LogToken]) -> dict[str, Any]:
    """LogprobsResult: what was chosen at each step, and what might have been."""
    return {
        "topCandidates": [
            {"candidates": [{"token": token, "logProbability": value} for token, value in one.top]} for one in tokens
        ],
        "chosenCandidates": [{"token": one.token, "logProbability": one.logprob} for one in tokens],
    }


def check_answer(text: str, prompt: Prompt, *, cut: bool = False) -> None:
    """What comes out must validate: JSON without a schema must be JSON, and what was cut off must begin as such.

    Raises InvalidArgument naming the part of the schema that could not be met, Internal for what is no JSON.
    """
    schema: Mapping[str, Any] = {} if prompt.schema is None else prompt.schema
    field_name = "responseSchema" if prompt.config.response_schema is not None else "responseJsonSchema"
    where = f"generationConfig.{field_name}"
    if prompt.config.response_mime_type == "text/x.enum":
        if not any(value == text or (cut and str(value).startswith(text)) for value in schema.get("enum", ())):
            raise InvalidArgument(f"{where}: none of the enum's values could be chosen.", field=where)
        return
    try:
        value = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        if cut and isinstance(error, json.JSONDecodeError) and _cut_short(error):
            return
        raise Internal(f"models/{prompt.model} did not answer in JSON.") from None
    found = None if cut else first_error(schema, value)
    if found is not None:
        path, reason = found
        raise InvalidArgument(f"{where}{path} cannot be met by this answer: {reason}", field=where + path)


def _cut_short(error: json.JSONDecodeError) -> bool:
    """Whether all that is wrong with a text is that more would have followed."""
    rest = error.doc[error.pos :].strip()
    begun = any(word.startswith(rest) for word in ("true", "false", "null", "-")) or _NUMBER.fullmatch(rest)
    escaped = error.msg.startswith("Invalid \\") and _ESCAPE.search(error.doc)
    return bool(begun or escaped) or error.msg.startswith("Unterminated string")


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def _apply(settings: tuple[SafetySetting, ...], rating: SafetyRating) -> SafetyRating:
    """A rating with `blocked` by the caller's threshold; without one nothing is blocked (newer models' default)."""
    threshold = next((s.threshold for s in settings if s.category == rating.category), "")
    lowest = _BLOCKED_FROM.get(threshold, len(_PROBABILITIES))
    blocked = rating.probability in _PROBABILITIES and _PROBABILITIES.index(rating.probability) >= lowest
    return SafetyRating(category=rating.category, probability=rating.probability, blocked=blocked)
