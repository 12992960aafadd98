"""From a name on the hub, or a folder, to a model that is ready."""

from __future__ import annotations

import copy
import logging
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol, TypeVar

from pollux.engines.once import Once
from pollux.engines.transformers.about import USUAL_WINDOW
from pollux.engines.transformers.forward import Forward
from pollux.engines.transformers.options import Options
from pollux.engines.transformers.pictures import Pictures
from pollux.engines.transformers.processors import load_processor
from pollux.errors import ConfigurationError, Unavailable

log = logging.getLogger(__name__)
HUB_SECONDS = 5.0
"""How long the hub may take to say that it is there."""
MOST_SAID = 300
"""Characters of a library's own words that are passed on; they end with a sentence where they can."""

S = TypeVar("S", bound="Source")
T = TypeVar("T")


class Source(Protocol):
    """Where a model comes from, as the options of several kinds of models have it."""

    @property
    def model(self) -> str:
        """A name on the hub, or a folder."""
        ...

    @property
    def revision(self) -> str:
        """A branch, tag or commit on the hub; "" for its main one."""
        ...

    @property
    def place(self) -> str:
        """What the options are called in messages."""
        ...


@dataclass(frozen=True)
class Loaded:
    """A model, what prepares its inputs (`processor`, which is the tokenizer of one without eyes) and reads its words.

    `speller` is a tokenizer of its own for reading: the other may be in use in another thread.  `about` is for the log.
    """

    forward: Forward
    pictures: Pictures
    processor: Any
    tokenizer: Any
    speller: Any
    config: Any
    generation: Any
    window: int
    sees: bool
    about: str

    @property
    def ends(self) -> frozenset[int]:
        """The tokens with which an answer ends."""
        given = self.generation.eos_token_id
        several = given if isinstance(given, list | tuple) else [given]
        return frozenset(token for token in (*several, self.tokenizer.eos_token_id) if token is not None)


def check_installed(place: str) -> None:
    """Raises ConfigurationError where torch or transformers is missing."""
    for name in ("torch", "transformers"):
        if find_spec(name) is None:
            message = f'{place} needs {name}: pip install "pollux[transformers]", and a torch for your hardware.'
            raise ConfigurationError(message)


def once(options: S, load: Callable[[S], T], about: Callable[[T], str] = lambda _: "") -> Once[T]:
    """A model that transformers loads; `load` may raise anything.

    Callers are told Unavailable, in one line that names the model and the remedy.
    """

    def told() -> T:
        try:
            check_installed(options.place)
            return load(options)
        except Exception as error:  # of the hub, of a file, of a model's own code
            raise Unavailable(reason_of(error, options)) from error

    return Once(options.model, told, about)


def device_of(wanted: str) -> str:
    """The device that "auto" means here; any other as it is."""
    import torch  # noqa: PLC0415

    if wanted != "auto":
        return wanted
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def where(options: Source) -> dict[str, Any]:
    """What every from_pretrained is told of the place; asked once a model, for it looks whether the hub answers.

    Without the hub, files of the cache are taken as they are: the library would try it six times for each of them.
    """
    out: dict[str, Any] = {"revision": options.revision} if options.revision else {}
    return out if Path(options.model).is_dir() or _hub_answers() else {**out, "local_files_only": True}


def _hub_answers() -> bool:
    import huggingface_hub  # noqa: PLC0415
    from huggingface_hub import constants  # noqa: PLC0415

    if constants.HF_HUB_OFFLINE:
        return False
    try:
        huggingface_hub.get_session().head(constants.ENDPOINT, timeout=HUB_SECONDS)
    except Exception as error:  # of whichever HTTP library it uses
        log.warning("the hub cannot be reached, files of its cache are taken: %s", error)
        return False
    return True


