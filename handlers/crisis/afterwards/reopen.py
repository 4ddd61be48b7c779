"""Crisis reopen: what was over goes on as a crisis of its own, linked with the one before and in the same room."""

from handlers.crisis.calling.alarm import ALARMS, is_beyond_limit, raise_alarm
from handlers.crisis.calling.pages import being_called
from handlers.crisis.calling.same import begun_lately, is_it_one_of
from handlers.crisis.choice import last_ended, several_ended, which_crisis
from handlers.crisis.here import in_room
from handlers.crisis.levels import levels, thresholds
from handlers.crisis.record import follows, stamped, write
from handlers.kit.choose import use_draft
from handlers.kit.context import Request
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, Reference, ask, read_form
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.registry import action, command
from storage.crisis.records import Crisis


class Reopen(Form):
    why: str = ask("What has happened now?", max_length=300)
    level: str | None = ask("How far does it reach?", default=None, options=levels, hint=thresholds)
    crisis: Reference | None = ask(
        "Which crisis?", default=None, max_length=20, hint="If empty, the one that ended last."
    )


@command(
    "crisis reopen",
    sends="Call the team",
    asks=Reopen,
    needs="crisis.activate",
    prefill=in_room,
    example="/crisis reopen The pipe burst again; level 2; crisis CR-2026-01",
)
def reopen(request: Request, form: Reopen) -> Card:
    """Reopen a crisis."""
    request.store.turns.take(ALARMS)
    if asked := several_ended(request, "crisis reopen", form):
        return asked
    before = _over(request, last_ended(request, form.crisis))
    recent = begun_lately(request, drill=before.drill)
    return _is_it_one_of(request, recent, form, before) if recent else _reopen(request, form, before)


@action("crisis.reopen-all-the-same", needs="crisis.activate")
def reopen_all_the_same(request: Request, value: str) -> Card:
    """Reopen a crisis beside another one."""
    request.store.turns.take(ALARMS)
    gone = 'This was done already, or it is more than a week old. Begin again with "crisis reopen".'
    _target, typed = use_draft(request, value, gone)
    form = read_form(Reopen, typed, request.reading)
    return _reopen(request, form, _over(request, last_ended(request, form.crisis)))


def _is_it_one_of(request: Request, recent: list[Crisis], form: Reopen, before: Crisis) -> Card:
    values = {name: value for name, value in form.values().items() if value} | {"crisis": before.ref}
    other = request.store.chat.drafts.keep(request.person.id, "crisis reopen", values, request.now)
    another = Button("It is another one: reopen", "crisis.reopen-all-the-same", other, style="danger")
    return is_it_one_of(request, recent, another, form.why)


def _reopen(request: Request, form: Reopen, before: Crisis) -> Card:
    by = request.person.id
    if is_beyond_limit(request, by, drill=before.drill):
        raise UserError(
            "There were many alarms within the hour, so this one must be checked first. Nothing was reopened. "
            "Raise it with: crisis activate"
        )
    level = int(form.level) if form.level else min(before.level, len(request.city.crisis.level))
    crisis, called = raise_alarm(
        request,
        what=before.what,
        where=before.where,
        level=level,
        scenario=before.scenario,
        drill=before.drill,
        by=by,
        reopens=before,
    )
    request.audit(before.ref, reopened_as=crisis.ref)
    request.store.links.add(before.ref, crisis.ref, by=by, at=request.now)
    write(request, crisis, form.why, by=by, kind="said")
    write(request, before, f"goes on as {crisis.ref}: {form.why}", by=by, kind="decided")
    return stamped(
        crisis,
        Card(
            f"{crisis.ref} goes on from {before.ref}",
            *being_called(request, crisis, called),
            Text(f"A second person must confirm it before {follows(crisis)}. They are being asked."),
            Note(f"It is in the room of {before.ref}, whose timeline and actions stay as they are."),
            Buttons(Button.say("Show how it stands", f"crisis status {crisis.ref}")),
        ),
    )


def _over(request: Request, crisis: Crisis) -> Crisis:
    """A crisis that is over and that nobody has reopened; raises UserError for any other."""
    after = request.store.crisis.records.goes_on_as(crisis.ref)
    if after is not None:
        who, when = request.name(after.created_by), request.calendar.spoken(after.created_at)
        way = "Look at it with: crisis status" if after.is_open else "Reopen that one with: crisis reopen"
        raise UserError(f"{who} reopened {crisis.ref} as {after.ref}, {when}. {way} {after.ref}")
    if crisis.is_open:
        raise UserError(f"{crisis.ref} is not over. Nothing was changed.")
    return which_crisis(request, crisis.ref)
