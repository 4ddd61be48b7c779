"""Base: what every table shares."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, DateTime, Dialect, Index, MetaData, TypeDecorator, literal_column

from storage.prepared import Prepared, Rows

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_N_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def partial_index(name: str, *columns: Any, where: ColumnElement[bool]) -> Index:
    """An index of the rows for which ``where`` holds; on PostgreSQL too, where the migration that makes it says so.
    Saying it to SQLAlchemy here would load the whole of PostgreSQL's dialect beside SQLite: two megabytes."""
    return Index(name, *columns, sqlite_where=where)


class Instant(TypeDecorator[datetime]):
    """A moment: aware and UTC in Python, on SQLite (which keeps no zone) and on PostgreSQL alike."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """On SQLite one function in place of three, for each moment of each statement."""
        return _to_sqlite if dialect.name == "sqlite" else super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        return _from_sqlite if dialect.name == "sqlite" else super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


AS_WRITTEN = len("2026-11-23 14:00:30.000000")


def _in_utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a zone cannot be stored")
    return moment.astimezone(UTC)


def _to_sqlite(moment: datetime | None) -> str | None:
    """As SQLAlchemy writes it: ``2026-11-23 14:00:30.000000``."""
    return None if moment is None else _in_utc(moment).isoformat(" ", "microseconds").removesuffix("+00:00")


def _from_sqlite(text: str | None) -> datetime | None:
    if text is None:
        return None
    if len(text) == AS_WRITTEN:  # a zone that is read with it costs a fourth of one that is put in afterwards
        return datetime.fromisoformat(f"{text}+00:00")
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


NOTHING: Mapping[str, Any] = {}
QUEUED = "queued"  # set in a connection's notes when its transaction leaves something to be done at once
LEFT = "left"  # in the notes of a connection that only reads: what it leaves for the writer


def one_of(column: ColumnElement[str], *words: str) -> ColumnElement[bool]:
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
