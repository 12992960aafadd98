"""What a request may say: ranges and combinations that types alone cannot rule out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pollux.errors import InvalidArgument, Unimplemented
from pollux.wire.content import Content, FunctionDeclaration, Part, Tool, ToolConfig
from pollux.wire.generate import GenerateContentRequest, GenerationConfig, SafetySetting
from pollux.wire.schema import check_schema, schema_size, to_json_schema

CONFIG = "generationConfig"
_RANGES: Mapping[str, tuple[str, float, float]] = {
    "temperature": ("temperature", 0.0, 2.0),
    "top_p": ("topP", 0.0, 1.0),
    "top_k": ("topK", 1, 2**31 - 1),
    "candidate_count": ("candidateCount", 1, 8),
    "max_output_tokens": ("maxOutputTokens", 1, 2**31 - 1),
    "presence_penalty": ("presencePenalty", -2.0, 2.0),
    "frequency_penalty": ("frequencyPenalty", -2.0, 2.0),
    "logprobs": ("logprobs", 0, 20),
}
_MIME_TYPES = ("", "text/plain", "application/json", "text/x.enum")
_UNBUILT_TOOLS: Mapping[str, str] = {
    "code_execution": "The codeExecution tool",
    "url_context": "The urlContext tool",
    "google_maps": "The googleMaps tool",
    "file_search": "The fileSearch tool",
    "computer_use": "The computerUse tool",
    "mcp_servers": "The mcpServers tool",
}
_UNBUILT_CONFIG: Mapping[str, str] = {
    "speech_config": "Speech output (speechConfig)",
    "translation_config": "Speech translation (translationConfig)",
    "audio_transcription_config": "Audio transcription (audioTranscriptionConfig)",
    "response_format": "generationConfig.responseFormat",
}
MOST_STOP_SEQUENCES = 5
MOST_FUNCTIONS = 512
MOST_TOOL_NODES = 10_000
"""Nodes of all functions' parameters together: checking takes a fifth of a millisecond each."""


def unbuilt(feature: str) -> Unimplemented:
    """501 naming the feature."""
    return Unimplemented(f"{feature} is not built yet on this server.")


def check_config(config: GenerationConfig) -> None:
    """Ranges, counts and combinations of generationConfig.  Raises InvalidArgument or Unimplemented."""
    for attribute, (name, low, high) in _RANGES.items():
        value = getattr(config, attribute)
        if value is not None and not low <= value <= high:
            field = f"{CONFIG}.{name}"
            raise InvalidArgument(f"{field} must be between {low:g} and {high:g}, not {value:g}.", field=field)
    if len(config.stop_sequences) > MOST_STOP_SEQUENCES or "" in config.stop_sequences:
        field = f"{CONFIG}.stopSequences"
        raise InvalidArgument(f"{field} takes at most {MOST_STOP_SEQUENCES} non-empty strings.", field=field)
    if config.response_mime_type not in _MIME_TYPES:
        field = f"{CONFIG}.responseMimeType"
        allowed = ", ".join(_MIME_TYPES[1:])
        raise InvalidArgument(f"{field}: {config.response_mime_type!r} is not one of {allowed}.", field=field)
    thinking = config.thinking_config
    if thinking is not None and thinking.thinking_budget is not None:
        field = f"{CONFIG}.thinkingConfig"
        if thinking.thinking_level not in ("", "THINKING_LEVEL_UNSPECIFIED"):
            raise InvalidArgument(f"{field}: give thinkingBudget or thinkingLevel, not both.", field=field)
        if thinking.thinking_budget < -1:
            raise InvalidArgument(f"{field}.thinkingBudget must be -1 (dynamic), 0 (off) or more.", field=field)
    for attribute, feature in _UNBUILT_CONFIG.items():
        if getattr(config, attribute) is not None:
            raise unbuilt(feature)


def response_schema(config: GenerationConfig) -> dict[str, Any] | None:
    """The schema an answer must validate against, as JSON Schema.  Raises InvalidArgument naming the field."""
    if config.response_schema is not None and config.response_json_schema is not None:
        field = f"{CONFIG}.responseJsonSchema"
        raise InvalidArgument(f"{field} and responseSchema exclude each other: give one.", field=field)
    if config.response_schema is not None:
        field, schema = f"{CONFIG}.responseSchema", to_json_schema(config.response_schema)
    elif config.response_json_schema is not None:
        field, schema = f"{CONFIG}.responseJsonSchema", config.response_json_schema
    elif config.response_mime_type == "text/x.enum":
        field = f"{CONFIG}.responseMimeType"
        raise InvalidArgument(f"{field}: text/x.enum needs a responseSchema with an enum.", field=field)
    else:
        return None
    if config.response_mime_type not in ("application/json", "text/x.enum"):
        message = f"{field} needs responseMimeType application/json or text/x.enum."
        raise InvalidArgument(message, field=f"{CONFIG}.responseMimeType")
    checked = check_schema(schema, field)
    if config.response_mime_type == "text/x.enum" and not _strings(checked.get("enum")):
        raise InvalidArgument(f"{field}: text/x.enum needs an enum of strings.", field=field)
    return checked


