"""Recorded once, replayed for ever: the same answers, no engine, no keys, and clear words for what is missing."""

from __future__ import annotations

import asyncio
import json
import os
import stat
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pollux.engines.base import (
    Call,
    EmbedInput,
    Event,
    Grounding,
    Opaque,
    Picture,
    Prompt,
    Ratings,
    Stop,
    Text,
    Thought,
    Turn,
    Usage,
)
from pollux.engines.replay import Recorder, Replayer, Tape, events, likeness
from pollux.engines.scripted import ScriptedEngine, Wait
from pollux.errors import ApiError, ConfigurationError, FailedPrecondition, InvalidArgument, NotFound, Unavailable
from pollux.media.handle import Media
from pollux.testing import running
from pollux.wire.content import FunctionDeclaration, Part, Tool
from pollux.wire.generate import GenerateContentRequest, GenerationConfig, SafetyRating
from pollux.wire.lenient import decode
from pollux.wire.relay import relayed
from tests.api.http import send
from tests.core.kit import HELLO, make_core, playing
from tests.core.kit import stream as ask_stream

PIXELS = np.arange(24, dtype=np.uint8).reshape(2, 3, 4)
ALL: Sequence[Event] = (
    Thought("hm"),
    Text("a "),
    Text("cat \ud800 \u2028"),
    Call("f", {"b": [1, 2.5, None], "a": {"x": 1e-07}}, "id-1"),
    Opaque(Part(text="own", thought_signature=b"\xff\x00", part_metadata={"k": [1]})),
    Picture(PIXELS, thought=True, edited=True),
    Grounding({"webSearchQueries": ["cats"]}),
    Ratings((SafetyRating(category="HARM_CATEGORY_HARASSMENT", probability="LOW"),), of_prompt=True),
    Usage(3, 4, 5),
    Stop("MAX_TOKENS", "enough"),
)
PHOTO = Media("image", "image/png", b"bytes", "d1" * 16, 8, 8)


def prompt(text: str = "hello", model: str = "gemini-2.5-flash", **more: Any) -> Prompt:
    return Prompt(model, (Turn("user", (Part(text=text), PHOTO)),), **more)


async def collected(engine: Recorder | Replayer | ScriptedEngine, asked: Prompt) -> list[Event]:
    return [event async for event in engine.stream(asked)]


def same(one: Event, other: Event) -> bool:
    if isinstance(one, Picture) and isinstance(other, Picture):
        return bool((one.pixels == other.pixels).all()) and (one.thought, one.edited) == (other.thought, other.edited)
    return one == other


def recorder(folder: Path, *steps: Event | Wait | Exception) -> Recorder:
    return Recorder(playing(*steps), Tape(folder), "scripted")


def replayer(folder: Path, *, timing: bool = False) -> Replayer:
    tape = Tape(folder)
    return Replayer(tape, tape.cards()["scripted"], timing=timing)


async def test_every_event_comes_back(tmp_path: Path) -> None:
    engine = recorder(tmp_path, *ALL)
    assert len(await collected(engine, prompt())) == len(ALL)
    again = await collected(replayer(tmp_path), prompt())
    assert [type(event) for event in again] == [type(event) for event in ALL]
    assert all(same(one, other) for one, other in zip(again, ALL, strict=True))
    assert replayer(tmp_path).cards() == engine.cards()


def test_another_servers_answer_comes_back_byte_for_byte() -> None:
    document = b'{"z":1.50,"candidates":[{"avgLogprobs":-1E-5}],"a":"\\u2028"}'
    again = events.from_json(json.loads(json.dumps(events.to_json(relayed(document)))))
    assert bytes(again.document) == document  # type: ignore[union-attr]


async def test_vectors_come_back(tmp_path: Path) -> None:
    inputs = [EmbedInput("a", "RETRIEVAL_QUERY"), EmbedInput("bb")]
    recorded = await recorder(tmp_path).embed("gemini-embedding-001", inputs, 4)
    assert await replayer(tmp_path).embed("gemini-embedding-001", inputs, 4) == recorded
    with pytest.raises(NotFound, match=r"inputs\[1\].text: recorded \"bb\", asked \"c\""):
        await replayer(tmp_path).embed("gemini-embedding-001", [inputs[0], EmbedInput("c")], 4)


async def test_errors_that_would_come_again_are_kept(tmp_path: Path) -> None:
    engine = recorder(tmp_path, Text("half"), InvalidArgument("too long", field="contents"))
    with pytest.raises(InvalidArgument):
        await collected(engine, prompt())
    again = replayer(tmp_path).stream(prompt())
    assert await anext(again) == Text("half")
    with pytest.raises(InvalidArgument, match="too long") as failure:
        await anext(again)
    assert failure.value.details[0]["fieldViolations"][0]["field"] == "contents"


