"""Installs what the engines that hold a model in process are tested with: the dependency group `torch`.

Only a build of torch without CUDA is taken, for the other one is gigabytes that tests do not need: the one the
configured package index offers, or that of the index whose address POLLUX_TORCH_INDEX holds (PyTorch has one of builds
for processors alone).  Where there is none, nothing is installed, a line says so, and the tests of these engines are
skipped.  Quick when there is nothing to do: a stamp says what was installed.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAMP = Path(sys.prefix) / ".stamp-torch"
PIN = "torch==2.13.0"
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "install"]
CONSTRAINED = ["--constraint", str(ROOT / "constraints.txt")]


def main() -> int:
    """The exit status is 1 when an installation that was begun failed."""
    wanted = (ROOT / "pyproject.toml").read_text("utf-8") + (ROOT / "constraints.txt").read_text("utf-8")
    if STAMP.is_file() and STAMP.read_text("utf-8") == wanted:
        return 0
    index = os.environ.get("POLLUX_TORCH_INDEX", "")
    source = ["--index-url", index] if index else []
    if not index and not small():
        print(
            f"{PIN} without CUDA is not on the package index: tests of models in process will be skipped. "
            "Set POLLUX_TORCH_INDEX to the address of an index that has it, such as PyTorch's own for processors.",
            flush=True,
        )
        return 0
    print(f"installing {PIN} ...", flush=True)
    for arguments in ([*source, PIN, *CONSTRAINED], ["--group", "torch", *CONSTRAINED]):
        if subprocess.run([*PIP, *arguments], cwd=ROOT, check=False).returncode:
            return 1
    STAMP.write_text(wanted, "utf-8")
    return 0


def small() -> bool:
    """Whether the package index offers a build without CUDA: everywhere but on Linux the usual one is."""
    if platform.system() != "Linux":
        return True
    report = [*PIP, "--dry-run", "--no-deps", "--ignore-installed", "--report", "-", PIN]
    told = subprocess.run(report, capture_output=True, text=True, check=False)
    if told.returncode:
        return False
    (found,) = json.loads(told.stdout)["install"]
    needs = found["metadata"].get("requires_dist", [])
    return not any(need.startswith(("nvidia-", "cuda-")) for need in needs)


if __name__ == "__main__":
    sys.exit(main())
