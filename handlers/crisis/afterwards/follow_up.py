"""Crisis follow-up: what is to be done because of a crisis becomes an action about it, and stands in its log."""

from collections.abc import Mapping

from handlers.crisis.afterwards.document import newest_crisis
from handlers.crisis.choice import working_on
from handlers.crisis.here import in_room
from handlers.crisis.record import stamped, write
from handlers.kit.context import Context, Request
from handlers.kit.events import ACTION_CHANGED, ADDING_ACTION, WantedAction, on, want_action
from handlers.kit.forms import Date, Form, PersonId, Reference, ask
from handlers.kit.here import not_past, not_there, still_here
from handlers.kit.messages import Button, Buttons, Card, Text
from handlers.kit.registry import command
from storage.actions.events import How
from storage.actions.records import Action

CRISIS = "CR-"
HAPPENED: Mapping[How, str] = {
    "added": "asks {owner} for {what}{due}",
    "given": "gives {owner} {what}",
    "moved": "moves {what}{due}",
    "done": "has done {what}",
    "dropped": "drops {what}: {why}",
    "reopened": "opens {what} again",
    "undone": "takes back a change: {owner} has {what}{due}",
    "changed": "brings {what} up to date",
}


class NewFollowUp(Form):
    what: str = ask("What needs to be done?", max_length=300)
    owner: PersonId = ask("Who does it?")
    due: Date = ask("By when?", hint="friday, in 2 weeks or 2026-12-01")
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="If empty, the newest one.")


@command(
    "crisis follow-up",
    sends="Add",
    asks=NewFollowUp,
    needs="crisis.answer",
    prefill=in_room,
    example="/crisis follow-up Check every valve of the 1960s; owner @hugo; due in 3 weeks",
)
def add_follow_up(request: Request, form: NewFollowUp) -> Card:
    """Add a follow-up action."""
    crisis = working_on(request, form.crisis or newest_crisis(request, None).ref, is_open=False)
    still_here(request, "owner", form.owner)
    not_past(request, "due", form.due)
    added = want_action(request, WantedAction(form.what, form.owner, form.due, crisis.ref))
    ways = (
        Button.say("Done", f"action done {added.ref}"),
        Button.say("Add another", f"crisis follow-up ; crisis {crisis.ref}"),
        Button.say("Show the crisis", f"crisis status {crisis.ref}"),
    )
    line = f"{added.what} ({request.name(added.owner)}, due {request.calendar.spoken_date(form.due)})"
    return stamped(crisis, Card(f"Added {added.ref}", Text(line), *not_there(request, added.owner), Buttons(*ways)))


@on(ADDING_ACTION)
def check_who_adds(request: Request, wanted: WantedAction) -> None:
    """Only those who work on a crisis ask for something because of it."""
    if wanted.about and wanted.about.startswith(CRISIS):
        working_on(request, wanted.about, is_open=False)


@on(ACTION_CHANGED)
def log_change(context: Context, action: Action, how: How, by: str) -> None:
    """Write in the log of a crisis what became of an action about it."""
    crisis = context.store.crisis.records.take(action.about) if action.about else None
    if crisis is None:
        return
    due = f", due {context.calendar.spoken_date(action.due_on)}" if action.due_on else ""
    what = f"{action.ref} {action.what}"
    said = HAPPENED[how].format(owner=context.name(action.owner), what=what, due=due, why=action.reason)
    context.audit(crisis.ref, action=action.ref, what=how)
    write(context, crisis, said, by=by)
