"""Several pictures in one, and pictures redrawn as a whole."""

from __future__ import annotations

import numpy as np

from tests.engines.builtin.edit.drawn import Truth, ask, ball, person


def logo() -> Truth:
    pixels = np.full((80, 120, 3), 255, np.uint8)
    pixels[15:65, 15:105] = (20, 60, 220)
    pixels[30:50, 40:80] = 255
    return Truth(pixels)


def test_a_logo_goes_on_the_shirt_and_the_face_stays() -> None:
    truth = person()
    done = ask(
        "Take the first image of the woman. Add the logo from the second image onto her shirt. "
        "Ensure the woman's face and features remain completely unchanged.", truth, logo(),
    )  # fmt: skip
    changed = (done.pixels != truth.pixels).any(axis=2)
    assert np.array_equal(changed, done.region)
    assert not changed[truth.masks["face"]].any()
    assert changed[truth.masks["shirt"]].mean() > 0.04
    assert not changed[~truth.masks["person"]].any()
    blue = done.pixels[changed].astype(int)
    assert ((blue[:, 2] - blue[:, 0]) > 60).mean() > 0.3
    assert (blue.min(axis=1) > 150).mean() > 0.05  # the white that the logo encloses is printed too


def test_a_thing_of_one_picture_into_another() -> None:
    scene, thing = person(), ball((200, 30, 30))
    done = ask("Put the ball from the second image next to the person in the first image", scene, thing)
    changed = (done.pixels != scene.pixels).any(axis=2)
    red = (done.pixels[..., 0].astype(int) - done.pixels[..., 2] > 90) & changed
    assert red.sum() > 300
    assert np.array_equal(changed, done.region)


def test_a_collage_shows_every_picture() -> None:
    plain = [Truth(np.full((100, 100, 3), colour, np.uint8)) for colour in ((250, 0, 0), (0, 250, 0), (0, 0, 250))]
    done = ask("make a collage of these", *plain, size=(300, 300))
    for one in plain:
        assert (np.abs(done.pixels.astype(int) - one.pixels[0, 0]).max(axis=2) < 8).mean() > 0.2


def test_a_group_holds_everybody() -> None:
    people = [person(colour) for colour in ((250, 20, 20), (20, 200, 20), (20, 40, 240))]
    done = ask("A group photo of these people, they are making funny faces", *people, size=(600, 400))
    pixels = done.pixels.astype(int)
    for channel in range(3):
        others = [c for c in range(3) if c != channel]
        assert ((pixels[..., channel] - pixels[..., others].max(axis=2)) > 60).mean() > 0.02
    assert "cannot change faces" in done.said


def test_comic_panels() -> None:
    done = ask("Make a 3 panel comic in a gritty, noir art style with black and white inks.", person())
    assert "3 comic panels" in done.said
    assert done.pixels.shape == (360, 300, 3)
    spread = done.pixels.max(axis=2).astype(int) - done.pixels.min(axis=2)
    assert spread.max() < 12


def test_a_sketch_is_coloured_in() -> None:
    pixels = np.full((240, 320, 3), 250, np.uint8)
    pixels[60:180, 80:240] = 30
    pixels[65:175, 85:235] = 250
    done = ask("Turn this rough pencil sketch of a box into a polished photo. Add metallic red paint.", Truth(pixels))
    inner = done.pixels[75:165, 95:225].astype(int)
    assert (inner[..., 0] - inner[..., 2]).mean() > 60
    assert done.pixels[62:64, 100:220].mean() < 130
    assert "cannot make a photograph" in done.said


def test_another_view_of_a_person_is_refused() -> None:
    truth = person()
    done = ask("A studio portrait of this man against white, in profile looking right", truth)
    assert "cannot turn a person" in done.said
    assert (done.pixels[:20, :20] == 255).all()
    assert np.array_equal(done.pixels[100:120, 140:160], truth.pixels[100:120, 140:160])
