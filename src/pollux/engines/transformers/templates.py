"""A model's chat template: what it can say is tried, not read off names; what it cannot is said in other words."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pollux.engines.chat.tags import CLOSES, OPENS
from pollux.errors import InvalidArgument

Json = dict[str, Any]
_ASIDE = "zebra", "walrus"  # words that no template has of itself
_TOOLS = (
    "You may call these functions:\n{functions}\n"
    'To call one, answer only with <tool_call>{{"name": its name, "arguments": {{its arguments}}}}</tool_call>.'
)
CALL = ("<tool_call>\n", "\n</tool_call>", "arguments")
"""How a call is written: before its JSON, behind it, and the key of its arguments."""


@dataclass(frozen=True, slots=True)
class Template:
    """One model's; `owner` is its processor or its tokenizer, None for models without a template.

    `parts`: a message is a list of parts, not a text.  `system`: it has system messages.  `tools`: it takes functions.
    `bare`: calls may come without a mark.  `controls`: tokens that nobody but the template may write.
    """

    owner: Any
    parts: bool = True
    system: bool = True
    tools: bool = True
    bare: bool = False
    call: tuple[str, str, str] = CALL
    controls: tuple[str, ...] = ()

    @classmethod
    def of(cls, processor: Any, tokenizer: Any) -> Template:
        """Found out by rendering."""
        owner = next((one for one in (processor, tokenizer) if getattr(one, "chat_template", None)), None)
        if owner is None:
            return cls(None, system=False, tools=False)
        asked, user = ({"role": role, "content": word} for role, word in zip(("system", "user"), _ASIDE, strict=True))
        listed = _rendered(owner, [_in_parts(user)])
        parts = _ASIDE[1] in listed and "'type'" not in listed and '"type"' not in listed
        told = _rendered(owner, [_in_parts(asked), _in_parts(user)] if parts else [asked, user])
        source = json.dumps(owner.chat_template)
        marked = [mark for mark in ("<tool_call>", "[TOOL_CALLS]", "<|tool_call") if mark in source]
        call = CALL
        if "[TOOL_CALLS]" in marked:
            call = ("[TOOL_CALLS][", "]", "arguments")
        elif not marked and "parameters" in source:
            call = ("", "", "parameters")
        tools = "tools" in source
        system = all(word in told for word in _ASIDE)
        return cls(owner, parts, system, tools, tools and not marked, call, controls_of(tokenizer))

    @property
    def thinks(self) -> bool:
        """Whether it can be told to think, or not to."""
        return self.owner is not None and "enable_thinking" in json.dumps(self.owner.chat_template)

    def messages(self, given: Sequence[Json], functions: Sequence[Json]) -> list[Json]:
        """The messages as it takes them; without `tools` functions, calls and results become words."""
        # What looks like a control token in somebody's words is to stay words: a space makes it that.  transformers'
        # sanitize_control_tokens does the same without the space, but not yet with every family's processor (5.23).
        out = [_spaced(message, self.controls) for message in given]
        if functions and not self.tools:
            listed = "\n".join(json.dumps(one["function"], ensure_ascii=False) for one in functions)
            out = [{"role": "system", "content": _TOOLS.format(functions=listed)}, *out]
        out = [_as_words(message) if not self.tools else _as_objects(message) for message in out]
        return [_in_parts(message) if self.parts else message for message in self._merged(out)]

    def words(self, messages: Sequence[Json], functions: Sequence[Json], **more: Any) -> str:
        """The whole prompt as text.  Raises InvalidArgument where the template refuses the conversation."""
        return str(_apply(self.owner, messages, functions, tokenize=False, **more))

    def inputs(self, messages: Sequence[Json], functions: Sequence[Json], images: Json, **more: Any) -> Json:
        """The prompt as tensors; `images` are options of the image processor."""
        settings: Json = {"tokenize": True, "return_dict": True, "return_tensors": "pt"}
        if images:
            settings["processor_kwargs"] = {"images_kwargs": images}
        return dict(_apply(self.owner, messages, functions, **settings, **more))

    def _merged(self, messages: list[Json]) -> list[Json]:
        """Neighbours of one role as one message; without `system`, its words begin the first of the user's."""
        out: list[Json] = []
        for message in messages:
            role = message["role"]
            if role == "system" and not self.system:
                message = {**message, "role": "user"}
            last = out[-1] if out else None
            if (
                last
                and last["role"] == message["role"] != "tool"
                and not (last.keys() | message.keys()) & {"tool_calls"}
            ):
                out[-1] = {**last, "content": _joined(last["content"], message["content"])}
            else:
                out.append(message)
        return out


