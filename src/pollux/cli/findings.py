"""What `pollux detect` and `pollux segment` found, as files and as a table."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, NamedTuple, overload

import typer

from pollux.cli import jobs, pictures, show
from pollux.cli.seam import decoded, picture
from pollux.errors import InvalidArgument, PolluxError

if TYPE_CHECKING:
    from pollux.vision.exports import Annotated

THUMBNAIL = 960
"""Pixels of the longer side on a contact sheet."""


class Source(NamedTuple):
    """A picture to look at: its path below the folder that all of a run share, with slashes, and the file."""

    name: str
    path: Path


@dataclass(frozen=True, slots=True)
class Finding:
    """What became of one picture: what was found and the overlay, or what went wrong."""

    source: Source
    annotated: Annotated | None = None
    overlay: Path | None = None
    error: str = ""

    def row(self) -> dict[str, Any]:
        """Ready for JSON: each detection in the API's form, its box in pixels (x0, y0, x1, y1) beside it."""
        if self.annotated is None:
            return {"file": self.source.name, "error": self.error}
        things = []
        for thing in self.annotated.detections:
            pixels = self.annotated.pixels(thing)
            things.append(thing.item() | ({} if pixels is None else {"pixels": pixels}))
        width, height = self.annotated.size
        overlay = {} if self.overlay is None else {"overlay": printable(self.overlay)}
        return {"file": self.source.name, "width": width, "height": height, **overlay, "detections": things}


@dataclass(frozen=True, slots=True)
class Files:
    """The files that a run was told to write beside the overlays."""

    coco: Path | None = None
    yolo: Path | None = None
    csv: Path | None = None
    sheet: Path | None = None

    def check(self, sources: Sequence[Source], folders: Sequence[Path]) -> None:
        """Before anything is begun: BadParameter or PolluxError for what could not be written, or would spoil input."""
        known = {source.path.resolve() for source in sources}
        for flag, path in (("--coco", self.coco), ("--csv", self.csv), ("--sheet", self.sheet)):
            jobs.check_out(path, flag)
            if path is not None and path.resolve() in known:
                raise typer.BadParameter(f"{flag}: {path} is one of the pictures; choose another file")
        if self.yolo is None:
            return
        check_folder(self.yolo, "--yolo")
        for folder in folders:
            if self.yolo.resolve().is_relative_to(folder.resolve()):
                text = f"--yolo: {self.yolo} lies in {folder}, where the pictures are; choose a folder outside of it"
                raise typer.BadParameter(text)
        stems: dict[PurePath, str] = {}
        for source in sources:
            other = stems.setdefault(PurePath(source.name).with_suffix(""), source.name)
            if other != source.name:
                raise typer.BadParameter(f"--yolo: {other} and {source.name} would share a label file; rename one")

    def write(self, findings: Sequence[Finding], *, masks: bool) -> None:
        """All of them, from the pictures that did not fail."""
        from pollux.vision import contact, exports  # noqa: PLC0415 (numpy is not needed for --help)

        good = [(finding, finding.annotated) for finding in findings if finding.annotated is not None]
        annotated = _Fresh([one for _, one in good])
        if self.coco is not None:
            _write(self.coco, "--coco", json.dumps(exports.coco(annotated), ensure_ascii=False) + "\n")
        if self.csv is not None:
            _write(self.csv, "--csv", exports.table(annotated))
        if self.yolo is not None:
            _write_yolo(self.yolo, annotated, [finding.source for finding, _ in good], masks=masks)
        if self.sheet is not None:
            shown = ((replace(one), _thumbnail(finding.source)) for finding, one in good)
            title = "Segments" if masks else "Detections"
            _write(self.sheet, "--sheet", contact.sheet(shown, title=title, side=THUMBNAIL))


class _Fresh(Sequence["Annotated"]):
    """Pictures each of which is handed out without its decoded masks, so that those of many are never held at once."""

    def __init__(self, items: Sequence[Annotated]) -> None:
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, place: int) -> Annotated: ...

    @overload
    def __getitem__(self, place: slice) -> Sequence[Annotated]: ...

    def __getitem__(self, place: int | slice) -> Annotated | Sequence[Annotated]:
        if isinstance(place, slice):
            return _Fresh(self._items[place])
        return replace(self._items[place])


