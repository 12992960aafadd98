"""The Files API by hand, as the SDKs and curl speak it."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from pollux.services.files import NewFile
from pollux.testing import RunningServer, ScriptedEngine, running
from tests.services.kit import pieces

START = {"X-Goog-Upload-Protocol": "resumable", "X-Goog-Upload-Command": "start", "Content-Type": "application/json"}
STATUS, RECEIVED = "x-goog-upload-status", "x-goog-upload-size-received"


@dataclass(frozen=True)
class Here:
    """A server with a key for each of two projects."""

    server: RunningServer
    mine: str
    theirs: str

    def ask(
        self, method: str, path: str, headers: dict[str, str] | None = None, *, key: str | None = "", **more: Any
    ) -> httpx.Response:
        """One request; `key` None sends none."""
        secret = self.mine if key == "" else key
        given = {**({"x-goog-api-key": secret} if secret else {}), **(headers or {})}
        return httpx.request(method, path if path.startswith("http") else self.server.url + path, headers=given, **more)

    def start(self, size: int | None = None, *, path: str = "/upload/v1beta/files", **more: Any) -> str:
        """The address of a new upload."""
        told = {} if size is None else {"X-Goog-Upload-Header-Content-Length": str(size)}
        answer = self.ask("POST", path, {**START, **told, **more.pop("headers", {})}, **more)
        assert (answer.status_code, answer.headers[STATUS]) == (200, "active"), answer.text
        return str(answer.headers["x-goog-upload-url"])

    def chunk(
        self, url: str, command: str, offset: int | None = None, body: bytes = b"", **more: Any
    ) -> httpx.Response:
        """A request to an upload's address, without a key."""
        told = {} if offset is None else {"X-Goog-Upload-Offset": str(offset)}
        headers = {"X-Goog-Upload-Command": command, **told, **more.pop("headers", {})}
        return self.ask("POST", url, headers, content=body, **{"key": None, **more})

    def upload(self, data: bytes, mime: str = "text/plain", **file: Any) -> dict[str, Any]:
        """A File."""
        url = self.start(len(data), headers={"X-Goog-Upload-Header-Content-Type": mime}, json={"file": file})
        answer = self.chunk(url, "upload, finalize", 0, data)
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()["file"]
        return found


@pytest.fixture(scope="module")
def here() -> Iterator[Here]:
    with running(ScriptedEngine(), {"files.max_bytes": 20_000_000, "server.trusted_proxies": ["127.0.0.1"]}) as server:
        _, mine = server.app.keys.create("mine", "mine")
        _, theirs = server.app.keys.create("theirs", "theirs")
        yield Here(server, mine, theirs)


