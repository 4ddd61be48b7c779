"""Say: a command as somebody, answered on the terminal; for scripts, rehearsals and when chat is down."""

import argparse
import asyncio
import json
import secrets
from typing import Any

from bot.application import build_runtime
from bot.inbound import Answered, Asking, Inbound, Outcome, Typed
from bot.settings import read_settings
from handlers.kit.forms import FormPage
from handlers.kit.plain import plain


def say(options: argparse.Namespace) -> int:
    """Say it and print the answer; exit code 0 when it was done or answered, 2 when refused or incomplete."""
    outcome = asyncio.run(_say(options.person, options.line))
    told = _told(outcome)
    print(json.dumps(told, ensure_ascii=False) if options.json else told["text"])
    return 0 if told["ok"] else 2


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
        needed = "" if question.required else " (may stay empty)"
        given = page.values.get(question.name)
        lines.append(f"{question.name.replace('_', ' ')}: {given if given else question.label + needed}")
        if problem := page.errors.get(question.name):
            lines.append(f"  {problem}")
    first, *rest = (question.name.replace("_", " ") for question in page.questions)
    name = page.target.partition("|")[0]
    return "\n".join(
        [*lines, "", f"Say it in one line: /{name} {'; '.join([first.upper(), *(f'{one} ...' for one in rest)])}"]
    )
