"""`pollux verify`: sentences and exit statuses."""

from __future__ import annotations

import json
import zlib
from pathlib import Path

import numpy as np
import pytest

from pollux import samples
from pollux.app import identity_of
from pollux.cli.main import main
from pollux.config import Settings
from pollux.config.tree import Store
from pollux.media.provenance.manifest import Origin
from pollux.media.provenance.stamp import Stamp
from pollux.stores.records import Records


def made(folder: Path) -> bytes:
    """A picture that the installation in this folder made."""
    settings = Settings(store=Store(data_dir=folder))
    records = Records.open(settings.store.database_url)
    pixels = np.random.default_rng(1).integers(90, 160, (512, 512, 3), dtype=np.uint8)
    try:
        return Stamp(lambda: identity_of(settings, records))(pixels, Origin("builtin"))
    finally:
        records.close()


def test_what_it_says(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own, other, plain, broken = (tmp_path / name for name in ("own.png", "other.png", "plain.png", "broken.png"))
    data_dir = ("--data-dir", str(tmp_path / "data"))
    own.write_bytes(made(tmp_path / "data"))
    other.write_bytes(made(tmp_path / "elsewhere"))
    plain.write_bytes(samples.read("qr-code"))
    broken.write_bytes(b"no picture")
    assert main(["verify", str(own), *data_dir]) == 0
    said = capsys.readouterr().out
    assert "Proven: signed with this installation's key" in said
    assert "Watermark: that of Pollux" in said
    assert "digital source type algorithmicMedia" in said
    assert main(["verify", str(other), *data_dir]) == 0
    assert "who the signer is cannot be proven" in capsys.readouterr().out
    assert main(["verify", str(own), str(plain), str(broken), "--json", *data_dir]) == 1
    captured = capsys.readouterr()
    rows = [json.loads(line) for line in captured.out.splitlines()]
    assert [(row["proven"], row["marked"]) for row in rows] == [(True, True), (False, False)]
    assert "broken.png" in captured.err


def test_a_changed_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One letter of its metadata, with the checksum that goes with it: the picture itself still opens."""
    data = bytearray(made(tmp_path))
    at = data.index(b"tEXtSoftware")
    end = at + 4 + int.from_bytes(data[at - 4 : at], "big")
    data[end - 1] ^= 1
    data[end : end + 4] = zlib.crc32(data[at:end]).to_bytes(4, "big")
    path = tmp_path / "changed.png"
    path.write_bytes(data)
    main(["verify", str(path), "--data-dir", str(tmp_path)])
    assert "NOT VALID" in capsys.readouterr().out


def test_looking_makes_no_database(tmp_path: Path) -> None:
    path = tmp_path / "plain.png"
    path.write_bytes(samples.read("qr-code"))
    assert main(["verify", str(path), "--data-dir", str(tmp_path / "none")]) == 1
    assert not (tmp_path / "none").exists()


def test_what_is_too_large_is_not_read_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pollux.cli.pictures.MOST_BYTES", 1 << 20)
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.truncate(1 << 40)
    assert main(["verify", str(path), "--data-dir", str(tmp_path)]) == 2
