"""PDFs: sizes, text, places and pictures; encrypted, damaged, huge and hostile ones."""

from __future__ import annotations

import threading
import zlib
from pathlib import Path

import numpy as np
import pytest

from pollux.errors import Cancelled, DeadlineExceeded, InvalidArgument
from pollux.media import child
from pollux.media.document import MAX_SIDE, inspect_pdf, page_lines, page_picture, page_text
from pollux.media.handle import Media
from pollux.media.limits import MEBIBYTE, MediaLimits
from pollux.media.resolve import judge
from tests.media.files import assembled, pdf, scanned
from tests.media.samples import FIELD, LIMITS

BILL = [(72.0, 742.0, 24.0, "Invoice (No. 7)"), (72.0, 642.0, 12.0, "Total"), (400.0, 642.0, 12.0, "23.90")]
LETTER = [(72.0, 742.0, 12.0, "Dear Ada,"), (72.0, 722.0, 12.0, "thank you.")]


def paper(data: bytes) -> Media:
    return judge(data, "application/pdf", FIELD, LIMITS)


def test_pages() -> None:
    media = paper(pdf([BILL, [], LETTER]))
    assert (media.kind, media.mime_type) == ("document", "application/pdf")
    assert [(page.width, page.height) for page in media.pages] == [(595, 842)] * 3
    assert [page_text(media, i) for i in range(3)] == ["Invoice (No. 7)\nTotal 23.90", "", "Dear Ada,\nthank you."]


def test_lines_stand_where_they_are_printed() -> None:
    (title, total, amount), letter = page_lines(paper(pdf([LETTER, BILL, LETTER])), [1, 2])
    assert [run.text for run in letter] == ["Dear Ada,", "thank you."]
    assert [run.text for run in (title, total, amount)] == ["Invoice (No. 7)", "Total", "23.90"]
    assert title.left == total.left == 72
    assert amount.left == 400
    assert total.top < 842 - 642 < total.bottom + 1
    assert total.top == amount.top > title.bottom


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_pages_are_seen_and_read_upright(turn: int) -> None:
    media = paper(pdf([[(60, 790, 40, "MMMM")]], extra=f"/Rotate {turn}"))
    (page,), ((run,),) = media.pages, page_lines(media, [0])
    assert (page.width, page.height) == ((842, 595) if turn % 180 else (595, 842))
    rgb = page_picture(media, 0, 842)
    assert rgb.shape == (round(page.height), round(page.width), 3)
    dark = np.argwhere(rgb.min(axis=2) < 128)
    (top, left), (bottom, right) = dark.min(axis=0), dark.max(axis=0)
    assert run.left - 3 <= left < right <= run.right + 3
    assert run.top - 3 <= top < bottom <= run.bottom + 3


def test_scanned_pages_have_no_text_but_a_picture() -> None:
    media = paper(scanned(["one", "two"]))
    assert [page.text for page in media.pages] == ["", ""]
    rgb = page_picture(media, 1, 1000)
    assert max(rgb.shape) == 1000
    assert rgb.min() < 64
    assert rgb[0, 0].tolist() == [255, 255, 255]


@pytest.mark.parametrize("side", [1, 333, 10**9])
def test_size_of_pictures_is_bounded(side: int) -> None:
    assert max(page_picture(paper(pdf([BILL])), 0, side).shape[:2]) == min(side, MAX_SIDE)


@pytest.mark.parametrize("size", [(1e7, 1e7), (14_400, 0.01), (0, 0), (-5, 3), (1e38, 1e38)])
def test_absurd_pages(size: tuple[float, float]) -> None:
    assert drawn(pdf([BILL], size=size)) in (True, False)


def drawn(data: bytes) -> bool:
    """Whether a PDF can be used; anything but that or InvalidArgument in one line fails the test."""
    try:
        media = paper(data)
        page_lines(media, [0])
        return bool(max(page_picture(media, 0, 60).shape) <= 61)
    except InvalidArgument as error:
        return "\n" in error.message


