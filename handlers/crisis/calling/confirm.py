"""Crisis confirmation: a second person confirms; or the first goes on alone, and it is reviewed afterwards."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from handlers.crisis.calling.confirmation import UNCONFIRMED, ask_to_confirm, asks, declare, start, waits_ref
from handlers.crisis.choice import WhichCrisis, several, which_crisis
from handlers.crisis.drawn import drawn_in_crisis
from handlers.crisis.levels import crisis_status
from handlers.crisis.record import as_drill, crisis_line, follows, stamped, tell, write
from handlers.crisis.to_many import tell_all
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_board_section, todo
from handlers.kit.errors import NotNeeded, UserError
from handlers.kit.forms import Form, ask
from handlers.kit.home import refresh_homes
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Note, Row, Text, Word, capitalized
from handlers.kit.persons import Persons
from handlers.kit.policy import may
from handlers.kit.registry import action, command, timer
from handlers.kit.settled import settled
from handlers.kit.time.calendar import hours_since
from handlers.kit.waiting import Task, Waiting
from storage.crisis.records import Crisis

ABOVE = ("city_manager", "department_head")  # who is told when somebody goes on alone


class Review(Form):
    finding: str = ask("Was it right to go on alone?", max_length=1000, long=True)


@command(
    "crisis confirm",
    asks=WhichCrisis,
    needs="crisis.activate",
    sends="Confirm it",
    example="/crisis confirm CR-2026-01",
)
def confirm_by_line(request: Request, form: WhichCrisis) -> Card:
    """Say that it is a crisis."""
    if asked := several(request, "crisis confirm", form, is_open=True):
        return asked
    return _say_so(request, form.crisis)


@action("crisis.confirm", needs="crisis.activate")
def confirm(request: Request, value: str) -> None:
    """Say that it is a crisis: the first declares it, the second starts the plan; the question says so in its place."""
    _say_so(request, value)


def _say_so(request: Request, ref: str | None) -> Card:
    crisis = _waiting(request, ref)
    if crisis.declared_by is None:
        declare(request, crisis, request.person.id)
        asked = Card(f"{crisis.ref}: a second person is asked", Text("The plan begins when they confirm it."))
        return stamped(crisis, asked)
    if crisis.declared_by == request.person.id:
        raise UserError(f"You have said so for {crisis.ref} already. It takes a second person, who is being asked.")
    start(request, crisis, request.person.id)
    nobody = " Nobody outside is told: it is a drill." if crisis.drill else ""
    return stamped(crisis, Card(f"{crisis.ref} is confirmed", Text(f"{capitalized(follows(crisis))}.{nobody}")))


@action("crisis.alone", needs="crisis.activate")
def go_on_alone(request: Request, value: str) -> Card:
    """Start the plan although nobody has confirmed it."""
    crisis = _waiting(request, value)
    due = (crisis.declared_at or request.now) + timedelta(minutes=request.city.crisis.confirm_minutes)
    if crisis.declared_by != request.person.id or request.now < due:
        raise UserError(f"Not yet: a second person is still being asked about {crisis.ref}. They can confirm it.")
    crisis = start(request, crisis, request.person.id)
    by = request.now + timedelta(hours=request.city.crisis.review_hours)
    request.schedule("crisis.unreviewed", crisis.ref, by)
    when = request.calendar.spoken(by)
    told = [person.id for role in ABOVE for person in request.city.with_role(role) if person.id != request.person.id]
    card, draws = _alone_card(request, crisis), f"crisis.alone {crisis.ref}"
    those = request.duties.not_gone(told)
    tell_all(request, crisis, those, card, ref=f"{crisis.ref} alone", priority="page", draws=draws)
    marked = Text(f"It is marked as started by you alone. Somebody reviews it by {when}.")
    return stamped(crisis, Card(f"{crisis.ref}: the plan begins", marked))


def _alone_card(context: Context, crisis: Crisis) -> Card:
    minutes, hours = counted(context.city.crisis.confirm_minutes, "minute"), context.city.crisis.review_hours
    when = context.calendar.spoken((crisis.confirmed_at or context.now) + timedelta(hours=hours))
    return Card(
        f"{context.name(crisis.declared_by)} has started {crisis.ref} alone",
        Text(crisis.what),
        Text(f"Nobody confirmed it within {minutes}. Please review it by {when}."),
        Buttons(
            Button("I reviewed it", "crisis.review", crisis.ref),
            Button.say("Show it", f"crisis status {crisis.ref}"),
        ),
    )


@drawn_in_crisis("crisis.alone", over=True)
def alone_again(context: Context, crisis: Crisis) -> Card:
    """The message that somebody went on alone, until it is reviewed."""
    if crisis.reviewed_by:
        raise NotNeeded(f"{context.name(crisis.reviewed_by)} has reviewed the start of {crisis.ref} by one person")
    return _alone_card(context, crisis)


@action("crisis.review", needs="crisis.activate", asks=Review)
def review(request: Request, value: str, form: Review) -> Card:
    """Review the start."""
    crisis = which_crisis(request, value)
    if not crisis.alone:
        raise UserError(f"{crisis.ref} was confirmed by two people. There is nothing to review.")
    if crisis.declared_by == request.person.id:
        raise UserError("Somebody other than you has to review it.")
    if crisis.reviewed_by:
        raise UserError(f"{request.name(crisis.reviewed_by)} reviewed {crisis.ref} already.")
    crisis = request.store.crisis.records.change(crisis, reviewed_by=request.person.id, reviewed_at=request.now)
    request.audit(crisis.ref, reviewed=True)
    request.cancel("crisis.unreviewed", crisis.ref)
    write(request, crisis, f"reviewed the start by one person: {form.finding}", by=request.person.id, kind="decided")
    looked = f"{request.person.name} reviewed the start of {crisis.ref} by one person"
    request.refresh(f"{crisis.ref} alone", stamped(crisis, Card(looked, Text(form.finding))))
    settled(request, _review_ref(crisis), f"reviewed by {request.person.name}")
    refresh_homes(request, [person.id for person in request.city.with_role("city_manager")])
    return stamped(crisis, Card(looked, Text(form.finding)))


@timer(UNCONFIRMED, counts_seconds=True)
def unconfirmed(context: Context, subject: str, _step: int) -> None:
    """Ask again, the department heads too, because nobody has confirmed it; the one who declared it may go on alone."""
    crisis = context.store.crisis.records.take(subject)
    if crisis is None or crisis.state != "alarm":
        return
    context.audit(crisis.ref, unconfirmed=True)
    waited = hours_since(crisis.declared_at or crisis.created_at, context.now)
    if crisis.declared_by:
        write(
            context,
            crisis,
            f"Nobody has confirmed it in {waited}; {context.name(crisis.declared_by)} may go on alone.",
        )
        _offer_alone(context, crisis)
    else:
        write(context, crisis, f"Nobody has said in {waited} that it is a crisis; everybody who may is asked again.")
    ask_to_confirm(context, crisis, wider=True)


def _offer_alone(context: Context, crisis: Crisis) -> None:
    about, card = f"{crisis.ref} go-on-alone", stamped(crisis, _offer_card(context, crisis))
    draws = f"crisis.go-on-alone {crisis.ref}"
    tell(context, crisis, f"dm:{crisis.declared_by}", card, ref=about, priority="page", draws=draws)


@drawn_in_crisis("crisis.go-on-alone")
def offer_again(context: Context, crisis: Crisis) -> Card:
    """The offer to go on alone, until somebody has confirmed it."""
    if crisis.confirmed_by:
        raise NotNeeded(f"{crisis.ref} has been confirmed")
    return _offer_card(context, crisis)


def _offer_card(context: Context, crisis: Crisis) -> Card:
    waited = hours_since(crisis.declared_at or crisis.created_at, context.now)
    within = counted(context.city.crisis.review_hours, "hour")
    return Card(
        f"{crisis.ref}: nobody has confirmed it in {waited}",
        Text(
            "You may go on alone. The start is marked as yours alone, the city manager and the department heads are "
            f"told, and somebody reviews it within {within}."
        ),
        Buttons(Button("Go on alone", "crisis.alone", crisis.ref, style="danger")),
        Note("Those who were asked can still confirm it; then you are not alone."),
    )


@crisis_board_section("confirmation", order=5)
def still_to_confirm(context: Context, crisis: Crisis) -> list[Word]:
    """What must still be confirmed before the plan begins, with the button for those who may."""
    return [Row(*asks(context, crisis))] if crisis.state == "alarm" else []


@todo("crisis confirmations", order=9)
def to_confirm(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Alarms that wait for somebody with the right to confirm; urgent, so they have no due day."""
    decide = persons.who_may("crisis.activate")
    found = [crisis for crisis in context.store.crisis.records.open() if crisis.state == "alarm"] if decide else []
    return _for_others(decide, [(crisis, _unconfirmed_task(context, crisis)) for crisis in found])


