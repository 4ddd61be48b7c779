"""Manual: docs/commands.md and docs/schedule.md, written from the catalogue."""

import argparse
import sys
from pathlib import Path

import handlers
import scheduler
from bot.settings import read_settings
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.city.reading import read_city
from handlers.kit.coming import times_of
from handlers.kit.declared import Command, asked, first_line
from handlers.kit.policy import RULES, roles_with
from handlers.kit.registry import load
from handlers.kit.seats import NOBODY

DOCS = Path("docs")


def manual(options: argparse.Namespace) -> int:
    """Write both pages, or with --check say whether they are fresh."""
    city = read_city(read_settings().city_dir)
    catalogue = load(handlers, scheduler)
    pages = {"commands.md": commands_page(catalogue, city), "schedule.md": schedule_page(catalogue, city)}
    stale = [name for name, text in pages.items() if not _is(DOCS / name, text)]
    if options.check:
        if stale:
            print(f"Not up to date: {', '.join(stale)}. Run: python -m bot manual", file=sys.stderr)
        return 1 if stale else 0
    DOCS.mkdir(exist_ok=True)
    for name in stale:
        (DOCS / name).write_text(pages[name], encoding="utf-8")
    print(f"Written: {', '.join(stale)}" if stale else "Both pages are up to date.")
    return 0


def commands_page(catalogue: Catalogue, city: City) -> str:
    """Every command by group: how to write it, what it does, who may."""
    lines = [
        "# Commands",
        "",
        "Written from the catalogue by `python -m bot manual`; do not edit by hand.",
        "",
        "Write a command with or without the slash, in a direct message, on the desk, or in a channel with the bot's",
        "name in front. In Slack, `/city <anything>` reaches every command. Parts in square brackets can be left out;",
        "with something missing, a form opens with the rest filled in. `help` asks what you want to do, and the name",
        "of a group alone, such as `risk`, opens its small menu. A verb and a reference are enough: `close F-1`.",
    ]
    for group in catalogue.groups:
        lines += ["", f"## {group}", ""]
        for command in catalogue.group(group):
            lines += _command(command, city)
    return "\n".join(lines) + "\n"


def _command(command: Command, city: City) -> list[str]:
    fields = [q.name.replace("_", " ") if q.required else f"[{q.name.replace('_', ' ')}]" for q in asked(command, city)]
    everyone = "staff" in RULES[command.needs]
    who = "everybody" if everyone else ", ".join(roles_with(command.needs))
    lines = [f"### `/{' '.join([command.name, '; '.join(fields)]).strip()}`", "", command.help, "", f"For: {who}."]
    lines += [f"Example: `{command.example}`"] if command.example else []
    for question in asked(command, city):
        options = f" One of: {', '.join(label for _, label in question.options)}." if question.kind == "choice" else ""
        lines.append(f"- `{question.name.replace('_', ' ')}`: {question.label}{options}")
    return [*lines, ""]


def schedule_page(catalogue: Catalogue, city: City) -> str:
    """Every routine: when, to whom, what, and how late it is still worth sending."""
    lines = [
        "# Schedule",
        "",
        "Written from the catalogue by `python -m bot manual`; do not edit by hand.",
        "",
        f"Times are {city.name}'s ({city.facts.zone}). What is sent on which day: `python -m bot schedule`.",
        "",
        "| routine | when | on closed days | to | sent late until | what |",
        "|---|---|---|---|---|---|",
    ]
    for routine in catalogue.routines.values():
        times = times_of(routine, city)
        to = routine.to.replace("_", " ") if isinstance(routine.to, str) else first_line(routine.to).rstrip(".").lower()
        to = "no message of its own" if routine.to == NOBODY else to
        until = f"{times.late_until:%H:%M}" if times.late_until else "the next one"
        when = f"{times.at:%H:%M}, {times.on}"
        lines.append(f"| {routine.name} | {when} | {times.closed} | {to} | {until} | {routine.help} |")
    return "\n".join(lines) + "\n"


def _is(path: Path, text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text
