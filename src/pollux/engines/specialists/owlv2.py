"""OWLv2 (Minderer et al. 2023): boxes for each of several short texts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from pollux.engines.specialists.base import Cancelled, Found, Pixels
from pollux.engines.specialists.loading import dtype, pretrained, ready
from pollux.engines.specialists.options import Options
from pollux.engines.transformers.loading import device_of
from pollux.errors import Cancelled as Stopped

THRESHOLD = 0.1
"""Least score of a box, as on the model card."""
AT_ONCE = 64
"""Labels of one pass."""


class Owlv2:
    """Labels are asked for as they were in training: "a photo of a cat"."""

    def __init__(self, options: Options) -> None:
        from transformers import AutoModelForZeroShotObjectDetection, AutoProcessor  # noqa: PLC0415

        self._options = options
        self._processor: Any = pretrained(options, AutoProcessor)
        self._model: Any = ready(options, AutoModelForZeroShotObjectDetection)

    def find(self, pixels: Pixels, labels: Sequence[str], cancelled: Cancelled) -> Iterator[Found]:
        """All boxes above the threshold."""
        import torch  # noqa: PLC0415

        seen = self._processor.image_processor(pixels, return_tensors="pt", input_data_format="channels_last")
        seen = seen.to(device_of(self._options.device), dtype(self._options))
        least = THRESHOLD if self._options.threshold is None else self._options.threshold
        side = max(pixels.shape[:2])  # the processor makes a square of the picture, by a margin at its right or bottom
        for start in range(0, len(labels), AT_ONCE):
            if cancelled():
                raise Stopped
            some = labels[start : start + AT_ONCE]
            with torch.inference_mode():
                out = self._model(pixel_values=seen["pixel_values"], **self._read(some))
            best, which = torch.sigmoid(out.logits[0].float()).max(dim=-1)
            for at in torch.nonzero(best > least).flatten().tolist():
                x, y, w, h = (value * side for value in out.pred_boxes[0, at].float().tolist())
                box = x - w / 2, y - h / 2, x + w / 2, y + h / 2
                yield Found(box, some[int(which[at])], float(best[at]))

    def _read(self, labels: Sequence[str]) -> Any:
        """The texts as tokens; the model reads so many, and what is longer is cut."""
        read = self._processor.tokenizer(
            [f"a photo of a {label.lower()}" for label in labels],
            padding="max_length",
            truncation=True,
            max_length=self._model.config.text_config.max_position_embeddings,
            return_tensors="pt",
        )
        return {name: read[name].to(device_of(self._options.device)) for name in ("input_ids", "attention_mask")}
