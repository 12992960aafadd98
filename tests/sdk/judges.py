"""Running every scenario of one client in a process of its own, and finding out how each went."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pollux.testing import RunningServer
from tests.sdk.behind import CHOSEN
from tests.sdk.scenarios.words import ABILITIES

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PYTHON_CLIENTS: dict[str, tuple[str, ...]] = {
    "genai-1.75": ("wire", "studio", "sight", "locked"),
    "genai-2.34": ("wire", "studio", "sight", "locked"),
    "genai-3.4": ("wire", "studio", "sight", "locked"),
    "generativeai-0.8": ("legacy",),
}
"""Each client's groups of scenarios (folders of `scenarios`)."""
SPEAKING, DRAWING = ("wire", "sight", "locked", "legacy"), ("studio",)
GROUPS = {"": SPEAKING + DRAWING, "diffusers": DRAWING}
"""The groups of scenarios for whoever is behind (`tests.sdk.behind`); SPEAKING for all others."""
SECONDS = 1500 if CHOSEN else 280
"""Until a client has run all its scenarios, on a machine that has other work too."""
_DISTURBING = re.compile(r"^(GOOGLE|GEMINI)_|_proxy$", re.IGNORECASE)  # what clients take from the environment


def groups_of(client: str, behind: str) -> list[str]:
    """The groups that a client runs."""
    return [group for group in PYTHON_CLIENTS[client] if group in GROUPS.get(behind, SPEAKING)]


def python_scenarios(group: str) -> list[str]:
    """Scenarios of a group: "wire/text.plain"; read, not imported, for they belong to other interpreters."""
    names = []
    for file in sorted((HERE / "scenarios" / group).glob("[a-z]*.py")):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                names.append(f"{file.parent.name}/{file.stem}.{node.name}")
    return names


def javascript_scenarios(behind: str) -> list[str]:
    """The exported functions of the scenarios' modules."""
    groups = GROUPS.get(behind, SPEAKING)
    files = {"wire": "scenarios.mjs", "studio": "pictures.mjs"}
    texts = [(HERE / "js" / name).read_text() for group, name in files.items() if group in groups]
    return [f"js.{name}" for text in texts for name in re.findall(r"^export async function (\w+)", text, re.MULTILINE)]


def interpreter(client: str) -> Path:
    """The Python that has this client."""
    return ROOT / ".venvs" / client / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


@dataclass
class Judge:
    """One client in one process, started at once, read when the first result is asked for."""

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    _results: dict[str, dict[str, str]] = field(default_factory=dict)
    _output: str = ""
    _thread: threading.Thread | None = None

    def start(self) -> Judge:
        """Begins, and does not wait."""
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def check(self, name: str) -> None:
        """Fails where something went wrong in a scenario, skips one that does not apply."""
        assert self._thread is not None
        self._thread.join()
        result = self._results.get(name, {"error": f"{name} was never run:\n{self._output[-4000:]}"})
        if result["error"]:
            pytest.fail(result["error"], pytrace=False)
        if result.get("skipped"):
            pytest.skip(result["skipped"])

    def names(self) -> list[str]:
        """The scenarios that were run."""
        self.wait()
        return list(self._results)

    def wait(self) -> None:
        """Until the process has ended."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        kept = {name: value for name, value in os.environ.items() if not _DISTURBING.search(name)}
        environment = {**kept, "PYTHONIOENCODING": "utf-8", **self.environment}
        try:
            done = subprocess.run(
                self.command,
                cwd=self.folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                timeout=SECONDS,
                encoding="utf-8",
                check=False,
            )
            self._output = done.stdout
        except subprocess.TimeoutExpired as late:
            # POSIX gives bytes here, whatever was asked for.
            self._output = bytes(late.stdout or b"").decode(errors="replace") + f"\nnot done after {SECONDS} s"
        for line in self._output.splitlines():
            if line.startswith('{"name":'):
                result = json.loads(line)
                self._results[result["name"]] = result


def python_judge(
    client: str, samples: Path, servers: Mapping[str, RunningServer], behind: str = "", only: str = ""
) -> Judge:
    """A Python client; `servers` by group of scenarios, `behind` who answers, `only` as the runner has it."""
    groups = [
        f"{group}={server.key}@{server.url}" for group, server in servers.items() if group in groups_of(client, behind)
    ]
    command = [str(interpreter(client)), "-m", "tests.sdk.scenarios.runner", str(samples), *groups]
    return Judge(command, ROOT, _told(behind, only))


def javascript_judge(samples: Path, servers: Mapping[str, RunningServer], behind: str = "", only: str = "") -> Judge:
    """@google/genai."""
    addresses = [servers[group].url for group in ("wire", "studio", "sight", "locked")]
    command = ["node", "runner.mjs", str(samples), servers["locked"].key, *addresses]
    return Judge(command, HERE / "js", _told(behind, only or "|".join(javascript_scenarios(behind))))


def _told(behind: str, only: str) -> dict[str, str]:
    return {"POLLUX_BEHIND": behind, "POLLUX_CAN": ABILITIES[behind], "POLLUX_ONLY": only}
