"""City clock: what happens when the machine's clock may be wrong: who is told, and who confirms that it is right."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from handlers.kit.context import Context, Request
from handlers.kit.contributions import health_check, todo
from handlers.kit.errors import UserError
from handlers.kit.home import refresh_homes
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Text, Word, capitalized
from handlers.kit.persons import Persons
from handlers.kit.policy import may, roles_with
from handlers.kit.registry import action, command
from handlers.kit.time.worktime import spoken_span
from handlers.kit.values import Carried
from handlers.kit.waiting import Task, Waiting, for_each
from storage.time.clocks import KnownClock

RIGHT = "clock.confirm"
HEARD_OF = timedelta(minutes=5)  # a bot in doubt says so every minute; one that is silent has stopped
SET_AGAIN = timedelta(minutes=10)  # since somebody saw it; less makes no difference to what they agreed to


@dataclass(frozen=True)
class ShownClock(Carried):
    """A clock in doubt, by the boot of its machine, and the seconds by which it was ahead when it was shown."""

    boot: str
    ahead: int


@command("city clock", needs="help", reads_only=True, shown_to="clock.confirm")
def show_clock(request: Request) -> Card:
    """Show whether the clock is right."""
    clocks = _in_doubt(request)
    if not clocks:
        return Card("The clock is right", Text(f"It is {_spoken(request, request.now)} ({request.calendar.zone})."))
    words = [word for clock in clocks for word in _words(request, clock, may(request.person.all_roles, RIGHT))]
    return Card("The clock may be wrong: routines and reminders wait", *words)


@command("city clock confirm", needs=RIGHT)
def confirm_clock(request: Request) -> Card:
    """Say that the clock is right although it has jumped."""
    clocks = _in_doubt(request)
    if not clocks:
        raise UserError("The clock is not in doubt. Nothing was changed.")
    for clock in clocks:
        _believe(request, clock)
    return _confirmed(request)


@action("clock.confirm", needs=RIGHT, carries=ShownClock)
def confirm_shown(request: Request, value: ShownClock) -> Card:
    """Say that the clock is right, as the card showed it."""
    clock = next((clock for clock in _in_doubt(request) if clock.boot == value.boot), None)
    if clock is None:
        return Card("Already decided", Text("The clock is not in doubt anymore."))
    if abs(clock.ahead - value.ahead) > SET_AGAIN.total_seconds():
        return Card("The clock has been set again", *_words(request, clock, decides=True))
    _believe(request, clock)
    return _confirmed(request)


@health_check("clock")
def clocks_in_doubt(context: Context) -> list[str]:
    """The clock of every machine is right."""
    return [clock_line(context, clock) for clock in _in_doubt(context)]


@todo("clock", order=5)
def own_clocks(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """A clock in doubt, for those who may say that it is right."""
    decide = persons.who_may(RIGHT)
    clocks = _in_doubt(context) if decide else []
    tasks = [Task(clock_ref(clock), capitalized(clock_line(context, clock)), (_button(clock),)) for clock in clocks]
    return for_each(decide, Waiting("", tasks))


def tell_admins(context: Context, clock: KnownClock) -> None:
    """Say to each admin that a clock is in doubt, and what they can do."""
    card = Card("The clock may be wrong: routines and reminders wait", *_words(context, clock, decides=True))
    for person in _admins(context):
        context.post(f"dm:{person}", card, ref=clock_ref(clock), priority="prompt", repeat=True)
    refresh_homes(context, _admins(context))


def tell_decided(context: Context, clock: KnownClock, how: str) -> None:
    """Update every card about a clock in doubt: it is in doubt no more."""
    context.refresh(clock_ref(clock), Card("The clock is right again", Text(f"{how} Routines and reminders go on.")))
    refresh_homes(context, _admins(context))


def clock_line(context: Context, clock: KnownClock) -> str:
    """One clock in doubt: what it shows, by how much that is off, and what follows."""
    return (
        f"the clock of {clock.machine} shows {_spoken(context, clock.shown)}, {_off(clock)}: routines and reminders "
        "wait; set the clock right, or see: city clock"
    )


def clock_ref(clock: KnownClock) -> str:
    """What a card about a clock in doubt is about; each doubt has cards of its own."""
    return f"clock {int(clock.asked_at.timestamp()) if clock.asked_at else 0}"


def _in_doubt(context: Context) -> list[KnownClock]:
    return context.store.time.clocks.in_doubt(context.now - HEARD_OF)


def _admins(context: Context) -> list[str]:
    return [person.id for person in context.city.people.values() if may(person.all_roles, RIGHT)]


def _words(context: Context, clock: KnownClock, decides: bool) -> list[Word]:
    least = " or later" if clock.at_least else ""
    return [
        Facts(
            (f"The clock of {clock.machine} shows", _spoken(context, clock.shown)),
            ("By elapsed time it is", f"{_spoken(context, clock.at)}{least}"),
            ("That is", _off(clock)),
            ("In doubt since", _spoken(context, clock.asked_at or clock.at)),
        ),
        Text(
            "Routines and reminders wait, and what you read here is dated by elapsed time. Pages, answers and whatever "
            "people ask for go on."
        ),
        Note(
            "Routines and reminders go on by themselves when the clock of the machine is set right, or when the "
            "database, Slack or Teams shows the same time. If the clock shows the right time already, "
            + ("say so." if decides else f"ask somebody with the role {' or '.join(roles_with(RIGHT))} to say so.")
        ),
        *((Buttons(_button(clock)),) if decides else ()),
    ]


def _button(clock: KnownClock) -> Button:
    return Button("The clock is right", "clock.confirm", ShownClock(clock.boot, round(clock.ahead)))


def _believe(request: Request, clock: KnownClock) -> None:
    if not request.store.time.clocks.believe(clock):
        raise UserError("Somebody has decided about the clock before you. Nothing was changed.")
    request.audit(clock_ref(clock), ahead=round(clock.ahead))
    tell_decided(request, clock, f"{request.person.name} says that it shows the right time.")


def _confirmed(request: Request) -> Card:
    goes_on = Text("Routines and reminders go on within seconds, by the time that the clock shows.")
    return Card("The clock is right", goes_on)


def _off(clock: KnownClock) -> str:
    days, rest = divmod(timedelta(seconds=abs(clock.ahead)), timedelta(days=1))
    span = (
        counted(days, "day") + (f" {spoken_span(rest)}" if rest >= timedelta(minutes=1) else "")
        if days
        else spoken_span(rest)
    )
    return f"{span} {'ahead' if clock.ahead > 0 else 'behind'}"


def _spoken(context: Context, moment: datetime) -> str:
    local = context.calendar.local(moment)
    return f"{context.calendar.spoken_date(local.date())}, {context.calendar.clock(moment)}"
