"""Parts of people and animals: clothes, hair, eyes, and the head of an animal seen close."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np

from pollux.engines.builtin.edit import areas
from pollux.engines.builtin.edit.board import Board, Floats, as_floats
from pollux.engines.builtin.edit.eyes import Seen, eye_pair
from pollux.engines.builtin.edit.found import Found, mask_of
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.seeing.cutting import grab, main_parts, opened
from pollux.engines.builtin.seeing.ground import lab

_FAR, _NEAR = 1.8, 1.3  # face widths from the face's middle: a body seldom reaches farther; it surely reaches so far


def people(board: Board, seen: Sequence[Seen], near: Sequence[Seen], index: int, *, own: bool) -> Floats:
    """The mask of things and of what is near them; a lone person is cut anew from the face down.

    What is far to the side of the face is ground unless its colours say otherwise: a flag beside an arm.
    """
    mask = mask_of(board, [*seen, *near], index, own=False)
    faces = [one.box for one in board.see(index, "face")]
    if "person" in {name for one in seen for name in one.names} and len(faces) == 1 and len(seen) == 1:
        mask = _cut_anew(board.pictures[index][..., :3], mask_of(board, seen, index, own=False), mask, faces[0])
    return board.here(mask) if own else mask


def _cut_anew(pixels: Pixels, person: Floats, mask: Floats, face: tuple[int, int, int, int]) -> Floats:
    """A second GrabCut, finer than the eyes' own; what is not the person, such as a helmet held, stays as it is."""
    small = fit(pixels, areas.SIDE)
    size, scale = (small.shape[1], small.shape[0]), small.shape[1] / pixels.shape[1]
    body, all_ = (cv2.resize(one, size, interpolation=cv2.INTER_AREA) for one in (person, mask))
    wide = max(2.0, (face[2] - face[0]) * scale)
    columns = np.arange(size[0])[None, :] + np.zeros(body.shape)
    away = np.abs(columns - (face[0] + face[2]) / 2 * scale) / wide
    guess = np.full(body.shape, cv2.GC_BGD, np.uint8)
    guess[cv2.dilate((body > 0.5).astype(np.uint8), np.ones((25, 25), np.uint8)) > 0] = cv2.GC_PR_BGD
    guess[body > 0.5] = np.where(away > _FAR, cv2.GC_PR_BGD, cv2.GC_PR_FGD)[body > 0.5]
    guess[(away > _FAR) & (np.minimum(columns, size[0] - 1 - columns) < 3)] = cv2.GC_BGD
    guess[(cv2.erode((body > 0.9).astype(np.uint8), np.ones((9, 9), np.uint8)) > 0) & (away < _NEAR)] = cv2.GC_FGD
    guess[(all_ > 0.5) & (body < 0.5)] = cv2.GC_PR_FGD
    cut = grab(small, guess, 3)
    if cut is None:
        return mask
    cut[(all_ > 0.5) & (body < 0.5)] = 1
    _, pieces = cv2.connectedComponents(opened(cut))
    sure = np.unique(pieces[(guess == cv2.GC_FGD) | ((all_ > 0.5) & (body < 0.5))])
    cut = np.isin(pieces, sure[sure > 0]).astype(np.uint8)
    if float(cut.sum()) < 0.5 * float((all_ > 0.5).sum()):
        return mask
    return areas.sharpened(pixels, areas.whole(cut.astype(np.float32)))


