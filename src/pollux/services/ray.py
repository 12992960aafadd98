"""Segments of batch jobs on a Ray cluster: on every node an actor that holds the engine loaded and runs segments.

Through Ray pass only small things: which segment is to be run, and what came of it.  Actors read the input from the
blob store and write the output there, so no node's memory grows with a job, and what a lost node had in hand is just
run again.  Ray Client (ray://) is the way to a cluster elsewhere: a process that joins a cluster itself is ended by Ray
a minute after the cluster's head is lost, and that process is the server.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
import secrets
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager, AsyncExitStack, suppress
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pollux.config import Settings
from pollux.errors import ApiError, ConfigurationError, Internal, NotFound, PolluxError, Unavailable
from pollux.services.segments import Brake, Hall, Stop, Work, run_segment
from pollux.stores.batches_table import Done

log = logging.getLogger("pollux.batch")

SEGMENTS, OF_JOB = 8, 2
"""Segments an actor has in hand, and those of one job: one is stored while the lines of the other run."""
LOOK_SECONDS = 5.0
"""Between two looks at which nodes there are."""
OPEN_SECONDS = 120.0
"""Longest time an actor may take to be there, with its stores and engines open."""
LEAVE_SECONDS = 5.0
"""Longest time an actor may take to say that it left a segment."""
DEATHS = 3
"""Actors that one segment may take along before it counts as the cause."""
OBJECTS = 80 * 2**20
"""Bytes of shared memory of a cluster that is started here: the least that Ray takes, and far more than is used."""

LOOPBACK = ("localhost", "127.0.0.1", "::1")

MakeHall = Callable[[], AbstractAsyncContextManager[Hall]]
"""Opens what running lines takes, on the actor's side.  It is pickled: a function of a module, or a partial of one."""

T = TypeVar("T")


class Station:
    """What an actor is: one hall, and the segments it runs.  Errors are values here: Ray's own would hide theirs."""

    def __init__(self, make: MakeHall) -> None:
        self._make = make
        self._stack = AsyncExitStack()
        self._hall: Hall | None = None
        self._brakes: dict[int, Brake] = {}
        self._newest = 0

    async def open(self) -> PolluxError | None:
        """Opens the hall; what prevents it."""
        try:
            self._hall = await self._stack.enter_async_context(self._make())
        except PolluxError as error:
            return error
        return None

    async def run(self, number: int, work: Work) -> Done | ApiError | None:
        """Runs a segment; numbers grow."""
        assert self._hall is not None
        self._newest = max(self._newest, number)
        try:
            return await run_segment(self._hall, work, self._brakes.setdefault(number, Brake()))
        except ApiError as error:
            return error
        finally:
            del self._brakes[number]

    async def pull(self, number: int, stop: int) -> None:
        """Ends a segment before its end, also one whose order comes after this one; one that ended is left alone."""
        if number in self._brakes or number > self._newest:
            self._brakes.setdefault(number, Brake()).pull(Stop(stop))

    async def close(self) -> None:
        """Gives the hall back."""
        await self._stack.aclose()


@dataclass
class _Post:
    """An actor that is open, as the worker's process sees it."""

    actor: Any
    place: str
    busy: Counter[str] = field(default_factory=Counter)  # segments in hand, by job