async def test_errors_of_the_moment_are_not(tmp_path: Path) -> None:
    with pytest.raises(Unavailable):
        await collected(recorder(tmp_path, Unavailable("busy")), prompt())
    with pytest.raises(NotFound, match="Nothing was recorded"):
        await collected(replayer(tmp_path), prompt())


async def leave(engine: Recorder) -> None:
    async with aclosing(engine.stream(prompt())) as answers:  # type: ignore[type-var]
        await anext(answers)


async def test_an_answer_that_was_left_early_says_so(tmp_path: Path) -> None:
    await leave(recorder(tmp_path, Text("one"), Text("two")))
    with pytest.raises(FailedPrecondition, match="record it again"):
        await collected(replayer(tmp_path), prompt())


async def test_a_whole_recording_is_not_replaced_by_a_cut_one(tmp_path: Path) -> None:
    await collected(recorder(tmp_path, Text("one"), Text("two")), prompt())
    await leave(recorder(tmp_path, Text("uno"), Text("due")))
    assert await collected(replayer(tmp_path), prompt()) == [Text("one"), Text("two")]


async def test_an_answer_cut_by_a_stop_sequence_replays(tmp_path: Path) -> None:
    body = {**HELLO, "generationConfig": {"stopSequences": ["END"]}}
    source: Any = recorder(tmp_path, Text("one END"), Text("never read"), Text("nor this"))
    first = await ask_stream(source, body)
    again = await ask_stream(replayer(tmp_path), body)  # type: ignore[arg-type]
    assert [c.candidates[0].content for c in first] == [c.candidates[0].content for c in again]


async def test_timing_is_kept_and_optional(tmp_path: Path) -> None:
    await collected(recorder(tmp_path, Text("one"), Wait(0.2), Text("two")), prompt())
    for timing, slow in ((False, False), (True, True)):
        began = time.perf_counter()
        await collected(replayer(tmp_path, timing=timing), prompt())
        assert (time.perf_counter() - began >= 0.19) == slow


def tools(*names: str) -> tuple[Tool, ...]:
    return (Tool(function_declarations=tuple(FunctionDeclaration(name=name) for name in names)),)


DIFFERENT = {
    "model": (prompt(model="gemini-2.5-pro"), 'model: recorded "gemini-2.5-flash", asked "gemini-2.5-pro"'),
    "text": (prompt("hallo"), 'contents[0].parts[0].text: recorded "hello", asked "hallo"'),
    "config": (
        prompt(config=GenerationConfig(temperature=0.5)),
        'generationConfig: recorded (nothing), asked {"temperature": 0.5}',
    ),
    "seed": (prompt(seed=7), "seed: recorded (nothing), asked 7"),
    "tools": (prompt(tools=tools("f")), "tools: recorded (nothing)"),
    "system": (prompt(system="brief"), "systemInstruction: recorded (nothing)"),
    "turn": (
        Prompt("gemini-2.5-flash", (*prompt().turns, Turn("model", (Part(text="hi"),)))),
        "contents[1]: recorded (nothing)",
    ),
    "media": (
        Prompt("gemini-2.5-flash", (Turn("user", (Part(text="hello"), Media("image", "image/png", b"", "ee", 8, 8))),)),
        'contents[0].parts[1].blake3: recorded "d1d1',
    ),
}


@pytest.mark.parametrize("name", DIFFERENT)
async def test_a_miss_names_what_differs_from_the_nearest(tmp_path: Path, name: str) -> None:
    asked, words = DIFFERENT[name]
    engine = recorder(tmp_path, Text("hi"))
    await collected(engine, prompt())
    await collected(engine, prompt("something else altogether", system="x", seed=4, model="gemini-3-pro-preview"))
    with pytest.raises(NotFound) as miss:
        await collected(replayer(tmp_path), asked)
    assert words in miss.value.message
    assert "\n" not in miss.value.message


def test_what_does_not_count() -> None:
    signed = (
        Turn("model", (Part(text="hi", thought_signature=b"x"), Media("image", "image/png", b"1", "aa", 4, 4))),
        Turn("user", (Part(text="more"),)),
    )
    bare = (
        Turn("model", (Part(text="hi"), Media("image", "image/png", b"2", "bb", 4, 4))),
        Turn("user", (Part(text="more"),)),
    )
    one = Prompt("gemini-2.5-flash", signed, deadline=1.0, whole=True)
    assert likeness.digest(likeness.of_prompt(one)) == likeness.digest(
        likeness.of_prompt(Prompt("gemini-2.5-flash", bare, deadline=2.0))
    )


