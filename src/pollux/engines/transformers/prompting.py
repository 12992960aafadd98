"""From a prompt to a job: messages, pictures, the template, tensors, how to choose, where to end."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from blake3 import blake3

from pollux.engines.base import Prompt
from pollux.engines.chat.boxes import Wording, decoder_of
from pollux.engines.chat.expand import Expander
from pollux.engines.chat.functions import calling, offered, parameters, tool
from pollux.engines.chat.messages import messages
from pollux.engines.chat.tags import CLOSES, OPENS
from pollux.engines.transformers.batching import Job
from pollux.engines.transformers.budget import highest, images_kwargs
from pollux.engines.transformers.loading import Loaded
from pollux.engines.transformers.options import Options
from pollux.engines.transformers.pictures import Seen
from pollux.engines.transformers.sampling import Dice, Sampling, Thinking
from pollux.engines.transformers.templates import Template, opened
from pollux.errors import ConfigurationError, InvalidArgument, Unimplemented
from pollux.media import picture
from pollux.media.handle import Media

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from pollux.engines.transformers.guide import Guide

Json = dict[str, Any]
THINK = f"{OPENS}\n"


class Images:
    """`chat.expand.Show` for a processor: pictures as they are, decoded and upright; sizes are its own affair."""

    def __init__(self) -> None:
        self.levels: list[str] = []

    def still(self, media: Media) -> tuple[Json, tuple[int, int]]:
        """A picture of the caller's, every pixel."""
        if media.path is not None and not media.data:
            media = replace(media, data=media.path.read_bytes())
        pixels = picture.decode(media)
        return self.page(pixels, media), (pixels.shape[1], pixels.shape[0])

    def page(self, pixels: NDArray[np.uint8], media: Media) -> Json:
        """A page."""
        from PIL import Image  # noqa: PLC0415

        self.levels.append(media.level)
        return {"type": "image", "image": Image.fromarray(pixels)}

    def frame(self, pixels: NDArray[np.uint8], media: Media) -> Json:
        """A frame of a video."""
        return self.page(pixels, media)

    def sound(self, media: Media) -> Json:
        """Refused."""
        raise InvalidArgument(f"{media.field}: this model takes no sound.", field=media.field)


@dataclass(frozen=True)
class Asked:
    """A job, and how what it writes is read."""

    job: Job
    wording: Wording
    prompt_tokens: int
    thinking: bool
    schemas: Mapping[str, Mapping[str, Any]]
    bare: bool
    marks: bool


