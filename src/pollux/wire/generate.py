"""Requests and responses of generateContent, countTokens and embedContent."""

from __future__ import annotations

from typing import Any, ClassVar

from pollux.wire.base import (
    HarmCategory,
    HarmThreshold,
    Int32,
    Json,
    MediaResolution,
    Modality,
    TaskType,
    ThinkingLevel,
    Wire,
)
from pollux.wire.content import Content, Schema, Tool, ToolConfig


class ThinkingConfig(Wire, frozen=True):
    """Whether thoughts are shown, and how much thinking is allowed."""

    include_thoughts: bool | None = None
    thinking_budget: Int32 | None = None
    thinking_level: ThinkingLevel = ""


class ImageOutputOptions(Wire, frozen=True):
    """Files of generated pictures."""

    mime_type: str = ""
    compression_quality: Int32 | None = None


class ImageConfig(Wire, frozen=True):
    """Shape of generated pictures."""

    aspect_ratio: str = ""
    image_size: str = ""
    person_generation: str = ""
    image_output_options: ImageOutputOptions | None = None


class GenerationConfig(Wire, frozen=True):
    """How to generate."""

    temperature: float | None = None
    top_p: float | None = None
    top_k: float | None = None
    candidate_count: Int32 | None = None
    max_output_tokens: Int32 | None = None
    stop_sequences: tuple[str, ...] = ()
    response_logprobs: bool = False
    logprobs: Int32 | None = None
    presence_penalty: float | None = None
    frequency_penalty: float | None = None
    seed: Int32 | None = None
    response_mime_type: str = ""
    response_schema: Schema | None = None
    response_json_schema: Any = None
    response_modalities: tuple[Modality, ...] = ()
    media_resolution: MediaResolution = ""
    speech_config: Json | None = None
    thinking_config: ThinkingConfig | None = None
    image_config: ImageConfig | None = None
    enable_enhanced_civic_answers: bool = False
    enable_affective_dialog: bool = False
    audio_transcription_config: Json | None = None
    response_format: Any = None
    translation_config: Json | None = None

    # The name an early beta gave it; Python 2.x still sends it in some paths.
    aliases: ClassVar[dict[str, str]] = {"_responseJsonSchema": "response_json_schema"}


class SafetySetting(Wire, frozen=True):
    """A threshold for one kind of harm."""

    category: HarmCategory = ""
    threshold: HarmThreshold = ""


class GenerateContentRequest(Wire, frozen=True):
    """Body of generateContent and streamGenerateContent.

    `unread` are the fields that nobody here knows (`wire.unread`), for another server of this API.
    """

    model: str = ""
    contents: tuple[Content, ...] = ()
    system_instruction: Content | None = None
    generation_config: GenerationConfig | None = None
    safety_settings: tuple[SafetySetting, ...] = ()
    tools: tuple[Tool, ...] = ()
    tool_config: ToolConfig | None = None
    cached_content: str = ""
    labels: dict[str, str] | None = None
    service_tier: str = ""
    store: bool = False
    continuation_token: str = ""
    unread: dict[Any, Any] | None = None


class CountTokensRequest(Wire, frozen=True):
    """Body of countTokens: either contents alone or a whole generateContentRequest."""

    contents: tuple[Content, ...] = ()
    generate_content_request: GenerateContentRequest | None = None
    # Vertex-style bodies and some SDK versions put these beside contents.
    system_instruction: Content | None = None
    tools: tuple[Tool, ...] = ()
    generation_config: GenerationConfig | None = None


class EmbedContentRequest(Wire, frozen=True):
    """Body of embedContent, and one element of batchEmbedContents."""

    model: str = ""
    content: Content | None = None
    task_type: TaskType = ""
    title: str = ""
    output_dimensionality: Int32 | None = None


class BatchEmbedContentsRequest(Wire, frozen=True):
    """Body of batchEmbedContents."""

    requests: tuple[EmbedContentRequest, ...] = ()


class ModalityTokenCount(Wire, frozen=True, omit_defaults=False):
    """Tokens of one modality."""

    modality: str
    token_count: int


class UsageMetadata(Wire, frozen=True):
    """Token arithmetic of a response."""

    prompt_token_count: int = 0
    cached_content_token_count: int = 0
    candidates_token_count: int = 0
    tool_use_prompt_token_count: int = 0
    thoughts_token_count: int = 0
    total_token_count: int = 0
    prompt_tokens_details: tuple[ModalityTokenCount, ...] = ()
    cache_tokens_details: tuple[ModalityTokenCount, ...] = ()
    candidates_tokens_details: tuple[ModalityTokenCount, ...] = ()


class SafetyRating(Wire, frozen=True):
    """How likely one kind of harm is."""

    category: str
    probability: str
    blocked: bool = False


class Candidate(Wire, frozen=True):
    """One answer."""

    content: Content | None = None
    finish_reason: str = ""
    finish_message: str = ""
    # Spelt out even when 0: the documentation's responses carry it.
    index: int | None = None
    token_count: int = 0
    avg_logprobs: float | None = None
    logprobs_result: Json | None = None
    safety_ratings: tuple[SafetyRating, ...] = ()
    citation_metadata: Json | None = None
    grounding_metadata: Json | None = None
    url_context_metadata: Json | None = None


class PromptFeedback(Wire, frozen=True):
    """Why a prompt was refused."""

    block_reason: str = ""
    safety_ratings: tuple[SafetyRating, ...] = ()


class GenerateContentResponse(Wire, frozen=True):
    """One response, or one chunk of a stream."""

    candidates: tuple[Candidate, ...] = ()
    prompt_feedback: PromptFeedback | None = None
    usage_metadata: UsageMetadata | None = None
    model_version: str = ""
    response_id: str = ""


class CountTokensResponse(Wire, frozen=True):
    """What a prompt costs."""

    total_tokens: int | None = None
    cached_content_token_count: int = 0
    prompt_tokens_details: tuple[ModalityTokenCount, ...] = ()
    cache_tokens_details: tuple[ModalityTokenCount, ...] = ()


class ContentEmbedding(Wire, frozen=True):
    """One vector."""

    values: tuple[float, ...] = ()


class EmbedContentResponse(Wire, frozen=True):
    """Answer of embedContent."""

    embedding: ContentEmbedding
    usage_metadata: UsageMetadata | None = None


class BatchEmbedContentsResponse(Wire, frozen=True):
    """Answer of batchEmbedContents."""

    embeddings: tuple[ContentEmbedding, ...] = ()
    usage_metadata: UsageMetadata | None = None
