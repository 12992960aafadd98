"""Content, Part and its kinds, tools and schemas."""

from __future__ import annotations

from typing import Any, ClassVar

from pollux.wire.base import (
    FunctionBehavior,
    FunctionMode,
    Int32,
    Json,
    Language,
    Outcome,
    PartResolution,
    Scheduling,
    SchemaType,
    Wire,
)


class Blob(Wire, frozen=True):
    """Raw media: base64 on the wire, bytes here."""

    mime_type: str = ""
    data: bytes = b""
    display_name: str = ""


class FileData(Wire, frozen=True):
    """Media by reference: a file of ours or an http(s) address."""

    mime_type: str = ""
    file_uri: str = ""
    display_name: str = ""


class FunctionCall(Wire, frozen=True):
    """The model asks for a function."""

    id: str = ""
    name: str = ""
    args: Json | None = None


class FunctionResponsePart(Wire, frozen=True):
    """Media inside a function's response."""

    inline_data: Blob | None = None
    file_data: FileData | None = None


class FunctionResponse(Wire, frozen=True):
    """What the caller's function gave."""

    id: str = ""
    name: str = ""
    response: Json | None = None
    parts: tuple[FunctionResponsePart, ...] = ()
    will_continue: bool = False
    scheduling: Scheduling = ""


class ExecutableCode(Wire, frozen=True):
    """Code that a model wants run."""

    language: Language = ""
    code: str = ""
    id: str = ""


class CodeExecutionResult(Wire, frozen=True):
    """What that code gave."""

    outcome: Outcome = ""
    output: str = ""
    id: str = ""


class VideoMetadata(Wire, frozen=True):
    """Clipping and frame rate of a video part; offsets are protobuf durations ("1.5s")."""

    start_offset: str = ""
    end_offset: str = ""
    fps: float = 0.0


class Resolution(Wire, frozen=True):
    """Media resolution of one part."""

    level: PartResolution = ""
    num_tokens: Int32 | None = None


class Part(Wire, frozen=True):
    """One piece of a turn: exactly one of the data kinds, and what qualifies it."""

    text: str | None = None
    inline_data: Blob | None = None
    file_data: FileData | None = None
    function_call: FunctionCall | None = None
    function_response: FunctionResponse | None = None
    executable_code: ExecutableCode | None = None
    code_execution_result: CodeExecutionResult | None = None
    tool_call: Json | None = None
    tool_response: Json | None = None
    thought: bool = False
    thought_signature: bytes = b""
    video_metadata: VideoMetadata | None = None
    media_resolution: Resolution | None = None
    part_metadata: Json | None = None

    KINDS: ClassVar[tuple[str, ...]] = (
        "text",
        "inline_data",
        "file_data",
        "function_call",
        "function_response",
        "executable_code",
        "code_execution_result",
        "tool_call",
        "tool_response",
    )


class Content(Wire, frozen=True):
    """One turn.  `role` is "user", "model" or "function" (old clients), or absent."""

    parts: tuple[Part, ...] = ()
    role: str = ""


class Schema(Wire, frozen=True):
    """An OpenAPI 3.0 subset; property names are user data.  Counts are int64 strings on the wire."""

    type: SchemaType = ""
    format: str = ""
    title: str = ""
    description: str = ""
    nullable: bool = False
    enum: tuple[str, ...] = ()
    items: Schema | None = None
    properties: dict[str, Schema] | None = None
    required: tuple[str, ...] = ()
    property_ordering: tuple[str, ...] = ()
    any_of: tuple[Schema, ...] = ()
    min_items: int | None = None
    max_items: int | None = None
    min_properties: int | None = None
    max_properties: int | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str = ""
    minimum: float | None = None
    maximum: float | None = None
    default: Any = None
    example: Any = None
    additional_properties: Any = None
    ref: str = ""
    defs: dict[str, Schema] | None = None

    aliases: ClassVar[dict[str, str]] = {"$ref": "ref", "$defs": "defs"}


class FunctionDeclaration(Wire, frozen=True):
    """A function the caller offers."""

    name: str = ""
    description: str = ""
    parameters: Schema | None = None
    parameters_json_schema: Any = None
    response: Schema | None = None
    response_json_schema: Any = None
    behavior: FunctionBehavior = ""


class Tool(Wire, frozen=True):
    """What a model may use.  Tools other than functions keep their options as they came."""

    function_declarations: tuple[FunctionDeclaration, ...] = ()
    google_search: Json | None = None
    google_search_retrieval: Json | None = None
    code_execution: Json | None = None
    url_context: Json | None = None
    google_maps: Json | None = None
    file_search: Json | None = None
    computer_use: Json | None = None
    mcp_servers: tuple[Json, ...] = ()


class FunctionCallingConfig(Wire, frozen=True):
    """Whether and which functions may, must or must not be called."""

    mode: FunctionMode = ""
    allowed_function_names: tuple[str, ...] = ()


class ToolConfig(Wire, frozen=True):
    """How tools are used."""

    function_calling_config: FunctionCallingConfig | None = None
    retrieval_config: Json | None = None
    include_server_side_tool_invocations: bool = False
