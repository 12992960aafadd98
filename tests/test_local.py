"""The API without a server."""

from __future__ import annotations

from pathlib import Path

import pytest

from pollux import local as room
from pollux.engines.base import Text
from pollux.engines.scripted import ScriptedEngine
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
