"""One look at a picture, stage by stage: decode, codes, colours, text, kind, and then what the kind deserves."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace

import cv2

from pollux.engines.builtin import codes as barcodes
from pollux.engines.builtin import colours, kind, lone, look
from pollux.engines.builtin import shapes as outlines
from pollux.engines.builtin.boxes import scaled
from pollux.engines.builtin.classify import Classifier
from pollux.engines.builtin.faces import FaceFinder
from pollux.engines.builtin.pixels import Pixels, fit, gray
from pollux.engines.builtin.scene import Box, Code, Face, Label, PictureKind, Scene, Shape, TextLine
from pollux.engines.builtin.seeing import ticks
from pollux.engines.builtin.seeing.plots import plotted
from pollux.engines.builtin.text import LONGEST_READ, Reader
from pollux.errors import Cancelled
from pollux.media.handle import Media
from pollux.media.picture import decode

LARGE = 4_200_000  # pixels: larger pictures are looked at reduced
SEEN_SIDE = 1024  # pixels: to this
LEAST_LABEL = 0.08  # probability: below it the classifier is guessing
LEAST_DRAWN_LABEL = 0.6  # of drawings, which it was not trained on
KEPT = 4_000_000  # bytes of the pixels of the picture last looked at: larger ones take long to look at anyway
SHARP = 220.0  # variance of the Laplacian at 640 pixels that counts as half sharp


class Eyes:
    """The models and how they are used; any thread may call `see`."""

    def __init__(self, threads: int = 2) -> None:
        self.reader = Reader(threads)
        self.classifier = Classifier(threads)
        self.faces = FaceFinder()
        self._last: tuple[str, int, Pixels] | None = None

    def pixels(self, media: Media, side: int) -> Pixels:
        """As `media.picture.decode`, to be read only; of the picture last looked at they are at hand, unless large."""
        last = self._last
        if last is not None and last[:2] == (media.digest, side):
            return last[2]
        picture = decode(media, side)
        self._last = (media.digest, side, picture) if picture.nbytes <= KEPT else None
        return picture

    def see(self, media: Media, *, reading: bool, cancelled: Callable[[], bool], known: Scene | None = None) -> Scene:
        """The scene of a picture; `known` is what was seen before without reading, and is completed."""
        picture = self.pixels(media, _side(media))
        _go_on(cancelled)
        seen = kind.traits(picture)
        with ThreadPoolExecutor(1) as beside:
            # they take as long as all else about a photograph, and what no program drew is nearly always one
            people = beside.submit(self.faces.faces, picture) if known is None and not seen.drawn else None
            scene = known or self._glance(picture, media, cancelled, reading=reading)
            if reading or scene.text_suspected:
                scene = self._read(picture, media, scene, cancelled)
            final, sure = self._kind(picture, media, scene, seen)
            if known is not None and final == known.kind and final != "drawing":  # letters there may be shapes
                return replace(scene, kind_confidence=sure)
            scene = replace(scene, kind=final, kind_confidence=sure)
            return self._details(picture, media, scene, people, cancelled)

    def _glance(self, picture: Pixels, media: Media, cancelled: Callable[[], bool], *, reading: bool) -> Scene:
        """What costs little, for every picture; nobody asks whether there is text where it will be read anyway."""
        found = tuple(replace(code, box=_placed(code.box, picture, media)) for code in barcodes.codes(picture))
        _go_on(cancelled)
        suspected = reading or look.has_text(picture, self.reader)
        _go_on(cancelled)
        return Scene(
            media.width,
            media.height,
            "photograph",
            0.0,
            text_suspected=suspected,
            codes=found,
            colours=colours.colours(picture),
            background=colours.background(picture),
            grayscale=colours.grayscale(picture),
            brightness=round(float(gray(fit(picture, SEEN_SIDE)).mean()) / 255, 3),
            sharpness=sharpness(picture),
        )

    def _read(self, picture: Pixels, media: Media, scene: Scene, cancelled: Callable[[], bool]) -> Scene:
        """The scene with all its text, and with the codes that only the larger picture shows."""
        reduced = max(picture.shape[:2]) < min(LONGEST_READ, max(media.width, media.height))
        large = self.pixels(media, LONGEST_READ) if reduced else picture
        _go_on(cancelled)
        read = lone.completed(large, self.reader.read(large, cancelled), self.reader.recognise)
        lines = tuple(_placed_line(line, large, media) for line in read)
        found = scene.codes
        if reduced and not found:
            found = tuple(replace(code, box=_placed(code.box, large, media)) for code in barcodes.codes(large))
        lines = barcodes.spelt(lines, found)
        return replace(scene, lines=lines, codes=found, text_read=True, text_suspected=bool(lines))

    def _kind(self, picture: Pixels, media: Media, scene: Scene, seen: kind.Traits) -> tuple[PictureKind, float]:
        """The kind, judged on the picture as it was decoded, so lines and codes go back to its size."""
        size = Media("image", "", b"", "", picture.shape[1], picture.shape[0])
        whole = _Size(media.height, media.width)
        lines = [_placed_line(line, whole, size) for line in scene.lines]
        found: list[Code] = [replace(code, box=_placed(code.box, whole, size)) for code in scene.codes]
        return kind.judge(picture, seen, lines, found)

    def _details(
        self,
        picture: Pixels,
        media: Media,
        scene: Scene,
        looked: Future[tuple[Face, ...]] | None,
        cancelled: Callable[[], bool],
    ) -> Scene:
        """Labels, faces (perhaps `looked` for already) and shapes, each only for the kinds that have them."""
        labels: tuple[Label, ...] = ()
        people: tuple[Face, ...] = ()
        forms: tuple[Shape, ...] = ()
        if scene.kind in ("photograph", "drawing"):
            least = LEAST_LABEL if scene.kind == "photograph" else LEAST_DRAWN_LABEL
            labels = tuple(label for label in self.classifier.classify(picture) if label.score >= least)
            _go_on(cancelled)
        if scene.kind == "photograph":
            faces = looked.result() if looked else self.faces.faces(picture)
            people = tuple(Face(_placed(face.box, picture, media)) for face in faces)
        if scene.kind == "drawing":
            forms = tuple(replace(form, box=_placed(form.box, picture, media)) for form in outlines.shapes(picture))
            letters = sum(letter.isalnum() for letter in scene.text)
            if letters < kind.LEAST_WORD and any(form.name != "shape" for form in forms):
                scene = replace(scene, lines=())  # circles read as O, triangles as A
            forms = tuple(form for form in forms if not _is_print(form, scene))
        if scene.kind == "chart" and scene.text_read:
            scene = ticks.completed(picture, scene, self.reader.recognise)
            scene = replace(scene, plotted=plotted(picture, scene))
        return replace(scene, labels=labels, faces=people, shapes=forms)


def sharpness(picture: Pixels) -> float:
    """0 (no edge anywhere) to 1, from the variance of the Laplacian at 640 pixels; 0.5 and more looks sharp."""
    variance = float(cv2.Laplacian(gray(fit(picture, 640)), cv2.CV_32F).var())
    return round(variance / (variance + SHARP), 3)


def _is_print(form: Shape, scene: Scene) -> bool:
    """Whether a plain region is a letter of a line that was read, or a part of a code."""
    x, y = form.box.centre
    boxes = [run.box for line in scene.lines for run in line.pieces or (line,)] + [code.box for code in scene.codes]
    return any(
        box.left <= x <= box.right and box.top <= y <= box.bottom and form.box.height <= 1.3 * box.height
        for box in boxes
    )


class _Size:
    """Stands in for a picture of which only the size matters."""

    def __init__(self, height: int, width: int) -> None:
        self.shape = (height, width, 3)


def _side(media: Media) -> int:
    return SEEN_SIDE if media.width * media.height > LARGE else LONGEST_READ


def _go_on(cancelled: Callable[[], bool]) -> None:
    if cancelled():
        raise Cancelled


def _placed(box: Box, seen: Pixels | _Size, media: Media) -> Box:
    """A box found in `seen`, in pixels of the upright picture, inside it."""
    across, down = media.width / seen.shape[1], media.height / seen.shape[0]
    left = min(max(box.left * across, 0.0), media.width - 1.0)
    top = min(max(box.top * down, 0.0), media.height - 1.0)
    right = min(max(box.right * across, left + 1.0), float(media.width))
    return Box(left, top, right, min(max(box.bottom * down, top + 1.0), float(media.height)))


def _placed_line(line: TextLine, seen: Pixels | _Size, media: Media) -> TextLine:
    pieces = tuple(_placed_line(piece, seen, media) for piece in line.pieces)
    across, down = media.width / seen.shape[1], media.height / seen.shape[0]
    flat = line.flat and scaled(line.flat, across, down)  # may lie outside the picture
    return replace(line, box=_placed(line.box, seen, media), pieces=pieces, flat=flat)
