"""Perception of whole pictures: the samples that ship with Pollux, and the cache."""

from __future__ import annotations

from threading import Thread

import blake3
import pytest

from pollux import samples
from pollux.engines.builtin import eyes
from pollux.engines.builtin.perceive import Perceiver
from pollux.engines.builtin.pixels import Pixels
from pollux.engines.builtin.scene import Box, Scene
from pollux.errors import Cancelled, InvalidArgument
from pollux.media.handle import Media
from pollux.media.limits import MediaLimits
from pollux.media.picture import decode, inspect


def media_of(data: bytes, mime: str = "image/png") -> Media:
    width, height, orientation = inspect(data, mime, "contents[0].parts[0]", MediaLimits())
    digest = blake3.blake3(data).hexdigest()
    return Media("image", mime, data, digest, width, height, orientation, "contents[0].parts[0]")


def sample(name: str) -> Media:
    return media_of(samples.read(name), samples.get(name).mime_type)


@pytest.fixture(scope="module")
def perceiver() -> Perceiver:
    return Perceiver()


KINDS = {
    "cat": "photograph",
    "coffee": "photograph",
    "astronaut": "photograph",
    "sign": "photograph",
    "receipt": "document",
    "rotated-notice": "document",
    "screenshot": "screenshot",
    "chart": "chart",
    "shapes": "drawing",
    "qr-code": "code",
    "bar-code": "code",
}


@pytest.mark.parametrize("name", KINDS)
def test_samples_have_their_kind(perceiver: Perceiver, name: str) -> None:
    scene = perceiver.perceive(sample(name), reading=False)
    assert scene.kind == KINDS[name]
    assert 0 < scene.kind_confidence <= 1


@pytest.mark.parametrize("name", ["cat", "coffee", "shapes"])
def test_nothing_is_read_where_there_is_no_text(perceiver: Perceiver, name: str) -> None:
    scene = perceiver.perceive(sample(name), reading=False)
    assert (scene.text_suspected, scene.text_read, scene.lines) == (False, False, ())


@pytest.mark.parametrize("name", ["sign", "receipt", "rotated-notice", "screenshot"])
def test_the_text_of_a_sample_is_read(perceiver: Perceiver, name: str) -> None:
    read = " ".join(perceiver.perceive(sample(name), reading=True).text.split())
    missing = [line for line in samples.get(name).text.splitlines() if " ".join(line.split()) not in read]
    assert missing == []


def test_photographs_are_named_and_drawings_measured(perceiver: Perceiver) -> None:
    cat, drawn = (perceiver.perceive(sample(name), reading=False) for name in ("cat", "shapes"))
    assert "cat" in cat.labels[0].name.lower()
    assert [f"{shape.colour} {shape.name}" for shape in drawn.shapes] == ["red circle", "blue square", "green triangle"]
    assert drawn.background == "white"
    assert cat.shapes == ()


def test_faces_are_found_where_there_is_one(perceiver: Perceiver) -> None:
    names = ("astronaut", "cat", "coffee")
    faces = {name: len(perceiver.perceive(sample(name), reading=False).faces) for name in names}
    assert faces == {"astronaut": 1, "cat": 0, "coffee": 0}


@pytest.mark.parametrize(("name", "said"), [("qr-code", "QR code"), ("bar-code", "EAN-13")])
def test_codes_are_decoded(perceiver: Perceiver, name: str, said: str) -> None:
    codes = perceiver.perceive(sample(name), reading=False).codes
    assert [(code.format, code.content) for code in codes] == [(said, samples.get(name).text.strip())]


@pytest.mark.parametrize("name", KINDS)
def test_every_box_lies_in_the_picture(perceiver: Perceiver, name: str) -> None:
    scene = perceiver.perceive(sample(name), reading=True)
    assert all(_inside(box, scene) for box in _boxes(scene))


def _boxes(scene: Scene) -> list[Box]:
    lines = [piece.box for line in scene.lines for piece in (line, *line.pieces)]
    others = [face.box for face in scene.faces] + [code.box for code in scene.codes]
    return [*lines, *others, *(shape.box for shape in scene.shapes)]


def _inside(box: Box, scene: Scene) -> bool:
    return 0 <= box.left < box.right <= scene.width and 0 <= box.top < box.bottom <= scene.height


def test_a_scene_is_made_once_and_completed_by_reading() -> None:
    perceiver, media = Perceiver(), sample("cat")
    first = perceiver.perceive(media, reading=False)
    assert perceiver.perceive(media, reading=False) is first
    read = perceiver.perceive(media, reading=True)
    assert read.text_read
    assert (read.labels, read.kind, read.colours) == (first.labels, first.kind, first.colours)
    assert perceiver.perceive(media, reading=False) is read


def test_the_oldest_scene_is_forgotten() -> None:
    perceiver = Perceiver(entries=1)
    first = perceiver.perceive(sample("shapes"), reading=False)
    perceiver.perceive(sample("qr-code"), reading=False)
    again = perceiver.perceive(sample("shapes"), reading=False)
    assert again == first
    assert again is not first


def test_threads_share_one_look() -> None:
    perceiver, media = Perceiver(), sample("shapes")
    scenes: list[Scene] = []
    threads = [Thread(target=lambda: scenes.append(perceiver.perceive(media, reading=False))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(scene) for scene in scenes}) == 1
    assert len(scenes) == 4


def test_a_caller_who_left_stops_the_work() -> None:
    perceiver = Perceiver()
    with pytest.raises(Cancelled):
        perceiver.perceive(sample("receipt"), reading=True, cancelled=lambda: True)
    assert perceiver.perceive(sample("receipt"), reading=False).kind == "document"


def test_a_corrupt_picture_names_its_part() -> None:
    media = sample("cat")
    broken = Media("image", media.mime_type, media.data[: len(media.data) // 2], "other", 451, 300, 1, media.field)
    with pytest.raises(InvalidArgument, match=r"contents\[0\]\.parts\[0\]"):
        Perceiver().perceive(broken, reading=False)


def test_pixels_are_decoded_once_for_all_who_look_at_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    decoded = list[int]()

    def counted(media: Media, side: int | None = None) -> Pixels:
        decoded.append(side or 0)
        return decode(media, side)

    monkeypatch.setattr(eyes, "decode", counted)
    looking, small, large = eyes.Eyes(1), sample("cat"), sample("page")
    assert (looking.pixels(small, 300) == decode(small, 300)).all()
    assert looking.pixels(small, 300) is looking.pixels(small, 300)
    assert looking.pixels(small, 200).shape[1] == 200
    looking.pixels(small, 300)
    assert decoded == [300, 200, 300]  # only the last is kept
    monkeypatch.setattr(eyes, "KEPT", 1_000_000)
    looking.pixels(large, 2400)
    looking.pixels(large, 2400)
    assert decoded[3:] == [2400, 2400]  # and no large one