def error(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["status"]


def query(here: Here, url: str) -> tuple[str, int]:
    answer = here.chunk(url, "query")
    assert answer.status_code == 200
    return answer.headers[STATUS], int(answer.headers[RECEIVED])


def test_a_resumable_upload(here: Here) -> None:
    url = here.start(6, json={"file": {"display_name": "Six", "mime_type": "text/plain", "size_bytes": 6}})
    first = here.chunk(url, "upload", 0, b"abc")
    assert (first.status_code, first.headers[STATUS], first.headers[RECEIVED], first.json()) == (200, "active", "3", {})
    last = here.chunk(url, "upload, finalize", 3, b"def")
    assert (last.status_code, last.headers[STATUS]) == (200, "final")
    file = last.json()["file"]
    digest = base64.b64encode(hashlib.sha256(b"abcdef").hexdigest().encode()).decode()
    expected = {
        "displayName": "Six",
        "mimeType": "text/plain",
        "sizeBytes": "6",
        "sha256Hash": digest,
        "state": "ACTIVE",
        "source": "UPLOADED",
        "uri": f"{here.server.url}/v1beta/{file['name']}",
    }
    assert {name: file[name] for name in expected} == expected
    assert file["name"].removeprefix("files/").isalnum()
    assert {file[name][-1] for name in ("createTime", "updateTime", "expirationTime")} == {"Z"}
    assert here.ask("GET", f"/v1/{file['name']}").json() == file
    assert here.chunk(url, "upload, finalize", 3, b"def").json() == last.json()
    assert here.ask("DELETE", f"/v1alpha/{file['name']}", content=b"{}").json() == {}
    assert error(here.ask("GET", f"/v1beta/{file['name']}")) == (404, "NOT_FOUND")
    assert error(here.chunk(url, "upload, finalize", 3, b"def")) == (404, "NOT_FOUND")


def test_header_spelling(here: Here) -> None:
    """Python's aiohttp and very old Java clients compare to the letter."""
    answer = here.ask("POST", "/upload/v1beta/files", START)
    names = [name.decode() for name, _ in answer.headers.raw]
    assert "x-goog-upload-url" in names
    assert "X-Goog-Upload-Status" in names
    assert answer.headers["x-goog-upload-chunk-granularity"] == "262144"


@pytest.mark.parametrize(
    ("path", "headers", "expected"),
    [
        ("/upload/v1/files", {}, "{url}"),
        ("/upload/v1alpha/files", {}, "{url}"),
        ("/v1beta/upload/v1beta/files", {}, "{url}"),
        ("/upload/files", {}, "{url}"),
        ("/pfx/upload/v1beta/files", {}, "{url}/pfx"),
        ("/a/b/v1/upload/v1/files/", {}, "{url}/a/b"),
        ("/upload/v1beta/files", {"Host": "localhost:1234"}, "http://localhost:1234"),
        (
            "/upload/v1beta/files",
            {"X-Forwarded-Host": "localhost", "X-Forwarded-Proto": "https", "X-Forwarded-Prefix": "/pfx/"},
            "https://localhost/pfx",
        ),
        (
            "/pfx/upload/v1beta/files",
            {"X-Forwarded-Host": "localhost", "X-Forwarded-Port": "8443", "X-Forwarded-Prefix": "/pfx"},
            "http://localhost:8443/pfx",
        ),
        ("/upload/v1beta/files", {"X-Forwarded-Prefix": "/a b/<script>"}, "{url}"),
    ],
)
def test_the_address_of_an_upload(here: Here, path: str, headers: dict[str, str], expected: str) -> None:
    url = here.start(path=path, headers=headers)
    base = expected.format(url=here.server.url)
    parts = urlsplit(url)
    assert url.startswith(f"{base}/upload/v1beta/files?")
    local = f"{here.server.url}{parts.path}?{parts.query}"  # as a proxy would hand it on
    answer = here.chunk(local, "upload, finalize", 0, b"x", headers=headers)
    assert answer.json()["file"]["uri"].startswith("http")
    assert len(parse_qs(parts.query)["upload_id"][0]) >= 40


def test_only_a_proxy_is_believed() -> None:
    with running(ScriptedEngine()) as server:
        _, key = server.app.keys.create()
        told = {**START, "X-Forwarded-Prefix": "/evil", "X-Forwarded-Proto": "https", "x-goog-api-key": key}
        answer = httpx.post(f"{server.url}/upload/v1beta/files", headers=told)
        assert answer.headers["x-goog-upload-url"].startswith(f"{server.url}/upload/")
    with running(ScriptedEngine(), {"server.public_url": "https://gemini.example/pfx/"}) as server:
        answer = httpx.post(f"{server.url}/upload/v1beta/files", headers={**START, "x-goog-api-key": "k"})
        assert answer.headers["x-goog-upload-url"].startswith("https://gemini.example/pfx/upload/v1beta/files?")


@pytest.mark.parametrize(
    ("body", "headers", "display"),
    [
        (b"{'file': {'display_name': 'TEXT'}}", {"Content-Type": "application/x-www-form-urlencoded"}, "TEXT"),
        (b'{"file": {"displayName": "TEXT", "sizeBytes": "4"}}', {"Content-Type": "application/jsonl"}, "TEXT"),
        (b"", {}, None),
        (b"{}", {"X-Goog-Upload-File-Name": "C:\\x\\..\\name.txt"}, "name.txt"),
        (b"{}", {"X-Goog-Upload-File-Name": "../../etc/passwd"}, "passwd"),
    ],
)
def test_forms_of_metadata(here: Here, body: bytes, headers: dict[str, str], display: str | None) -> None:
    url = here.start(4, headers=headers, content=body)
    assert here.chunk(url, "upload, finalize", 0, b"data").json()["file"].get("displayName") == display


def test_a_client_that_lost_its_headers(here: Here) -> None:
    """JS with `httpOptions`: no X-Goog-Upload-* at the start, everything is in the body."""
    body = {"file": {"mimeType": "text/plain", "displayName": "x", "sizeBytes": "3"}}
    answer = here.ask("POST", "/v1beta/upload/v1beta/files", json=body)
    url = answer.headers["x-goog-upload-url"]
    assert error(here.chunk(url, "upload, finalize", 0, b"four")) == (400, "INVALID_ARGUMENT")
    assert here.chunk(url, "upload, finalize", 0, b"thr").json()["file"]["mimeType"] == "text/plain"


def test_an_empty_file_and_an_empty_last_chunk(here: Here) -> None:
    assert here.upload(b"")["sizeBytes"] == "0"
    url = here.start()
    here.chunk(url, "upload", 0, b"abc")
    assert here.chunk(url, "upload, finalize", 3).json()["file"]["sizeBytes"] == "3"


@pytest.mark.parametrize(
    ("command", "offset", "body", "headers"),
    [
        ("upload", 4, b"x", {}),
        ("upload", -1, b"x", {}),
        ("upload", 3, b"abcd", {}),
        ("upload", 3, b"x" * 100, {"Transfer-Encoding": "chunked"}),
        ("upload, finalize", 3, b"ab", {}),
        ("finalize", None, b"", {}),
        ("start", None, b"", {}),
        ("jump", 3, b"", {}),
        ("", 3, b"abc", {}),
        ("upload", 3, b"abc", {"Content-Encoding": "gzip"}),
    ],
)
def test_what_is_refused_changes_nothing(
    here: Here, command: str, offset: int | None, body: bytes, headers: dict[str, str]
) -> None:
    url = here.start(6)
    here.chunk(url, "upload", 0, b"abc")
    told = {"X-Goog-Upload-Command": command, **headers}
    told |= {} if offset is None else {"X-Goog-Upload-Offset": str(offset)}
    content: Any = iter([body]) if "Transfer-Encoding" in headers else body
    answer = here.ask("POST", url, told, key=None, content=content)
    assert error(answer) == (400, "INVALID_ARGUMENT")
    assert answer.headers[STATUS] == "active"
    assert query(here, url) == ("active", 3)
    assert here.chunk(url, "upload, finalize", 3, b"def").status_code == 200


def test_cancelling(here: Here) -> None:
    url = here.start(6)
    here.chunk(url, "upload", 0, b"abc")
    assert here.chunk(url, "cancel").headers[STATUS] == "cancelled"
    answer = here.chunk(url, "upload, finalize", 3, b"def")
    assert (*error(answer), answer.headers[STATUS]) == (400, "FAILED_PRECONDITION", "cancelled")


@pytest.mark.parametrize("name", ["../x", "files/../../etc", "UPPER", "a/b", "-a", "x" * 41, "files/a%2fb"])
def test_bad_names(here: Here, name: str) -> None:
    answer = here.ask("POST", "/upload/v1beta/files", START, json={"file": {"name": name}})
    assert error(answer) == (400, "INVALID_ARGUMENT")
    assert answer.headers[STATUS] == "final"


@pytest.mark.parametrize(
    ("headers", "file"),
    [
        ({"X-Goog-Upload-Header-Content-Length": "-1"}, {}),
        ({"X-Goog-Upload-Header-Content-Length": "many"}, {}),
        ({"X-Goog-Upload-Header-Content-Length": "20000001"}, {}),
        ({}, {"sizeBytes": "-5"}),
        ({}, {"displayName": "x" * 513}),
        ({}, {"displayName": "a\x00b"}),
        ({}, {"mimeType": "x" * 300}),
        ({"X-Goog-Upload-Protocol": "carrier-pigeon"}, {}),
    ],
)
def test_bad_starts(here: Here, headers: dict[str, str], file: dict[str, str]) -> None:
    answer = here.ask("POST", "/upload/v1beta/files", {**START, **headers}, json={"file": file})
    assert error(answer) == (400, "INVALID_ARGUMENT")
    assert answer.headers[STATUS] == "final"


def test_names_of_ones_own(here: Here) -> None:
    assert here.upload(b"x", name="files/my-own-name")["name"] == "files/my-own-name"
    taken = {"file": {"name": "files/my-own-name"}}
    assert error(here.ask("POST", "/upload/v1beta/files", START, json=taken)) == (409, "ALREADY_EXISTS")
    assert error(here.ask("POST", "/upload/v1beta/files", START, key=here.theirs, json=taken))[0] == 409


@pytest.mark.parametrize("secret", ["", "nonsense", "a" * 43, "%00", "..%2f.."])
def test_unknown_uploads(here: Here, secret: str) -> None:
    answer = here.chunk(f"{here.server.url}/upload/v1beta/files?upload_id={secret}", "query")
    assert error(answer) == (404, "NOT_FOUND")
    assert answer.headers[STATUS] == "final"


def test_starting_needs_a_key(here: Here) -> None:
    assert here.ask("POST", "/upload/v1beta/files", START, key=None).status_code == 403
    assert here.ask("POST", "/upload/v1beta/files", START, key="wrong").status_code == 400
    assert here.ask("PATCH", "/upload/v1beta/files").status_code == 405


def test_projects(here: Here) -> None:
    file = here.upload(b"secret")
    path = f"/v1beta/{file['name']}"
    assert error(here.ask("GET", path, key=here.theirs)) == (403, "PERMISSION_DENIED")
    assert error(here.ask("DELETE", path, key=here.theirs)) == (403, "PERMISSION_DENIED")
    assert here.ask("GET", "/v1beta/files", key=here.theirs).json() == {}
    body = {"contents": [{"parts": [{"fileData": {"fileUri": file["uri"]}}]}]}
    asked = here.ask("POST", "/v1beta/models/gemini-2.5-flash:generateContent", key=here.theirs, json=body)
    assert error(asked) == (403, "PERMISSION_DENIED")
    url = here.start(3)
    assert here.chunk(url, "upload", 0, b"abc", key=here.theirs).status_code == 403
    assert here.chunk(url, "upload, finalize", 0, b"abc", key=here.mine).status_code == 200


def test_lists(here: Here) -> None:
    with running(ScriptedEngine()) as server:
        fresh = replace(here, server=server, mine="k")
        names = [fresh.upload(b"x")["name"] for _ in range(12)][::-1]
        first = fresh.ask("GET", "/v1beta/files").json()
        assert [file["name"] for file in first["files"]] == names[:10]
        rest = fresh.ask("GET", f"/v1beta/files?pageSize=100&pageToken={first['nextPageToken']}").json()
        assert [file["name"] for file in rest["files"]] == names[10:]
        assert "nextPageToken" not in rest
        assert len(fresh.ask("GET", "/v1beta/files?page_size=5").json()["files"]) == 5
        # MS8A is "1/" and a NUL, which PostgreSQL takes in no text
        for wrong in ("pageSize=-1", "pageToken=x", "pageToken=!!", "pageToken=MS8A", "pageSize=all"):
            assert error(fresh.ask("GET", f"/v1beta/files?{wrong}"))[0] == 400


def test_raw(here: Here) -> None:
    headers = {"X-Goog-Upload-Protocol": "raw", "Content-Type": "text/csv", "X-Goog-Upload-File-Name": "t.csv"}
    answer = here.ask("POST", "/upload/v1beta/files", headers, content=b"a,b")
    file = answer.json()["file"]
    assert answer.headers[STATUS] == "final"
    assert (file["mimeType"], file["displayName"], file["sizeBytes"]) == ("text/csv", "t.csv", "3")
    one = here.ask("POST", "/upload/v1beta/files?uploadType=media", {"Content-Type": "text/csv"}, content=b"a,b")
    assert one.json()["file"]["sha256Hash"] == file["sha256Hash"]
    big = here.ask("POST", "/upload/v1beta/files", headers, content=b"x" * 20_000_001)
    assert error(big) == (400, "INVALID_ARGUMENT")


@pytest.mark.parametrize("step", [1, 3, 1000])
def test_multipart(here: Here, step: int) -> None:
    data = b"--b\r\n--\r\n\r\n" * 20 + b"\r\n-"  # much that looks like a boundary
    body = (
        b"preamble\r\n--bound ary\r\nContent-Type: application/json; charset=utf-8\r\n\r\n"
        b'{"file": {"display_name": "Two parts"}}\r\n--bound ary  \r\ncontent-type: text/plain\r\n\r\n'
        + data
        + b"\r\n--bound ary--\r\nepilogue"
    )
    headers = {"X-Goog-Upload-Protocol": "multipart", "Content-Type": 'multipart/related; boundary="bound ary"'}
    chunks = (body[at : at + step] for at in range(0, len(body), step))
    file = here.ask("POST", "/upload/v1beta/files", headers, content=chunks).json()["file"]
    assert (file["displayName"], file["mimeType"], file["sizeBytes"]) == ("Two parts", "text/plain", str(len(data)))
    assert base64.b64decode(file["sha256Hash"]).decode() == hashlib.sha256(data).hexdigest()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--b--",
        b"--b\r\n\r\n{}\r\n--b--",
        b"--b\r\n\r\n{}\r\n--b\r\n\r\ndata",
        b"--b\r\n\r\nno json\r\n--b\r\n\r\n",
    ],
)
def test_bad_multipart(here: Here, body: bytes) -> None:
    headers = {"X-Goog-Upload-Protocol": "multipart", "Content-Type": "multipart/related; boundary=b"}
    before = here.ask("GET", "/v1beta/files?pageSize=100").json()
    assert error(here.ask("POST", "/upload/v1beta/files", headers, content=body)) == (400, "INVALID_ARGUMENT")
    assert here.ask("GET", "/v1beta/files?pageSize=100").json() == before


