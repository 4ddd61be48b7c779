"""Help: what somebody can do, by what they do most and by what it is about, written from the catalogue."""

import re
from collections.abc import Iterable, Sequence
from datetime import timedelta
from functools import partial

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.declared import Command, asked
from handlers.kit.errors import UserError
from handlers.kit.forms import OpenForm
from handlers.kit.grammar import parse_line
from handlers.kit.messages import Button, Buttons, Card, Fold, Heading, Items, Note, Row, Text, Word, capitalized
from handlers.kit.parts import Broken, Part
from handlers.kit.policy import EVERYONE, RULES, TAKES_OUT, may
from handlers.kit.registry import action
from handlers.kit.values import name_and_about
from handlers.kit.words import REFERENCE

MOST = 6  # buttons of what somebody does most
OFTEN = 3  # of them at most by what they did lately; the others are what people of their roles usually do
GROUPS = 8
EXAMPLES = 3
LATELY = timedelta(weeks=4)
# What people begin with in a group, by the last word of the command, the usual first.
USUAL = (
    "add", "activate", "checkin", "standup", "today", "late", "mine", "list", "status", "tick", "away", "back", "close",
    "take", "contacts", "faults", "morning", "log", "report", "standdown", "show", "review", "give", "matrix", "action",
    "done",
)  # fmt: skip
_PAUSES = re.compile(r"[.;:]")
LINES = "How to type each command in one line"


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


@action("help.try", needs="help", reads_only=True, opens_form=True)
def try_example(request: Request, value: str) -> OpenForm:
    """Open a form with an example in it."""
    command = catalogue.commands.get(value)
    if command is None or not command.example:
        raise UserError('There is no such example anymore. Write "help" to see what I can do.')
    return OpenForm(command.name, parse_line(_given(command), asked(command, request.city)))


@action("help.lines", needs="help", reads_only=True)
def show_lines(request: Request, value: str) -> Card:
    """Show how to write each command of a group in one line."""
    return Card(LINES, _lines(request, _shown(request, value)))


def help_card(request: Request, group: str | None, *, greeting: bool = False) -> Card:
    """What somebody can do, or the small menu of a group."""
    title = "Hello. What do you want to do?" if greeting else "What do you want to do?"
    return _overview(request, title) if group is None else _menu(request, group)


def _overview(request: Request, title: str) -> Card:
    """What this person does most, and the groups that they need."""
    groups = _groups(request)
    more = [f"help {group}" for group in groups[GROUPS:]]
    return Card(
        title,
        Buttons(*map(_button, _most_used(request))),
        Heading("Or choose a topic"),
        *map(_group_row, groups[:GROUPS]),
        *([Note(f"There is more. Write: {', '.join(more)}.")] if more else []),
        Note("You can also write it in your own words: there is a deep pothole at 12 Elm Street, a resident called."),
    )


def _most_used(request: Request) -> list[Command]:
    """What somebody did most often lately, then what only their roles read and the usual commands; the alarm and what
    is late always stand among them."""
    acts = request.store.audit.acts_of(request.person.id, request.now - LATELY, MOST * 2)
    names = filter(None, map(catalogue.command_of, acts))
    often = [command for name in names if (command := catalogue.commands[name]).asks and _is_for(request, command)]
    begin = sorted(catalogue.usual(request.person.all_roles), key=lambda known: (not known.from_message, known.name))
    usual = [*_of_their_roles(request), *begin, *_known("city today")]
    always = [*(command for command in usual if command.verb == "activate"), *_known("city late")]
    others = [command for command in _once([*_once(often)[:OFTEN], *usual]) if command not in always]
    return [*others[: MOST - len(always)], *always]


def _of_their_roles(request: Request) -> list[Command]:
    """The first command that reads what few roles have to look after."""
    few = [command for command in catalogue.commands.values() if not RULES[command.shown_to] & EVERYONE]
    mine = [command for command in few if not command.asks and command.verb in USUAL and _is_for(request, command)]
    mine = [command for command in mine if command.needs not in TAKES_OUT]
    return sorted(mine, key=lambda command: (len(RULES[command.shown_to]), USUAL.index(command.verb)))[:1]


