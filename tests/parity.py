"""Parity: at which door each scenario passed, and docs/parity.md, which says so.

``@pytest.mark.parity("What people do")`` on a test, or in a module's ``pytestmark``, gives a row of the page. The door
is a parameter or a ``<door>_chat`` fixture of the test, or the folder it stands in; ``door="say"`` says it elsewhere.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.reasons import REASONS

DOORS = {
    "slack": "Slack over HTTP",
    "slack_socket": "Slack Socket Mode",
    "teams": "Teams",
    "desk": "Desk",
    "desk_postgresql": "Desk on PostgreSQL",
    "say": "Command line",
}
PAGE = Path(__file__).parents[1] / "docs" / "parity.md"
HEAD = """# What each door can do

Written by `make parity` from the tests that passed; do not edit by hand. `make check` fails when it does not agree
with them. “yes”: a test does it at this door. A number leads to the reason for “no”, or to what is different. “not
shown”: no test does it there.
"""
Passed = Mapping[str, Mapping[str, set[str]]]  # what people do -> door -> the test files that showed it


class Parity:
    """What passed where, in this run."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        self.passed: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        self.elsewhere: list[list[str]] = []  # row, door and file of what runs only with ``make doors``, or before it
        self.broken = False
        self.told = ""

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        for item in items:
            for mark in item.iter_markers("parity"):
                item.user_properties.append(("parity", [mark.args[0], door_of(item, mark)]))

    def pytest_deselected(self, items: list[pytest.Item]) -> None:
        """Believe what the tests that are left out say of themselves: they fail where they run."""
        for item in items:
            said = [value for name, value in item.user_properties if name == "parity" and isinstance(value, list)]
            self.elsewhere += [[row, door, item.nodeid.partition("::")[0]] for row, door in said]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker has left out, where workers collect."""
        self.elsewhere += getattr(node, "workeroutput", {}).get("elsewhere", [])

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count what passed, in the process that all workers report to: the properties come with the report."""
        for name, value in report.user_properties:
            if name == "parity" and not report.passed:
                self.broken = True
            elif name == "parity" and report.when == "call":
                assert isinstance(value, list)
                row, door = value
                self.passed[row][door].add(report.nodeid.partition("::")[0])

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if hasattr(self.config, "workeroutput"):
            self.config.workeroutput["elsewhere"] = self.elsewhere
            return
        if not _is_whole(session):
            return
        for row, door, file in self.elsewhere:
            self.passed[row][door].add(file)
        if self.broken:
            self.told = "docs/parity.md was not compared: a scenario that it names failed or was skipped."
        elif lost := [row for reason in REASONS for row in reason.rows if row not in self.passed]:
            self.told = f"tests/reasons.py names what no test does: {', '.join(lost)}"
        elif self.config.option.write_parity:
            PAGE.write_text(page(self.passed), encoding="utf-8")
            return
        elif PAGE.read_text(encoding="utf-8") != page(self.passed):
            self.told = "docs/parity.md does not say what the tests showed. Run: make parity"
        if self.told:
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.told:
            terminalreporter.write_line(self.told, red=True)


def door_of(item: pytest.Item, mark: pytest.Mark) -> str:
    """The door that a test uses."""
    given = getattr(item, "callspec", None)
    fixtures = [name.removesuffix("_chat") for name in getattr(item, "fixturenames", ()) if name.endswith("_chat")]
    named = [mark.kwargs.get("door"), *(given.params.values() if given else ()), *fixtures, item.path.parent.name]
    for name in named:
        if isinstance(name, str) and name in DOORS:
            return name
    raise pytest.UsageError(f"{item.nodeid}: at which door? Say parity(..., door=...) with one of {', '.join(DOORS)}")


def page(passed: Passed) -> str:
    """docs/parity.md."""
    lines = [HEAD, f"| what people do | {' | '.join(DOORS.values())} |", f"|---|{'---|' * len(DOORS)}"]
    lines += [f"| {row} | {' | '.join(_cells(row, passed[row]))} |" for row in sorted(passed)]
    lines += ["", *(f"{number}. {reason.text}" for number, reason in enumerate(REASONS, 1)), "", "## Shown by", ""]
    for row in sorted(passed):
        files = sorted(set().union(*passed[row].values()))
        lines.append(f"- {row}: {', '.join(f'`{file}`' for file in files)}")
    return "\n".join(lines) + "\n"


def _cells(row: str, doors: Mapping[str, set[str]]) -> Iterator[str]:
    for door in DOORS:
        numbers = [str(n) for n, reason in enumerate(REASONS, 1) if row in reason.rows and door in reason.doors]
        said = "yes" if door in doors else "no" if numbers else "not shown"
        yield f"{said} ({', '.join(numbers)})" if numbers else said


def _is_whole(session: pytest.Session) -> bool:
    """Whether every scenario had its chance to run."""
    config, option = session.config, session.config.option
    chosen = option.keyword or option.markexpr not in ("", "parity") or option.deselect or getattr(option, "lf", False)
    everywhere = config.args_source == pytest.Config.ArgsSource.TESTPATHS
    return everywhere and not chosen and not session.shouldstop and not session.shouldfail and not option.collectonly
