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

from pollux.testing import RunningServer

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PYTHON_CLIENTS: dict[str, tuple[str, ...]] = {
    "genai-1.75": ("wire", "studio", "sight", "locked"),
    "genai-2.34": ("wire", "studio", "sight", "locked"),
    "genai-3.4": ("wire", "studio", "sight", "locked"),
    "generativeai-0.8": ("legacy",),
}
"""Each client's groups of scenarios (folders of `scenarios`)."""
SECONDS = 280
"""Until a client has run all its scenarios, on a machine that has other work too."""
_DISTURBING = re.compile(r"^(GOOGLE|GEMINI)_|_proxy$", re.IGNORECASE)  # what clients take from the environment


def python_scenarios(group: str) -> list[str]:
    """Scenarios of a group: "wire/text.plain"; read, not imported, for they belong to other interpreters."""
    names = []
    for file in sorted((HERE / "scenarios" / group).glob("[a-z]*.py")):
        for node in ast.parse(file.read_text()).body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
                names.append(f"{file.parent.name}/{file.stem}.{node.name}")
    return names


def javascript_scenarios() -> list[str]:
    """The exported functions of the scenarios' modules."""
    texts = [(HERE / "js" / name).read_text() for name in ("scenarios.mjs", "pictures.mjs")]
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
    _results: dict[str, str] = field(default_factory=dict)
    _output: str = ""
    _thread: threading.Thread | None = None

    def start(self) -> Judge:
        """Begins, and does not wait."""
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def error(self, name: str) -> str:
        """What went wrong in a scenario; "" for nothing."""
        assert self._thread is not None
        self._thread.join()
        return self._results.get(name, f"{name} was never run:\n{self._output[-4000:]}")

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
                self._results[result["name"]] = result["error"]


def python_judge(client: str, samples: Path, servers: Mapping[str, RunningServer]) -> Judge:
    """A Python client; `servers` by group of scenarios."""
    groups = [
        f"{group}={server.key}@{server.url}" for group, server in servers.items() if group in PYTHON_CLIENTS[client]
    ]
    command = [str(interpreter(client)), "-m", "tests.sdk.scenarios.runner", str(samples), *groups]
    return Judge(command, ROOT)


def javascript_judge(samples: Path, servers: Mapping[str, RunningServer]) -> Judge:
    """@google/genai."""
    addresses = [servers[group].url for group in ("wire", "studio", "sight", "locked")]
    return Judge(["node", "runner.mjs", str(samples), servers["locked"].key, *addresses], HERE / "js")
