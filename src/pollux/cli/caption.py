"""`pollux batch caption`: a question about every picture of a folder, asked by batch jobs, one after the other.

What is answered stands in the output, a line a picture; the job that is under way stands in a note beside it.  An
interrupted run leaves both, and the next one goes on from them.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Callable, Sequence
from contextlib import aclosing, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from pollux.cli import gallery, jobs, options, show
from pollux.cli.batch import JSONL, MOST
from pollux.cli.door import with_door
from pollux.cli.files import upload_one
from pollux.cli.gallery import Picture
from pollux.cli.jobs import Counts, Where, bare
from pollux.cli.seam import Door, Json
from pollux.errors import ApiError, NotFound, PolluxError

PROMPT = "Describe the picture in one sentence."


@dataclass(frozen=True)
class Note:
    """What is under way: how it was asked, and the job.

    `title` is the name that the job is called by, written before the job is made: it is found by that when the process
    ends before `job` is written.  `uploads` are Files of large pictures, deleted after the job.
    """

    folder: str
    prompt: str
    model: str
    server: str
    title: str = ""
    job: str = ""
    uploads: tuple[str, ...] = ()


def caption(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where the pictures are.", exists=True, file_okay=False)
    ],
    prompt: Annotated[str, typer.Option(metavar="TEXT", help="What is asked about each picture.")] = PROMPT,
    out: Annotated[
        Path, typer.Option("--out", "-o", metavar="FILE", help="Where the answers go: JSONL, a picture a line.")
    ] = Path("captions.jsonl"),
    model: options.Model = options.DEFAULT_MODEL,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> int:
    """Ask about every picture of a folder, and of the folders in it.

    The answers come as lines {"file": ..., "text": ...}, or "error" in place of "text". Interrupted and run again, it
    goes on where it was; run once more, it asks about new pictures and those that failed. Without --server this process
    does the work, unless another one runs the jobs of this installation. The exit status is 1 when a picture failed.
    """
    if not prompt.strip():
        raise typer.BadParameter('--prompt is empty; ask something: --prompt "What is this?"')
    jobs.check_out(out)
    asked = Note(str(folder.resolve()), prompt, model, (server or "").rstrip("/"))
    book = Book.read(out)
    note = _read_note(_note_path(out), asked)
    found = gallery.find(folder)
    if not found and note is None:
        raise typer.BadParameter(f"FOLDER: {folder} holds no picture that can be read")

    async def work(door: Door) -> int:
        return await _Run(door, book, asked, found, Where(server, config, data_dir)).all(note)

    return with_door(work, server, config, data_dir)


class Book:
    """The output: a line a picture, in the order of the names; kept whole, replaced in one step."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.lines: dict[str, bytes] = {}
        self.failed: set[str] = set()

    @classmethod
    def read(cls, path: Path) -> Book:
        """What earlier runs left.  Raises BadParameter for a file of anything else, which is not to be overwritten."""
        book = cls(path)
        try:
            with path.open("rb") as file:
                for number, line in enumerate(file, 1):
                    book._take(line, number)
        except FileNotFoundError:
            pass
        except OSError as error:
            raise PolluxError(f"--out: cannot read {path}: {error.strerror}; choose another file") from None
        return book

    def _take(self, line: bytes, number: int) -> None:
        try:
            row = json.loads(line)
            if not isinstance(row["file"], str) or not ("text" in row or "error" in row):
                raise ValueError(row)
        except (ValueError, LookupError, TypeError):
            message = f"--out: line {number} of {self.path} is no answer of this command; choose another file"
            raise typer.BadParameter(message) from None
        self.put(row)

    def put(self, row: Json) -> None:
        """Keeps an answer, in place of an earlier one."""
        name = row["file"]
        self.lines[name] = json.dumps(row, ensure_ascii=False).encode() + b"\n"
        (self.failed.add if "error" in row else self.failed.discard)(name)

    def wants(self, picture: Picture) -> bool:
        """Whether there is no text for it."""
        return picture.name not in self.lines or picture.name in self.failed

    def write(self) -> None:
        """The file, whole."""
        with jobs.replaced(self.path) as file:
            file.writelines(self.lines[name] for name in sorted(self.lines))


