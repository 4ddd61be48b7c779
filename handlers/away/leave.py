"""Leave: somebody says that they, or somebody else, will be away."""

from datetime import date, timedelta
from hashlib import sha256

from handlers.away.cards import away_card, subject_of, tell_deputy, tell_whose_it_is, who_is
from handlers.kit.context import Request
from handlers.kit.contributions import undoes
from handlers.kit.duty import AWAY
from handlers.kit.errors import FieldErrors
from handlers.kit.forms import Date, EndDate, Form, PersonId, ask
from handlers.kit.messages import Button, Buttons, Card
from handlers.kit.registry import command
from handlers.kit.rights import is_theirs
from handlers.kit.undo import TAKEN_BACK, undoable

ABSENCES = "absences"  # the turn in which somebody reads who is away, and says, changes or ends an absence
LONGEST = timedelta(days=366)  # a mistyped year is more likely than a longer absence


class Leave(Form):
    from_day: Date = ask("Away from", hint="friday, tomorrow or 2026-12-01")
    to_day: EndDate = ask("Last day away")
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
    check_theirs(request, person)
    request.store.turns.take(ABSENCES)  # of two who name each other, the second reads that it is a circle
    request.look_again()
    check_days(request, person, form.from_day, form.to_day, form.deputy)
    _ask_about_overlap(request, person, form)
    stands_in = form.deputy or usual_deputy(request, person)
    absence = request.store.time.absences.add(
        person, form.from_day, form.to_day, stands_in, by=request.person.id, at=request.now
    )
    request.look_again()
    request.audit(subject_of(person), first=form.from_day, last=form.to_day, deputy=stands_in)
    tell_deputy(request, absence)
    tell_whose_it_is(request, absence)
    return away_card(request, absence).with_words(
        *undoable(request, "away.set", subject_of(person), absence=absence.id)
    )


@undoes("away.set", needs="away.set")
def take_back(request: Request, _subject: str, absence: int) -> Card:
    """Somebody is not away after all."""
    known = request.store.time.absences.find(absence)
    assert known is not None, "absences are never removed"
    check_theirs(request, known.person)
    request.store.time.absences.end(known.id, known.first - timedelta(days=1))
    request.look_again()
    return Card(
        f"{TAKEN_BACK}{request.name(known.person)} is not away from {request.spoken_day(known.first)} on",
        Buttons(Button.say("Who is away?", "city absences")),
    )


def check_theirs(request: Request, person: str) -> None:
    """Whether somebody may say that a person is away; raises FieldErrors."""
    if not is_theirs(request, request.person, person, "away.set-others"):
        who = "the head of their department, the city manager or an admin"
        raise FieldErrors({"person": f"Only {request.name(person)}, {who} can say that."})


def check_days(request: Request, person: str, first: date, last: date, deputy: str | None) -> None:
    """Whether these days and this deputy can be; raises FieldErrors."""
    if last < first:
        raise FieldErrors({"to_day": f"That is before {request.spoken_day(first)}. Choose the last day away."})
    if last < request.today:
        raise FieldErrors({"to_day": f"{request.spoken_day(last)} is past. Choose a day from today on."})
    if last - first > LONGEST:
        raise FieldErrors({"to_day": "That is more than a year. Is the year right?"})
    if deputy == person:
        raise FieldErrors({"deputy": "Nobody stands in for themselves. Choose somebody else, or leave it empty."})
    if deputy and _in_a_circle(request, person, deputy, first):
        who = request.name(deputy)
        raise FieldErrors({"deputy": f"{who} is away then, and {request.name(person)} would stand in. Choose another."})


def _in_a_circle(request: Request, person: str, chosen: str, day: date) -> bool:
    """Whether asking the deputy would lead back to the person on that day."""
    duties = request.roster.on(day)
    able = next((deputy for deputy in duties.deputies(chosen) if duties.why_not(deputy) is None), None)
    return duties.why_not(chosen) == AWAY and able in (None, person)


def usual_deputy(request: Request, person: str) -> str | None:
    known = request.city.people.get(person)
    return known.deputy if known else None


def _ask_about_overlap(request: Request, person: str, form: Leave) -> None:
    """Ask once about days on which somebody is away already; raises FieldErrors."""
    known = [
        absence
        for absence in request.store.time.absences.of(person, request.today)
        if absence.first <= form.to_day and form.from_day <= absence.last
    ]
    hint = sha256(f"away {person} {form.from_day} {form.to_day}".encode()).hexdigest()
    if not known or request.hinted(hint):
        return
    days = " and ".join(
        f"{request.spoken_day(absence.first)} to {request.spoken_day(absence.last)}" for absence in known
    )
    way = (
        'To change or end that one, write "city absences". If you send this again, the new one counts on the days that '
        "overlap."
    )
    raise FieldErrors({"from_day": f"{who_is(request, person)} away from {days} already. {way}"}, hint=hint)
