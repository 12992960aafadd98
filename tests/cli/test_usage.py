"""`pollux usage`: sums that an operator reads."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pollux.cli.main import main
from pollux.config import Store
from pollux.services.keys import Keys
from pollux.stores.records import Records, UsageRecord


def test_sums_by_day_project_key_and_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    here = ["--data-dir", str(tmp_path)]
    assert main(["usage", *here]) == 0
    assert "nothing was used" in capsys.readouterr().err
    today = datetime.now(UTC).date()
    records = Records.open(Store(data_dir=tmp_path).database_url)
    key, _ = Keys(records).create("laptop", "web")
    records.add_usage(
        [
            UsageRecord(today.isoformat(), "web", key.id, "gemini-2.5-flash", 3, 30, 10, 6, 1, 0.125),
            UsageRecord((today - timedelta(days=1)).isoformat(), "default", "", "größe", 1, 7, 0, 2, 0, 0.0),
            UsageRecord((today - timedelta(days=90)).isoformat(), "default", "", "old", 1, 7, 0, 2, 0, 0.0),
        ]
    )
    records.close()
    assert main(["usage", *here]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines() if line.strip()][2:]
    yesterday = (today - timedelta(days=1)).isoformat()
    assert rows == [
        [yesterday, "default", "-", "größe", "1", "7", "0", "2", "0", "-"],
        [today.isoformat(), "web", "laptop", "gemini-2.5-flash", "3", "30", "10", "6", "1", "0.125000"],
        ["all", "4", "37", "10", "8", "1", "0.125000"],
    ]
    assert main(["usage", *here, "--project", "default"]) == 0
    out = capsys.readouterr().out.splitlines()
    assert out[0].split() == ["Day", "Project", "Model", "Requests", "In", "Out"]  # no keys, no pictures, no cost
    assert out[2].split() == [yesterday, "default", "größe", "1", "7", "2"]
    assert main(["usage", *here, "--days", "1", "--json"]) == 0
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["key_name"], row["cost"], row["requests"]) == ("laptop", 0.125, 3)
    assert main(["usage", *here, "--project", "default", "--days", "1000000", "--json"]) == 0
    assert [row["model"] for row in json.loads(capsys.readouterr().out)] == ["old", "größe"]
    assert main(["usage", *here, "--days", "0"]) == 2