def clothes(board: Board, pixels: Pixels, index: int, *, own: bool) -> Found | None:
    """What a person wears above the waist: the person below the chin, without skin."""
    wearers = [one for one in board.see(index, "person") if one.kind == "object"]
    faces = list(board.see(index, "face"))
    if not wearers or not faces:
        return None
    mask, whole = people(board, wearers, (), index, own=own), board.pictures[index][..., :3]
    only = np.zeros(whole.shape[:2], np.float32)
    for face in faces:
        left, top, right, bottom = face.box
        wide, high = right - left, bottom - top
        only[max(0, bottom - high // 5) : bottom + 5 * high, max(0, left - 2 * wide) : right + 2 * wide] = 1
        only[max(0, top) : bottom + high // 8, max(0, left - wide // 6) : right + wide // 6] = 0  # hair and neck
    only = board.here(only) if own else only
    out = as_floats(mask * only * (1 - _skin(pixels, whole, faces)))
    return Found(out, "clothes", "", tuple(wearers)) if float(out.mean()) > 0.003 else None


def hair(board: Board, pixels: Pixels, index: int, *, own: bool) -> Found | None:
    """A person's hair: what is around the face and is not skin."""
    wearers = [one for one in board.see(index, "person") if one.kind == "object"]
    faces = list(board.see(index, "face"))
    if not wearers or not faces:
        return None
    mask, whole = people(board, wearers, (), index, own=own), board.pictures[index][..., :3]
    only = np.zeros(whole.shape[:2], np.float32)
    for face in faces:
        left, top, right, bottom = face.box
        wide, high = right - left, bottom - top
        only[max(0, top - high // 2) : bottom - high // 8, max(0, left - wide // 3) : right + wide // 3] = 1
        middle = ((left + right) // 2, top + round(0.62 * high))
        cv2.ellipse(only, middle, (round(0.4 * wide), round(0.5 * high)), 0, 0, 360, 0.0, -1)
    soft = as_floats(cv2.GaussianBlur(only, (0, 0), max(1.0, (faces[0].box[2] - faces[0].box[0]) / 50)))
    out = as_floats(mask * (board.here(soft) if own else soft) * (1 - _skin(pixels, whole, faces)))
    return Found(out, "hair") if float(out.mean()) > 0.002 else None


def _skin(pixels: Pixels, whole: Pixels, faces: Sequence[Seen]) -> Floats:
    """How surely each pixel has the colour of the faces, 0 to 1."""
    skin: list[Pixels] = []
    for face in faces:
        left, top, right, bottom = face.box
        wide, high = right - left, bottom - top
        skin.append(whole[top + high // 3 : bottom - high // 4, left + wide // 4 : right - wide // 4].reshape(-1, 3))
    tone = np.median(np.concatenate(skin), axis=0).astype(np.uint8)
    small = fit(pixels, areas.SIDE)
    bare_skin = np.linalg.norm(lab(small) - lab(tone.reshape(1, 1, 3)), axis=2) < 14
    soft = cv2.GaussianBlur(bare_skin.astype(np.float32), (0, 0), 1.2)
    full = cv2.resize(soft, (pixels.shape[1], pixels.shape[0]))
    return as_floats(np.clip(full * 2 - 0.4, 0, 1))


def eyes(pixels: Pixels) -> Found | None:
    """The eyes of an animal seen close."""
    pair = eye_pair(pixels)
    if pair is None:
        return None
    mask = np.zeros(pixels.shape[:2], np.float32)
    for x, y, radius in pair:
        cv2.circle(mask, (round(x), round(y)), max(2, round(radius * 0.96)), 1.0, -1, cv2.LINE_AA)
    return Found(as_floats(np.clip(cv2.GaussianBlur(mask, (0, 0), max(0.8, pair[0][2] / 14)), 0, 1)), "eyes")


def with_head(pixels: Pixels, mask: Floats) -> Floats:
    """The mask of an animal seen close, cut anew with what is around its two eyes as surely part of it."""
    pair = eye_pair(pixels)
    if pair is None:
        return mask
    small = fit(pixels, areas.SIDE)
    scale = small.shape[1] / pixels.shape[1]
    (x0, y0, _), (x1, y1, _) = pair
    x, y, apart = (x0 + x1) / 2 * scale, (y0 + y1) / 2 * scale, (x1 - x0) * scale
    rough = cv2.resize(mask, (small.shape[1], small.shape[0]), interpolation=cv2.INTER_AREA)
    if rough[int(y), int(x)] < 0.3:
        return mask
    guess = np.where(rough > 0.5, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    guess[rough > 0.97] = cv2.GC_FGD
    turn = float(np.degrees(np.arctan2(y1 - y0, x1 - x0)))
    for reach, value in ((1.12, cv2.GC_PR_FGD), (0.8, cv2.GC_FGD)):
        ring = np.zeros_like(guess)
        cv2.ellipse(
            ring,
            (round(x), round(y + 0.25 * apart)),
            (round(apart * reach), round(apart * reach * 1.05)),
            turn,
            0,
            360,
            1,
            -1,
        )
        guess[(ring > 0) & (guess != cv2.GC_FGD)] = value
    cut = grab(small, guess, 3)
    return (
        mask
        if cut is None
        else areas.sharpened(pixels, np.asarray(main_parts(opened(cut), np.ones(cut.shape, np.float32)), np.float32))
    )
