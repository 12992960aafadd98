"""The rules of the house: who may import whom, no circles, nothing heavy at import, short files and functions."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SRC = ROOT / "src" / "pollux"
MOST_LINES, MOST_FUNCTION_LINES = 400, 60

# The table of docs/design: a room and the rooms it may import (itself always).
MAY_IMPORT = {
    "errors": "",
    "config": "errors",
    "wire": "errors",
    "media": "wire errors",
    "vision": "errors",
    "engines": "wire media vision errors",
    "stores": "errors",
    "core": "wire media vision engines config errors",
    "services": "core stores media wire config errors",
    "api": "services core wire config errors engines",
    "client": "wire vision errors",
    "samples": "errors",
    "routing": "config engines errors",
    "backends": "routing config engines errors",
    "app": "routing backends api client config core engines errors media services stores vision wire server",
    "server": "app errors",
    "local": "app backends api config core engines services stores wire errors server",
    "pytest_plugin": "testing backends config engines errors",
    "testing": "app client engines wire stores config server samples errors",
    "cli": "app local client media vision config errors",
    "__main__": "cli",
    "__init__": "",
}
HEAVY = (
    "cv2",
    "onnxruntime",
    "rapidocr",
    "PIL",
    "tokenizers",
    "zxingcpp",
    "pi_heif",
    "simplejpeg",
    "google",
    "pypdfium2",
    "av",
    "ray",
    "torch",
    "transformers",
    "diffusers",
    "llguidance",
)


def files() -> list[Path]:
    return sorted(path for path in SRC.rglob("*.py"))


def module(path: Path) -> str:
    parts = path.relative_to(SRC.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(name: str) -> str:
    """ "core" of "pollux.core.generate"."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def imports(path: Path, *, at_import: bool = False) -> Iterator[str]:
    """Modules of ours that a file imports, for the type checker alone apart; `at_import`: only those loaded with it."""
    names = {module(p) for p in files()}
    lazy: set[ast.AST] = set()
    for node in ast.walk(tree(path)):
        if is_type_checking(node) or (at_import and isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)):
            lazy.update(ast.walk(node))
    for node in ast.walk(tree(path)):
        if node in lazy:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("pollux"))
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            if (node.module or "").split(".")[0] == "pollux":
                for alias in node.names:
                    whole = f"{node.module}.{alias.name}"
                    yield whole if whole in names else node.module or ""


def is_type_checking(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(SRC)))
def test_a_room_imports_only_what_it_may(path: Path) -> None:
    own = room(module(path))
    allowed = {own, *MAY_IMPORT[own].split(), "__init__"}
    foreign = {name for name in imports(path) if room(name) not in allowed}
    assert not foreign


def test_no_circles() -> None:
    graph = {module(path): set(imports(path, at_import=True)) - {module(path)} for path in files()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for other in sorted(graph.get(name, ())):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def test_nothing_heavy_at_import() -> None:
    modules = "pollux.app, pollux.server, pollux.cli.main, pollux.testing"
    code = f"import json, sys, {modules}; print(json.dumps(list(sys.modules)))"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60)
    loaded = {name.split(".")[0] for name in json.loads(result.stdout.splitlines()[-1])}
    assert not loaded & set(HEAVY)


def explained(path: Path) -> bool:
    """A file may be long, or hold a long function, when it says why."""
    return "why this is long" in path.read_text("utf-8").lower()


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(SRC)))
def test_files_and_functions_are_short(path: Path) -> None:
    if explained(path):
        return
    assert len(path.read_text("utf-8").splitlines()) <= MOST_LINES
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or node.lineno) - node.lineno + 1
            assert lines <= MOST_FUNCTION_LINES, f"{node.name}: {lines} lines"


TEXT = (".py", ".toml", ".md", ".mjs", ".js", ".yml", ".cfg")
# Joined here, so that this file does not find itself.
FORBIDDEN = re.compile(
    "|".join(
        (
            r"\bTO" + "DO\\b",
            "FIX" + "ME",
            "X" * 3 + r"\b",
            "/wo" + "rk/",
            "/ho" + "me/\\w",
            "/ro" + "ot/",
            "pypi" + "-proxy",
        )
    )
)


def tracked() -> list[Path]:
    folders = ("src", "tests", "bench", "tools", "docs")
    found = [p for f in folders for p in (ROOT / f).rglob("*") if "node_modules" not in p.parts]
    return sorted(p for p in (*found, *ROOT.glob("*")) if p.is_file() and (p.suffix in TEXT or p.name == "Makefile"))


def test_no_loose_ends_and_no_paths_of_one_machine() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:100]}"
        for path in tracked()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if FORBIDDEN.search(line)
    ]
    assert not found


def test_no_globals_are_changed() -> None:
    found = [path for path in files() if any(isinstance(node, ast.Global) for node in ast.walk(tree(path)))]
    assert not found


def test_tests_mirror_the_source() -> None:
    for folder in ("wire", "core", "api", "engines", "media", "stores", "services", "cli"):
        assert list((ROOT / "tests" / folder).glob("test_*.py")), folder


def test_the_engine_contract_is_short() -> None:
    code = [line for line in (SRC / "engines" / "base.py").read_text("utf-8").splitlines() if line.strip()]
    assert len(code) < 150
