"""Blobs in tables: which objects make a blob, in which order, and which objects are to be removed.

The life of an object's name: it is put, then *named* here in the transaction that also grows its blob; when its blob
goes it is *condemned* in the transaction that removes the blob; when the object is gone its row is *forgotten*.  An
object that was put and never named (a crash in between) is found by listing and condemned too: the primary key lets
either the naming or the condemning win, never both, so that cleaning is safe beside any append, however slow.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import ColumnElement, Connection, delete, exists, insert, or_, select, update
from sqlalchemy.exc import IntegrityError

from pollux.errors import FailedPrecondition, InvalidArgument, NotFound, Unavailable
from pollux.stores.database import Database
from pollux.stores.tables import BATCHES, BLOBS, FILES, PIECES, SEGMENTS, UPLOADS

Within: TypeAlias = Callable[[Connection, int], None]
"""Runs in the transaction by which a blob grows by so many bytes; what it raises refuses them."""

RACES = 5  # how often two cleaners may find the same orphan at the same moment before one gives up


class OffsetMismatch(InvalidArgument):
    """The offset is not where the stored bytes end.  `stored` is how many bytes are stored."""

    def __init__(self, offset: int, stored: int) -> None:
        super().__init__(f"the offset is {offset}, but {stored} bytes are stored; continue from there")
        self.stored = stored


class Sealed(FailedPrecondition):
    """The blob is finished: nothing can be appended."""


class Condemned(Exception):
    """An object was taken for an orphan before its blob could name it."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One immutable object of a blob: bytes [start, start + size) of it."""

    object: str
    start: int
    size: int

    @property
    def end(self) -> int:
        """The offset behind its last byte."""
        return self.start + self.size


@dataclass(frozen=True, slots=True)
class BlobRecord:
    """A blob: `size` in bytes; sealed ones never change."""

    id: str
    size: int
    sealed: bool
    created_at: datetime


_PIECE = [PIECES.c.object, PIECES.c.start, PIECES.c.size]