def test_metadata_only(here: Here) -> None:
    file = here.ask("POST", "/v1beta/files", json={"file": {"displayName": "Nothing"}}).json()["file"]
    assert (file["displayName"], file["sizeBytes"], file["state"]) == ("Nothing", "0", "ACTIVE")
    assert here.ask("POST", "/v1beta/files", json={"file": {"sizeBytes": 4}}).status_code == 400


def test_uploaded_files_are_not_downloaded(here: Here) -> None:
    file = here.upload(b"mine")
    assert "downloadUri" not in file
    for path in (f"/v1beta/{file['name']}:download?alt=media", f"/v1beta/{file['name']}?alt=media"):
        assert error(here.ask("GET", path)) == (403, "PERMISSION_DENIED")
    with running(ScriptedEngine(), {"files.allow_download": True}) as server:
        open_ = replace(here, server=server, mine="k")
        file = open_.upload(b"mine")
        assert open_.ask("GET", file["downloadUri"]).content == b"mine"


@pytest.fixture(scope="module")
def generated(here: Here) -> str:
    """The id of a generated file of 2,500,000 bytes: more than one chunk of reading."""
    data = bytes(range(250)) * 10_000

    async def make() -> str:
        files = here.server.app.files
        blob = await files.blobs.create()
        await files.blobs.append(blob, 0, pieces(data))
        await files.blobs.seal(blob)
        new = NewFile("mine", blob, len(data), hashlib.sha256(data).hexdigest(), declared="a/b", source="GENERATED")
        return (await files.born(new)).id

    import asyncio

    return asyncio.run(make())


