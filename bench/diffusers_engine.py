"""What the diffusers engine adds to a pipeline: the bare call beside the same picture through the engine.

    PYTHONPATH=. python bench/diffusers_engine.py [--rounds 9] [--steps 8]

One thread, CPU milliseconds, medians of rounds that take turns.  The models are tiny ones with random weights, whose
steps take milliseconds where a real model's take a second: what is added is the same, and its share there far smaller.
Rows: the picture as it is drawn; resampled to a canvas of 1024 x 1024; with two previews.  Target for the first: at
most 1.1 times the bare call.
"""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import torch
from tests.engines.diffusers.checkpoints import build

from pollux.engines.base import Picture, Prompt, Turn
from pollux.engines.diffusers.engine import DiffusersEngine
from pollux.engines.diffusers.loading import load
from pollux.engines.diffusers.options import Options
from pollux.engines.wishes import Canvas
from pollux.wire.content import Part

SIDE, TARGET = 128, 1.1
WORDS = "a red fox in the snow"
CANVASES = {
    "as drawn": Canvas(SIDE, SIDE),
    "resampled": Canvas(1024, 1024),
    "with previews": Canvas(SIDE, SIDE, interim=2),
}


def spent(work: Callable[[], object]) -> float:
    """CPU milliseconds of all threads."""
    begun = time.process_time()
    work()
    return (time.process_time() - begun) * 1000


def bare(pipe: Any, steps: int) -> object:
    chance = torch.Generator("cpu").manual_seed(1)
    more = {"max_area": SIDE * SIDE} if "Kontext" in type(pipe).__name__ else {}
    return pipe(prompt=WORDS, width=SIDE, height=SIDE, num_inference_steps=steps, generator=chance, **more)


async def through(engine: DiffusersEngine, canvas: Canvas) -> None:
    prompt = Prompt("tiny", (Turn("user", (Part(text=WORDS),)),), canvas=canvas, seed=1)
    made = [event async for event in engine.stream(prompt) if isinstance(event, Picture)]
    assert made[-1].pixels.shape == (canvas.height, canvas.width, 3)


def measure(name: str, folder: Path, rounds: int, steps: int) -> bool:
    """One model's rows; whether the first keeps its target."""
    options = Options(str(build(name, folder)), device="cpu", steps=steps, most_pixels=SIDE * SIDE)
    model = load(options)
    assert model.tasks.draw is not None
    pipe, engine = model.pipeline(model.tasks.draw), DiffusersEngine(options)
    loop = asyncio.new_event_loop()
    ways: dict[str, Callable[[], object]] = {"bare": lambda: bare(pipe, steps)}
    for row, canvas in CANVASES.items():
        ways[row] = lambda canvas=canvas: loop.run_until_complete(through(engine, canvas))  # type: ignore[misc]
    times: dict[str, list[float]] = {row: [] for row in ways}
    for turn in range(rounds + 1):  # the first warms up
        for row, way in ways.items():
            took = spent(way)
            if turn:
                times[row].append(took)
    floor = median(times["bare"])
    for row in CANVASES:
        ms = median(times[row])
        print(f"{name:8} {row:14} {ms:8.1f} ms  bare {floor:8.1f} ms  {ms / floor:5.2f} x  ({ms - floor:+.1f} ms)")
    return median(times["as drawn"]) <= TARGET * floor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--steps", type=int, default=8)
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    logging.disable()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        kept = [measure(name, Path(folder) / name, asked.rounds, asked.steps) for name in ("sd", "sd3", "flux")]
    print("ok" if all(kept) else "MISSED")


if __name__ == "__main__":
    main()