class _Run:
    """One run of the command."""

    def __init__(self, door: Door, book: Book, asked: Note, found: Sequence[Picture], where: Where) -> None:
        self._door = door
        self._book = book
        self._asked = asked
        self._found = found
        self._where = where
        self._note_path = _note_path(book.path)
        self._tell: Callable[[Counts], None] = lambda _: None

    async def all(self, note: Note | None) -> int:
        """The job that was under way, then a job for every part of what is left; the exit status."""
        begun = sum(not self._book.wants(picture) for picture in self._found)
        if begun < len(self._found) or note is not None:
            if begun:
                show.remark(f"{begun} of {len(self._found)} pictures have their answers in {self._book.path} already")
            await self._ask(note)
        failed = sum(self._book.wants(picture) for picture in self._found)
        said = f"{len(self._found) - failed} of {len(self._found)} pictures have their answers in {self._book.path}"
        show.remark(said + (f"; {failed} failed, their lines say why" if failed else ""))
        return 1 if failed else 0

    async def _ask(self, note: Note | None) -> None:
        before = set(self._book.failed)
        async with self._door.working(jobs.teller()):
            with jobs.bar("captions") as self._tell:
                try:
                    if note is not None:
                        await self._resume(note)
                    tried = self._book.failed - before
                    left = [p for p in self._found if self._book.wants(p) and p.name not in tried]
                    for part in gallery.parts(left, self._asked.prompt):
                        await self._part(part)
                except asyncio.CancelledError:
                    show.remark("interrupted; run the same command again, and it goes on where it was")
                    raise

    async def _resume(self, note: Note) -> None:
        """The end of a job that an earlier run made, if it is there."""
        if not note.job:
            made = (job for job in await self._door.batches(MOST) if job["metadata"].get("displayName") == note.title)
            note = replace(note, job=next(made, {"name": ""})["name"])
        if note.job:
            try:
                await self._end(note)
                return
            except NotFound:
                show.remark(f"{note.job}, which an earlier run made, is there no more; its pictures are asked again")
        self._note_path.unlink(missing_ok=True)

    async def _part(self, part: Sequence[Picture]) -> None:
        """One job, from its pictures to their lines in the output."""
        self._progress(Counts("SENDING", 0, 0, 0))
        lines, uploads = await self._lines(part)
        note = replace(self._asked, title=f"{self._book.path.name} {secrets.token_hex(4)}", uploads=tuple(uploads))
        if not lines:
            await self._close(note)
        else:
            size = sum(line.size for line in lines)
            file = await self._ready(
                await self._door.upload(gallery.written(lines), size, "", note.title + ".jsonl", JSONL)
            )
            await asyncio.to_thread(_write_note, self._note_path, note)
            job = await self._door.create_batch(note.model, file["name"], note.title, 0, embeddings=False)
            note = await self._made(note, job, file)
            await self._end(note)

    async def _made(self, note: Note, job: Json, file: Json) -> Note:
        """The job is noted; it keeps the bytes of its input as long as it needs them."""
        note = replace(note, job=job["name"])
        await asyncio.to_thread(_write_note, self._note_path, note)
        await self._door.delete_file(file["name"])
        return note

    async def _lines(self, part: Sequence[Picture]) -> tuple[list[gallery.Line], list[str]]:
        """The input, and the names of Files that large pictures were uploaded as."""
        lines, uploads = [], []
        for picture in part:
            if picture.size <= gallery.INLINE:
                lines.append(gallery.line(picture, self._asked.prompt))
                continue
            file = await upload_one(self._door, picture.path, "", picture.mime_type, lambda _name, _at, _size: None)
            uploads.append(file["name"])
            try:
                file = await self._ready(file)
            except ApiError as error:
                self._book.put({"file": picture.name, "error": error.message})
            else:
                lines.append(gallery.line(picture, self._asked.prompt, file["uri"]))
        return lines, uploads

    async def _ready(self, file: Json) -> Json:
        """A File once it can be used.  Raises ApiError when it cannot."""
        while file["state"] == "PROCESSING":
            await asyncio.sleep(jobs.FIRST_PAUSE)
            file = await self._door.file(file["name"])
        if file["state"] != "ACTIVE":
            raise ApiError(file.get("error", {}).get("message", f"{file['name']} is {file['state']}"))
        return file

    async def _end(self, note: Note) -> None:
        """Waits for a job and keeps its answers.  Raises ApiError when it has none, or not all."""
        job = await jobs.wait(self._door, note.job, self._progress)
        now = jobs.counts(job)
        if "output" in job["metadata"]:
            async with aclosing(jobs.results(self._door, job)) as results:
                async for line in results:
                    self._book.put(gallery.row(json.loads(line)))
        await self._close(note)
        if bare(now.state) != "SUCCEEDED":
            reason = job.get("error", {}).get("message", "")
            raise ApiError(f"{note.job} is {bare(now.state)}: {reason} Run the same command again to go on.")

    async def _close(self, note: Note) -> None:
        """Writes the answers; then nothing is under way any more."""
        await asyncio.to_thread(self._book.write)
        self._note_path.unlink(missing_ok=True)
        for name in note.uploads:
            with suppress(ApiError):  # they expire anyway
                await self._door.delete_file(name)

    def _progress(self, now: Counts) -> None:
        """The job's counts on top of what was done before it."""
        wanting = sum(self._book.wants(picture) for picture in self._found)
        done = len(self._found) - wanting
        self._tell(Counts(now.state, len(self._found), min(done + now.done, len(self._found)), now.failed))


def _note_path(out: Path) -> Path:
    return out.with_name(out.name + ".job")


def _write_note(path: Path, note: Note) -> None:
    with jobs.replaced(path) as file:
        file.write(json.dumps(asdict(note), indent=2).encode() + b"\n")


def _read_note(path: Path, asked: Note) -> Note | None:
    """The job under way, if there is one.  Raises BadParameter when it was asked in another way."""
    try:
        given: dict[str, Any] = json.loads(path.read_bytes())
        note = Note(**{**given, "uploads": tuple(given["uploads"])})
    except FileNotFoundError:
        return None
    except OSError as error:
        raise PolluxError(f"cannot read {path}: {error.strerror}; check its permissions") from None
    except (ValueError, LookupError, TypeError):
        raise PolluxError(f"{path} is not as this command wrote it; delete it to begin anew") from None
    for field, flag in (("folder", "FOLDER"), ("prompt", "--prompt"), ("model", "--model"), ("server", "--server")):
        if getattr(note, field) != getattr(asked, field):
            was = getattr(note, field) or "none"
            message = f"{flag}: {path} holds a job under way with another one ({was}); give that, or delete {path}"
            raise typer.BadParameter(message)
    return note
