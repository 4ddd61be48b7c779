"""Away: who is away, and who is asked instead."""

from datetime import date, timedelta

from handlers.kit.calendar import spoken_date
from handlers.kit.context import Request
from handlers.kit.duty import AWAY
from handlers.kit.errors import FieldErrors, UserError
from handlers.kit.forms import Date, Form, PersonId, ask
from handlers.kit.messages import Button, Buttons, Card, Facts, Items, Note, Text
from handlers.kit.policy import may
from handlers.kit.registry import command

LONGEST = timedelta(days=366)  # a slip of the year is more likely than a longer absence


class Leave(Form):
    from_day: Date = ask("Away from", hint="friday, tomorrow or 2026-12-01")
    to_day: Date = ask("Until and including", hint="The last day away")
    deputy: PersonId | None = ask("Who is asked instead?", default=None)
    person: PersonId | None = ask("Who is away?", default=None, hint="Empty for yourself")


@command(
    "city away",
    sends="Save",
    asks=Leave,
    needs="away.set",
    example="/city away from friday to 2027-01-04 deputy @sam",
)
def go_away(request: Request, form: Leave) -> Card:
    """Say that you are away."""
    person = form.person or request.person.id
    _check(request, form, person)
    stands_in = form.deputy or _usual_deputy(request, person)
    request.store.absences.add(person, form.from_day, form.to_day, stands_in, by=request.person.id, at=request.now)
    request.look_again()
    request.note(f"away {person}", first=form.from_day, last=form.to_day, deputy=stands_in)
    _tell_deputy(request, person, stands_in, form)
    if person != request.person.id:
        _tell_whose_it_is(request, person, stands_in, form)
    return Card(
        f"{_who(request, person)} away from {spoken_date(form.from_day)} to {spoken_date(form.to_day)}",
        Facts(("Asked instead", request.mention(stands_in))),
        Note("It ends by itself. Back earlier? Write: city back"),
        Buttons(Button.say("Who is away?", "city absences")),
    )


@command("city back", needs="away.set")
def come_back(request: Request) -> Card:
    """End your absence."""
    mine = [one for one in request.store.absences.from_day(request.today) if one.person == request.person.id]
    if not mine:
        raise UserError("You are not away, and no absence of yours is planned.")
    request.store.absences.end(request.person.id, request.today, request.today - timedelta(days=1))
    request.look_again()
    request.note(f"away {request.person.id}", ended=len(mine))
    for stands_in in {one.deputy for one in mine if one.deputy}:
        news = Text("You are not asked instead any more.")
        request.post(f"dm:{stands_in}", Card(f"{request.person.name} is back", news), priority="prompt")
    return Card("Welcome back", Text("From now on you are asked yourself again."))


@command("city absences", needs="help", reads_only=True)
def list_absences(request: Request) -> Card:
    """Show who is away, now and later."""
    lines = [
        f"{request.name(one.person)}: {spoken_date(one.first)} to {spoken_date(one.last)}, "
        f"asked instead: {request.name(one.deputy)}"
        for one in request.store.absences.from_day(request.today)
    ]
    return Card("Who is away", Items(*lines) if lines else Text("Nobody is away, and nobody has said they will be."))


def _check(request: Request, form: Leave, person: str) -> None:
    """Whether these days and this deputy can be; raises FieldErrors."""
    if person != request.person.id and not may(request.person.all_roles, "away.set-others"):
        raise FieldErrors({"person": "Only a department head or an admin can say that for somebody else."})
    if form.to_day < form.from_day:
        raise FieldErrors({"to_day": f"That is before {spoken_date(form.from_day)}. Choose the last day away."})
    if form.to_day < request.today:
        raise FieldErrors({"to_day": f"{spoken_date(form.to_day)} is past. Choose a day from today on."})
    if form.to_day - form.from_day > LONGEST:
        raise FieldErrors({"to_day": "That is more than a year. Is the year right?"})
    if form.deputy == person:
        raise FieldErrors({"deputy": "Nobody stands in for themselves. Choose somebody else, or leave it empty."})
    if form.deputy and _in_a_circle(request, person, form.deputy, form.from_day):
        who = request.name(form.deputy)
        raise FieldErrors({"deputy": f"{who} is away then, and {request.name(person)} would stand in. Choose another."})


def _in_a_circle(request: Request, person: str, chosen: str, day: date) -> bool:
    """Whether asking the deputy would lead back to the person on that day."""
    duties = request.roster.on(day)
    able = next((one for one in duties.deputies(chosen) if duties.why_not(one) is None), None)
    return duties.why_not(chosen) == AWAY and able in (None, person)


def _usual_deputy(request: Request, person: str) -> str | None:
    known = request.city.people.get(person)
    return known.deputy if known else None


def _tell_deputy(request: Request, person: str, stands_in: str | None, form: Leave) -> None:
    if stands_in is None:
        return
    card = Card(
        f"You stand in for {request.name(person)}",
        Text(f"From {spoken_date(form.from_day)} to {spoken_date(form.to_day)} you are asked instead."),
        Note("It ends by itself. What comes for you: city schedule"),
    )
    request.post(f"dm:{stands_in}", card, priority="prompt")


def _tell_whose_it_is(request: Request, person: str, stands_in: str | None, form: Leave) -> None:
    """Tell somebody who has said that they are away, with a button that ends it."""
    instead = f"{request.name(stands_in)} is asked" if stands_in else "Nobody is asked"
    card = Card(
        f"{request.person.name} says that you are away",
        Text(f"From {spoken_date(form.from_day)} to {spoken_date(form.to_day)}. {instead} instead of you."),
        Buttons(Button.say("I am here: end it", "city back")),
    )
    request.post(f"dm:{person}", card, priority="prompt")


def _who(request: Request, person: str) -> str:
    return "You are" if person == request.person.id else f"{request.name(person)} is"
