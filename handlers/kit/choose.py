"""Choose: which one somebody means, asked with a button for each."""

from collections.abc import Mapping

from handlers.kit.context import Request
from handlers.kit.errors import UserError
from handlers.kit.forms import F, Form, questions, read_form
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.values import name_and_about, targeted
from handlers.kit.vault import CannotOpen


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


def keep_draft(request: Request, target: str, form: Form) -> str:
    """Keep a filled-in form for a button that goes on with it; what is asked in private is kept sealed."""
    typed = {name: str(value) for name, value in form.values().items() if value is not None}
    for question in questions(type(form), request.city):
        if question.name in typed and question.kind == "person":
            typed[question.name] = f"@{typed[question.name]}"
        elif question.name in typed and question.private:
            sealed = request.vault.seal(typed[question.name], _about(request))
            typed[question.name] = f"{sealed.key} {sealed.data.hex()}"
    return request.store.chat.drafts.keep(request.person.id, targeted(target, request.source or ""), typed, request.now)


def use_form(request: Request, form: type[F], draft: str, gone: str) -> F:
    """The form that a draft holds, once, and where it was made of; raises UserError with ``gone``."""
    target, typed = use_draft(request, draft, gone)
    request.source = name_and_about(target)[1] or None
    for question in questions(form, request.city):
        if question.private and question.name in typed:
            key, data = typed[question.name].split()
            try:
                typed[question.name] = request.vault.open(key, bytes.fromhex(data), _about(request))
            except CannotOpen:
                raise UserError(f"What you wrote cannot be opened anymore: its key is gone. {gone}") from None
    return read_form(form, typed, request.reading, line=True)


def _about(request: Request) -> str:
    """What a sealed part of a draft opens for."""
    return f"draft of {request.person.id}"


def use_draft(request: Request, draft: str, gone: str) -> tuple[str, dict[str, str]]:
    """The target and the answers that a button holds for who typed them, once; raises UserError with ``gone``."""
    found = seen_draft(request, draft, gone)
    if not request.store.chat.drafts.use(draft, request.person.id):
        raise UserError(gone)
    return found


def seen_draft(request: Request, draft: str, gone: str) -> tuple[str, dict[str, str]]:
    """The same, while the draft stays for another press."""
    found = request.store.chat.drafts.find(draft, request.person.id)
    if found is None:
        raise UserError(gone)
    return found
