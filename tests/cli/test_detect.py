"""`pollux detect` and `pollux segment`, in this process and against a server; the built-in engine on samples."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from pollux import samples
from pollux.cli.main import main
from pollux.engines.base import Prompt, Text
from pollux.engines.scripted import Step
from pollux.vision import masks
from tests.cli.conftest import Cli, Recorder, Run, answer

HERE = pytest.mark.parametrize("cli", ["here"], indirect=True)
CUP = {"box_2d": [100, 200, 500, 600], "label": "cup"}


def save(path: Path, size: tuple[int, int] = (100, 50), *, orientation: int = 1) -> Path:
    """A grey picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    exif = Image.Exif()
    exif[0x0112] = orientation
    Image.new("RGB", size, (90, 90, 90)).save(path, exif=exif)
    return path


def pixels(path: str) -> NDArray[np.uint8]:
    with Image.open(path) as picture:
        return np.asarray(picture)


def asked(cli: Cli) -> list[str]:
    return ["".join(getattr(piece, "text", "") for piece in prompt.turns[-1].pieces) for prompt in cli.engine.prompts]


@pytest.fixture
def seeing(cli: Cli) -> Cli:
    """Whatever is asked: a cup."""

    def script(_: Prompt) -> Iterable[Step]:
        yield Text(json.dumps([CUP]))

    cli.engine.script = script
    return cli


def test_one_picture(seeing: Cli, tmp_path: Path) -> None:
    before = save(tmp_path / "a.png").read_bytes()
    assert seeing("detect", "a.png", "the red cups").split()[-6:] == ["a.png", "cup", "20", "5", "60", "25"]
    assert asked(seeing)[0].startswith("Detect the red cups.\n")
    assert "the overlay is a.detected.png" in seeing.err
    drawn = pixels("a.detected.png")
    assert drawn.shape == (50, 100, 3)
    assert (drawn[15, 20] != 90).any()
    assert (drawn[15, 80] == 90).all()
    assert (tmp_path / "a.png").read_bytes() == before


def test_a_folder_and_every_file(seeing: Cli, tmp_path: Path) -> None:
    save(tmp_path / "photos" / "a.png")
    save(tmp_path / "photos" / "more" / "b.jpg", orientation=6)
    save(tmp_path / "photos" / "a.detected.png")  # of an earlier run
    files = ("--coco", "c.json", "--yolo", "set", "--csv", "c.csv", "--sheet", "s.html")
    rows = json.loads(seeing("detect", "photos", "--json", "--out", "seen", *files))
    assert [(row["file"], row["width"], row["height"]) for row in rows] == [("a.png", 100, 50), ("more/b.jpg", 50, 100)]
    assert rows[1]["detections"] == [{**CUP, "pixels": [10, 10, 30, 50]}]
    assert pixels("seen/more/b.detected.png").shape == (100, 50, 3)  # upright
    assert [one["bbox"] for one in json.loads(Path("c.json").read_text())["annotations"]] == [
        [20, 5, 40, 20],
        [10, 10, 20, 40],
    ]
    assert Path("set/labels/more/b.txt").read_text() == "0 0.4 0.3 0.4 0.4\n"
    assert Path("set/images/more/b.jpg").read_bytes() == Path("photos/more/b.jpg").read_bytes()
    assert '0: "cup"' in Path("set/data.yaml").read_text()
    assert "more/b.jpg,50,100,cup,,10,10,30,50" in Path("c.csv").read_text()
    assert "2 pictures, 2 things" in Path("s.html").read_text()
    assert len(seeing.engine.prompts) == 2


def test_masks(cli: Cli, tmp_path: Path) -> None:
    save(tmp_path / "a.png")
    shape = np.zeros((50, 100), np.uint8)
    shape[10:30, 20:60] = 255
    item = masks.encode(shape, "cup")
    assert item is not None

    def script(_: Prompt) -> Iterable[Step]:
        yield Text(json.dumps([item]))

    cli.engine.script = script
    (row,) = json.loads(cli("segment", "a.png", "--json", "--coco", "c.json"))
    assert row["detections"][0]["mask"] == item["mask"]
    assert row["overlay"] == "a.segmented.png"
    assert json.loads(Path("c.json").read_text())["annotations"][0]["area"] == 20 * 40


def test_one_that_fails_and_the_others_go_on(seeing: Cli, tmp_path: Path) -> None:
    save(tmp_path / "p" / "b.png")
    (tmp_path / "p" / "a.png").write_bytes(samples.read("chart")[:900])
    rows = json.loads(seeing("detect", "p", "./p/../p/b.png", "--json", "--no-overlay", status=1))
    assert [row["file"] for row in rows] == ["a.png", "b.png"]  # each once
    assert rows[0]["error"].startswith("a.png: the PNG is truncated")
    assert f"pollux: {rows[0]['error']}\n" in seeing.err
    assert "error" not in rows[1]
    assert sorted(path.name for path in (tmp_path / "p").iterdir()) == ["a.png", "b.png"]