class OnRay:
    """Runs segments on every node of a cluster, which is found, or started here, when the first one comes.

    Nodes that join later are used too.  `address` is ray://HOST:PORT, or empty for a cluster of this machine alone,
    which ends with this process.  `actors` are those of each node; a node's GPUs are shared out among them.
    """

    def __init__(self, make: MakeHall, address: str = "", *, actors: int = 1) -> None:
        self._make = make
        self._address = address
        self._actors = actors
        self._ray: Any = None
        # Ray is called from one thread that lives as long as this: it ends what it started with the thread that did.
        self._thread = ThreadPoolExecutor(1, "pollux-ray")
        self._posts: dict[tuple[str, int], _Post] = {}
        self._opening: dict[tuple[str, int], asyncio.Task[None]] = {}
        self._looking = asyncio.Lock()
        self._look_at = 0.0
        self._numbers = itertools.count(1)
        self._deaths: Counter[tuple[str, int]] = Counter()
        self._reason = "it has no node with a processor"

    @property
    def capacity(self) -> int:
        """How many segments may be in hand: grows and shrinks with the cluster."""
        return SEGMENTS * max(1, len(self._posts))

    @property
    def job_capacity(self) -> int:
        """How many of them of one job."""
        return OF_JOB * max(1, len(self._posts))

    async def run(self, work: Work, brake: Brake) -> Done | None:
        """Runs one on the actor that has the least in hand.  Raises Unavailable when it, or the cluster, is lost."""
        job, _ = segment = work.segment.batch, work.segment.start
        found = await self._unless_stopped(self._idlest(job), brake)
        if found is None:
            return None
        key, post = found
        post.busy[job] += 1
        try:
            done = await self._ask(post, work, brake)
        except Exception as error:
            self._raise_own(error)
            self._drop(key, post)
            self._deaths[segment] += 1
            said = f"{post.place} was lost: {_line(error)}"
            if self._deaths[segment] >= DEATHS:  # counts as a failure of the job: it may well be a line that kills
                raise Internal(said) from None
            raise Unavailable(said) from None
        finally:
            post.busy -= Counter([job])
        self._deaths.pop(segment, None)
        if isinstance(done, NotFound):
            raise Unavailable(f"{post.place} cannot read the input: {done.message}; every node must see [store] blobs")
        if isinstance(done, ApiError):
            raise done
        return done

    async def close(self) -> None:
        """Ends the actors, and the cluster if it was started here."""
        for task in self._opening.values():
            task.cancel()
        await asyncio.gather(*self._opening.values(), return_exceptions=True)
        closing = [self._future(post.actor.close.remote) for post in self._posts.values()]
        if closing:
            await asyncio.wait([asyncio.create_task(future) for future in closing], timeout=LEAVE_SECONDS)
        self._posts.clear()
        await self._call(self._disconnect)
        self._thread.shutdown(wait=False)

    async def _ask(self, post: _Post, work: Work, brake: Brake) -> Done | ApiError | None:
        number = next(self._numbers)
        task = asyncio.create_task(self._future(post.actor.run.remote, number, work))

        def stopped(stop: Stop) -> None:
            if task.done():
                return
            self._thread.submit(post.actor.pull.remote, number, int(stop))
            if stop is Stop.LEAVE:  # a node that was cut off may not answer for a long time
                asyncio.get_running_loop().call_later(LEAVE_SECONDS, task.cancel)

        brake.listen(stopped)
        await asyncio.wait({task})
        if task.cancelled():
            return None
        result: Done | ApiError | None = task.result()
        return result

    async def _idlest(self, job: str) -> tuple[tuple[str, int], _Post]:
        """The actor with the least in hand of this job, then of all, when there is one.  Raises Unavailable."""
        async with self._looking:
            if time.monotonic() >= self._look_at:
                await self._look()
        while not self._posts and self._opening:
            await asyncio.wait(self._opening.values(), return_when=asyncio.FIRST_COMPLETED)
        if not self._posts:
            await asyncio.sleep(LOOK_SECONDS)  # nothing changes before the next look
            raise Unavailable(f"the Ray cluster cannot run batch jobs: {self._reason}")
        return min(self._posts.items(), key=lambda item: (item[1].busy[job], item[1].busy.total()))

    async def _look(self) -> None:
        """Which nodes there are now: actors are opened on new ones, those of lost ones are forgotten."""
        try:
            nodes = await self._call(self._nodes)
        except Exception as error:
            await self._call(self._disconnect)
            self._posts.clear()
            raise Unavailable(f"the Ray cluster cannot be reached: {_line(error)}") from None
        self._look_at = time.monotonic() + LOOK_SECONDS
        wanted = {(node["NodeID"], n): node for node in nodes for n in range(self._actors)}
        self._posts = {key: post for key, post in self._posts.items() if key in wanted}
        for key, node in wanted.items():
            if key not in self._posts and key not in self._opening:
                self._opening[key] = asyncio.create_task(self._open(key, node))

    async def _open(self, key: tuple[str, int], node: dict[str, Any]) -> None:
        """One more actor, once its hall is open."""
        place = f"node {node['NodeManagerAddress']}"
        actor = None
        try:
            async with asyncio.timeout(OPEN_SECONDS):
                actor = await self._call(self._hire, node)
                failure = await self._future(actor.open.remote)
        except Exception as error:
            failure = error
        finally:
            del self._opening[key]
        if failure is None:
            self._posts[key] = _Post(actor, place)
            return
        self._reason = f"{place}: {_line(failure)}"
        log.warning("%s takes no part: %s", place, _line(failure))
        if actor is not None:
            self._thread.submit(self._kill, actor)

    def _drop(self, key: tuple[str, int], post: _Post) -> None:
        """Another actor takes the place of one that is lost; not at once, for Ray may believe its node alive still."""
        if self._posts.get(key) is post:
            del self._posts[key]
            self._thread.submit(self._kill, post.actor)
        self._look_at = time.monotonic() + LOOK_SECONDS

    def _raise_own(self, error: Exception) -> None:
        """Raises what an actor's code raised, and Ray only carried."""
        if isinstance(error, self._ray.exceptions.RayTaskError):
            raise error

    async def _unless_stopped(self, work: Any, brake: Brake) -> Any:
        """What that gives, None when the brake is pulled before."""
        stopped = asyncio.Event()
        brake.listen(lambda _: stopped.set())
        tasks = finding, stopping = asyncio.ensure_future(work), asyncio.ensure_future(stopped.wait())
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            return None if stopping.done() else finding.result()
        finally:
            for task in tasks:
                task.cancel()

    async def _call(self, function: Callable[..., T], *arguments: Any) -> T:
        """A call of Ray's, none of which may hold up the loop."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, function, *arguments)

    async def _future(self, remote: Callable[..., Any], *arguments: Any) -> Any:
        """What an actor's method gives.  Shielded: Ray fails over a future that somebody cancelled."""
        return await asyncio.shield(asyncio.wrap_future((await self._call(remote, *arguments)).future()))

    # In the thread.

    def _nodes(self) -> list[dict[str, Any]]:
        """The nodes that can work."""
        if self._ray is None:
            self._ray = _connected(self._address)
        return [node for node in self._ray.nodes() if node["Alive"] and node["Resources"].get("CPU")]

    def _hire(self, node: dict[str, Any]) -> Any:
        """An actor on that node and no other; it reserves no processor, and its share of the node's GPUs."""
        from ray.util.scheduling_strategies import NodeAffinitySchedulingStrategy  # noqa: PLC0415

        share = node["Resources"].get("GPU", 0) / self._actors
        options = self._ray.remote(Station).options(
            num_cpus=0,
            num_gpus=int(share) if share >= 1 else share,
            scheduling_strategy=NodeAffinitySchedulingStrategy(node["NodeID"], soft=False),
            max_restarts=0,
            max_task_retries=0,
        )
        return options.remote(self._make)

    def _kill(self, actor: Any) -> None:
        with suppress(Exception):  # it is lost already, or so is the cluster
            self._ray.kill(actor)

    def _disconnect(self) -> None:
        if self._ray is not None:
            with suppress(Exception):
                self._ray.shutdown()
            self._ray = None


