"""`pollux film`, in this process and against a server."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest

from pollux.engines.base import Event, Frame, Prompt, Stop

from .conftest import Cli, Recorder, Run

av = pytest.importorskip("av")


def frames(prompt: Prompt) -> Iterable[Event]:
    assert prompt.reel is not None
    for number in range(prompt.reel.frames):
        yield Frame(np.full((prompt.reel.height, prompt.reel.width, 3), number, np.uint8))


def test_a_video_from_a_picture(cli: Cli, tmp_path: Path) -> None:
    from PIL import Image

    cli.engine.script = frames
    Image.new("RGB", (64, 64), "red").save(tmp_path / "boat.png")
    assert cli("film", "A boat at dawn", "boat.png", "--seconds", "4", "--ratio", "9:16", "--seed", "3") == ""
    assert cli.err.endswith("pollux: wrote boat-at-dawn.mp4\n")
    (prompt,) = cli.engine.prompts
    assert prompt.model == "veo-3.1-generate-preview"
    assert [getattr(piece, "kind", "text") for piece in prompt.turns[0].pieces] == ["text", "image"]
    with av.open(str(tmp_path / "boat-at-dawn.mp4")) as file:
        (stream,) = file.streams.video
        assert (stream.width, stream.height, stream.frames) == (720, 1280, 96)
    if "--data-dir" in cli.where:  # signed by this installation
        said = cli("verify", "boat-at-dawn.mp4")
        assert "Manifest: edited with Pollux" in said
        assert "Proven" in said


def test_what_fails_leaves_no_file(cli: Cli, tmp_path: Path) -> None:
    cli.engine.script = lambda _: [Stop("STOP", "nothing moves in it")]
    cli("film", "A stone", "-o", "stone.mp4", "--seconds", "4", status=1)
    assert "nothing moves in it" in cli.err
    cli("film", "A stone", "--seconds", "3", status=1)
    assert "durationSeconds must be 4 to 8" in cli.err
    assert not list(tmp_path.glob("*.mp4"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["boat.png", "Closer"], "the prompt comes first"),
        (["Closer", "http://h.example/boat.png"], "save the picture"),
        (["Closer", "-o", "boat.avi"], "--out: a name that ends with .mp4"),
        ([" "], "the prompt is empty"),
    ],
)
def test_wrong_usage_is_one_line(run: Run, root: Recorder, arguments: list[str], message: str) -> None:
    status, out, err = run("film", *arguments)
    assert (status, out) == (2, "")
    assert message in err
    assert err.count("\n") == 1
