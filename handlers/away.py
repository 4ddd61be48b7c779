"""Away: who is away, and who is asked instead."""

from datetime import date, timedelta

from handlers.kit.context import Context, Request
from handlers.kit.contributions import drawn
from handlers.kit.duty import AWAY
from handlers.kit.errors import FieldErrors, NotNeeded, UserError
from handlers.kit.forms import Date, Form, PersonId, ask
from handlers.kit.messages import Button, Buttons, Card, Facts, Items, Note, Text
from handlers.kit.registry import command
from handlers.kit.rights import is_theirs
from handlers.kit.time.calendar import spoken_date
from storage.time.absences import Absence

LONGEST = timedelta(days=366)  # a mistyped year is more likely than a longer absence


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
    request.store.time.absences.add(person, form.from_day, form.to_day, stands_in, by=request.person.id, at=request.now)
    request.look_again()
    request.audit(f"away {person}", first=form.from_day, last=form.to_day, deputy=stands_in)
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
    mine = [
        absence
        for absence in request.store.time.absences.from_day(request.today)
        if absence.person == request.person.id
    ]
    if not mine:
        raise UserError("You are not away, and no absence of yours is planned.")
    request.store.time.absences.end(request.person.id, request.today, request.today - timedelta(days=1))
    request.look_again()
    request.audit(f"away {request.person.id}", ended=len(mine))
    for stands_in in _who_were_told(request, mine):
        card, draws = _back_card(request, request.person.id), f"away.back {request.person.id} {stands_in}"
        request.post(f"dm:{stands_in}", card, priority="prompt", draws=draws)
    return Card("Welcome back", Text("From now on you are asked yourself again."))


def _who_were_told(request: Request, mine: list[Absence]) -> list[str]:
    """The deputies of these absences; not those whose message about it still waits, which is dropped when it goes."""
    told = {
        absence.deputy
        for absence in mine
        if absence.deputy
        and not request.store.chat.posts.waits(_draws(absence.person, absence.deputy, absence.first, absence.last))
    }
    return sorted(told)


@command("city absences", needs="help", reads_only=True)
def list_absences(request: Request) -> Card:
    """Show who is away, now and later."""
    lines = [
        f"{request.name(absence.person)}: {spoken_date(absence.first)} to {spoken_date(absence.last)}, "
        f"asked instead: {request.name(absence.deputy)}"
        for absence in request.store.time.absences.from_day(request.today)
    ]
    return Card("Who is away", Items(*lines) if lines else Text("Nobody is away, and nobody has said they will be."))


def _check(request: Request, form: Leave, person: str) -> None:
    """Whether these days and this deputy can be; raises FieldErrors."""
    if not is_theirs(request, request.person, person, "away.set-others"):
        who = "the head of their department, the city manager or an admin"
        raise FieldErrors({"person": f"For {request.name(person)} only {who} can say that, or they themselves."})
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
    able = next((deputy for deputy in duties.deputies(chosen) if duties.why_not(deputy) is None), None)
    return duties.why_not(chosen) == AWAY and able in (None, person)


def _usual_deputy(request: Request, person: str) -> str | None:
    known = request.city.people.get(person)
    return known.deputy if known else None


def _tell_deputy(request: Request, person: str, stands_in: str | None, form: Leave) -> None:
    if stands_in is None:
        return
    card = _stand_in_card(request, person, form.from_day, form.to_day)
    draws = _draws(person, stands_in, form.from_day, form.to_day)
    request.post(f"dm:{stands_in}", card, priority="prompt", draws=draws)


def _draws(person: str, stands_in: str, first: date, last: date) -> str:
    """How the message to a deputy is drawn again."""
    return f"away.deputy {person} {stands_in} {first} {last}"


def _stand_in_card(context: Context, person: str, first: date, last: date) -> Card:
    return Card(
        f"You stand in for {context.name(person)}",
        Text(f"From {spoken_date(first)} to {spoken_date(last)} you are asked instead."),
        Note("It ends by itself. What comes for you: city schedule"),
    )


@drawn("away.deputy")
def stand_in_again(context: Context, person: str, stands_in: str, first: str, last: str) -> Card:
    """The card that says who stands in for somebody, while the absence lasts or is still to come."""
    _still_away(context, person, first, last, stands_in)
    return _stand_in_card(context, person, date.fromisoformat(first), date.fromisoformat(last))


def _still_away(context: Context, person: str, first: str, last: str, stands_in: str | None) -> None:
    """Raise NotNeeded for an absence that was taken back, was changed or is over."""
    said = (person, date.fromisoformat(first), date.fromisoformat(last), stands_in)
    known = context.store.time.absences.from_day(context.today)
    if said not in {(absence.person, absence.first, absence.last, absence.deputy) for absence in known}:
        raise NotNeeded(f"{context.name(person)} is not away as it was said")


def _back_card(context: Context, person: str) -> Card:
    return Card(f"{context.name(person)} is back", Text("You are not asked instead any more."))


@drawn("away.back")
def back_again(context: Context, person: str, stands_in: str) -> Card:
    """The card that says that somebody is back, unless they are away again with the same deputy."""
    absence = context.away(person)
    if absence is not None and absence.deputy == stands_in:
        raise NotNeeded(f"{context.name(person)} is away again")
    return _back_card(context, person)


def _tell_whose_it_is(request: Request, person: str, stands_in: str | None, form: Leave) -> None:
    """Tell a person that somebody else entered their absence, with a button that ends it."""
    by, first, last = request.person.id, form.from_day, form.to_day
    draws = " ".join(["away.said", person, by, str(first), str(last), *([stands_in] if stands_in else [])])
    card = _said_card(request, by, first, last, stands_in)
    request.post(
        f"dm:{person}", card, priority="page", draws=draws
    )  # at night too: their pages go elsewhere from now on


def _said_card(context: Context, by: str, first: date, last: date, stands_in: str | None) -> Card:
    instead = f"{context.name(stands_in)} is asked" if stands_in else "Nobody is asked"
    return Card(
        f"{context.name(by)} says that you are away",
        Text(f"From {spoken_date(first)} to {spoken_date(last)}. {instead} instead of you."),
        Buttons(Button.say("I am here: end it", "city back")),
    )


@drawn("away.said")
def said_again(context: Context, person: str, by: str, first: str, last: str, stands_in: str = "") -> Card:
    """The card that tells a person that somebody else entered their absence, while it holds."""
    _still_away(context, person, first, last, stands_in or None)
    return _said_card(context, by, date.fromisoformat(first), date.fromisoformat(last), stands_in or None)


def _who(request: Request, person: str) -> str:
    return "You are" if person == request.person.id else f"{request.name(person)} is"
