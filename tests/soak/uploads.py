"""Uploads under kill -9: the server dies at random moments, the clients go on; nothing may be lost, nothing may stay.

python -m tests.soak.uploads --kills 100 --seed 1
"""

from __future__ import annotations

import argparse
import base64
import contextlib
import hashlib
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from pollux.stores.records import Records

KEY = {"x-goog-api-key": "k"}
MIB = 1024 * 1024


@dataclass
class Server:
    """A real server in a process of its own, always on the same port."""

    folder: Path
    port: int
    process: subprocess.Popen[str] | None = None
    program: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Starts, and waits until it is ready."""
        serve = ("-m", "pollux", "serve", "--port", str(self.port), "--data-dir", str(self.folder), "--log-level")
        command = [sys.executable, *(self.program or (*serve, "warning"))]
        with (self.folder.parent / "server.log").open("a") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True)
        assert self.process.stdout is not None
        assert "ready" in self.process.stdout.readline(), (self.folder.parent / "server.log").read_text()[-2000:]

    def kill(self) -> None:
        """kill -9."""
        self.stop(signal.SIGKILL)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """A signal, and its end."""
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(number)
        self.process.wait(30)
        self.process.stdout.close()


@dataclass
class Report:
    """What happened."""

    kills: int = 0
    files: int = 0
    bytes: int = 0
    resumed: int = 0
    faults: list[str] = field(default_factory=list)


class Client(threading.Thread):
    """Uploads file after file; whatever breaks, it asks how far it came and goes on."""

    def __init__(self, url: str, seed: int, most: int, over: threading.Event, report: Report) -> None:
        super().__init__(daemon=True)
        self._url, self._most, self._over, self._report = url, most, over, report
        self._random = random.Random(seed)
        self._http = httpx.Client(timeout=20)

    def run(self) -> None:
        """Until it is over, but every file that was begun to its end."""
        try:
            while not self._over.is_set():
                self._upload(self._random.randbytes(self._random.choice([0, 1, 1000, MIB, self._most])))
        except Exception as error:
            self._report.faults.append(repr(error))
        finally:
            self._http.close()

    def _upload(self, data: bytes) -> None:
        address = self._insist(None, "start", {"X-Goog-Upload-Header-Content-Length": str(len(data))}).headers[
            "x-goog-upload-url"
        ]
        at = 0
        while True:
            end = min(len(data), at + self._random.choice([65_536, MIB, 8 * MIB]))
            last = end == len(data)
            try:
                answer = self._send(address, "upload, finalize" if last else "upload", data[at:end], at)
                assert answer.status_code < 500, answer.text
            except (httpx.TransportError, AssertionError):
                self._report.resumed += 1
                told = self._insist(address, "query", {})
                at = int(told.headers["x-goog-upload-size-received"])
                if told.headers["x-goog-upload-status"] != "final":
                    continue
                answer = self._insist(address, "finalize", {})
            else:
                at = end
                if answer.status_code == 200 and not last:
                    told_size = int(answer.headers["x-goog-upload-size-received"])
                    assert told_size == end, f"{told_size} bytes were acknowledged, not {end}"
            if answer.headers.get("x-goog-upload-status") == "final":
                return self._check(data, answer.json()["file"])
            assert answer.status_code == 200, answer.text

    def _check(self, data: bytes, file: dict[str, Any]) -> None:
        found = base64.b64decode(file["sha256Hash"]).decode()
        if (found, int(file["sizeBytes"])) != (hashlib.sha256(data).hexdigest(), len(data)):
            self._report.faults.append(f"{file['name']} is not what was sent")
        self._report.files += 1
        self._report.bytes += len(data)

    def _insist(self, address: str | None, command: str, headers: dict[str, str]) -> httpx.Response:
        """A request that carries no bytes, until it is answered."""
        until = time.monotonic() + 60
        while True:
            try:
                answer = self._send(address, command, b"", None, headers)
                if answer.status_code == 200:
                    return answer
                assert answer.status_code >= 500, answer.text
            except httpx.TransportError:
                pass
            assert time.monotonic() < until, "the server did not come back"
            time.sleep(0.05)

    def _send(
        self, address: str | None, command: str, body: bytes, at: int | None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        told = {"X-Goog-Upload-Command": command, **(headers or {})}
        if at is not None:
            told["X-Goog-Upload-Offset"] = str(at)
        if address is None:
            told |= {**KEY, "X-Goog-Upload-Protocol": "resumable"}
        return self._http.post(address or f"{self._url}/upload/v1beta/files", content=body, headers=told)


def soak(folder: Path, kills: int, seed: int = 1, clients: int = 3, most: int = 20 * MIB) -> Report:
    """Kills the server so many times while clients upload, then looks for faults and remains."""
    chance = random.Random(seed)
    data = folder / "data"
    data.mkdir()
    server = Server(data, free_port())
    report, over = Report(), threading.Event()
    server.start()
    threads = [Client(server.url, seed * 1000 + number, most, over, report) for number in range(clients)]
    try:
        for thread in threads:
            thread.start()
        for _ in range(kills):
            time.sleep(chance.uniform(0.02, 0.8))
            server.kill()
            report.kills += 1
            server.start()
        over.set()
        for thread in threads:
            thread.join(120)
            assert not thread.is_alive(), "a client does not come to an end"
        _check_kept(server, report)
    finally:
        over.set()
        server.stop()
    report.faults += _remains(data)
    return report


def _check_kept(server: Server, report: Report) -> None:
    """Every finished file is there, none twice; then all are deleted."""
    with httpx.Client(base_url=server.url, headers=KEY, timeout=20) as http:
        names, token = [], ""
        while True:
            page = http.get("/v1beta/files", params={"pageSize": 100, "pageToken": token}).json()
            names += [file["name"] for file in page.get("files", [])]
            token = page.get("nextPageToken", "")
            if not token:
                break
        if len(names) != report.files:
            report.faults.append(f"{report.files} uploads ended well, {len(names)} files are there")
        for name in names:
            assert http.delete(f"/v1beta/{name}").status_code == 200


def _remains(data: Path) -> Iterator[str]:
    """What is left of deleted files after `pollux files gc`."""
    gc = [sys.executable, "-m", "pollux", "files", "gc", "--hours", "0", "--data-dir", str(data)]
    with contextlib.closing(Records.open(f"sqlite:///{data / 'pollux.db'}")) as records:
        # Uploads whose start was not answered before the kill are nobody's: they would go in two days.
        with records._write() as connection:
            connection.exec_driver_sql("UPDATE uploads SET updated_at = 0 WHERE state = 'active'")
        print(subprocess.run(gc, check=True, capture_output=True, text=True).stdout.strip())
        with records._read() as connection:
            for table in ("files", "blobs"):
                if count := connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar():
                    yield f"{count} rows stay in {table}"
            if count := connection.exec_driver_sql("SELECT count(*) FROM pieces WHERE blob != ''").scalar():
                yield f"{count} rows stay in pieces"
    if stay := [path for path in (data / "blobs").rglob("*") if path.is_file()]:
        yield f"{len(stay)} objects stay, {sum(path.stat().st_size for path in stay)} bytes"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def main() -> int:
    """0 when nothing was lost and nothing stays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        report = soak(Path(folder), options.kills, options.seed)
    print(
        f"{report.kills} kills, {report.files} files of {report.bytes / 1e6:.0f} MB, {report.resumed} resumptions, "
        f"{len(report.faults)} faults in {time.monotonic() - began:.0f} s"
    )
    for fault in report.faults:
        print(fault)
    return 1 if report.faults else 0


if __name__ == "__main__":
    sys.exit(main())
