"""Check-in: how each department's week was, and what comes of it."""

from collections.abc import Mapping
from typing import Any

from handlers.checkin.cards import answered_card, asked_until, silent_card
from handlers.checkin.digest import DigestPart, part_card, show_everywhere
from handlers.checkin.form import as_text, field_of, opened_form, typed_form, whole_form
from handlers.checkin.record import (
    AnswerOf,
    CheckinOf,
    answers_for,
    checkin_of,
    department_name,
    digest_ref,
    find_checkin,
    found,
    help_ref,
    newest_week,
    numbers_of,
    ref_of,
    reminder_ref,
    title_of,
)
from handlers.kit.context import Context, Request
from handlers.kit.contributions import needed, todo
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, OpenForm
from handlers.kit.home import refresh_homes
from handlers.kit.living import thanked
from handlers.kit.messages import Button, Card, Row, Text
from handlers.kit.persons import Persons
from handlers.kit.registry import action, command
from handlers.kit.settled import settled
from handlers.kit.values import written
from handlers.kit.waiting import Task, Waiting
from storage.checkin.records import Checkin


@needed("checkin")
def who_answers(request: Request) -> bool:
    """Only those who answer for a department need it."""
    return any(answers_for(request, department) for department in request.city.departments)


@command(
    "checkin",
    asks=lambda city: typed_form(city.checkin.number),
    needs="checkin.answer",
    example="/checkin health 4; open requests 38; overtime hours 12.5; help A second pump until Friday",
)
def check_in(request: Request, form: Form) -> Card | OpenForm:
    """Answer the check-in."""
    given = {name: value for name, value in form.values().items() if value is not None}
    named = given.pop("department", None)
    mine = (
        [named]
        if named
        else [department for department in request.city.departments if answers_for(request, department)]
    )
    if len(mine) > 1:
        rows = [
            Row(department_name(request.city, department), Button.say("Answer", f"checkin {department}"))
            for department in mine
        ]
        return Card("For which department?", *rows)
    checkin = _newest(request, mine[0]) if mine else None
    if checkin is None:
        raise UserError(
            "You do not answer for a department. Department heads do, and the people who stand in for them."
        )
    needed = ["health", *_own(request, checkin, given)]
    if all(name in given for name in needed):
        version = checkin.version if checkin.answered_by == request.person.id else 0
        return _keep(request, checkin, version, {"risk": None, "help": None, **given})
    return opened_form(request, checkin, {name: as_text(value) for name, value in given.items()})


@action("checkin.open", needs="checkin.answer", opens_form=True, carries=CheckinOf)
def open_form(request: Request, value: CheckinOf) -> OpenForm:
    """Answer or change a check-in."""
    return opened_form(request, _taken(request, value), {})


@action("checkin.answer", asks=whole_form, varies=True, needs="checkin.answer", carries=AnswerOf, sends="Answer")
def answer(request: Request, value: AnswerOf, form: Form) -> Card:
    """Answer the check-in."""
    return _keep(request, _taken(request, CheckinOf(value.department, value.day)), value.version, form.values())


@action("checkin.silent", needs="checkin.answer", reads_only=True, carries=CheckinOf)
def show_silent(request: Request, value: CheckinOf) -> Card:
    """Show which departments have not answered the check-in."""
    return silent_card(request, find_checkin(request, value))


@action("checkin.part", needs="checkin.answer", reads_only=True, carries=DigestPart)
def show_part(request: Request, value: DigestPart) -> Card:
    """Show a part of the check-in's digest to somebody who has the digest."""
    places = {post.place for post in request.store.chat.posts.of(digest_ref(value.day))}
    if f"dm:{request.person.id}" not in places:
        raise UserError("Only the city manager gets the answers of all departments. Please ask them.")
    return part_card(request, value)


