"""A part of the suite with real engines behind it; `POLLUX_BEHIND=openai pytest tests/sdk` runs the whole of it.

Not with POLLUX_BEHIND, which puts one of them behind every other test.
"""

from __future__ import annotations

import base64
import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any

import httpx
import pytest

from pollux import samples
from pollux.testing import RunningServer, running
from tests.sdk import test_javascript, test_python
from tests.sdk.behind import CHOSEN, LIBRARIES, engines
from tests.sdk.judges import Judge, groups_of, javascript_judge, javascript_scenarios, python_judge, python_scenarios

pytestmark = [
    *(pytest.mark.filterwarnings(kind) for kind in LIBRARIES),
    pytest.mark.skipif(bool(CHOSEN), reason="every test has POLLUX_BEHIND behind it"),
]
CLIENT = "genai-3.4"
WORDS = (
    r"wire/(text|chats|schemas|streams)\.|wire/pictures\.(formats|pil_from|sideways|several|resolution_for)"
    r"|wire/functions\.(declaration|history)|wire/models\.embed|sight/questions\.(every_format|stream$|chat|what_only)"
    r"|js\.(plain|configReaches|stopAndLimit|inlineData|stream|chat|chatAfter|schema|trueSchema|countTokens)$"
)
PICTURES = (
    r"studio/drawing\.(text_to_image$|seeds|cells|stream$)|studio/editing\.(a_picture_of_pil|what_was)"
    r"|studio/chats\.thoughts$|js\.(textToImage|editsOfPictures|thoughtsOfPictures)$"
)
ONLY = {"openai": WORDS, "transformers": WORDS, "diffusers": PICTURES}
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


@pytest.fixture(scope="module")
def behind(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Behind]:
    name: str = request.param
    pictures = Path(str(resources.files("pollux.samples")))
    lacking = {CLIENT: test_python.lacking(CLIENT), "js": test_javascript.lacking()}
    with engines(name, tmp_path_factory.mktemp(name)) as make, running(make()) as server:
        servers = dict.fromkeys(("wire", "studio", "sight", "locked", "legacy"), server)
        make_judge = {"js": javascript_judge, CLIENT: partial(python_judge, CLIENT)}
        judges = {
            client: make_judge[client](pictures, servers, name, "|".join(map(re.escape, chosen(name, client)))).start()
            for client in make_judge
            if not lacking[client]
        }
        yield Behind(name, server, judges)
        for judge in judges.values():
            judge.wait()


CASES = [(name, client, one) for name in sorted(ONLY) for client in (CLIENT, "js") for one in chosen(name, client)]
WRITERS = pytest.mark.parametrize("behind", ["openai", "transformers"], indirect=True)


def post(server: RunningServer, path: str, body: dict[str, Any]) -> httpx.Response:
    return httpx.post(f"{server.url}/v1beta/models/{path}", json=body, headers={"x-goog-api-key": "k"}, timeout=60)


def texts(answers: list[Any]) -> list[str]:
    return [part["text"] for one in answers for part in one["candidates"][0]["content"].get("parts", ())]


@pytest.mark.parametrize(("behind", "client", "scenario"), CASES, indirect=["behind"])
def test_scenario(behind: Behind, client: str, scenario: str) -> None:
    why = test_javascript.lacking() if client == "js" else test_python.lacking(client)
    if why and os.environ.get("CI") != "true":
        pytest.skip(why)
    assert not why, why
    behind.judges[client].check(scenario)


@WRITERS
def test_streams_by_hand(behind: Behind) -> None:
    """Server-sent events and an array: the same words as the whole answer, one end, the tokens of all."""
    body = {**HI, "generationConfig": {"temperature": 0, "maxOutputTokens": 12}}
    whole = post(behind.server, "gemini-2.5-flash:generateContent", body).json()
    sse = post(behind.server, "gemini-2.5-flash:streamGenerateContent?alt=sse", body).text.split("\r\n\r\n")
    assert sse.pop() == ""
    array = post(behind.server, "gemini-2.5-flash:streamGenerateContent", body).json()
    for chunks in ([json.loads(event.removeprefix("data: ")) for event in sse], array):
        assert len(chunks) > 1
        assert "".join(texts(chunks)) == "".join(texts([whole])) != ""
        assert [one["candidates"][0].get("finishReason") for one in chunks[:-1]] == [None] * (len(chunks) - 1)
        assert chunks[-1]["candidates"][0]["finishReason"] == whole["candidates"][0]["finishReason"]
        assert chunks[-1]["usageMetadata"] == whole["usageMetadata"]
    assert 0 < whole["usageMetadata"]["candidatesTokenCount"] <= 12


@WRITERS
def test_a_picture_changes_the_answer(behind: Behind) -> None:
    """It reaches the model itself: what a random one says hangs on every pixel."""
    said = set()
    for name in ("cat", "qr-code", ""):
        data = base64.b64encode(samples.read(name)).decode() if name else ""
        picture = [{"inlineData": {"mimeType": samples.get(name).mime_type, "data": data}}] if name else []
        body = {
            "contents": [{"parts": [*picture, {"text": "What is it?"}]}],
            "generationConfig": {"temperature": 0, "maxOutputTokens": 12},
        }
        said.add("".join(texts([post(behind.server, "gemini-2.5-flash:generateContent", body).json()])))
    assert len(said) == 3


OBJECT = {"type": "OBJECT", "properties": {"n": {"type": "INTEGER"}}, "required": ["n"]}
ENUM = {"type": "STRING", "enum": ["left", "right"]}
FORMS = [
    ({"responseMimeType": "application/json"}, "generateContent"),
    ({"responseMimeType": "application/json", "responseSchema": OBJECT}, "generateContent"),
    ({"responseMimeType": "application/json", "responseSchema": OBJECT}, "streamGenerateContent"),
    ({"responseMimeType": "text/x.enum", "responseSchema": ENUM}, "generateContent"),
]


@pytest.mark.parametrize("behind", ["openai"], indirect=True)
@pytest.mark.parametrize(("form", "method"), FORMS)
def test_a_server_that_ignores_schemas(behind: Behind, form: dict[str, Any], method: str) -> None:
    """Its words are no JSON: an error, and none of them; not even where it was cut short."""
    for limit in ({}, {"maxOutputTokens": 12}):
        answer = post(behind.server, f"gemini-2.5-flash:{method}", {**HI, "generationConfig": form | limit})
        found = answer.json()
        assert answer.status_code in (400, 500), answer.text
        error = (found[0] if isinstance(found, list) else found)["error"]
        assert "answer in JSON" in error["message"] or "could be chosen" in error["message"]
