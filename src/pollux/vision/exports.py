"""Detections as other tools read them: COCO, YOLO, LabelMe, CSV, and `supervision`'s Detections."""

from __future__ import annotations

import csv
import importlib
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePath
from typing import Any, Literal

import numpy as np

from pollux.errors import FailedPrecondition, InvalidArgument
from pollux.vision import boxes, masks, shapes
from pollux.vision.answers import Detection
from pollux.vision.boxes import Size, checked
from pollux.vision.masks import Mask

__all__ = ["Annotated", "coco", "labelme", "names", "table", "to_supervision", "yolo", "yolo_data"]


@dataclass(frozen=True)
class Annotated:
    """One picture's file name, its size (width, height, upright) and what was found in it."""

    file: str
    size: Size
    detections: tuple[Detection, ...]

    def __post_init__(self) -> None:
        checked(self.size)

    @cached_property
    def masks(self) -> list[Mask | None]:
        """The mask of each detection; None where it has none, or one that cannot be read."""
        return masks.decode_all(self.detections, self.size)[0]

    def pixels(self, thing: Detection) -> list[int] | None:
        """x0, y0, x1, y1 of a detection's box."""
        return None if thing.box_2d is None else [int(v) for v in boxes.to_pixels(thing.box_2d, self.size)]


def names(pictures: Iterable[Annotated]) -> list[str]:
    """All labels, sorted: a label's place is its number in every export."""
    return sorted({thing.label for picture in pictures for thing in picture.detections})


def coco(
    pictures: Sequence[Annotated], *, segmentation: Literal["rle", "polygon"] = "rle", tolerance: float = 0.5
) -> dict[str, Any]:
    """COCO's object detection format: images, annotations and categories, numbered from 1; ready for JSON.

    `bbox` is x, y, width, height in pixels, `area` that of the mask or else of the box.  "polygon" writes outlines
    (simplified by `tolerance` pixels, holes filled) in place of compressed run lengths.  A thing that is only a point
    becomes one keypoint, as COCO has no other place for it.
    """
    categories = {label: n for n, label in enumerate(names(pictures), 1)}
    annotations = [
        {"id": 0, "image_id": number, "category_id": categories[thing.label], "iscrowd": 0}
        | _coco_shape(picture, thing, mask, segmentation, tolerance)
        | ({} if thing.score is None else {"score": thing.score})
        for number, picture in enumerate(pictures, 1)
        for thing, mask in zip(picture.detections, picture.masks, strict=True)
    ]
    pointed = {annotation["category_id"] for annotation in annotations if "keypoints" in annotation}
    return {
        "images": [
            {"id": n, "file_name": picture.file, "width": picture.size[0], "height": picture.size[1]}
            for n, picture in enumerate(pictures, 1)
        ],
        "annotations": [annotation | {"id": n} for n, annotation in enumerate(annotations, 1)],
        "categories": [
            {"id": n, "name": label, "supercategory": ""}
            | ({"keypoints": ["point"], "skeleton": []} if n in pointed else {})
            for label, n in categories.items()
        ],
    }


def _coco_shape(
    picture: Annotated, thing: Detection, mask: Mask | None, segmentation: str, tolerance: float
) -> dict[str, Any]:
    found: dict[str, Any] = {}
    x0, y0, x1, y1 = picture.pixels(thing) or (0, 0, 0, 0)
    if thing.point is not None:
        x, y = boxes.points_to_pixels(thing.point, picture.size).tolist()
        found = {"keypoints": [x, y, 2], "num_keypoints": 1}
        if thing.box_2d is None:
            x0, y0, x1, y1 = x, y, x, y
    area: int = (x1 - x0) * (y1 - y0)
    if mask is not None:
        area = mask.area
        found["segmentation"] = (
            shapes.rle(mask)
            if segmentation == "rle"
            else [shape.ravel().round(2).tolist() for shape in shapes.polygons(mask, tolerance=tolerance)]
        )
    else:
        found["segmentation"] = []
    return found | {"bbox": [x0, y0, x1 - x0, y1 - y0], "area": area}


def yolo(pictures: Sequence[Annotated], *, segmentation: bool = False, tolerance: float = 1.0) -> dict[str, str]:
    """YOLO's label files: name (the picture's with .txt) and text, a line for each thing that has a box.

    A line is the label's number in `names` and the box's middle, width and height, 0 to 1; with `segmentation` the
    outline of its largest part instead (the box's corners where there is no mask), as the -seg models take it.
    InvalidArgument when two pictures would share a file.
    """
    numbers = {label: n for n, label in enumerate(names(pictures))}
    files: dict[str, str] = {}
    for picture in pictures:
        name = str(PurePath(picture.file).with_suffix(".txt"))
        if name in files:
            raise InvalidArgument(f"file: two pictures would write {name}. Rename one.", field="file")
        lines = []
        for n, thing in enumerate(picture.detections):
            if thing.box_2d is not None:
                values = _outline(picture, n, tolerance) if segmentation else _middle(thing.box_2d)
                lines.append(" ".join([str(numbers[thing.label]), *(f"{value:.6g}" for value in values)]) + "\n")
        files[name] = "".join(lines)
    return files


