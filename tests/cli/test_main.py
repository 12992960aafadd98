from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pollux import __version__
from pollux.cli.main import COMMANDS, KEY_COMMANDS
from pollux.errors import InvalidArgument

from .conftest import Recorder, Run

EVERY = [(name,) for name, _, _ in COMMANDS] + [("keys", name) for name, _, _ in KEY_COMMANDS]


@pytest.mark.parametrize("command", [(), ("keys",), *EVERY], ids=" ".join)
def test_help_fits_the_terminal_and_shows_examples(run: Run, command: tuple[str, ...]) -> None:
    status, out, err = run(*command, "--help")
    assert (status, err) == (0, "")
    assert max(map(len, out.splitlines())) <= 80
    assert "Usage: pollux" in out
    assert not re.search(r"<(bool|str|list|file|dir)\b", out)
    assert not re.search(r"Usage: .*\{", out)  # PICTURE..., and not {PICTURE...}...
    assert command == ("keys",) or f"pollux {' '.join(command)}".strip() in out.partition("Examples")[2]


def test_without_a_command_help_is_printed(run: Run) -> None:
    status, out, _ = run()
    assert status == 0
    assert "Commands" in out


def test_version(run: Run) -> None:
    assert run("--version") == (0, f"pollux {__version__}\n", "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("askk",), "No such command 'askk'. Did you mean 'ask'?"),
        (("ask",), "Missing argument 'PICTURE... QUESTION'; see `pollux ask --help`"),
        (("serve", "--prot", "1"), "No such option: --prot"),
        (("serve", "--port", "x"), "--port must be a whole number from 0 to 65535, not 'x'"),
        (("serve", "--config", "no.toml"), "--config: there is no file"),
        (("keys", "create", "--rpm", "x"), "Invalid value for '--rpm'"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(run: Run, arguments: tuple[str, ...], message: str) -> None:
    status, out, err = run(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith(f"pollux: {message}")
    assert err.count("\n") == 1


def test_a_refusal_is_one_line_and_status_1(run: Run, root: Recorder) -> None:
    root.error = InvalidArgument("contents[0].parts[0]: the picture\nis cut off")
    status, _, err = run("ask", "Why?")
    assert (status, err) == (1, "pollux: contents[0].parts[0]: the picture is cut off\n")
    assert root.closed == 1


def test_a_bug_is_one_line_too(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Recorder, "models", lambda self: 1 / 0)
    status, _, err = run("models")
    assert (status, err) == (1, "pollux: internal error: ZeroDivisionError: division by zero\n")
    monkeypatch.setenv("POLLUX_TRACEBACK", "1")
    assert "Traceback" in run("models")[2]


def test_serve_hands_on_the_settings_and_the_status(run: Run, root: Recorder, tmp_path: Path) -> None:
    root.status = 1
    assert run("serve", "--host", "::1", "--port", "0", "--log-level", "DEBUG", "--data-dir", "d")[0] == 1
    assert root.settings is not None
    server = root.settings.server
    assert (server.host, server.port, server.log_level) == ("::1", 0, "debug")
    assert root.settings.store.data_dir == tmp_path / "d"


def test_serve_records_replays_and_fails_on_demand(run: Run, root: Recorder, tmp_path: Path) -> None:
    assert run("serve", "--record", "tape", "--faults")[0] == 0
    assert root.settings is not None
    assert (root.settings.engine.replay.record, root.settings.engine.replay.replay) == (tmp_path / "tape", None)
    assert root.faults
    assert run("serve", "--replay", "tape")[0] == 0
    assert root.settings.engine.replay.replay == tmp_path / "tape"
    assert not root.faults


def test_serve_takes_models_from_anywhere(run: Run, root: Recorder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLLUX_OPENAI_API_KEY", "sk-1")
    one, two = "gemini-*=openai:http://gpu:8001/v1#org/model", "mine=builtin"
    status, out, err = run("serve", "--model", one, "--model", two)
    assert (status, "sk-1" in out + err) == (0, False)
    assert root.settings is not None
    assert {name: route.engine for name, route in root.settings.routes.items()} == {
        "gemini-*": "gemini-*",
        "mine": "builtin",
    }
    assert root.settings.named["gemini-*"].model == "org/model"
    assert run("serve", "--model", "x=openai:nowhere")[0] == 2


def test_the_module_runs_and_help_loads_nothing_heavy() -> None:
    program = (
        "import sys, runpy; sys.argv = ['pollux', '--help']\n"
        "try: runpy.run_module('pollux', run_name='__main__')\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        "heavy = {'sqlalchemy', 'numpy', 'cv2', 'onnxruntime', 'PIL', 'httpx', 'starlette', 'msgspec'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Usage: pollux" in done.stdout


def test_a_reader_that_leaves_causes_no_traceback() -> None:
    program = (
        "import os, sys; from pollux.cli import main\n"
        "read, write = os.pipe(); os.close(read); os.dup2(write, 1)\n"
        "sys.exit(main.main(['--version']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60)
    assert done.returncode != 0
    assert done.stderr == ""
