"""Where made pictures and videos go: a file that is named, one whose name comes from the prompt, or standard output."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from pollux.cli import jobs, show

PICTURES: Mapping[str, str] = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
VIDEOS: Mapping[str, str] = {".mp4": "video/mp4"}
"""MIME types by how the names of files end; the first is the one that is made unless another is asked for."""
LONGEST = 40
"""Characters of a name that comes from a prompt."""
_ASKING = re.compile(
    r"(please\s+)?(can you\s+)?(create|draw|generate|make|paint|design|render|film|show)(\s+me)?\s+"
    r"((an?|the)\s+)?((picture|image|photo|photograph|drawing|video|film|illustration)\s+of\s+)?",
    re.IGNORECASE,
)
_ARTICLE = re.compile(r"(an?|the)\s+", re.IGNORECASE)

Out: TypeAlias = Annotated[
    str | None,
    typer.Option("--out", "-o", metavar="FILE", help="File or folder to write to; - for standard output."),
]
Force: TypeAlias = Annotated[bool, typer.Option("--force", "-f", help="Replace files that exist.")]


@dataclass(frozen=True)
class Output:
    """Where one command writes.  `named`: the caller chose the file's name, which is then kept or refused."""

    path: Path
    mime_type: str
    named: bool
    force: bool
    stdout: bool = False

    def write(self, files: list[tuple[bytes, str]]) -> list[Path]:
        """Writes files (bytes, MIME type), each whole or not at all, and says where; several are numbered from 1.

        A number that is taken is passed over, and the ending follows the content.  To standard output goes the first.
        """
        if self.stdout:
            sys.stdout.buffer.write(files[0][0])
            sys.stdout.buffer.flush()
            if len(files) > 1:
                show.remark(f"{len(files) - 1} more came; name a file with --out to have them all")
            return []
        paths = self._paths([mime_type for _, mime_type in files])
        for path, (data, _) in zip(paths, files, strict=True):
            with jobs.replaced(path) as file:
                file.write(data)
            show.remark(f"wrote {path}")
        return paths

    def _paths(self, mime_types: list[str]) -> list[Path]:
        plain = [_ended(self.path, mime_type) for mime_type in mime_types]
        if len(plain) == 1 and self._free(plain):
            return plain
        first = 1 if len(plain) > 1 else 2
        while True:
            paths = [one.with_stem(f"{one.stem}-{number}") for number, one in enumerate(plain, first)]
            if self._free(paths):
                return paths
            first += 1

    def _free(self, paths: list[Path]) -> bool:
        return self.force or not any(path.exists() for path in paths)


def output(out: str | None, name: str, endings: Mapping[str, str], *, force: bool) -> Output:
    """Where to write: `out` as it was given, `name` for the file where that names none.

    Raises BadParameter and PolluxError, before anything is made, for what could not be written.
    """
    ending, mime_type = next(iter(endings.items()))
    if out == "-":
        if sys.stdout.isatty():
            raise typer.BadParameter("--out -: standard output is a terminal; add `> file`, or name a file")
        return Output(Path(name + ending), mime_type, named=False, force=force, stdout=True)
    given = Path(out or ".").expanduser()
    if given.is_dir() or (out or "").endswith("/"):
        path = given / (name + ending)
        jobs.check_out(path)
        return Output(path, mime_type, named=False, force=force)
    path = given if given.suffix else given.with_suffix(ending)
    known = endings.get(path.suffix.lower())
    if known is None:
        raise typer.BadParameter(f"--out: a name that ends with {' or '.join(endings)} is needed, not {path.name}")
    jobs.check_out(path)
    if path.exists() and not force:
        raise typer.BadParameter(f"--out: {path} exists; add --force to replace it, or name another file")
    return Output(path, known, named=True, force=force)


def name_of(prompt: str, otherwise: str = "picture") -> str:
    """A file's name from the first words of a prompt: "Draw a red fox in snow" is "red-fox-in-snow"."""
    text = _ARTICLE.sub("", _ASKING.sub("", prompt.strip(), count=1), count=1) if prompt.strip() else ""
    name = ""
    for word in re.findall(r"\w+", text.lower().replace("'", "").replace("’", "")):
        if len(name) + len(word) >= LONGEST:
            break
        name = f"{name}-{word}" if name else word
    return name or otherwise


def _ended(path: Path, mime_type: str) -> Path:
    """The path with the ending of what is in it."""
    endings = [ending for ending, known in {**PICTURES, **VIDEOS}.items() if known == mime_type]
    return path if not endings or path.suffix.lower() in endings else path.with_suffix(endings[0])