def load(options: Options) -> Loaded:
    """A model that writes.  Blocks, and may raise anything: for `once`."""
    import torch  # noqa: PLC0415
    import transformers  # noqa: PLC0415

    transformers.utils.logging.disable_progress_bar()  # the log says it in two lines
    place = where(options) | {"trust_remote_code": options.trust_remote_code}
    config = transformers.AutoConfig.from_pretrained(options.model, **place)
    sees = type(config) in transformers.MODEL_FOR_IMAGE_TEXT_TO_TEXT_MAPPING or "AutoModelForImageTextToText" in (
        getattr(config, "auto_map", None) or {}
    )
    _check_kind(config, options)
    device = device_of(options.device)
    kind = transformers.AutoModelForImageTextToText if sees else transformers.AutoModelForCausalLM
    more = {"attn_implementation": options.attention} if options.attention else {}
    more |= {"quantization_config": quantised(options)} if options.quantise else {}
    if device != "cpu":
        more["device_map"] = device  # straight to the device, not through the machine's memory
    dtype = options.dtype if options.dtype == "auto" else getattr(torch, options.dtype)
    model, found = kind.from_pretrained(options.model, dtype=dtype, output_loading_info=True, **more, **place)
    model.eval()
    processor = load_processor(options.model, **place) if sees else None
    processor = processor or transformers.AutoTokenizer.from_pretrained(options.model, **place)
    tokenizer = getattr(processor, "tokenizer", processor)
    packed = getattr(model.config, "quantization_config", None) is not None  # its weights go by other names
    _check_whole([] if packed else sorted(found["missing_keys"]), tokenizer, options)
    step = torch.compile(model, dynamic=True) if options.compile else None
    forward = Forward(model, step)
    text = config.get_text_config(decoder=True)
    window = options.input_tokens or getattr(text, "max_position_embeddings", None) or USUAL_WINDOW
    pictures = Pictures(options.cache, forward.encode)
    speller = copy.deepcopy(tokenizer)
    size = sum(parameter.numel() for parameter in model.parameters()) / 1e6
    shown = f"{size:,.0f} million parameters in {model.dtype} on {model.device}"
    own = model.generation_config
    return Loaded(forward, pictures, processor, tokenizer, speller, config, own, window, sees, shown)


def _check_kind(config: Any, options: Options) -> None:
    if config.is_encoder_decoder:
        name = Path(options.model).name
        raise ConfigurationError(f"{name} is an encoder-decoder model, which this engine does not run: choose another.")


def _check_whole(missing: list[str], tokenizer: Any, options: Options) -> None:
    """transformers makes up what a checkpoint lacks: weights at random, and a tokenizer that knows no word."""
    name = Path(options.model).name
    if missing:
        more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
        raise ConfigurationError(f"{name} has no weights for {missing[0]}{more}: it is not a whole model that writes.")
    if not tokenizer("a", add_special_tokens=False)["input_ids"]:
        raise ConfigurationError(f"{name} has no tokenizer that knows a letter: put its tokenizer.json beside it.")


def quantised(options: Options) -> Any:
    """The quantisation_config of from_pretrained.  Raises ConfigurationError without bitsandbytes."""
    import transformers  # noqa: PLC0415

    if find_spec("bitsandbytes") is None:
        raise ConfigurationError(f"{options.place} quantise needs bitsandbytes: pip install bitsandbytes.")
    if options.quantise == "8bit":
        return transformers.BitsAndBytesConfig(load_in_8bit=True)
    return transformers.BitsAndBytesConfig(
        load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype="bfloat16"
    )


def reason_of(error: Exception, options: Source) -> str:
    """One line for callers: what cannot be loaded, why, and what to do.  Where a folder lies is nobody's business."""
    model = options.model
    folder = Path(model)
    name = folder.name if folder.is_absolute() else model
    if isinstance(error, ConfigurationError):
        return error.message.replace(model, name)
    if (told := hub_reason(error, options)) is not None:
        return told
    if folder.is_absolute() and not folder.is_dir():
        return f"{name} is no folder: check {options.place} model."
    if (folder / "model_index.json").is_file():
        return f"{name} is a pipeline of diffusers, not a model of transformers: name it as diffusers:MODEL."
    if "ignore_mismatched_sizes" in str(error):
        return f"{name} cannot be loaded: its weights are of other sizes than its config.json says."
    said = " ".join(str(error).split()).replace(model, name)
    if len(said) > MOST_SAID:
        whole, stop, _ = said[:MOST_SAID].rpartition(". ")
        said = whole + stop.strip() if stop else said[:MOST_SAID]
    return f"{name} cannot be loaded: {said or type(error).__name__}"


def hub_reason(error: Exception, options: Source) -> str | None:
    """The same where the hub is why; else None."""
    import huggingface_hub.errors as hub  # noqa: PLC0415

    model = options.model
    causes = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) is not None and len(causes) < 8:
        causes.append(cause)  # type: ignore[arg-type]

    def any_of(*kinds: type[BaseException]) -> bool:
        return any(isinstance(one, kinds) for one in causes)

    if any_of(hub.GatedRepoError):
        return f"{model} is gated: accept its terms on huggingface.co, and set HF_TOKEN for the server."
    if any_of(hub.RepositoryNotFoundError, hub.RevisionNotFoundError):
        return f"{model} is not on the hub{_at(options)}, or HF_TOKEN may not read it: check {options.place} model."
    if any_of(hub.LocalEntryNotFoundError, hub.OfflineModeIsEnabled, ConnectionError):
        return f"{model} is not on this machine and the hub cannot be reached: download it (hf download {model})."
    return None


def _at(options: Source) -> str:
    return f" at revision {options.revision!r}" if options.revision else ""
