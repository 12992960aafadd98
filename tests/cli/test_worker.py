"""`pollux worker`, in processes of its own."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

LEADS, WAITS = "runs the batch jobs", "waits: another process"


@contextmanager
def worker(folder: Path) -> Iterator[subprocess.Popen[str]]:
    environ = {k: v for k, v in os.environ.items() if not k.startswith("POLLUX_")}
    process = subprocess.Popen(
        [sys.executable, "-m", "pollux", "worker", "--data-dir", str(folder / "data")],
        env={**environ, "POLLUX_BATCH": "none", "XDG_CONFIG_HOME": str(folder)},  # servers beside it leave the jobs
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def line(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline()


def test_one_leads_and_the_other_takes_over(tmp_path: Path) -> None:
    with worker(tmp_path) as first:
        assert LEADS in line(first)
        with worker(tmp_path) as second:
            assert WAITS in line(second)
            first.kill()
            assert LEADS in line(second)
            second.send_signal(signal.SIGTERM)
            assert second.wait(20) == 0
            assert second.stderr is not None
            assert second.stderr.read() == ""
        with worker(tmp_path) as third:
            assert LEADS in line(third)
            third.send_signal(signal.SIGINT)
            assert third.wait(20) == 0
