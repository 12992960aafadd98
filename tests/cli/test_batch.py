"""`pollux batch`, in this process and against a server."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Cli


def write(path: Path, *texts: str) -> str:
    lines = ({"key": text, "request": {"contents": [{"parts": [{"text": text}]}]}} for text in texts)
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))
    return str(path)


def keys_and_texts(lines: str) -> list[tuple[str, Any]]:
    results = [json.loads(line) for line in lines.splitlines()]
    return [
        (
            r["key"],
            r["response"]["candidates"][0]["content"]["parts"][0]["text"] if "response" in r else r["error"]["code"],
        )
        for r in results
    ]


def test_the_life_of_a_job(cli: Cli, tmp_path: Path) -> None:
    path = write(tmp_path / "requests.jsonl", *"abcdef")
    name = cli("batch", "create", path, "--display-name", "letters", "--priority", "3").strip()
    assert name.startswith("batches/")
    assert ("pollux worker" in cli.err) == ("--server" not in cli.where)
    assert cli("batch", "watch", name.removeprefix("batches/")) == f"{name}  SUCCEEDED  6 answered, 0 failed\n"
    assert keys_and_texts(cli("batch", "results", name)) == [(letter, letter) for letter in "abcdef"]
    cli("batch", "results", name, "--out", "out.jsonl")
    assert keys_and_texts((tmp_path / "out.jsonl").read_text()) == [(letter, letter) for letter in "abcdef"]
    table = cli("batch", "list")
    assert all(word in table for word in (name, "letters", "gemini-2.5-flash", "SUCCEEDED"))
    shown = cli("batch", "get", name)
    assert "6, 6 answered, 0 failed" in shown
    assert json.loads(cli("batch", "get", name, "--json"))["metadata"]["priority"] == "3"
    assert [job["name"] for job in json.loads(cli("batch", "list", "--json"))] == [name]
    cli("batch", "cancel", name)  # what has ended stays as it is
    assert "SUCCEEDED" in cli("batch", "get", name)
    cli("batch", "delete", name)
    cli("batch", "get", name, status=1)
    assert "no batch job" in cli.err


def test_waiting_for_results(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "requests.jsonl"
    write(path, "a", "b")
    path.write_text(path.read_text() + '{"key": "c", "request": {"contents": []}}\n')
    assert keys_and_texts(cli("batch", "create", str(path), "--wait")) == [("a", "a"), ("b", "b"), ("c", 3)]
    assert "1 of 3 requests failed" in cli.err
    path.write_text('["no request"]\n')
    cli("batch", "create", str(path), "--wait", "--out", "none.jsonl", status=1)
    assert "FAILED: Line 1 is JSON, but not an object" in cli.err
    assert not list(tmp_path.glob("*none.jsonl*"))


def test_embeddings(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "texts.jsonl").write_text('{"key": "a", "request": {"content": {"parts": [{"text": "abc"}]}}}\n')
    (line,) = cli("batch", "create", "texts.jsonl", "--embeddings", "--wait").splitlines()
    assert json.loads(line)["response"]["embedding"]["values"][3] == 1.0
    assert "gemini-embedding-001" in cli("batch", "list")


@pytest.mark.parametrize("cli", ["here"], indirect=True)
def test_no_results_yet(cli: Cli, tmp_path: Path) -> None:
    name = cli("batch", "create", write(tmp_path / "requests.jsonl", "a")).strip()
    cli("batch", "results", name, status=1)
    assert "PENDING" in cli.err
    assert f"pollux batch watch {name}" in cli.err
    cli("batch", "cancel", name)
    cli("batch", "results", name, status=1)
    assert "CANCELLED" in cli.err
    cli("batch", "watch", name, status=1)


def test_bad_usage(cli: Cli, tmp_path: Path) -> None:
    path = write(tmp_path / "requests.jsonl", "a")
    cli("batch", "create", path, "--out", "x", status=2)
    assert "--wait" in cli.err
    cli("batch", "create", path, "--wait", "--out", "none/x", status=1)
    assert "--out: there is no folder none" in cli.err
    cli("batch", "create", "missing.jsonl", status=2)
    cli("batch", "create", path, "--model", "nobody", status=1)
    assert cli("files", "list") == ""  # what a refused job uploaded is gone
    for command in ("get", "watch", "results", "cancel", "delete"):
        cli("batch", command, "nothing", status=1)
        assert "batches/nothing" in cli.err
