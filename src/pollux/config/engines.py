"""The engines that are configured by name: [engine.KIND."NAME"], one table of kinds, one section a model.

What an engine of a kind is told is its own `Options`; the sections here have the same keys and defaults (a test holds
them together), and besides those what is the hall's: how many requests it gets at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any, Literal

from msgspec import Struct, field

from pollux.config.words import Count, Share, meta

REMOTE = 1000
"""Requests at once for engines that compute elsewhere, and for those that do their own queueing."""
_Device = Annotated[str, meta("where it computes: auto, cpu, mps, cuda or cuda:N", min_length=1)]
_Model = Annotated[str, meta("a name on the Hugging Face hub, or a folder")]
_Revision = Annotated[str, meta("branch, tag or commit on the hub")]
_Preload = Annotated[bool, meta("load it when the server starts, not at its first request")]
_Dtype = Literal["auto", "float32", "float16", "bfloat16"]
_FIELDS = {"expected": "a table of fields"}


class Named(Struct, frozen=True, kw_only=True):
    """One model, under a name of its own."""

    model: _Model = ""


class OpenAIServer(Named, frozen=True, kw_only=True):
    """[engine.openai."NAME"]: one model on a server, or several that are alike, with OpenAI's API.

    NAME is a model's name, or what [routes] calls it.  `address` and `model` must be given.
    """

    address: Annotated[
        tuple[str, ...],
        meta(
            "where OpenAI's paths begin, or a list of such addresses",
            extra={"expected": 'an address such as "http://127.0.0.1:8001/v1", or a list of them'},
        ),
    ] = ()
    model: Annotated[str, meta("the name the server knows the model by")] = ""
    api_key: Annotated[str, meta("key of the server", extra={"expected": "a text", "secret": True})] = ""
    api_key_env: Annotated[str, meta("environment variable that holds the key, instead of api_key")] = ""
    abilities: Annotated[
        tuple[
            Literal[
                "text",
                "image_in",
                "image_out",
                "boxes",
                "masks",
                "tools",
                "schema",
                "embeddings",
                "audio_in",
                "think",
                "logprobs",
            ],
            ...,
        ]
        | None,
        meta(
            "what the model can do; unset: text, image_in, tools, schema, think, logprobs; with embed_dims embeddings"
        ),
    ] = None
    input_tokens: Annotated[int, meta("input window, in tokens", ge=1)] = 131_072
    output_tokens: Annotated[int, meta("longest answer, in tokens", ge=1)] = 65_536
    embed_dims: Annotated[int, meta("length of the model's vectors; 0: it makes none", ge=0)] = 0
    connect_seconds: Annotated[float, meta("longest time to connect", gt=0, le=3600)] = 5.0
    first_seconds: Annotated[float, meta("longest wait for an answer to begin", gt=0, le=86400)] = 300.0
    idle_seconds: Annotated[float, meta("longest silence in an answer", gt=0, le=86400)] = 60.0
    retries: Annotated[int, meta("further attempts before an answer begins", ge=0, le=20)] = 2
    guide: Annotated[
        Literal["response_format", "structured_outputs", "guided_json"],
        meta("how a schema is sent: OpenAI's way, vLLM's, or that of its older versions"),
    ] = "response_format"
    dialect: Annotated[
        str, meta("how the model writes boxes: auto (by its name), none, or qwen2.5, qwen3, internvl and others")
    ] = "auto"
    mask_decoder: Annotated[
        Path | None, meta("vae-oid.npz of big_vision, which makes masks of what PaliGemma writes; unset: no masks")
    ] = None
    frames: Annotated[Count, meta("most pictures made of a video")] = 64
    pages: Annotated[Count, meta("most pages of a document")] = 100
    sizes: Annotated[
        tuple[str, ...],
        meta(
            "sizes of the pictures it makes; unset: any multiples of 16",
            extra={"expected": 'a list of sizes such as "1024x1536"'},
        ),
    ] = ()
    health_seconds: Annotated[
        float, meta("time between two looks at each of several addresses; 0: none", ge=0, le=86400)
    ] = 10.0
    health_path: Annotated[str, meta("what is looked at, behind the address; with a / before it, behind the host")] = (
        "models"
    )
    extra: Annotated[dict[str, Any], meta("fields put into every request", extra={"expected": "a table of fields"})] = (
        field(default_factory=dict)
    )
    omit: Annotated[
        tuple[str, ...], meta("fields left out, for a server that refuses what it does not know, such as top_k")
    ] = ()

    in_flight: Annotated[Count, meta("requests at the same time")] = REMOTE

    def __repr__(self) -> str:
        return f"OpenAIServer({', '.join(self.address)}, {self.model!r})"  # never the key


class TransformersModel(Named, frozen=True, kw_only=True):
    """[engine.transformers."NAME"]: one model that transformers runs in this process.  `model` must be given."""

    name: Annotated[str, meta("what the list of models calls it; unset: as `model`")] = ""
    revision: _Revision = ""
    kind: Annotated[Literal["chat", "embedding"], meta("what it makes: answers, or vectors")] = "chat"
    dtype: Annotated[_Dtype, meta("precision of the weights; auto: the model's own")] = "auto"
    device: _Device = "auto"
    quantise: Annotated[Literal["", "4bit", "8bit"], meta("weights in so many bits (bitsandbytes, on CUDA)")] = ""
    attention: Annotated[str, meta("attn_implementation of transformers; unset: its choice")] = ""
    compile: Annotated[bool, meta("torch.compile, which pays from some hundred answers on")] = False
    batch: Annotated[Count, meta("most answers written at once")] = 8
    abilities: Annotated[
        tuple[Literal["text", "image_in", "boxes", "masks", "tools", "schema", "embeddings", "think", "logprobs"], ...]
        | None,
        meta("what it can do; unset: text, image_in, tools, schema, think, logprobs, or with kind embedding that"),
    ] = None
    input_tokens: Annotated[int, meta("input window, in tokens; 0: the model's own", ge=0)] = 0
    output_tokens: Annotated[int, meta("longest answer, in tokens; 0: what the window leaves", ge=0)] = 0
    embed_dims: Annotated[int, meta("length of its vectors; 0: the model's own", ge=0)] = 0
    dialect: Annotated[
        str, meta("how the model writes boxes: auto (by its name), none, or qwen2.5, qwen3, internvl and others")
    ] = "auto"
    mask_decoder: Annotated[
        Path | None, meta("vae-oid.npz of big_vision, which makes masks of what PaliGemma writes; unset: no masks")
    ] = None
    frames: Annotated[Count, meta("most pictures made of a video")] = 64
    pages: Annotated[Count, meta("most pages of a document")] = 100
    cache: Annotated[int, meta("megabytes of encoded pictures that are kept", ge=0)] = 256
    preload: _Preload = False
    trust_remote_code: Annotated[bool, meta("let Python code of the model's repository run here")] = False
    in_flight: Annotated[Count, meta("requests at the same time; those beyond `batch` wait in the engine")] = 64


class DiffusersModel(Named, frozen=True, kw_only=True):
    """[engine.diffusers."NAME"]: one model that draws, in this process.  `model` must be given."""

    pipeline: Annotated[str, meta("class of diffusers that runs it; unset: the one the model names")] = ""
    revision: _Revision = ""
    variant: Annotated[str, meta("variant of the weights, such as fp16")] = ""
    dtype: Annotated[_Dtype, meta("precision; auto: bfloat16 on a GPU, else float32")] = "auto"
    device: _Device = "auto"
    offload: Annotated[
        Literal["", "model", "sequential"], meta("weights rest in the CPU's memory: parts at a time, or layers")
    ] = ""
    quantise: Annotated[Literal["", "8bit", "4bit"], meta("weights in so many bits (bitsandbytes, on CUDA)")] = ""
    compile: Annotated[bool, meta("torch.compile, which pays from some dozen pictures on")] = False
    loras: Annotated[
        dict[str, float], meta("adapters and their weights", extra={"expected": "a table of folder or name = weight"})
    ] = field(default_factory=dict)
    steps: Annotated[int, meta("steps of denoising; 0: the pipeline's own", ge=0)] = 0
    guidance: Annotated[float | None, meta("scale of the guidance; unset: the pipeline's own")] = None
    strength: Annotated[float, meta("how far image-to-image leaves the given picture", gt=0, le=1)] = 0.8
    negative_prompt: Annotated[str, meta("what is not to be drawn")] = ""
    most_pixels: Annotated[int, meta("larger pictures are drawn smaller and resampled; 0: the model's own", ge=0)] = 0
    interim: Annotated[bool, meta("show the unfinished picture as thoughts, where they are asked for")] = True
    preload: _Preload = False
    extra: Annotated[dict[str, Any], meta("arguments of every call of the pipeline", extra=_FIELDS)] = field(
        default_factory=dict
    )
    in_flight: Annotated[Count, meta("requests at the same time")] = 2


class Specialist(Named, frozen=True, kw_only=True):
    """[engine.specialist."NAME"]: a model that finds or cuts out, for `boxes` and `masks` of a route."""

    revision: _Revision = ""
    kind: Annotated[
        Literal["auto", "grounding-dino", "owlv2", "florence-2", "sam2"],
        meta("family of the model; auto: as its config.json or its name says"),
    ] = "auto"
    dtype: Annotated[_Dtype, meta("precision; auto: float32")] = "auto"
    device: _Device = "auto"
    threshold: Annotated[Share, meta("least score of a box; unset: the family's own")] = None
    nms: Annotated[float, meta("overlap above which the worse of two boxes goes", ge=0, le=1)] = 0.7
    most: Annotated[int, meta("most boxes of a picture", ge=1, le=5000)] = 100
    preload: _Preload = False


KINDS: Mapping[str, type[Named]] = MappingProxyType(
    {
        "openai": OpenAIServer,
        "transformers": TransformersModel,
        "diffusers": DiffusersModel,
        "specialist": Specialist,
    }
)
"""Kind -> its section."""


def kind_of(options: Named) -> str:
    """The kind of a section: "openai" and so on."""
    return next(kind for kind, section in KINDS.items() if isinstance(options, section))