def require_cluster(settings: Settings) -> None:
    """Raises ConfigurationError when Ray is not installed, or nodes could not reach the database or the blobs."""
    if find_spec("ray") is None:
        raise ConfigurationError('[batch] dispatcher: Ray is not installed; pip install "pollux[ray]".')
    where = settings.batch.dispatcher
    store = settings.store
    local = where == "ray" or urlsplit(where).hostname in LOOPBACK
    database = store.database_url
    if database.startswith("sqlite") and (not local or database.endswith((":", "/", ":memory:"))):
        raise ConfigurationError(
            f"[batch] dispatcher {where}: other machines cannot reach this SQLite database; "
            "set [store] database to postgresql://USER@HOST/NAME."
        )
    if store.blobs_url.startswith("memory:") or (not local and not store.blobs):
        raise ConfigurationError(
            f"[batch] dispatcher {where}: other machines cannot reach the blobs kept here; "
            "set [store] blobs to a bucket (s3://BUCKET/PREFIX), or to a folder that all of them mount (file:///FOLDER)."
        )


def _connected(address: str) -> Any:
    """The module ray, with its one connection made.  Raises whatever Ray raises."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    if not address:  # before the import: Ray decides then that it listens on loopback alone
        os.environ["RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"] = "0"
        os.environ["RAY_AUTH_MODE"] = "token"  # whoever reaches a port of Ray's may run code, so other users may not
        os.environ["RAY_AUTH_TOKEN"] = secrets.token_hex(32)
    import ray  # noqa: PLC0415 - an extra

    quiet: dict[str, Any] = {"logging_level": logging.ERROR, "log_to_driver": False}
    if address:
        ray.init(address, **quiet)
    else:
        ray.init("local", num_cpus=1, include_dashboard=False, object_store_memory=OBJECTS, **quiet)
    return ray


def _line(error: BaseException) -> str:
    """What an error says in one line: Ray's are long, and end with what happened."""
    said = error.message if isinstance(error, PolluxError) else str(error)
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:300] if lines else type(error).__name__
