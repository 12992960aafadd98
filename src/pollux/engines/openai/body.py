"""A prompt as the body of a chat completion, in the words of the servers that are served."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pollux.engines.base import Prompt
from pollux.engines.openai.options import Options
from pollux.wire.content import FunctionDeclaration
from pollux.wire.generate import GenerationConfig
from pollux.wire.schema import to_json_schema

Json = dict[str, Any]
ENUM = "text/x.enum"
_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
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
    return _merged(out, options.extra)


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
        out |= {"logprobs": True, "top_logprobs": config.logprobs or 0}
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
    calling = prompt.tool_config.function_calling_config if prompt.tool_config is not None else None
    allowed = calling.allowed_function_names if calling is not None else ()
    offered = [one for one in declared(prompt) if not allowed or one.name in allowed]
    if not offered:
        return {}
    out: Json = {"tools": [{"type": "function", "function": _function(one)} for one in offered]}
    mode = calling.mode if calling is not None else ""
    if mode == "ANY" and len(offered) == 1:
        out["tool_choice"] = {"type": "function", "function": {"name": offered[0].name}}
    elif mode in ("ANY", "NONE"):
        out["tool_choice"] = {"ANY": "required", "NONE": "none"}[mode]
    return out


def declared(prompt: Prompt) -> list[FunctionDeclaration]:
    """Every function that the caller offers."""
    return [one for tool in prompt.tools for one in tool.function_declarations]


def _function(one: FunctionDeclaration) -> Json:
    if one.parameters_json_schema is not None:
        parameters = one.parameters_json_schema
    elif one.parameters is not None:
        parameters = to_json_schema(one.parameters)
    else:
        parameters = {"type": "object", "properties": {}}
    return {"name": one.name, "description": one.description, "parameters": ordered(parameters)}


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


def ordered(schema: Mapping[str, Any]) -> Json:
    """The schema with its properties as propertyOrdering has them: constrained decoders write in that order."""
    out: Json = {}
    for name, value in schema.items():
        if name == "propertyOrdering":
            continue
        if name in _MAPS and isinstance(value, dict):
            out[name] = {key: ordered(child) if isinstance(child, dict) else child for key, child in value.items()}
        elif name in ("enum", "const", "default", "examples"):
            out[name] = value
        elif isinstance(value, dict):
            out[name] = ordered(value)
        elif isinstance(value, list):
            out[name] = [ordered(item) if isinstance(item, dict) else item for item in value]
        else:
            out[name] = value
    order, children = schema.get("propertyOrdering"), out.get("properties")
    if isinstance(order, list) and isinstance(children, dict):
        first = {name: children[name] for name in order if isinstance(name, str) and name in children}
        out["properties"] = first | children
    return out


def _merged(one: Json, more: Mapping[str, Any]) -> Json:
    """`more` wins; objects in both are joined."""
    out = dict(one)
    for name, value in more.items():
        mine = out.get(name)
        out[name] = _merged(mine, value) if isinstance(mine, dict) and isinstance(value, Mapping) else value
    return out
