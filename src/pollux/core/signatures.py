"""Thought signatures: opaque to callers, issued with an answer and checked when they come back.

Rules of the image generation guide ("Thought Signatures"): every picture of an answer has one, and so has the first
text after thoughts; thoughts have none.  Whoever sends an answer back sends its signatures too, as they were.  A
signature of another issuer cannot be judged and passes.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from pollux.errors import InvalidArgument

_PREFIX = b"\x12\x34plx"  # tells our own from those of others; the first bytes are as Google's own begin
_NONCE = 8
_REMEDY = "Send the model's parts back exactly as they came."


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with a key (at least 16 bytes) that servers of one installation share; asked for when it is needed."""

    key: Callable[[], bytes]

    @property
    def issuer(self) -> str:
        """Stands in pictures that were signed, so that one without its signature is known (16 hexadecimal digits)."""
        return hmac.new(self.key(), b"issuer", sha256).hexdigest()[:16]

    def sign(self, digest: str = "") -> bytes:
        """A new signature; `digest` binds it to a picture (BLAKE3, hexadecimal)."""
        nonce = secrets.token_bytes(_NONCE)
        return self._own + nonce + self._mac(nonce, digest)

    def check(self, signature: bytes, field: str, digest: str = "", issuer: str = "") -> None:
        """Raises InvalidArgument for one of ours that was changed, and for none at all on a picture of ours.

        `digest` and `issuer` are those of the picture it came with, "" where there is none.
        """
        place = f"{field}.thoughtSignature"
        if not signature:
            if issuer and issuer == self.issuer:
                raise InvalidArgument(f"{place} is missing on a picture that this server made. {_REMEDY}", field=place)
            return
        if not signature.startswith(_PREFIX):
            return
        own = self._own
        if not signature.startswith(own) and issuer != self.issuer:
            return  # of another installation
        nonce, mac = signature[len(own) :][:_NONCE], signature[len(own) + _NONCE :]
        if not hmac.compare_digest(mac, self._mac(nonce, digest)):
            raise InvalidArgument(f"{place} is damaged, or belongs to another part. {_REMEDY}", field=place)

    @property
    def _own(self) -> bytes:
        """How signatures of this key begin."""
        return _PREFIX + bytes.fromhex(self.issuer)

    def _mac(self, nonce: bytes, digest: str) -> bytes:
        return hmac.new(self.key(), nonce + digest.encode(), sha256).digest()