def yolo_data(pictures: Sequence[Annotated], path: str = ".") -> str:
    """The data.yaml beside YOLO's label files."""
    lines = [f"  {n}: {json.dumps(label)}\n" for n, label in enumerate(names(pictures))]
    return f"path: {json.dumps(path)}\ntrain: images\nval: images\nnames:\n" + ("".join(lines) or "  {}\n")


def _middle(box_2d: Sequence[float]) -> list[float]:
    y0, x0, y1, x1 = (boxes.clip(list(box_2d)) / boxes.SCALE).tolist()
    return [(x0 + x1) / 2, (y0 + y1) / 2, x1 - x0, y1 - y0]


def _outline(picture: Annotated, number: int, tolerance: float) -> list[float]:
    """x, y, x, y ... from 0 to 1."""
    mask = picture.masks[number]
    outlines = shapes.polygons(mask, tolerance=tolerance) if mask is not None else []
    if outlines:
        return [float(value) for value in (outlines[0] / np.array(picture.size)).ravel()]
    y0, x0, y1, x1 = (boxes.clip(list(picture.detections[number].box_2d or ())) / boxes.SCALE).tolist()
    return [x0, y0, x1, y0, x1, y1, x0, y1]


def labelme(picture: Annotated, *, tolerance: float = 1.0) -> dict[str, Any]:
    """LabelMe's JSON of one picture: polygons for masks, a rectangle for a box without one, points."""
    drawn: list[dict[str, Any]] = []
    for n, (thing, mask) in enumerate(zip(picture.detections, picture.masks, strict=True)):
        box = picture.pixels(thing)
        parts: list[tuple[str, list[list[float]]]] = []
        if mask is not None and mask.area:
            parts = [("polygon", s.round(2).tolist()) for s in shapes.polygons(mask, tolerance=tolerance)]
        elif box is not None:
            parts = [("rectangle", [[float(v) for v in box[:2]], [float(v) for v in box[2:]]])]
        if thing.point is not None:
            parts.append(("point", [boxes.points_to_pixels(thing.point, picture.size).astype(float).tolist()]))
        common: dict[str, Any] = {"label": thing.label, "group_id": n if len(parts) > 1 else None, "flags": {}}
        drawn += [common | {"points": points, "shape_type": kind} for kind, points in parts]
    return {
        "version": "5.5.0",
        "flags": {},
        "shapes": drawn,
        "imagePath": picture.file,
        "imageData": None,
        "imageHeight": picture.size[1],
        "imageWidth": picture.size[0],
    }


_COLUMNS = ("file", "width", "height", "label", "score", "x0", "y0", "x1", "y1", "x", "y", "mask_area")


def table(pictures: Iterable[Annotated]) -> str:
    """CSV (RFC 4180) with a heading: a line for each thing, in pixels; empty where it has no box, point or mask."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for picture in pictures:
        for thing, mask in zip(picture.detections, picture.masks, strict=True):
            box: Sequence[Any] = picture.pixels(thing) or [""] * 4
            at: list[Any] = [""] * 2
            if thing.point is not None:
                at = boxes.points_to_pixels(thing.point, picture.size).tolist()
            score = "" if thing.score is None else thing.score
            area = "" if mask is None else mask.area
            writer.writerow((picture.file, *picture.size, thing.label, score, *box, *at, area))
    return out.getvalue()


def to_supervision(picture: Annotated) -> Any:
    """`supervision.Detections` of the things with a box: xyxy, masks, scores, numbers and names of their labels.

    Masks are full arrays there, as that library wants them, when any thing has one; a score that is missing is 1.
    FailedPrecondition where supervision is not installed.
    """
    try:
        supervision = importlib.import_module("supervision")
    except ImportError:
        raise FailedPrecondition("supervision is not installed. Run: pip install supervision") from None

    chosen = [n for n, thing in enumerate(picture.detections) if thing.box_2d is not None]
    things = [picture.detections[n] for n in chosen]
    numbers = {label: n for n, label in enumerate(names([picture]))}
    full = None
    if any(picture.masks[n] is not None for n in chosen):
        width, height = picture.size
        full = np.zeros((len(chosen), height, width), np.bool_)
        for plane, n in zip(full, chosen, strict=True):
            mask = picture.masks[n]
            if mask is not None:
                x0, y0, x1, y1 = mask.bounds
                plane[y0:y1, x0:x1] = mask.crop > 0
    scored = any(thing.score is not None for thing in things)
    return supervision.Detections(
        xyxy=np.array([picture.pixels(thing) for thing in things], np.float32).reshape(-1, 4),
        mask=full,
        confidence=np.array([1 if t.score is None else t.score for t in things], np.float32) if scored else None,
        class_id=np.array([numbers[thing.label] for thing in things], np.int64),
        data={"class_name": np.array([thing.label for thing in things], dtype=str)},
    )
