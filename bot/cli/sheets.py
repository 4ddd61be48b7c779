"""Sheets: a register out of the bot as a spreadsheet, and one that a city brings along into it."""

import argparse
import asyncio
import sys
from pathlib import Path

from bot.assembly import build_runtime
from bot.cli.caller import caller
from bot.opening import open_database
from bot.settings import read_settings
from handlers.kit.catalogue import Catalogue
from handlers.kit.context import Context
from handlers.kit.errors import ConfigurationError, UnknownAccount, UserError
from handlers.kit.forms import questions
from handlers.kit.lists import all_of
from handlers.kit.registry import load
from handlers.kit.sheets.problems import SheetErrors
from handlers.kit.sheets.taking import Taken, take_rows
from handlers.kit.sheets.unpacking import MOST_BYTES
from handlers.kit.sheets.writing import FORMATS, Format, Sheet, written
from storage.database import Store
from storage.private import opener

SHOWN = 50  # problems that are printed; the next try shows the next ones


class DryRun(Exception):
    """All rows fit; none of them is kept."""

    def __init__(self, taken: Taken) -> None:
        super().__init__("a dry run")
        self.taken = taken


def export(options: argparse.Namespace) -> int:
    """Write a register as a file, or onto the standard output."""
    kind = _format(options.format, options.out)
    if options.out is None and kind == "xlsx" and sys.stdout.isatty():
        raise ConfigurationError("export", "--out", "a terminal cannot show XLSX; name a file with --out FILE")
    import handlers
    import scheduler

    settings, sheet = read_settings(), _sheet(load(handlers, scheduler), "export", options.sheet)
    runtime = build_runtime(settings, database=open_database(settings, new=False))
    try:
        asyncio.run(runtime.write(lambda store: _leave_row(runtime.context(store), sheet, kind)))

        def work(store: Store) -> bytes:
            context = runtime.context(store)
            columns = questions(sheet.form(context.city), context.city)
            return written(columns, sheet.rows(context), kind, context.calendar)

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
        if Path(options.file).stat().st_size > MOST_BYTES:
            raise ConfigurationError("import", options.file, "it is too large for a register; is it the right file?")
        data = Path(options.file).read_bytes()
    except OSError as problem:
        raise ConfigurationError("import", options.file, f"it cannot be read ({problem.strerror})") from None
    runtime = build_runtime(read_settings())
    try:
        sheet = _sheet(runtime.catalogue, "import", options.sheet)
        taken = asyncio.run(runtime.write(lambda store: _taken(sheet, data, runtime.context(store), options)))
        print(f"Imported: {len(taken.new)}{_refs(taken)}.")
        _told(taken)
    except DryRun as fits:
        fit = all_of(fits.taken.rows, "row fits", "rows fit")
        print(f"{fit}. Nothing was imported, because this was a dry run. An import would give:")
        print(f"New: {len(fits.taken.new)}.")
        _told(fits.taken)
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


def _format(asked: Format | None, out: str | None) -> Format:
    """The kind of file: as the name of the file ends, as was asked where it has no ending, or else CSV."""
    ending = Path(out or "").suffix
    if out is None or not ending:
        return asked or "csv"
    kind = next((known for known in FORMATS if ending.lower() == f".{known}"), None)
    if kind is None:
        raise ConfigurationError("export", out, f"{ending} cannot be written; name a file that ends in .csv or .xlsx")
    if asked not in (None, kind):
        raise ConfigurationError("export", out, f"--format {asked} is another kind; leave it out, or end in .{asked}")
    return kind


def _leave_row(context: Context, sheet: Sheet, kind: Format) -> None:
    """Write the audit row that says a register leaves the bot; it is committed before the file is made."""
    context.audit(sheet.name, format=kind)
    context.write_audit(caller(), f"export {sheet.name}")


def _tell(wrong: SheetErrors, file: str) -> int:
    for problem in wrong.problems[:SHOWN]:
        print(f"{file}: {problem}", file=sys.stderr)
    if (more := len(wrong.problems) - SHOWN) > 0:
        print(f"And {more} more.", file=sys.stderr)
    print("Nothing was imported. Fix these in the file and import it again.", file=sys.stderr)
    return 2


def _taken(sheet: Sheet, data: bytes, context: Context, options: argparse.Namespace) -> Taken:
    """What came of the rows; raises SheetErrors with every row that does not fit, and DryRun when all do."""
    taken = take_rows(sheet, context, data, options.same)
    if options.dry_run:
        raise DryRun(taken)
    context.write_audit(caller(), f"import {sheet.name}")
    return taken


def _refs(taken: Taken) -> str:
    """The new records by reference, the first and the last of several."""
    if not taken.new:
        return ""
    return f" ({taken.new[0]})" if len(taken.new) == 1 else f" ({taken.new[0]} to {taken.new[-1]})"


def _told(taken: Taken) -> None:
    """Say what changed, what did not, and what of the file was not imported."""
    if taken.changed:
        print(f"Changed: {len(taken.changed)}.")
    for ref, headings in list(taken.changed.items())[:SHOWN]:
        print(f"{ref}: {', '.join(headings)}")
    if (more := len(taken.changed) - SHOWN) > 0:
        print(f"And {more} more.")
    if taken.same:
        print(f"Unchanged: {len(taken.same)}.")
    for notice in taken.notices[:SHOWN]:
        print(notice)
    if (more := len(taken.notices) - SHOWN) > 0:
        print(f"And {more} more such lines.")


def _sheet(catalogue: Catalogue, command: str, name: str) -> Sheet:
    known = [sheet.name for sheet in catalogue.sheets.values() if command == "export" or sheet.take]
    if name not in known:
        raise ConfigurationError(command, name, f"there is no such register; known are: {', '.join(known)}")
    return catalogue.sheets[name]