def test_the_order_of_keys_does_not_count() -> None:
    first = (
        b'{"contents":[{"parts":[{"text":"a"}]}],'
        b'"generationConfig":{"seed":1,"topK":4,"responseJsonSchema":{"a":1,"b":2}}}'
    )
    other = (
        b'{"generation_config":{"response_json_schema":{"b":2,"a":1},"top_k":4.0,"seed":1},'
        b'"contents":{"role":"user","parts":{"text":"a"}},"labels":{"x":"y"}}'
    )
    digests = {
        likeness.digest(likeness.of_prompt(Prompt("m", (), request=decode(GenerateContentRequest, body))))
        for body in (first, other)
    }
    assert len(digests) == 1


def test_digests_are_the_same_in_every_process() -> None:
    code = (
        "from pollux.engines.base import Prompt, Turn; from pollux.wire.content import Part;"
        "from pollux.engines.replay import likeness;"
        "print(likeness.digest(likeness.of_prompt(Prompt('m', (Turn('user', (Part(text='é'),)),), seed=3))))"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2")
    }
    here = likeness.digest(likeness.of_prompt(Prompt("m", (Turn("user", (Part(text="é"),)),), seed=3)))
    assert found == {here + "\n"}


async def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "recordings"
    await collected(recorder(folder, Text("hi")), prompt())
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    files = list(folder.iterdir())
    assert len(files) == 2
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def drafts(folder: Path) -> list[Path]:
    return list(folder.glob(".*"))


def only_recording(folder: Path) -> Path:
    (path,) = folder.glob("gemini*")
    return path


async def test_many_record_at_once(tmp_path: Path) -> None:
    engines = [recorder(tmp_path, Text(str(n)), Text("!")) for n in range(4)]
    asked = [collected(engine, prompt(str(n % 5))) for engine in engines for n in range(20)]
    await asyncio.gather(*asked)
    assert not drafts(tmp_path)
    for n in range(5):
        first, last = await collected(replayer(tmp_path), prompt(str(n)))
        assert last == Text("!")
        assert isinstance(first, Text)
        assert first.text in "0123"


async def test_another_version_and_damage_are_said(tmp_path: Path) -> None:
    await collected(recorder(tmp_path, Text("hi")), prompt())
    path = only_recording(tmp_path)
    tree = json.loads(path.read_text())
    path.write_text(json.dumps({**tree, "pollux_recording": 99}))
    with pytest.raises(ApiError, match="version 99"):
        await collected(replayer(tmp_path), prompt())
    path.write_text("{")
    with pytest.raises(ApiError, match="cannot be read"):
        await collected(replayer(tmp_path), prompt())
    path.write_text(json.dumps({**tree, "events": [{"Nonsense": {}}]}))
    with pytest.raises(ApiError, match="damaged"):
        await collected(replayer(tmp_path), prompt())


def test_an_empty_folder_is_wrong_configuration(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match="no recordings"):
        Tape(tmp_path).cards()


def test_keys_and_cookies_are_never_stored_and_a_server_replays(tmp_path: Path) -> None:
    flags = {"engine.replay.record": str(tmp_path)}
    body = json.dumps({"contents": [{"parts": [{"text": "What is 2 + 3?"}]}]}).encode()
    path = "/v1beta/models/gemini-2.5-flash:generateContent"
    secrets = {
        "x-goog-api-key": "SECRET-KEY",
        "cookie": "session=SECRET-COOKIE",
        "authorization": "Bearer SECRET-TOKEN",
    }
    with running(None, flags) as server:
        first = send(server.url, "POST", f"{path}?key=SECRET-QUERY", body, secrets)
    assert first.status == 200
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"What is 2 + 3?" in stored
    assert b"SECRET" not in stored
    with running(None, {"engine.replay.replay": str(tmp_path)}) as server:
        again = send(server.url, "POST", path, body)
        assert again.json["candidates"] == first.json["candidates"]
        assert send(server.url, "POST", path, body.replace(b"3", b"4")).status == 404


def test_a_core_needs_no_engine_to_list_its_models(tmp_path: Path) -> None:
    recorder(tmp_path)
    core = make_core(replayer(tmp_path))  # type: ignore[arg-type]
    assert core.registry.resolve("gemini-2.5-flash").methods
