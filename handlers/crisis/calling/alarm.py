"""Crisis alarm: what the person who raises one is asked, and what follows when the team is called."""

from dataclasses import dataclass
from datetime import timedelta

from handlers.crisis.board import summary
from handlers.crisis.calling.confirmation import declare, put_question
from handlers.crisis.calling.naming import room_name
from handlers.crisis.events import BEGAN
from handlers.crisis.levels import level_name, levels, thresholds
from handlers.crisis.record import PLACE, SUMMARY, called_for, room, tell
from handlers.kit.city.crisis import COMMANDER
from handlers.kit.city.model import City
from handlers.kit.context import Context
from handlers.kit.events import emit
from handlers.kit.forms import Form, Options, ask
from handlers.kit.home import refresh_homes
from handlers.kit.lists import ended
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.policy import may
from handlers.kit.values import Carried
from storage.crisis.held_alarms import HeldAlarm
from storage.crisis.records import Crisis

HOUR = timedelta(hours=1)
HELD = "crisis.held"  # the timer of an alarm that somebody has to check, and the reference of its messages
ALARMS = "alarms"  # the turn in which somebody looks what is open or held, and raises, holds or decides about an alarm
KINDS: Options = (("real", "It is real"), ("drill", "It is a drill"))
LONGEST = 300  # characters of what has happened


@dataclass(frozen=True)
class AlarmOf(Carried):
    """A held alarm, by its number."""

    alarm: int


def _scenarios(city: City) -> Options:
    return tuple((scenario.id, scenario.name) for scenario in city.crisis.scenario) or (("other", "Something else"),)


class NewCrisis(Form):
    what: str = ask("What has happened?", max_length=LONGEST)
    where: str | None = ask("Where?", default=None, max_length=300)
    level: str = ask("How far does it reach?", options=levels, hint=thresholds)
    scenario: str | None = ask("What kind of crisis is it?", default=None, options=_scenarios)
    kind: str = ask("Is it real, or a drill?", default="real", options=KINDS, hint="If empty, real.")


def is_beyond_limit(context: Context, person: str, *, drill: bool) -> bool:
    """Whether one person, or all together, raised so many alarms within an hour that one more calls nobody by itself.

    Drills are counted separately, so that they hold back no real alarm.
    """
    limits = context.city.facts.limits
    by = context.store.crisis.records.raised_since(context.now - HOUR, drill=drill)
    if by.count(person) < limits.alarms_an_hour and len(by) < limits.alarms_an_hour_by_all:
        return False
    return not context.store.allowances.holds(person, context.now)


def hold(context: Context, form: NewCrisis, person: str) -> tuple[HeldAlarm, str]:
    """Keep an alarm that is beyond the limit; returns it and who is asked about it first. While an alarm of the same
    person waits for a decision, nobody is paged about their next one."""
    waits = any(alarm.by == person for alarm in context.store.crisis.held_alarms.waiting())
    alarm = context.store.crisis.held_alarms.add(
        what=form.what, where=form.where, level=int(form.level), scenario=form.scenario, by=person, at=context.now
    )
    context.audit(f"{HELD} {alarm.id}", level=alarm.level)
    if not waits:
        return alarm, remind(context, alarm, 0)
    asked = first_asked(context, 0)
    refresh_homes(context, [asked])
    return alarm, asked


def remind(context: Context, alarm: HeldAlarm, step: int) -> str:
    """Page one person about a held alarm, each time the next in line, and plan the next look; returns whom."""
    person, ref = first_asked(context, step), f"{HELD} {alarm.id}"
    card = held_card(context, alarm)
    context.post(f"dm:{person}", card, ref=ref, priority="page", repeat=True)
    context.page(person, card, ref=ref)
    due = context.now + timedelta(minutes=context.city.crisis.page_again_minutes)
    context.schedule(HELD, str(alarm.id), due, step=step)
    context.audit(ref, asked=person)
    return person


def first_asked(context: Context, step: int) -> str:
    """Who checks a held alarm at this step: people of the commander's role in turn, then the rest of the team."""
    role = context.city.crisis.roles.get(COMMANDER)
    line = list(context.duties.line(role.people if role else (), then=context.city.crisis_team))
    return line[step % len(line)]


def held_card(context: Context, alarm: HeldAlarm) -> Card:
    """The card for the person who checks a held alarm."""
    where = f" ({alarm.where})" if alarm.where else ""
    return Card(
        f"Is this another crisis? {context.name(alarm.by)} raises an alarm",
        Text(f"{alarm.what}{where}, level {level_name(context.city, alarm.level)}"),
        Text("There were many alarms within the hour, so nobody else is called before you say so."),
        Buttons(*held_buttons(alarm)),
        Note("If you do not answer, the next person is asked, and after three the whole team is called."),
    )


def held_buttons(alarm: HeldAlarm) -> tuple[Button, Button]:
    """The buttons to decide about a held alarm."""
    return (
        Button("Call the team", "crisis.call-held", AlarmOf(alarm.id), style="danger"),
        Button("Not a crisis", "crisis.leave-held", AlarmOf(alarm.id)),
    )


def raise_alarm(
    context: Context,
    *,
    what: str,
    where: str | None,
    level: int,
    scenario: str | None,
    drill: bool,
    by: str,
    reopens: Crisis | None = None,
) -> tuple[Crisis, list[str]]:
    """Begin a crisis and call the team; returns both. If the person may declare a crisis, this declares it; else
    people are asked whether it is one."""
    crisis = context.store.crisis.records.add(
        what=what,
        where=where,
        level=level,
        scenario=scenario,
        drill=drill,
        by=by,
        at=context.now,
        year=context.today.year,
        reopens=reopens,
    )
    context.audit(crisis.ref, level=crisis.level, drill=crisis.drill)
    called = [person.id for person in called_for(context.city, level)]
    _make_room(context, crisis, called)
    at = f", {crisis.where}" if crisis.where else ""
    said = f"reopened {reopens.ref}: " if reopens else "raised the alarm: "
    said += f"{crisis.what}{at}, level {crisis.level}"
    context.store.crisis.log.add(crisis.ref, by, said, context.now, kind="done")
    emit(BEGAN, context, crisis)
    if is_entitled(context, by):
        return declare(context, crisis, by), called
    put_question(context, crisis)
    return crisis, called


def is_entitled(context: Context, person: str) -> bool:
    """Whether somebody may start the plan together with a second person."""
    known = context.city.people.get(person)
    return known is not None and may(known.all_roles, "crisis.activate")


def _make_room(context: Context, crisis: Crisis, called: list[str]) -> None:
    above = (crisis.created_by, *(person.id for person in context.city.with_role("city_manager")))
    invite = tuple(dict.fromkeys((*called, *above)))
    if crisis.room_of is None:
        context.make_place(
            room(crisis), name=room_name(crisis), topic=_topic(context, crisis), fallback=PLACE, invite=invite
        )
    else:
        context.invite(room(crisis), *invite)
    card, draws = summary(context, crisis), f"{SUMMARY} {crisis.ref}"
    tell(context, crisis, room(crisis), card, ref=crisis.ref, priority="page", draws=draws)
    context.pin(crisis.ref, room(crisis))


def _topic(context: Context, crisis: Crisis) -> str:
    drill, since = "DRILL. " if crisis.drill else "", context.calendar.spoken(crisis.created_at)
    level = level_name(context.city, crisis.level)
    what = ended(f"{crisis.what}, {crisis.where}" if crisis.where else crisis.what)
    return f"{drill}Room for {crisis.ref}: {what} Level {level}, since {since}. Everything about it goes here."
