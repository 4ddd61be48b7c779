"""Help: what the bot can do, written from the catalogue."""

import re

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.declared import Command, asked
from handlers.kit.errors import UserError
from handlers.kit.forms import OpenForm
from handlers.kit.messages import Button, Buttons, Card, Fold, Heading, Items, Note, Row, Text
from handlers.kit.registry import action
from handlers.kit.values import name_and_about

WHERE_IT_PAUSES = re.compile(r"[.,;:]")


@action("fill-in", needs="help", reads_only=True, opens_form=True)
def fill_in(request: Request, value: str) -> OpenForm:
    """Open a form with what was typed before."""
    draft = request.store.chat.drafts.find(value, request.person.id)
    if draft is None:
        raise UserError("This form is not yours, or it is more than a week old. Please type the command again.")
    name, about = name_and_about(draft[0])
    return OpenForm(name, draft[1], about)


@action("sentence.no", needs="help", reads_only=True)
def nothing_of_it(_request: Request, _value: str) -> Card:
    """Nothing of what was proposed."""
    return Card("All right, nothing is saved", Note("To log something else, write it in your own words."))


def help_card(request: Request, group: str | None, *, greeting: bool = False) -> Card:
    """All groups in a line each, or the commands of one group with an example."""
    title = "Hello. What do you want to do?" if greeting else "What do you want to do?"
    return _overview(request, title) if group is None else _group(request, group)


def _overview(request: Request, title: str) -> Card:
    """The usual commands, and all others by group, each behind what it is for."""
    usual = catalogue.usual(request.person.all_roles)
    return Card(
        title,
        Buttons(*(Button.say(command.help.rstrip("."), command.name) for command in usual)),
        Heading("Everything, by what it is about"),
        *(_fold(group) for group in catalogue.groups),
        Note("Write a command here, in a channel with my name, or with a slash. For one group: help risk."),
    )


def _fold(group: str) -> Fold:
    """A group behind the first words of what it is for: its commands by name, and the way to what each of them asks."""
    title = f"/{group}: {WHERE_IT_PAUSES.split(_purpose(group))[0]}"
    names = [command.name.removeprefix(group).strip() for command in catalogue.group(group)]
    line = f"/{group} {' | '.join(name for name in names if name)}".strip()
    whole = f"help {group}"
    return Fold(title, Row(line, Button.say("How to write it", whole)), button=Button.say(title, whole))


def _purpose(group: str) -> str:
    purpose = catalogue.purpose(group)
    return purpose[:1].upper() + purpose[1:]


def _group(request: Request, group: str) -> Card:
    """The commands of a group with what each asks, and examples behind a fold."""
    commands = catalogue.group(group)
    examples = [command.example for command in commands if command.example]
    return Card(
        f"/{group}",
        Text(_purpose(group)),
        Items(*(f"{usage(command, request)}: {command.help}" for command in commands)),
        *([Fold("For example", Items(*examples))] if examples else []),
    )


def usage(command: Command, request: Request) -> str:
    """The command with what it asks: /risk add what; likelihood; impact; [owner]."""
    asks = [
        question.name.replace("_", " ") if question.required else f"[{question.name.replace('_', ' ')}]"
        for question in asked(command, request.city)
    ]
    return f"/{command.name} {'; '.join(asks)}".strip()
