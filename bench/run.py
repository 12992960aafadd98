"""Runs every benchmark, one after the other: `make bench`.

Each is a program of its own with --help; figures are worth most on a machine that does nothing else.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def main() -> int:
    here = Path(__file__).parent
    status = 0
    for script in sorted(here.glob("*.py")):
        if script.name == "run.py":
            continue
        print(f"\n== {script.name}", flush=True)
        status |= subprocess.run([sys.executable, str(script)], check=False).returncode
    return status


if __name__ == "__main__":
    sys.exit(main())
