"""`pollux batch caption`, in this process and against a server; interrupted, and gone on with."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from pollux import samples
from pollux.cli import caption, gallery, jobs
from pollux.cli.seam import Door, Json
from pollux.errors import ApiError
from tests.cli.conftest import Cli

HERE = pytest.mark.parametrize("cli", ["here"], indirect=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three pictures, one further down, and a text."""
    (tmp_path / "photos" / "more").mkdir(parents=True)
    for name, path in (("cat", "cat"), ("shapes", "b shapes.png"), ("sign", "more/ähm.jpg")):
        (tmp_path / "photos" / path).write_bytes(samples.read(name))
    (tmp_path / "photos" / "note.txt").write_text("no picture")
    return tmp_path / "photos"


def rows(path: str = "captions.jsonl") -> list[tuple[str, str]]:
    found = [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]
    return [(row["file"], row.get("text") or "! " + row["error"]) for row in found]


def cut_off(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> Callable[[], None]:
    """The next call of a function ends the run, as a dead process does; what comes back mends it."""

    async def broken(*_: object, **__: object) -> Json:
        raise ApiError("cut off")

    kept = getattr(module, name)
    monkeypatch.setattr(module, name, broken)
    return lambda: monkeypatch.setattr(module, name, kept)


def job_names(cli: Cli) -> list[str]:
    return [job["name"] for job in json.loads(cli("batch", "list", "--json"))]


def test_a_folder(cli: Cli, folder: Path) -> None:
    cli("batch", "caption", "photos", "--prompt", "What?")
    assert rows() == [("b shapes.png", "What?"), ("cat", "What?"), ("more/ähm.jpg", "What?")]
    assert sorted(path.name for path in folder.parent.iterdir() if path.is_file()) == ["captions.jsonl"]
    assert len(json.loads(cli("files", "list", "--json"))) == 1  # the input is gone, the results are there
    cli("batch", "caption", "photos", "--prompt", "Again?")
    assert len(cli.engine.prompts) == 3
    (folder / "a.png").write_bytes(samples.read("chart"))
    (folder / "torn").write_bytes(samples.read("cat")[:100])
    cli("batch", "caption", "photos", "--prompt", "New?", status=1)
    assert next(row for row in rows() if "What?" not in row) == ("a.png", "New?")
    ((name, error),) = [row for row in rows() if row[1].startswith("!")]
    assert name == "torn"
    assert not error.startswith("! Line")
    (folder / "torn").write_bytes(samples.read("cat"))
    cli("batch", "caption", "photos", "--prompt", "Whole?")
    assert ("torn", "Whole?") in rows()
    assert len(cli.engine.prompts) == 5


@pytest.mark.parametrize("when", ["waiting", "making", "noting"])
def test_gone_on_with(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch, when: str) -> None:
    if when == "waiting":
        mend = cut_off(monkeypatch, jobs, "wait")
    elif when == "making":
        mend = cut_off(monkeypatch, caption._Run, "_ready")
    else:  # the job is made, and the process dies before its name is written
        mend = cut_off(monkeypatch, caption._Run, "_made")
    cli("batch", "caption", "photos", status=1)
    mend()
    begun = job_names(cli)
    assert len(begun) == (when != "making")
    cli("batch", "caption", "photos")
    assert len(rows()) == 3
    assert job_names(cli) == begun or when == "making"
    assert len(cli.engine.prompts) == 3
    assert not Path("captions.jsonl.job").exists()


@HERE
def test_another_question_than_that_under_way(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mend = cut_off(monkeypatch, jobs, "wait")
    cli("batch", "caption", "photos", status=1)
    mend()
    cli("batch", "caption", "photos", "--prompt", "Other?", status=2)
    assert "--prompt: captions.jsonl.job holds a job under way" in cli.err
    cli("batch", "delete", *job_names(cli))
    cli("batch", "caption", "photos")
    assert "is there no more" in cli.err
    assert len(rows()) == 3


def test_cancelled(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wait = jobs.wait

    async def cancelled(door: Door, name: str, tell: Callable[[jobs.Counts], None]) -> Json:
        await wait(door, name, tell)
        return {**await door.batch(name), "metadata": {**(await door.batch(name))["metadata"], "state": "CANCELLED"}}

    monkeypatch.setattr(jobs, "wait", cancelled)
    cli("batch", "caption", "photos", status=1)
    assert "is CANCELLED" in cli.err
    assert len(rows()) == 3  # what was finished is kept
    assert not Path("captions.jsonl.job").exists()


def test_many_parts_and_large_pictures(cli: Cli, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    largest = max((folder / name).stat().st_size for name in ("cat", "b shapes.png", "more/ähm.jpg"))
    monkeypatch.setattr(gallery, "INLINE", largest - 1)
    monkeypatch.setattr(gallery, "PART", 1)
    (folder / "torn.jpg").write_bytes(samples.read("cat")[:200] + bytes(largest))
    cli("batch", "caption", "photos", "--out", "out.jsonl", status=1)
    assert [name for name, text in rows("out.jsonl") if text == caption.PROMPT] == [
        "b shapes.png",
        "cat",
        "more/ähm.jpg",
    ]
    assert len(job_names(cli)) == 3
    assert all("batch-" in file["name"] for file in json.loads(cli("files", "list", "--json")))


@HERE
def test_bad_usage(cli: Cli, folder: Path) -> None:
    Path("mine.jsonl").write_text('{"mine": 1}\n')
    for arguments, status, message in (
        (("photos", "--out", "mine.jsonl"), 2, "--out: line 1 of mine.jsonl is no answer"),
        (("photos", "--out", "none/x"), 1, "--out: there is no folder none"),
        (("photos", "--out", "photos"), 1, "--out: photos is a folder"),
        (("photos", "--prompt", " "), 2, "--prompt is empty"),
        (("nowhere",), 2, "nowhere"),
        ((str(folder / "more" / ".."), "--model", "nobody"), 1, "models/nobody is not found"),
    ):
        cli("batch", "caption", *arguments, status=status)
        assert message in cli.err
    Path("empty").mkdir()
    cli("batch", "caption", "empty", "--out", "e.jsonl", status=2)
    assert "empty holds no picture" in cli.err
