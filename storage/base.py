"""Base: what every table shares."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, DateTime, Dialect, MetaData, TypeDecorator, literal_column

from storage.prepared import Prepared, Rows

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Instant(TypeDecorator[datetime]):
    """A moment: aware and UTC in Python, on SQLite (which keeps no zone) and on PostgreSQL alike."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


NOTHING: Mapping[str, Any] = {}
QUEUED = "queued"  # set in a connection's notes when its transaction leaves something to be done at once
LEFT = "left"  # in the notes of a connection that only reads: what it leaves for the writer


def one_of(column: Column[str], *words: str) -> ColumnElement[bool]:
    """Whether a column holds one of these words of ours; they stand in the SQL, so that partial indexes are used."""
    return column.in_([literal_column(f"'{word}'") for word in words])


def fit(words: str, most: int) -> str:
    """Words as every database takes them: no NUL, no lone surrogates, at most ``most`` characters."""
    return words.replace("\x00", "").encode(errors="replace").decode()[:most]


class Questions:
    """The questions that one table answers, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def ask(self, statement: Prepared, values: Mapping[str, Any] = NOTHING) -> Rows:
        """Run a statement within this transaction."""
        return statement.run(self.connection, values)

    def ask_each(self, statement: Prepared, rows: Sequence[Mapping[str, Any]]) -> None:
        """Run a statement with each of these values, all of the same names, handed to the driver in one go."""
        if len(rows) == 1:
            self.ask(statement, rows[0])
        elif rows:
            self.connection.execute(statement.statement, rows)

    def wake(self) -> None:
        """Have the commit of this transaction wake those who wait for work."""
        self.connection.info[QUEUED] = True
