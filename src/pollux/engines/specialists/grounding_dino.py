"""Grounding DINO (Liu et al. 2023), and MM Grounding DINO: boxes for the phrases of a sentence."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from pollux.engines.specialists.base import Cancelled, Found, Pixels
from pollux.engines.specialists.loading import dtype, pretrained, ready
from pollux.engines.specialists.options import Options
from pollux.engines.transformers.loading import device_of
from pollux.errors import Cancelled as Stopped

THRESHOLD = 0.35
"""Least score of a box, as in the authors' demonstration."""
TOKENS = 192
"""Of one sentence: the model reads 256, and confuses phrases when there are very many."""
MOST_RATIO = 16
"""Of a picture's sides; of more the processor, which bounds the longer one, may leave nothing of the shorter."""

Spans = list[tuple[int, int]]


class GroundingDino:
    """Labels are one sentence, "cat. red car.", lower case: a phrase ends at its full stop.

    A box's score for a label is that of the label's likeliest token; so labels come back whole, where the usual way of
    reading words off the tokens gives pieces of them.
    """

    def __init__(self, options: Options) -> None:
        from transformers import AutoModelForZeroShotObjectDetection, AutoProcessor  # noqa: PLC0415

        self._options = options
        self._processor: Any = pretrained(options, AutoProcessor)
        self._model: Any = ready(options, AutoModelForZeroShotObjectDetection)

    def find(self, pixels: Pixels, labels: Sequence[str], cancelled: Cancelled) -> Iterator[Found]:
        """All boxes above the threshold."""
        pixels = broad(pixels)
        seen = self._processor.image_processor(pixels, return_tensors="pt", input_data_format="channels_last")
        seen = seen.to(device_of(self._options.device), dtype(self._options))
        for some in self._sentences(labels):
            if cancelled():
                raise Stopped
            yield from self._found(seen, some, pixels.shape[:2])

    def _sentences(self, labels: Sequence[str]) -> Iterator[list[str]]:
        """The labels in groups that are short enough."""
        group: list[str] = []
        length = 0
        for label in labels:
            tokens = len(self._processor.tokenizer(phrase(label))["input_ids"])
            if group and length + tokens > TOKENS:
                yield group
                group, length = [], 0
            group.append(label)
            length += tokens
        if group:
            yield group

    def _found(self, seen: Any, labels: Sequence[str], size: tuple[int, int]) -> Iterator[Found]:
        import torch  # noqa: PLC0415

        text, spans = sentence(labels)
        read = self._processor.tokenizer(
            text, return_tensors="pt", return_token_type_ids=True, return_offsets_mapping=True
        )
        offsets = read.pop("offset_mapping")[0].tolist()
        with torch.inference_mode():
            out = self._model(**seen, **read.to(device_of(self._options.device)))
        each = torch.sigmoid(out.logits[0].float())
        scores = torch.stack([_likeliest(each, offsets, span) for span in spans], dim=-1)
        best, which = scores.max(dim=-1)
        least = THRESHOLD if self._options.threshold is None else self._options.threshold
        height, width = size
        for at in torch.nonzero(best > least).flatten().tolist():
            x, y, w, h = out.pred_boxes[0, at].float().tolist()
            box = (x - w / 2) * width, (y - h / 2) * height, (x + w / 2) * width, (y + h / 2) * height
            yield Found(box, labels[int(which[at])], float(best[at]))


def broad(pixels: Pixels) -> Pixels:
    """A ribbon with a black margin at its right or bottom, so that it is none; places in it stay where they are."""
    height, width = pixels.shape[:2]
    least = math.ceil(max(height, width) / MOST_RATIO)
    if least <= min(height, width):
        return pixels
    return np.pad(pixels, ((0, max(0, least - height)), (0, max(0, least - width)), (0, 0)))


def phrase(label: str) -> str:
    """The label as it stands in a sentence: full stops would end it too early."""
    return " ".join(label.replace(".", " ").lower().split()) or "object"


def sentence(labels: Sequence[str]) -> tuple[str, Spans]:
    """All labels as one text, and where in it each stands."""
    text, spans = "", []
    for label in labels:
        words = phrase(label)
        spans.append((len(text), len(text) + len(words)))
        text += words + ". "
    return text.rstrip(), spans


def _likeliest(each: Any, offsets: Sequence[Sequence[int]], span: tuple[int, int]) -> Any:
    """(queries,) of (queries, tokens): the best of the tokens that a span covers."""
    start, end = span
    own = [n for n, (first, last) in enumerate(offsets) if first < last and first < end and last > start]
    return each[:, own].max(dim=-1).values if own else each.new_zeros(each.shape[0])
