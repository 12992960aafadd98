from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from pollux.engines.builtin.colours import NAMES, named
from pollux.engines.builtin.paint.plan import Camera, Light, Scene, Style, Subject
from pollux.engines.builtin.paint.render import render, stages

SIDE = 320
FOX = Scene(subjects=(Subject("fox"),), setting="forest")
STYLES: tuple[Style, ...] = (
    "illustration", "photo", "flat", "kawaii", "watercolour", "pencil", "ink", "oil", "pixel", "isometric", "noir",
    "anatomical", "cartoon", "neon", "papercut", "lowpoly",
)  # fmt: skip


def blobs(picture: NDArray[np.uint8], colours: Sequence[str], least: float = 0.004) -> int:
    """Connected areas of those colours that fill at least a share of the picture."""
    mask = np.isin(named(np.ascontiguousarray(picture[..., :3])), [NAMES.index(name) for name in colours])
    opened = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    _, _, facts, _ = cv2.connectedComponentsWithStats(opened)
    return int((facts[1:, cv2.CC_STAT_AREA] >= least * mask.size).sum())


@pytest.mark.parametrize("count", [1, 2, 3, 5, 7, 12])
@pytest.mark.parametrize(
    ("name", "colour", "seen"),
    [
        ("apple", "red", ("red", "dark red")),
        ("balloon", "blue", ("blue", "dark blue")),
        ("car", "green", ("green", "dark green")),
    ],
)
def test_as_many_as_asked_in_the_asked_colour(name: str, colour: str, seen: tuple[str, ...], count: int) -> None:
    scene = Scene(subjects=(Subject(name, count, (colour,)),), setting="studio", background="white")
    assert blobs(render(scene, 512, 512, seed=count), seen) == count


def test_sizes_and_kinds_of_pixels() -> None:
    assert render(FOX, 200, 120).shape == (120, 200, 3)
    clear = render(Scene(layout="sticker", subjects=(Subject("cat"),), background="transparent"), SIDE, SIDE)
    assert clear.shape == (SIDE, SIDE, 4)
    assert not clear[:8, :8, 3].any()
    assert clear[SIDE // 2, SIDE // 2, 3] == 255


def test_the_same_seed_gives_the_same_pixels_and_another_others() -> None:
    for style in STYLES:
        scene = replace(FOX, style=style)
        assert (render(scene, 160, 160, 7) == render(scene, 160, 160, 7)).all(), style
    assert (render(FOX, 160, 160, 7) != render(FOX, 160, 160, 8)).any()
    assert render(replace(FOX, style="oil"), 64, 64, -5).shape == (64, 64, 3)


def test_styles_can_be_told_apart() -> None:
    pictures = {style: render(replace(FOX, style=style), 192, 192, 3).astype(int) for style in STYLES}
    for one in STYLES:
        for other in STYLES[: STYLES.index(one)]:
            assert abs(pictures[one] - pictures[other]).mean() > 2, f"{one} and {other}"


def test_pencil_ink_and_noir_have_no_colour_and_pixels_are_square() -> None:
    for style in ("pencil", "ink", "noir"):
        picture = render(replace(FOX, style=style), SIDE, SIDE).astype(int)
        assert (picture.max(axis=2) - picture.min(axis=2)).mean() < 16, style
    picture = render(replace(FOX, style="pixel"), 112 * 4, 112 * 4)
    assert (picture == np.repeat(np.repeat(picture[2::4, 2::4], 4, 0), 4, 1)).all()


def test_night_is_darker_than_day_and_dusk_between() -> None:
    light = [
        float(render(replace(FOX, setting="meadow", light=Light(time=time)), SIDE, SIDE).mean())
        for time in ("day", "dusk", "night")
    ]
    assert light[0] > light[1] + 15 > light[2] + 15


def test_minimal_keeps_the_canvas_empty_and_the_thing_at_its_place() -> None:
    scene = Scene(layout="minimal", subjects=(Subject("maple leaf", 1, ("red",), at=(0.8, 0.8)),), background="#f5efe0")
    picture = render(scene, SIDE, SIDE).astype(int)
    other = abs(picture - (245, 239, 224)).max(axis=2) > 40
    rows, columns = np.nonzero(other)
    assert 0.005 < other.mean() < 0.12
    assert abs(columns.mean() / SIDE - 0.8) < 0.05
    assert abs(rows.mean() / SIDE - 0.8) < 0.05


def test_close_ups_are_larger_than_wide_shots() -> None:
    def covered(shot: str) -> float:
        scene = Scene(subjects=(Subject("balloon", 1, ("blue",)),), background="white", camera=Camera(shot))
        return float(np.isin(named(render(scene, SIDE, SIDE)), [NAMES.index("blue"), NAMES.index("dark blue")]).mean())

    assert covered("close-up") > 1.4 * covered("medium") > 1.4 * covered("wide")


def test_worn_and_held_things_are_there() -> None:
    plain = Scene(layout="sticker", subjects=(Subject("panda"),), background="white")
    hat = Subject("top hat", 1, ("green",))
    worn = replace(plain, subjects=(Subject("panda", with_=(("wearing", hat),)),))
    held = replace(plain, subjects=(Subject("panda", with_=(("holding", Subject("apple", 1, ("green",))),)),))
    green = ("green", "dark green")
    assert blobs(render(plain, SIDE, SIDE), green) == 0
    for scene, upper in ((worn, True), (held, False)):
        mask = np.isin(named(render(scene, SIDE, SIDE)), [NAMES.index(name) for name in green])
        assert mask.mean() > 0.004
        assert (np.nonzero(mask)[0].mean() < SIDE * 0.4) == upper


def test_unknown_things_get_a_card_with_their_name() -> None:
    one, other = (render(Scene(subjects=(Subject(name),)), SIDE, SIDE) for name in ("zorblax", "quimbly"))
    assert (one != other).mean() > 0.003


def test_stages_show_a_sketch_and_the_colours_before_the_picture() -> None:
    sketch, laid = stages(FOX, SIDE, SIDE, 1)
    whole = render(FOX, SIDE, SIDE, 1).astype(int)
    assert sketch.shape == laid.shape == (SIDE, SIDE, 3)
    assert (sketch.astype(int).max(axis=2) - sketch.astype(int).min(axis=2)).mean() < 16
    assert 0 < abs(laid - whole).mean() < abs(sketch - whole).mean()
    assert len(stages(FOX, 64, 64, most=1)) == 1
    assert stages(FOX, 64, 64, most=0) == []


def test_level_and_warmth_shift_the_picture() -> None:
    plain, dark, warm = (
        render(replace(FOX, light=light), SIDE, SIDE).astype(int)
        for light in (Light(), Light(level=-1), Light(warmth=1))
    )
    assert dark.mean() < plain.mean() - 20
    assert warm[..., 0].mean() - warm[..., 2].mean() > plain[..., 0].mean() - plain[..., 2].mean() + 15