def printable(path: Path) -> str:
    """A path with slashes.  One that is no UTF-8 has no JSON; written so, it is still this one and no other."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def check_folder(folder: Path, flag: str) -> None:
    """Makes it where it is missing.  Raises PolluxError naming `flag`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError:
        raise PolluxError(f"{flag}: {folder} is a file; name a folder") from None
    except OSError as error:
        raise PolluxError(f"{flag}: cannot make {folder}: {error.strerror}; choose another folder") from None


def overlay_paths(sources: Sequence[Source], out: Path | None, suffix: str) -> Mapping[Source, Path]:
    """Where each overlay goes: beside its picture, or at its place below `out`; never where an input lies.

    "cat.jpg" becomes "cat.detected.png"; where that is another's, "cat.jpg.detected.png".
    """
    taken = {source.path.resolve() for source in sources}
    paths = {}
    for source in sources:
        base = source.path if out is None else out / source.name
        chosen = next(path for path in _names(base, suffix) if path.resolve() not in taken)
        taken.add(chosen.resolve())
        paths[source] = chosen
    return paths


def _names(base: Path, suffix: str) -> Iterator[Path]:
    yield base.with_name(base.stem + suffix)
    name = base.name
    while True:
        name += suffix
        yield base.with_name(name)


def table(findings: Sequence[Finding]) -> None:
    """A line for each thing: picture, label, and its box in pixels (of a point: the left and top columns)."""
    from pollux.vision import boxes  # noqa: PLC0415 (numpy is not needed for --help)
    from pollux.vision.lettering import caption  # noqa: PLC0415

    rows = []
    for finding in findings:
        if finding.annotated is None:
            continue
        for thing in finding.annotated.detections:
            place: Sequence[int] | None = finding.annotated.pixels(thing)
            if place is None:
                place = boxes.points_to_pixels(thing.point or (0, 0), finding.annotated.size).tolist()
            cells = [str(number) for number in place]
            rows.append((finding.source.name, caption(thing.label, thing.score), *cells, *[""] * (4 - len(cells))))
        if not finding.annotated.detections:
            rows.append((finding.source.name, "(nothing found)", "", "", "", ""))
    if rows:
        show.table(("PICTURE", "LABEL", "LEFT", "TOP", "RIGHT", "BOTTOM"), rows, right=(2, 3, 4, 5))


def _thumbnail(source: Source) -> Any:
    # A quarter larger than it will be: a JPEG may come up to an eighth smaller than it is asked for.
    return decoded(picture(pictures.read(source.path), source.name), THUMBNAIL * 5 // 4)


def _write_yolo(folder: Path, annotated: Sequence[Annotated], sources: Sequence[Source], *, masks: bool) -> None:
    """A data set as its trainers read it: data.yaml, labels/, and the pictures in images/."""
    from pollux.vision import exports  # noqa: PLC0415 (numpy is not needed for --help)

    try:
        labels = exports.yolo(annotated, segmentation=masks)
    except InvalidArgument as error:
        raise PolluxError(f"--yolo: {error.message}") from None
    for name, text in labels.items():
        _write(folder / "labels" / name, "--yolo", text)
    for source in sources:
        _write_picture(source.path, folder / "images" / source.name)
    _write(folder / "data.yaml", "--yolo", exports.yolo_data(annotated))


def _write_picture(path: Path, copy: Path) -> None:
    if copy.exists() and copy.samefile(path):
        return
    check_folder(copy.parent, "--yolo")
    with jobs.replaced(copy, "--yolo") as file, path.open("rb") as given:
        shutil.copyfileobj(given, file)


def _write(path: Path, flag: str, text: str) -> None:
    check_folder(path.parent, flag)
    with jobs.replaced(path, flag) as file:
        file.write(text.encode("utf-8", "backslashreplace"))  # the name of a file may be no Unicode


def plain(error: PolluxError | typer.BadParameter, name: str) -> str:
    """One line that begins with the picture's name."""
    message = " ".join(error.message.split())
    return message if message.startswith(name) else f"{name}: {message}"
