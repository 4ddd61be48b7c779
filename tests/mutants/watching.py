"""Watching: which tests execute which line of the modules, and how long each takes; and a run of chosen tests alone."""

import json
import time
from collections.abc import Collection, Generator
from pathlib import Path

import pytest
from coverage import Coverage

from tests.mutants.sample import ROOT, modules


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--watched", help="a folder: write there which test executes which line")
    parser.addoption("--chosen", help="a file that names tests: run these alone, in this order")


def pytest_configure(config: pytest.Config) -> None:
    folder, worker = config.getoption("--watched"), getattr(config, "workerinput", {}).get("workerid")
    if folder and (worker or config.getoption("dist") == "no"):
        config.pluginmanager.register(Watching(Path(folder) / f"{worker or 'all'}.json"))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if file := config.getoption("--chosen"):
        place = {name: number for number, name in enumerate(Path(file).read_text().splitlines())}
        items[:] = sorted((item for item in items if item.nodeid in place), key=lambda item: place[item.nodeid])


class Watching:
    """What one worker has seen; nothing is kept of a test that fails, because it would fail with any change."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._seconds: dict[str, float] = {}
        self._failed: set[str] = set()
        paths = [str(ROOT / module) for module in modules()]
        self._coverage = Coverage(data_file=None, config_file=False, include=paths)
        self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self._coverage.switch_context(item.nodeid)
        begun = time.process_time()  # so that other programs on this machine make no test longer
        done = yield
        self._seconds[item.nodeid] = time.process_time() - begun
        self._coverage.switch_context("")
        return done

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if not report.passed:
            self._failed.add(report.nodeid)

    def pytest_sessionfinish(self) -> None:
        self._coverage.stop()
        seconds = {test: spent for test, spent in self._seconds.items() if test not in self._failed}
        lines = {module: self._lines(module, seconds) for module in modules()}
        self._file.write_text(json.dumps({"seconds": seconds, "lines": lines}))

    def _lines(self, module: str, tests: Collection[str]) -> dict[int, list[str]]:
        """The tests that execute each line."""
        found = self._coverage.get_data().contexts_by_lineno(str(ROOT / module))
        return {line: [test for test in by if test in tests] for line, by in found.items()}
