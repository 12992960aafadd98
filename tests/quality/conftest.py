"""One engine and one report for all evaluation sets; the table at the end, and in a file with --quality-report FILE."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from pollux.engines.builtin.engine import BuiltinEngine
from pollux.engines.builtin.eyes import Eyes
from tests.quality.report import Report

_REPORT = pytest.StashKey[Report]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--quality-report", metavar="FILE", help="write the quality report as Markdown")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_REPORT] = Report()


@pytest.fixture
def report(pytestconfig: pytest.Config) -> Report:
    return pytestconfig.stash[_REPORT]


@pytest.fixture(scope="session")
def engine() -> Iterator[BuiltinEngine]:
    made = BuiltinEngine(threads=2)
    yield made
    asyncio.run(made.close())


@pytest.fixture(scope="session")
def eyes() -> Eyes:
    return Eyes(2)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    report = config.stash[_REPORT]
    if not report.shares:
        return
    terminalreporter.section("quality")
    terminalreporter.write_line(report.table())
    for line in report.missed():
        terminalreporter.write_line(f"missed  {line}")
    skipped = sorted(
        {str(one.longrepr[2]).removeprefix("Skipped: ") for one in terminalreporter.stats.get("skipped", [])}
    )
    for line in skipped:
        terminalreporter.write_line(f"not measured  {line}")
    if file := config.getoption("quality_report", None):
        Path(file).write_text(report.markdown(skipped), "utf-8")
