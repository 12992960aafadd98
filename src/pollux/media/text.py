"""Text documents: plain text, Markdown, CSV, JSON, HTML, XML and code, decoded."""

from __future__ import annotations

import codecs
import re

from pollux.errors import InvalidArgument
from pollux.media.handle import Media
from pollux.media.limits import MediaLimits

RICH = frozenset({"text/rtf", "application/rtf"})
"""Text by name only: what is to be read is wrapped in commands."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16, whose mark begins it
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CHARSET = re.compile(
    r"charset\s*=\s*\"?((?:utf-?(?:8|16|32)|us-ascii|iso-?8859|latin|windows-125|cp(?=\d)|koi8|shift_?jis|euc|gb|big5)[\w-]{0,9})",
    re.IGNORECASE,
)
"""The charsets that text documents come in; Python's registry holds much else."""


def is_text(data: bytes) -> bool:
    """Whether the bytes read as UTF-8 without the control characters that only binary files have."""
    head = data[:4096]
    if any(byte < 9 or 13 < byte < 27 for byte in head):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def decode(data: bytes, declared: str, field: str, limits: MediaLimits) -> str:
    """The text by its byte order mark, the declared charset, UTF-8, or else Windows-1252 (WHATWG's "latin1").

    Line ends become "\\n".  Raises InvalidArgument naming `field` for binary data, text that contradicts its charset or
    mark, and more than `limits.max_text` characters.
    """
    text = _decoded(data, declared, field)
    if "\0" in text:
        raise InvalidArgument(f"{field}: the media is binary, not {declared[:100]}. Send text.", field=field)
    if len(text) > limits.max_text:
        said = f"{field}: the text has {len(text):,} characters, more than the {limits.max_text:,} allowed."
        raise InvalidArgument(f"{said} Send it in parts.", field=field)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def text_of(media: Media) -> str:
    """The text of a Media of kind "text"."""
    return media.data.decode("utf-8", "replace")


def _decoded(data: bytes, declared: str, field: str) -> str:
    charset, body = next(((name, data[len(mark) :]) for mark, name in _MARKS if data.startswith(mark)), ("", data))
    said = _CHARSET.search(declared)
    charset = charset or (said[1] if said else "")
    if charset:
        try:
            return body.decode(charset)
        except (ValueError, LookupError):
            text = f"{field}: the text is not valid {charset}. Save it as UTF-8."
            raise InvalidArgument(text, field=field) from None
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("cp1252", "replace")
