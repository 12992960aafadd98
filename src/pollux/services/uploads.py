"""The resumable upload as a pure machine: (session, command, offset, length, stored) -> what to do.

It decides before a byte is taken.  What is stored is the truth about the offset.  A chunk sent again is no fault: its
stored part is skipped, the rest is kept, so that a client that heard no answer may simply repeat itself.  Whatever is
refused leaves the session as it was.  Commands and headers are those that the official SDKs send.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass

from pollux.errors import FailedPrecondition, InvalidArgument, NotFound

MOST_DIGITS = 18


class State(enum.Enum):
    """What `X-Goog-Upload-Status` says."""

    ACTIVE = "active"
    FINAL = "final"
    CANCELLED = "cancelled"


class Command(enum.Flag):
    """`X-Goog-Upload-Command`, a comma-separated set of words; of several only "upload, finalize" makes sense."""

    START = enum.auto()
    UPLOAD = enum.auto()
    FINALIZE = enum.auto()
    QUERY = enum.auto()
    CANCEL = enum.auto()


_LAWFUL = (
    Command.START,
    Command.UPLOAD,
    Command.UPLOAD | Command.FINALIZE,
    Command.START | Command.UPLOAD | Command.FINALIZE,
    Command.FINALIZE,
    Command.QUERY,
    Command.CANCEL,
)


@dataclass(frozen=True, slots=True)
class Session:
    """An upload: `declared` is the size promised at the start (None: not told), `most` the largest size allowed."""

    state: State
    declared: int | None
    most: int

    @property
    def room(self) -> int:
        """Bytes that the whole file may have."""
        return self.most if self.declared is None else self.declared


@dataclass(frozen=True, slots=True)
class Take:
    """Take the body: drop its first `skip` bytes, which are stored, and store up to `room` more; then maybe finish."""

    skip: int
    room: int
    finalize: bool


@dataclass(frozen=True, slots=True)
class Tell:
    """Nothing to do but to say how things stand (a query, or what was already done)."""

    state: State


@dataclass(frozen=True, slots=True)
class Abandon:
    """Cancel: the bytes may go."""


Decision = Take | Tell | Abandon


def parse_command(text: str) -> Command:
    """The words of the header, in any case and order.  Raises InvalidArgument."""
    command = Command(0)
    for word in text.split(","):
        name = word.strip().upper()
        if name not in Command.__members__:
            raise InvalidArgument(
                f"X-Goog-Upload-Command: {_shown(text)} is none of start, upload, finalize, query, cancel.",
                field="X-Goog-Upload-Command",
            )
        command |= Command[name]
    if command not in _LAWFUL:
        raise InvalidArgument(
            f"X-Goog-Upload-Command: {_shown(text)} cannot be done at once.", field="X-Goog-Upload-Command"
        )
    return command


def parse_size(text: str | None, field: str) -> int | None:
    """A number of bytes from a header, None when it is missing.  Raises InvalidArgument for anything but digits."""
    if text is None or not text.strip():
        return None
    digits = text.strip()
    if not (digits.isascii() and digits.isdecimal()) or len(digits) > MOST_DIGITS:
        raise InvalidArgument(f"{field} must be a number of bytes, 0 or more, not {_shown(digits)}.", field=field)
    return int(digits)


def check_declared(size: int | None, most: int, field: str = "X-Goog-Upload-Header-Content-Length") -> None:
    """Raises InvalidArgument for a file that is too large from the start."""
    if size is not None and size > most:
        raise InvalidArgument(f"{field}: a file may have {most} bytes, not {size} ([files] max_bytes).", field=field)


def advance(session: Session, command: Command, offset: int | None, length: int | None, stored: int) -> Decision:
    """What a request to an upload's address does.

    `offset` and `length` are what its headers say (None: not told), `stored` is the size of what is kept.  Raises
    InvalidArgument, NotFound or FailedPrecondition; the session is then as it was.
    """
    if command == Command.QUERY:
        return Tell(session.state)
    if command == Command.CANCEL:
        return _cancel(session)
    if Command.START in command:
        raise InvalidArgument("This upload was started before: send upload, finalize, query or cancel.")
    if session.state is State.CANCELLED:
        raise FailedPrecondition("The upload was cancelled: start a new one.")
    if session.state is State.FINAL:
        return _after_the_end(command, offset, length, stored)
    return _take(session, command, offset, length, stored)


def check_end(session: Session, stored: int) -> None:
    """Raises InvalidArgument when an upload cannot be finished because bytes are missing."""
    if session.declared is not None and stored != session.declared:
        raise InvalidArgument(
            f"The upload has {stored} of the {session.declared} bytes that its start declared: send the rest first."
        )


def too_many(session: Session) -> InvalidArgument:
    """The refusal of bytes beyond the end."""
    if session.declared is None:
        return InvalidArgument(f"A file may have {session.most} bytes ([files] max_bytes), and this one has more.")
    return InvalidArgument(f"These are more bytes than the {session.declared} that the start of the upload declared.")


def unknown() -> NotFound:
    """The refusal of an address that is no upload's."""
    return NotFound("There is no such upload: it never was, or it expired. Start a new one.")


def _take(session: Session, command: Command, offset: int | None, length: int | None, stored: int) -> Take:
    finalize = Command.FINALIZE in command
    if Command.UPLOAD not in command:
        if length:
            raise InvalidArgument('A body needs X-Goog-Upload-Command "upload, finalize".')
        if offset is not None and offset != stored:
            raise _wrong_offset(offset, stored)
        check_end(session, stored)
        return Take(0, 0, finalize=True)
    if offset is None:
        if stored:
            raise InvalidArgument(
                f"X-Goog-Upload-Offset is missing; {stored} bytes are stored.", field="X-Goog-Upload-Offset"
            )
        offset = 0
    if offset > stored:
        raise _wrong_offset(offset, stored)
    if length is not None:
        end = offset + length
        if end > session.room:
            raise too_many(session)
        if finalize:
            check_end(session, max(end, stored))
    return Take(stored - offset, session.room - stored, finalize)


def _after_the_end(command: Command, offset: int | None, length: int | None, stored: int) -> Tell:
    """What is finished stays as it is; the end may be repeated, for its answer may have been lost."""
    if Command.FINALIZE not in command or (offset or 0) + (length or 0) > stored:
        raise FailedPrecondition("The upload is finished: nothing can be added to it.")
    return Tell(State.FINAL)


def _cancel(session: Session) -> Decision:
    if session.state is State.FINAL:
        raise FailedPrecondition("The upload is finished: delete the file instead.")
    return Tell(State.CANCELLED) if session.state is State.CANCELLED else Abandon()


def _wrong_offset(offset: int, stored: int) -> InvalidArgument:
    return InvalidArgument(
        f"X-Goog-Upload-Offset is {offset}, but {stored} bytes are stored: go on from there.",
        field="X-Goog-Upload-Offset",
    )


def _shown(text: str) -> str:
    return ascii(text[:40])
