"""Back: absences are listed, changed and ended, each by itself."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

from handlers.away.cards import (
    away_card,
    days_of,
    subject_of,
    tell_back,
    tell_deputy,
    tell_whose_it_is,
    was_told,
    who_is,
)
from handlers.away.leave import ABSENCES, check_days, check_theirs, usual_deputy
from handlers.kit.context import Context, Request
from handlers.kit.contributions import undoes
from handlers.kit.errors import UserError
from handlers.kit.forms import Date, Form, PersonId, ask
from handlers.kit.inline import Status
from handlers.kit.messages import Button, Buttons, Card, Heading, Items, Text, Word
from handlers.kit.registry import action, command
from handlers.kit.rights import is_theirs
from handlers.kit.undo import TAKEN_BACK, undoable
from storage.time.absences import Absence

Kept = tuple[int, str, str, str | None, str]  # an absence as it was: its id, both days, the deputy, who entered it


class ChangedLeave(Form):
    from_day: Date = ask("Away from", hint="friday, tomorrow or 2026-12-01")
    to_day: Date = ask("Last day away")
    deputy: PersonId | None = ask("Who is asked instead?", default=None)


@command("city back", needs="away.set")
def come_back(request: Request) -> Card:
    """Say that you are back."""
    request.store.turns.take(ABSENCES)
    request.look_again()
    mine = request.store.time.absences.of(request.person.id, request.today)
    now = [absence for absence in mine if absence.first <= request.today]
    if not mine:
        raise UserError("You are not away, and no absence of yours is planned.")
    if not now:
        return Card("You are not away today", Text("These are still to come:"), *_with_buttons(request, mine))
    words = _end(request, now)
    later = [absence for absence in mine if absence not in now]
    planned = (Text("You will be away again:"), *_with_buttons(request, later)) if later else ()
    return Card("Welcome back", Text("From now on you are asked again, not your stand-in."), *planned, *words)


@command("city absences", needs="help", reads_only=True)
def list_absences(request: Request) -> Card:
    """Show who is away, now and later."""
    known = request.store.time.absences.from_day(request.today)
    if not known:
        nobody = Text("Nobody is away, and nobody has said they will be.")
        return Card("Who is away", nobody, status=Status("good", "nobody"))
    now = [absence for absence in known if absence.first <= request.today]
    later = [absence for absence in known if absence.first > request.today]
    return Card(
        "Who is away",
        *_under(request, f"Away today: {len(now)}", now),
        *_under(request, f"Later: {len(later)}", later),
        status=Status("info", f"{len(now)} today"),
    )


def _under(request: Request, title: str, absences: Sequence[Absence]) -> list[Word]:
    """Absences under a heading, first those that somebody may change, with the buttons for it."""
    if not absences:
        return []
    mine = [absence for absence in absences if _may_change(request, absence)]
    others = [_line(request, absence) for absence in absences if absence not in mine]
    return [Heading(title), *_with_buttons(request, mine), *([Items(*others)] if others else [])]


@action("away.end", needs="away.set")
def end_absence(request: Request, value: str) -> Card:
    """End this absence."""
    absence = _taken(request, value)
    words = _end(request, [absence])
    is_now = absence.first <= request.today
    title = f"{who_is(request, absence.person)} not away {'anymore' if is_now else 'then'}"
    return Card(title, Text(f"Ended: {days_of(request, absence.first, absence.last)}."), *words)


def _as_it_is(request: Request, value: str) -> Mapping[str, str]:
    absence = _known(request, value)
    deputy = f"@{absence.deputy}" if absence.deputy else ""
    return {"from_day": str(absence.first), "to_day": str(absence.last), "deputy": deputy}


@action("away.change", asks=ChangedLeave, prefill=_as_it_is, needs="away.set", sends="Change it")
def change_absence(request: Request, value: str, form: ChangedLeave) -> Card:
    """Change this absence."""
    before = _taken(request, value)
    check_days(request, before.person, form.from_day, form.to_day, form.deputy)
    stands_in = form.deputy or usual_deputy(request, before.person)
    kept = _as_kept(before)
    after = request.store.time.absences.change(
        before, form.from_day, form.to_day, stands_in, by=request.person.id, at=request.now
    )
    request.look_again()
    subject = subject_of(after.person)
    request.audit(subject, first=after.first, last=after.last, deputy=after.deputy)
    if before.deputy and before.deputy != after.deputy:
        tell_back(request, after.person, before.deputy)
    tell_deputy(request, after)
    tell_whose_it_is(request, after)
    return away_card(request, after).with_words(*undoable(request, "away.changed", subject, absences=[kept]))


@undoes("away.changed", needs="away.set")
def as_before(request: Request, subject: str, absences: Sequence[Kept]) -> Card:
    """Somebody is away as it was said before."""
    request.store.turns.take(ABSENCES)
    request.look_again()
    person = subject.removeprefix(subject_of(""))
    check_theirs(request, person)
    found = [_from_kept(person, kept) for kept in absences]
    for absence in found:
        if absence.last >= request.today:
            check_days(request, absence.person, absence.first, absence.last, absence.deputy)
        request.store.time.absences.put_back(absence)
    request.look_again()
    return Card(f"{TAKEN_BACK}everything is as it was before", Items(*(_line(request, absence) for absence in found)))


def _known(request: Request, value: str) -> Absence:
    """An absence that is not over, for somebody who may change it; raises UserError, or FieldErrors for others."""
    absence = request.store.time.absences.find(int(value)) if value.isdecimal() and len(value) < 10 else None
    if absence is None or absence.last < max(absence.first, request.today):
        raise UserError('This absence is over or was ended. Write "city absences" to see who is away.')
    check_theirs(request, absence.person)
    return absence


def _taken(request: Request, value: str) -> Absence:
    """The same for a change, as the last change has left it."""
    request.store.turns.take(ABSENCES)
    request.look_again()
    return _known(request, value)


def _may_change(request: Request, absence: Absence) -> bool:
    return is_theirs(request, request.person, absence.person, "away.set-others")


def _with_buttons(request: Request, absences: Iterable[Absence]) -> list[Word]:
    words: list[Word] = []
    for absence in absences:
        line, value = _line(request, absence), str(absence.id)
        words += [
            Text(line),
            Buttons(Button("Change", "away.change", value), Button("End", "away.end", value), about=line),
        ]
    return words


def _line(context: Context, absence: Absence) -> str:
    instead = f"asked instead: {context.name(absence.deputy)}" if absence.deputy else "no deputy was named"
    return f"{context.name(absence.person)}: {days_of(context, absence.first, absence.last)}, {instead}"


def _as_kept(absence: Absence) -> Kept:
    return absence.id, str(absence.first), str(absence.last), absence.deputy, absence.made_by


def _from_kept(person: str, kept: Kept) -> Absence:
    number, first, last, deputy, made_by = kept
    return Absence(number, person, date.fromisoformat(first), date.fromisoformat(last), deputy, made_by)


def _end(request: Request, absences: Sequence[Absence]) -> tuple[Word, ...]:
    """End these absences of one person with yesterday, tell who was asked instead, and give the words to undo it."""
    person, yesterday = absences[0].person, request.today - timedelta(days=1)
    for absence in absences:
        request.store.time.absences.end(absence.id, min(yesterday, absence.last))
    request.look_again()
    request.audit(subject_of(person), ended=len(absences))
    for stands_in in dict.fromkeys(
        absence.deputy for absence in absences if absence.deputy and was_told(request, absence)
    ):
        tell_back(request, person, stands_in)
    if person != request.person.id:
        line = f"{request.person.name} has ended your absence: {days_of(request, absences[0].first, absences[0].last)}."
        request.tell(person, line, subject_of(person))
    kept = [_as_kept(absence) for absence in absences]
    return undoable(request, "away.changed", subject_of(person), absences=kept)
