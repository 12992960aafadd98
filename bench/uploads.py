"""Upload of one large file through the server, beside `curl --upload-file` into nginx's dav module in the same run.

    python bench/uploads.py [--megabytes 1024] [--rounds 3]

Both are fed by curl from the same file over loopback; both folders lie on the same file system.  Pollux computes the
SHA-256 on the way in, sniffs the type and names every piece in its database; nginx writes a file and leaves it to
the page cache.  By default Pollux waits for the disk before it says that bytes are stored ([store] sync), so it runs
twice: as nginx does, without waiting, and by default; the floor of the latter is `dd conv=fsync` of the same file.
Needs curl, and nginx for the comparison (Debian: nginx-light).  Targets, by default: 60 % of nginx's throughput,
resident memory flat (32 MB).
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

MB = 1024 * 1024


def make_file(path: Path, megabytes: int) -> None:
    """A file of noise that repeats every 4 MB."""
    block = bytes(range(256)) * (4 * MB // 256)
    with path.open("wb") as out:
        for _ in range(megabytes // 4):
            out.write(block)


def peak_mb(pid: int) -> float:
    """The most resident memory the process has had (Linux)."""
    return _status(pid, "VmHWM")


def resident_mb(pid: int) -> float:
    """Resident memory now."""
    return _status(pid, "VmRSS")


def _status(pid: int, name: str) -> float:
    text = Path(f"/proc/{pid}/status").read_text()
    return next(int(line.split()[1]) / 1024 for line in text.splitlines() if line.startswith(name))


def curl(*arguments: str) -> str:
    """Runs curl, which must succeed with a 2xx; gives headers and body."""
    done = subprocess.run(
        ["curl", "-sS", "--fail-with-body", "-i", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"curl failed: {done.stderr}{done.stdout[:500]}")
    return done.stdout


@contextlib.contextmanager
def nginx(folder: Path) -> Iterator[str]:
    """nginx with the dav module; the address to PUT to."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "files").mkdir(parents=True)
    (folder / "nginx.conf").write_text(
        f"""daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; user root;
events {{ worker_connections 64; }}
http {{ access_log off; client_max_body_size 0; client_body_temp_path {folder}/files/temp;
  server {{ listen 127.0.0.1:{port}; location / {{ root {folder}/files; dav_methods PUT; }} }} }}"""
    )
    process = subprocess.Popen([shutil.which("nginx") or "/usr/sbin/nginx", "-c", str(folder / "nginx.conf")])
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}/file"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


@contextlib.contextmanager
def pollux(folder: Path, *, sync: bool) -> Iterator[tuple[str, int]]:
    """A server; its address and process id."""
    command = [
        sys.executable,
        "-m",
        "pollux",
        "serve",
        "--port",
        "0",
        "--data-dir",
        str(folder),
        "--log-level",
        "error",
    ]
    environment = {**os.environ, "POLLUX_STORE_SYNC": str(sync).lower()}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stdout is not None
        url = process.stdout.readline().strip().rsplit(" ", 1)[-1]
        try:
            yield url, process.pid
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


def upload(base: str, source: Path) -> float:
    """Seconds of one upload into Pollux: start, then everything in one chunk."""
    began = time.perf_counter()
    size = str(source.stat().st_size)
    start = curl(
        *("-X", "POST", f"{base}/upload/v1beta/files", "-H", "x-goog-api-key: k", "-d", "{}"),
        *("-H", "X-Goog-Upload-Protocol: resumable", "-H", "X-Goog-Upload-Command: start"),
        *("-H", f"X-Goog-Upload-Header-Content-Length: {size}"),
        *("-H", "X-Goog-Upload-Header-Content-Type: text/plain", "-H", "Content-Type: application/json"),
    )
    found = re.search(r"^x-goog-upload-url: (\S+)", start, re.MULTILINE)
    assert found, start
    headers = ("-H", "X-Goog-Upload-Offset: 0", "-H", "X-Goog-Upload-Command: upload, finalize", "-H", "Expect:")
    answer = curl("-X", "POST", "--upload-file", str(source), *headers, found[1])
    took = time.perf_counter() - began
    name = re.search(r'"name": "(files/\w+)"', answer)
    assert name, answer
    curl("-X", "DELETE", f"{base}/v1beta/{name[1]}", "-H", "x-goog-api-key: k")
    return took


def dd(source: Path, target: Path) -> float:
    """Seconds of a plain copy that waits for the disk."""
    began = time.perf_counter()
    subprocess.run(["dd", f"if={source}", f"of={target}", "bs=4M", "conv=fsync", "status=none"], check=True)
    took = time.perf_counter() - began
    target.unlink()
    return took


def put(source: Path, address: str) -> float:
    """Seconds of `curl --upload-file` into nginx."""
    began = time.perf_counter()
    curl("--upload-file", str(source), address)
    return time.perf_counter() - began


def ratio(ours: list[float], theirs: list[float]) -> float:
    """The peer's time over ours, the median of the pairs: 1 is as fast."""
    return statistics.median(b / a for a, b in zip(ours, theirs, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=1024)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    if not shutil.which("curl"):
        print("skipped: curl is not installed")
        return
    peer = bool(shutil.which("nginx") or Path("/usr/sbin/nginx").exists())
    times: dict[str, list[float]] = {name: [] for name in ("nginx", "pollux", "dd", "pollux, sync")}
    with tempfile.TemporaryDirectory(prefix="pollux-bench-") as name, contextlib.ExitStack() as stack:
        folder = Path(name)
        source = folder / "source"
        make_file(source, options.megabytes)
        fast, pid = stack.enter_context(pollux(folder / "fast", sync=False))
        safe, safe_pid = stack.enter_context(pollux(folder / "safe", sync=True))
        other = stack.enter_context(nginx(folder / "nginx")) if peer else ""
        before = {process: resident_mb(process) for process in (pid, safe_pid)}
        for _ in range(options.rounds):
            if peer:
                times["nginx"].append(put(source, other))
            times["pollux"].append(upload(fast, source))
            times["dd"].append(dd(source, folder / "copy"))
            times["pollux, sync"].append(upload(safe, source))
        grown = [peak_mb(process) - before[process] for process in (pid, safe_pid)]
    for what, seconds in times.items():
        if seconds:
            print(f"{what:14}{options.megabytes / statistics.median(seconds):8.0f} MB/s")
    if peer:
        print(f"pollux / nginx: {ratio(times['pollux, sync'], times['nginx']):.2f} (target 0.60)")
        print(f"without waiting for the disk: {ratio(times['pollux'], times['nginx']):.2f}")
    else:
        print("nginx is not installed: no comparison (Debian: apt-get install nginx-light)")
    print(f"waiting for the disk, pollux / dd conv=fsync: {ratio(times['pollux, sync'], times['dd']):.2f}")
    print(f"resident memory grew by {grown[0]:.0f} and {grown[1]:.0f} MB (target 32); {options.rounds} rounds")


if __name__ == "__main__":
    main()