class PieceVerbs(Database):
    """What Blobs keeps in tables."""

    def add_blob(self, blob: str, now: datetime) -> None:
        """Keep a new, empty blob."""
        with self._write() as connection:
            connection.execute(insert(BLOBS).values(id=blob, size=0, sealed=False, created_at=now))

    def find_blob(self, blob: str) -> BlobRecord | None:
        """The blob with this id."""
        with self._read() as connection:
            return _find(connection, blob)

    def list_pieces(self, blob: str, start: int, end: int) -> list[Piece]:
        """The pieces that hold bytes [start, end) of a blob, in order."""
        overlap = (PIECES.c.start < end) & (PIECES.c.start + PIECES.c.size > start)
        with self._read() as connection:
            rows = connection.execute(select(*_PIECE).where(_of(blob), overlap).order_by(PIECES.c.start)).all()
        return [Piece(*row) for row in rows]

    def last_piece(self, blob: str) -> Piece | None:
        """The piece that ends a blob."""
        with self._read() as connection:
            row = connection.execute(select(*_PIECE).where(_of(blob)).order_by(PIECES.c.start.desc()).limit(1)).first()
        return None if row is None else Piece(*row)

    def extend_blob(
        self,
        blob: str,
        stored: int,
        pieces: Sequence[Piece],
        replaced: Piece | None,
        now: datetime,
        within: Within | None = None,
    ) -> None:
        """Name `pieces` as the end of a blob that has `stored` bytes, if it still has them: one of many callers wins.

        `replaced` is the piece whose bytes the first one begins with; it is condemned.  Raises OffsetMismatch, Sealed,
        NotFound, what `within` raises; Condemned when an object was already taken for an orphan.
        """
        with self._write() as connection:
            if within is not None:  # before the blob is locked: an upload's end locks the upload first, then its blob
                within(connection, pieces[-1].end - stored)
            here = update(BLOBS).where(BLOBS.c.id == blob, BLOBS.c.size == stored, BLOBS.c.sealed.is_(False))
            if connection.execute(here.values(size=pieces[-1].end)).rowcount != 1:
                refuse(_find(connection, blob), blob, stored)
            if replaced is not None:
                connection.execute(update(PIECES).where(PIECES.c.object == replaced.object).values(condemned_at=now))
            rows = [
                {"object": piece.object, "blob": blob, "start": piece.start, "size": piece.size} for piece in pieces
            ]
            try:
                connection.execute(insert(PIECES), rows)
            except IntegrityError:
                raise Condemned from None

    def seal_blob(self, blob: str) -> int | None:
        """Let nothing be appended any more; the final size in bytes, or None when there is no such blob."""
        with self._write() as connection:
            connection.execute(update(BLOBS).where(BLOBS.c.id == blob).values(sealed=True))
            found = _find(connection, blob)
        return None if found is None else found.size

    def delete_blob(self, blob: str, now: datetime) -> bool:
        """Remove a blob and condemn its objects; False when there is none.

        Raises FailedPrecondition while a file or a batch job names it (foreign keys decide, so no race gets past them).
        """
        with self._write() as connection:
            try:
                return condemn_blob(connection, blob, now)
            except IntegrityError:
                raise FailedPrecondition("a file or a batch job holds these bytes; delete it first") from None

    def condemned_objects(self, blob: str | None = None, limit: int = 1000) -> list[Piece]:
        """Objects that a blob had and that are to be removed: of one blob, or of any."""
        chosen = PIECES.c.blob == blob if blob is not None else PIECES.c.blob != ""
        query = select(*_PIECE).where(chosen, PIECES.c.condemned_at.is_not(None)).limit(limit)
        with self._read() as connection:
            return [Piece(*row) for row in connection.execute(query)]

    def forget_objects(self, objects: Collection[str]) -> None:
        """Drop the rows of condemned objects that are gone."""
        with self._write() as connection:
            gone = PIECES.c.object.in_(objects) & PIECES.c.condemned_at.is_not(None)
            connection.execute(delete(PIECES).where(gone))

    def condemn_orphans(self, objects: Sequence[str], now: datetime) -> list[str]:
        """Condemn those of `objects` (at most some thousands) that no blob names; returns them."""
        for _ in range(RACES):
            try:
                with self._write() as connection:
                    known = set(connection.scalars(select(PIECES.c.object).where(PIECES.c.object.in_(objects))))
                    orphans = [name for name in objects if name not in known]
                    if orphans:
                        _condemn(connection, orphans, now)
            except Condemned:
                continue
            return orphans
        raise Unavailable("another process removes the same orphans; try again")

    def forget_orphans(self, before: datetime) -> None:
        """Drop the rows of orphans condemned before that time: no append can still be about to name them."""
        with self._write() as connection:
            connection.execute(delete(PIECES).where(PIECES.c.blob == "", PIECES.c.condemned_at < before))

    def condemn_ownerless(self, before: datetime, now: datetime, limit: int = 1000) -> int:
        """Condemn blobs made before that time that no file, active upload or batch job names; how many there were."""
        filed = exists().where(FILES.c.blob == BLOBS.c.id)
        batched = exists().where(or_(BATCHES.c.input_blob == BLOBS.c.id, BATCHES.c.output_blob == BLOBS.c.id))
        made = exists().where(SEGMENTS.c.blob == BLOBS.c.id)
        uploading = exists().where(UPLOADS.c.blob == BLOBS.c.id, UPLOADS.c.state == "active")
        query = select(BLOBS.c.id).where(BLOBS.c.created_at < before, ~filed, ~uploading, ~batched, ~made).limit(limit)
        with self._read() as connection:
            found = list(connection.scalars(query))
        removed = 0
        for blob in found:
            with self._write() as connection:
                # Asked again under the lock of the blob: an upload may have come since.
                connection.execute(select(BLOBS.c.id).where(BLOBS.c.id == blob).with_for_update())
                if connection.scalar(query.where(BLOBS.c.id == blob)) is not None:
                    removed += condemn_blob(connection, blob, now)
        return removed


def _condemn(connection: Connection, orphans: Sequence[str], now: datetime) -> None:
    common = {"blob": "", "start": 0, "size": 0, "condemned_at": now}
    try:
        connection.execute(insert(PIECES), [{"object": name, **common} for name in orphans])
    except IntegrityError:
        raise Condemned from None  # named, or condemned by another cleaner, since the caller looked


def condemn_blob(connection: Connection, blob: str, now: datetime) -> bool:
    """Within a transaction: remove a blob and condemn its objects; False when there is none."""
    gone = connection.execute(delete(BLOBS).where(BLOBS.c.id == blob)).rowcount == 1
    connection.execute(update(PIECES).where(_of(blob)).values(condemned_at=now))
    return gone


def require_blob(connection: Connection, blob: str) -> None:
    """Within a transaction: hold the blob so that no cleaner takes it.  Raises NotFound when it is gone."""
    if connection.scalar(select(BLOBS.c.id).where(BLOBS.c.id == blob).with_for_update()) is None:
        raise NotFound("the bytes are gone; start the upload again")


def _of(blob: str) -> ColumnElement[bool]:
    """The pieces that a blob has now."""
    return (PIECES.c.blob == blob) & PIECES.c.condemned_at.is_(None)


def _find(connection: Connection, blob: str) -> BlobRecord | None:
    columns = [BLOBS.c.id, BLOBS.c.size, BLOBS.c.sealed, BLOBS.c.created_at]
    row = connection.execute(select(*columns).where(BLOBS.c.id == blob)).one_or_none()
    return None if row is None else BlobRecord(*row)


def refuse(found: BlobRecord | None, blob: str, offset: int) -> None:
    """Raise the reason why nothing can be appended at `offset`: NotFound, Sealed, OffsetMismatch; or pass."""
    if found is None:
        raise NotFound(f"there is no blob {blob}")
    if found.sealed:
        raise Sealed
    if found.size != offset:
        raise OffsetMismatch(offset, found.size)
