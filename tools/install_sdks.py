"""Installs the official clients that tests/sdk judges with: each Python version in a virtual environment of its own
(.venvs/), the JavaScript one beside its scenarios (tests/sdk/js/node_modules).

Quick when there is nothing to do: a stamp beside each installation says what it was made of.  Without Node.js the
JavaScript client is left out, with a line that says so; its tests then say the same.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENTS = ROOT / ".venvs"
JAVASCRIPT = ROOT / "tests" / "sdk" / "js"
OLDEST_NODE = 20

# The client's asynchronous half takes aiohttp where it finds it and httpx otherwise: both must work.
PYTHON: dict[str, tuple[str, ...]] = {
    "genai-1.75": ("google-genai==1.75.0", "pillow>=11", "aiohttp>=3.11"),
    "genai-2.34": ("google-genai==2.34.0", "pillow>=11"),
    "genai-3.4": ("google-genai==3.4.0", "pillow>=11", "aiohttp>=3.11"),
    "generativeai-0.8": ("google-generativeai==0.8.6", "pillow>=11"),
}


def main() -> int:
    """Installs what is missing; the exit status is 1 when something could not be installed."""
    jobs: list[Callable[[], str]] = [lambda name=name: python_client(name) for name in PYTHON]  # type: ignore[misc]
    jobs.append(javascript_client)
    with ThreadPoolExecutor(len(jobs)) as pool:
        failures = list(filter(None, pool.map(lambda job: job(), jobs)))
    for failure in failures:
        print(failure, file=sys.stderr)
    return 1 if failures else 0


def python_client(name: str) -> str:
    """One client in .venvs/NAME; "" or what went wrong."""
    home = ENVIRONMENTS / name
    stamp, wanted = home / ".stamp", "\n".join((sys.version, *PYTHON[name]))
    if stamp.is_file() and stamp.read_text() == wanted:
        return ""
    print(f"installing {PYTHON[name][0]} ...", flush=True)
    venv.create(home, clear=True, symlinks=os.name != "nt")
    interpreter = home / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--python", str(interpreter), "--disable-pip-version-check", "install"]
    return _run([*pip, "--quiet", *PYTHON[name]], ROOT) or _finish(stamp, wanted)


def javascript_client() -> str:
    """@google/genai as tests/sdk/js/package-lock.json has it; "" or what went wrong."""
    lacking = lacking_node()
    if lacking:
        print(f"{lacking}: the JavaScript client is left out", flush=True)
        return ""
    stamp = JAVASCRIPT / "node_modules" / ".stamp"
    wanted = hashlib.sha256((JAVASCRIPT / "package-lock.json").read_bytes()).hexdigest()
    if stamp.is_file() and stamp.read_text() == wanted:
        return ""
    print("installing @google/genai ...", flush=True)
    npm = [shutil.which("npm") or "npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error"]
    return _run(npm, JAVASCRIPT) or _finish(stamp, wanted)


def lacking_node() -> str:
    """Why the JavaScript client cannot run here; "" when it can."""
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return "Node.js with npm is not installed"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < OLDEST_NODE:
        return f"Node.js {version} is older than {OLDEST_NODE}"
    return ""


def _run(command: list[str], folder: Path) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else f"{' '.join(command)} failed:\n{(done.stdout + done.stderr).strip()}"


def _finish(stamp: Path, wanted: str) -> str:
    stamp.write_text(wanted)
    return ""


if __name__ == "__main__":
    sys.exit(main())
