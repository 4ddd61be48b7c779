"""Bench: measures every case against a floor of the same run, and writes benchmarks/latest.json (``make bench``).

Exit code 1 when a figure is over its bound or a case broke, 2 when no case has the name that is asked for.
"""

import argparse
import asyncio
import gc
import logging
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, redirect_stderr
from pathlib import Path

from benchmarks.cases import Group
from benchmarks.registry import GROUPS
from benchmarks.table import LATEST, Measured, keep, table
from benchmarks.workshop import Size, Workshop, sync_time
from bot.logs import start_logging


def main(
    arguments: Sequence[str] | None = None,
    groups: Sequence[Group] = GROUPS,
    size: Size = Size(),
    latest: Path = LATEST,
) -> int:
    """Measure, print the table, and write the figures."""
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--only", metavar="NAME", help="measure the case of this name, or all in whose names it stands")
    only = parser.parse_args(arguments).only
    names = [case.name for group in groups for case in group.cases]
    wanted = _chosen(names, only)
    if not wanted:
        print(f'no case is called "{only}"; these are:', *names, sep="\n  ", file=sys.stderr)
        return 2
    measured, broke = _run(groups, wanted, size)
    print(table(measured))
    keep(measured, latest, [name for name in names if name not in broke])
    for name in broke:
        print(f"BROKE  {name}")
    return 1 if broke or any(row.figure.is_within is False for row in measured) else 0


def _chosen(names: Sequence[str], only: str | None) -> set[str]:
    """The names that are asked for; one that is named wholly stands alone."""
    if only is None or only in names:
        return {only} if only else set(names)
    return {name for name in names if only.lower() in name.lower()}


def _run(groups: Sequence[Group], wanted: set[str], size: Size) -> tuple[list[Measured], list[str]]:
    """What was measured, and the names of the cases that broke: they hold up no others."""
    measured: list[Measured] = []
    broke: list[str] = []
    with tempfile.TemporaryDirectory() as folder, _log_of_the_bot(Path(folder) / "log"):
        workshop = Workshop(Path(folder), size)
        try:
            for group in groups:
                names = [case.name for case in group.cases if case.name in wanted]
                if not names:
                    continue
                begun, sync = time.monotonic(), sync_time(Path(folder))
                try:
                    figures = asyncio.run(group.measure(workshop))
                except Exception:
                    traceback.print_exc()
                    broke += names
                else:
                    measured += [Measured(figure, sync) for figure in figures if figure.case.name in names]
                gc.collect()
                print(f"{time.monotonic() - begun:6.0f} s  {names[0]} ...", file=sys.stderr)
        finally:
            workshop.close()
    return measured, broke


@contextmanager
def _log_of_the_bot(file: Path) -> Iterator[None]:
    """Let the bot write its log as it always does, into a file."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    with file.open("w", encoding="utf-8") as stream:
        with redirect_stderr(stream):
            start_logging("INFO")
        try:
            yield
        finally:
            root.handlers[:] = handlers
            root.setLevel(level)


if __name__ == "__main__":
    sys.exit(main())
