"""Writes the reference pages that the program itself can prove: docs/configuration.md and docs/command-line.md.

    python tools/make_reference.py [--check]

With --check nothing is written; the exit status is 1 when a page is not what the program says today (a test does that).
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import msgspec

from pollux.config import KINDS, ModelOverride, Route, Settings, describe
from pollux.config.fields import Field, fields, walk

DOCS = Path(__file__).parent.parent / "docs"
FILES = ("files upload", "files list", "files get", "files delete", "files gc")
KEY_COMMANDS = ("keys create", "keys list", "keys revoke")
BATCH = tuple(f"batch {name}" for name in ("caption", "create", "list", "get", "watch", "results", "cancel", "delete"))
COMMANDS = (
    "",
    "serve",
    "worker",
    "ask",
    "detect",
    "segment",
    "draw",
    "edit",
    "film",
    "verify",
    "count",
    "models",
    "files",
    *FILES,
    "batch",
    *BATCH,
    "keys",
    *KEY_COMMANDS,
    "usage",
    "doctor",
)
# What depends on the machine is told in words.
MACHINE = {
    "store.data_dir": "the platform's user data folder",
    "limits.in_flight": "the processors, at least 2",
}

CONFIGURATION = """\
# Configuration

Settings come from, in rising order: the defaults below, `pollux.toml` (in this folder, then in the user's
configuration folder, or the file named by `--config` or `POLLUX_CONFIG`), environment variables, and flags of
`pollux serve`. They are read once. `pollux doctor` shows every value in force and where it was set.

| key in pollux.toml | environment | default | meaning |
|---|---|---|---|
"""

TABLES = """
What follows exists only in the file.

## Models

`[models."PATTERN"]` says what differs from the documented table for the models whose names match. Of several patterns
the first that says something of a key holds. Models that match one pattern share its `rpm`, `tpm` and `in_flight`; the
first two count for each project alone.

    [models."gemini-2.5-*"]
    input_token_limit = 32768
    methods = ["generateContent", "countTokens"]
    rpm = 600
    input_price = 0.30
    output_price = 2.50

"""

ROUTES = """
## Routes

`[routes]` says who answers: a pattern of names, and the name of an engine (`"qwen"`, or `"qwen:MODEL"` for one that has
several models) or a table. The first pattern that matches wins; see [how-to/routing.md](how-to/routing.md).

    [routes]
    "gemini-*-pro" = {engine = "qwen", fallbacks = ["builtin"], masks = "sam2"}
    "gemini-*" = "qwen"

"""

KINDS_TITLE = """
## Engines by name

Each section makes an engine of one model; its name is a model's name too, unless `[routes]` says otherwise.
"""

KEYS = """
| key | default | meaning |
|---|---|---|
"""


def configuration() -> str:
    """The page of all settings."""
    rows = []
    known = fields()
    for line in describe(Settings()):
        section, _, _ = line.key.rpartition(".")
        default = MACHINE.get(line.key, line.value)
        key, meaning = line.key.rpartition(".")[2], _meaning(known[line.key])
        rows.append(f"| `[{section}]` `{key}` | `{line.variable}` | {default} | {meaning} |")
    assert len(rows) == len(known)
    parts = [CONFIGURATION + "\n".join(rows) + "\n", TABLES.rstrip() + "\n" + _keys(ModelOverride)]
    parts += [ROUTES.rstrip() + "\n" + _keys(Route), KINDS_TITLE]
    for kind, struct in KINDS.items():
        said = " ".join((struct.__doc__ or "").split()).partition(": ")[2]
        said = said[0].upper() + said[1:]
        parts.append(f'\n### [engine.{kind}."NAME"]\n\n{said}\n' + _keys(struct))
    return "".join(parts)


def _keys(section: type[msgspec.Struct]) -> str:
    """A table of the keys of a section."""
    values = msgspec.structs.asdict(section())
    rows = (f"| `{name}` | {_shown(values[name])} | {_meaning(known)} |\n" for name, known in walk(section))
    return KEYS + "".join(rows)


def _meaning(known: Field) -> str:
    """What a key is for, and the words that it may be where those are given."""
    _, found, words = known.expected.rpartition("one of ")
    shown = ", ".join(f"`{word}`" for word in words.split(", ") if word != '""')
    many = known.expected.startswith("a list")
    return f"{known.text}; {'any' if many else 'one'} of {shown}" if found else known.text


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return str(value) if value not in ("", None, (), {}) else "(unset)"


def command_line() -> str:
    """The page of all help texts, as an 80-column terminal shows them."""
    parts = ["# Command line\n\nThe help texts of the program itself.\n"]
    environment = {**os.environ, "COLUMNS": "80", "TERM": "dumb", "NO_COLOR": "1"}
    for command in COMMANDS:
        words = [sys.executable, "-m", "pollux", *command.split(), "--help"]
        shown = subprocess.run(words, capture_output=True, text=True, check=True, env=environment).stdout
        text = "\n".join(line.rstrip() for line in shown.strip().splitlines())
        parts.append(f"## pollux {command}".rstrip() + f"\n\n```text\n{text}\n```\n")
    return "\n".join(parts)


def main() -> int:
    """Writes or checks the pages."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="write nothing; exit status 1 when a page is stale")
    check = parser.parse_args().check
    stale = []
    for name, text in (("configuration.md", configuration()), ("command-line.md", command_line())):
        page = DOCS / name
        if check and (not page.exists() or page.read_text() != text):
            stale.append(name)
        elif not check:
            page.write_text(text)
    if stale:
        print(f"stale: {', '.join(stale)}; run python tools/make_reference.py", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
