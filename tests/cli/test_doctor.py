from __future__ import annotations

import json
import socket
from importlib import metadata
from pathlib import Path

import pytest

from pollux import __version__
from pollux.cli import doctor
from pollux.testing import ScriptedEngine, running

from .conftest import Run


def findings(run: Run, *arguments: str) -> tuple[int, dict[tuple[str, str], tuple[str, bool]]]:
    status, out, _ = run("doctor", "--json", *arguments)
    return status, {(f["topic"], f["what"]): (f["found"], f["ok"]) for f in json.loads(out)}


@pytest.fixture(autouse=True)
def _free_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POLLUX_PORT", "0")


def test_what_is_looked_at(run: Run, tmp_path: Path) -> None:
    status, found = findings(run)
    assert status == 0
    assert found["pollux", "version"] == (__version__, True)
    assert found["configuration", "server.port"] == ("0 (from POLLUX_PORT)", True)
    assert found["store", "keys"][0].startswith("none yet")
    text, ok = found["engines", "builtin: eyes"]
    assert (text.startswith("image_in, text; "), text.endswith(" at once"), ok) == (True, True, True)
    assert found["packages", "typer"][0][0].isdigit()
    assert not (tmp_path / "data").exists()  # looking changes nothing


def test_keys_are_counted(run: Run) -> None:
    run("keys", "create")
    run("keys", "create", "gone")
    run("keys", "revoke", "gone")
    assert findings(run)[1]["store", "keys"] == ("1 that work, 1 revoked", True)


def test_what_needs_attention_makes_status_1(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    status, found = findings(run, "--data-dir", "file")
    assert (status, found["store", "data folder"][1]) == (1, False)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("POLLUX_PORT", str(taken.getsockname()[1]))
        status, found = findings(run)
        assert (status, found["server", "address"][1]) == (1, False)
        assert "PROBLEM: " in run("doctor")[1]


def test_a_port_with_a_server_of_ours_is_no_problem(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    with running(ScriptedEngine(lambda prompt: [])) as server:
        monkeypatch.setenv("POLLUX_PORT", server.url.rpartition(":")[2])
        found, ok = findings(run)[1]["server", "address"]
    assert ok
    assert found.endswith("a Pollux server is running there")


def test_missing_packages_matter_unless_they_are_extras(monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = ["typer>=0.1", "no-such-thing>=1", 'no-such; extra == "big"', 'nor-this; extra == "big"']
    wanted += ['rich; extra == "half"', 'no-such; extra == "half"', 'rich; extra == "whole"']
    monkeypatch.setattr("importlib.metadata.requires", lambda name: wanted)
    found = {finding.what: finding for finding in doctor._packages()}
    assert found["typer"].ok
    assert (found["no-such-thing"].ok, found["big"].ok, found["half"].ok) == (False, True, True)
    assert found["big"].found == "not installed (pip install 'pollux[big]')"
    assert found["half"].found.endswith("; no-such not installed (pip install 'pollux[half]')")
    assert found["whole"].found == f"rich {metadata.version('rich')}"
