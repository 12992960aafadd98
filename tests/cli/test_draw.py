"""`pollux draw` and `pollux edit`: what is asked, where pictures go, what is said."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from pollux.cli.outputs import name_of
from pollux.core.search import searches
from pollux.engines.base import Event, Picture, Prompt, Stop, Text, Thought

from .conftest import Cli, Recorder, Run, answer


def red(prompt: Prompt) -> Iterable[Event]:
    """Words and a red picture of the size that is wanted."""
    assert prompt.canvas is not None
    yield Text("Here it is.")
    yield Picture(np.full((prompt.canvas.height, prompt.canvas.width, 3), (200, 0, 0), np.uint8))


def three(prompt: Prompt) -> Iterable[Event]:
    yield Thought("A sketch.")
    yield Picture(np.zeros((64, 64, 3), np.uint8), thought=True)
    for word in ("One", "Two", "Three"):
        yield from (Text(word), *red(prompt))


def size(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def test_a_picture_named_after_the_prompt(cli: Cli, tmp_path: Path) -> None:
    cli.engine.script = red
    assert cli("draw", "Draw a picture of a red fox in the snow") == "Here it is.\n"
    assert cli.err == "pollux: wrote red-fox-in-the-snow.png\n"
    cli("draw", "A red fox in the snow", "--ratio", "16:9", "--seed", "5")
    assert size(tmp_path / "red-fox-in-the-snow.png") == (1024, 1024), "the first is still there"
    assert size(tmp_path / "red-fox-in-the-snow-2.png") == (1344, 768)
    assert [(prompt.model, prompt.seed) for prompt in cli.engine.prompts] == [
        ("gemini-2.5-flash-image", None),
        ("gemini-2.5-flash-image", 5),
    ]
    assert not list(tmp_path.glob(".*.part"))


def test_large_pictures_come_from_the_model_that_makes_them(cli: Cli, tmp_path: Path) -> None:
    cli.engine.script = red
    cli("draw", "A map", "-o", "map.jpg", "--size", "2k", "--search")
    (prompt,) = cli.engine.prompts
    assert prompt.model == "gemini-3-pro-image-preview"
    assert searches(prompt)
    assert size(tmp_path / "map.jpg") == (2048, 2048)
    assert (tmp_path / "map.jpg").read_bytes().startswith(b"\xff\xd8")
    assert "--search: nothing was searched; set [search] source" in cli.err


def test_sources_are_named(run: Run, root: Recorder) -> None:
    web = {"uri": "https://h.example/a", "title": "An article"}
    found = {"webSearchQueries": ["map"], "groundingChunks": [{"web": web}]}
    root.responses = [answer("Words.", groundingMetadata=found)]
    assert "pollux: source: An article https://h.example/a\n" in run("draw", "A map", "--search")[2]


def test_several_pictures_are_numbered_and_thoughts_left_out(cli: Cli, tmp_path: Path) -> None:
    cli.engine.script = three
    (tmp_path / "story-2.png").write_bytes(b"mine")
    assert cli("draw", "A story", "-m", "gemini-3-pro-image-preview").split("\n")[0] == "OneHere it is."
    assert sorted(path.name for path in tmp_path.glob("*.png")) == [f"story-{n}.png" for n in (2, 3, 4, 5)]
    assert (tmp_path / "story-2.png").read_bytes() == b"mine"


def test_a_file_is_replaced_only_by_force(cli: Cli, tmp_path: Path) -> None:
    cli.engine.script = red
    (tmp_path / "mine.png").write_bytes(b"mine")
    cli("draw", "A fox", "-o", "mine.png", status=2)
    assert "--out: mine.png exists; add --force" in cli.err
    assert not cli.engine.prompts, "nothing was asked"
    assert (tmp_path / "mine.png").read_bytes() == b"mine"
    cli("draw", "A fox", "-o", "mine.png", "--force")
    assert size(tmp_path / "mine.png") == (1024, 1024)


def test_to_standard_output(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    cli.engine.script = red
    out = BytesIO()
    monkeypatch.setattr(sys, "stdout", type("Out", (), {"buffer": out, "isatty": lambda self: False})())
    cli("draw", "A fox", "-o", "-")
    assert Image.open(BytesIO(out.getvalue())).size == (1024, 1024)
    assert cli.err == "pollux: Here it is.\n"


def test_an_edit_keeps_the_size_and_names_the_picture(cli: Cli, tmp_path: Path) -> None:
    cli.engine.script = red
    for name in ("room.png", "sofa.png"):
        Image.new("RGB", (320, 200), "green").save(tmp_path / name)
    cli("edit", "room.png", "sofa.png", "Put the sofa into the room")
    assert cli.err == "pollux: wrote room-edited.png\n"
    assert size(tmp_path / "room-edited.png") == (320, 200)
    pieces = cli.engine.prompts[0].turns[0].pieces
    assert [getattr(piece, "kind", "text") for piece in pieces] == ["image", "image", "text"]


def test_no_picture_is_a_failure(cli: Cli) -> None:
    cli.engine.script = lambda _: [Text("I would rather not."), Stop("NO_IMAGE", "nothing to draw")]
    assert cli("draw", "Hm", status=1) == "I would rather not.\n"
    assert "there is no picture: nothing to draw" in cli.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["draw", " "], "the prompt is empty"),
        (["draw", "A fox", "-o", "fox.webp"], "--out: a name that ends with .png or .jpg or .jpeg"),
        (["draw", "A fox", "--size", "8K"], "'8K' is not one of"),
        (["edit", "Make it blue"], "a picture is missing"),
        (["edit", "none.png"], "what is to be done is missing"),
        (["edit", "none.png", "Make it blue"], "there is no file none.png"),
        (["edit", "-", "-", "Make it blue"], "- (standard input) can be one picture only"),
    ],
)
def test_wrong_usage_is_one_line(run: Run, root: Recorder, arguments: list[str], message: str) -> None:
    status, out, err = run(*arguments)
    assert (status, out, root.asked) == (2, "", [])
    assert message in err
    assert err.count("\n") == 1


def test_a_folder_that_is_missing_is_named(run: Run, root: Recorder) -> None:
    status, _, err = run("draw", "A fox", "-o", "no/fox.png")
    assert (status, err, root.asked) == (1, "pollux: --out: there is no folder no; make it first\n", [])


def test_an_answer_in_words_alone(run: Run, root: Recorder) -> None:
    root.responses = [answer("Words.")]
    status, out, err = run("draw", "A fox")
    assert (status, out) == (1, "Words.\n")
    assert "there is no picture" in err


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("Create an image of the Eiffel Tower, at night!", "eiffel-tower-at-night"),
        ("Bild eines Bären/..", "bild-eines-bären"),
        ("...", "picture"),
        ("x" * 300, "picture"),
        ("../../etc/passwd", "etc-passwd"),
    ],
)
def test_names_from_prompts(prompt: str, name: str) -> None:
    assert name_of(prompt) == name
