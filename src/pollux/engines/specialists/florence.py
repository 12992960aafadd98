"""Florence-2 (Xiao et al. 2023): boxes that a small language model writes for the phrases of a caption."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pollux.engines.specialists.base import Cancelled, Found, Pixels
from pollux.engines.specialists.loading import dtype, pretrained, ready
from pollux.engines.specialists.options import Options
from pollux.engines.transformers.loading import device_of
from pollux.errors import Cancelled as Stopped
from pollux.vision.boxes import SCALE
from pollux.vision.dialects import DIALECTS

TASK = "<CAPTION_TO_PHRASE_GROUNDING>"
MOST_TOKENS, BEAMS = 1024, 3
"""As on the model card."""


class Florence:
    """Labels are one caption, "cat. red car.".  The model gives no scores: all boxes have 1."""

    def __init__(self, options: Options) -> None:
        from transformers import AutoModelForImageTextToText, AutoProcessor  # noqa: PLC0415

        self._options = options
        self._processor: Any = pretrained(options, AutoProcessor)
        self._model: Any = ready(options, AutoModelForImageTextToText)

    def find(self, pixels: Pixels, labels: Sequence[str], cancelled: Cancelled) -> Iterator[Found]:
        """Every box of a phrase that is one of the labels."""
        import torch  # noqa: PLC0415
        from transformers import StoppingCriteriaList  # noqa: PLC0415

        caption = ". ".join(label.replace("<", "").strip(" .") for label in labels) + "."
        given = self._processor(
            text=TASK + caption, images=pixels, return_tensors="pt", input_data_format="channels_last"
        ).to(device_of(self._options.device), dtype(self._options))

        def stop(ids: Any, scores: Any, **more: Any) -> Any:
            del scores, more
            return torch.full((ids.shape[0],), cancelled(), device=ids.device, dtype=torch.bool)

        with torch.inference_mode():
            ids = self._model.generate(
                **given,
                max_new_tokens=MOST_TOKENS,
                num_beams=BEAMS,
                do_sample=False,
                stopping_criteria=StoppingCriteriaList([stop]),
            )
        if cancelled():
            raise Stopped
        text = self._processor.tokenizer.decode(ids[0], skip_special_tokens=False)
        height, width = pixels.shape[:2]
        for item in DIALECTS["florence"].items(text, (width, height)):
            label = asked(str(item.get("label", "")), labels)
            if label:
                y0, x0, y1, x1 = (value / SCALE for value in item["box_2d"])
                yield Found((x0 * width, y0 * height, x1 * width, y1 * height), label, 1.0)


def asked(phrase: str, labels: Sequence[str]) -> str:
    """The label that a phrase of the answer means: the same, or one that holds it or is held; "" for none."""
    words = phrase.casefold().strip(" .")
    same = [label for label in labels if label.casefold() == words]
    near = [label for label in labels if words and (words in label.casefold() or label.casefold() in words)]
    return next(iter(same or near), "")
