"""Prepared: a statement that never changes, compiled once and run on the driver's own cursor (docs/decisions/0007)."""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler

Process = Callable[[Any], Any] | None  # from Python to the driver or back; None changes nothing


class Rows:
    """What came back: named tuples in the statement's order, in Python's types; read once."""

    def __init__(self, cursor: Any, read: Callable[[Any], Any]) -> None:
        self._cursor, self._read = cursor, read

    def __iter__(self) -> Iterator[Any]:
        return map(self._read, self._cursor)

    def all(self) -> list[Any]:
        return list(self)

    def first(self) -> Any:
        """The first row, or None."""
        rows = self._cursor.fetchall()
        return self._read(rows[0]) if rows else None

    def scalar(self) -> Any:
        """The first value of the first row, or None."""
        row = self.first()
        return row[0] if row else None

    @property
    def changed(self) -> int:
        """How many rows the statement has changed."""
        return int(self._cursor.rowcount)


class Prepared:
    """A statement of SQLAlchemy Core with a fixed text.

    An insert or update without ``values()`` names the columns it is given, and is compiled once for each set of them.
    A list of any length (``expanding``) has no fixed text: such a statement goes to the connection itself.
    """

    def __init__(self, statement: Executable) -> None:
        self.statement = statement
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Rows:
        """Raises SQLAlchemy's errors, as the connection itself would, without what people typed."""
        key = (connection.dialect.name, *values)
        compiled = self._compiled.get(key)
        if compiled is None:
            compiled = self._compiled[key] = _Compiled(self.statement, connection.dialect, list(values))
        return compiled.run(connection, values)


class _Compiled:
    """The text for one dialect and one set of columns, and what turns values into the driver's and back."""

    def __init__(self, statement: Executable, dialect: Dialect, columns: list[str]) -> None:
        compiled = statement.compile(  # type: ignore[attr-defined]  # whatever is executable can be compiled
            dialect=dialect, column_keys=columns
        )
        assert isinstance(compiled, SQLCompiler)
        self.dialect, self.text = dialect, compiled.string
        self.positional = compiled.positional
        self.fixed = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
        names = compiled.positiontup if self.positional else list(compiled.params)
        self.binds = [(name, _bind(compiled, name, dialect)) for name in names or ()]
        self.columns = list(getattr(statement, "exported_columns", ()))
        self.read: Callable[[Any], Any] | None = None

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Rows:
        try:
            cursor = connection.connection.cursor()
            cursor.execute(self.text, self._arguments(values))
        except Exception as problem:
            raise self._as_sqlalchemy_says(problem) from problem
        if self.read is None:
            self.read = self._reader(cursor.description)
        return Rows(cursor, self.read)

    def _arguments(self, values: Mapping[str, Any]) -> Any:
        given = {**self.fixed, **values}
        if self.positional:
            return [given[name] if process is None else process(given[name]) for name, process in self.binds]
        return {name: given[name] if process is None else process(given[name]) for name, process in self.binds}

    def _reader(self, description: Any) -> Callable[[Any], Any]:
        """The function that makes a row of a driver's tuple; ``description`` is as PEP 249 says."""
        if not self.columns:  # nothing was asked for, though PostgreSQL is told to give new ids back
            return tuple
        named = namedtuple("named", [column.key for column in self.columns], rename=True)  # type: ignore[misc]
        back = [_back(column, told, self.dialect) for column, told in zip(self.columns, description, strict=True)]
        if not any(back):
            return named._make
        return lambda row: named._make(
            [value if process is None else process(value) for process, value in zip(back, row, strict=True)]
        )

    def _as_sqlalchemy_says(self, problem: Exception) -> BaseException:
        driver = self.dialect.loaded_dbapi.Error
        said = DBAPIError.instance(self.text, None, problem, driver, hide_parameters=True, dialect=self.dialect)
        return cast(BaseException, said)


def _bind(compiled: SQLCompiler, name: str, dialect: Dialect) -> Process:
    return compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)


def _back(column: Any, told: Any, dialect: Dialect) -> Process:
    return cast(Process, column.type.dialect_impl(dialect).result_processor(dialect, told[1]))
