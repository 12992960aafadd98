"""A part of the suite with real engines behind it; `POLLUX_BEHIND=openai pytest tests/sdk` runs the whole of it."""

from __future__ import annotations

import base64
import json
import os
import re
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import pytest

from pollux import samples
from pollux.testing import RunningServer, running
from tests.sdk import test_javascript, test_python
from tests.sdk.behind import LIBRARIES, engines
from tests.sdk.judges import Judge, groups_of, javascript_judge, javascript_scenarios, python_judge, python_scenarios

pytestmark = [
    *(pytest.mark.filterwarnings(kind) for kind in LIBRARIES),
]
CLIENT = "genai-3.4"
WORDS = (
    r"wire/(text|chats|schemas|streams)\.|wire/pictures\.(formats|pil_from|sideways|several|resolution_for)"
    r"|wire/functions\.(declaration|history|call_and|streamed)|wire/models\.embed|sight/questions\.(every_format|stream$|chat|what_only)"
    r"|js\.(plain|configReaches|stopAndLimit|inlineData|stream|chat|chatAfter|schema|trueSchema|countTokens)$"
)
PICTURES = (
    r"studio/drawing\.(text_to_image$|seeds|cells|stream$)|studio/editing\.(a_picture_of_pil|what_was)"
    r"|studio/chats\.thoughts$|js\.(textToImage|editsOfPictures|thoughtsOfPictures)$"
)
ONLY = {"openai": WORDS, "transformers": WORDS, "diffusers": PICTURES}
PLAIN = {"provenance.watermark": False, "provenance.manifest": False}
"""Pictures as they were painted: manifests say when."""
HI: dict[str, Any] = {"contents": [{"parts": [{"text": "hi"}]}]}


def chosen(name: str, client: str) -> list[str]:
    """The scenarios of a client that are run here."""
    if client == "js":
        found = javascript_scenarios(name)
    else:
        found = [one for group in groups_of(client, name) for one in python_scenarios(group)]
    return [one for one in found if re.match(ONLY[name], one)]


@dataclass
class Behind:
    """A server with one of the engines behind it."""

    name: str
    server: RunningServer
    judges: dict[str, Judge]


