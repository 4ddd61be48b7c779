"""Taking in: the rows of a sheet into a register, all of them or none; a row that was exported changes its record."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from handlers.kit.context import Context
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import Form
from handlers.kit.sheets.changing import REFERENCE, Register, change_row
from handlers.kit.sheets.problems import Problem, SheetErrors
from handlers.kit.sheets.reading import Line, judged, lines_of, named, opened
from handlers.kit.sheets.twins import twins
from handlers.kit.sheets.versions import COLUMN, plain, was
from handlers.kit.sheets.writing import Sheet, texts_of

Texts = Mapping[str, str]  # of a row, by field
Same = Literal["add", "new"]
SAID_ALREADY = (
    "{ref} says the same and is open. Import with --same add to add to it, or with --same new to log it as new."
)
MOST_DIGITS = 8  # of a reference that a sheet brings along: the numbers after it must stay readable too


@dataclass(frozen=True)
class Taken:
    """What came of a sheet: the references of new records, of changed ones with the headings of what changed in them,
    of those that are as they were, and of those to which a row was added, by its number; and what else to say."""

    new: list[str] = field(default_factory=list)
    changed: dict[str, list[str]] = field(default_factory=dict)
    same: list[str] = field(default_factory=list)
    added: dict[int, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)

    @property
    def rows(self) -> int:
        return len(self.new) + len(self.changed) + len(self.same) + len(self.added)


def take_rows(sheet: Sheet, context: Context, data: bytes, same: Same | None = None) -> Taken:
    """Take the rows of a file into a register. Raises UserError, and SheetErrors with everything that does not fit.

    A new row that says what an open record says already is added to it or taken as a new one, by ``same``; without that
    it does not fit.
    """
    register = Register(sheet, context)
    page = opened(data)
    lines = list(lines_of(page, register.columns))
    before = _exported(register)
    there = twins(register, lines, before)
    taken = Taken(notices=list(page.notices))
    problems = [*_twice(register, lines), *_misnamed(register, lines, before)]
    new: list[tuple[Line, Form]] = []
    for line in lines:
        if ref := there.get(line.number):
            taken.same.append(ref)
            taken.notices.append(f"Row {line.number} is in the register already, as {ref}.")
        elif now := before.get(_ref(line)):
            problems += _change(register, line, now, taken)
        else:
            row = judged(line, register.form, context.reading)
            problems += row if isinstance(row, list) else []
            new += [] if isinstance(row, list) else [(line, row)]
    open_already = _open_already(register, new) if same != "new" else {}
    for line, row in new:
        problems += _add(register, line, row, taken, open_already.get(line.number), same)
    problems += [] if problems else _checked(register, new)
    if problems:
        raise SheetErrors(problems)
    rest = [line for line in lines if line.number not in there and line.number not in taken.added]
    taken.notices.extend(_counted(register, rest, before, iter(taken.new)))
    return taken


def _ref(line: Line) -> str:
    return line.values.get(REFERENCE, "").strip().upper()


def _exported(register: Register) -> dict[str, Texts]:
    """The rows as they would be exported now, by reference."""
    calendar = register.context.calendar
    rows = (texts_of(row, register.columns, calendar) for row in register.sheet.rows(register.context))
    return {row.get(REFERENCE, ""): row for row in rows}


def _twice(register: Register, lines: Sequence[Line]) -> Iterator[Problem]:
    """The rows about a record that another row is about."""
    first: dict[str, int] = {}
    [heading] = register.headings([REFERENCE]) or [REFERENCE]
    for line in lines:
        ref = _ref(line)
        if ref and first.setdefault(ref, line.number) != line.number:
            yield Problem(line.number, heading, f"{ref} is in row {first[ref]} already. Keep one of the two.")


def _misnamed(register: Register, lines: Sequence[Line], before: Mapping[str, Texts]) -> Iterator[Problem]:
    """The new rows whose reference the register cannot go on from, or was another one when the row was exported."""
    [heading] = register.headings([REFERENCE]) or [REFERENCE]
    for line in lines:
        ref, version = _ref(line), line.values.get(COLUMN, "").strip()
        if not ref or ref in before:
            continue
        if sum(sign.isdecimal() for sign in ref) > MOST_DIGITS:
            said = f"{ref} is too high a number to go on from"
            yield Problem(line.number, heading, f"{said}. Write at most {MOST_DIGITS} digits, or leave it empty.")
        elif version and not was(version, REFERENCE, ref):
            said = f"{ref} is not the reference this row was exported with. Put the old one back, or, for a new row"
            yield Problem(line.number, heading, f"{said}, clear the reference and the version.")


def _change(register: Register, line: Line, now: Texts, taken: Taken) -> list[Problem]:
    ref, done = now[REFERENCE], change_row(register, line, now)
    if done.fields:
        taken.changed[ref] = register.headings(done.fields)
    else:
        taken.same.append(ref)
    if done.kept:
        kept = ", ".join(register.headings(done.kept))
        taken.notices.append(f"{ref} was changed here after the export and was not overwritten: {kept}.")
    return [*done.problems, *line.problems]


def _open_already(register: Register, new: Sequence[tuple[Line, Form]]) -> dict[int, str]:
    """The open records that new rows say again, by the rows' numbers, before any row is taken: a city's own rows are
    not compared with each other."""
    asked = [(line, row) for line, row in new if not _ref(line)]
    find = register.sheet.same
    found = find(register.context, [row for _, row in asked]) if find else []
    return {line.number: ref for (line, _), ref in zip(asked, found, strict=bool(find)) if ref}


def _add(
    register: Register, line: Line, row: Form, taken: Taken, there: str | None, same: Same | None
) -> list[Problem]:
    """Keep a new record, or add it to the open one that says the same; gives what does not fit."""
    sheet, context = register.sheet, register.context
    assert sheet.take is not None, "only sheets that can be imported come here"
    try:
        if there is None:
            taken.new.append(sheet.take(context, row))
        elif same is None:
            return [Problem(line.number, "all of it", SAID_ALREADY.format(ref=there))]
        else:
            assert sheet.add is not None, "what can be found as the same can be added to"
            sheet.add(context, row, there)
            taken.added[line.number] = there
            taken.notices.append(f"Row {line.number} was added to {there}, which says the same.")
    except FieldErrors as wrong:
        return named(line.number, register.columns, wrong)
    except UserError as problem:
        return [Problem(line.number, "all of it", str(problem))]
    return []


def _checked(register: Register, rows: Sequence[tuple[Line, Form]]) -> list[Problem]:
    """What does not fit between rows, now that all are there."""
    check = register.sheet.check
    if check is None:
        return []
    problems: list[Problem] = []
    for line, row in rows:
        try:
            check(register.context, row)
        except FieldErrors as wrong:
            problems += named(line.number, register.columns, wrong)
    return problems


def _is_as_exported(line: Line, name: str) -> bool:
    """Whether nobody has touched a cell since its row was exported."""
    return was(line.values.get(COLUMN, "").strip(), name, line.values[name])


def _counted(
    register: Register, lines: Sequence[Line], before: Mapping[str, Texts], new: Iterator[str]
) -> Iterator[str]:
    """What a sheet says in columns that the bot counts itself, where the bot counts something else."""
    refs = [ref if (ref := _ref(line)) in before else next(new) for line in lines]
    given = [
        (ref, line, name)
        for ref, line in zip(refs, lines, strict=True)
        for name in register.sheet.counted
        if line.values.get(name, "").strip() and not _is_as_exported(line, name)
    ]
    after = _exported(register) if given else {}
    for ref, line, name in given:
        said = plain(line.values[name])
        known = {plain(rows[ref].get(name, "")).casefold() for rows in (before, after) if ref in rows}
        if said.casefold() not in known:
            [heading] = register.headings([name])
            found = f'{ref}: {heading} is "{after[ref][name]}", calculated by the bot'
            yield f'{found}, not "{said}" as in row {line.number}.'
