"""Parts -> Media."""

import pytest
from blake3 import blake3

from pollux.errors import InvalidArgument, NotFound, Unimplemented
from pollux.media.fetch import Fetched
from pollux.media.limits import FetchPolicy, MediaLimits
from pollux.media.resolve import Stored, own_file, resolve
from pollux.wire.content import Blob, FileData
from tests.media.files import pdf, video, wav
from tests.media.samples import LIMITS, samples

FIELD = "contents[0].parts[1].inlineData"


@pytest.mark.parametrize("mime", samples())
@pytest.mark.parametrize("declared", ["", "image/png", "image/jpg", "text/plain", "application/octet-stream"])
async def test_inline(mime: str, declared: str) -> None:
    data = samples()[mime]
    part = Blob(mime_type=declared, data=data, display_name="a")
    got = await resolve(part, FIELD, LIMITS, level="MEDIA_RESOLUTION_LOW")
    assert (got.kind, got.mime_type, got.width, got.height, got.orientation) == ("image", mime, 96, 64, 1)
    assert (got.digest, got.field, got.name, got.level) == (
        blake3(data).hexdigest(),
        FIELD,
        "a",
        "MEDIA_RESOLUTION_LOW",
    )


async def test_large_pictures_are_judged_in_a_thread() -> None:
    data = samples()["image/jpeg"] + b"\0" * (9 << 20)
    assert (await resolve(Blob(data=data), FIELD, LIMITS)).digest == blake3(data).hexdigest()


@pytest.mark.parametrize(
    ("data", "declared", "why"),
    [
        (b"", "image/png", "the media is empty"),
        (b"not a picture", "image/png", "not image/png, as declared"),
        (b"PK\x03\x04", "image/png", "application/zip, which is not supported. Send image/png, image/jpeg"),
        (b"\xff\x0a", "", "image/jxl, which is not supported"),
        (b"????", "", "of an unknown type"),
        (b"????", "application/x-thing", "application/x-thing, which is not supported"),
    ],
)
async def test_refused(data: bytes, declared: str, why: str) -> None:
    with pytest.raises(InvalidArgument) as caught:
        await resolve(Blob(mime_type=declared, data=data), FIELD, LIMITS)
    assert why in caught.value.message
    assert caught.value.field == FIELD


@pytest.mark.parametrize(
    ("data", "declared", "kind"),
    [
        (pdf([[]]), "image/png", "document"),
        (video(1.0), "", "video"),
        (wav(), "application/octet-stream", "audio"),
        (b"hello", "text/plain; charset=utf-8", "text"),
    ],
)
async def test_other_kinds(data: bytes, declared: str, kind: str) -> None:
    got = await resolve(Blob(mime_type=declared, data=data), FIELD, LIMITS)
    assert (got.kind, got.digest) == (kind, blake3(data).hexdigest())


@pytest.mark.parametrize(
    ("uri", "own"),
    [
        ("files/abc123", "abc123"),
        ("https://generativelanguage.googleapis.com/v1beta/files/abc", "abc"),
        ("http://127.0.0.1:8000/v1/files/abc-1:download?alt=media", "abc-1"),
        ("http://localhost:8000/v1alpha/files/x?key=1", "x"),
        ("https://example.com/files/photo.png", None),
        ("https://example.com/v1beta/files/photo.png", None),
        ("https://example.com/a.png?next=/v1beta/files/x/y", None),
        ("files/", None),
    ],
)
def test_own_files(uri: str, own: str | None) -> None:
    assert own_file(uri) == own


async def test_own_file_through_the_lookup() -> None:
    async def lookup(name: str) -> Stored:
        if name != "abc":
            raise NotFound(f"File {name} not found.")
        return Stored(samples()["image/webp"], "image/webp", "files/abc")

    got = await resolve(FileData(file_uri="files/abc"), FIELD, LIMITS, lookup=lookup)
    assert (got.mime_type, got.name) == ("image/webp", "files/abc")
    with pytest.raises(NotFound):
        await resolve(FileData(file_uri="files/xyz"), FIELD, LIMITS, lookup=lookup)
    with pytest.raises(Unimplemented, match="no files here"):
        await resolve(FileData(file_uri="files/abc"), FIELD, LIMITS)


async def test_address() -> None:
    asked: list[tuple[str, str]] = []

    async def fetcher(url: str, field: str) -> Fetched:
        asked.append((url, field))
        return Fetched(samples()["image/jpeg"], "image/webp", url)

    part = FileData(file_uri="https://example.com/a.jpg", mime_type="image/png")
    got = await resolve(part, "contents[0].parts[0].fileData", LIMITS, fetcher=fetcher)
    assert got.mime_type == "image/jpeg"
    assert asked == [("https://example.com/a.jpg", "contents[0].parts[0].fileData.fileUri")]


@pytest.mark.parametrize("uri", ["", "http://127.0.0.1/a.png", "ftp://example.com/a.png", "gs://bucket/a.png", "a.png"])
async def test_refused_addresses(uri: str) -> None:
    limits = MediaLimits(fetch=FetchPolicy(seconds=5))
    with pytest.raises(InvalidArgument) as caught:
        await resolve(FileData(file_uri=uri), "p.fileData", limits)
    assert caught.value.field == "p.fileData.fileUri"


async def test_youtube_is_video() -> None:
    with pytest.raises(Unimplemented, match="YouTube"):
        await resolve(FileData(file_uri="https://www.youtube.com/watch?v=x"), "p.fileData", LIMITS)
