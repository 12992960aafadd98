"""PNG files: the words before the pixels."""

from __future__ import annotations

import struct
import zlib

import numpy as np

from pollux.media.provenance.png import ISSUER, encode, texts

HEADER = 33  # bytes of the signature and IHDR


def test_own_words_are_read_and_a_million_chunks_are_not_walked() -> None:
    """Reading them holds up everyone: an empty chunk costs twelve bytes and must not cost a look each."""
    picture = encode(np.zeros((8, 8, 3), np.uint8), {ISSUER: "0123"})
    assert texts(picture) == {ISSUER: "0123"}
    empty = struct.pack(">I", 0) + b"teSt" + struct.pack(">I", zlib.crc32(b"teSt"))
    few, many = (picture[:HEADER] + empty * count + picture[HEADER:] for count in (10, 100_000))
    assert texts(few) == {ISSUER: "0123"}
    assert texts(many) == {}
