"""Several real servers on one PostgreSQL and one bucket behind a real nginx, by the files of examples/compose.

The bucket is moto's, a mock of S3; the model is a stub with OpenAI's API.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from pollux.services.keys import Keys
from pollux.stores.records import Records
from tests.engines.openai.stub import Stub
from tests.stores import servers

COMPOSE = Path(__file__).parent.parent.parent / "examples" / "compose"
FLASH = "/v1beta/models/gemini-2.5-flash"


def free_ports(count: int) -> list[int]:
    """Ports that nobody has."""
    with contextlib.ExitStack() as stack:
        made = [stack.enter_context(socket.socket()) for _ in range(count)]
        for one in made:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in made]


@dataclass
class Server:
    """`pollux serve` in a process of its own, always on the same port."""

    folder: Path
    port: int
    environ: Mapping[str, str]
    process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def log(self) -> Path:
        return self.folder / f"server-{self.port}.log"

    def start(self) -> None:
        """Starts, and waits until it is ready."""
        command = [sys.executable, "-m", "pollux", "serve", "--port", str(self.port)]
        with self.log.open("a") as log:
            self.process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=log, text=True, env=dict(self.environ), cwd=self.folder
            )
        assert self.process.stdout is not None
        assert "ready" in self.process.stdout.readline(), self.log.read_text()[-2000:]

    def stop(self, number: int = signal.SIGTERM, seconds: float = 60) -> int:
        """A signal, and its end; the exit status."""
        assert self.process is not None
        assert self.process.stdout is not None
        self.process.send_signal(number)
        status = self.process.wait(seconds)
        self.process.stdout.close()
        self.process = None
        return status

    def kill(self) -> None:
        """kill -9, if it runs."""
        if self.process is not None:
            self.stop(signal.SIGKILL)


@dataclass
class Cluster:
    """What tests hold.  `url` is nginx."""

    url: str
    servers: Sequence[Server]
    stub: Stub
    database: str
    key: str
    environ: Mapping[str, str]
    headers: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        self.headers = {"x-goog-api-key": self.key}

    def pollux(self, *arguments: str) -> str:
        """What a command of the same installation prints."""
        return cli(self.environ, *arguments).stdout.strip()


def cli(environ: Mapping[str, str], *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """Runs a command with these variables."""
    command = [sys.executable, "-m", "pollux", *arguments]
    return subprocess.run(command, capture_output=True, text=True, env=dict(environ), check=check, timeout=60)


def new_key(database: str) -> str:
    """The secret of a new key."""
    records = Records.open(database)
    try:
        return Keys(records).create()[1]
    finally:
        records.close()


def configure(folder: Path, model: str, database: str, bucket: str, more: Mapping[str, str]) -> dict[str, str]:
    """The environment of a server by examples/compose/pollux.toml, with the addresses of here."""
    text = (COMPOSE / "pollux.toml").read_text()
    assert text.count('"http://llm:8000/v1"') == 1
    (folder / "pollux.toml").write_text(text.replace('"http://llm:8000/v1"', f'"{model}"'))
    endpoint, _, name = bucket.rpartition("/")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("POLLUX_", "GOOGLE_", "GEMINI_", "AWS_"))}
    return {
        **kept,
        "POLLUX_CONFIG": str(folder / "pollux.toml"),
        "POLLUX_DATABASE_URL": database,
        "POLLUX_BLOBS_URL": f"s3://{name}/files",
        "POLLUX_DATA_DIR": str(folder / "data"),
        "POLLUX_HOST": "127.0.0.1",
        "POLLUX_LOG_LEVEL": "warning",
        "POLLUX_SERVER_TRUSTED_PROXIES": "127.0.0.0/8",
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        **more,
    }


@contextlib.contextmanager
def stub() -> Iterator[Stub]:
    """A stub that lives in a thread, beside tests that block."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    made = Stub()
    asyncio.run_coroutine_threadsafe(made.__aenter__(), loop).result(10)
    try:
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(made.__aexit__(None, None, None), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


def nginx_program() -> str:
    """Where nginx is; without it the test is skipped."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    if program is None:
        pytest.skip("nginx is not installed (Debian: apt-get install nginx-light)")
    return program


def nginx_config(folder: Path, port: int, ports: Sequence[int], edit: Callable[[str], str] = str) -> str:
    """examples/compose/nginx.conf with the addresses and folders of here."""
    text = edit((COMPOSE / "nginx.conf").read_text())
    names = "\n".join(f"        server 127.0.0.1:{one} max_fails=0;" for one in ports)
    text, count = re.subn(r"(?m)(^        server pollux-\d:8000 max_fails=0;\n)+", names + "\n", text)
    assert count == 1
    assert text.count("listen 8080;") == 1
    text = text.replace("listen 8080;", f"listen 127.0.0.1:{port};").replace("/tmp/nginx", f"{folder}/nginx")
    text = text.replace("/dev/stderr", f"{folder}/nginx-errors.log").replace("/dev/stdout", f"{folder}/nginx.log")
    return ("user root;\n" if os.geteuid() == 0 else "") + "daemon off;\n" + text


@contextlib.contextmanager
def nginx(folder: Path, ports: Sequence[int], edit: Callable[[str], str] = str) -> Iterator[str]:
    """nginx before servers on these ports: its address."""
    (port,) = free_ports(1)
    path = folder / "nginx.conf"
    path.write_text(nginx_config(folder, port, ports, edit))
    process = subprocess.Popen([nginx_program(), "-c", str(path), "-e", str(folder / "nginx-errors.log")])
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            assert process.poll() is None, (folder / "nginx-errors.log").read_text()
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


@dataclass(frozen=True)
class Stores:
    """A PostgreSQL and a mock of S3."""

    postgresql: str
    s3: str

    def new(self) -> tuple[str, str]:
        """An empty database and an empty bucket: their addresses."""
        return servers.new_database(self.postgresql), f"{self.s3}/{servers.new_bucket(self.s3)}"


@contextlib.contextmanager
def stores() -> Iterator[Stores]:
    """Both, started."""
    with servers.postgresql() as postgresql, servers.mock_s3() as s3:
        yield Stores(postgresql, s3)


@contextlib.contextmanager
def cluster(
    folder: Path, stores: Stores, count: int, more: Mapping[str, str] | None = None, edit: Callable[[str], str] = str
) -> Iterator[Cluster]:
    """`count` servers, the first of which leads the batch jobs, and nginx; `edit` changes nginx's configuration."""
    nginx_program()
    with contextlib.ExitStack() as stack:
        database, bucket = stores.new()
        model = stack.enter_context(stub())
        environ = configure(folder, model.url, database, bucket, more or {})
        key = new_key(database)
        made = [
            Server(folder, port, {**environ, "POLLUX_DATA_DIR": f"{folder}/data-{port}"}) for port in free_ports(count)
        ]
        for one in made:
            stack.callback(one.kill)
        made[0].start()
        if environ.get("POLLUX_BATCH") != "none":
            wait_for(lambda: leaders(database) > 0)
        with ThreadPoolExecutor(count) as pool:
            list(pool.map(Server.start, made[1:]))
        url = stack.enter_context(nginx(folder, [one.port for one in made], edit))
        yield Cluster(url, made, model, database, key, environ)


def leaders(database: str) -> int:
    """Sessions that hold one of our locks."""
    rows = servers.run(database, "SELECT count(DISTINCT pid) FROM pg_locks WHERE locktype = 'advisory' AND granted")
    return int(rows[0][0])


def wait_for(true: Callable[[], bool], seconds: float = 20) -> None:
    """Until it is so."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end
        time.sleep(0.05)
