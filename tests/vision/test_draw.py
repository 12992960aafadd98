"""Overlays: what is drawn where, on every kind of picture."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PIL import Image

from pollux import samples
from pollux.errors import InvalidArgument
from pollux.vision import draw, masks
from pollux.vision.answers import Answer, Detection
from pollux.vision.draw import Style

BOX = Detection("cat", box_2d=(200, 200, 800, 800))
QUIET = Style(labels=False)


def grey(width: int = 400, height: int = 300) -> draw.Pixels:
    return np.full((height, width, 3), 128, np.uint8)


def test_a_box_is_drawn_on_its_edge_and_nowhere_else() -> None:
    picture = grey()
    drawn = draw.overlay(picture, [BOX], style=QUIET)
    [colour] = draw.colours([BOX])
    assert (picture == 128).all()
    assert tuple(drawn[60, 200]) == tuple(drawn[150, 80]) == colour
    changed = np.argwhere((drawn != 128).any(axis=2))
    assert (abs(changed.min(axis=0) - (60, 80)) <= 4).all()
    assert (abs(changed.max(axis=0) - (239, 319)) <= 4).all()
    assert (drawn[80:220, 100:300] == 128).all()


def test_a_box_at_the_edge_of_the_picture_is_seen_on_all_sides() -> None:
    [colour] = draw.colours([BOX])
    drawn = draw.overlay(grey(), [Detection("cat", (0, 0, 1000, 1000))], style=QUIET)
    assert all((drawn[row, 4:-4] == colour).all(axis=1).all() for row in (0, -1))
    assert all((drawn[4:-4, column] == colour).all(axis=1).all() for column in (0, -1))


def test_a_mask_is_tinted_and_the_box_is_left_out() -> None:
    array = np.zeros((300, 400), bool)
    array[100:200, 50:150] = True
    item = masks.encode(array)
    assert item is not None
    thing = Detection("cat", tuple(item["box_2d"]), mask=item["mask"])
    drawn = draw.overlay(grey(), [thing], style=QUIET)
    [colour] = draw.colours([thing])
    expected = 128 * (1 - QUIET.opacity) + np.array(colour) * QUIET.opacity
    assert (abs(drawn[150, 100] - expected) <= 1).all()
    assert (drawn[20] == 128).all()
    assert tuple(drawn[100, 100]) == colour
    again = draw.overlay(grey(), [thing], masks=masks.decode_all([thing], (400, 300))[0], style=QUIET)
    assert (again == drawn).all()
    assert (draw.overlay(grey(), [thing], style=Style(labels=False, masks=False))[150, 100] == 128).all()


def test_a_point_is_a_dot_with_a_ring() -> None:
    thing = Detection("nose", point=(500, 250))
    drawn = draw.overlay(grey(), [thing], style=QUIET)
    assert tuple(drawn[150, 100]) == draw.colours([thing])[0]
    assert (drawn[140:160, 90:110] == 255).all(axis=2).any()
    assert (drawn[:, 200:] == 128).all()


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "L", "LA", "P", "1", "CMYK", "I;16"])
def test_every_mode_of_a_picture(mode: str) -> None:
    image = Image.new("I;16", (90, 60), 0x8000) if mode == "I;16" else Image.new("RGB", (90, 60), "grey").convert(mode)
    drawn = draw.overlay(image, Answer((BOX,)), style=QUIET)
    assert drawn.shape == (60, 90, 3)
    assert drawn.dtype == np.uint8
    assert tuple(drawn[12, 45]) == draw.colours([BOX])[0]
    expected = 128 if mode == "I;16" else np.asarray(image.convert("RGB"))[30, 45].astype(int)
    assert (drawn[30, 45] == expected).all()


def test_arrays_of_every_depth_and_alpha_on_white() -> None:
    for shape in ((60, 90), (60, 90, 1), (60, 90, 3)):
        assert (draw.overlay(np.full(shape, 7, np.uint8), []) == 7).all()
    assert (draw.overlay(np.zeros((4, 4, 4), np.uint8), []) == 255).all()
    assert (draw.overlay(np.full((4, 4, 2), (9, 255), np.uint8), []) == 9).all()
    for wrong in (np.zeros((4, 4, 5), np.uint8), np.zeros((0, 4, 3), np.uint8), np.zeros((2, 2, 2, 2), np.uint8)):
        with pytest.raises(InvalidArgument, match="picture"):
            draw.overlay(wrong, [])
    with pytest.raises(InvalidArgument, match="uint8"):
        draw.overlay(np.zeros((4, 4)), [])  # type: ignore[arg-type]


def test_scale_enlarges_the_picture_first() -> None:
    drawn = draw.overlay(grey(), [BOX], style=Style(scale=2))
    assert drawn.shape == (600, 800, 3)
    with pytest.raises(InvalidArgument, match="scale"):
        draw.overlay(grey(), [BOX], style=Style(scale=0))
    with pytest.raises(InvalidArgument, match="masks"):
        draw.overlay(grey(), [BOX], masks=[])


def test_lines_and_letters_grow_with_the_picture_and_shrink_in_a_crowd() -> None:
    small, large = (640, 480), (4000, 3000)
    assert draw.line_width(small) < draw.line_width(large)
    assert draw.text_size(small) < draw.text_size(large)
    assert draw.text_size(large, 60) < draw.text_size(large, 3)
    assert draw.text_size((10, 10), 1000) == 12


def test_labels_are_written_with_their_scores() -> None:
    plain = draw.overlay(grey(), [BOX], style=QUIET)
    named = draw.overlay(grey(), [BOX])
    scored = draw.overlay(grey(), [Detection("cat", BOX.box_2d, score=0.5)])
    assert (plain != named).any()
    assert (named != scored).any()
    assert (draw.overlay(grey(), [Detection("cat", BOX.box_2d, score=0.5)], style=Style(scores=False)) == named).all()


def test_colours_by_label_and_by_item() -> None:
    things = [BOX, BOX, Detection("dog", BOX.box_2d)]
    one, two, three = draw.colours(things)
    assert one == two != three
    assert all(a != b for a, b in combinations(draw.colours(things, "item"), 2))


def test_odd_things_are_drawn_without_a_fault() -> None:
    corners = np.random.default_rng(3).integers((0, 0, 500, 500), (500, 500, 1000, 1000), (90, 4))
    odd = [
        Detection("", (0, 0, 0, 0)),
        Detection("x" * 5000, (999, 999, 1000, 1000)),
        Detection("\n\x00", point=(0, 0)),
    ]
    odd += [Detection("many", (int(a), int(b), int(c), int(d))) for a, b, c, d in corners]
    odd += [
        Detection("bad", (0, 0, 500, 500), mask="data:image/png;base64,AAAA"),
        Detection("猫 кот", point=(1000, 1000)),
    ]
    for size in ((1, 1), (3, 200), (640, 480)):
        assert draw.overlay(grey(*size), odd).shape == (size[1], size[0], 3)


def test_a_sample_of_the_package() -> None:
    import io

    picture = Image.open(io.BytesIO(samples.read("cat")))
    drawn = draw.overlay(picture, [BOX])
    assert drawn.shape == (picture.height, picture.width, 3)
