"""Things in photographs: named by the classifier, found by where its evidence lies, outlined by their colours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from pollux.engines.builtin import facts
from pollux.engines.builtin.boxes import overlap
from pollux.engines.builtin.classify import Classifier
from pollux.engines.builtin.english import key
from pollux.engines.builtin.kinds import groups, plain_word
from pollux.engines.builtin.kinds import members as members_of
from pollux.engines.builtin.meaning import Meaning
from pollux.engines.builtin.pixels import Pixels, fit
from pollux.engines.builtin.scene import Box, Face, Scene
from pollux.engines.builtin.seeing import cutting, people
from pollux.engines.builtin.seeing.evidence import (
    COARSE,
    Evidence,
    Families,
    Floats,
    Members,
    families,
    middle,
    softmax,
)
from pollux.engines.builtin.seeing.thing import Thing
from pollux.errors import Cancelled

SIDE = 1024  # pixels: larger pictures are looked at reduced
MOST = 6  # things that are looked at closely
_AT_ONCE = 2  # of them: GrabCut knows one core only

# A thing counts when the whole picture and the view of its own box speak for it, the two on average.  Chosen on 22
# photographs of libraries (18 of the main things named), 9 pictures of theirs without things (textures, microscopy, the
# sky) and 64 drawn noises, blurs and gradients (nothing named; at 0.25 two of the blurs were cloth).
SURE_ENOUGH = 0.28
ASKED_FOR = 0.15  # what somebody asks for by name: more often there than not
# What shows alike in all places is a texture or the sky, not a thing; and what is seen weakly has to be seen somewhere.
# Of the eight names that noises, clouds and gradients got without these two, none is left.
_FAIR, _EVERYWHERE = 0.3, 0.9
_WEAK, _SOMEWHERE = 0.4, 0.9  # score, and share of the picture
_STRONG, _HINT = 0.4, 0.2  # of a window alone, and of the window and the whole picture: worth a closer look
# a class is named from the first chance on, one without a family from the second, unless a relative comes near it
_EXACT, _PLAIN, _KIN = 0.75, 0.5, 1 / 3
_LIKELY = 0.4  # from this chance on a class may be asked for by name, if no other has half of it
_MEANT = 0.55  # likeness of sentence embeddings from which an unknown word means a class
_SAME = 0.6  # overlap from which two boxes are one thing with two names
_PERSON = ("person", "human", "people")
# of the chance of all together: on library photographs laid side by side it was 0.69 and more for things that are
# several, 0.31 and less for one
_ALONE = 0.6
_MARGIN = 0.1  # of a box's sides, seen around it
_ALLOWANCE = 0.75  # of what is needed: enough for a first, rough look


def _never() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class _Seen:
    """A family seen somewhere: its number, how sure, where."""

    family: int
    score: float
    box: Box
    chances: Floats  # by class, of the whole picture and of its own view


def find_objects(
    pixels: Pixels,
    scene: Scene,
    words: Sequence[str] = (),
    *,
    classifier: Classifier | None = None,
    meaning: Meaning | None = None,
    cancelled: Callable[[], bool] = _never,
) -> list[Thing]:
    """People and the classifier's things in an upright RGB picture, the surest first; empty when nothing is recognised.

    Boxes are in pixels of `pixels`; the scene's faces have to be too.  `words` are what somebody asks for: a class that
    one of them means (itself, its family, a group of kinds, or by `meaning`) is taken on less evidence.  Raises
    Cancelled as soon as `cancelled()` says so between two stages.
    """
    picture = fit(pixels, SIDE)
    scale = pixels.shape[1] / picture.shape[1]
    eyes = classifier or Classifier()
    kin = families(eyes.labels)
    _go_on(cancelled)
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        bodies = pool.map(lambda face: _person(picture, face, scale), scene.faces)
        seen = _look(picture, eyes, kin, _asked(eyes, kin, words, meaning), scene.grayscale, cancelled)
        found = [*bodies, *(_thing(one, eyes, kin, scale) for one in _distinct(seen))]
    return sorted(found, key=lambda thing: -thing.score)


def _look(
    picture: Pixels, eyes: Classifier, kin: Families, asked: frozenset[int], grey: bool, cancelled: Callable[[], bool]
) -> list[_Seen]:
    """Families with enough evidence, each with its box."""
    evidence = Evidence.of(eyes, kin, picture)
    _go_on(cancelled)
    whole = _with_view(softmax(evidence.coarse.mean(axis=(1, 2))), _chances(eyes, middle(picture)))

    def of(family: int) -> list[_Seen]:
        members, found = kin.members[family], []
        least = ASKED_FOR if family in asked else facts.GRAYSCALE if grey else SURE_ENOUGH
        for heat in _apart(picture, eyes, members, evidence.heat(members)):
            _go_on(cancelled)
            one = _closely(picture, eyes, (family, members), heat, whole, least)
            found += [one] if one is not None else []
        return found

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        return [one for some in pool.map(of, _candidates(kin, whole, evidence, asked)) for one in some]


def _apart(picture: Pixels, eyes: Classifier, members: Members, heat: Floats) -> list[Floats]:
    """The heat of each of several things of one family; the heat itself where it is one thing.

    They are several when each hot place alone looks much like one: half a bicycle does not.
    """
    parts = cutting.hot_parts(heat)
    if len(parts) < 2:
        return [heat]
    boxes = [cutting.rough_box(picture, one) for one in (heat, *parts)]
    together, *each = (float(_chances(eyes, _view(picture, box))[members].sum()) if box else 0.0 for box in boxes)
    return parts if min(each) >= _ALONE * together else [heat]


def _closely(
    picture: Pixels, eyes: Classifier, wanted: tuple[int, Members], heat: Floats, whole: Floats, least: float
) -> _Seen | None:
    """A thing of a family where its heat lies, when the view of that place bears it out: roughly, then exactly."""
    family, members = wanted
    rough = cutting.rough_box(picture, heat)
    if rough is None:
        return None
    best = _with_view(whole, _chances(eyes, _view(picture, rough)))
    if best[members].sum() < _ALLOWANCE * least:
        return None
    box = cutting.box_from_heat(picture, heat) or rough
    best = max(best, _with_view(whole, _chances(eyes, _view(picture, box))), key=lambda chances: chances[members].sum())
    score, share = float(best[members].sum()), box.width * box.height / (picture.shape[0] * picture.shape[1])
    if score < least or (score < _WEAK and share > _SOMEWHERE):
        return None
    return _Seen(family, score, box, best)


def _with_view(whole: Floats, view: Floats) -> Floats:
    """What the whole picture and the view of a part say together."""
    return np.asarray((whole + view) / 2, np.float32)


def _chances(eyes: Classifier, view: Pixels) -> Floats:
    """What the classifier says of one view, by class."""
    return softmax(eyes.evidence(view, COARSE).mean(axis=(1, 2)))


def _candidates(kin: Families, whole: Floats, evidence: Evidence, asked: frozenset[int]) -> list[int]:
    """Families worth a closer look, the most promising first."""
    windows = evidence.windows.max(axis=(1, 2))
    both = np.sqrt(kin.sums(whole) * windows)
    promise = np.maximum(both, 0.6 * windows)
    everywhere = (evidence.windows > _FAIR).mean(axis=(1, 2)) > _EVERYWHERE
    order = [int(i) for i in np.argsort(-promise, kind="stable") if not everywhere[i]]
    worth = [i for i in order if both[i] > _HINT or windows[i] > _STRONG or (i in asked and windows[i] > _HINT / 2)]
    return sorted(worth, key=lambda i: i not in asked)[:MOST]


def _view(picture: Pixels, box: Box) -> Pixels:
    """What lies in a box and a little around it."""
    across, down = _MARGIN * box.width, _MARGIN * box.height
    top, left = max(0, int(box.top - down)), max(0, int(box.left - across))
    return np.ascontiguousarray(picture[top : int(box.bottom + down) + 1, left : int(box.right + across) + 1])


def _distinct(seen: Sequence[_Seen]) -> list[_Seen]:
    """Of several names for one place the surest."""
    kept: list[_Seen] = []
    for one in sorted(seen, key=lambda one: -one.score):
        if all(overlap(one.box, other.box) < _SAME for other in kept):
            kept.append(one)
    return kept


def _thing(seen: _Seen, eyes: Classifier, kin: Families, scale: float) -> Thing:
    """Called by its class where that is plain, else by its family; then by its other names and kinds."""
    members = kin.members[seen.family]
    order = members[np.argsort(-seen.chances[members], kind="stable")]
    first = eyes.labels[int(order[0])]
    chance = float(seen.chances[order[0]])
    rival = float(seen.chances[order[1]]) if len(order) > 1 else 0.0
    family = (first.family,) if first.family else ()
    plain = chance >= (_EXACT if family else _PLAIN) and rival < _KIN * chance
    likely = (*first.names,) if chance >= _LIKELY and rival < chance / 2 else ()
    names = (*first.names, *family) if plain else (*family, *likely) or first.names
    every = tuple(dict.fromkeys((*names, *groups((first.family or first.name, first.name)))))
    return Thing("object", every, _grown(seen.box, scale), round(min(seen.score, 1.0), 3))


def _person(picture: Pixels, face: Face, scale: float) -> Thing:
    small = Face(_grown(face.box, 1 / scale))
    return Thing("object", _PERSON, _grown(people.body(picture, small), scale), 0.9)


def _grown(box: Box, scale: float) -> Box:
    return Box(box.left * scale, box.top * scale, box.right * scale, box.bottom * scale)


def _asked(eyes: Classifier, kin: Families, words: Sequence[str], meaning: Meaning | None) -> frozenset[int]:
    """The families that the words mean."""
    if not words:
        return frozenset()
    called = [{key(name) for i in members for name in _called(eyes, int(i))} for members in kin.members]
    found: set[int] = set()
    for word in words:
        noun, kinds = tuple(plain_word(word).split()), {tuple(kind.split()) for kind in members_of(word)}
        if not noun:
            continue
        known = {
            i for i, names in enumerate(called) if any(name[-len(noun) :] == noun or name in kinds for name in names)
        }
        if not known and meaning is not None:
            likeness = meaning.likeness(word, kin.names)
            known = {i for i, near in enumerate(likeness) if near >= _MEANT}
        found |= known
    return frozenset(found)


def _called(eyes: Classifier, index: int) -> tuple[str, ...]:
    label = eyes.labels[index]
    return (*label.names, label.family) if label.family else label.names


def _go_on(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Cancelled
