"""A prompt as the body of a chat completion, in the words of the servers that are served."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pollux.engines.base import Prompt
from pollux.engines.chat.boxes import ENUM
from pollux.engines.chat.functions import calling, offered, ordered, tool
from pollux.engines.openai.options import Options
from pollux.wire.generate import GenerationConfig

Json = dict[str, Any]
_EFFORTS = {"MINIMAL": "minimal", "LOW": "low", "MEDIUM": "medium", "HIGH": "high"}


def body(prompt: Prompt, options: Options, messages: list[Json]) -> Json:
    """The whole body.  It always asks for a stream: closing it is the one way to stop such a server."""
    out: Json = {
        "model": options.model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    out |= _sampling(prompt.config, prompt.seed)
    out |= _thinking(prompt.config)
    out |= _tools(prompt)
    out |= _format(prompt, options)
    whole = _merged(out, options.extra)
    return {name: value for name, value in whole.items() if name not in options.omit}


def _sampling(config: GenerationConfig, seed: int | None) -> Json:
    """top_k is none of OpenAI's; all servers named in this package know it."""
    values = {
        "temperature": config.temperature,
        "top_p": config.top_p,
        "top_k": int(config.top_k) if config.top_k is not None else None,
        "max_tokens": config.max_output_tokens,
        "stop": list(config.stop_sequences) or None,
        "seed": seed,
        "presence_penalty": config.presence_penalty,
        "frequency_penalty": config.frequency_penalty,
    }
    out = {name: value for name, value in values.items() if value is not None}
    if config.response_logprobs or config.logprobs is not None:
        # Of 0 llama.cpp gives none at all; what was not asked for, `reading` leaves out.
        out |= {"logprobs": True, "top_logprobs": max(1, config.logprobs or 0)}
    return out


def _thinking(config: GenerationConfig) -> Json:
    """A level is OpenAI's reasoning_effort; "off" is the switch of the chat templates that have one."""
    thinking = config.thinking_config
    if thinking is None:
        return {}
    if thinking.thinking_budget == 0:
        return {"chat_template_kwargs": {"enable_thinking": False}}
    effort = _EFFORTS.get(thinking.thinking_level)
    return {"reasoning_effort": effort} if effort else {}


def _tools(prompt: Prompt) -> Json:
    functions, mode = offered(prompt), calling(prompt)[0]
    if not functions:
        return {}
    out: Json = {"tools": [tool(one) for one in functions]}
    if mode in ("ANY", "NONE"):  # never a function's name: one that is alone needs none, and llama.cpp ignores it
        out["tool_choice"] = {"ANY": "required", "NONE": "none"}[mode]
    return out


def _format(prompt: Prompt, options: Options) -> Json:
    if prompt.schema is None:
        json_wanted = prompt.config.response_mime_type == "application/json"
        return {"response_format": {"type": "json_object"}} if json_wanted else {}
    schema, choice = ordered(prompt.schema), prompt.config.response_mime_type == ENUM
    if options.guide == "guided_json":
        return {"guided_choice": schema["enum"]} if choice else {"guided_json": schema}
    if options.guide == "structured_outputs":
        return {"structured_outputs": {"choice": schema["enum"]} if choice else {"json": schema}}
    form = {"name": "answer", "strict": True, "schema": schema}
    return {"response_format": {"type": "json_schema", "json_schema": form}}


def _merged(one: Json, more: Mapping[str, Any]) -> Json:
    """`more` wins; objects in both are joined."""
    out = dict(one)
    for name, value in more.items():
        mine = out.get(name)
        out[name] = _merged(mine, value) if isinstance(mine, dict) and isinstance(value, Mapping) else value
    return out