@pytest.mark.parametrize(
    "path",
    [
        "/v1beta/files/{id}:download?alt=media",
        "/download/v1beta/files/{id}:download?alt=media",
        "/v1/files/{id}?alt=media",
        "/v1/files/http://127.0.0.1:1/v1beta/files/{id}:download?alt=media:download?alt=media",
        "/v1beta/files/http://127.0.0.1:1/v1beta/files/{id}?alt=media%3Adownload&alt=media",
    ],
)
def test_downloads(here: Here, generated: str, path: str) -> None:
    answer = here.ask("GET", path.format(id=generated))
    assert answer.status_code == 200
    assert answer.content == bytes(range(250)) * 10_000
    assert (answer.headers["content-type"], answer.headers["x-content-type-options"]) == ("a/b", "nosniff")
    assert error(here.ask("GET", path.format(id=generated), key=here.theirs)) == (403, "PERMISSION_DENIED")


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [
        ("bytes=0-9", 206, 0, 10),
        ("bytes=2499990-", 206, 2_499_990, 2_500_000),
        ("bytes=-5", 206, 2_499_995, 2_500_000),
        ("bytes=1048570-1048590", 206, 1_048_570, 1_048_591),
        ("bytes=2500000-", 416, 0, 0),
        ("bytes=9-1", 200, 0, 2_500_000),
        ("lines=1-2", 200, 0, 2_500_000),
        ("bytes=0-1,5-6", 200, 0, 2_500_000),
    ],
)
def test_ranges(here: Here, generated: str, asked: str, status: int, start: int, end: int) -> None:
    answer = here.ask("GET", f"/v1beta/files/{generated}:download?alt=media", {"Range": asked})
    assert answer.status_code == status
    assert answer.content == (bytes(range(250)) * 10_000)[start:end]
    if status == 206:
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/2500000"
    if status == 416:
        assert answer.headers["content-range"] == "bytes */2500000"