def _known(name: str) -> list[Command]:
    return [catalogue.commands[name]] if name in catalogue.commands else []


def _once(commands: Iterable[Command]) -> list[Command]:
    """Each once, by what people read of it."""
    found = dict[str, Command]()
    for command in commands:
        found.setdefault(command.help, command)
    return list(found.values())


def _groups(request: Request) -> list[str]:
    """The groups that somebody needs, those first in which something begins."""
    found = [group for group in catalogue.groups if _shown(request, group) and _needs(request, group)]
    begins = {command.group for command in catalogue.usual(request.person.all_roles)}
    return sorted(found, key=lambda group: (group not in begins, group))


def _needs(request: Request, group: str) -> bool:
    """Whether somebody needs a group; where that cannot be said, they do."""
    needed = catalogue.needed.get(group)
    if needed is None:
        return True
    [found] = request.each_apart([Part(f"who needs {group}", partial(needed, request))])
    return isinstance(found, Broken) or found


def _shown(request: Request, group: str) -> list[Command]:
    """The commands of a group that help names to this person, the usual ones first."""
    found = [command for command in catalogue.group(group) if _is_for(request, command)]
    return sorted(found, key=lambda command: USUAL.index(command.verb) if command.verb in USUAL else len(USUAL))


def _is_for(request: Request, command: Command) -> bool:
    roles = request.person.all_roles
    return may(roles, command.needs) and may(roles, command.shown_to)


def _group_row(group: str) -> Row:
    title, purpose = catalogue.about(group)
    return Row(f"{capitalized(_PAUSES.split(purpose)[0])}.", Button.say(title, f"help {group}"))


def _menu(request: Request, group: str) -> Card:
    """What a group is for, its usual commands, examples to press, and all of its lines behind a fold."""
    title, purpose = catalogue.about(group)
    commands = _shown(request, group)
    first = _first_words(request, group)
    there = {button.value for word in first if isinstance(word, Buttons) for button in word.buttons}
    usual = [command for command in _once(commands) if command.name not in there][:MOST]
    examples: list[Word] = [*_examples(commands)]
    return Card(
        title,
        *first,
        Text(capitalized(purpose)),
        *([Buttons(*map(_button, usual))] if usual else []),
        *([Heading("For example"), *examples] if examples else []),
        Fold(LINES, _lines(request, commands), button=Button(LINES, "help.lines", group)),
    )


def _first_words(request: Request, group: str) -> Sequence[Word]:
    """What a feature puts first in its menu."""
    function = catalogue.menus.get(group)
    if function is None:
        return ()
    [found] = request.each_apart([Part(f"menu {group}", partial(function, request))])
    return () if isinstance(found, Broken) else found


def _examples(commands: Sequence[Command]) -> list[Row]:
    """Lines to press: what they read is shown, and what they change opens its form first; those about no record of the
    example come first, because theirs may not exist."""
    known = sorted((command for command in commands if command.example), key=lambda each: bool(_names_one(each)))
    return [Row(command.example, _try(command)) for command in known[:EXAMPLES]]


def _names_one(command: Command) -> bool:
    return REFERENCE.search(command.example) is not None


def _try(command: Command) -> Button:
    return Button.say("Show", command.example) if command.reads_only else Button("Try it", "help.try", command.name)


def _button(command: Command) -> Button:
    return Button.say(command.help.rstrip("."), command.name)


def _lines(request: Request, commands: Sequence[Command]) -> Items:
    """Each command with a line that gives it, and what else it takes."""
    return Items(*(_line(request, command) for command in commands))


def _line(request: Request, command: Command) -> str:
    questions = asked(command, request.city)
    given = parse_line(_given(command), questions)
    left = [question.name.replace("_", " ") for question in questions if question.name not in given]
    also = f". You can add: {', '.join(left)}." if left else ""
    return f"{command.help.rstrip('.')}: {command.example or f'/{command.name}'}{also}"


def _given(command: Command) -> str:
    """What the example of a command gives."""
    return command.example.removeprefix(f"/{command.name}").strip()