def _for_others(persons: Sequence[Person], tasks: Sequence[tuple[Crisis, Task]]) -> dict[str, Waiting]:
    """What waits for each of these people: not what they have declared themselves."""
    return {
        person.id: Waiting("", [task for crisis, task in tasks if crisis.declared_by != person.id])
        for person in persons
    }


def _unconfirmed_task(context: Context, crisis: Crisis) -> Task:
    line, yes = asks(context, crisis)
    said, bad = as_drill(crisis, f"{crisis.ref} {crisis.what}: {line}"), crisis_status(crisis)
    return Task(waits_ref(crisis), said, (yes,), status=bad, decides=True)


@timer("crisis.unreviewed", counts_seconds=True)
def unreviewed(context: Context, subject: str, _step: int) -> None:
    """Tell the city manager and their stand-in that a lone start was not reviewed in time."""
    crisis = context.store.crisis.records.take(subject)
    if crisis is None or crisis.reviewed_by:
        return
    ago = hours_since(crisis.confirmed_at or crisis.created_at, context.now)
    card = Card(
        f"{crisis.ref}: the start by one person still needs a review",
        Text(f"{context.name(crisis.declared_by)} started it alone {ago} ago."),
        Buttons(Button("I reviewed it", "crisis.review", crisis.ref)),
    )
    context.audit(crisis.ref, unreviewed=True)
    managers = context.city.with_role("city_manager")
    both = [person for manager in managers for person in (manager.id, manager.deputy) if person]
    those = [context.city.people[person] for person in context.duties.not_gone(both) if person in context.city.people]
    may_look = [
        person.id
        for person in those
        if person.id != crisis.declared_by and may(person.all_roles, "crisis.activate")
    ]  # fmt: skip
    tell_all(context, crisis, may_look, card, ref=f"{crisis.ref} alone")


@todo("crisis reviews", order=15)
def to_review(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Lone starts that the city manager has to review."""
    managers = persons.with_role("city_manager")
    found = context.store.crisis.records.to_review() if managers else []
    return _for_others(managers, [(crisis, _task(context, crisis)) for crisis in found])


def _task(context: Context, crisis: Crisis) -> Task:
    began = crisis.confirmed_at or crisis.created_at
    due = context.calendar.today(began + timedelta(hours=context.city.crisis.review_hours))
    line = f"{crisis_line(context, crisis)}: {context.name(crisis.declared_by)} started it alone. Was it right?"
    return Task(_review_ref(crisis), line, (Button("I reviewed it", "crisis.review", crisis.ref),), due=due)


def _review_ref(crisis: Crisis) -> str:
    return f"{crisis.ref} alone"


def _waiting(request: Request, ref: str | None) -> Crisis:
    """Find the crisis while it waits to be confirmed; else raise UserError with who did what, and when."""
    crisis = which_crisis(request, ref, is_open=True)
    if crisis.confirmed_by:
        when = request.calendar.spoken(crisis.confirmed_at or request.now)
        raise UserError(f"{request.name(crisis.confirmed_by)} confirmed {crisis.ref} already, {when}.")
    return crisis
