"""How places are to be written: as boxes, points or masks, in which unit, in which order."""

from __future__ import annotations

import re
from typing import Literal

Form = Literal["boxes", "masks", "points"]
Unit = Literal["thousandths", "pixels", "shares"]
Order = Literal["yxyx", "xyxy", "xywh"]


def form_of(text: str, system: str = "") -> Form:
    """Boxes, points or masks, by the prompt, else by the system instruction."""
    for said in (text, system):
        said = re.sub(
            r"\b(?:never|not|no|without|don't)\b[^.,;\n]{0,24}\b(?:masks?|points?|box(?:es)?)\b", " ", said, flags=re.I
        )
        if re.search(r"\bmasks?\b|\bsegment\w*\b|\bcut ?outs?\b|\bsilhouettes?\b", said, re.I):
            return "masks"
        boxed = re.search(r"\bbox", said, re.I)
        if not boxed and re.search(
            r"[\"'`]points?[\"'`]|\bpoint(?:s|ing)? (?:to|at|out)\b|^\W*point\b|\bpoints? (?:of|for|on|matching)\b|"
            r"\b(?:the|give|get|return|with|as|\d+) points?\b|\b[\[(]\s*y\s*,\s*x\s*[\])]",
            said, re.I,
        ):  # fmt: skip
            return "points"
        if boxed:
            return "boxes"
    return "boxes"


def placing(name: str) -> bool:
    """Whether a field's name (as words) is that of a place: "box 2d", "bounding box", "point", "mask", "x min"."""
    places = r"\b(?:b?box(?:es)?|bounding|masks?|points?|rect(?:angle)?|bounds|segmentation|coordinates?)\b"
    return bool(re.search(rf"{places}|^[xy] ?(?:min|max|[012])$", name))


def is_deep(text: str) -> bool:
    """Whether boxes in three dimensions are asked for."""
    return bool(re.search(r"\bbox_3d\b|\b3[- ]?d (?:bounding )?box|\bz_center\b|\bthree[- ]dimensional\b", text, re.I))


def unit_of(text: str) -> Unit:
    """Thousandths, unless pixels or numbers from 0 to 1 are asked for."""
    if re.search(
        r"\b(?:absolute|in|as) pixels?\b|\bpixels? (?:coordinates|values|positions)\b|\babsolute coordinates\b",
        text,
        re.I,
    ):
        return "pixels"
    if re.search(r"normali[sz]ed?\b.{0,30}\b0(?:\.0)?\s*(?:-|–|to|and|,)\s*1(?:\.0)?(?![\d.]*\d)", text, re.I):
        return "shares"
    return "thousandths"


def order_of(text: str) -> Order:
    """Of a box's numbers, as a list in the prompt names them."""
    inner = re.search(r"[\[(]\s*(?:x_?min|x_?0|x_?1|left|x)\s*,\s*(?:y_?min|y_?0|y_?1|top|y)\s*,\s*(\w+)", text, re.I)
    if not inner:
        return "yxyx"
    return "xywh" if inner.group(1).lower() in ("w", "width") else "xyxy"
