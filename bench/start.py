"""How soon a server is ready, and what it holds before the first picture.

    python bench/start.py [--runs 5]

Each run starts `pollux serve` in a fresh process and a fresh data folder, waits until /readyz answers, and reads the
process's resident memory from the operating system.  The floor is a Python process that imports uvicorn and Starlette.
Targets: ready within 1.5 s, under 120 MB.
"""

from __future__ import annotations

import argparse
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

FLOOR = "import uvicorn, starlette.applications, sys; print('up', flush=True); sys.stdin.read()"


def resident_mb(pid: int) -> float:
    """Resident memory of a process (Linux)."""
    status = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in status.splitlines() if line.startswith("VmRSS"))


def floor() -> tuple[float, float]:
    """(seconds, MB) of the floor."""
    began = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", FLOOR], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        took = time.perf_counter() - began
        memory = resident_mb(process.pid)
        process.kill()
    return took, memory


def pollux() -> tuple[float, float]:
    """(seconds until ready, MB) of a server."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pollux", "serve", "--port", "0", "--data-dir", folder, "--log-level", "error"]
        began = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            url = process.stdout.readline().strip().rsplit(" ", 1)[-1]
            with urllib.request.urlopen(f"{url}/readyz") as answer:
                answer.read()
            took = time.perf_counter() - began
            memory = resident_mb(process.pid)
            process.send_signal(signal.SIGTERM)
            process.wait(20)
    return took, memory


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    print(f"{'':10}{'ready, s':>10}{'slowest':>10}{'resident, MB':>14}")
    for name, measure in (("floor", floor), ("pollux", pollux)):
        rows = [measure() for _ in range(runs)]
        seconds, memory = [row[0] for row in rows], [row[1] for row in rows]
        median = statistics.median(seconds)
        print(f"{name:10}{median:10.2f}{max(seconds):10.2f}{statistics.median(memory):14.1f}")
    print(f"(median of {runs} runs; targets: ready within 1.5 s, under 120 MB)")


if __name__ == "__main__":
    main()