class Prompter:
    """Makes jobs for one model.  Safe for several threads: fast tokenizers are not, so they take turns."""

    def __init__(self, loaded: Loaded, options: Options, dialect: str) -> None:
        self._loaded, self._options, self._dialect = loaded, options, dialect
        self._decoder = decoder_of(options.mask_decoder, dialect, options.place)
        self._template = Template.of(loaded.processor, loaded.tokenizer)
        self._lock = threading.Lock()
        self._guide = _guide(loaded)

    def asked(self, prompt: Prompt, cancelled: Callable[[], bool]) -> Asked:
        """Blocks.  Raises InvalidArgument, Cancelled."""
        images = Images()
        expander = Expander(images, self._options.frames, self._options.pages, cancelled)
        wording = Wording.of(prompt, self._dialect, self._decoder)
        prompt = wording.asked(prompt)
        talk = messages(prompt, expander, wording.note)
        pictures = [part["image"] for message in talk for part in _parts(message) if part["type"] == "image"]
        if pictures and not self._loaded.sees:
            raise InvalidArgument("contents: this model takes no pictures.", field="contents")
        functions = [] if calling(prompt)[0] == "NONE" else offered(prompt)
        budget = images_kwargs(getattr(self._loaded.processor, "image_processor", None), highest(images.levels))
        switch, wanted = self._thinking(prompt)
        with self._lock:
            words, inputs = self._inputs(talk, [tool(one) for one in functions], pictures, budget, switch)
            length = inputs["input_ids"].shape[-1]
            thinking = opened(words)
            forced = self._ids(THINK)[::-1] if wanted and not thinking and self._constrained(prompt) else []
            dice = Dice(self._sampling(prompt), inputs["input_ids"][0].tolist(), forced=forced)
            dice.thinking = self._bounded(prompt, inside=thinking)
        most = self._most(prompt, length)
        dice.matcher = self._matcher(prompt, CLOSES if thinking or forced else "")  # may take long: others do not wait
        seen = self._seen(pictures, budget, inputs) if self._loaded.forward.takes_features else []
        job = Job(inputs, dice, most, self._loaded.ends, seen)
        return Asked(
            job,
            wording.seen(self._sizes(inputs, expander.sizes)),
            length,
            thinking,
            {one.name: parameters(one) for one in functions},
            self._template.bare,
            bool(functions) or wording.marks,
        )

    def _inputs(
        self, talk: list[Json], functions: list[Json], pictures: list[Any], budget: Json, switch: Json
    ) -> tuple[str, Json]:
        """(the prompt's words, its tensors).  Raises InvalidArgument for what the model's own rules refuse."""
        template = self._template
        told = template.messages(talk, functions)
        tools = functions if template.tools else []
        try:
            if template.owner is None:
                return "", self._plain(told, pictures, budget)
            return template.words(told, tools, **switch), template.inputs(told, tools, budget, **switch)
        except ValueError as error:  # a picture 300 times as wide as high, and the like
            reason = " ".join(str(error).split())[:200]
            message = f"contents: this model's processor does not take what was sent: {reason}"
            raise InvalidArgument(message, field="contents") from None

    def _plain(self, talk: list[Json], pictures: list[Any], budget: Json) -> Json:
        """Without a template, as PaliGemma and base models: the pictures, then all that is said."""
        mark = getattr(self._loaded.processor, "image_token", "")
        texts = [part["text"] for message in talk for part in _parts(message) if part["type"] == "text"]
        said = "\n".join(text for text in texts if text.strip())
        if mark:
            said = said.replace(mark, mark.replace("<", "< "))  # it would stand for a picture
        if not pictures:
            return dict(self._loaded.tokenizer([said], return_tensors="pt"))
        more = {"images_kwargs": budget} if budget else {}
        text = [mark * len(pictures) + said]
        return dict(self._loaded.processor(text=text, images=[pictures], return_tensors="pt", **more))

    def _seen(self, pictures: list[Any], budget: Json, inputs: Json) -> list[Seen]:
        """Each picture with the hash of its pixels; one alone has its inputs in the prompt's."""
        keys = [_key(image, budget) for image in pictures]
        if len(pictures) == 1:
            return [Seen(keys[0], lambda: inputs)]
        known = self._loaded.pictures
        ready = [
            None if key in known else self._alone(image, budget) for key, image in zip(keys, pictures, strict=True)
        ]

        def later(at: int) -> Callable[[], Json]:
            return lambda: ready[at] or self._alone(pictures[at], budget)

        return [Seen(key, later(at)) for at, key in enumerate(keys)]

    def _alone(self, image: Any, budget: Json) -> Json:
        """What the processor makes of one picture: tensors of a prompt that is nothing else."""
        talk = [{"role": "user", "content": [{"type": "image", "image": image}, {"type": "text", "text": "."}]}]
        with self._lock:
            return self._inputs(talk, [], [image], budget, {})[1]

    def _sizes(self, inputs: Json, sizes: list[tuple[int, int]]) -> list[tuple[int, int]]:
        """Width and height of each still as the model sees it, where its processor says: of use to those that count
        in pixels."""
        grids = inputs.get("image_grid_thw")
        patch = getattr(getattr(self._loaded.processor, "image_processor", None), "patch_size", None)
        if grids is None or not isinstance(patch, int) or len(grids) != len(sizes):
            return sizes
        return [(int(width) * patch, int(height) * patch) for _, height, width in grids.tolist()]

    def _most(self, prompt: Prompt, length: int) -> int:
        """Tokens that may be written.  Raises InvalidArgument where the prompt fills the window."""
        window = self._loaded.window
        if not length:
            raise InvalidArgument("contents: nothing is said that this model could go on from.", field="contents")
        if length >= window:
            message = f"contents: the prompt has {length:,} tokens; this model takes {window - 1:,}. Send less."
            raise InvalidArgument(message, field="contents")
        limits = (prompt.config.max_output_tokens, self._options.output_tokens, window - length)
        return min(limit for limit in limits if limit)

    def _thinking(self, prompt: Prompt) -> tuple[Json, bool]:
        """(what the template is told, whether thinking was asked for)."""
        config = prompt.config.thinking_config
        asked = config is not None and bool(config.include_thoughts or config.thinking_budget or config.thinking_level)
        off = config is not None and config.thinking_budget == 0
        if not self._template.thinks:
            return {}, False
        if off or (self._constrained(prompt) and not asked):
            return {"enable_thinking": False}, False
        return ({"enable_thinking": True} if asked else {}), asked

    def _bounded(self, prompt: Prompt, *, inside: bool) -> Thinking | None:
        """The caller's bound to thinking, where the model thinks between tokens of its own."""
        config = prompt.config.thinking_config
        budget = config.thinking_budget if config is not None else None
        opens, closes = (self._single(tag) for tag in (OPENS, CLOSES))
        if budget is None or budget <= 0 or min(opens, closes) < 0:
            return None
        return Thinking(budget, opens, closes, tuple(self._ids(f"\n{CLOSES}")), inside)

    def _constrained(self, prompt: Prompt) -> bool:
        mime, mode = prompt.config.response_mime_type, calling(prompt)[0]
        return prompt.schema is not None or mime == "application/json" or (mode == "ANY" and bool(offered(prompt)))

    def _matcher(self, prompt: Prompt, after: str) -> Any:
        if not self._constrained(prompt):
            return None
        if isinstance(self._guide, str):
            raise Unimplemented(self._guide)
        return self._guide.start(prompt, after=after, call=self._template.call)

    def _sampling(self, prompt: Prompt) -> Sampling:
        """What the caller says, else what the model's generation_config does."""
        config, own = prompt.config, self._loaded.generation
        sampled = bool(own.do_sample) or any(value is not None for value in (config.top_p, config.top_k))
        temperature = config.temperature
        if temperature is None:
            temperature = (1.0 if own.temperature is None else own.temperature) if sampled else 0.0
        top_k = (own.top_k or 0) if config.top_k is None and own.do_sample else int(config.top_k or 0)
        top_p = (1.0 if own.top_p is None else own.top_p) if config.top_p is None and own.do_sample else config.top_p
        wanted = config.response_logprobs or config.logprobs is not None
        return Sampling(
            temperature=temperature,
            top_k=top_k,
            top_p=1.0 if top_p is None else top_p,
            presence=config.presence_penalty or 0.0,
            frequency=config.frequency_penalty or 0.0,
            repetition=own.repetition_penalty or 1.0,
            alternatives=(config.logprobs or 0) if wanted else -1,
            seed=secrets.randbits(32) if prompt.seed is None else prompt.seed % 2**32,  # Random takes -1 for 1
        )

    def _single(self, text: str) -> int:
        """The token that a text is, -1 where it is several."""
        ids = self._ids(text)
        return ids[0] if len(ids) == 1 else -1

    def _ids(self, text: str) -> list[int]:
        return list(self._loaded.tokenizer(text, add_special_tokens=False)["input_ids"])


def _guide(loaded: Loaded) -> Guide | str:
    """The model's guide, made before anybody waits for it; or why there is none, for those who want one."""
    from pollux.engines.transformers import guide  # noqa: PLC0415

    try:
        return guide.Guide(loaded.tokenizer, width=loaded.forward.width, ends=sorted(loaded.ends))
    except (ConfigurationError, Unimplemented) as error:
        return error.message


def _parts(message: Json) -> list[Json]:
    content = message["content"]
    return [{"type": "text", "text": content}] if isinstance(content, str) else content


def _key(image: Any, budget: Json) -> str:
    return blake3(f"{image.size} {sorted(budget.items())}".encode() + image.tobytes()).hexdigest()
