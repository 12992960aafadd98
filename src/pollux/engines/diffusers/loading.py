"""From options to a model in memory: found, put where it is to compute, ready for whatever it can do."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from pollux.engines.diffusers.options import Options
from pollux.engines.diffusers.sizes import Grid
from pollux.engines.diffusers.tasks import Tasks, takes, tasks_of
from pollux.engines.transformers.loading import hub_reason, where
from pollux.engines.transformers.processors import load_processor
from pollux.errors import ConfigurationError

NATIVE = 1024 * 1024
"""Pixels of a model that does not say what it was trained at."""
LEAST_NATIVE, MOST_NATIVE = 64 * 64, 2048 * 2048
_NETWORKS = ("transformer", "transformer_2", "unet")
"""The components that are run at every step."""


@dataclass
class Model:
    """A loaded model: one set of weights, and a pipeline for each thing it can do, made when it is first needed."""

    options: Options
    own: Any
    tasks: Tasks
    grid: Grid
    device: str
    dtype: Any
    _made: dict[type, Any] = field(default_factory=dict)
    _armed: type | None = None

    @property
    def about(self) -> str:
        """Its class, where it computes, and in which numbers."""
        return f"{type(self.own).__name__}, {self.device}, {str(self.dtype).removeprefix('torch.')}"

    def pipeline(self, kind: type) -> Any:
        """The pipeline of one of the `tasks`, ready to be called.  It shares its weights with the others."""
        pipe: Any = self._made.get(kind)
        if pipe is None:
            pipe = self.own if type(self.own) is kind else self._sharing(kind)
            pipe.set_progress_bar_config(disable=True)
            self._made[kind] = pipe
        if self.options.offload and self._armed is not kind:  # the hooks of one pipeline know nothing of another's
            _offload(pipe, self.options, self.device)
            self._armed = kind
        return pipe

    def _sharing(self, kind: Any) -> Any:
        return kind.from_pipe(self.own, dtype=self.dtype)


def load(options: Options) -> Model:
    """Loads the model, from the hub where it is no folder.  Raises ConfigurationError, one line with the remedy."""
    diffusers, torch = _libraries(options)
    device = _device(options, torch)
    dtype = _dtype(options, device, torch)
    own = _weights(options, _class(options, diffusers), dtype, diffusers)
    _adapt(own, options)
    _place(own, options, device)
    tasks = _tasks(own, options)
    return Model(options, own, tasks, _grid(own, options), device, dtype)


def _tasks(own: Any, options: Options) -> Tasks:
    """Raises ConfigurationError for an extra argument that none of the pipelines has."""
    kind, network = type(own), getattr(own, "unet", None)
    tasks = tasks_of(kind)
    if tasks.fill is kind and network is not None and network.config.in_channels != own.vae.config.latent_channels:
        tasks = Tasks(None, None, tasks.fill)  # a network that sees the mask too can do nothing without one
    for name in options.extra:
        if not any(name in takes(kind) for kind in tasks.kinds):
            names = ", ".join(kind.__name__ for kind in tasks.kinds)
            raise ConfigurationError(f"{options.place} extra: {name} is no argument of {names}.")
    return tasks


def _libraries(options: Options) -> tuple[ModuleType, ModuleType]:
    try:
        import diffusers  # noqa: PLC0415 - heavy, and an extra
        import torch  # noqa: PLC0415 - heavy, and an extra
        import transformers  # noqa: PLC0415 - text encoders are its
    except ImportError as error:
        what = error.name or "diffusers"
        message = (
            f'{options.place}: {what} is not installed. pip install "pollux[diffusers]", and torch for your hardware.'
        )
        raise ConfigurationError(message) from error
    for library in (diffusers, transformers):
        library.utils.logging.set_verbosity_error()  # they write what callers said into the log
        library.utils.logging.disable_progress_bar()
    return diffusers, torch


def _device(options: Options, torch: ModuleType) -> str:
    """Where to compute.  Raises ConfigurationError for a device that is not there."""
    there = ["cpu"]
    if torch.backends.mps.is_available():
        there.insert(0, "mps")
    if hasattr(torch, "xpu") and torch.xpu.is_available():
        there.insert(0, "xpu")
    if torch.cuda.is_available():
        there = ["cuda", *(f"cuda:{n}" for n in range(torch.cuda.device_count())), *there]
    chosen = there[0] if options.device == "auto" else options.device
    if chosen not in there:
        message = f"{options.place} device {chosen!r} is not there: torch {torch.__version__} sees {', '.join(there)}."
        raise ConfigurationError(message)
    if options.offload and chosen == "cpu":
        message = (
            f'{options.place} offload needs a GPU to move weights to; torch {torch.__version__} sees none. Set "".'
        )
        raise ConfigurationError(message)
    if options.quantise and not chosen.startswith("cuda"):
        raise ConfigurationError(f'{options.place} quantise needs CUDA; the model would run on {chosen}. Set it to "".')
    return chosen


def _dtype(options: Options, device: str, torch: ModuleType) -> Any:
    if options.dtype == "auto":
        return torch.float32 if device == "cpu" else torch.bfloat16
    return getattr(torch, options.dtype)


def _class(options: Options, diffusers: ModuleType) -> Any:
    if not options.pipeline:
        return diffusers.DiffusionPipeline
    found = getattr(diffusers, options.pipeline, None)
    if not (isinstance(found, type) and issubclass(found, diffusers.DiffusionPipeline)):
        message = f"{options.place} pipeline {options.pipeline!r} is none of diffusers {diffusers.__version__}."
        raise ConfigurationError(message)
    return found


def _weights(options: Options, kind: Any, dtype: Any, diffusers: ModuleType) -> Any:
    place = where(options)
    more: dict[str, Any] = {**place, **({"variant": options.variant} if options.variant else {})}
    try:
        index = kind.load_config(options.model, **place)
        if options.quantise:
            more["quantization_config"] = _quantised(options, index, dtype, diffusers)
        if "Processor" in str(index.get("processor")):  # a vision-language model's, for editing by words
            more["processor"] = load_processor(options.model, subfolder="processor", **place)
        return kind.from_pretrained(options.model, dtype=dtype, **more)
    except ConfigurationError:
        raise
    except Exception as error:  # the libraries raise OSError, ValueError, HTTP errors, whatever a file makes them
        if (told := hub_reason(error, options)) is not None:
            raise ConfigurationError(f"{options.place}: {told}") from error
        reason = " ".join(str(error).split())[:300] or type(error).__name__
        message = (
            f"{options.place}: the model {options.model} cannot be loaded: {reason} "
            "Give a folder with a model_index.json or a name on the hub; gated models need HF_TOKEN."
        )
        raise ConfigurationError(message) from error


def _quantised(options: Options, index: Any, dtype: Any, diffusers: ModuleType) -> Any:
    """Which components have their weights in few bits: those of the steps, and text encoders larger than CLIP's."""
    if find_spec("bitsandbytes") is None:
        raise ConfigurationError(f"{options.place} quantise needs bitsandbytes: pip install bitsandbytes.")
    large = [
        name
        for name, row in index.items()
        if isinstance(row, list | tuple)
        and (name in _NETWORKS or (name.startswith("text_encoder") and "CLIP" not in str(row[-1])))
    ]
    four = {"load_in_4bit": True, "bnb_4bit_quant_type": "nf4", "bnb_4bit_compute_dtype": dtype}
    return diffusers.PipelineQuantizationConfig(
        quant_backend=f"bitsandbytes_{options.quantise}",
        quant_kwargs=four if options.quantise == "4bit" else {"load_in_8bit": True},
        components_to_quantize=large,
    )


