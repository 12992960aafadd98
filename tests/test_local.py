"""The API without a server."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from pollux import local as room
from pollux.engines.base import Text
from pollux.engines.scripted import ScriptedEngine
from tests.services.kit import pieces
from tests.test_app import settings


async def test_local_asks_without_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        room, "make_engines", lambda _: {"scripted": ScriptedEngine(lambda _: [Text("one "), Text("two")])}
    )
    local = room.Local(settings(tmp_path))
    body = {"contents": {"parts": {"text": "hi"}}}
    (whole,) = [answer async for answer in local.generate("models/gemini-2.5-flash", body, stream=False)]
    assert whole["candidates"][0]["content"]["parts"] == [{"text": "one two"}]
    assert len([answer async for answer in local.generate("gemini-2.5-flash", body, stream=True)]) > 1
    assert (await local.count("gemini-2.5-flash", body))["totalTokens"] == 1
    assert any(model["name"] == "models/gemini-2.5-flash" for model in await local.models())
    await local.close()


async def test_jobs_run_while_it_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "make_engines", lambda _: {"scripted": ScriptedEngine()})
    locals_ = [room.Local(settings(tmp_path, {"batch.dispatcher": "none"})) for _ in range(2)]
    first, second = locals_
    line = b'{"key": "k", "request": {"contents": [{"parts": [{"text": "hi"}]}]}}'
    file = await first.upload(pieces(line), len(line), "", "", "application/jsonl")
    name = (await first.create_batch("gemini-2.5-flash", file["name"], "", 0, embeddings=False))["name"]
    await first.delete_file(file["name"])  # the job keeps the bytes
    heard: list[list[bool]] = [[], []]
    async with asyncio.timeout(30), first.working(heard[0].append):
        while not (job := await first.batch(name))["done"]:  # noqa: ASYNC110 - of a database
            await asyncio.sleep(0.01)
        async with second.working(heard[1].append):
            while not heard[1]:  # noqa: ASYNC110 - filled by the worker
                await asyncio.sleep(0.01)
    assert (heard[0], set(heard[1])) == ([True], {False})
    output = b"".join([chunk async for chunk in second.download(job["metadata"]["output"]["responsesFile"])])
    assert b'"text":"hi"' in output
    for local in locals_:
        await local.close()