@pytest.mark.parametrize("index", [-1, 1])
def test_no_such_page(index: int) -> None:
    with pytest.raises(InvalidArgument, match=f"there is no page {index + 1}; there are 1"):
        page_picture(paper(pdf([BILL])), index)


LOCK = b"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O (%s) /U (%s) >>" % (b"o" * 32, b"u" * 32)


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (pdf([BILL], Encrypt=LOCK, ID=b"[(1234567890123456) (1234567890123456)]"), "encrypted. Remove its password"),
        (b"%PDF-1.7\n", "truncated or damaged"),
        (pdf([BILL])[:400], "truncated or damaged"),
        (pdf([]), "damaged"),
        (pdf([[]] * 1001), "1,001 pages, more than the 1,000 allowed. Send it in parts"),
    ],
)
def test_refused(data: bytes, why: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        paper(data)
    assert why in caught.value.message
    assert caught.value.message.startswith(f"{FIELD}: the PDF")
    assert "\n" not in caught.value.message
    assert caught.value.field == FIELD


def test_a_thousand_pages() -> None:
    assert len(paper(pdf([[]] * 1000)).pages) == 1000


def test_too_much_text() -> None:
    with pytest.raises(InvalidArgument, match="more than 20 characters"):
        inspect_pdf(pdf([BILL]), FIELD, MediaLimits(max_text=20))


def bomb(mebibytes: int) -> bytes:
    """A page whose content unpacks to so many mebibytes."""
    packed = zlib.compress(b"0 0 m 1 1 l S\n" * (mebibytes * MEBIBYTE // 14), 9)
    return assembled(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
            b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(packed), packed),
        ]
    )


@pytest.mark.parametrize("limits", [MediaLimits(memory=300 * MEBIBYTE), MediaLimits(seconds=0.5)])
def test_bombs_end_in_the_child(limits: MediaLimits) -> None:
    with pytest.raises((InvalidArgument, DeadlineExceeded)) as caught:
        inspect_pdf(bomb(200), FIELD, limits)
    assert caught.value.message.startswith(f"{FIELD}: the PDF")


def test_closing_ends_the_child() -> None:
    gone = threading.Event()
    threading.Timer(0.2, gone.set).start()
    media = Media("document", "application/pdf", bomb(200), "", field=FIELD, pages=paper(pdf([BILL])).pages)
    with pytest.raises(Cancelled):
        page_picture(media, 0, cancelled=gone.is_set)


def test_from_a_file(tmp_path: Path) -> None:
    place = tmp_path / "a.pdf"
    place.write_bytes(pdf([BILL]))
    media = judge(place, "", FIELD, LIMITS, digest="d")
    assert (media.data, media.path, media.digest) == (b"", place, "d")
    assert page_text(media, 0).startswith("Invoice")
    assert page_picture(media, 0, 100).shape == (100, 71, 3)


def test_truncations_and_flips() -> None:
    whole = pdf([BILL, LETTER])
    rng = np.random.default_rng(5)
    cut = [whole[: len(whole) * part // 12] for part in range(1, 12)]
    for _ in range(25):
        broken = bytearray(whole)
        for at in rng.integers(9, len(whole), 6):
            broken[at] ^= 1 << rng.integers(8)
        cut.append(bytes(broken))
    assert sum(drawn(data) for data in cut) < len(cut)
    assert drawn(whole)


def test_a_slow_child_still_gets_all_its_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_RUN", "import time; time.sleep(0.4); " + child._RUN)
    data = pdf([BILL]).replace(b"%PDF-1.7\n", b"%PDF-1.7\n%" + b"." * 2_000_000 + b"\n")
    assert len(paper(data).pages) == 1


def test_a_child_that_dies_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_RUN", "import os; os.abort()")
    with pytest.raises(InvalidArgument, match="crashing"):
        paper(pdf([BILL]))
