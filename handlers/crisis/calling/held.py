"""Crisis held: an alarm beyond the limit goes to one person of the team, then the next, and at last to all."""

from collections.abc import Mapping
from datetime import timedelta

from handlers.crisis.calling.alarm import ALARMS, HELD, AlarmOf, held_buttons, raise_alarm, remind
from handlers.crisis.calling.pages import being_called
from handlers.kit.context import SYSTEM, Context, Request
from handlers.kit.contributions import todo
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, PersonId, ask
from handlers.kit.inline import Status
from handlers.kit.lists import ended
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.persons import Persons
from handlers.kit.registry import action, command, timer
from handlers.kit.settled import settled
from handlers.kit.waiting import Task, Waiting, for_each
from storage.crisis.held_alarms import HeldAlarm
from storage.crisis.records import Crisis

ALLOWED_FOR = timedelta(hours=1)
ASKED_AT_MOST = 3  # people, one at a time; then the whole team is called


class Allow(Form):
    person: PersonId | None = ask(
        "For whom are the limits lifted for an hour?", default=None, hint="If empty, for everybody."
    )


@command("crisis allow", asks=Allow, needs="crisis.activate", sends="Allow", example="/crisis allow @sam")
def allow_more(request: Request, form: Allow) -> Card:
    """Lift limits for an hour."""
    if form.person == request.person.id:
        raise UserError("Nobody lifts the limits for themselves. Ask somebody else on the crisis team.")
    until = request.now + ALLOWED_FOR
    request.store.allowances.add(form.person, by=request.person.id, at=request.now, until=until)
    request.audit(f"limits {form.person or 'everybody'}", until=until.isoformat())
    who = request.name(form.person) if form.person else "everybody but you"
    when = request.calendar.clock(until)
    not_counted = Text("Alarms, announcements and commands are not counted for them.")
    return Card(f"No limits for {who} until {when}", not_counted)


@action("crisis.call-held", needs="crisis.activate", carries=AlarmOf)
def call_team(request: Request, value: AlarmOf) -> Card:
    """Call the team for an alarm that was held."""
    alarm = _undecided(request, value)
    crisis, called = _call(request, alarm, by=request.person.id)
    return Card(
        f"{crisis.ref} has begun",
        *being_called(request, crisis, called),
        Buttons(
            Button.say("Show how it stands", f"crisis status {crisis.ref}"),
            Button.say(f"Let {request.name(alarm.by)} raise more", f"crisis allow @{alarm.by}"),
        ),
    )


@action("crisis.leave-held", needs="crisis.activate", carries=AlarmOf)
def leave_it(request: Request, value: AlarmOf) -> Card:
    """Say that a held alarm is not a crisis."""
    alarm = _undecided(request, value)
    request.store.crisis.held_alarms.decide(alarm, "left", request.person.id, request.now)
    request.audit(f"{HELD} {alarm.id}", state="left")
    _settle(request, alarm, f"{request.person.name} says that it is not a crisis")
    said = Card("Nobody was called for your alarm", Text(alarm.what), Text(f"{request.person.name} reviewed it."))
    if_real = Note(f"If it is real, call {request.person.name} and say so.")
    request.post(f"dm:{alarm.by}", said.with_words(if_real), priority="page")
    return Card("Nobody is called for it", Text(alarm.what), Text(f"{request.name(alarm.by)} is told."))


@timer(HELD, counts_seconds=True)
def nobody_has_looked(context: Context, subject: str, step: int) -> None:
    """Ask the next person about an alarm that was held; when several have not answered, call the whole team."""
    context.store.turns.take(ALARMS)
    alarm = context.store.crisis.held_alarms.take(int(subject))
    if alarm is None or alarm.state != "waiting":
        return
    if step + 1 < ASKED_AT_MOST:
        remind(context, alarm, step + 1)
        return
    crisis, called = _call(context, alarm, by=SYSTEM)
    all_called = f"Nobody has checked your alarm, so the whole team is called: {len(called)}."
    told = Card(f"{crisis.ref} has begun", Text(all_called))
    context.post(f"dm:{alarm.by}", told, priority="page", repeat=True)


@todo("alarms to look at", order=8)
def to_look_at(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Held alarms, for everybody who may call the team."""
    decide = persons.who_may("crisis.activate")
    alarms = context.store.crisis.held_alarms.waiting() if decide else []
    return for_each(decide, Waiting("", [_task(context, alarm) for alarm in alarms]))


def _task(context: Context, alarm: HeldAlarm) -> Task:
    raised = f"{context.name(alarm.by)} has raised an alarm beyond the limit"
    line = f"{raised}: {ended(alarm.what)} Nobody was called for it yet."
    bad = Status("critical", "Alarm")
    return Task(f"{HELD} {alarm.id}", line, held_buttons(alarm), status=bad, decides=True)


def _call(context: Context, alarm: HeldAlarm, *, by: str) -> tuple[Crisis, list[str]]:
    context.store.crisis.held_alarms.decide(alarm, "called", by, context.now)
    what, where, level, scenario = alarm.what, alarm.where, alarm.level, alarm.scenario
    crisis, called = raise_alarm(
        context, what=what, where=where, level=level, scenario=scenario, drill=False, by=alarm.by
    )
    _settle(context, alarm, f"{crisis.ref} has begun")
    return crisis, called


def _settle(context: Context, alarm: HeldAlarm, how: str) -> None:
    """Show the answer wherever the question is posted and stop asking about it; then ask about the next alarm that the
    same person has raised meanwhile."""
    context.cancel(HELD, str(alarm.id))
    settled(context, f"{HELD} {alarm.id}", how)
    context.refresh(f"{HELD} {alarm.id}", Card(how, Text(alarm.what)))
    following = next((other for other in context.store.crisis.held_alarms.waiting() if other.by == alarm.by), None)
    if following:
        remind(context, following, 0)


def _undecided(request: Request, value: AlarmOf) -> HeldAlarm:
    """Take the alarm for a change; raises UserError when somebody has decided about it already."""
    request.store.turns.take(ALARMS)
    alarm = request.store.crisis.held_alarms.take(value.alarm)
    if alarm is None or alarm.state != "waiting":
        who = request.name(alarm.decided_by) if alarm else "Somebody"
        raise UserError(f"{who} has decided about this alarm already. Nothing was changed.")
    return alarm