@HERE
def test_overlays_never_lie_where_a_picture_does(seeing: Cli, tmp_path: Path) -> None:
    names = ("a.png", "a.jpg", "a.detected.png")
    before = [save(tmp_path / name).read_bytes() for name in names]
    rows = json.loads(seeing("detect", *names, "--json"))
    written = [row["overlay"] for row in rows]
    assert written == ["a.png.detected.png", "a.jpg.detected.png", "a.detected.detected.png"]
    assert [Path(name).read_bytes() for name in names] == before


@HERE
def test_a_long_question_and_a_name_that_is_no_unicode(seeing: Cli, tmp_path: Path) -> None:
    save(tmp_path / "a.png").rename(os.fsdecode(b"\xff.png"))
    (row,) = json.loads(seeing("detect", ".", "杯" * 200, "--json", "--yolo", "../y", "--csv", "c.csv"))
    assert asked(seeing)[0].startswith(f"Detect {'杯' * 200}.")
    assert (row["file"], row["overlay"]) == (r"\xff.png", r"\xff.detected.png")


@HERE
def test_a_model_or_server_that_is_not_there_is_said_once(seeing: Cli, tmp_path: Path) -> None:
    for name in ("a.png", "b.png"):
        save(tmp_path / name)
    seeing("detect", "a.png", "b.png", "--model", "nobody", status=1)
    assert seeing.err.count("models/nobody is not found") == 1


@pytest.mark.parametrize(
    ("text", "status", "said"),
    [
        ("I see no cups.", 1, "pollux: a.png: the answer names no places: 'I see no cups.'"),
        ("", 1, "pollux: a.png: there is no answer: STOP"),
        ("[]", 0, "(nothing found)"),
        (json.dumps([CUP])[:20], 1, "pollux: a.png: the answer names no places: line 1"),
        (json.dumps([CUP, CUP])[:-9], 0, "not whole (dropped)"),
        ('```json\n[{"box_2d": [0, 0, 9, 9], "label": "x"}, {"box_2d": [1]}]\n```', 0, "not 4 finite numbers"),
    ],
)
def test_what_a_model_may_say(run: Run, root: Recorder, tmp_path: Path, text: str, status: int, said: str) -> None:
    save(tmp_path / "a.png")
    root.responses = [answer(text)]
    found, out, err = run("detect", "a.png")
    assert (found, said in out + err) == (status, True), out + err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["cups"], "there is no file or folder cups; name a picture"),
        (["none.png"], "there is no file or folder none.png"),
        (["a.png", "red", "cups"], "there is no file or folder red; what to look for is one last word in quotes"),
        (["a.png", " "], "WHAT is empty; leave it out"),
        (["https://h.example/a.png"], "https://h.example/a.png is no file; save"),
        (["empty"], "empty holds no picture"),
        (["a.png", "--coco", "a.png"], "--coco: a.png is one of the pictures"),
        (["a.png", "a.jpg", "--yolo", "y"], "--yolo: a.png and a.jpg would share a label file"),
        (["full", "--yolo", "full/y"], "--yolo: full/y lies in full"),
        (["a.png", "--out", "o", "--no-overlay"], "--out says where overlays go"),
    ],
)
def test_wrong_usage_is_one_line(run: Run, root: Recorder, tmp_path: Path, arguments: list[str], message: str) -> None:
    for name in ("a.png", "a.jpg", "full/a.png"):
        save(tmp_path / name)
    (tmp_path / "empty").mkdir()
    status, out, err = run("detect", *arguments)
    assert (status, out, root.asked) == (2, "", [])
    assert err.startswith(f"pollux: Invalid value: {message}")
    assert err.count("\n") == 1
    assert not (tmp_path / "a.detected.png").exists()


def test_files_that_cannot_be_written(run: Run, root: Recorder, tmp_path: Path) -> None:
    save(tmp_path / "a.png")
    for flag in ("--coco", "--csv", "--sheet"):
        assert run("detect", "a.png", flag, "none/x")[::2] == (
            1,
            f"pollux: {flag}: there is no folder none; make it first\n",
        )
    for flag in ("--out", "--yolo"):
        assert run("detect", "a.png", flag, "a.png")[::2] == (1, f"pollux: {flag}: a.png is a file; name a folder\n")
    assert root.asked == []


@pytest.mark.parametrize("command", ["detect", "segment"])
def test_the_built_in_engine(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("shapes.png").write_bytes(samples.read("shapes"))
    for what, labels in (
        ([], ["red circle", "blue square", "green triangle"]),
        (["the green things"], ["green triangle"]),
    ):
        assert main([command, "shapes.png", *what, "--json", "--data-dir", str(tmp_path / "data")]) == 0
        (row,) = json.loads(capsys.readouterr().out)
        assert [thing["label"] for thing in row["detections"]] == labels
        assert all(("mask" in thing) == (command == "segment") for thing in row["detections"])
