from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

from pollux.config import Store
from pollux.services.keys import Keys
from pollux.stores.records import Records

from .conftest import Run


def test_create_prints_the_secret_once_and_alone_on_stdout(run: Run, tmp_path: Path) -> None:
    status, out, err = run("keys", "create", "laptop", "--project", "web", "--rpm", "60")
    secret = out.strip()
    assert (status, out) == (0, f"{secret}\n")
    assert "not shown again" in err
    records = Records.open(Store(data_dir=tmp_path / "data").database_url)
    key = Keys(records).authenticate(secret)
    records.close()
    assert key is not None
    assert (key.name, key.project, key.rpm, key.tpm) == ("laptop", "web", 60, None)
    assert secret not in run("keys", "list")[1] + run("keys", "list", "--json")[1]


def test_list_shows_what_works_and_what_was_revoked(run: Run) -> None:
    assert run("keys", "list")[2].startswith("pollux: there are no keys yet")
    run("keys", "create", "[bold]one")
    run("keys", "create", "--tpm", "5")
    status, out, _ = run("keys", "revoke", "key-2")
    assert (status, out.startswith("revoked ")) == (0, True)
    rows = run("keys", "list")[1].splitlines()[-2:]
    assert "[bold]one" in rows[0]
    assert rows[0].split()[-1] == "-"
    assert rows[1].split()[-1] == f"{datetime.now(UTC):%Y-%m-%d}"
    found = json.loads(run("keys", "list", "--json")[1])
    assert [(key["name"], key["tpm"], key["revoked"] is None) for key in found] == [
        ("[bold]one", None, True),
        ("key-2", 5, False),
    ]


def test_refusals_have_their_status(run: Run) -> None:
    assert run("keys", "create", "--project", "No Project")[0] == 2
    assert run("keys", "create", "--rpm", "0")[0] == 2
    status, _, err = run("keys", "revoke", "nobody")
    assert (status, err) == (1, "pollux: there is no key 'nobody'; `pollux keys list` shows them\n")


def test_a_folder_that_cannot_be_used_is_a_matter_of_configuration(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    status, _, err = run("keys", "list", "--data-dir", "file")
    assert status == 2
    assert err.count("\n") == 1
    assert "--data-dir" in err
