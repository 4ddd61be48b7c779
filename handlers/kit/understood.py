"""Understood: what features make of a sentence that is no command, proposed on one card; nothing is saved before."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.declared import asked
from handlers.kit.grammar import written_line
from handlers.kit.messages import Button, Buttons, Card, Facts, Heading, Items, Note, Text, Word
from handlers.kit.parts import Broken, Part
from handlers.kit.policy import may
from handlers.kit.sentence import Sentence
from handlers.kit.values import targeted
from handlers.kit.words import AFTER

_CALLED = re.compile(
    r"(?:log|report|add|new|enter|file) (?:an? |the )?(?:new )?"
    r"(?:complaint|feedback|risk|request|question|idea)\s*[:,-]?\s+",
    re.IGNORECASE,
)
NO = Button("No", "sentence.no")
NOTHING_YET = Note("Nothing is saved yet.")
ENOUGH = 1  # signs that speak for something, at least, before it is proposed; in danger, one more


@dataclass(frozen=True)
class Understood:
    """What a feature would do with a sentence: the ``command`` it means, with what the sentence says for its form.

    ``question`` heads the card ("Log this as feedback?"), ``facts`` are what was understood. ``sure`` is how many signs
    speak for it: the most leads, and the others are a button with the label ``instead``. ``at_once`` is the action
    that does it with what was understood; it carries a draft. What is ``urgent`` stands above all else, with what to do
    first.
    """

    command: str
    values: Mapping[str, str]
    question: str
    instead: str
    sure: int
    facts: tuple[tuple[str, str], ...] = ()
    at_once: str = ""
    urgent: tuple[Text, ...] = ()


def proposed(request: Request, line: str, *, only_urgent: bool = False) -> Card | None:
    """The card that proposes what a line may mean; None where too little speaks for any of it, or where it is not
    urgent and only that is wanted."""
    found = [each for each in _understood(request, Sentence(_without_group(line))) if each.urgent or not only_urgent]
    urgent = next((each for each in found if each.urgent), None)
    meant = sorted((each for each in found if not each.urgent), key=lambda each: -each.sure)
    enough = ENOUGH + bool(urgent)
    leading = meant.pop(0) if meant and meant[0].sure >= enough else None
    if request.platform == "say":
        return _in_lines(request, urgent, leading, meant)
    others = [_instead(request, each) for each in meant]
    if urgent is None:
        return Card(leading.question, *_body(request, leading, others), NOTHING_YET) if leading else None
    below = [Heading(leading.question), *_body(request, leading, others, style="plain")] if leading else []
    alone = [] if leading else [*others, NO]
    call = Button.say(urgent.instead, f"{urgent.command} {_line(request, urgent)}", style="danger")
    return Card(urgent.question, *urgent.urgent, Buttons(call, *alone, one_of=True), *below, NOTHING_YET)


def _in_lines(
    request: Request, urgent: Understood | None, leading: Understood | None, others: Sequence[Understood]
) -> Card | None:
    """The same where nobody can press a button: the lines to type, the most likely first."""
    said = urgent or leading
    if said is None:
        return None
    offered = [each for each in (urgent, leading, *others) if each is not None]
    lines = [Text(f"{each.instead}: /{each.command} {_line(request, each)}") for each in offered]
    facts = [Facts(*leading.facts)] if leading and not urgent else []
    way = Note("Nothing is saved yet. Type the line that you mean, and change in it what is not right.")
    return Card(said.question, *said.urgent, *facts, Items(*lines), way)


def _line(request: Request, understood: Understood) -> str:
    command = catalogue.commands[understood.command]
    return written_line(understood.values, asked(command, request.city))


def _without_group(line: str) -> str:
    """The line without what it is called in front, which names no command yet: feedback the lamp is dark, risk: the
    archive floods, log a complaint: dogs bark, help! fire at the school."""
    line = _CALLED.sub("", line.strip(), count=1).strip() or line.strip()
    first, _, rest = line.partition(" ")
    is_called = first.lower().strip(AFTER) in (*catalogue.groups, "help")
    return rest.strip() if is_called and rest.strip() else line


def _understood(request: Request, sentence: Sentence) -> list[Understood]:
    """What each feature makes of it that this person may do."""
    parts = [
        Part(f"understanding {name}", partial(function, request, sentence))
        for name, function in catalogue.understanding.items()
    ]
    found = (each for each in request.each_apart(parts) if each is not None and not isinstance(each, Broken))
    return [each for each in found if may(request.person.all_roles, catalogue.commands[each.command].needs)]


def _body(
    request: Request, leading: Understood, others: Sequence[Button], style: Literal["primary", "plain"] = "primary"
) -> list[Word]:
    """What was understood, and the buttons to do it, to change it first, or to say that it is something else."""
    draft = _draft(request, leading)
    at_once = [Button("Log it", leading.at_once, draft, style=style)] if leading.at_once else []
    if at_once:
        change = Button("Change first", "fill-in", draft)
    else:
        change = Button("Fill in the rest", "fill-in", draft, style=style)
    return [Facts(*leading.facts), Buttons(*at_once, change, *others, NO, one_of=True)]


def _instead(request: Request, other: Understood) -> Button:
    return Button(other.instead, "fill-in", _draft(request, other))


def _draft(request: Request, understood: Understood) -> str:
    target = targeted(understood.command, request.source or "")
    return request.store.chat.drafts.keep(request.person.id, target, understood.values, request.now)
