"""Mutants: try a sample of small changes, and name those that no test notices.

Which test executes which line is found once, by running all tests, and kept in ``.mutants``; after that only changed
test files are run to find it. For each change the tests that execute its line are run, the quickest first, until one
fails. Exit 1 when fewer than 95 % of the changes that matter were noticed. A change that no test can notice stands in
``equivalent.toml`` with its reason and is not counted; neither is one with which the tests do not even start.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from importlib.util import cache_from_source
from pathlib import Path
from queue import Queue

from tests.mutants.reach import KEPT, PYTEST, Reach, watch
from tests.mutants.sample import ROOT, Mutant, cannot_be_noticed, sample

ENOUGH = 0.95  # of the changes that matter
FIRST = 12  # tests that are run before all others: most changes are noticed by them, and few files are read for them
LONGEST = 600  # seconds for the tests of one change; a change that makes them hang is noticed
NOTICED, UNNOTICED, HANGS, DOES_NOT_START = "noticed", "unnoticed", "hangs", "does not start"


def main() -> int:
    asked = _arguments()
    if asked.again:
        KEPT.unlink(missing_ok=True)
    reach = Reach.kept()
    with tempfile.TemporaryDirectory() as folder:
        watch(_copied(Path(folder)), reach, asked.watch)
    return _sampled(asked, reach)


def _sampled(asked: argparse.Namespace, reach: Reach) -> int:
    begun = time.monotonic()
    drawn = sample(asked.count, asked.seed, asked.only)
    ends = begun + asked.minutes * 60
    tried = [mutant for mutant in drawn if not cannot_be_noticed(mutant)]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(asked.jobs) as pool:
        copies: Queue[Path] = Queue()
        for number in range(asked.jobs):
            copies.put(_copied(Path(folder) / str(number)))
        outcomes = list(pool.map(lambda mutant: _tried(mutant, reach, copies, ends), tried))
    return _told(tried, outcomes, asked.seed, len(drawn) - len(tried))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--count", type=int, default=120, help="how many changes")
    parser.add_argument("--seed", type=int, default=1, help="which ones")
    parser.add_argument("--again", action="store_true", help="watch all tests again, as after many changes")
    parser.add_argument("--watch", nargs="*", default=["tests"], help="watch only files of tests whose path begins so")
    parser.add_argument("--minutes", type=float, default=40, help="no change is begun after that")
    parser.add_argument("--jobs", type=int, default=2, help="how many at once")
    parser.add_argument("--only", default="", help="modules whose path contains this")
    return parser.parse_args()


def _copied(folder: Path) -> Path:
    """The project in a folder of its own, so that a change is never seen in the checkout."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    for name in names:
        target = folder / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, target)
    return folder


def _tried(mutant: Mutant, reach: Reach, copies: "Queue[Path]", ends: float) -> str | None:
    """The result of the tests for a change; None when there was no time for it."""
    if time.monotonic() > ends:
        return None
    folder = copies.get()
    file = folder / mutant.module
    try:
        _write(file, mutant.source)
        tests = reach.tests(mutant.module, mutant.lines[0])
        outcome = _outcome(tests[:FIRST], folder)
        if outcome == UNNOTICED and tests[FIRST:]:
            outcome = _outcome(tests[FIRST:], folder)
    finally:
        _write(file, (ROOT / mutant.module).read_text())
        copies.put(folder)
    print(f"{outcome}: {mutant}", flush=True)
    return outcome


def _write(file: Path, text: str) -> None:
    """Write a module of a copy, and forget how it was compiled: that is taken for newer when both have one length."""
    file.write_text(text)
    Path(cache_from_source(str(file))).unlink(missing_ok=True)


def _outcome(tests: list[str], folder: Path) -> str:
    if not tests:
        return UNNOTICED
    chosen = folder / "chosen"
    chosen.write_text("\n".join(tests))
    files = sorted({test.partition("::")[0] for test in tests})
    command = [*PYTEST, "-x", "-n", "0", "--chosen", str(chosen), *files]
    own = {**os.environ, "TMPDIR": str(folder / "tmp"), "PYTHONDONTWRITEBYTECODE": ""}  # a copy is compiled once
    (folder / "tmp").mkdir(exist_ok=True)
    with subprocess.Popen(
        command, cwd=folder, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    ) as running:
        try:
            code = running.wait(LONGEST)
        except subprocess.TimeoutExpired:
            os.killpg(running.pid, 9)
            return HANGS
    # pytest: 0 all passed, 1 some failed, else it could not begin (docs.pytest.org, "Exit codes")
    return {0: UNNOTICED, 1: NOTICED}.get(code, DOES_NOT_START)


def _told(tried: list[Mutant], outcomes: list[str | None], seed: int, equivalent: int) -> int:
    counts = Counter(outcomes)
    noticed = counts[NOTICED] + counts[HANGS]
    matter = noticed + counts[UNNOTICED]
    share = noticed / matter if matter else 1.0
    for mutant, outcome in zip(tried, outcomes, strict=True):
        if outcome == UNNOTICED:
            print(f"\nNo test noticed {mutant} ({mutant.operator})")
    print(f"\nSeed {seed}: {noticed} of {matter} changes noticed ({share:.1%}), {counts[HANGS]} as the tests hung.")
    print(
        f"Not counted: {counts[DOES_NOT_START]} with which the tests do not start, "
        f"{equivalent} that no test can notice, {counts[None]} for which there was no time."
    )
    return 0 if share >= ENOUGH and matter else 1


if __name__ == "__main__":
    sys.exit(main())
