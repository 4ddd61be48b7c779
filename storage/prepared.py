"""Prepared: a statement that never changes, compiled once and run on the driver's own cursor (docs/decisions/0007)."""

from collections import namedtuple
from collections.abc import Callable, Iterator, Mapping
from typing import Any, cast

from sqlalchemy import Connection, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.base import Executable
from sqlalchemy.sql.compiler import SQLCompiler

Process = Callable[[Any], Any] | None  # from Python to the driver or back; None changes nothing
SHORT = 512  # items of a list; the length of a longer one is a multiple of this, so that there are few texts of each


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
    A statement with a list of any length (``expanding``) has a text for each of a few lengths; a list is filled up to
    the next one with its last item, which changes nothing for ``IN``.
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
        self.compiled, self.dialect, self.text = compiled, dialect, compiled.string
        self.positional = compiled.positional
        self.fixed = {name: value for name, value in compiled.params.items() if not compiled.binds[name].required}
        names = compiled.positiontup if self.positional else list(compiled.params)
        self.binds = [(name, _bind(compiled, name, dialect)) for name in names or ()]
        self.lists = frozenset(bind.key for bind in compiled.post_compile_params)
        self._texts: dict[tuple[int, ...], str] = {}  # by the lengths of the lists
        self.columns = list(getattr(statement, "exported_columns", ()))
        self.read: Callable[[Any], Any] | None = None

    def run(self, connection: Connection, values: Mapping[str, Any]) -> Rows:
        try:
            text, arguments = self._with_lists(values) if self.lists else (self.text, self._arguments(values))
            driver: Any = connection.connection.dbapi_connection
            cursor = driver.execute(text, arguments)
        except Exception as problem:
            raise self._as_sqlalchemy_says(problem) from problem
        if self.read is None:
            self.read = self._reader(cursor.description)
        return Rows(cursor, self.read)

    def _arguments(self, values: Mapping[str, Any]) -> Any:
        given = {**self.fixed, **values} if self.fixed else values
        if self.positional:
            return [given[name] if process is None else process(given[name]) for name, process in self.binds]
        return {name: given[name] if process is None else process(given[name]) for name, process in self.binds}

    def _with_lists(self, values: Mapping[str, Any]) -> tuple[str, Any]:
        """The text for lists of this length, and the arguments with each item by itself."""
        given = {**self.fixed, **values, **{name: _filled_up(values[name]) for name in self.lists}}
        lengths = tuple(len(given[name]) for name in self.lists)
        text = self._texts.get(lengths)
        if text is None:
            text = self._texts[lengths] = self.compiled.construct_expanded_state(given).statement
        single: list[tuple[str, Any]] = []
        for name, process in self.binds:
            items = given[name] if name in self.lists else [given[name]]
            named = [f"{name}_{number}" for number in range(1, len(items) + 1)] if name in self.lists else [name]
            single += zip(named, items if process is None else map(process, items), strict=True)
        return text, [value for _, value in single] if self.positional else dict(single)

    def _reader(self, description: Any) -> Callable[[Any], Any]:
        """The function that makes a row of a driver's tuple; ``description`` is as PEP 249 says."""
        if not self.columns:  # nothing was asked for, though PostgreSQL is told to give new ids back
            return tuple
        named = namedtuple("named", [column.key for column in self.columns], rename=True)  # type: ignore[misc]
        back = [_back(column, told, self.dialect) for column, told in zip(self.columns, description, strict=True)]
        changed = [(place, process) for place, process in enumerate(back) if process is not None]
        if not changed:
            return named._make

        def read(row: Any) -> Any:
            values = [*row]
            for place, process in changed:
                values[place] = process(values[place])
            return named._make(values)

        return read

    def _as_sqlalchemy_says(self, problem: Exception) -> BaseException:
        driver = self.dialect.loaded_dbapi.Error
        said = DBAPIError.instance(self.text, None, problem, driver, hide_parameters=True, dialect=self.dialect)
        return cast(BaseException, said)


def _bind(compiled: SQLCompiler, name: str, dialect: Dialect) -> Process:
    return compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)


def _back(column: Any, told: Any, dialect: Dialect) -> Process:
    return cast(Process, column.type.dialect_impl(dialect).result_processor(dialect, told[1]))


def _filled_up(items: list[Any]) -> list[Any]:
    """A list with its last item as often as it takes to have the next power of two, or multiple of SHORT, of items."""
    length = len(items)
    wanted = 1 << (length - 1).bit_length() if 0 < length <= SHORT else -(-length // SHORT) * SHORT
    return [*items, *items[-1:] * (wanted - length)]
