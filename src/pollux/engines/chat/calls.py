"""Calls of functions in a model's text, in the forms in which families are trained to write them.

- Hermes, Qwen:      <tool_call>{"name": "f", "arguments": {"x": 1}}</tool_call>
- Qwen 3 Coder, 3.5: <tool_call><function=f><parameter=x>1</parameter></function></tool_call>
- GLM 4.5:           <tool_call>f<arg_key>x</arg_key><arg_value>1</arg_value></tool_call>
- Mistral:           [TOOL_CALLS][{"name": "f", "arguments": {"x": 1}}] or [TOOL_CALLS]f[ARGS]{"x": 1}
- Llama 3:           {"name": "f", "parameters": {"x": 1}}, alone or behind <|python_tag|>
- Gemma 4:           <|tool_call>call:f{x:1,y:<|"|>text<|"|>}<tool_call|>
- Python's own form: <|tool_call_start|>[f(x=1)]<|tool_call_end|> (LFM 2), ```tool_code f(x=1)``` (Gemma 3)
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pollux.engines.base import Call, Text

_REGIONS = {
    "<tool_call>": "</tool_call>",
    "[TOOL_CALLS]": "[/TOOL_CALLS]",
    "<|python_tag|>": "<|eom_id|>",
    "<|tool_call>": "<tool_call|>",
    "<|tool_call_start|>": "<|tool_call_end|>",
    "```tool_code": "```",
}
"""How a call begins, and how it ends unless the text does."""
MARKS = tuple(_REGIONS)
_FUNCTION = re.compile(r"<function=([^>\s]+)>(.*?)(?:</function>|\Z)", re.DOTALL)
_PARAMETER = re.compile(r"<parameter=([^>\s]+)>\n?(.*?)\n?</parameter>", re.DOTALL)
_ARGUMENT = re.compile(r"<arg_key>(.*?)</arg_key>\s*<arg_value>(.*?)</arg_value>", re.DOTALL)
_NAMED = re.compile(r"\s*([\w.-]+)\s*(?:\[CALL_ID\][\w-]+)?\s*(?:\[ARGS\])?\s*(?=\{)")
_GEMMA = re.compile(r"\s*call:([\w.-]+)\s*(\{.*\})\s*", re.DOTALL)
_QUOTED = re.compile(r'<\|"\|>(.*?)<\|"\|>', re.DOTALL)
_KEY = re.compile(r"([{,]\s*)([A-Za-z_][\w.-]*)\s*:")
_DECODER = json.JSONDecoder()


@dataclass
class Calls:
    """Parts calls from text as it comes: from the first mark on, everything is held until the end.

    `schemas` are the parameters of the functions that may be called, by name; without any, all is text.  `bare`: an
    answer that begins with a brace may be a call without a mark.
    """

    schemas: Mapping[str, Mapping[str, Any]]
    bare: bool = False
    _held: str = ""
    _begun: bool = False
    _calling: bool = False
    problem: tuple[str, str] | None = field(default=None, init=False)
    """A finish reason of the wire and its message, where a call could not be read or was none of the offered."""

    def feed(self, text: str) -> Iterator[Text]:
        """What is certainly text."""
        if not self.schemas:
            yield Text(text)
            return
        self._held += text
        if self._calling:
            return
        if self.bare and not self._begun:
            start = self._held.lstrip()
            if not start:
                return
            self._calling = start.startswith("{")
        self._begun = True
        if self._calling:
            return
        at = min((found for mark in MARKS if (found := self._held.find(mark)) >= 0), default=-1)
        self._calling = at >= 0
        cut = at if self._calling else len(self._held) - self._undecided()
        ready, self._held = self._held[:cut], self._held[cut:]
        if ready:
            yield Text(ready)

    def flush(self) -> Iterator[Text | Call]:
        """What was held, at the end."""
        held, self._held = self._held, ""
        if not self._calling:
            if held:
                yield Text(held)
            return
        calls, rest = read(held, self.schemas)
        if not any(mark in held for mark in MARKS) and not (calls and all(name in self.schemas for name, _ in calls)):
            yield Text(held)  # JSON, but no call
            return
        if rest.strip():
            yield Text(rest)
        for name, arguments in calls:
            if arguments is None:
                self.problem = ("MALFORMED_FUNCTION_CALL", f"The model's call of {name[:128]!r} cannot be read.")
            elif name not in self.schemas:
                self.problem = ("UNEXPECTED_TOOL_CALL", f"The model called {name[:128]!r}, which is not declared.")
            else:
                yield Call(name, arguments)
                continue
            return

    def _undecided(self) -> int:
        """How many last characters may be the beginning of a mark."""
        longest = min(max(map(len, MARKS)) - 1, len(self._held))
        tails = (n for n in range(longest, 0, -1) if any(mark.startswith(self._held[-n:]) for mark in MARKS))
        return next(tails, 0)


Found = tuple[str, Mapping[str, Any] | None]


def read(text: str, schemas: Mapping[str, Mapping[str, Any]]) -> tuple[list[Found], str]:
    """(the calls in a text that has some, None for arguments that cannot be read, and the text around them)."""
    calls: list[Found] = []
    around: list[str] = []
    while text:
        at, mark = min(((found, mark) for mark in MARKS if (found := text.find(mark)) >= 0), default=(-1, ""))
        if at < 0:
            alone = _objects(text) if not calls and text.lstrip().startswith("{") else []
            calls += alone
            around += [] if alone else [text]
            break
        around.append(text[:at])
        inside, _, text = text[at + len(mark) :].partition(_REGIONS[mark])
        calls += _inside(inside, schemas) or [("", None)]
    return calls, "".join(around)


def _inside(text: str, schemas: Mapping[str, Mapping[str, Any]]) -> list[Found]:
    if "<function=" in text:
        return [
            (name, _typed(dict(_PARAMETER.findall(body)), schemas.get(name))) for name, body in _FUNCTION.findall(text)
        ]
    if "<arg_key>" in text:
        name = text.partition("<arg_key>")[0].strip()
        return [(name, _typed(dict(_ARGUMENT.findall(text)), schemas.get(name)))]
    if (gemma := _GEMMA.fullmatch(text)) is not None:
        return [(gemma[1], _unquoted(gemma[2]))]
    return _objects(text) or _named(text) or _python(text)


def _objects(text: str) -> list[Found]:
    """JSON objects {"name", "arguments" or "parameters"}, one or a list, or several one after the other."""
    out: list[Found] = []
    rest = text.strip()
    while rest:
        try:
            value, end = _DECODER.raw_decode(rest)
        except (ValueError, RecursionError):
            return out
        for one in value if isinstance(value, list) else [value]:
            if not isinstance(one, dict) or not isinstance(one.get("name"), str):
                return out
            given = one.get("arguments", one.get("parameters", {}))
            out.append((one["name"], _object(given) if isinstance(given, str) else _as_object(given)))
        rest = rest[end:].lstrip(" \n;,")
    return out


def _named(text: str) -> list[Found]:
    """f{...} or f[ARGS]{...}, several one after the other."""
    out: list[Found] = []
    at = 0
    while (found := _NAMED.match(text, at)) is not None:
        try:
            value, at = _DECODER.raw_decode(text, found.end())
        except (ValueError, RecursionError):
            return [*out, (found[1], None)]
        out.append((found[1], _as_object(value)))
    return out


def _python(text: str) -> list[Found]:
    """f(x=1), alone, in a list, or line by line; arguments must be literals."""
    try:
        tree = ast.parse(text.strip())
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    nodes = [node for one in tree.body if isinstance(one, ast.Expr) for node in _listed(one.value)]
    out: list[Found] = []
    for node in nodes:
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func).removesuffix(".call")
            try:
                out.append((name, {key.arg or "": ast.literal_eval(key.value) for key in node.keywords}))
            except ValueError:
                out.append((name, None))
    return out


def _listed(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print" and node.args:
        return node.args  # Gemma 3 prints what it calls
    return node.elts if isinstance(node, ast.List | ast.Tuple) else [node]


def _unquoted(text: str) -> Mapping[str, Any] | None:
    """An object whose keys have no quotes, and whose strings stand between <|"|>."""
    strings: list[str] = []

    def kept(found: re.Match[str]) -> str:
        strings.append(json.dumps(found[1]))
        return f'"\x00{len(strings) - 1}\x00"'

    plain = _KEY.sub(r'\1"\2":', _QUOTED.sub(kept, text))
    return _object(re.sub('"\x00(\\d+)\x00"', lambda found: strings[int(found[1])], plain))


def _typed(arguments: Mapping[str, str], schema: Mapping[str, Any] | None) -> Mapping[str, Any]:
    """Texts as what their parameter is: JSON, unless that is a string."""
    properties = (schema or {}).get("properties", {})
    out: dict[str, Any] = {}
    for name, text in arguments.items():
        out[name] = text
        if properties.get(name, {}).get("type") not in ("string", "STRING"):
            try:
                out[name] = json.loads(text)
            except (ValueError, RecursionError):
                continue
    return out


def _object(text: str) -> Mapping[str, Any] | None:
    try:
        return _as_object(json.loads(text))
    except (ValueError, RecursionError):
        return None


def _as_object(value: Any) -> Mapping[str, Any] | None:
    if value is None:
        return {}
    return value if isinstance(value, dict) else None
