"""Batch jobs on a cluster of three simulated nodes, reached as a real one is: through Ray Client."""

from __future__ import annotations

import asyncio
import gc
import os
import secrets
import socket
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pollux.app import open_hall
from pollux.config import Batch, Settings, Store
from pollux.engines.base import Engine, Prompt, Text
from pollux.engines.scripted import ScriptedEngine, Step, Wait
from pollux.errors import ConfigurationError
from pollux.services.ray import OnRay, require_cluster
from pollux.services.worker import Worker
from tests.services.jobs import Shop, jsonl, shop, text_of

# Ray's own simulation of nodes leaves the log files of its processes open.
pytestmark = [
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
]
ROOT = Path(__file__).parent.parent.parent
NODES = 3
NAMES = [f"line {number}" for number in range(3000)]


def where(prompt: Prompt) -> Iterable[Step]:
    """20 ms, then the node that answers; "stuck FILE" and "deadly FILE" make that file first."""
    import ray

    word, _, path = str(getattr(prompt.turns[-1].pieces[0], "text", "")).partition(" ")
    met = Path(path).exists()
    if word in ("stuck", "deadly"):
        Path(path).touch()
    yield Wait(60 if word == "stuck" else 0.02)
    if word == "deadly" and not met:
        os._exit(1)
    yield Text(str(ray.get_runtime_context().get_node_id()))


def engines(settings: Settings) -> Mapping[str, Engine]:
    """What the actors hold."""
    return {"scripted": ScriptedEngine(where)}


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A head that does no work, and three nodes that do."""
    with pytest.MonkeyPatch.context() as patch, socket.socket() as listener:
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")  # read at the first import: listens on loopback alone
        patch.setenv("RAY_AUTH_MODE", "token")
        patch.setenv("RAY_AUTH_TOKEN", secrets.token_hex(32))
        patch.setenv("PYTHONPATH", str(ROOT))  # nodes find this module
        pytest.importorskip("ray", reason="the extra pollux[ray] is not installed")
        from ray.cluster_utils import Cluster

        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        listener.close()
        size = {"object_store_memory": 80 * 2**20, "include_dashboard": False}
        cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0, "ray_client_server_port": port, **size})
        for _ in range(NODES):
            cluster.add_node(num_cpus=1, **size)
        cluster.client = f"ray://127.0.0.1:{port}"
        yield cluster
        cluster.shutdown()
        del cluster
        gc.collect()  # what it left open is found here, not in another test


@asynccontextmanager
async def on_ray(house: Shop, folder: Path, cluster: Any) -> AsyncIterator[OnRay]:
    """A worker whose segments run on the cluster."""
    store = Store(data_dir=folder, database=f"sqlite:///{folder / 'test.db'}", blobs=(folder / "blobs").as_uri())
    settings = Settings(store=store, batch=Batch(lines=4))
    dispatcher = OnRay(partial(open_hall, settings, engines), cluster.client)
    worker = Worker(house.batches, dispatcher, house.files.records.lock("batch"))
    task = asyncio.create_task(worker.run())
    try:
        yield dispatcher
    finally:
        worker.stop(5)
        await task


async def test_a_node_is_lost_in_mid_job_and_no_line_is(tmp_path: Path, cluster: Any) -> None:
    async with shop(tmp_path) as house, on_ray(house, tmp_path, cluster) as dispatcher:
        job = await house.job(jsonl(*NAMES))
        async with asyncio.timeout(90):
            while dispatcher.capacity < 8 * NODES:  # noqa: ASYNC110 - nodes tell nobody
                await asyncio.sleep(0.1)
        await house.until(job, lambda now: now.succeeded > 0)
        victim = next(iter(cluster.worker_nodes))
        await asyncio.to_thread(cluster.remove_node, victim, allow_graceful=False)
        job = await house.settled(job)
        assert (job.state, job.requests, job.succeeded, job.failed) == ("SUCCEEDED", 3000, 3000, 0)
        results = await house.results(job)
    assert [result["key"] for result in results] == NAMES
    assert len({result["response"]["responseId"] for result in results}) == len(NAMES)
    shares = Counter(text_of(result) for result in results)
    assert len(shares) >= NODES - 1
    assert min(shares.values()) > 0


async def test_cancel_reaches_the_actors(tmp_path: Path, cluster: Any) -> None:
    begun = tmp_path / "begun"
    async with shop(tmp_path) as house, on_ray(house, tmp_path, cluster):
        job = await house.job(jsonl("quick", f"stuck {begun}", *NAMES[:10]))
        async with asyncio.timeout(90):
            while not begun.exists():  # noqa: ASYNC110 - made by another process
                await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        await house.batches.cancel("default", job.id)
        job = await house.settled(job)
        keys = [result["key"] for result in await house.results(job)]
    assert (job.state, job.succeeded) == ("CANCELLED", len(keys))
    assert keys == ["quick", *NAMES[: len(keys) - 1]]
    assert len(keys) >= 3, "a stuck line does not hold up those behind it"


async def test_a_process_that_dies_is_replaced(tmp_path: Path, cluster: Any) -> None:
    async with shop(tmp_path) as house, on_ray(house, tmp_path, cluster):
        job = await house.settled(await house.job(jsonl("a", f"deadly {tmp_path / 'met'}", "b")))
    assert (job.state, job.succeeded, job.failed) == ("SUCCEEDED", 3, 0)


@pytest.mark.parametrize(
    ("store", "dispatcher", "said"),
    [
        ({}, "ray://10.0.0.1:10001", "[store] database"),
        ({"database": "postgresql://u@h/n"}, "ray://10.0.0.1:10001", "[store] blobs"),
        ({"database": "sqlite:///:memory:"}, "ray", "[store] database"),
        ({"blobs": "memory:///"}, "ray", "[store] blobs"),
    ],
)
def test_nodes_must_reach_the_stores(store: dict[str, Any], dispatcher: str, said: str) -> None:
    pytest.importorskip("ray", reason="the extra pollux[ray] is not installed")
    with pytest.raises(ConfigurationError) as caught:
        require_cluster(Settings(store=Store(**store), batch=Batch(dispatcher=dispatcher)))
    assert said in caught.value.message
    shared = Store(database="postgresql://u@h/n", blobs="s3://bucket")
    require_cluster(Settings(store=shared, batch=Batch(dispatcher=dispatcher)))
