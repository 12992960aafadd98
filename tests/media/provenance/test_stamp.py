"""Files that say where they come from: the manifest, metadata, and what of them can be proven."""

from __future__ import annotations

import io
from functools import cache

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from pollux.errors import ConfigurationError
from pollux.media.provenance import manifest, metadata, png
from pollux.media.provenance.identity import Identity, checked, make_identity
from pollux.media.provenance.manifest import ALGORITHMIC, ENHANCED, Origin
from pollux.media.provenance.stamp import Stamp
from pollux.media.provenance.verify import examine

own = cache(make_identity)


def picture(channels: int = 3) -> NDArray[np.uint8]:
    chance = np.random.default_rng(1)
    return chance.integers(0, 256, (120, 160, channels), dtype=np.uint8)


def decoded(data: bytes) -> NDArray[np.uint8]:
    with Image.open(io.BytesIO(data)) as image:
        return np.asarray(image)


@pytest.mark.parametrize("mime_type", ["image/png", "image/jpeg"])
@pytest.mark.parametrize("edited", [False, True])
def test_what_is_said_can_be_read(mime_type: str, edited: bool) -> None:
    source = ENHANCED if edited else ALGORITHMIC
    data = Stamp(own)(picture(), Origin("builtin", edited, source), mime_type=mime_type)
    evidence = examine(data, mime_type, decoded(data), own().certificates)
    assert evidence.claim is not None
    assert evidence.proven
    assert evidence.claim.source.endswith(source)
    assert ("c2pa.edited" if edited else "c2pa.created") in evidence.claim.actions
    assert evidence.claim.signer == "Pollux"
    assert (evidence.source, evidence.software[:6]) == (source, "Pollux")
    assert not examine(data, mime_type, None, make_identity().certificates).proven, "another installation's"


def test_a_changed_file_is_not_believed() -> None:
    data = bytearray(Stamp(own)(picture(), Origin("builtin")))
    at = data.rindex(b"IDAT") + 100
    data[at] ^= 1
    evidence = examine(bytes(data), "image/png", None, own().certificates)
    assert evidence.claim is not None
    assert not evidence.claim.sound
    assert not evidence.proven
    assert any("mismatch" in fault for fault in evidence.claim.faults)


def test_a_manifest_of_another_picture_is_not_believed() -> None:
    """The chunk that holds it, moved into another file."""
    first, second = Stamp(own)(picture(), Origin("builtin")), png.encode(picture() // 2)
    start = first.index(b"caBX") - 4
    length = int.from_bytes(first[start : start + 4], "big") + 12
    forged = second[:33] + first[start : start + length] + second[33:]
    evidence = examine(forged, "image/png", None, own().certificates)
    assert not evidence.proven


def test_a_signer_of_the_same_name_and_number_is_another(monkeypatch: pytest.MonkeyPatch) -> None:
    """Both stand in every signed file: a forger can make a certificate with them."""
    number = own().serial()
    monkeypatch.setattr("cryptography.x509.random_serial_number", lambda: number)
    forger = make_identity()
    assert forger.serial() == number
    forged = Stamp(lambda: forger)(picture(), Origin("builtin"))
    evidence = examine(forged, "image/png", None, own().certificates)
    assert evidence.claim is not None
    assert evidence.claim.sound
    assert not evidence.proven
    assert examine(forged, "image/png", None, forger.certificates).proven


def test_files_without_anything() -> None:
    evidence = examine(png.encode(picture()), "image/png", picture(), None)
    assert (evidence.claim, evidence.marked, evidence.source, evidence.software) == (None, False, "", "")
    assert examine(b"", "image/png", None, None).claim is None


def test_both_can_be_switched_off() -> None:
    bare = Stamp(own, watermark=False, manifest=False)(picture(4), Origin("builtin"))
    assert (decoded(bare) == picture(4)).all()
    assert manifest.read(bare, "image/png") is None
    assert metadata.source_of(bare) == ""
    assert png.texts(bare) == {}


def test_the_issuer_stands_in_the_file() -> None:
    assert png.texts(Stamp(own)(picture(), Origin("x"), issuer="ab12"))[png.ISSUER] == "ab12"
    assert png.texts(b"no picture") == {}
    assert png.texts(png.SIGNATURE + b"\xff\xff\xff\xfftEXt") == {}


def test_an_identity_of_ones_own() -> None:
    made = make_identity("Example")
    assert checked(Identity.unpack(made.pack()), "file") == made
    with pytest.raises(ConfigurationError, match="file: no P-256"):
        checked(Identity(b"nothing", b"-----BEGIN CERTIFICATE-----"), "file")
    with pytest.raises(ConfigurationError, match="not that of the private key"):
        checked(Identity(made.key, own().certificates), "file")
