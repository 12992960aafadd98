"""Text documents: how they are encoded, and what only looks like something else."""

from __future__ import annotations

import pytest

from pollux.errors import InvalidArgument
from pollux.media.limits import MediaLimits
from pollux.media.resolve import judge
from pollux.media.text import text_of
from tests.media.files import pdf
from tests.media.samples import FIELD, LIMITS

WORDS = "Grüße, naïve café\nsecond – line"


@pytest.mark.parametrize(
    ("data", "declared"),
    [
        (WORDS.encode(), "text/plain"),
        (WORDS.encode("utf-8-sig"), "text/markdown"),
        (WORDS.encode("utf-16"), "text/csv"),
        (b"\xfe\xff" + WORDS.encode("utf-16-be"), "text/html"),
        (WORDS.encode("utf-32"), "text/plain"),
        (WORDS.encode("cp1252"), "text/xml"),
        (WORDS.encode("utf-16-le"), "text/plain; charset=UTF-16LE"),
        (WORDS.encode("cp1252"), 'text/x-python; charset="windows-1252"'),
        (WORDS.replace("\n", "\r\n").encode(), "application/json"),
        (WORDS.encode(), "application/geo+json"),
    ],
)
def test_encodings(data: bytes, declared: str) -> None:
    media = judge(data, declared, FIELD, LIMITS, name="a.txt")
    assert (media.kind, text_of(media), media.name) == ("text", WORDS, "a.txt")
    assert media.mime_type == declared.partition(";")[0]


@pytest.mark.parametrize(
    "text", ["ID3,name\n1,Ada", "BM is a mark", "# Files\n\nA PDF begins with %PDF-1.7", "GIF89a is a format"]
)
def test_text_about_formats_is_text(text: str) -> None:
    assert text_of(judge(text.encode(), "text/plain", FIELD, LIMITS)) == text


def test_a_pdf_called_text_is_a_pdf() -> None:
    assert judge(pdf([[]]), "text/plain", FIELD, LIMITS).kind == "document"


@pytest.mark.parametrize(
    ("data", "declared", "why"),
    [
        (b"\0\1\2\3 binary", "text/plain", "binary"),
        (b"\xff\xfe\x00\xd8 ", "text/plain", "not valid utf-16-le"),
        (b"caf\xe9", "text/plain; charset=utf-8", "not valid utf-8"),
        (b"{\\rtf1 hello}", "application/rtf", "which is not supported"),
        (b"{\\rtf1 hello}", "text/rtf", "which is not supported"),
        (b"12345678901", "text/plain", "11 characters, more than the 10 allowed"),
        (b"", "text/plain", "empty"),
    ],
)
def test_refused(data: bytes, declared: str, why: str) -> None:
    with pytest.raises(InvalidArgument, match=why):
        judge(data, declared, FIELD, MediaLimits(max_text=10) if "11 " in why else LIMITS)
