"""Searches behind google_search: a folder of documents, a SearXNG server."""

from __future__ import annotations

import asyncio
import json
import os
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from pollux.app import make_search
from pollux.core.folder import PASSAGE, FolderSearch, cut, plain
from pollux.core.searxng import SearxngSearch
from pollux.errors import ConfigurationError, Unavailable


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "weather").mkdir()
    (tmp_path / "weather" / "lisbon.md").write_text(
        "# Forecast for Lisbon\n\nMonday: sunny, 24 degrees.\n\nTuesday: rain."
    )
    (tmp_path / "cakes.html").write_text(
        "<!doctype html><title>Cakes</title><style>x{}</style><p>Bake the almond cake for an hour.</p>"
    )
    (tmp_path / ".secret.txt").write_text("almond password")
    (tmp_path / "picture.bin").write_bytes(b"almond")
    return tmp_path


async def names(search: FolderSearch, query: str) -> list[str]:
    return [source.uri for source in await search.find(query, 3)]


async def test_what_fits_best_comes_first(folder: Path) -> None:
    search = FolderSearch(folder)
    assert await names(search, "Draw the forecast for Lisbon on Monday") == ["weather/lisbon.md"]
    (cake,) = await search.find("how long do almond cakes bake?", 3)
    assert (cake.uri, cake.title) == ("cakes.html", "Cakes")
    assert "Bake the almond cake" in cake.text
    assert "<" not in cake.text
    assert await names(search, "quantum chromodynamics") == []
    assert await names(search, "make the picture of it") == [], "such words say nothing"


@pytest.mark.parametrize("query", ['"', "almond OR", "NEAR(a b)", "a*", "x" * 5000, "passage:almond", "--;'"])
async def test_hostile_queries(folder: Path, query: str) -> None:
    assert await FolderSearch(folder).find(query, 3) is not None


async def test_the_index_follows_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pollux.core.folder.FRESH_SECONDS", 0)
    search = FolderSearch(folder)
    assert await names(search, "almond") == ["cakes.html"]
    (folder / "cakes.html").write_text("<p>Only lemon now</p>")
    os.utime(folder / "cakes.html", ns=(1, 1))
    (folder / "new.txt").write_text("almond trees")
    assert await names(search, "almond") == ["new.txt"]
    (folder / "new.txt").unlink()
    assert await names(search, "almond") == []
    await search.close()


async def test_a_folder_that_went_away_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no folder"):
        await FolderSearch(tmp_path / "gone").find("x-ray", 3)


def test_passages_hold_everything_once() -> None:
    text = "\n\n".join(["short one", "word " * 900, "x" * 2500, "last"])
    passages = list(cut(text))
    assert all(len(passage) <= PASSAGE for passage in passages)
    assert "".join("".join(passages).split()) == "".join(text.split())


async def test_what_is_no_text_file_is_passed_over(folder: Path) -> None:
    """A name that is no text, a pipe that nobody writes to, and links to what lies elsewhere."""
    (folder / os.fsdecode(b"almond\xff.txt")).write_text("almond")
    os.mkfifo(folder / "almond.txt")
    (folder / "almonds.txt").symlink_to(folder / ".secret.txt")
    search = FolderSearch(folder)
    assert await asyncio.wait_for(names(search, "almond"), 10) == ["cakes.html"]


def test_large_and_hostile_files_are_read_in_time() -> None:
    """Time in proportion to the length, not to its square."""
    began = time.process_time()
    assert sum(len(passage) for passage in cut("word " * 1_000_000)) > 4_900_000
    assert plain("<script>" * 200_000 + "</script>seen").split() == ["seen"]
    assert plain("<" * 1_000_000).count("<") == 1_000_000
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("<p>a</p>b", " a b"),
        ("a<script>if (1 < 2) x</script >b", "a  b"),
        ("<STYLE a='1'>x{}</Style>b<br/>c", "  b c"),
        ("1 < 2 and 3 > 2", "1 < 2 and 3 > 2"),
        ("<!-- no --><scripted>b", "  b"),
    ],
)
def test_pages_without_their_tags(page: str, text: str) -> None:
    assert plain(page) == text


def answering(status: int, body: Any) -> SearxngSearch:
    def answer(request: httpx.Request) -> httpx.Response:
        assert dict(request.url.params) == {"q": "cats & dogs", "format": "json"}
        return httpx.Response(status, content=body if isinstance(body, bytes) else json.dumps(body))

    return SearxngSearch("http://search.test/", httpx.MockTransport(answer))


async def test_searxng() -> None:
    results = [{"url": "https://a.example", "title": "A", "content": "about cats"}, {"url": "javascript:x"}, "odd"]
    (one,) = await answering(200, {"results": results}).find("cats & dogs", 3)
    assert (one.uri, one.title, one.text) == ("https://a.example", "A", "about cats")
    (half,) = await answering(200, {"results": [{"url": "https://a", "title": "\ud800"}]}).find("cats & dogs", 3)
    assert half.title == "?", "half a character could not be sent on"


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (403, b"", "enable the format json"),
        (500, b"", "answers 500"),
        (200, b"<html>", "does not answer in its JSON format"),
        (200, b"[" * 100_000, "does not answer in its JSON format"),
        (200, b"x" * (5 << 20), "too long"),
    ],
)
async def test_searxng_that_fails(status: int, body: bytes, said: str) -> None:
    with pytest.raises(Unavailable, match=said):
        await answering(status, body).find("cats & dogs", 3)


async def test_searxng_that_is_not_there() -> None:
    with pytest.raises(Unavailable, match="cannot be asked"):
        await SearxngSearch("http://127.0.0.1:9").find("cats", 3)


def test_what_configuration_may_say(tmp_path: Path) -> None:
    assert make_search("none") is None
    assert isinstance(make_search(f"folder:{tmp_path}"), FolderSearch)
    assert isinstance(make_search("searxng:http://127.0.0.1:8080"), SearxngSearch)
    for wrong in ("folder:", "folder:/no/such", "searxng:ftp://x", "google", str(tmp_path)):
        with pytest.raises(ConfigurationError, match=r"\[search\] source"):
            make_search(wrong)
