"""What was asked is changed, and nothing else."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from pollux.engines.builtin.colours import name_of
from pollux.errors import Cancelled
from tests.engines.builtin.edit.drawn import Truth, ask, ball, differs, person, wall

NEAR = 9  # pixels: how far from a thing's edge an edit of it may reach, its soft rim included


def around(mask: np.ndarray, reach: int = NEAR) -> np.ndarray:
    kernel = np.ones((2 * reach + 1, 2 * reach + 1), np.uint8)
    return cv2.dilate(mask.astype(np.uint8), kernel) > 0


@pytest.mark.parametrize(
    ("text", "thing"),
    [
        ("make the ball red", "ball"),
        ("make the ball out of gold", "ball"),
        ("make the ball wooden", "ball"),
        ("make the ball brighter", "ball"),
        ("blur the ball", "ball"),
        ("turn the ball black and white", "ball"),
        ("remove the ball", "ball"),
    ],
)
def test_a_local_edit_leaves_every_other_bit(text: str, thing: str) -> None:
    truth = ball()
    done = ask(text, truth)
    changed = differs(truth.pixels, done.pixels)
    assert changed[truth.masks[thing]].mean() > 0.5, done.said
    assert not (changed & ~done.region).any()
    assert not (changed & ~around(truth.masks[thing])).any()


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("add a moustache to the person", 0.05),
        ("put a crown on her head", 0.2),
        ('write "SALE" in the bottom right corner', 0.2),
        ("add a red balloon in the top left corner", 0.3),
        ("blur the background", 0.9),
        ("put a banana next to the person", 0.3),
    ],
)
def test_the_region_says_what_changed(text: str, share: float) -> None:
    truth = person()
    done = ask(text, truth)
    changed = differs(truth.pixels, done.pixels)
    assert 0.002 < changed.mean() < share, done.said
    assert np.array_equal(changed, done.region)


@pytest.mark.parametrize("colour", ["red", "green", "yellow", "purple", "black", "white", "orange", "pink"])
def test_a_recoloured_thing_has_the_colour_and_its_shading(colour: str) -> None:
    truth = ball()
    done = ask(f"make the ball {colour}", truth)
    inside = cv2.erode(truth.masks["ball"].astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    middle = np.median(done.pixels[inside], axis=0).astype(int).tolist()
    assert colour in name_of(middle).replace("gray", "white" if colour == "white" else "gray")
    before, after = (cv2.cvtColor(p, cv2.COLOR_RGB2GRAY)[inside].astype(float) for p in (truth.pixels, done.pixels))
    assert np.corrcoef(before, after)[0, 1] > 0.8


def test_only_the_coloured_part_of_a_thing_changes() -> None:
    truth = ball((200, 40, 40))
    rim = truth.masks["ball"] & (np.arange(truth.pixels.shape[0])[:, None] < 95)
    truth.pixels[rim] = (236, 234, 230)
    done = ask("make the ball blue", truth)
    assert name_of(np.median(done.pixels[120:160, 140:160].reshape(-1, 3), axis=0).astype(int).tolist()) == "blue"
    assert np.abs(done.pixels[76:90, 140:160].astype(int) - (236, 234, 230)).max() < 12


def test_a_thing_is_found_by_its_colour() -> None:
    truth = ball((30, 60, 200))
    done = ask("change only the blue cushion to red", Truth(truth.pixels))
    changed = differs(truth.pixels, done.pixels)
    assert changed[truth.masks["ball"]].mean() > 0.9
    assert not (changed & ~around(truth.masks["ball"], 12)).any()
    assert "colour" in done.said


def test_a_removed_thing_gives_way_to_its_ground() -> None:
    truth, clean = ball(radius=34), wall()
    done = ask("remove the ball", truth)
    hole = truth.masks["ball"]
    apart = cv2.GaussianBlur(done.pixels, (0, 0), 4).astype(int) - cv2.GaussianBlur(clean, (0, 0), 4)
    assert np.abs(apart[hole]).mean() < 6
    assert done.pixels[hole].std() > 3  # the grain of the ground goes on


def test_what_is_to_be_kept_is_kept() -> None:
    truth = person()
    done = ask("make everything 30% brighter but leave the face unchanged", truth)
    changed = differs(truth.pixels, done.pixels)
    assert not changed[cv2.erode(truth.masks["face"].astype(np.uint8), np.ones((5, 5))) > 0].any()
    assert changed[:40].mean() > 0.9


def test_black_and_white_but_for_one_thing() -> None:
    truth = ball((210, 60, 40))
    done = ask("make it black and white except the ball", truth)
    spread = done.pixels.max(axis=2).astype(int) - done.pixels.min(axis=2)
    inside = cv2.erode(truth.masks["ball"].astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert np.array_equal(done.pixels[inside], truth.pixels[inside])
    assert spread[~around(truth.masks["ball"])].max() == 0


def test_a_removed_background_is_transparent() -> None:
    truth = ball()
    done = ask("remove the background", truth)
    alpha = done.pixels[..., 3]
    inside = cv2.erode(truth.masks["ball"].astype(np.uint8), np.ones((9, 9), np.uint8)) > 0
    assert alpha[inside].min() == 255
    assert alpha[~around(truth.masks["ball"])].max() == 0
    assert np.array_equal(done.pixels[inside][:, :3], truth.pixels[inside])


def test_a_new_background() -> None:
    truth = ball()
    done = ask("put it on a white background", truth)
    assert (done.pixels[~around(truth.masks["ball"])] == 255).all()
    painted = ask("replace the background with a beach at sunset", truth)
    assert painted.pixels[:, :60].std() > 15


def test_several_operations_in_order() -> None:
    truth = ball()
    done = ask("Make the ball red, then crop to the ball and flip it.", truth)
    assert done.pixels.shape[0] < 140
    high, wide = done.pixels.shape[:2]
    middle = done.pixels[high // 2 - 5 : high // 2 + 5, wide // 2 - 5 : wide // 2 + 5].reshape(-1, 3)
    assert "red" in name_of(np.median(middle, axis=0).astype(int).tolist())
    again = ask("crop to the ball, then make the ball red", truth)
    assert again.region.any()


@pytest.mark.parametrize(
    "text",
    ["make her smile", "remove the giraffe", "make the giraffe blue", "translate the text into Spanish",
     "add a flurbishwangler", "crop to the giraffe", "turn the giraffe into a dog", "What do you see?"],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_left(text: str) -> None:
    truth = ball()
    done = ask(text, truth)
    assert not done.changed
    assert np.array_equal(done.pixels, truth.pixels)
    assert not done.region.any()
    assert "unchanged" in done.said


def test_one_part_done_and_one_not_are_both_said() -> None:
    done = ask("make the ball red and remove the giraffe", ball())
    assert done.changed
    assert "red" in done.said
    assert "could not find the giraffe" in done.said


@pytest.mark.parametrize(
    "text", ["make the ball green", "remove the ball", "add three butterflies", "turn it into oil"]
)
def test_the_same_seed_gives_the_same_pixels(text: str) -> None:
    one, two = ask(text, ball()), ask(text, ball())
    assert np.array_equal(one.pixels, two.pixels)
    assert one.said == two.said


@pytest.mark.parametrize("size", [(320, 240), (512, 512), (768, 432), (300, 700)])
def test_the_answers_size(size: tuple[int, int]) -> None:
    done = ask("make the ball red", ball(), size=size)
    assert done.pixels.shape[1::-1] == size
    assert done.region.shape == done.pixels.shape[:2]


def test_a_cancelled_edit_stops() -> None:
    with pytest.raises(Cancelled):
        ask("make the ball red", ball(), cancelled=lambda: True)


def test_a_picture_with_transparency_keeps_it() -> None:
    truth = ball()
    alpha = np.full(truth.pixels.shape[:2], 255, np.uint8)
    alpha[:20] = 0
    done = ask("make the ball red", Truth(np.dstack([truth.pixels, alpha]), truth.masks))
    assert np.array_equal(done.pixels[..., 3], alpha)


@pytest.mark.parametrize("size", [(1, 1), (8, 8), (5, 300)])
@pytest.mark.parametrize(
    "text",
    ["remove the ball", "make a 3 panel comic", "extend it to 16:9", "turn it into low poly", "add a hat on its head",
     "blur the background", 'write "HI" at the top', "crop it to a square and round the corners"],
)  # fmt: skip
def test_tiny_pictures(size: tuple[int, int], text: str) -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (*size, 3)).astype(np.uint8)
    mask = np.zeros(size, np.bool_)
    mask[size[0] // 3 : size[0] // 3 + 1 + size[0] // 3, size[1] // 3 : size[1] // 3 + 1 + size[1] // 3] = True
    done = ask(text, Truth(pixels, {"ball": mask}))
    assert done.region.shape == done.pixels.shape[:2]
