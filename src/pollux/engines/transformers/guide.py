"""Answers that cannot break their form: before each token, those that would are made impossible (llguidance).

A grammar is made of what a prompt asks for: a JSON Schema, the values of an enum, JSON of any kind, or a function call.
https://github.com/guidance-ai/llguidance says which JSON Schema it knows.  Two rules are ours: an object with
`properties` has no others unless additionalProperties says so (as OpenAI's strict mode and xgrammar have it; a model is
else free to invent some), and white space comes in short runs only, so that no answer gets lost in it.

Making a grammar takes a millisecond; of the hostile schemas that were tried the worst took 1.5 seconds of one core (an
allOf of six anyOf of four patterns each), past which llguidance's own limits refuse.  So: not on the event loop.
"""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Any

import numpy as np

from pollux.engines.base import Prompt
from pollux.engines.chat.functions import calling, offered, parameters
from pollux.engines.transformers.schemas import plain
from pollux.errors import ConfigurationError, InvalidArgument, Unimplemented

ENUM, JSON = "text/x.enum", "application/json"
KEPT = 64
"""Grammars that a guide remembers."""
ITEMS = 10_000
"""Ways to go on at one place of an answer: some thousand optional properties."""
TAIL = 16
"""Tokens within which the end of thinking is looked for."""

_SPACES = r"(\x20|\n\x20{0,24})"
_DEEP = "recursion limit"  # in the words of its JSON reader
_PLACE = re.compile(r"^at \d+\(\d+\): (failed to compile JSON schema: )?|\s\d+ \| start: .*", re.DOTALL)
_UNKNOWN = re.compile(r'Unimplemented keys: \["(?P<key>[^"]+)"')


class Guide:
    """Grammars over one tokenizer.  Safe for several threads; a Match is for one at a time."""

    def __init__(self, tokenizer: Any, *, width: int = 0, ends: Sequence[int] = ()) -> None:
        """`tokenizer` is a fast one of transformers; `ends` its tokens that end an answer (none: its eos token).

        `width` is how many logits the model gives, where they are more than the tokenizer has tokens.
        Raises ConfigurationError without llguidance, Unimplemented for a tokenizer that it cannot read.
        """
        try:
            import llguidance  # noqa: PLC0415
            import llguidance.hf  # noqa: PLC0415
        except ImportError:
            raise ConfigurationError('JSON by schema needs llguidance: pip install "pollux[transformers]".') from None
        self._library = llguidance
        self._tokenizer = tokenizer
        try:
            self._words = llguidance.hf.from_tokenizer(
                tokenizer, n_vocab=max(width, len(tokenizer)), eos_token=list(ends) or None
            )
        except ValueError as error:
            raise Unimplemented(f"This model's tokenizer cannot be guided by a schema: {error}.") from None
        self._limits = llguidance.LLParserLimits(max_items_in_row=ITEMS, verbose_errors=False)
        self._lock = threading.Lock()
        self._made: OrderedDict[bytes, Any] = OrderedDict()

    def start(self, prompt: Prompt, *, after: str = "", call: tuple[str, str, str] | None = None) -> Match | None:
        """A new answer to a prompt, None where any text will do.

        `after`: all is free until this has been written, the tag that ends thinking.  `call`: how this family writes a
        call (before its JSON, after it, the key of the arguments: ("<tool_call>\\n", "\\n</tool_call>", "arguments")),
        for prompts that must call (mode ANY).  Raises InvalidArgument naming the field and what cannot be had.
        """
        mime = prompt.config.response_mime_type
        if call is not None and calling(prompt)[0] == "ANY" and offered(prompt):
            functions = {one.name: parameters(one) for one in offered(prompt)}
            return self.calls(functions, call, after=after)
        if prompt.schema is None:
            return self.json(after=after) if mime == JSON else None
        named = "responseSchema" if prompt.config.response_schema is not None else "responseJsonSchema"
        field = f"generationConfig.{named}"
        if mime == ENUM:
            return self.choice([one for one in prompt.schema["enum"] if isinstance(one, str)], field, after=after)
        return self.schema(prompt.schema, field, after=after)

    def schema(self, schema: Mapping[str, Any], field: str = "schema", *, after: str = "") -> Match:
        """JSON that validates; its properties come in the order of the schema (propertyOrdering, where there is one).

        Raises InvalidArgument naming `field`, for keywords that cannot be guided, and schemas nothing can satisfy.
        """
        try:
            grammar = self._json(plain(schema))
        except RecursionError:
            raise _refused(field, _DEEP) from None
        return self._start(grammar, field, after)

    def choice(self, values: Sequence[str], field: str = "enum", *, after: str = "") -> Match:
        """One of the values, bare."""
        return self._start("start: " + " | ".join(map(_literal, values)), field, after)

    def json(self, *, after: str = "") -> Match:
        """Any JSON object or array."""
        return self._start(self._json({"anyOf": [{"type": "object"}, {"type": "array"}]}), "responseMimeType", after)

    def calls(
        self, functions: Mapping[str, Mapping[str, Any]], form: tuple[str, str, str], *, after: str = ""
    ) -> Match:
        """A call of one of the functions, {name: parameters as JSON Schema}, written in `form` (see `start`)."""
        before, behind, key = form
        options = [
            {
                "type": "object",
                "properties": {"name": {"const": name}, key: plain(schema)},
                "required": ["name", key],
                "additionalProperties": False,
            }
            for name, schema in functions.items()
        ]
        lines = [f"start: {self._marker(before)} call {self._marker(behind)}", _rule("call", {"anyOf": options})]
        return self._start("\n".join(lines), "tools.functionDeclarations", after)

    def _json(self, schema: Mapping[str, Any]) -> str:
        return "start: answer\n" + _rule("answer", schema)

    def _marker(self, text: str) -> str:
        """A literal, in which added tokens of the tokenizer, special or not, are those tokens, not their letters."""
        known = {token: number for token, number in self._tokenizer.get_added_vocab().items() if token in text}
        found = re.split("(" + "|".join(map(re.escape, known)) + ")", text) if known else [text]
        return " ".join(f"<[{known[one]}]>" if one in known else _literal(one) for one in found if one) or '""'

    def _start(self, grammar: str, field: str, after: str) -> Match:
        key = blake2b(grammar.encode(errors="surrogatepass"), digest_size=16).digest()
        with self._lock:
            fresh = self._made.get(key)
            if fresh is not None:
                self._made.move_to_end(key)
        if fresh is None:
            fresh = self._make(grammar, field)
            with self._lock:
                self._made[key] = fresh
                while len(self._made) > KEPT:
                    self._made.popitem(last=False)
        with self._lock:
            return Match(fresh.deep_copy(), self._words, field, self._tokenizer if after else None, after)

    def _make(self, grammar: str, field: str) -> Any:
        try:
            source = self._library.LLMatcher.grammar_from_lark(grammar)
            made = self._library.LLMatcher(self._words, source, log_level=0, limits=self._limits)
        except ValueError as error:
            raise _refused(field, str(error)) from None
        if not made.is_error():
            made.compute_bitmask()  # some schemas fail only when they are first used
        if made.is_error():
            raise _refused(field, made.get_error())
        return made


