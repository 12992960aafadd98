"""`pollux detect` and `pollux segment`: where things are, drawn on the pictures and as files for other tools."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from pollux.cli import findings, gallery, jobs, options, pictures, show
from pollux.cli.door import with_door
from pollux.cli.findings import Files, Finding, Source
from pollux.cli.seam import Door, Json, decoded, picture, png
from pollux.errors import ApiError, NotFound, PolluxError, Unavailable

if TYPE_CHECKING:
    from pollux.media.handle import Media
    from pollux.vision.answers import Detection
    from pollux.vision.masks import Mask

AT_ONCE = 2
"""Pictures under way at a time: one is drawn while another is looked at."""
SUFFIXES = DETECTED, SEGMENTED = ".detected.png", ".segmented.png"
"""How the names of overlays end; in a folder such pictures are those of an earlier run."""
ALL = "all prominent items in the image"
BOXES = (  # the documentation's words
    "Detect {what}.\n"
    'Output a JSON list where each entry contains the 2D bounding box in the key "box_2d" and the text label in the '
    'key "label". The box_2d should be [ymin, xmin, ymax, xmax] normalized to 0-1000.'
)
MASKS = (
    "Give the segmentation masks for {what}.\n"
    "Output a JSON list of segmentation masks where each entry contains the 2D bounding box in the key "
    '"box_2d", the segmentation mask in key "mask", and the text label in the key "label". Use descriptive labels.'
)

Words: TypeAlias = Annotated[
    list[str],
    typer.Argument(
        metavar="PICTURE... [WHAT]",
        help='Files and folders; then what to look for, as in "the red cups". Without it: all prominent items.',
    ),
]
Out: TypeAlias = Annotated[
    Path | None,
    typer.Option("--out", "-o", metavar="FOLDER", help="Where the overlays go, if not beside the pictures."),
]
Overlay: TypeAlias = Annotated[bool, typer.Option("--overlay/--no-overlay", help="Draw what is found on a copy.")]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print what is found as JSON, not as a table.")]
Coco: TypeAlias = Annotated[Path | None, typer.Option(metavar="FILE", help="Write COCO's JSON.")]
Yolo: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="FOLDER", help="Write YOLO's data.yaml, labels and copies of the pictures.")
]
Csv: TypeAlias = Annotated[Path | None, typer.Option(metavar="FILE", help="Write a line for each thing.")]
Sheet: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="FILE", help="Write a contact sheet of all pictures: one HTML file.")
]


def _finder(sought: str, prompt: str, ending: str) -> Callable[..., int]:
    """`detect` and `segment`: one command but for the words that ask and what is drawn."""

    def find(
        words: Words,
        out: Out = None,
        overlay: Overlay = True,
        as_json: AsJson = False,
        coco: Coco = None,
        yolo: Yolo = None,
        csv: Csv = None,
        sheet: Sheet = None,
        model: options.Model = options.DEFAULT_MODEL,
        server: options.Server = None,
        config: options.Config = None,
        data_dir: options.DataDir = None,
    ) -> int:
        sources, what, folders = _sources(words)
        run = _Run(model, prompt.format(what=what), sources, masks=prompt == MASKS, out=out, overlay=overlay)
        return run.all(Files(coco, yolo, csv, sheet), folders, jobs.Where(server, config, data_dir), as_json=as_json)

    find.__doc__ = f"""Find things in pictures: {sought}.

    The last word is what to look for, unless a file or folder has that name. Overlays are written as
    NAME{ending}; in a folder, those of earlier runs are passed over. A picture that fails is reported and the
    others go on; the exit status is then 1.
    """
    return find


detect = _finder("boxes and labels", BOXES, DETECTED)
segment = _finder("masks, boxes and labels", MASKS, SEGMENTED)


def _sources(words: Sequence[str]) -> tuple[list[Source], str, list[Path]]:
    """The pictures that are meant, each once, what is sought, and the folders among the words."""
    names, what = list(words), ALL
    if not _exists(names[-1]) and not pictures.looks_like_one(names[-1]):
        what = names.pop().strip().rstrip(".")
        if not what:
            raise typer.BadParameter("WHAT is empty; leave it out to find all prominent items")
        if not names:
            raise typer.BadParameter(f"there is no file or folder {words[-1]}; name a picture before what to look for")
    found: dict[Path, None] = {}
    folders = []
    for name in names:
        path = _path(name)
        if path.is_dir():
            folders.append(path)
            found |= dict.fromkeys(_absolute(one) for one in _pictures_of(path))
        else:
            found[_absolute(path)] = None
    top = os.path.commonpath([_absolute(path) for path in (*folders, *(path.parent for path in found))])
    return [Source(_name(path, top), _short(path)) for path in found], what, folders


def _exists(word: str) -> bool:
    return os.path.exists(os.path.expanduser(word))  # noqa: PTH110, PTH111 - a long question is no error here


def _path(word: str) -> Path:
    if pictures.is_url(word) or word == "-":
        raise typer.BadParameter(f"{word} is no file; save the picture and name that")
    if not _exists(word):
        hint = "" if pictures.looks_like_one(word) else '; what to look for is one last word in quotes: "the red cups"'
        raise typer.BadParameter(f"there is no file or folder {word}{hint}")
    return Path(word).expanduser()


def _pictures_of(folder: Path) -> list[Path]:
    found = [one.path for one in gallery.find(folder) if not one.path.name.endswith(SUFFIXES)]
    if not found:
        raise typer.BadParameter(f"{folder} holds no picture that can be read; name another folder, or a picture")
    return found


def _absolute(path: Path) -> Path:
    return Path(os.path.abspath(path))  # noqa: PTH100 - links are kept: a picture is called as the caller calls it


def _short(path: Path) -> Path:
    """From the working folder where it lies in that, for messages."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def _name(path: Path, top: str) -> str:
    return findings.printable(path.relative_to(top))