def _adapt(pipe: Any, options: Options) -> None:
    """Lays the adapters (LoRA) over the weights."""
    names = []
    for number, source in enumerate(options.loras):
        try:
            pipe.load_lora_weights(source, adapter_name=f"lora{number}")
        except Exception as error:  # as above
            reason = " ".join(str(error).split())[:300]
            hint = "It needs peft (pip install peft) and an adapter made for this model."
            raise ConfigurationError(f"{options.place} loras: {source} cannot be loaded: {reason} {hint}") from error
        names.append(f"lora{number}")
    if names:
        pipe.set_adapters(names, list(options.loras.values()))


def _place(pipe: Any, options: Options, device: str) -> None:
    if options.offload:
        if hasattr(pipe.vae, "enable_tiling"):  # who has little memory cannot decode a large picture at once
            pipe.vae.enable_tiling()
    else:
        pipe.to(device)
    if options.compile:
        for name in _NETWORKS:
            network = getattr(pipe, name, None)
            if network is not None:
                network.compile()


def _offload(pipe: Any, options: Options, device: str) -> None:
    if options.offload == "model":
        pipe.enable_model_cpu_offload(device=device)
    else:
        pipe.enable_sequential_cpu_offload(device=device)


def _grid(pipe: Any, options: Options) -> Grid:
    """Sides are multiples of the autoencoder's factor and of the transformer's patch, 2 at most; some ask for 8."""
    factor = int(getattr(pipe, "vae_scale_factor", 8))
    return Grid(math.lcm(8, 2 * factor), options.most_pixels or _native(pipe, factor))


def _native(pipe: Any, factor: int) -> int:
    """Pixels that the model was trained to draw, by its own configuration."""
    side = getattr(pipe, "default_sample_size", None)
    for name in _NETWORKS:
        network = getattr(pipe, name, None)
        if side is None and network is not None:
            side = network.config.get("sample_size")
    if not isinstance(side, int):
        return NATIVE
    return min(max((side * factor) ** 2, LEAST_NATIVE), MOST_NATIVE)
