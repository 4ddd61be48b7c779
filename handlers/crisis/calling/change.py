"""Crisis change: its level, title or place is put right, and everybody who read the old one is told."""

from typing import Any

from handlers.crisis.calling.confirmation import announcement, refresh_questions
from handlers.crisis.choice import several, which_crisis, working_on
from handlers.crisis.events import CHANGED
from handlers.crisis.levels import level_name, levels, thresholds
from handlers.crisis.record import WHICH, show, stamped, tell, tell_room, write
from handlers.crisis.rights import may_lead, only
from handlers.kit.context import Context, Request
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.events import emit
from handlers.kit.forms import Form, OpenForm, Reference, ask
from handlers.kit.messages import Button, Buttons, Card, Items, Text
from handlers.kit.policy import may
from handlers.kit.registry import action, command
from storage.crisis.records import Crisis

STAYS = "If empty, it stays as it is."  # so that nobody writes over what another has just changed


class Changes(Form):
    level: str | None = ask("How far does it reach now?", default=None, options=levels, hint=thresholds)
    what: str | None = ask("What has happened?", default=None, max_length=300, hint=STAYS)
    where: str | None = ask("Where?", default=None, max_length=300, hint=STAYS)


class Change(Changes):
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint=WHICH)


@command(
    "crisis change",
    asks=Change,
    needs="crisis.answer",
    example="/crisis change 3; where Mill Road; crisis CR-2026-01",
)
def change(request: Request, form: Change) -> Card | OpenForm:
    """Change a crisis."""
    if asked := several(request, "crisis change", form):
        return asked
    before = working_on(request, form.crisis or which_crisis(request, None).ref, is_open=False)
    given = form.level or form.what or form.where
    return _change(request, before, form) if given else OpenForm("crisis.change", about=before.ref)


@action("crisis.change", asks=Changes, needs="crisis.answer")
def change_this(request: Request, value: str, form: Changes) -> Card:
    """Change this crisis."""
    return _change(request, working_on(request, value, is_open=False), form)


def _change(request: Request, before: Crisis, form: Changes) -> Card:
    values = _changed(request, before, form)
    crisis = request.store.crisis.records.change(before, **values)
    request.audit(crisis.ref, changed=" ".join(values), level=crisis.level)
    lines = _lines(request, before, crisis)
    write(request, crisis, f"changes {', '.join(lines)}", by=request.person.id, kind="decided")
    request.refresh(f"{crisis.ref} announcement", announcement(request, crisis))
    if crisis.is_open:
        refresh_questions(request, crisis)
    emit(CHANGED, request, crisis)
    show(request, crisis)
    _tell_all(request, before, crisis, lines)
    return stamped(crisis, Card(f"{crisis.ref} is changed", Items(*lines), Text("Everybody who needs it is told.")))


def _changed(request: Request, crisis: Crisis, form: Changes) -> dict[str, Any]:
    """The columns that change; raises FieldErrors when nothing does, UserError for somebody who may not."""
    wanted = {"level": int(form.level) if form.level else None, "what": form.what, "where": form.where}
    now = {"level": crisis.level, "what": crisis.what, "where": crisis.where}
    values = {name: value for name, value in wanted.items() if value is not None and value != now[name]}
    if not values:
        raise FieldErrors({"level": f"Nothing was changed: {crisis.ref} is like this already."})
    if "level" in values and not crisis.is_open:
        raise FieldErrors({"level": f"{crisis.ref} is over. To call the team again: crisis reopen"})
    decides = may(request.person.all_roles, "crisis.activate") or may_lead(request, crisis, request.person)
    if "level" in values and not decides:
        raise UserError(f"Only {only(request, crisis)} changes the level. Please ask them.")
    return values


def _lines(context: Context, before: Crisis, crisis: Crisis) -> list[str]:
    """What has changed, a line for each: from what, and to what."""
    pairs = (
        ("the level", level_name(context.city, before.level), level_name(context.city, crisis.level)),
        ("what has happened", before.what, crisis.what),
        ("the place", before.where or "not said", crisis.where or "not said"),
    )
    return [f"{name} from “{old}” to “{new}”" for name, old, new in pairs if old != new]


def _tell_all(context: Context, before: Crisis, crisis: Crisis, lines: list[str]) -> None:
    """A changed card rings no bell: the room reads it in a new message, and the city where it knows of the crisis."""
    title = f"{crisis.ref} is changed"
    if before.level != crisis.level:
        title = f"{crisis.ref} is level {level_name(context.city, crisis.level)} now"
    see = Buttons(Button.say("Show how it stands", f"crisis status {crisis.ref}"))
    card = Card(title, Text(crisis.what), Items(*lines), see)
    tell_room(context, crisis, card)
    if crisis.confirmed_by and crisis.is_open:
        tell(context, crisis, "ops", card, priority="page" if crisis.level > before.level else "prompt")
