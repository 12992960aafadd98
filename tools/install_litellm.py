"""Installs LiteLLM's proxy, which bench/upstream.py measures Pollux beside, in a virtual environment of its own
(.venvs/litellm).  Quick when there is nothing to do.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

HOME = Path(__file__).resolve().parents[1] / ".venvs" / "litellm"
WANTED = "litellm[proxy]==1.106.2"


def main() -> int:
    """Installs what is missing; pip's exit status."""
    stamp, wanted = HOME / ".stamp", f"{sys.version}\n{WANTED}"
    if stamp.is_file() and stamp.read_text() == wanted:
        return 0
    print(f"installing {WANTED} ...", flush=True)
    venv.create(HOME, clear=True, symlinks=os.name != "nt")
    interpreter = HOME / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [sys.executable, "-m", "pip", "--python", str(interpreter), "--disable-pip-version-check", "install"]
    status = subprocess.run([*pip, "--quiet", WANTED], check=False).returncode
    if status == 0:
        stamp.write_text(wanted)
    return status


if __name__ == "__main__":
    sys.exit(main())
