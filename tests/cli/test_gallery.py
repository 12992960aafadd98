"""A folder of pictures as lines of a batch job."""

from __future__ import annotations

import base64
import json
import os
from pathlib import Path

import pytest

from pollux import samples
from pollux.cli import gallery
from pollux.cli.gallery import Picture
from pollux.errors import PolluxError

CAT = samples.read("cat")


def test_pictures_are_found_by_content(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / ".hidden").mkdir()
    for name in ("z", "b/no-ending", ".hidden/x.jpg", ".x.jpg"):
        (tmp_path / name).write_bytes(CAT)
    (tmp_path / "page.jpg").write_text("<html>")
    (tmp_path / "empty.png").touch()
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "gone.jpg").symlink_to("nothing")
    (tmp_path / os.fsdecode(b"caf\xe9")).write_bytes(CAT)
    found = gallery.find(tmp_path)
    assert [picture.name for picture in found] == ["b/no-ending", "caf\\xe9", "z"]
    assert {(picture.mime_type, picture.size) for picture in found} == {("image/jpeg", len(CAT))}
    assert "gone.jpg: No such file or directory; it is left out" in capsys.readouterr().err


async def test_a_line(tmp_path: Path) -> None:
    (tmp_path / "ä").write_bytes(CAT)
    (picture,) = gallery.find(tmp_path)
    inside, named = gallery.line(picture, 'A "q"?'), gallery.line(picture, "Q?", "files/x")
    first, second = [piece async for piece in gallery.written([inside, named])]
    assert (len(first), len(second)) == (inside.size, named.size)
    value = json.loads(first)
    media, question = value["request"]["contents"][0]["parts"]
    assert (value["key"], question) == ("ä", {"text": 'A "q"?'})
    assert base64.b64decode(media["inlineData"]["data"]) == CAT
    assert '"fileUri": "files/x"' in second.decode()
    (tmp_path / "ä").write_bytes(CAT + b"x")
    with pytest.raises(PolluxError, match="changed while it was sent"):
        [piece async for piece in gallery.written([inside])]


def test_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [Picture(str(n), Path(), "image/png", size) for n, size in enumerate((100, 100, 3000, 10, 10**12, 10))]
    monkeypatch.setattr(gallery, "PART", gallery.line(found[0], "Q?").size * 2)
    assert [[p.size for p in part] for part in gallery.parts(found, "Q?")] == [[100, 100], [3000], [10], [10**12], [10]]


def test_rows() -> None:
    blocked = {"candidates": [{"finishReason": "SAFETY", "finishMessage": "Not this."}]}
    said = {"candidates": [{"content": {"parts": [{"text": "hm", "thought": True}, {"text": "A cat."}]}}]}
    assert gallery.row({"key": "a", "response": said}) == {"file": "a", "text": "A cat."}
    assert gallery.row({"key": "a", "response": blocked}) == {"file": "a", "error": "there is no answer: Not this."}
    assert gallery.row({"key": "a", "error": {"message": "Line 7: torn."}}) == {"file": "a", "error": "torn."}