@dataclass
class _Run:
    """Asks about each picture, reads the answer and draws it."""

    model: str
    prompt: str
    sources: Sequence[Source]
    masks: bool
    out: Path | None
    overlay: bool
    paths: Mapping[Source, Path] = field(default_factory=dict)
    found: dict[Source, Finding] = field(default_factory=dict)

    def all(self, files: Files, folders: Sequence[Path], where: jobs.Where, *, as_json: bool) -> int:
        """The whole command; its exit status."""
        if self.out is not None and not self.overlay:
            raise typer.BadParameter("--out says where overlays go, and --no-overlay that there are none; drop one")
        files.check(self.sources, folders)
        if self.out is not None:
            findings.check_folder(self.out, "--out")
        if self.overlay:
            self.paths = findings.overlay_paths(self.sources, self.out, SEGMENTED if self.masks else DETECTED)
        with_door(self._ask_all, where.server, where.config, where.data_dir)
        done = [self.found[source] for source in self.sources]
        failed = sum(bool(finding.error) for finding in done)
        if failed < len(done):
            files.write(done, masks=self.masks)
        if as_json:
            show.write_json([finding.row() for finding in done])
        else:
            findings.table(done)
        self._say_where([finding.overlay for finding in done if finding.overlay is not None])
        return 1 if failed else 0

    async def _ask_all(self, door: Door) -> None:
        with ExitStack() as stack:
            tell = (
                stack.enter_context(jobs.bar("segment" if self.masks else "detect")) if len(self.sources) > 1 else None
            )
            rest = iter(self.sources)
            for source in rest:  # one at first: what is wrong with the server or the model is said once, and ends it
                await self._ask(door, source, tell)
                if not self.found[source].error:
                    break
            await asyncio.gather(*(self._ask_each(door, rest, tell) for _ in range(AT_ONCE)))

    async def _ask_each(self, door: Door, rest: Iterator[Source], tell: Callable[[jobs.Counts], None] | None) -> None:
        for source in rest:
            await self._ask(door, source, tell)

    async def _ask(self, door: Door, source: Source, tell: Callable[[jobs.Counts], None] | None) -> None:
        """What becomes of one picture; what is wrong with it is said and kept."""
        try:
            finding = await self._look(door, source)
        except (PolluxError, typer.BadParameter) as error:
            if isinstance(error, NotFound | Unavailable) and not any(not one.error for one in self.found.values()):
                raise
            finding = Finding(source, error=findings.plain(error, source.name))
            show.remark(finding.error)
        self.found[source] = finding
        if tell is not None:
            failed = sum(bool(one.error) for one in self.found.values())
            tell(jobs.Counts("RUNNING", len(self.sources), len(self.found), failed))

    async def _look(self, door: Door, source: Source) -> Finding:
        data = await asyncio.to_thread(pictures.read, source.path)
        body = pictures.body([pictures.inline(str(source.path), data), {"text": self.prompt}])
        body["generationConfig"] = {"responseMimeType": "application/json"}
        media = picture(data, source.name)
        async with aclosing(door.generate(self.model, body, stream=False)) as responses:
            (response,) = [response async for response in responses]
        return await asyncio.to_thread(self._finding, source, media, response)

    def _finding(self, source: Source, media: Media, response: Json) -> Finding:
        from pollux.vision.exports import Annotated as Seen  # noqa: PLC0415 (numpy is not needed for --help)
        from pollux.vision.masks import decode_all  # noqa: PLC0415

        things, remarks = _read(response)
        size = (media.width, media.height)
        masks, broken = decode_all(things, size)
        for text in (*remarks, *broken):
            show.remark(f"{source.name}: {text}")
        if self.masks and things and not any(masks):
            show.remark(f"{source.name}: the answer has boxes and no masks; another --model may give them")
        overlay = self.paths.get(source)
        if overlay is not None:
            _draw(media, things, masks, overlay)
        return Finding(source, Seen(source.name, size, tuple(things)), overlay)

    def _say_where(self, overlays: Sequence[Path]) -> None:
        if len(overlays) == 1:
            show.remark(f"the overlay is {findings.printable(overlays[0])}")
        elif overlays:
            show.remark(f"{len(overlays)} overlays are {f'in {self.out}' if self.out else 'beside their pictures'}")


def _read(response: Json) -> tuple[Sequence[Detection], Iterable[str]]:
    """What is in the answer, and remarks upon it.  Raises ApiError when it is none."""
    from pollux.vision.answers import read  # noqa: PLC0415 (numpy is not needed for --help)

    text = pictures.text(response)
    reason, message = pictures.end(response)
    if not text:
        raise ApiError(f"there is no answer: {message or reason}")
    answer = read(text)
    if not answer.detections and not re.search(r"\[\s*\]", text):
        why = str(answer.problems[0]) if answer.problems else repr(text[:200])
        raise ApiError(f"the answer names no places: {why}; ask for things to find, or another --model")
    remarks = [str(problem) for problem in answer.problems if problem.kind != "repaired"]
    if answer.unlisted:
        remarks.append(f"{answer.unlisted} more problems of the answer")
    if message or reason != "STOP":
        remarks.append(message or f"the answer ends early: {reason}")
    return answer.detections, remarks


def _draw(media: Media, things: Sequence[Detection], masks: Sequence[Mask | None], path: Path) -> None:
    from pollux.vision.draw import overlay  # noqa: PLC0415 (numpy is not needed for --help)

    drawn = png(overlay(decoded(media), things, masks=masks))
    findings.check_folder(path.parent, "--out")
    with jobs.replaced(path) as file:
        file.write(drawn)