@pytest.mark.parametrize("name", ["..%2F..%2Fetc", "UPPER", "a" * 41, "%00", "a%20b"])
def test_bad_ids(here: Here, name: str) -> None:
    assert error(here.ask("GET", f"/v1beta/files/{name}")) == (400, "INVALID_ARGUMENT")


def test_files_in_requests(here: Here) -> None:
    picture = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
    good = here.upload(base64.b64decode(picture), "image/png")
    bad = here.upload(b"nonsense", "image/png")
    assert (good["state"], bad["state"], bad["error"]["code"]) == ("ACTIVE", "FAILED", 3)

    def ask(uri: str) -> httpx.Response:
        body = {"contents": [{"parts": [{"file_data": {"file_uri": uri, "mime_type": "image/png"}}, {"text": "?"}]}]}
        return here.ask("POST", "/v1beta/models/gemini-2.5-flash:generateContent", content=json.dumps(body))

    file_id = good["name"].removeprefix("files/")
    for uri in (good["uri"], good["name"], f"https://generativelanguage.googleapis.com/v1/files/{file_id}"):
        assert ask(uri).status_code == 200, uri
    assert ask(f"https://x.example/pfx/v1alpha/files/{file_id}").status_code == 200
    assert error(ask(bad["uri"])) == (400, "FAILED_PRECONDITION")
    assert error(ask("files/unknown")) == (404, "NOT_FOUND")
