"""Pictures in terminals: which way is taken, and what is sent."""

from __future__ import annotations

import base64
import re
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from pollux.cli.preview import BLOCKS, CHUNK, ITERM, KITTY, NONE, drawn, way

COLOURS = {"TERM": "xterm-256color", "COLORTERM": "truecolor"}


@pytest.mark.parametrize(
    ("environ", "expected"),
    [
        (COLOURS, BLOCKS),
        ({"TERM": "xterm-256color"}, NONE),
        ({}, NONE),
        ({**COLOURS, "TERM": "dumb"}, NONE),
        ({"TERM": "xterm-direct"}, BLOCKS),
        ({**COLOURS, "KITTY_WINDOW_ID": "1"}, KITTY),
        ({"TERM": "xterm-kitty"}, KITTY),
        ({**COLOURS, "TERM_PROGRAM": "ghostty"}, KITTY),
        ({**COLOURS, "TERM_PROGRAM": "iTerm.app"}, ITERM),
        ({**COLOURS, "TERM_PROGRAM": "WezTerm"}, ITERM),
        ({**COLOURS, "TERM": "tmux-256color", "KITTY_WINDOW_ID": "1"}, BLOCKS),
        ({**COLOURS, "TMUX": "socket,1,0", "TERM_PROGRAM": "iTerm.app"}, BLOCKS),
    ],
)
def test_the_terminal_decides(environ: dict[str, str], expected: str) -> None:
    assert way(None, environ, terminal=True) == expected
    assert way(None, environ, terminal=False) == way(True, environ, terminal=False) == NONE
    assert way(False, environ, terminal=True) == NONE
    assert way(True, environ, terminal=True) == (expected or BLOCKS)


def test_half_blocks_have_the_colours_of_the_picture() -> None:
    pixels = np.zeros((40, 80, 3), np.uint8)
    pixels[:20] = (250, 10, 20)
    pixels[20:] = (0, 100, 200)
    lines = drawn(pixels, BLOCKS, (20, 24)).splitlines()
    assert [line.count("▀") for line in lines] == [20] * 5
    assert "\x1b[38;2;250;10;20;48;2;250;10;20m" in lines[0]
    assert "\x1b[38;2;250;10;20;48;2;0;100;200m" in lines[2], "the edge runs through the middle of a line"
    assert all(line.endswith("\x1b[0m") for line in lines)


@pytest.mark.parametrize("shape", [(2000, 10, 3), (10, 2000, 3), (1, 1, 3), (1024, 1024, 3)])
def test_it_fits_the_terminal(shape: tuple[int, int, int]) -> None:
    lines = drawn(np.zeros(shape, np.uint8), BLOCKS, (50, 12)).splitlines()
    assert 1 <= len(lines) <= 9
    assert 1 <= lines[0].count("▀") <= 50


def test_kitty_and_iterm_are_sent_the_file() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (100, 120, 3), dtype=np.uint8)
    pieces = re.findall(r"\x1b_G([^;]*);([^\x1b]*)\x1b\\", drawn(pixels, KITTY, (80, 24)))
    assert len(pieces) > 2
    assert pieces[0][0].startswith("a=T,f=100,q=2,c=")
    assert [keys[-3:] for keys, _ in pieces] == ["m=1"] * (len(pieces) - 1) + ["m=0"]
    assert max(len(data) for _, data in pieces) <= CHUNK
    (data,) = re.findall(r"\x1b\]1337;File=inline=1;[^:]*:([^\x07]*)\x07", drawn(pixels, ITERM, (80, 24)))
    for sent in (data, "".join(data for _, data in pieces)):
        shown = Image.open(BytesIO(base64.b64decode(sent)))
        assert (np.asarray(shown) == pixels).all()
