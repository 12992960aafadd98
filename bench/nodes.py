"""A batch job on an engine that takes 50 ms a line: one process, then 1, 2 and 4 simulated nodes of a Ray cluster.

    python bench/nodes.py [--lines 16000] [--at-once 8]

Beside it: the same lines through core.generate in one plain loop, one after the other (a part of them, scaled up), and
the same job run by the worker in its own process.  The nodes are processes of this machine with --at-once lines each;
the cluster and its actors are up before the clock starts.  Target: four nodes do at least 0.9 of four times the work
of one.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import secrets
import socket
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from pollux.app import Threads, make_core, make_files, make_hall, open_hall
from pollux.config import Batch, Settings, Store
from pollux.core.admit import Caller
from pollux.core.deadline import Deadline
from pollux.core.run import fold
from pollux.engines.base import Engine, Prompt, Text
from pollux.engines.scripted import ScriptedEngine, Step, Wait
from pollux.services.batches import Batches, NewBatch
from pollux.services.files import Files, NewFile
from pollux.services.ray import OnRay
from pollux.services.worker import Dispatcher, InProcess, Worker
from pollux.stores.records import Records
from pollux.wire import lenient
from pollux.wire.generate import GenerateContentRequest

MODEL = "gemini-2.5-flash"
SECONDS = 0.05
MIB = 2**20


def script(prompt: Prompt) -> Iterable[Step]:
    """50 ms, one word."""
    del prompt
    yield Wait(SECONDS)
    yield Text("done")


def engines(settings: Settings) -> Mapping[str, Engine]:
    """What the actors hold."""
    del settings
    return {"slow": ScriptedEngine(script)}


def lines(first: int, behind: int) -> bytes:
    """Lines of an input."""
    text = '{"key":"k%d","request":{"contents":[{"parts":[{"text":"Describe number %d in one sentence."}]}]}}\n'
    return b"".join((text % (n, n)).encode() for n in range(first, behind))


async def loop(count: int) -> float:
    """Seconds of so many lines, one after the other."""
    threads = Threads()
    core = make_core(Settings(), engines(Settings()), _no_files, threads)
    began = time.perf_counter()
    for text in lines(0, count).splitlines():
        request = lenient.convert(GenerateContentRequest, lenient.loads(text)["request"])
        await fold(core.generate(request, MODEL, Caller(), Deadline.after(600)))
    seconds = time.perf_counter() - began
    await threads.close()
    return seconds


def _no_files() -> Any:
    raise AssertionError("no line names a file")


async def job(folder: Path, count: int, at_once: int, address: str = "", nodes: int = 0) -> float:
    """Seconds from a job's creation to its results: on so many nodes, or in this process."""
    settings = Settings(store=Store(data_dir=folder), batch=Batch(lines=at_once))
    records, threads = Records.open(settings.store.database_url), Threads()
    files = make_files(settings, records, threads)
    core = make_core(settings, engines(settings), lambda: files, threads)
    dispatcher: Dispatcher = InProcess(make_hall(settings, core, files.blobs))
    if nodes:
        dispatcher = OnRay(partial(open_hall, settings, engines), address)
    batches = Batches(core, files)
    worker = Worker(batches, dispatcher, records.lock("batch"))
    running = asyncio.create_task(worker.run())
    most = dispatcher.capacity * max(nodes, 1)
    await _done(batches, files, 1)
    while dispatcher.capacity < most:  # noqa: ASYNC110 - nodes tell nobody
        await asyncio.sleep(0.1)
    seconds = await _done(batches, files, count)
    worker.stop(5)
    await running
    await files.close()
    await threads.close()
    records.close()
    return seconds


async def _done(batches: Batches, files: Files, count: int) -> float:
    async def chunks() -> AsyncIterator[bytes]:
        for first in range(0, count, 1000):
            yield lines(first, min(first + 1000, count))

    blob = await files.blobs.create()
    size = await files.blobs.append(blob, 0, chunks())
    await files.blobs.seal(blob)
    file = await files.born(NewFile("default", blob, size, "0" * 64, declared="application/jsonl"))
    began = time.perf_counter()
    made = await batches.create(NewBatch("default", MODEL, input_file=file.id))
    while not (made := await batches.get("default", made.id)).settled:  # noqa: ASYNC110 - of a database
        await asyncio.sleep(0.02)
    seconds = time.perf_counter() - began
    assert (made.state, made.succeeded) == ("SUCCEEDED", count), made
    return seconds


@contextmanager
def cluster(nodes: int) -> Iterator[str]:
    """The address of a cluster of so many simulated nodes, and a head that does no work."""
    from ray.cluster_utils import Cluster  # noqa: PLC0415 - an extra

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    size = {"object_store_memory": 80 * MIB, "include_dashboard": False}
    head = {"num_cpus": 0, "ray_client_server_port": port, **size}
    simulated = Cluster(initialize_head=True, head_node_args=head)
    try:
        for _ in range(nodes):
            simulated.add_node(num_cpus=1, **size)
        yield f"ray://127.0.0.1:{port}"
    finally:
        simulated.shutdown()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lines", type=int, default=16_000)
    parser.add_argument("--at-once", type=int, default=8)
    options = parser.parse_args()
    os.environ |= {
        "RAY_USAGE_STATS_ENABLED": "0",
        "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # on loopback alone
        "RAY_AUTH_MODE": "token",
        "RAY_AUTH_TOKEN": secrets.token_hex(32),
    }
    count, few = options.lines, min(200, options.lines)
    print(f"{count} lines of {SECONDS * 1000:.0f} ms, {options.at_once} at once in each process")
    print(f"{'':28}{'seconds':>9}{'lines/s':>9}{'efficiency':>12}")
    seconds = asyncio.run(loop(few)) * count / few
    print(f"{'plain loop, one at a time':28}{seconds:>9.1f}{count / seconds:>9.0f}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        seconds = asyncio.run(job(Path(folder), count, options.at_once))
    print(f"{'worker, in its process':28}{seconds:>9.1f}{count / seconds:>9.0f}", flush=True)
    alone = efficiency = 0.0
    for nodes in (1, 2, 4):
        with cluster(nodes) as address, tempfile.TemporaryDirectory() as folder:
            seconds = asyncio.run(job(Path(folder), count, options.at_once, address, nodes))
        alone = alone or seconds
        efficiency = alone / (nodes * seconds)
        name = f"{nodes} node{'s' * (nodes > 1)}"
        print(f"{name:28}{seconds:>9.1f}{count / seconds:>9.0f}{efficiency:>12.2f}", flush=True)
    print(f"efficiency on four nodes: {efficiency:.2f} (target 0.90)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
