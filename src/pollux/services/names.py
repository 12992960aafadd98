"""What files and batch jobs may be called, and what may be said of them."""

from __future__ import annotations

import re
import secrets
import string

from pollux.errors import InvalidArgument

ID = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?")
"""Up to 40 lower-case letters, digits and dashes, no dash at either end (files reference, `File.name`)."""
GENERATED = 12
"""Characters of a generated id, letters and digits only: the SDKs cut others."""
MOST_DISPLAY = 512
"""Characters of a display name (files reference)."""
MOST_MIME = 255
_LETTERS = string.ascii_lowercase + string.digits
_LAST_ID = re.compile(r"(?:^|/)files/([^/]*)$")


def new_id() -> str:
    """An id nobody has."""
    return "".join(secrets.choice(_LETTERS) for _ in range(GENERATED))


def new_secret() -> str:
    """256 random bits for an upload's address."""
    return secrets.token_urlsafe(32)


def check_id(resource_id: str, collection: str = "files", field: str = "name") -> str:
    """The id, if it is one.  Raises InvalidArgument naming `field`."""
    if not ID.fullmatch(resource_id):
        raise InvalidArgument(
            f"{field}: {resource_id[:60]!a} names none of the {collection}: a name is {collection}/ and up to 40 "
            "lower-case letters, digits and dashes, without a dash at either end.",
            field=field,
        )
    return resource_id


def wanted_id(name: str) -> str:
    """The id in the caller's own name, with or without "files/"; "" for none.  Raises InvalidArgument."""
    return check_id(name.removeprefix("files/")) if name else ""


def spoken_id(path: str, field: str = "name") -> str:
    """The id in what followed "files/" in a path; of an address inside it, the last one."""
    found = _LAST_ID.search(path.removesuffix(":download").strip('"'))
    return check_id(found[1] if found else path, field=field)


def check_display(name: str, field: str = "file.displayName") -> str:
    """A display name.  Raises InvalidArgument, naming `field`, for what cannot be shown or kept."""
    if len(name) > MOST_DISPLAY:
        raise InvalidArgument(f"{field} may have {MOST_DISPLAY} characters, not {len(name)}.", field=field)
    if not _clean(name):
        raise InvalidArgument(f"{field} has characters that are none.", field=field)
    return name


def check_mime(mime: str) -> str:
    """A MIME type, or a bare word like "jsonl".  Raises InvalidArgument."""
    if len(mime) > MOST_MIME or not _clean(mime):
        raise InvalidArgument(f"file.mimeType {mime[:40]!a} is no MIME type.", field="file.mimeType")
    return mime.strip()


def base_name(header: str) -> str:
    """A display name from `X-Goog-Upload-File-Name`: the last part of a path, UTF-8 where it is; it is only shown."""
    try:
        text = header.encode("latin-1").decode("utf-8")
    except UnicodeError:
        text = header
    name = re.split(r"[/\\]", text)[-1].strip()[:MOST_DISPLAY]
    return name if _clean(name) else ""


def _clean(text: str) -> bool:
    """Without control characters and half surrogates, which databases and terminals choke on."""
    return not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or 0xD800 <= ord(c) < 0xE000 for c in text)
