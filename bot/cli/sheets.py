"""Sheets: a register out of the bot as a spreadsheet, and one that a city brings along into it."""

import argparse
import asyncio
import sys
from pathlib import Path

from bot.application import build_runtime
from bot.cli.caller import caller
from bot.opening import open_database
from bot.settings import read_settings
from handlers.kit.catalogue import Catalogue
from handlers.kit.context import Context
from handlers.kit.errors import ConfigurationError, FieldErrors, UnknownAccount, UserError
from handlers.kit.forms import Form, questions
from handlers.kit.read_sheets import Problem, SheetErrors, named, rows_read
from handlers.kit.registry import load
from handlers.kit.sheets import Sheet, written
from storage.database import Store
from storage.private import opener

SHOWN = 50  # problems that are printed; the next try shows the next ones


class DryRun(Exception):
    """All rows fit; none of them is kept."""


def export(options: argparse.Namespace) -> int:
    """Write a register as a file, or onto the standard output."""
    if options.out is None and options.format == "xlsx" and sys.stdout.isatty():
        raise ConfigurationError("export", "--out", "a terminal cannot show XLSX; name a file with --out FILE")
    import handlers
    import scheduler

    settings, sheet = read_settings(), _sheet(load(handlers, scheduler), "export", options.sheet)
    runtime = build_runtime(settings, database=open_database(settings, new=False))
    try:
        asyncio.run(runtime.write(lambda store: _leave_row(runtime.context(store), sheet, options.format)))

        def work(store: Store) -> bytes:
            context = runtime.context(store)
            columns = questions(sheet.form(context.city), context.city)
            return written(columns, sheet.rows(context), options.format, context.city.calendar)

        data = asyncio.run(runtime.read(work))
    finally:
        runtime.database.close()
    if options.out is None:
        sys.stdout.buffer.write(data)
        return 0
    try:
        with open(options.out, "wb", opener=opener) as out:
            out.write(data)
    except OSError as problem:
        raise ConfigurationError("export", options.out, f"it cannot be written ({problem.strerror})") from None
    print(f"The {sheet.name} are in {options.out}.")
    return 0


def take_in(options: argparse.Namespace) -> int:
    """Take a file's rows into a register, all of them or none; exit code 2 when something does not fit."""
    try:
        data = Path(options.file).read_bytes()
    except OSError as problem:
        raise ConfigurationError("import", options.file, f"it cannot be read ({problem.strerror})") from None
    runtime = build_runtime(read_settings())
    try:
        sheet = _sheet(runtime.catalogue, "import", options.sheet)
        refs = asyncio.run(runtime.write(lambda store: _taken(sheet, data, runtime.context(store), options.dry_run)))
        print(f"Taken into the register: {len(refs)}{f' ({refs[0]} to {refs[-1]})' if refs else ''}.")
    except DryRun as fits:
        print(f"All {fits.args[0]} rows fit. Nothing was taken, because this was a dry run.")
    except SheetErrors as wrong:
        return _tell(wrong, options.file)
    except UnknownAccount as unknown:
        fix = f"it names the account {unknown}; write the person's name or e-mail address"
        raise ConfigurationError("import", options.file, fix) from None
    except UserError as problem:
        raise ConfigurationError("import", options.file, str(problem)) from None
    finally:
        runtime.database.close()
    return 0


def _leave_row(context: Context, sheet: Sheet, kind: str) -> None:
    """Write the audit row that says a register leaves the bot; it is committed before the file is made."""
    context.audit(sheet.name, format=kind)
    context.write_audit(caller(), f"export {sheet.name}")


def _tell(wrong: SheetErrors, file: str) -> int:
    for problem in wrong.problems[:SHOWN]:
        print(f"{file}: {problem}", file=sys.stderr)
    if (more := len(wrong.problems) - SHOWN) > 0:
        print(f"And {more} more.", file=sys.stderr)
    print("Nothing was taken. Mend these in the file and import it again.", file=sys.stderr)
    return 2


def _taken(sheet: Sheet, data: bytes, context: Context, dry_run: bool) -> list[str]:
    """The references of all rows; raises SheetErrors with every row that does not fit, and DryRun when all do."""
    form = sheet.form(context.city)
    problems: list[Problem] = []
    refs: list[str] = []
    rows: list[tuple[int, Form]] = []
    for number, row in rows_read(data, form, context.reading):
        taken = row if isinstance(row, list) else _take(sheet, context, form, number, row)
        if isinstance(taken, list):
            problems += taken
        elif not isinstance(row, list):
            refs.append(taken)
            rows.append((number, row))
    problems += [] if problems else _checked(sheet, context, form, rows)
    if problems:
        raise SheetErrors(problems)
    if dry_run:
        raise DryRun(len(refs))
    context.write_audit(caller(), f"import {sheet.name}")
    return refs


def _take(sheet: Sheet, context: Context, form: type[Form], number: int, row: Form) -> str | list[Problem]:
    assert sheet.take is not None, "only sheets that can be imported come here"
    try:
        return sheet.take(context, row)
    except FieldErrors as wrong:
        return named(number, questions(form, context.city), wrong)
    except UserError as problem:
        return [Problem(number, "all of it", str(problem))]


def _checked(sheet: Sheet, context: Context, form: type[Form], rows: list[tuple[int, Form]]) -> list[Problem]:
    """What does not fit between rows, now that all are there."""
    if sheet.check is None:
        return []
    problems: list[Problem] = []
    for number, row in rows:
        try:
            sheet.check(context, row)
        except FieldErrors as wrong:
            problems += named(number, questions(form, context.city), wrong)
    return problems


def _sheet(catalogue: Catalogue, command: str, name: str) -> Sheet:
    known = [sheet.name for sheet in catalogue.sheets.values() if command == "export" or sheet.take]
    if name not in known:
        raise ConfigurationError(command, name, f"there is no such register; known are: {', '.join(known)}")
    return catalogue.sheets[name]
