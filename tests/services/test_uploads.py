"""The upload machine: every decision by hand, then a client that loses answers and repeats itself."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from pollux.errors import ApiError, FailedPrecondition, InvalidArgument
from pollux.services.uploads import (
    Abandon,
    Command,
    Session,
    State,
    Take,
    Tell,
    advance,
    check_declared,
    check_end,
    parse_command,
    parse_size,
)

UPLOAD, END = Command.UPLOAD, Command.UPLOAD | Command.FINALIZE
TEN = Session(State.ACTIVE, 10, 100)
OPEN = Session(State.ACTIVE, None, 100)
FINAL = Session(State.FINAL, 10, 100)
CANCELLED = Session(State.CANCELLED, 10, 100)


@pytest.mark.parametrize(
    ("session", "command", "offset", "length", "stored", "decision"),
    [
        (TEN, UPLOAD, 0, 4, 0, Take(0, 10, finalize=False)),
        (TEN, UPLOAD, 4, 4, 4, Take(0, 6, finalize=False)),
        (TEN, END, 4, 6, 4, Take(0, 6, finalize=True)),
        (TEN, END, 10, 0, 10, Take(0, 0, finalize=True)),  # Go's empty last chunk
        (TEN, Command.FINALIZE, None, 0, 10, Take(0, 0, finalize=True)),
        (TEN, UPLOAD, 0, 4, 4, Take(4, 6, finalize=False)),  # sent again
        (TEN, UPLOAD, 2, 4, 4, Take(2, 6, finalize=False)),  # half of it is new
        (TEN, END, 4, 6, 10, Take(6, 0, finalize=True)),  # the end, whose answer was lost before it was final
        (TEN, UPLOAD, None, 4, 0, Take(0, 10, finalize=False)),
        (TEN, UPLOAD, 4, None, 4, Take(0, 6, finalize=False)),  # chunked transfer: no length
        (OPEN, UPLOAD, 0, 100, 0, Take(0, 100, finalize=False)),
        (OPEN, END, 0, 0, 0, Take(0, 100, finalize=True)),  # an empty file
        (TEN, Command.QUERY, None, 0, 4, Tell(State.ACTIVE)),
        (FINAL, Command.QUERY, None, 0, 10, Tell(State.FINAL)),
        (FINAL, END, 4, 6, 10, Tell(State.FINAL)),
        (FINAL, Command.FINALIZE, None, 0, 10, Tell(State.FINAL)),
        (CANCELLED, Command.QUERY, None, 0, 0, Tell(State.CANCELLED)),
        (CANCELLED, Command.CANCEL, None, 0, 0, Tell(State.CANCELLED)),
        (TEN, Command.CANCEL, None, 0, 4, Abandon()),
    ],
)
def test_decisions(
    session: Session, command: Command, offset: int | None, length: int | None, stored: int, decision: object
) -> None:
    assert advance(session, command, offset, length, stored) == decision


@pytest.mark.parametrize(
    ("session", "command", "offset", "length", "stored", "error", "words"),
    [
        (TEN, UPLOAD, 5, 1, 4, InvalidArgument, "4 bytes are stored"),
        (TEN, UPLOAD, None, 1, 4, InvalidArgument, "X-Goog-Upload-Offset is missing"),
        (TEN, UPLOAD, 0, 11, 0, InvalidArgument, "more bytes than the 10"),
        (TEN, UPLOAD, 4, 7, 4, InvalidArgument, "more bytes than the 10"),
        (OPEN, UPLOAD, 90, 11, 90, InvalidArgument, "max_bytes"),
        (TEN, END, 4, 5, 4, InvalidArgument, "9 of the 10"),
        (TEN, Command.FINALIZE, None, 0, 9, InvalidArgument, "9 of the 10"),
        (TEN, Command.FINALIZE, 9, 0, 10, InvalidArgument, "10 bytes are stored"),
        (TEN, Command.FINALIZE, None, 3, 10, InvalidArgument, "upload, finalize"),
        (TEN, Command.START, None, 0, 0, InvalidArgument, "started before"),
        (FINAL, UPLOAD, 0, 4, 10, FailedPrecondition, "finished"),
        (FINAL, END, 10, 1, 10, FailedPrecondition, "finished"),
        (FINAL, Command.CANCEL, None, 0, 10, FailedPrecondition, "delete the file"),
        (CANCELLED, END, 0, 10, 0, FailedPrecondition, "cancelled"),
    ],
)
def test_refusals(
    session: Session,
    command: Command,
    offset: int | None,
    length: int | None,
    stored: int,
    error: type[ApiError],
    words: str,
) -> None:
    with pytest.raises(error) as caught:
        advance(session, command, offset, length, stored)
    assert words in caught.value.message


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("upload, finalize", END),
        ("Upload,FINALIZE", END),
        (" finalize , upload ", END),
        ("start", Command.START),
        ("query", Command.QUERY),
        ("cancel", Command.CANCEL),
    ],
)
def test_commands(text: str, command: Command) -> None:
    assert parse_command(text) == command


@pytest.mark.parametrize(
    "text", ["", "put", "upload finalize", "query, cancel", "upload, cancel", "start, upload", ","]
)
def test_no_commands(text: str) -> None:
    with pytest.raises(InvalidArgument):
        parse_command(text)


@pytest.mark.parametrize("text", ["-1", "1.5", "1e3", "0x10", "abc", "٣", "9" * 19, "1 2"])
def test_no_sizes(text: str) -> None:
    with pytest.raises(InvalidArgument):
        parse_size(text, "X")


def test_sizes() -> None:
    assert [parse_size(text, "X") for text in (None, "", " 12 ", "0", "007")] == [None, None, 12, 0, 7]
    check_declared(100, 100)
    check_declared(None, 100)
    with pytest.raises(InvalidArgument, match="max_bytes"):
        check_declared(101, 100)
    check_end(OPEN, 3)


class Careless(RuleBasedStateMachine):
    """A client that loses answers, repeats chunks and sends wrong ones; the server does as `advance` says."""

    def __init__(self) -> None:
        super().__init__()
        self.data = bytes(range(40))
        self.declared = True
        self.stored = b""
        self.state = State.ACTIVE

    def send(self, command: Command, offset: int, body: bytes, *, told: bool) -> bool:
        session = Session(self.state, len(self.data) if self.declared else None, len(self.data))
        before = (self.stored, self.state)
        try:
            decision = advance(session, command, offset, len(body) if told else None, len(self.stored))
        except ApiError:
            assert (self.stored, self.state) == before
            return False
        if isinstance(decision, Take):
            fresh = body[decision.skip :]
            if len(fresh) > decision.room:
                return False
            self.stored += fresh
            if decision.finalize:
                try:
                    check_end(session, len(self.stored))
                except InvalidArgument:
                    return False
                self.state = State.FINAL
        return True

    @rule(size=st.integers(0, 12), back=st.integers(0, 12), told=st.booleans())
    def chunk(self, size: int, back: int, told: bool) -> None:
        """A right chunk, from where the client thinks it is: never beyond what is stored."""
        offset = max(0, len(self.stored) - back)
        accepted = self.send(UPLOAD, offset, self.data[offset : offset + size], told=told)
        assert accepted == (self.state is State.ACTIVE)

    @rule(offset=st.integers(0, 50), size=st.integers(1, 30), told=st.booleans())
    def ahead(self, offset: int, size: int, told: bool) -> None:
        """A chunk beyond what is stored, or beyond the end, is refused."""
        if offset > len(self.stored) or (offset + size > len(self.data) and self.state is State.ACTIVE):
            assert not self.send(UPLOAD, offset, b"?" * size, told=told)

    @rule(told=st.booleans())
    def finish(self, told: bool) -> None:
        """The rest and the end at once; may be repeated."""
        offset = len(self.stored) if self.state is State.ACTIVE else 0
        assert self.send(END, offset, self.data[offset:], told=told)

    @precondition(lambda self: self.state is State.ACTIVE and len(self.stored) < 40)
    @rule()
    def too_soon(self) -> None:
        """An end without the rest."""
        assert not self.send(Command.FINALIZE, len(self.stored), b"", told=True)

    @invariant()
    def prefix(self) -> None:
        """What is stored is always the beginning of the data, and all of it at the end."""
        assert self.data.startswith(self.stored)
        assert self.state is State.ACTIVE or self.stored == self.data


TestCareless = Careless.TestCase
TestCareless.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
