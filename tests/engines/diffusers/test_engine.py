"""Pictures by tiny models of real classes: sizes, seeds, edits, references, masks, previews, cancelling, failures."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pollux.core.canvas import SIZES
from pollux.engines.base import Picture, Stop
from pollux.engines.once import REST_SECONDS
from pollux.engines.wishes import Canvas
from pollux.errors import InvalidArgument, Unavailable
from tests.engines.diffusers.kit import (
    LIBRARIES,
    Checkpoint,
    answer,
    apart,
    asking,
    engine,
    finished,
    media,
    model,
    painted,
    pixels,
    user,
)

pytestmark = LIBRARIES

SIZED = [cells for sizes in SIZES.values() for cells in sizes.values()]
CELLS = sorted({size for cells in SIZED for size in cells.values() if max(size) < 1600 or size == cells["16:9"]})
DRAW = ("sd", "sdxl", "sd3", "flux", "kontext", "klein", "qwen")
CHANGE = ("sd", "pix2pix", "sdxl", "sd3", "flux", "kontext", "klein", "qwen", "qwen-edit", "qwen-edit-plus")
WANTED = user("a red fox in the snow")


@pytest.fixture(autouse=True)
def _small_references(monkeypatch: pytest.MonkeyPatch) -> None:
    """Qwen-Image-Edit brings every picture to a megapixel first, which takes a CPU ten seconds."""
    for name in ("edit", "edit_plus"):
        try:
            module = __import__(f"diffusers.pipelines.qwenimage.pipeline_qwenimage_{name}", fromlist=["x"])
        except ImportError:
            return
        whole: Callable[..., Any] = module.calculate_dimensions
        small = lambda area, ratio, whole=whole: whole(min(area, 128 * 128), ratio)  # noqa: E731
        monkeypatch.setattr(module, "calculate_dimensions", small)


async def test_every_documented_size_is_exact(tiny: Checkpoint) -> None:
    painter = engine(tiny("flux"), steps=1)
    for width, height in CELLS:
        made = await painted(painter, WANTED, canvas=Canvas(width, height))
        assert made.shape == (height, width, 3)
        assert made.dtype == np.uint8


@pytest.mark.parametrize("name", DRAW)
async def test_a_seed_decides_a_picture_and_words_do_too(tiny: Checkpoint, name: str) -> None:
    painter = engine(tiny(name))
    first = await painted(painter, WANTED, seed=5)
    assert first.shape == (64, 96, 3)
    assert np.array_equal(first, await painted(engine(tiny(name)), WANTED, seed=5))
    assert apart(first, await painted(painter, WANTED, seed=6)) > 1
    assert not np.array_equal(first, await painted(painter, user("two green boats"), seed=5))


@pytest.mark.parametrize("name", CHANGE)
async def test_an_edit_is_made_of_the_picture(tiny: Checkpoint, name: str) -> None:
    painter = engine(tiny(name), steps=4)
    one, other = [await answer(painter, user("make it blue", media(pixels(n))), seed=5) for n in (1, 2)]
    (first,), (second,) = finished(one), finished(other)
    assert first.edited
    assert first.pixels.shape == (64, 96, 3)
    assert not np.array_equal(first.pixels, second.pixels)


async def test_a_ribbon_is_refused(tiny: Checkpoint) -> None:
    """FLUX.2 bears none of more than 8 to 1, when its sides are multiples of its own."""
    with pytest.raises(InvalidArgument, match=r"contents: .* at most 7 times as long"):
        await answer(engine(tiny("sd")), user("make it blue", media(pixels(1, 170, 20))))
    wide = engine(tiny("klein"), most_pixels=256 * 256)
    assert finished(await answer(wide, user("make it blue", media(pixels(1, 770, 110)))))


async def test_little_strength_leaves_the_picture_recognisable(tiny: Checkpoint) -> None:
    """Image-to-image begins from the picture: the less it may do, the nearer it stays to what the autoencoder keeps."""
    told = user("make it blue", media(pixels(1)))
    least, some, most = [await painted(engine(tiny("sd"), steps=10, strength=s), told) for s in (0.1, 0.5, 1.0)]
    assert apart(least, some) < apart(least, most)


async def test_a_chat_goes_on_with_the_last_picture(tiny: Checkpoint) -> None:
    painter = engine(tiny("kontext"))
    first, second = [
        await painted(painter, WANTED, model("here", media(pixels(n))), user("now at night")) for n in (1, 2)
    ]
    assert not np.array_equal(first, second)
    alone = await painted(painter, user("now at night", media(pixels(1))))
    assert np.array_equal(first, alone)


async def test_several_references_go_to_models_that_take_them(tiny: Checkpoint) -> None:
    a, b, c = (media(pixels(n)) for n in range(3))
    for name in ("qwen-edit-plus", "klein", "kontext"):
        painter = engine(tiny(name))
        both, others, one = [await painted(painter, user("put it there", *some)) for some in ((a, b), (a, c), (a,))]
        assert not np.array_equal(both, others)
        assert not np.array_equal(both, one)


@pytest.mark.parametrize("name", ["sd", "pix2pix", "qwen-edit"])
async def test_several_references_are_refused_by_others(tiny: Checkpoint, name: str) -> None:
    pair = media(pixels(1)), media(pixels(2))
    with pytest.raises(InvalidArgument, match=r"contents: models/tiny takes one picture at a time, and 2 were given"):
        await answer(engine(tiny(name)), user("put it there", *pair))


@pytest.mark.parametrize("name", ["pix2pix", "qwen-edit"])
async def test_models_that_only_change_ask_for_a_picture(tiny: Checkpoint, name: str) -> None:
    with pytest.raises(InvalidArgument, match="contents: models/tiny changes pictures: send one"):
        await answer(engine(tiny(name)), WANTED)


@pytest.mark.parametrize("name", ["sd", "inpaint", "sdxl", "sd3", "flux", "qwen"])
async def test_a_mask_bounds_the_change(tiny: Checkpoint, name: str) -> None:
    shown, mask = pixels(1), np.zeros((64, 96, 3), np.uint8)
    mask[16:48, 32:80] = 255
    told = user("Paint a hat where the mask is white", media(shown), media(mask))
    made = await painted(engine(tiny(name)), told)
    outside = mask[..., 0] == 0
    assert np.array_equal(made[outside], shown[outside])
    assert apart(made[24:40, 44:68], shown[24:40, 44:68]) > 10
    refused = "fills masks: send" if name == "inpaint" else "one picture at a time"
    with pytest.raises(InvalidArgument, match=refused):  # not called a mask: it may be anything
        await answer(engine(tiny(name)), user("Paint a hat", media(shown), media(mask)))
    with pytest.raises(InvalidArgument, match=refused):  # called a mask, but it is a picture
        await answer(engine(tiny(name)), user("Paint a mask for her", media(shown), media(pixels(2))))


@pytest.mark.parametrize("name", ["sd", "flux", "klein", "qwen"])
async def test_previews_are_thoughts_before_the_picture(tiny: Checkpoint, name: str) -> None:
    painter = engine(tiny(name), steps=9)
    for most in (0, 1, 2):
        events = await answer(painter, WANTED, canvas=Canvas(96, 64, interim=most))
        assert [event.thought for event in events if isinstance(event, Picture)] == [True] * most + [False]
    first, second, last = (event.pixels for event in events if isinstance(event, Picture))
    assert not np.array_equal(first, second)
    assert last.shape == (64, 96, 3)
    quiet = await answer(engine(tiny(name), interim=False), WANTED, canvas=Canvas(96, 64, interim=2))
    assert len(quiet) == 1


async def test_hanging_up_stops_within_a_step(tiny: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    from diffusers import FlowMatchEulerDiscreteScheduler

    steps, whole = [0], FlowMatchEulerDiscreteScheduler.step

    def counted(*given: Any, **more: Any) -> Any:
        steps[0] += 1
        return whole(*given, **more)

    monkeypatch.setattr(FlowMatchEulerDiscreteScheduler, "step", counted)
    painter = engine(tiny("flux"), steps=300)
    events: Any = painter.stream(asking(WANTED, canvas=Canvas(96, 64, interim=2)))
    assert (await anext(events)).thought
    at_close = steps[0]
    await events.aclose()
    await asyncio.sleep(0.5)
    assert steps[0] <= at_close + 3
    assert at_close < 250
    monkeypatch.undo()
    assert finished(await answer(engine(tiny("flux")), WANTED))


async def test_those_who_wait_can_hang_up(tiny: Checkpoint) -> None:
    painter = engine(tiny("flux"), steps=40)
    running = asyncio.create_task(painted(painter, WANTED))
    waiting = asyncio.create_task(painted(painter, WANTED))
    await asyncio.sleep(0.05)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert (await running).shape == (64, 96, 3)


async def test_a_flagged_picture_is_not_shown(tiny: Checkpoint) -> None:
    (stop,) = await answer(engine(tiny("checked")), WANTED)
    assert isinstance(stop, Stop)
    assert stop.reason == "IMAGE_SAFETY"
    assert "safety checker" in stop.message


async def test_a_prompt_too_long_for_clip_is_told(tiny: Checkpoint) -> None:
    long = user("a very long story " * 60)
    *_, stop = await answer(engine(tiny("sd")), long)
    assert isinstance(stop, Stop)
    assert "reads 77" in stop.message
    for name in ("flux", "qwen"):  # their other encoder reads hundreds
        assert not isinstance((await answer(engine(tiny(name)), long))[-1], Stop)


async def test_what_is_left_out_counts(tiny: Checkpoint) -> None:
    plain = await painted(engine(tiny("sd")), WANTED)
    assert not np.array_equal(plain, await painted(engine(tiny("sd")), user("a red fox in the snow\nWithout: trees")))
    assert not np.array_equal(plain, await painted(engine(tiny("sd"), negative_prompt="trees"), WANTED))
    assert not np.array_equal(plain, await painted(engine(tiny("sd"), guidance=1.5), WANTED))


async def test_without_a_seed_no_two_are_alike(tiny: Checkpoint) -> None:
    painter = engine(tiny("sd"))
    first, second = [await painted(painter, WANTED, seed=None) for _ in range(2)]
    assert not np.array_equal(first, second)


async def test_memory_that_runs_out_is_one_requests_fault(tiny: Checkpoint, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch
    from diffusers import FlowMatchEulerDiscreteScheduler

    def full(*_: Any, **__: Any) -> Any:
        raise torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 GiB.")

    painter = engine(tiny("flux"), place='[engine.diffusers."tiny"]')
    with monkeypatch.context() as patch:
        patch.setattr(FlowMatchEulerDiscreteScheduler, "step", full)
        with pytest.raises(Unavailable, match=r"memory is too small.*\"tiny\"\] offload or most_pixels"):
            await answer(painter, WANTED)
    assert finished(await answer(painter, WANTED))


async def test_a_model_that_is_not_there_is_the_operators_matter(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Callers learn that it is so, not where it lies; and it is not sought anew at every request."""
    pytest.importorskip("diffusers", reason="diffusers is not installed: make torch installs it")
    painter = engine(tmp_path / "absent")
    assert painter.cards()[0].name == "absent"
    for _ in range(2):
        with pytest.raises(Unavailable, match="behind models/tiny cannot be loaded; the server's log says") as caught:
            await answer(painter, WANTED)
        assert "\n" not in caught.value.message
    with monkeypatch.context() as patch:
        now = time.monotonic()
        patch.setattr(time, "monotonic", lambda: now + REST_SECONDS + 1)
        with pytest.raises(Unavailable):
            await answer(painter, WANTED)
    errors = [one.getMessage() for one in caplog.records if one.levelno == logging.ERROR]
    assert [f"the model {tmp_path / 'absent'} cannot be loaded" in one for one in errors] == [True, True]


async def test_models_loaded_at_once_are_all_whole(tiny: Checkpoint) -> None:
    """The libraries change torch for the whole process while they load."""
    folders = [tiny(name) for name in ("sd", "sdxl", "sd3")]
    for _ in range(3):
        await asyncio.gather(*(painted(engine(folder), WANTED) for folder in folders))
