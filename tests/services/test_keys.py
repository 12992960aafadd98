from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pollux.errors import ConfigurationError, FailedPrecondition, InvalidArgument, NotFound
from pollux.services.keys import (
    FRESH_SECONDS,
    RETRY_SECONDS,
    Keys,
    is_loopback,
    keyless_peer,
    require_key_beyond_loopback,
)
from pollux.stores.records import Records


class Clock:
    """Time that passes when told to."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now

    def pass_(self, seconds: float) -> None:
        self.now += seconds


@pytest.fixture
def url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/pollux.db"


@pytest.fixture
def records(url: str) -> Iterator[Records]:
    opened = Records.open(url)
    yield opened
    opened.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(records: Records, clock: Clock) -> Keys:
    return Keys(records, clock)


@pytest.fixture
def elsewhere(url: str) -> Iterator[Keys]:
    """The same keys, changed by another process."""
    opened = Records.open(url)
    yield Keys(opened)
    opened.close()


def test_a_secret_opens_and_is_kept_only_as_a_hash(keys: Keys, tmp_path: Path) -> None:
    key, secret = keys.create("laptop", "web", 60, 1000)
    assert keys.authenticate(secret) == key
    assert (key.name, key.project, key.rpm, key.tpm) == ("laptop", "web", 60, 1000)
    assert secret.startswith(key.prefix)
    assert len(secret) >= 36
    assert not any(secret.encode() in path.read_bytes() for path in tmp_path.iterdir())
    assert secret not in repr(key)


@pytest.mark.parametrize("secret", ["", "plx_", "plx_wrong", "x" * 100_000, "\udcff", "ключ"])
def test_other_secrets_do_not_open(keys: Keys, secret: str) -> None:
    keys.create()
    assert keys.authenticate(secret) is None


def test_secrets_differ_and_names_count_up(keys: Keys) -> None:
    made = [keys.create() for _ in range(5)]
    assert len({secret for _, secret in made} | {key.id for key, _ in made}) == 10
    assert [key.name for key in keys.all()] == ["key-1", "key-2", "key-3", "key-4", "key-5"]


@pytest.mark.parametrize(
    ("field", "arguments"),
    [
        ("name", {"name": "x" * 65}),
        ("name", {"name": "a\nb"}),
        ("name", {"name": " a"}),
        ("project", {"project": ""}),
        ("project", {"project": "Web"}),
        ("project", {"project": "1web"}),
        ("project", {"project": "a" * 64}),
        ("project", {"project": "a\n"}),
        ("rpm", {"rpm": 0}),
        ("tpm", {"tpm": 2**31}),
    ],
)
def test_what_a_key_cannot_be(keys: Keys, field: str, arguments: dict[str, str]) -> None:
    with pytest.raises(InvalidArgument) as caught:
        keys.create(**arguments)  # type: ignore[arg-type]
    assert caught.value.field == field
    assert keys.all() == []


def test_the_door_is_open_until_the_first_key_and_never_again(keys: Keys) -> None:
    assert keys.open_door()
    key, secret = keys.create()
    assert not keys.open_door()
    keys.revoke(key.id)
    assert not keys.open_door()
    assert keys.authenticate(secret) is None


def test_another_process_closes_the_door_within_a_second(keys: Keys, elsewhere: Keys, clock: Clock) -> None:
    assert keys.open_door()
    elsewhere.create()
    clock.pass_(FRESH_SECONDS + 0.01)
    assert not keys.open_door()
    assert FRESH_SECONDS <= 1


def test_another_process_revokes_within_a_second(keys: Keys, elsewhere: Keys, clock: Clock) -> None:
    key, secret = keys.create()
    elsewhere.revoke(key.id)
    clock.pass_(FRESH_SECONDS + 0.01)
    assert keys.authenticate(secret) is None


def test_a_new_key_of_another_process_works_almost_at_once(keys: Keys, elsewhere: Keys, clock: Clock) -> None:
    keys.create()
    _, secret = elsewhere.create()
    clock.pass_(RETRY_SECONDS + 0.01)
    assert keys.authenticate(secret) is not None


def test_the_hot_path_does_not_ask_the_database(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    _, secret = keys.create()
    monkeypatch.delattr(Records, "keys_revision")  # asking would fail
    for _ in range(1000):
        assert keys.authenticate(secret)
        assert keys.authenticate("wrong") is None
        assert not keys.open_door()


def test_revoke_takes_id_name_prefix_or_secret(keys: Keys) -> None:
    for pick in ("id", "name", "prefix", "secret"):
        key, secret = keys.create(f"by-{pick}")
        assert keys.revoke(secret if pick == "secret" else getattr(key, pick)).id == key.id
        assert keys.authenticate(secret) is None


def test_revoke_refuses_what_is_unknown_ambiguous_or_done(keys: Keys) -> None:
    first, _ = keys.create("twin")
    second, secret = keys.create("twin")
    with pytest.raises(NotFound, match="there is no key 'nobody'"):
        keys.revoke("nobody")
    with pytest.raises(FailedPrecondition, match=f"2 keys .*{first.id}, {second.id}"):
        keys.revoke("twin")
    keys.revoke(first.id)
    assert keys.revoke("twin").id == second.id
    with pytest.raises(FailedPrecondition, match="revoked before") as caught:
        keys.revoke(secret)
    assert secret not in caught.value.message


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.8.9.1", True),
        ("::1", True),
        ("[::1]", True),
        ("::ffff:127.0.0.1", True),
        ("localhost", True),
        ("LOCALHOST", True),
        ("0.0.0.0", False),
        ("::", False),
        ("::ffff:10.0.0.1", False),
        ("192.168.1.4", False),
        ("localhost.example.com", False),
        ("127.0.0.1.example.com", False),
        ("", False),
    ],
)
def test_is_loopback(address: str, expected: bool) -> None:
    assert is_loopback(address) is expected


@pytest.mark.parametrize(
    ("bind", "peer", "headers", "expected"),
    [
        ("127.0.0.1", "127.0.0.1", ["host", "x-goog-api-key"], True),
        ("localhost", "::1", [], True),
        ("0.0.0.0", "127.0.0.1", [], False),
        ("127.0.0.1", "10.0.0.1", [], False),
        ("127.0.0.1", None, [], False),
        ("127.0.0.1", "127.0.0.1", ["x-forwarded-for"], False),
        ("127.0.0.1", "127.0.0.1", ["forwarded"], False),
        ("127.0.0.1", "127.0.0.1", ["via"], False),
    ],
)
def test_keyless_peer(bind: str, peer: str | None, headers: list[str], expected: bool) -> None:
    assert keyless_peer(bind, peer, headers) is expected


def test_listening_to_others_needs_a_key(keys: Keys) -> None:
    require_key_beyond_loopback(keys, "127.0.0.1")
    with pytest.raises(ConfigurationError, match="pollux keys create"):
        require_key_beyond_loopback(keys, "0.0.0.0")
    keys.create()
    require_key_beyond_loopback(keys, "0.0.0.0")
