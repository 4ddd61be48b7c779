"""Rows: the least that keeping something can cost: one sqlite3 transaction, in WAL mode with synchronous=FULL."""

import sqlite3
from pathlib import Path


class Rows:
    """A table of two columns; each commit writes ``each`` rows, as many as the bot writes for one command."""

    def __init__(self, folder: Path, each: int) -> None:
        self.file, self.each = folder / "floor.db", each
        self.database = sqlite3.connect(self.file, isolation_level=None)
        for line in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", "CREATE TABLE rows (at TEXT, what TEXT)"):
            self.database.execute(line)

    def commit(self, at: str, what: str) -> None:
        self.database.execute("BEGIN IMMEDIATE")
        for _ in range(self.each):
            self.database.execute("INSERT INTO rows VALUES (?, ?)", (at, what))
        self.database.execute("COMMIT")

    @property
    def count(self) -> int:
        """How many there are."""
        return int(self.database.execute("SELECT count(*) FROM rows").fetchone()[0])

    def close(self) -> None:
        self.database.close()
