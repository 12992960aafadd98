"""Pages of a list: how many rows, and behind which one."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime

from pollux.errors import InvalidArgument
from pollux.services.names import ID

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def page_size(query: Mapping[str, str], usual: int, most: int) -> int:
    """pageSize: 1 to `most`, larger ones count as `most`, none as `usual`.  Raises InvalidArgument."""
    given = query.get("pageSize") or query.get("page_size")
    if not given or given == "0":
        return usual
    if not (given.isascii() and given.isdecimal()) or len(given) > 9:
        raise InvalidArgument(f"pageSize must be a number from 1 to {most}.", field="pageSize")
    return min(int(given), most)


def page_token(query: Mapping[str, str]) -> str:
    """The token as it came; "" for the first page."""
    return query.get("pageToken") or query.get("page_token") or ""


def token_of(created_at: datetime, row_id: str) -> str:
    """The token of the page behind a row of a list that is sorted by creation time and id."""
    micros = (created_at - _EPOCH) // _EPOCH.resolution
    return base64.urlsafe_b64encode(f"{micros}/{row_id}".encode()).decode().rstrip("=")


def row_before(query: Mapping[str, str]) -> tuple[datetime, str] | None:
    """(creation time, id) of the row before the page.  Raises InvalidArgument for a token that we did not give."""
    token = page_token(query)
    if not token:
        return None
    try:
        text = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode("ascii")
        micros, slash, name = text.partition("/")
        if not slash or not micros.isdecimal() or len(micros) > 17 or not ID.fullmatch(name):
            raise ValueError(text)
        return _EPOCH + int(micros) * _EPOCH.resolution, name
    except (ValueError, binascii.Error):
        raise strange_token() from None


def strange_token() -> InvalidArgument:
    """The token is not one of ours."""
    return InvalidArgument("pageToken is not one that this server gave.", field="pageToken")
