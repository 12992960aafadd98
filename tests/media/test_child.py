"""The process in which files are taken apart."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pollux.errors import NotFound
from pollux.media.document import inspect_pdf
from pollux.media.resolve import judge
from pollux.media.timed import inspect
from tests.media.samples import FIELD, LIMITS

PARENT = """
import sys
from pollux.media import child
child._RUN = sys.argv[2]
child.ask("busy", {"fifo": sys.argv[1]}, b"", child.Bounds(seconds=1000))
"""
BUSY = """
import sys, types
sys.path.append(sys.argv[1])
from pollux.media import child
def answer(question, source):
    with open(question["fifo"], "wb", buffering=0) as fifo:
        fifo.write(b"!")
        while True:
            pass
sys.modules["pollux.media.busy"] = types.SimpleNamespace(answer=answer)
child.main("busy")
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends children with their parents")
def test_a_killed_server_leaves_no_busy_child(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    command = [sys.executable, "-c", PARENT, str(fifo), BUSY]
    with subprocess.Popen(command) as parent, fifo.open("rb", buffering=0) as said:
        assert said.read(1) == b"!"
        parent.kill()
        assert said.read(1) == b""  # the child's end closes it; while it lives, this waits


def test_a_file_that_was_removed_is_not_found(tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    for look in (
        lambda: judge(gone, "application/pdf", FIELD, LIMITS),
        lambda: inspect_pdf(gone, FIELD, LIMITS),
        lambda: inspect(gone, "video/mp4", FIELD, LIMITS),
    ):
        with pytest.raises(NotFound, match="deleted or expired while it was read"):
            look()
