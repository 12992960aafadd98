"""`pollux batch create | list | get | watch | results | cancel | delete`."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from pollux.cli import jobs, options, show
from pollux.cli.door import for_each, with_door
from pollux.cli.files import upload_bars, upload_one
from pollux.cli.jobs import Where, bare
from pollux.cli.seam import Door, Json
from pollux.errors import ApiError

JSONL = "application/jsonl"
EMBEDDING_MODEL = "gemini-embedding-001"
MOST = 1_000_000

Name: TypeAlias = Annotated[str, typer.Argument(metavar="NAME", help="The job's name: batches/abc, or abc.")]
Names: TypeAlias = Annotated[list[str], typer.Argument(metavar="NAME...", help="Jobs: batches/abc, or abc.")]
Out: TypeAlias = Annotated[
    Path | None, typer.Option("--out", "-o", metavar="FILE", help="Where the results go (default: standard output).")
]


def create(
    requests: Annotated[
        Path, typer.Argument(metavar="FILE", help="JSONL, a request a line.", exists=True, dir_okay=False)
    ],
    model: Annotated[
        str,
        typer.Option(
            "--model", "-m", metavar="NAME", help=f"Model to ask (default: {options.DEFAULT_MODEL}, {EMBEDDING_MODEL})."
        ),
    ] = "",
    display_name: Annotated[
        str, typer.Option(metavar="TEXT", help="What the job is called (default: as the file).")
    ] = "",
    priority: Annotated[int, typer.Option(metavar="N", help="Jobs with a higher one go first.")] = 0,
    embeddings: Annotated[bool, typer.Option("--embeddings", help="The requests are for embeddings.")] = False,
    wait: Annotated[bool, typer.Option("--wait", help="Wait for the results and print them.")] = False,
    out: Out = None,
    as_json: options.AsJson = False,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> int:
    """Make a batch job of a file of requests.

    A line is {"key": "a", "request": {"contents": ...}}, with --embeddings {"key": "a", "request": {"content": ...}};
    the results come in the same order with the same keys. Without --server the job rests in this installation: `pollux
    batch watch`, `pollux worker` or a server runs it.
    """
    if out is not None and not wait:
        raise typer.BadParameter("--out goes with --wait; later it is `pollux batch results NAME --out FILE`")
    if as_json and wait:
        raise typer.BadParameter("--json goes without --wait, which prints the results")
    jobs.check_out(out)
    where = Where(server, config, data_dir)
    model = model or (EMBEDDING_MODEL if embeddings else options.DEFAULT_MODEL)

    async def make(door: Door) -> Json:
        file = await _uploaded(door, requests)
        called = display_name or requests.name
        try:
            return await door.create_batch(model, file, called, priority, embeddings=embeddings)
        except ApiError:
            await door.delete_file(file)
            raise

    async def work(door: Door) -> int:
        if not wait:
            job = await make(door)
            _show_made(job, where, as_json=as_json)
            return 0
        async with door.working(jobs.teller()):
            name = (await make(door))["name"]
            show.remark(f"made {name}; interrupted, it goes on with `{where.command('batch', 'watch', name)}`")
            job = await jobs.watch(door, name, where)
            await _write(door, job, out)
        return _verdict(job)

    return with_door(work, server, config, data_dir)


def show_all(
    as_json: options.AsJson = False,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """List the batch jobs there are, the newest first."""
    found = with_door(lambda door: door.batches(MOST), server, config, data_dir)
    if not show.told("batch jobs", found, as_json=as_json):
        heads = ("Name", "Called", "Model", "State", "Requests", "Done", "Failed", "Made (UTC)")
        show.table(heads, map(_row, found), right=(4, 5, 6))


def get(
    name: Name,
    as_json: options.AsJson = False,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """Show what is known of a batch job."""
    job = with_door(lambda door: door.batch(name), server, config, data_dir)
    if as_json:
        show.write_json(job)
        return
    about, now = job["metadata"], jobs.counts(job)
    facts = {
        "Name": job["name"],
        "Called": about.get("displayName", ""),
        "Model": about["model"],
        "State": bare(now.state),
        "Requests": f"{now.total}, {now.done - now.failed} answered, {now.failed} failed",
        "Priority": about.get("priority", "0"),
        "Input": about.get("inputConfig", {}).get("fileName") or "inline",
        "Results": _results_place(job),
        "Made (UTC)": _time(about.get("createTime", "")),
        "Ended (UTC)": _time(about.get("endTime", "")),
        "Error": job.get("error", {}).get("message", ""),
    }
    for head, text in facts.items():
        if text:
            show.write(f"{head:<12} {text}")


def watch(
    name: Name,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> int:
    """Wait for a batch job, with a bar.

    Without --server this process runs the jobs of the installation while it waits, unless another one does. Ctrl+C ends
    the waiting; what is done is kept, and the job goes on when it is watched again. The exit status is 0 when the job
    succeeded.
    """
    where = Where(server, config, data_dir)

    async def work(door: Door) -> Json:
        first = await door.batch(name)  # a wrong name is said before anything is begun
        if first["done"]:
            return first
        async with door.working(jobs.teller()):
            return await jobs.watch(door, first["name"], where)

    job = with_door(work, server, config, data_dir)
    now = jobs.counts(job)
    show.write(f"{job['name']}  {bare(now.state)}  {now.done - now.failed} answered, {now.failed} failed")
    return _verdict(job)


def results(
    name: Name,
    out: Out = None,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """Write the results of a batch job that has ended: JSONL, in the order of the requests."""
    jobs.check_out(out)

    async def work(door: Door) -> None:
        await _write(door, await door.batch(name), out)

    with_door(work, server, config, data_dir)


def cancel(
    names: Names,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """Stop batch jobs. What is finished of them is kept, and can be had with `pollux batch results`."""
    for_each(names, lambda door, name: door.cancel_batch(name), server, config, data_dir)


def delete(
    names: Names,
    server: options.Server = None,
    config: options.Config = None,
    data_dir: options.DataDir = None,
) -> None:
    """Stop and forget batch jobs. Files of results stay until they expire."""
    for_each(names, lambda door, name: door.delete_batch(name), server, config, data_dir)


async def _uploaded(door: Door, path: Path) -> str:
    """The name of the File made of the requests, ready for use.  Raises ApiError when it cannot be."""
    with upload_bars() as advance:
        file = await upload_one(door, path, "", JSONL, advance)
    while file["state"] == "PROCESSING":
        await asyncio.sleep(jobs.FIRST_PAUSE)
        file = await door.file(file["name"])
    if file["state"] != "ACTIVE":
        raise ApiError(f"{path} cannot be used: {file.get('error', {}).get('message', file['state'])}")
    return str(file["name"])


def _show_made(job: Json, where: Where, *, as_json: bool) -> None:
    """The name for scripts, and for people who runs the job."""
    if as_json:
        show.write_json(job)
    else:
        show.write(job["name"])
    if where.server is None:
        command = where.command("batch", "watch", job["name"])
        show.remark(f"it runs while a server, `pollux worker` or `{command}` does")


async def _write(door: Door, job: Json, out: Path | None) -> None:
    async with aclosing(jobs.results(door, job)) as lines:
        if out is None:
            async for line in lines:
                show.write(line.decode())
            return
        with jobs.replaced(out) as file:
            async for line in lines:
                file.write(line + b"\n")


def _verdict(job: Json) -> int:
    """Says on stderr what went wrong; 0 when the job succeeded, as it does when some requests failed."""
    now = jobs.counts(job)
    if bare(now.state) != "SUCCEEDED":
        reason = job.get("error", {}).get("message", "")
        show.remark(f"{job['name']} is {bare(now.state)}" + (f": {reason}" if reason else ""))
        return 1
    if now.failed:
        show.remark(f"{now.failed} of {now.total} requests failed; their lines say why")
    return 0


def _row(job: Json) -> tuple[str, ...]:
    about, now = job["metadata"], jobs.counts(job)
    numbers = (str(now.total), str(now.done), str(now.failed))
    called, made = about.get("displayName", ""), _time(about.get("createTime", ""))
    return (job["name"], called, about["model"].removeprefix("models/"), bare(now.state), *numbers, made)


def _results_place(job: Json) -> str:
    output = job["metadata"].get("output")
    return "" if output is None else output.get("responsesFile", "inline")


def _time(text: str) -> str:
    return text[:16].replace("T", " ")
