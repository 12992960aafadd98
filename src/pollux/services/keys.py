"""API keys: who is calling, for which project, within which limits; and who may call while there is no key yet.

A secret is 192 random bits, kept only as its SHA-256.  A slow password hash would add nothing: it protects guessable
words, and nobody can guess 192 bits, whereas its milliseconds would be paid on every request.
"""

from __future__ import annotations

import functools
import hashlib
import re
import secrets
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from ipaddress import IPv6Address, ip_address
from types import MappingProxyType

from pollux.errors import ConfigurationError, FailedPrecondition, InvalidArgument, NotFound
from pollux.stores.records import Key as Key
from pollux.stores.records import Records

PREFIX = "plx_"
SHOWN = 8  # characters of a secret that lists show
PROJECT = re.compile(r"[a-z][a-z0-9-]{0,62}")
DEFAULT_PROJECT = "default"

# Another process's change is seen after this time at the latest; a secret that is not known asks again sooner, so
# that a key works as soon as it is printed, but not so often that guessing keys would load the database.
FRESH_SECONDS = 0.5
RETRY_SECONDS = 0.05

FORWARDING_HEADERS = frozenset(
    {
        "forwarded",
        "via",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-proto",
        "x-forwarded-server",
        "x-real-ip",
        "x-client-ip",
        "x-original-forwarded-for",
        "true-client-ip",
        "cf-connecting-ip",
        "fly-client-ip",
    }
)


@dataclass(frozen=True, slots=True)
class _Snapshot:
    """What is known of the keys: the live ones by hash, and whether any was ever made."""

    revision: int = -1
    live: Mapping[bytes, Key] = field(default_factory=dict)
    any_ever: bool = False


class Keys:
    """The keys of this installation.  Safe to share between threads; `authenticate` is made for the hot path."""

    def __init__(self, records: Records, clock: Callable[[], float] = time.monotonic) -> None:
        self._records = records
        self._clock = clock
        self._lock = threading.Lock()
        self._snapshot = _Snapshot()
        self._asked_at = float("-inf")

    def create(
        self, name: str = "", project: str = DEFAULT_PROJECT, rpm: int | None = None, tpm: int | None = None
    ) -> tuple[Key, str]:
        """Make a key: (what is kept, the secret, which is nowhere else and cannot be shown again).

        An empty name becomes key-1, key-2, ...  rpm and tpm are at least 1, or None for the configured default.
        Raises InvalidArgument.
        """
        name = name or f"key-{self._records.count_keys() + 1}"
        if len(name) > 64 or not name.isprintable() or name != name.strip():
            raise InvalidArgument("the name of a key has 1 to 64 printable characters", field="name")
        if not PROJECT.fullmatch(project):
            raise InvalidArgument(
                "a project has a small letter, then up to 62 small letters, digits and hyphens", field="project"
            )
        for limit, what in ((rpm, "rpm"), (tpm, "tpm")):
            if limit is not None and not 1 <= limit < 2**31:
                raise InvalidArgument(f"{what} must be at least 1; leave it out for the default", field=what)
        secret = PREFIX + secrets.token_urlsafe(24)
        key = Key(
            id=secrets.token_hex(4),
            name=name,
            project=project,
            hash=_digest(secret).hex(),
            prefix=secret[:SHOWN],
            rpm=rpm,
            tpm=tpm,
            created_at=datetime.now(UTC),
        )
        self._records.add_key(key)
        self._look()
        return key, secret

    def authenticate(self, secret: str) -> Key | None:
        """The live key with this secret, or None.  A few microseconds; at most every half second one small query.

        Looking the hash up in a table leaks no usable time: who does not know the secret cannot choose its hash.
        """
        if self._clock() - self._asked_at > FRESH_SECONDS:
            self._look()
        digest = _digest(secret)
        key = self._snapshot.live.get(digest)
        if key is None and self._clock() - self._asked_at > RETRY_SECONDS:
            self._look()
            key = self._snapshot.live.get(digest)
        return key

    def open_door(self) -> bool:
        """Whether no key was ever made.  Revoking the last key does not open the door again."""
        if not self._snapshot.any_ever and self._clock() - self._asked_at > FRESH_SECONDS:
            self._look()
        return not self._snapshot.any_ever

    def all(self) -> list[Key]:
        """Every key ever made, the oldest first."""
        return self._records.list_keys()

    def revoke(self, which: str) -> Key:
        """Revoke the key with this id, name, shown prefix or whole secret, at once and for good.

        Raises NotFound; FailedPrecondition when several live keys are meant, or it was revoked before.
        """
        whole = _digest(which).hex()
        meant = [
            key for key in self._records.list_keys() if which in (key.id, key.name, key.prefix) or key.hash == whole
        ]
        live = [key for key in meant if key.revoked_at is None]
        shown = _shown(which)
        if not meant:
            raise NotFound(f"there is no key {shown}; `pollux keys list` shows them")
        if not live:
            raise FailedPrecondition(f"the key {shown} was revoked before")
        if len(live) > 1:
            ids = ", ".join(key.id for key in live)
            raise FailedPrecondition(f"{len(live)} keys are called {shown}; give the id of one: {ids}")
        self._records.revoke_key(live[0].id, datetime.now(UTC))
        self._look()
        return live[0]

    def _look(self) -> None:
        """Read what changed, if anything did."""
        with self._lock:
            revision = self._records.keys_revision()
            if revision != self._snapshot.revision:
                keys = self._records.list_keys()
                live = {bytes.fromhex(key.hash): key for key in keys if key.revoked_at is None}
                self._snapshot = _Snapshot(revision, MappingProxyType(live), bool(keys))
            self._asked_at = self._clock()


@functools.lru_cache(maxsize=1024)
def is_loopback(address: str) -> bool:
    """Whether an address or host name means this machine only: 127.0.0.0/8, ::1, IPv4-mapped forms, localhost."""
    name = address.strip("[]").lower()
    if name == "localhost":
        return True
    try:
        parsed = ip_address(name)
    except ValueError:
        return False
    mapped = parsed.ipv4_mapped if isinstance(parsed, IPv6Address) else None
    return (mapped or parsed).is_loopback


def keyless_peer(bind: str, peer: str | None, headers: Iterable[str]) -> bool:
    """Whether a caller may pass with any key while the door is open: all three must hold.

    The server listens on loopback only; the peer of the connection is on loopback; no proxy stands between (`headers`
    are the lower-case names of the request's headers), for behind one every caller looks local.
    """
    return is_loopback(bind) and peer is not None and is_loopback(peer) and FORWARDING_HEADERS.isdisjoint(headers)


def require_key_beyond_loopback(keys: Keys, bind: str) -> None:
    """Raise ConfigurationError when the server would listen to other machines without a single key."""
    if not is_loopback(bind) and keys.open_door():
        raise ConfigurationError(
            f"--host {bind} can be reached from other machines, and there is no API key yet; "
            "make one with `pollux keys create`, or listen on 127.0.0.1"
        )


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


def _shown(which: str) -> str:
    """What the caller typed, fit for a message: a whole secret is cut."""
    return repr(which[:SHOWN] + "...") if which.startswith(PREFIX) and len(which) > SHOWN else repr(which)
