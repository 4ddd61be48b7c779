"""Say: a command as somebody, answered on the terminal; for scripts, rehearsals and when chat is down."""

import argparse
import asyncio
import json
import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.assembly import build_runtime
from bot.inbound import Answered, Asking, Inbound, Outcome, Typed
from bot.settings import read_settings
from handlers.kit.catalogue import catalogue
from handlers.kit.declared import Command
from handlers.kit.forms import Form, FormPage
from handlers.kit.grammar import quoted
from handlers.kit.messages import File, Picture
from handlers.kit.plain import plain
from handlers.kit.values import name_and_about
from storage.private import opener


def say(options: argparse.Namespace) -> int:
    """Say it and print the answer; exit code 0 when it was done or answered, 2 when refused or incomplete.

    The answer's files are named under it, and written where a folder is given; exit code 1 when one cannot be.
    """
    outcome = asyncio.run(_say(options.person, options.line))
    told = _told(outcome)
    card = outcome.card if isinstance(outcome, Answered) else None
    files = card.files if card else ()
    lines, failed = _written(files, Path(options.out)) if options.out else (_named(files), False)
    told["text"] = "\n".join([told["text"], *(["", *lines] if lines else [])])
    print(json.dumps(told, ensure_ascii=False) if options.json else told["text"])
    return 1 if failed else 0 if told["ok"] else 2


def _named(files: Sequence[Picture | File]) -> list[str]:
    """A line that names the files of the answer, and says how to get them."""
    names = ", ".join(str(_path(file)) for file in files)
    return [f"Not written: {names}. Add --out DIR to write {'it' if len(files) == 1 else 'them'}."] if files else []


def _written(files: Sequence[Picture | File], folder: Path) -> tuple[list[str], bool]:
    """A line for each file that says where it is, or why it is nowhere; and whether one is nowhere."""
    lines, failed = [], False
    for file in files:
        try:
            lines.append(f"Written: {_write(folder, file)}")
        except OSError as problem:
            failed = True
            lines.append(f"Not written: {file.name} ({problem.strerror}). Name another folder with --out DIR.")
    return lines, failed


def _write(folder: Path, file: Picture | File) -> Path:
    """Write a file under its name, or the next one that is free; what is there already stays. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    name, number = _path(file), 1
    while True:
        path = folder / (name if number == 1 else f"{name.stem}-{number}{name.suffix}")
        try:
            with open(path, "xb", opener=opener) as new:
                new.write(file.data)
            return path
        except FileExistsError:
            number += 1


def _path(file: Picture | File) -> Path:
    """The name of a file as it may stand in a folder."""
    return Path(re.sub(r"[/\\\0-\x1f]", "_", file.name).lstrip(".") or "file")


async def _say(person: str, line: str) -> Outcome:
    runtime = build_runtime(read_settings())
    try:
        return await runtime.handle(Inbound("say", person, Typed(line), key=secrets.token_hex(8)))
    finally:
        await asyncio.to_thread(runtime.database.close)


def _told(outcome: Outcome) -> dict[str, Any]:
    match outcome:
        case Answered(card):
            told = {"ok": outcome.ok, "text": plain(card) if card else "Done."}
            return {**told, "card": card.model_dump(mode="json") if card else None, "form": None, "errors": {}}
        case Asking(page):
            fields = [
                {
                    "name": q.name,
                    "label": q.label,
                    "kind": q.kind,
                    "required": q.required,
                    "value": page.values.get(q.name, ""),
                }
                for q in page.questions
            ]
            return {"ok": False, "text": _still_needed(page), "card": None, "form": fields, "errors": dict(page.errors)}


def _still_needed(page: FormPage) -> str:
    """The form as text: what is given, what is wrong, and how to give the rest in one line."""
    lines = [page.title, ""]
    for question in page.questions:
        needed = "" if question.required else " (optional)"
        given = page.values.get(question.name)
        lines.append(f"{question.name.replace('_', ' ')}: {given if given else question.label + needed}")
        if problem := page.errors.get(question.name):
            lines.append(f"  {problem}")
    return "\n".join([*lines, "", _in_one_line(page)])


def _in_one_line(page: FormPage) -> str:
    """How to give all that a form asks in one line."""
    name, about = name_and_about(page.target)
    command = catalogue.command_of(name)
    if command is None or not _has_all(catalogue.commands[command], page):
        return "This form cannot be filled in with one line. Fill it in at the desk, in Slack or in Teams."
    subject = [about.split()[0]] if about and name not in catalogue.commands else []
    parts = [f"{q.name.replace('_', ' ')} {quoted(page.values.get(q.name) or '...')}" for q in page.questions]
    if not subject:
        first = page.questions[0].name
        parts[0] = quoted(page.values.get(first) or first.replace("_", " ").upper())
    return f"Say it in one line: /{command} {'; '.join([*subject, *parts])}"


def _has_all(command: Command, page: FormPage) -> bool:
    """Whether the line of a command has a place for all that a form asks."""
    form = command.asks
    known = form.model_fields if isinstance(form, type) and issubclass(form, Form) else None
    return known is None or all(question.name in known for question in page.questions)
