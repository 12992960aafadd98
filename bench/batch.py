"""A batch job on an engine that does nothing: what the batch itself costs.

    python bench/batch.py [--lines 1000000]

Beside it, in processes of their own: the same lines read, parsed and written and nothing else; and the same lines
parsed and sent through core.generate in one plain loop.  Targets: at least 70 % of the loop and 4,000 lines a second;
300 MB of memory at any size.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from pollux.app import Threads, make_core, make_files
from pollux.config import Settings
from pollux.config.tree import Store
from pollux.core.admit import Caller, Permits, RateLimits
from pollux.core.deadline import Deadline
from pollux.core.run import fold
from pollux.engines.base import EmbedInput, Event, ModelCard, Prompt, Text
from pollux.engines.scripted import ALL_ABILITIES
from pollux.services.batches import Batches, NewBatch
from pollux.services.files import NewFile
from pollux.services.segments import Hall, LinePolicy, Slots
from pollux.services.worker import InProcess, Worker
from pollux.stores.records import Records
from pollux.wire import lenient
from pollux.wire.generate import GenerateContentRequest

MODEL = "gemini-2.5-flash"
AT_ONCE = 8


class Nothing:
    """An engine that has its answer already."""

    def cards(self) -> Sequence[ModelCard]:
        """One model."""
        return (ModelCard("nothing", ALL_ABILITIES, "Does nothing."),)

    async def stream(self, prompt: Prompt) -> AsyncIterator[Event]:
        """One word."""
        del prompt
        yield Text("done")

    def count_text(self, text: str) -> int | None:
        """By the documented rule."""
        del text
        return None

    async def embed(self, model: str, inputs: Sequence[EmbedInput], dims: int | None) -> list[list[float]]:
        """Nothing is embedded."""
        del model, dims
        return [[] for _ in inputs]

    async def close(self) -> None:
        """Nothing is held."""


def lines(count: int) -> AsyncIterator[bytes]:
    """The input, 1,000 lines at a time."""

    async def made() -> AsyncIterator[bytes]:
        for first in range(0, count, 1000):
            yield b"".join(line(number) for number in range(first, min(first + 1000, count)))

    return made()


def line(number: int) -> bytes:
    """One line."""
    request = {"contents": [{"parts": [{"text": f"Describe number {number} in one sentence."}]}]}
    return json.dumps({"key": f"k{number}", "request": request}).encode() + b"\n"


async def raw(folder: Path, count: int) -> dict[str, Any]:
    """Read, parse, write."""
    source = folder / "in.jsonl"
    with source.open("wb") as file:
        async for chunk in lines(count):
            file.write(chunk)
    began, cpu = time.perf_counter(), time.process_time()
    with source.open("rb") as file, (folder / "out.jsonl").open("wb") as out:
        for text in file:
            out.write(msgspec.json.encode(msgspec.json.decode(text)) + b"\n")
    return {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}


async def loop(folder: Path, count: int) -> dict[str, Any]:
    """Parse and generate, one line after the other."""
    del folder
    threads = Threads()
    core = make_core(Settings(), {"nothing": Nothing()}, _no_files, threads)
    inputs = [line(number) for number in range(count)]
    began, cpu = time.perf_counter(), time.process_time()
    for text in inputs:
        request = lenient.convert(GenerateContentRequest, lenient.loads(text)["request"])
        await fold(core.generate(request, MODEL, Caller(), Deadline.after(600)))
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    await threads.close()
    return {"seconds": seconds, "cpu": cpu}


async def batch(folder: Path, count: int) -> dict[str, Any]:
    """A job, from its creation to its results."""
    settings = Settings(store=Store(data_dir=folder))
    records, threads = Records.open(settings.store.database_url), Threads()
    files = make_files(settings, records, threads)
    core = make_core(settings, {"nothing": Nothing()}, lambda: files, threads)
    core_of_batch = replace(core, permits=Permits(AT_ONCE, sys.maxsize), rates=RateLimits())
    hall = Hall(core_of_batch, files.blobs, Slots(LinePolicy(job_lines=AT_ONCE, project_lines=AT_ONCE)))
    batches = Batches(core, files)
    worker = Worker(batches, InProcess(hall), records.lock("batch"))
    blob = await files.blobs.create()
    size = await files.blobs.append(blob, 0, lines(count))
    await files.blobs.seal(blob)
    file = await files.born(NewFile("default", blob, size, "0" * 64, declared="application/jsonl"))
    running = asyncio.create_task(worker.run())
    memory, written, began, cpu = _memory(), _written(), time.perf_counter(), time.process_time()
    job = await batches.create(NewBatch("default", MODEL, input_file=file.id))
    while not (job := await batches.get("default", job.id)).settled:  # noqa: ASYNC110 - of a database
        await asyncio.sleep(0.1)
    seconds, cpu = time.perf_counter() - began, time.process_time() - cpu
    output = await files.get("default", job.output_file)
    worker.stop(5)
    await running
    assert (job.state, job.succeeded) == ("SUCCEEDED", count), job
    amplification = (_written() - written) / output.size
    await files.close()
    await threads.close()
    records.close()
    return {
        "seconds": seconds,
        "cpu": cpu,
        "memory": memory,
        "peak": _memory(),
        "amplification": amplification,
        "bytes": output.size,
    }


def _no_files() -> Any:
    raise AssertionError("no line names a file")


def _memory() -> float:
    """The most memory this process had, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _written() -> int:
    """Bytes this process handed to write()."""
    rows = dict(row.split(": ") for row in Path("/proc/self/io").read_text().splitlines())
    return int(rows["wchar"])


PARTS = {"raw": raw, "loop": loop, "batch": batch}


def measured(part: str, count: int) -> dict[str, Any]:
    """One part in a process of its own: seconds, and CPU seconds."""
    command = [sys.executable, __file__, "--part", part, "--lines", str(count)]
    result = subprocess.run(command, capture_output=True, check=True, text=True)
    return dict(json.loads(result.stdout.splitlines()[-1]))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--part", choices=sorted(PARTS), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.part:
        with tempfile.TemporaryDirectory() as folder:
            print(json.dumps(asyncio.run(PARTS[options.part](Path(folder), options.lines))))
        return
    rates: dict[str, list[float]] = {}
    few = max(options.lines // 10, 1)
    print(f"{'':22}{'lines':>10}{'lines/s':>10}{'CPU us/line':>13}")
    for part, count in (("raw", few), ("loop", few), ("batch", options.lines), ("loop", few)):
        found = measured(part, count)
        rates.setdefault(part, []).append(count / found["seconds"])
        print(f"{part:22}{count:>10}{count / found['seconds']:>10.0f}{found['cpu'] / count * 1e6:>13.0f}", flush=True)
        if part == "batch":
            job = found
    ratio = rates["batch"][0] / (sum(rates["loop"]) / len(rates["loop"]))
    print(
        f"batch / plain loop of core.generate: {ratio:.2f} (target 0.70); {rates['batch'][0]:.0f} lines/s (target 4000)"
    )
    print(f"memory: {job['memory']:.0f} MB before the job, {job['peak']:.0f} MB at most (target 300)")
    print(f"written: {job['amplification']:.2f} times the {job['bytes'] / 1e6:.0f} MB of results")


if __name__ == "__main__":
    main()
