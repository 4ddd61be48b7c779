"""The command line: ``python -m bot``, installed as ``cityops``."""

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import NoReturn

from bot.interpreter import end, prepare_to_load
from handlers.kit.errors import ConfigurationError

DONE, FAILED, WRONG = 0, 1, 2
# What each command runs, imported only when it is called: `say --help` must not load a web server.
COMMANDS = {
    "run": "bot.cli.run:run",
    "say": "bot.cli.say:say",
    "schedule": "bot.cli.routines:schedule",
    "send": "bot.cli.routines:send",
    "manifest": "bot.cli.manifest:manifest",
    "manual": "bot.cli.manual:manual",
    "audit": "bot.cli.keep:audit",
    "export": "bot.cli.sheets:export",
    "import": "bot.cli.sheets:take_in",
    "backup": "bot.cli.keep:backup",
    "restore": "bot.cli.keep:restore",
    "db": "bot.cli.keep:database",
    "doctor": "bot.cli.doctor:doctor",
    "demo": "bot.cli.demo:demo",
    "new-city": "bot.cli.new_city:new_city",
}


def program() -> NoReturn:
    """Be the whole process: run the command that it was started for, and end."""
    prepare_to_load()
    end(main())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and give the exit code: 0 done, 2 the call or the configuration is wrong, 1 anything else."""
    options = parser().parse_args(arguments)
    module, _, function = COMMANDS[options.command].partition(":")
    try:
        code = int(getattr(__import__(module, fromlist=[function]), function)(options))
        sys.stdout.flush()
        return code
    except ConfigurationError as problem:
        print(problem, file=sys.stderr)
        return WRONG
    except KeyboardInterrupt:
        return FAILED
    except BrokenPipeError:  # the reader of our output has closed it, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    except Exception as problem:
        from storage.trouble import DatabaseUnavailable, DatabaseUnusable  # only now: SQLAlchemy takes long to load

        if not isinstance(problem, DatabaseUnavailable):
            raise
        print(f"DATABASE_URL: {problem}", file=sys.stderr)
        return WRONG if isinstance(problem, DatabaseUnusable) else FAILED


def parser() -> argparse.ArgumentParser:
    """All commands and their options."""
    top = argparse.ArgumentParser(prog="cityops", description="The bot a city runs its day on, in Slack and Teams.")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    run = commands.add_parser("run", help="start the bot")
    run.add_argument("--host", help="the address to listen on (HOST)")
    run.add_argument("--port", type=int, help="the port to listen on (PORT)")

    say = commands.add_parser("say", help="say a command as somebody, and read the answer")
    say.add_argument("person", metavar="PERSON", help="an id of city/people.toml, such as sam")
    say.add_argument("line", metavar="COMMAND", help='for example: "/risk add Dam gate stuck; likelihood 4; impact 5"')
    say.add_argument("--json", action="store_true", help="print one JSON object")
    say.add_argument("--out", "--files", metavar="DIR", help="write the answer's files into this folder")

    schedule = commands.add_parser("schedule", help="print what the bot will send by itself")
    schedule.add_argument("--from", dest="first", type=date.fromisoformat, metavar="DATE", help="first day (today)")
    schedule.add_argument("--days", type=int, default=7, metavar="N", help="how many days (7)")
    schedule.add_argument("--json", action="store_true", help="print a JSON list")

    send = commands.add_parser("send", help="send a routine now, recorded as by hand")
    send.add_argument("routine", metavar="ROUTINE", help="for example morning-check")
    send.add_argument("--date", type=date.fromisoformat, metavar="DATE", help="the day it is for (today)")

    manifest = commands.add_parser("manifest", help="write the app manifest to upload to a platform")
    manifest.add_argument("platform", choices=("slack", "teams"))
    manifest.add_argument("--out", metavar="DIR", help="write it into this folder instead of printing it")

    manual = commands.add_parser("manual", help="write docs/commands.md and docs/schedule.md from the catalogue")
    manual.add_argument("--check", action="store_true", help="only say whether they are up to date")

    audit = commands.add_parser("audit", help="check the audit")
    audit.add_argument("what", choices=("verify",))

    export = commands.add_parser("export", help="write a register as a spreadsheet")
    export.add_argument("sheet", metavar="REGISTER", help="for example risks")
    export.add_argument("--format", choices=("csv", "xlsx"), help="the kind of file (as FILE ends, or csv)")
    export.add_argument("--out", metavar="FILE", help="write it into this file instead of printing it")

    taken = commands.add_parser("import", help="import a spreadsheet's rows into a register, all or none")
    taken.add_argument("sheet", metavar="REGISTER", help="for example risks")
    taken.add_argument("file", metavar="FILE", help="CSV in UTF-8, or XLSX")
    taken.add_argument(
        "--same",
        choices=("add", "new"),
        help="a row that matches an open record: add it there, or log it as new (default: refuse it)",
    )
    taken.add_argument("--dry-run", action="store_true", help="only say whether all rows fit")

    backup = commands.add_parser("backup", help="copy the database into a file, while the bot runs")
    backup.add_argument("file", metavar="FILE")
    restore = commands.add_parser("restore", help="put a backup in the place of the database; stop the bot first")
    restore.add_argument("file", metavar="FILE")
    database = commands.add_parser("db", help="bring the database to the newest schema")
    database.add_argument("what", choices=("upgrade",))

    doctor = commands.add_parser("doctor", help="look for what is wrong with the setup, and say how to fix it")
    doctor.add_argument("--manifest", metavar="FILE", help="a copy of your Slack app's manifest; says what it lacks")

    demo = commands.add_parser("demo", help="make ten invented weeks of Riverton, to look at: data/riverton.db")
    demo.add_argument("--again", action="store_true", help="make it again, up to today; what you tried in it is lost")

    new_city = commands.add_parser("new-city", help="make a folder with the files of a new city")
    new_city.add_argument("folder", metavar="DIR", help="a new folder, such as springfield")
    new_city.add_argument("--people", metavar="FILE", help="a CSV or XLSX file with Name, E-mail, Department, Role ...")
    return top


if __name__ == "__main__":
    program()
