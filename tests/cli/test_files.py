"""`pollux files`, in this process and against a server."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from pollux.cli.main import main
from pollux.cli.remote import Remote
from pollux.errors import ApiError
from pollux.testing import RunningServer, ScriptedEngine, running
from tests.services.kit import pieces

Pollux = Callable[..., str]


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with running(ScriptedEngine()) as server:
        yield server


@pytest.fixture(params=["here", "there"])
def pollux(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Pollux:
    """Runs `pollux files ...` and gives its output; it must succeed unless `status` says otherwise."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    there = request.getfixturevalue("server").url if request.param == "there" else ""
    where = ["--server", there] if there else ["--data-dir", str(tmp_path / "data")]

    def run(*arguments: str, status: int = 0) -> str:
        assert main(["files", *arguments, *where]) == status
        out = capsys.readouterr()
        return out.out if status == 0 else out.err

    return run


def test_the_life_of_a_file(pollux: Pollux, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    name = f"cli-{abs(hash(request.node.name)) % 10**9}"
    path = tmp_path / "table.csv"
    path.write_bytes(b"a,b\n" * 3_000_000)  # more than a chunk
    assert pollux("upload", str(path), "--name", name) == f"files/{name}  text/csv  ACTIVE\n"
    assert f"files/{name}" in pollux("list")
    assert [file["name"] for file in json.loads(pollux("list", "--json"))] == [f"files/{name}"]
    shown = json.loads(pollux("get", name))
    assert (shown["displayName"], shown["sizeBytes"]) == ("table.csv", "12000000")
    assert "already exists" in pollux("upload", str(path), "--name", name, status=1)
    pollux("delete", f"files/{name}")
    assert "no file" in pollux("get", name, status=1)


def test_empty_and_several(pollux: Pollux, tmp_path: Path) -> None:
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text("")
    made = json.loads(pollux("upload", "one.txt", "two.txt", "--json"))
    assert [file["displayName"] for file in made] == ["one.txt", "two.txt"]
    assert all(file["sizeBytes"] == "0" for file in made)
    pollux("delete", *(file["name"] for file in made))


def test_bad_usage(pollux: Pollux, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    pollux("upload", "a", "a", "--name", "x", status=2)
    pollux("upload", "missing", status=2)
    pollux("upload", "a", "--name", "NO", status=1)


def test_gc(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    blobs = tmp_path / "data" / "blobs" / "ab"
    assert main(["files", "gc", "--hours", "0", "--json", "--data-dir", str(tmp_path / "data")]) == 0
    blobs.mkdir(parents=True)
    (blobs / ("0" * 32)).write_bytes(b"left by a crash")
    assert main(["files", "gc", "--hours", "0", "--json", "--data-dir", str(tmp_path / "data")]) == 0
    nothing, removed = capsys.readouterr().out.split("}", 1)
    assert json.loads(nothing + "}")["objects"] == 0
    assert (json.loads(removed)["objects"], json.loads(removed)["bytes"]) == (1, 15)


async def test_a_broken_chunk_is_taken_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the second chunk arrives, then the connection breaks: only the other half is sent again."""
    monkeypatch.setattr("pollux.cli.sending.CHUNK", 4)
    monkeypatch.setattr("asyncio.sleep", lambda _: _nothing())
    stored = bytearray()
    sent: list[tuple[str, str | None, bytes]] = []

    def handler(request: httpx.Request) -> httpx.Response:
        command, offset = request.headers["x-goog-upload-command"], request.headers.get("x-goog-upload-offset")
        sent.append((command, offset, request.content))
        if command == "start":
            return httpx.Response(200, headers={"x-goog-upload-url": "http://127.0.0.1:8000/upload?upload_id=x"})
        if command == "query":
            return httpx.Response(200, headers={"x-goog-upload-size-received": str(len(stored))})
        if len(sent) == 3:
            stored.extend(request.content[:2])
            raise httpx.ReadError("broken")
        stored.extend(request.content)
        return httpx.Response(200, json={"file": {"name": "files/x"}})

    door = Remote("http://127.0.0.1:8000", httpx.MockTransport(handler))
    assert await door.upload(pieces(b"abc", b"defgh", b"ij"), 10, "", "x", "") == {"name": "files/x"}
    assert bytes(stored) == b"abcdefghij"
    assert [(command, offset) for command, offset, _ in sent] == [
        ("start", None),
        ("upload", "0"),
        ("upload", "4"),
        ("query", None),
        ("upload", "6"),
        ("upload, finalize", "8"),
    ]


async def test_a_file_that_becomes_shorter() -> None:
    def handler(request: httpx.Request) -> httpx.Response:
        return httpx.Response(200, headers={"x-goog-upload-url": "http://127.0.0.1:8000/upload?upload_id=x"}, json={})

    door = Remote("http://127.0.0.1:8000", httpx.MockTransport(handler))
    with pytest.raises(ApiError, match="shorter"):
        await door.upload(pieces(b"abc"), 10, "", "x", "")


async def _nothing() -> None:
    """No waiting."""
