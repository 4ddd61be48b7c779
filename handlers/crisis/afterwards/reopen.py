"""Crisis reopen: what was over goes on as a crisis of its own, linked with the one before and in the same room."""

from handlers.crisis.afterwards.document import newest_crisis
from handlers.crisis.calling.alarm import is_beyond_limit, raise_alarm
from handlers.crisis.choice import which_crisis
from handlers.crisis.record import asked_names, levels, stamped, thresholds, write
from handlers.kit.context import Request
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, Reference, ask
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.registry import command
from storage.crisis.records import Crisis


class Reopen(Form):
    why: str = ask("What has happened again?", max_length=300)
    level: str | None = ask("How far does it reach?", default=None, options=levels, hint=thresholds)
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="The newest one, if left open.")


@command(
    "crisis reopen",
    sends="Call the team",
    asks=Reopen,
    needs="crisis.activate",
    example="/crisis reopen The pipe burst again; level 2; crisis CR-2026-01",
)
def reopen(request: Request, form: Reopen) -> Card:
    """Reopen a crisis."""
    before = _over(request, newest_crisis(request, form.crisis))
    by = request.person.id
    if is_beyond_limit(request, by, drill=before.drill):
        raise UserError("There were many alarms within the hour, so somebody looks at this first: crisis activate")
    level = int(form.level) if form.level else min(before.level, len(request.city.crisis.level))
    crisis, called = raise_alarm(
        request, what=before.what, where=before.where, level=level, scenario=before.scenario, drill=before.drill, by=by,
        reopens=before,
    )  # fmt: skip
    request.store.links.add(before.ref, crisis.ref, by=by, at=request.now)
    write(request, crisis, form.why, by=by, kind="said")
    write(request, before, f"goes on as {crisis.ref}: {form.why}", by=by, kind="decided")
    return stamped(
        crisis,
        Card(
            f"{crisis.ref} goes on from {before.ref}",
            Text(f"These are being called: {asked_names(request, called)}."),
            Text("A second person must confirm it before the city is told and the plan begins. They are being asked."),
            Note(f"It is in the room of {before.ref}, whose log and actions stay as they are."),
            Buttons(Button.say("Show the summary", f"crisis status {crisis.ref}")),
        ),
    )


def _over(request: Request, crisis: Crisis) -> Crisis:
    """A crisis that is over and that nobody has reopened; raises UserError for any other."""
    after = request.store.crisis.records.goes_on_as(crisis.ref)
    if after is not None:
        who, when = request.name(after.created_by), request.city.calendar.spoken(after.created_at)
        way = "Look at it with: crisis status" if after.is_open else "Reopen that one with: crisis reopen"
        raise UserError(f"{who} reopened {crisis.ref} as {after.ref}, {when}. {way} {after.ref}")
    if crisis.is_open:
        raise UserError(f"{crisis.ref} is not over. Nothing was changed.")
    return which_crisis(request, crisis.ref)