class Match:
    """One answer under way: `mask` the logits, choose a token, `advance` by it."""

    def __init__(self, matcher: Any, words: Any, field: str, tokenizer: Any, after: str) -> None:
        self._matcher = matcher
        self._field = field
        self._bits = np.zeros((words.vocab_size + 31) // 32, np.int32)
        self._ends = frozenset(words.eos_tokens)
        self._tokenizer, self._after, self._free = tokenizer, after, list[int]()
        self._stopped = False

    @property
    def waiting(self) -> bool:
        """Whether all is still free, because the model thinks."""
        return bool(self._after)

    @property
    def complete(self) -> bool:
        """Whether what was written is a whole answer, of the form that was asked for."""
        return not self._after and bool(self._matcher.is_accepting())

    @property
    def over(self) -> bool:
        """Whether nothing may follow but the end."""
        return self._stopped or (not self._after and bool(self._matcher.is_stopped()))

    def mask(self, logits: Any) -> None:
        """Sets what may not come to minus infinity, in place: `logits` (vocabulary,), a tensor on any device.

        Raises InvalidArgument when the form became too complex to follow.
        """
        if self._after:
            return
        import torch  # noqa: PLC0415

        self._matcher.unsafe_compute_mask_ptr(self._bits.ctypes.data, self._bits.nbytes)
        if self._matcher.is_error():
            raise _refused(self._field, self._matcher.get_error())
        allowed = np.unpackbits(self._bits.view(np.uint8), bitorder="little")[: logits.shape[-1]].astype(bool)
        known = allowed.shape[0]
        logits[known:] = float("-inf")
        logits[:known].masked_fill_(torch.from_numpy(~allowed).to(logits.device), float("-inf"))

    def advance(self, token: int) -> None:
        """Goes on by a token that the mask allowed.  Raises InvalidArgument for one that it did not."""
        if self._after:
            self._think(token)
        elif not self._stopped:
            if not self._matcher.consume_token(token):
                raise _refused(self._field, self._matcher.get_error())
            self._stopped = token in self._ends

    def _think(self, token: int) -> None:
        if token in self._ends:  # an answer that ended in mid-thought
            self._stopped = True
            return
        self._free = [*self._free[1 - TAIL :], token]
        if self._after in self._tokenizer.decode(self._free, skip_special_tokens=False):
            self._after = ""


def _rule(name: str, schema: Mapping[str, Any]) -> str:
    options = {"whitespace_pattern": _SPACES, "coerce_one_of": True}
    return f"{name}: %json " + json.dumps({**schema, "x-guidance": options})


def _literal(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _refused(field: str, reason: str) -> InvalidArgument:
    """What llguidance says, in one line, in our words where the case is known."""
    unknown = _UNKNOWN.search(reason)
    short = " ".join(_PLACE.sub("", reason.split("<state>")[0]).split())[:160]
    if unknown:
        message = f"{field} uses {unknown['key']}, which guided decoding does not know: leave it out."
    elif _DEEP in reason:
        message = f"{field} is nested too deeply for guided decoding."
    elif any(word in reason for word in ("fuel", "too large", "too many", "max is", "limit", "literal invalid")):
        message = f"{field} is too complex for guided decoding: simplify it."
    else:
        message = f"{field} cannot guide an answer: {short}"
    return InvalidArgument(message, field=field)
