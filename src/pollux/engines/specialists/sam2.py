"""SAM 2 (Ravi et al. 2024): masks for boxes.

The picture is prepared here, because the library's own processor for it cannot be imported without torchvision: it is
resized to the model's square, scaled and normalised as the checkpoint says.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Generator, Sequence
from itertools import islice
from typing import Any

import numpy as np
from blake3 import blake3

from pollux.engines.specialists.base import Map, PixelBox, Pixels
from pollux.engines.specialists.loading import dtype, held, ready
from pollux.engines.specialists.options import Options
from pollux.engines.transformers.loading import device_of

AT_ONCE = 32
"""Boxes of one pass."""
PICTURES = 8
"""Pictures whose embedding is remembered: some 16 MB each."""
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)
"""ImageNet's, as SAM 2 was trained with; a checkpoint may say otherwise."""


class ModelMasker:
    """A `Masker`."""

    def __init__(self, options: Options) -> None:
        self._held = held(options, Sam2)

    def masks(self, pixels: Pixels, boxes: Sequence[PixelBox]) -> Generator[Map, None, None]:
        """A map a box; the picture is looked at once, however many boxes it has and however often it comes."""
        if not boxes:
            return
        digest = blake3(np.ascontiguousarray(pixels).data).digest() + repr(pixels.shape).encode()
        waiting = iter(boxes)
        while some := list(islice(waiting, AT_ONCE)):
            with self._held.use() as model:
                logits = model.logits(digest, pixels, some)
            for box, one in zip(some, logits, strict=True):
                yield cut(one, box, (pixels.shape[1], pixels.shape[0]))

    def close(self) -> None:
        """Gives the model back."""
        self._held.close()


class Sam2:
    """The model, and the embeddings of the pictures that it saw last."""

    def __init__(self, options: Options) -> None:
        from transformers import Sam2Model  # noqa: PLC0415

        self._options = options
        self._model: Any = ready(options, Sam2Model)
        self._mean, self._std = _normal(options)
        self._seen: OrderedDict[bytes, Any] = OrderedDict()

    def logits(self, digest: bytes, pixels: Pixels, boxes: Sequence[PixelBox]) -> Any:
        """(boxes, side, side) float32, of the whole picture: above 0 is the thing."""
        import torch  # noqa: PLC0415

        side = self._side
        across, down = side / pixels.shape[1], side / pixels.shape[0]
        scaled = [[x0 * across, y0 * down, x1 * across, y1 * down] for x0, y0, x1, y1 in boxes]
        with torch.inference_mode():
            out = self._model(
                image_embeddings=self._embedded(digest, pixels),
                input_boxes=torch.tensor([scaled], dtype=torch.float32, device=device_of(self._options.device)),
                multimask_output=False,
            )
            return out.pred_masks[0, :, 0].float().cpu().numpy()

    @property
    def _side(self) -> int:
        return int(self._model.config.prompt_encoder_config.image_size)

    def _embedded(self, digest: bytes, pixels: Pixels) -> Any:
        known = self._seen.get(digest)
        if known is None:
            known = self._seen[digest] = self._model.get_image_embeddings(self._prepared(pixels))
            while len(self._seen) > PICTURES:
                self._seen.popitem(last=False)
        self._seen.move_to_end(digest)
        return known

    def _prepared(self, pixels: Pixels) -> Any:
        import torch  # noqa: PLC0415

        whole = torch.from_numpy(np.array(pixels)).to(device_of(self._options.device)).permute(2, 0, 1)[None].float()
        size = (self._side, self._side)
        small = torch.nn.functional.interpolate(whole, size=size, mode="bilinear", align_corners=False, antialias=True)
        mean, std = (torch.tensor(one, device=small.device).view(1, 3, 1, 1) for one in (self._mean, self._std))
        return ((small / 255 - mean) / std).to(dtype(self._options))


def cut(logits: Any, box: PixelBox, size: tuple[int, int]) -> Map:
    """What a box shows of the logits of a whole picture, as probabilities; its longer side is at most 256 pixels.

    Between the logits it is interpolated as torch and OpenCV do (the middle of a pixel is its place), and only then
    made a probability, as in the authors' code.
    """
    import cv2  # noqa: PLC0415

    x0, y0, x1, y1 = box
    scale = min(1.0, logits.shape[-1] / max(x1 - x0, y1 - y0))
    width, height = max(1, round((x1 - x0) * scale)), max(1, round((y1 - y0) * scale))
    across, down = logits.shape[1] / size[0], logits.shape[0] / size[1]
    step_x, step_y = (x1 - x0) / width * across, (y1 - y0) / height * down
    move = np.array(
        [[step_x, 0, x0 * across + step_x / 2 - 0.5], [0, step_y, y0 * down + step_y / 2 - 0.5]], np.float64
    )
    way = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    part = cv2.warpAffine(logits, move, (width, height), flags=way, borderMode=cv2.BORDER_REPLICATE)
    sure = 255 / (1 + np.exp(-np.clip(part, -30, 30)))
    return np.asarray(np.rint(sure), np.uint8)


def _normal(options: Options) -> tuple[Sequence[float], Sequence[float]]:
    """Mean and standard deviation of the channels, by the checkpoint's preprocessor_config.json."""
    from transformers.image_processing_base import ImageProcessingMixin  # noqa: PLC0415

    more = {"revision": options.revision} if options.revision else {}
    try:
        told = ImageProcessingMixin.get_image_processor_dict(options.model, **more)[0]
    except OSError:  # it has none
        return MEAN, STD
    return told.get("image_mean") or MEAN, told.get("image_std") or STD
