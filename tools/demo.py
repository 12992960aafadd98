"""The demonstration: starts a server, asks it about pictures with the official SDK, and stops it.

    python tools/demo.py

Every answer is computed while you watch, from the pixels that are sent; the pictures are pollux.samples.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from google import genai
from google.genai import types
from rich.console import Console
from rich.padding import Padding

from pollux import samples

MODEL = "gemini-2.5-flash"
QUESTIONS = (
    ("cat", "What animal is this, and what colours do you see?"),
    ("coffee", "Write a caption for this picture."),
    ("page", "Summarise this page."),
    ("receipt", "What is the total, and which item costs most?"),
    ("screenshot", "Read the text of this screenshot."),
    ("qr-code", "What does this code say?"),
    ("sign", "Read the sign."),
    ("shapes", "Which shapes are there, and in which colours?"),
)


@contextmanager
def server() -> Iterator[str]:
    """A `pollux serve` of its own, on a free port; gives its address and stops it cleanly."""
    with tempfile.TemporaryDirectory(prefix="pollux-demo-") as folder:
        command = [
            sys.executable,
            "-m",
            "pollux",
            "serve",
            "--port",
            "0",
            "--data-dir",
            folder,
            "--log-level",
            "warning",
        ]
        began = time.perf_counter()
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=clean_environment()) as process:
            assert process.stdout is not None
            first = process.stdout.readline().strip()
            if not first:
                raise SystemExit("the server did not start")
            print(f"{first} ({time.perf_counter() - began:.1f} s after the start)")
            try:
                yield first.rsplit(" ", 1)[-1]
            finally:
                process.send_signal(signal.SIGINT)
                print(f"The server stopped with exit status {process.wait(30)}.")


def clean_environment() -> dict[str, str]:
    """This environment without settings of Pollux, so that the demonstration is the same everywhere."""
    return {name: value for name, value in os.environ.items() if not name.startswith("POLLUX_")}


def main() -> int:
    """Asks every question and prints prompt and answer."""
    console = Console(highlight=False)
    with server() as url:
        client = genai.Client(api_key="any-key-will-do", http_options=types.HttpOptions(base_url=url))
        for name, question in QUESTIONS:
            sample = samples.get(name)
            picture = types.Part.from_bytes(data=samples.read(name), mime_type=sample.mime_type)
            began = time.perf_counter()
            answer = client.models.generate_content(
                model=MODEL, contents=types.Content(role="user", parts=[picture, types.Part(text=question)])
            )
            took = time.perf_counter() - began
            console.print(f"\n[bold]{sample.file}[/bold]  {question}")
            console.print(Padding(answer.text or "(no text)", (0, 0, 0, 4)), style="green", markup=False)
            usage = answer.usage_metadata
            tokens = usage.total_token_count if usage is not None else 0
            console.print(f"    [dim]{took:.2f} s, {tokens} tokens[/dim]")
        print()
        client.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
