"""Work on hostile files in a process of its own: what hangs is ended, what crashes takes nobody along.

PDFium and FFmpeg are large parsers written in C and C++; the first may only be used by one thread of a process.  So
each question to them is answered by a short-lived child (60 to 90 ms to start), with limits on time and memory, and
nothing is shared.  A question is one line of JSON and the file's bytes on stdin (or the file's path in the line); the
answer is one line of JSON and, one after the other, the blobs whose sizes it names.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from pollux.errors import Cancelled, DeadlineExceeded, InvalidArgument, NotFound

Source = bytes | Path
_LOOK = 0.1  # seconds between looks at `cancelled`
_ROOT = Path(__file__).parents[2]
_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_RUN = "import sys; sys.path.append(sys.argv[1]); from pollux.media import child; child.main(sys.argv[2])"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a child found: `facts` as JSON holds them, and blobs."""

    facts: Any
    blobs: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a child may take (seconds) and how much memory it may use (bytes, where the system can tell)."""

    seconds: float = 60.0
    memory: int = 2 << 30


class RefusedError(Exception):
    """Raised within a child for a file that cannot be used; the message is a clause ("the PDF is damaged")."""


class DamagedError(Exception):
    """What a child could not do, for the file's sake; the message is a clause."""


class GoneError(Exception):
    """The file is no longer where it was."""


def ask(
    module: str,
    question: Mapping[str, Any],
    source: Source,
    bounds: Bounds,
    cancelled: Callable[[], bool] | None = None,
) -> Answer:
    """Asks `answer(question, source)` of a module of this room, in a child.

    Raises DamagedError for a file that cannot be used, takes too much memory or crashes the child; GoneError for one
    that was removed meanwhile; TimeoutError when the time is over; Cancelled as soon as `cancelled()` says so.
    """
    line = {**question, "memory": bounds.memory, "seconds": bounds.seconds, "parent": os.getpid()}
    if isinstance(source, Path):
        line["path"] = str(source)
    sent = json.dumps(line).encode() + b"\n" + (source if isinstance(source, bytes) else b"")
    command = [sys.executable, "-P", "-c", _RUN, str(_ROOT), module]
    with subprocess.Popen(  # noqa: S603 - our own interpreter and module
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        try:
            return _parsed(_talk(process, sent, bounds.seconds, cancelled))
        except DamagedError:
            if isinstance(source, Path) and not source.exists():
                raise GoneError from None
            raise
        finally:
            process.kill()


def _talk(process: subprocess.Popen[bytes], sent: bytes, seconds: float, cancelled: Callable[[], bool] | None) -> bytes:
    """All that the child says.

    A watcher ends the child: `communicate` with a timeout, called again, forgets what it has not yet sent.
    """
    over = threading.Event()
    reason: list[Exception] = []

    def watch() -> None:
        end = time.monotonic() + seconds
        while not over.wait(min(_LOOK, max(end - time.monotonic(), 0.0))):
            if cancelled is not None and cancelled():
                reason.append(Cancelled())
            elif time.monotonic() >= end:
                reason.append(TimeoutError())
            else:
                continue
            process.kill()
            return

    watcher = threading.Thread(target=watch, name="pollux-child-watch", daemon=True)
    watcher.start()
    try:
        said = process.communicate(sent)[0]
    finally:
        over.set()
        watcher.join()
    if reason:
        raise reason[0]
    return said


def _parsed(said: bytes) -> Answer:
    line, newline, rest = said.partition(b"\n")
    if not newline:
        raise DamagedError("it cannot be read without crashing or needing too much memory")
    answer = json.loads(line)
    if "refused" in answer:
        raise DamagedError(answer["refused"])
    blobs, at = [], 0
    for size in answer["sizes"]:
        blobs.append(rest[at : at + size])
        at += size
    return Answer(answer["facts"], tuple(blobs))


def explained(error: Exception, what: str, field: str, bounds: Bounds) -> Exception:
    """The API error for what `ask` raised about "the PDF" at `field`."""
    if isinstance(error, TimeoutError):
        return DeadlineExceeded(
            f"{field}: {what} could not be read within {bounds.seconds:g} seconds. Send less of it."
        )
    if isinstance(error, GoneError):
        return gone(field)
    if isinstance(error, DamagedError):
        clause = str(error)
        said = clause if clause.startswith(what) else f"{what} cannot be used: {clause}"
        said += "" if ". " in said else ". Send the whole, undamaged file"
        return InvalidArgument(f"{field}: {said}.", field=field)
    return error


def gone(field: str) -> NotFound:
    """The API error for a file that was there when the request began."""
    return NotFound(f"{field}: the file was deleted or expired while it was read. Upload it again.")


def main(module: str) -> None:
    """The child: answers the one question on stdin."""
    import importlib  # noqa: PLC0415

    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # libraries that print must not print into the answer
    question = json.loads(sys.stdin.buffer.readline())
    _end_with(question["parent"])
    _limit(question["memory"], question["seconds"])
    try:
        facts, blobs = importlib.import_module(f"pollux.media.{module}").answer(question, _source(question))
    except (RefusedError, MemoryError) as error:
        text = "it needs too much memory" if isinstance(error, MemoryError) else str(error)
        _say(out, {"refused": text}, ())
    else:
        _say(out, {"facts": facts, "sizes": [len(blob) for blob in blobs]}, blobs)
    os._exit(0)  # nothing to tidy up, and libraries' own tidying may crash on hostile files


def _source(question: Mapping[str, Any]) -> Source:
    return Path(question["path"]) if "path" in question else sys.stdin.buffer.read()


def _say(out: BinaryIO, line: Mapping[str, Any], blobs: Sequence[bytes]) -> None:
    out.write(json.dumps(line).encode() + b"\n")
    for blob in blobs:
        out.write(blob)
    out.flush()


def _end_with(parent: int) -> None:
    """When the parent is killed, Linux ends this process, too; elsewhere the clock of `_limit` does."""
    if sys.platform == "linux":
        import ctypes  # noqa: PLC0415

        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, ctypes.c_ulong(signal.SIGKILL))
        if os.getppid() != parent:  # it was killed before
            os._exit(1)


def _limit(memory: int, seconds: float) -> None:
    """The system's own limits, where it has them: they hold when the parent is gone, too."""
    try:
        import resource  # noqa: PLC0415
    except ImportError:  # not on this system
        return
    # The clock on the wall, too: a killed server's child must not work on for nobody.
    signal.setitimer(signal.ITIMER_REAL, seconds + 1)
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    processor = int(seconds * (os.cpu_count() or 1)) + 1
    resource.setrlimit(resource.RLIMIT_CPU, (processor, processor))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
