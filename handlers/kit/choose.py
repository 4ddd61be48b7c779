"""Choose: which one somebody means, asked with a button for each."""

from collections.abc import Mapping

from handlers.kit.context import Request
from handlers.kit.errors import UserError
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.values import targeted


def which_one(
    request: Request, title: str, command: str, field: str, given: Mapping[str, str | None], labels: Mapping[str, str]
) -> Card:
    """Ask which reference to put into the ``field`` of a command; ``labels`` maps each reference to its button.

    A button opens the command's form with the reference and what was given; where nothing was, it runs the command.
    """
    kept = {name: value for name, value in given.items() if value and name != field}
    return Card(
        title,
        Text(
            "What you wrote is kept: the form opens with it. Nothing is done until you send the form."
            if kept
            else "Choose one."
        ),
        Buttons(
            *(_button(request, command, {**kept, field: ref}, label) for ref, label in labels.items()), one_of=True
        ),
        Note(f"Or write it with the command, for example: {field} {next(iter(labels))}"),
    )


def _button(request: Request, command: str, values: Mapping[str, str], label: str) -> Button:
    if len(values) == 1:
        return Button.say(label, f"{command} {next(iter(values.values()))}")
    target = targeted(command, request.carried)
    return Button(label, "fill-in", request.store.chat.drafts.keep(request.person.id, target, values, request.now))


def use_draft(request: Request, draft: str, gone: str) -> tuple[str, dict[str, str]]:
    """The target and the answers that a button holds for who typed them, once; raises UserError with ``gone``."""
    found = request.store.chat.drafts.find(draft, request.person.id)
    if found is None:
        raise UserError(gone)
    request.store.chat.drafts.used(draft)
    return found