def opened(words: str) -> bool:
    """Whether a prompt ends in the midst of thinking."""
    return words.rfind(OPENS) > words.rfind(CLOSES) and not words.rpartition(OPENS)[2].strip()


def _joined(one: str | list[Json], other: str | list[Json]) -> str | list[Json]:
    if isinstance(one, str) and isinstance(other, str):
        return f"{one}\n\n{other}"
    return [*_listed(one), {"type": "text", "text": "\n\n"}, *_listed(other)]


def _listed(content: str | list[Json]) -> list[Json]:
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _in_parts(message: Json) -> Json:
    return {**message, "content": _listed(message["content"])}


def controls_of(tokenizer: Any) -> tuple[str, ...]:
    """The texts of all its special tokens, named or not."""
    added = (token.content for token in tokenizer.added_tokens_decoder.values() if token.special)
    return tuple(dict.fromkeys((*tokenizer.all_special_tokens, *added)))


def _spaced(message: Json, controls: Sequence[str]) -> Json:
    """Its words with a space in whatever looks like a control token: "<|im_end|>" becomes "< |im_end|>"."""

    def plain(text: str) -> str:
        if not any(first in text for first in {one[0] for one in controls}):
            return text
        for one in controls:
            text = text.replace(one, f"{one[0]} {one[1:]}")
        return text

    content = message["content"]
    if isinstance(content, str):
        return {**message, "content": plain(content)}
    parts = [{**part, "text": plain(part["text"])} if part["type"] == "text" else part for part in content]
    return {**message, "content": parts}


def _as_objects(message: Json) -> Json:
    """Arguments of calls as objects: templates write them as JSON themselves."""
    if "tool_calls" not in message:
        return message
    calls = [
        {**call, "function": {**call["function"], "arguments": json.loads(call["function"]["arguments"])}}
        for call in message["tool_calls"]
    ]
    return {**message, "tool_calls": calls}


def _as_words(message: Json) -> Json:
    """Calls and results in the words in which they were explained."""
    if message["role"] == "tool":
        name = json.dumps(message.get("name", ""), ensure_ascii=False)
        return {
            "role": "user",
            "content": f'<tool_response>{{"name": {name}, "result": {message["content"]}}}</tool_response>',
        }
    calls = message.get("tool_calls", ())
    if not calls:
        return message
    said = [message["content"]] if message["content"] else []
    for call in calls:
        name, arguments = json.dumps(call["function"]["name"], ensure_ascii=False), call["function"]["arguments"]
        said.append(f'<tool_call>{{"name": {name}, "arguments": {arguments}}}</tool_call>')
    return {"role": message["role"], "content": "\n".join(said)}


def _rendered(owner: Any, messages: Sequence[Json]) -> str:
    """What becomes of messages; nothing where the template refuses them."""
    try:
        return str(_apply(owner, messages, (), tokenize=False))
    except InvalidArgument:
        return ""


def _apply(owner: Any, messages: Sequence[Json], functions: Sequence[Json], **more: Any) -> Any:
    import jinja2  # noqa: PLC0415

    tools: Mapping[str, Any] = {"tools": list(functions)} if functions else {}
    try:
        return owner.apply_chat_template(list(messages), add_generation_prompt=True, **tools, **more)
    except (jinja2.TemplateError, TypeError, KeyError) as error:
        reason = " ".join(str(error).split())[:200]
        message = f"contents: this model's chat template does not take such a conversation: {reason}"
        raise InvalidArgument(message, field="contents") from None