Stage = Callable[[str], Behind]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Puts an engine behind a server, and begins with its scenarios; once for all tests."""
    begun: dict[str, Behind] = {}
    with ExitStack() as stack:

        def get(name: str) -> Behind:
            if name not in begun:
                make = stack.enter_context(engines(name, tmp_path_factory.mktemp(name)))
                begun[name] = _judged(name, stack.enter_context(running(make(), PLAIN)))
            return begun[name]

        yield get
        for behind in begun.values():
            for judge in behind.judges.values():
                judge.wait()


def _judged(name: str, server: RunningServer) -> Behind:
    pictures = Path(str(resources.files("pollux.samples")))
    servers = dict.fromkeys(("wire", "studio", "sight", "locked", "legacy"), server)
    only = {client: "|".join(map(re.escape, chosen(name, client))) for client in (CLIENT, "js")}
    judges = {}
    if not test_python.lacking(CLIENT):
        judges[CLIENT] = python_judge(CLIENT, pictures, servers, name, only[CLIENT]).start()
    if not test_javascript.lacking():
        judges["js"] = javascript_judge(pictures, servers, name, only["js"]).start()
    return Behind(name, server, judges)


CASES = [(name, client, one) for name in sorted(ONLY) for client in (CLIENT, "js") for one in chosen(name, client)]
WRITERS = pytest.mark.parametrize("name", ["openai", "transformers"])


def post(server: RunningServer, path: str, body: dict[str, Any]) -> httpx.Response:
    return httpx.post(f"{server.url}/v1beta/models/{path}", json=body, headers={"x-goog-api-key": "k"}, timeout=60)


def texts(answers: list[Any]) -> list[str]:
    return [part["text"] for one in answers for part in one["candidates"][0]["content"].get("parts", ())]


@pytest.mark.parametrize(("name", "client", "scenario"), CASES)
def test_scenario(stage: Stage, name: str, client: str, scenario: str) -> None:
    why = test_javascript.lacking() if client == "js" else test_python.lacking(client)
    if why and os.environ.get("CI") != "true":
        pytest.skip(why)
    assert not why, why
    stage(name).judges[client].check(scenario)


@WRITERS
def test_streams_by_hand(stage: Stage, name: str) -> None:
    """Server-sent events and an array: the same words as the whole answer, one end, the tokens of all."""
    server = stage(name).server
    body = {**HI, "generationConfig": {"temperature": 0, "maxOutputTokens": 12}}
    whole = post(server, "gemini-2.5-flash:generateContent", body).json()
    sse = post(server, "gemini-2.5-flash:streamGenerateContent?alt=sse", body).text.split("\r\n\r\n")
    assert sse.pop() == ""
    array = post(server, "gemini-2.5-flash:streamGenerateContent", body).json()
    for chunks in ([json.loads(event.removeprefix("data: ")) for event in sse], array):
        assert len(chunks) > 1
        assert "".join(texts(chunks)) == "".join(texts([whole])) != ""
        assert [one["candidates"][0].get("finishReason") for one in chunks[:-1]] == [None] * (len(chunks) - 1)
        assert chunks[-1]["candidates"][0]["finishReason"] == whole["candidates"][0]["finishReason"]
        assert chunks[-1]["usageMetadata"] == whole["usageMetadata"]
    assert 0 < whole["usageMetadata"]["candidatesTokenCount"] <= 12


@WRITERS
def test_a_picture_changes_the_answer(stage: Stage, name: str) -> None:
    """It reaches the model itself: what a random one says hangs on every pixel."""
    said = set()
    for sample in ("cat", "qr-code", ""):
        data = base64.b64encode(samples.read(sample)).decode() if sample else ""
        picture = [{"inlineData": {"mimeType": samples.get(sample).mime_type, "data": data}}] if sample else []
        body = {
            "contents": [{"parts": [*picture, {"text": "What is it?"}]}],
            "generationConfig": {"temperature": 0, "maxOutputTokens": 12},
        }
        said.add("".join(texts([post(stage(name).server, "gemini-2.5-flash:generateContent", body).json()])))
    assert len(said) == 3


OBJECT = {"type": "OBJECT", "properties": {"n": {"type": "INTEGER"}}, "required": ["n"]}
ENUM = {"type": "STRING", "enum": ["left", "right"]}
FORMS = [
    ({"responseMimeType": "application/json"}, "generateContent"),
    ({"responseMimeType": "application/json", "responseSchema": OBJECT}, "generateContent"),
    ({"responseMimeType": "application/json", "responseSchema": OBJECT}, "streamGenerateContent"),
    ({"responseMimeType": "text/x.enum", "responseSchema": ENUM}, "generateContent"),
]


@pytest.mark.parametrize(("form", "method"), FORMS)
def test_a_server_that_ignores_schemas(stage: Stage, form: dict[str, Any], method: str) -> None:
    """Its words are no JSON: an error, and none of them."""
    answer = post(stage("openai").server, f"gemini-2.5-flash:{method}", {**HI, "generationConfig": form})
    found = answer.json()
    assert answer.status_code in (400, 500), answer.text
    error = (found[0] if isinstance(found, list) else found)["error"]
    assert "answer in JSON" in error["message"] or "could be chosen" in error["message"]


@WRITERS
def test_hanging_up_stops_the_model(stage: Stage, name: str) -> None:
    """Of many words none is written after that: whoever asks next need not wait for them."""
    server, method = stage(name).server, "gemini-2.5-flash:streamGenerateContent?alt=sse"
    long, short = ({**HI, "generationConfig": {"temperature": 0, "maxOutputTokens": n}} for n in (1000, 4))
    began = time.monotonic()
    assert post(server, method, long).status_code == 200
    whole, url = time.monotonic() - began, f"{server.url}/v1beta/models/{method}"
    with httpx.stream("POST", url, json=long, headers={"x-goog-api-key": "k"}, timeout=60) as answer:
        assert next(answer.iter_lines())
    began = time.monotonic()
    assert post(server, method, short).status_code == 200
    assert time.monotonic() - began < whole / 2
