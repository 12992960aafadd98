"""The README's examples are run as they stand: a block marked `<!-- run: LANGUAGE -->` must succeed and print."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pollux.testing import RunningServer, running

ROOT = Path(__file__).parent.parent
BLOCKS = re.findall(r"<!-- run: (\w+) -->\n```\w+\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)


@pytest.fixture(scope="module")
def server() -> Iterator[RunningServer]:
    with running() as started:
        yield started


def _environment(server: RunningServer, folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("POLLUX_", "GOOGLE_", "GEMINI_"))}
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{kept['PATH']}",
        "GOOGLE_GEMINI_BASE_URL": server.url,
        "GEMINI_API_KEY": "any-key-will-do",
        "POLLUX_DATA_DIR": str(folder),
    }


def test_there_are_examples() -> None:
    assert len(BLOCKS) >= 5


@pytest.mark.parametrize(("language", "code"), BLOCKS, ids=[code.split("\n")[-2][:30] for _, code in BLOCKS])
def test_example(language: str, code: str, server: RunningServer, tmp_path: Path) -> None:
    command = [sys.executable, "-c", code] if language == "python" else ["bash", "-euo", "pipefail", "-c", code]
    done = subprocess.run(
        command,
        env=_environment(server, tmp_path),
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.strip()


def test_the_answers_are_true(server: RunningServer, tmp_path: Path) -> None:
    """The first examples read the sample pictures, the last one breaks in mid-stream."""
    outputs = [
        subprocess.run(
            [sys.executable, "-c", code],
            env=_environment(server, tmp_path),
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=100,
            check=True,
        ).stdout
        for language, code in BLOCKS
        if language == "python"
    ]
    assert "NO PARKING" in outputs[0]
    assert "23.93" in outputs[1]
    assert "red panda" in outputs[2]
    assert (tmp_path / "red_panda.png").read_bytes().startswith(b"\x89PNG")
    assert outputs[3].startswith("half an")
    assert "503 UNAVAILABLE" in outputs[3]
