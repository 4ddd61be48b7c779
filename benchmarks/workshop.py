"""Workshop: the folders, the sizes and the filled database that the cases of one run share."""

import os
import shutil
import statistics
import time
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path

from benchmarks.filled import fill

IN_MEMORY = Path("/dev/shm")  # noqa: S108  # where Linux keeps files in memory
SYNCS, SMALL = 60, b"x" * 4096


@dataclass(frozen=True)
class Size:
    """How much is built and how often it is measured."""

    people: int = 10_000
    few_rows: int = 10_000
    rows: int = 1_000_000
    rounds: int = 25  # many short ones: what else the machine does meets both sides
    each: int = 30  # requests in a round
    warm_up: int = 90
    messages: int = 10_000  # of a fan-out
    conversations: int = 200  # among which they are shared where each has a limit
    pages: int = 300
    crises: int = 3
    commands: int = 100_000  # of one process, whose memory is watched
    settled: int = 20_000  # of them, after which it may not grow
    enough: int = 300  # commands for a p99, where there is so much to do meanwhile
    seconds: float = 8.0  # that an idle loop or bot is watched


class Workshop:
    """What is built once, and a new folder for all that is built again."""

    def __init__(self, folder: Path, size: Size, memory: Path = IN_MEMORY) -> None:
        self.base, self.size, self._numbers = folder, size, count(1)
        self._memory = memory / f"cityops-bench-{os.getpid()}" if memory.is_dir() else folder / "no-memory-file-system"

    def folder(self) -> Path:
        """A new folder on the disk."""
        return _made(self.base / str(next(self._numbers)))

    def in_memory(self) -> Path:
        """A new folder in memory, where the machine has such a thing; else one whose name says that it has not."""
        return _made(self._memory / str(next(self._numbers)))

    @cached_property
    def few(self) -> Path:
        """A database with few rows in each register; to be copied."""
        return fill(self.folder() / "cityops.db", self.size.few_rows)

    @cached_property
    def many(self) -> Path:
        """A database with many rows in each register; to be copied."""
        return fill(self.folder() / "cityops.db", self.size.rows)

    def copy(self, database: Path) -> Path:
        """A new folder with a copy of a filled database in it."""
        folder = self.folder()
        shutil.copyfile(database, folder / "cityops.db")
        return folder

    def close(self) -> None:
        """Remove what was built in memory."""
        shutil.rmtree(self._memory, ignore_errors=True)


def sync_time(folder: Path) -> float:
    """Milliseconds in which this machine writes a small file and syncs it, now; the median."""
    took = []
    with (folder / "sync").open("wb", buffering=0) as file:
        for _ in range(SYNCS):
            begun = time.perf_counter()
            file.write(SMALL)
            os.fsync(file.fileno())
            took.append(time.perf_counter() - begun)
    return statistics.median(took) * 1000


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder
