"""The plugin as a user's tests meet it: each test here is a little project of its own."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

HEAD = """
import json, urllib.error, urllib.request
import pytest

def ask(pollux, text, **headers):
    body = json.dumps({"contents": [{"parts": [{"text": text}]}]}).encode()
    url = pollux.url + "/v1beta/models/gemini-2.5-flash:generateContent"
    headers = {"x-goog-api-key": pollux.key, "content-type": "application/json", **headers}
    with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
        return json.load(answer)["candidates"][0]["content"]["parts"][0].get("text")
"""


@pytest.fixture(autouse=True)
def alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever other plugins are installed here."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")


def outcome(pytester: pytest.Pytester, tests: str, *options: str, **expected: int) -> pytest.RunResult:
    pytester.makepyfile(HEAD + tests)
    result = pytester.runpytest_subprocess("-p", "pollux.pytest_plugin", "--strict-markers", *options, timeout=60)
    result.assert_outcomes(**expected)
    return result


def test_it_says_what_it_is_told(pytester: pytest.Pytester) -> None:
    outcome(
        pytester,
        """
def test_echo(pollux):
    assert ask(pollux, "hello") == "hello"

def test_in_turn(pollux):
    pollux.say("one")
    pollux.say("two ", "three")
    assert [ask(pollux, t) for t in "abc"] == ["one", "two three", "two three"]
    assert [p.turns[0].pieces[0].text for p in pollux.prompts] == ["a", "b", "c"]

def test_afresh(pollux):
    assert pollux.prompts == []

def test_errors_and_scripts(pollux):
    from pollux.engines.base import Text
    from pollux.errors import ResourceExhausted
    pollux.say(ResourceExhausted("Slow down."))
    with pytest.raises(urllib.error.HTTPError) as failure:
        ask(pollux, "x")
    assert failure.value.code == 429 and b"Slow down." in failure.value.read()
    pollux.script(lambda prompt: [Text(prompt.turns[-1].pieces[0].text.upper())])
    assert ask(pollux, "x") == "X"

def test_faults(pollux):
    with pytest.raises(urllib.error.HTTPError) as failure:
        ask(pollux, "x", **{"x-pollux-fault": "503"})
    assert failure.value.code == 503
    failure.value.close()

@pytest.mark.pollux(limits__request_bytes=1024)
def test_flags(pollux):
    with pytest.raises(urllib.error.HTTPError) as failure:
        ask(pollux, "x" * 2000)
    assert failure.value.code in (400, 413)
    failure.value.close()
""",
        passed=6,
    )


def test_the_official_client(pytester: pytest.Pytester) -> None:
    outcome(
        pytester,
        """
def test_client(pollux):
    pollux.say("a cat")
    client = pollux.client()
    answer = client.models.generate_content(model="gemini-2.5-flash", contents="What is it?")
    assert answer.text == "a cat"
    client.models.embed_content(model="gemini-embedding-001", contents=["red", "blue"])
    assert [item.text for item in pollux.embedded] == ["red", "blue"]
    from google.genai import errors
    faulty = pollux.client(headers={"x-pollux-fault": "503"})
    with pytest.raises(errors.ServerError, match="Injected"):
        faulty.models.generate_content(model="gemini-2.5-flash", contents="?")
""",
        passed=1,
    )


def test_a_setting_that_does_not_exist(pytester: pytest.Pytester) -> None:
    tests = """
@pytest.mark.pollux(limit__requests=1)
def test_flags(pollux):
    pass
"""
    outcome(pytester, tests, errors=1).stdout.fnmatch_lines(["*no setting limit.requests*"])


RECORDED = """
@pytest.mark.pollux(engine="builtin", recordings="tape")
def test_sum(pollux):
    assert "12" in ask(pollux, "What is 5 + 7?")
    assert len(pollux.prompts) == 1
    with pytest.raises(TypeError):
        pollux.say("no")
"""


def test_recordings(pytester: pytest.Pytester) -> None:
    outcome(pytester, RECORDED, failed=0, errors=1).stdout.fnmatch_lines(["*no recordings*--pollux-record*"])
    outcome(pytester, RECORDED, "--pollux-record", passed=1)
    other = RECORDED.replace("5 + 7", "6 + 6").replace("test_sum", "test_other_sum")
    missed = outcome(pytester, RECORDED + other, passed=1, failed=1)
    missed.stdout.fnmatch_lines(["*HTTP Error 404*"])


def test_the_guide_is_true(pytester: pytest.Pytester) -> None:
    guide = (Path(__file__).parent.parent / "docs" / "how-to" / "testing.md").read_text("utf-8")
    blocks = re.findall(r"```python\n(.*?)```", guide, re.DOTALL)
    tests = "\n".join(blocks)
    outcome(pytester, tests, "--pollux-record", passed=tests.count("\ndef test_") + tests.startswith("def test_"))


def test_it_ships_and_loads_nothing_heavy() -> None:
    root = Path(__file__).parent.parent
    project = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"pollux": "pollux.pytest_plugin"}
    heavy = "{'numpy', 'httpx', 'msgspec', 'starlette', 'uvicorn', 'sqlalchemy', 'google', 'cv2'}"
    code = f"import pollux.pytest_plugin, sys; assert not {heavy} & set(sys.modules), {heavy} & set(sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