def _strings(values: Any) -> bool:
    return isinstance(values, list) and any(isinstance(v, str) for v in values)


def check_tools(tools: tuple[Tool, ...], config: ToolConfig | None) -> None:
    """Tools that exist, functions with usable names and parameters, a calling config that fits them."""
    names: set[str] = set()
    nodes = 0
    for i, tool in enumerate(tools):
        for attribute, feature in _UNBUILT_TOOLS.items():
            if getattr(tool, attribute) not in (None, ()):
                raise unbuilt(feature)
        for j, declaration in enumerate(tool.function_declarations):
            field = f"tools[{i}].functionDeclarations[{j}]"
            if not declaration.name or len(declaration.name) > 128:
                message = f"{field}.name must have 1 to 128 characters."
                raise InvalidArgument(message, field=f"{field}.name")
            if declaration.name in names:
                message = f"{field}.name: {declaration.name!r} is declared twice."
                raise InvalidArgument(message, field=f"{field}.name")
            names.add(declaration.name)
            nodes += _check_parameters(declaration, field)
            if nodes > MOST_TOOL_NODES:
                message = f"tools: the parameters together are too large: at most {MOST_TOOL_NODES} nodes."
                raise InvalidArgument(message, field="tools")
    if len(names) > MOST_FUNCTIONS:
        raise InvalidArgument(f"tools: at most {MOST_FUNCTIONS} functions may be declared.", field="tools")
    _check_calling(config, names)


def _check_parameters(declaration: FunctionDeclaration, field: str) -> int:
    """The nodes of a function's parameters, which are a schema that can be used."""
    if declaration.parameters_json_schema is not None:
        return schema_size(check_schema(declaration.parameters_json_schema, f"{field}.parametersJsonSchema"))
    if declaration.parameters is not None:
        return schema_size(check_schema(to_json_schema(declaration.parameters), f"{field}.parameters"))
    return 0


def _check_calling(config: ToolConfig | None, names: set[str]) -> None:
    calling = config.function_calling_config if config is not None else None
    if calling is None:
        return
    field = "toolConfig.functionCallingConfig"
    if calling.allowed_function_names and calling.mode not in ("ANY", "VALIDATED"):
        message = f"{field}.allowedFunctionNames goes with mode ANY only."
        raise InvalidArgument(message, field=f"{field}.allowedFunctionNames")
    for name in calling.allowed_function_names:
        if name not in names:
            message = f"{field}.allowedFunctionNames: {name!r} is not declared in tools."
            raise InvalidArgument(message, field=f"{field}.allowedFunctionNames")
    if calling.mode == "ANY" and not names:
        raise InvalidArgument(f"{field}.mode is ANY, but tools declare no function.", field=f"{field}.mode")


def check_safety(settings: tuple[SafetySetting, ...]) -> None:
    """Every setting has a category, each category once."""
    seen: set[str] = set()
    for i, setting in enumerate(settings):
        field = f"safetySettings[{i}].category"
        if not setting.category or setting.category == "HARM_CATEGORY_UNSPECIFIED":
            raise InvalidArgument(f"{field} is missing.", field=field)
        if setting.category in seen:
            raise InvalidArgument(f"{field}: {setting.category} is set twice.", field=field)
        seen.add(setting.category)


def check_request(request: GenerateContentRequest) -> None:
    """Top-level fields: what must be there, and what is not built yet."""
    if request.cached_content:
        raise unbuilt("Context caching (cachedContent)")
    if request.continuation_token:
        raise unbuilt("Continuation (continuationToken)")
    if not request.contents:
        raise InvalidArgument("contents is not specified: give at least one turn.", field="contents")


def check_part(part: Part, field: str) -> None:
    """Exactly one kind of data; a bare thought signature may stand alone, as streams send it."""
    kinds = [kind for kind in Part.KINDS if getattr(part, kind) is not None]
    if len(kinds) > 1:
        raise InvalidArgument(f"{field} holds {' and '.join(kinds)}: a part is one of them.", field=field)
    if not kinds and not part.thought_signature and not part.thought:
        known = "text, inlineData, fileData, functionCall or functionResponse"
        raise InvalidArgument(f"{field} is empty: give one of {known}.", field=field)
    for call in (part.function_call, part.function_response):
        if call is not None and not call.name:
            raise InvalidArgument(f"{field}: a function call or response needs a name.", field=field)


def check_role(content: Content, field: str) -> str:
    """ "user" or "model"; old clients' "function" counts as user.  Raises InvalidArgument."""
    if content.role in ("", "user", "function"):
        return "user"
    if content.role == "model":
        return "model"
    raise InvalidArgument(f"{field}.role must be user or model, not {content.role[:40]!r}.", field=f"{field}.role")
