"""The functions that a caller offers, as chat templates and OpenAI's API name them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pollux.engines.base import Prompt
from pollux.wire.content import FunctionDeclaration
from pollux.wire.schema import to_json_schema

Json = dict[str, Any]
_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")


def declared(prompt: Prompt) -> list[FunctionDeclaration]:
    """Every function that the caller offers."""
    return [one for tool in prompt.tools for one in tool.function_declarations]


def offered(prompt: Prompt) -> list[FunctionDeclaration]:
    """Those of them that may be called."""
    allowed = calling(prompt)[1]
    return [one for one in declared(prompt) if not allowed or one.name in allowed]


def calling(prompt: Prompt) -> tuple[str, tuple[str, ...]]:
    """(the mode of function calling, "" where none is given, the names that are allowed, none for all)."""
    config = prompt.tool_config.function_calling_config if prompt.tool_config is not None else None
    return (config.mode, config.allowed_function_names) if config is not None else ("", ())


def tool(one: FunctionDeclaration) -> Json:
    """One function, {"type": "function", "function": {name, description, parameters}}."""
    function = {"name": one.name, "description": one.description, "parameters": ordered(parameters(one))}
    return {"type": "function", "function": function}


def parameters(one: FunctionDeclaration) -> Json:
    """Its parameters as JSON Schema."""
    if one.parameters_json_schema is not None:
        schema: Json = one.parameters_json_schema
        return schema
    if one.parameters is not None:
        return to_json_schema(one.parameters)
    return {"type": "object", "properties": {}}


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