@todo("check-in", order=15)
def own_checkins(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """The newest check-ins that people have to answer: they were asked, or stand in for a person who cannot be."""
    tasks = dict[str, list[Task]]()
    for checkin in newest_week(context):
        asked = context.duties.of(checkin.asked, department=checkin.department).person
        if checkin.answered_at is None and asked in persons:
            answer = Button("Answer", "checkin.open", checkin_of(checkin))
            status = asked_until(context, checkin)
            task = Task(ref_of(checkin), title_of(context, checkin), (answer,), owner=asked, status=status)
            tasks.setdefault(asked, []).append(task)
    return {person: Waiting(f"Check-ins without an answer: {len(own)}", own) for person, own in tasks.items()}


def _keep(request: Request, before: Checkin, version: int, given: Mapping[str, Any]) -> Card:
    """Store an answer, unless somebody else has answered since the form was opened."""
    if before.version != version and before.answered_by != request.person.id:
        who = request.name(before.answered_by)
        stands = f"{who} answered first, and that answer counts. Yours was not saved."
        said = Text(f"{stands} You wrote: {_in_words(request, before, given)}.")
        return answered_card(request, before, f"{who} has answered already", said)
    readings = {number.id: given[field_of(number)] for number in numbers_of(request.city, before.department)}
    checkin = request.store.checkin.records.answer(
        before,
        health=given["health"],
        risk=given["risk"],
        help=given["help"],
        readings=readings,
        by=request.person.id,
        at=request.now,
    )
    request.audit(ref_of(checkin), health=checkin.health, late=checkin.late, numbers=len(readings))
    request.cancel("checkin.nudge", written(checkin_of(checkin)))
    show_everywhere(request, checkin)
    refresh_homes(request, [checkin.asked])
    settled(request, ref_of(checkin), f"answered by {request.person.name}")
    if before.needs_help and not checkin.needs_help:
        settled(request, help_ref(checkin), "not needed anymore")
    late = (Text("The check-in was closed already, so your answer is marked late."),) if checkin.late else ()
    headline = "Changed" if before.answered_at else "Thank you"
    card, refs = answered_card(request, checkin, headline, *late), (ref_of(checkin), reminder_ref(checkin))
    return thanked(request, card, headline, f"Your answer for {_name(request, checkin)}", *late, refs=refs)


def _in_words(request: Request, checkin: Checkin, given: Mapping[str, Any]) -> str:
    labels = {"health": "health", "risk": "risk", "help": "help"}
    labels |= {field_of(number): number.name for number in numbers_of(request.city, checkin.department)}
    return "; ".join(f"{label} {as_text(given[name])}" for name, label in labels.items() if given.get(name) is not None)


def _own(request: Request, checkin: Checkin, given: Mapping[str, Any]) -> list[str]:
    """The fields of a department's own numbers; raises UserError when another's was given."""
    own = numbers_of(request.city, checkin.department)
    strange = [number.name for number in request.city.checkin.number if number not in own and field_of(number) in given]
    if strange:
        raise UserError(f"{_name(request, checkin)} is not asked for: {', '.join(strange)}. Leave that out.")
    return [field_of(number) for number in own]


def _newest(request: Request, department: str) -> Checkin:
    checkin = request.store.checkin.records.newest(department)
    if checkin is None:
        raise UserError(
            f"{department_name(request.city, department)} has not been asked yet. The bot sends the check-in by itself."
        )
    return _taken(request, checkin_of(checkin))


def _taken(request: Request, about: CheckinOf) -> Checkin:
    """Take the check-in for an answer; raises UserError when it is not this person's to answer."""
    checkin = found(request, about)
    refs = ref_of(checkin), reminder_ref(checkin)
    asked = {post.place for ref in refs for post in request.store.chat.posts.of(ref)}
    if f"dm:{request.person.id}" not in asked and not answers_for(request, checkin.department):
        known = request.city.departments.get(checkin.department)
        head = request.name(known.head if known else checkin.asked)
        raise UserError(f"Only {head}, or somebody who stands in for them, can answer for {_name(request, checkin)}.")
    return checkin


def _name(context: Context, checkin: Checkin) -> str:
    return department_name(context.city, checkin.department)
