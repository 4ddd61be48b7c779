"""Crisis in sight: an open crisis stands first among what waits for those who work on it, and quietly for others."""

from collections.abc import Mapping, Sequence

from handlers.crisis.events import BEGAN, CHANGED, ROLE, STARTED
from handlers.crisis.levels import crisis_status
from handlers.kit.context import Context
from handlers.kit.contributions import todo
from handlers.kit.events import CRISIS_OVER, on
from handlers.kit.home import refresh_homes
from handlers.kit.inline import Status
from handlers.kit.messages import Button
from handlers.kit.persons import Persons
from handlers.kit.waiting import Task, Waiting, for_each
from storage.crisis.pages import Page
from storage.crisis.records import Crisis
from storage.crisis.roles import Holding

DECIDERS = ("crisis.activate", "crisis.standdown")  # the rights to confirm a crisis and to agree to its end


@todo("open crises", order=7)
def open_crises(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Open crises: urgent for those who work on them, a quiet line for everybody else once they are confirmed. Who has
    not answered a page reads that in its place."""
    crises = context.store.crisis.records.open()
    if not crises:
        return {}
    pages = context.store.crisis.pages.of_each([crisis.ref for crisis in crises])
    roles = context.store.crisis.roles.now()
    at_work = {crisis.ref: _at_work(context, crisis, pages.get(crisis.ref, ()), roles) for crisis in crises}
    asked = {(page.crisis, page.person) for those in pages.values() for page in those if page.answer is None}
    known = set().union(*at_work.values())
    told = [_task(crisis, urgent=False) for crisis in crises if _is_told(crisis)]
    others = [person for person in persons.each() if person.id not in known] if told else []
    mine = {
        person: _waiting(_of_one(person, [crisis for crisis in crises if (crisis.ref, person) not in asked], at_work))
        for person in known
        if person in persons
    }
    return {**for_each(others, _waiting(told)), **mine}


def _of_one(person: str, crises: Sequence[Crisis], at_work: Mapping[str, set[str]]) -> list[Task]:
    """What somebody who works on one of these crises reads of them."""
    mine = {crisis.ref for crisis in crises if person in at_work[crisis.ref]}
    return [_task(crisis, urgent=crisis.ref in mine) for crisis in crises if crisis.ref in mine or _is_told(crisis)]


def _at_work(context: Context, crisis: Crisis, pages: Sequence[Page], roles: Sequence[Holding]) -> set[str]:
    """Who works on a crisis: who raised or confirmed it, may confirm or end it, was paged, has a role or stands in."""
    city = Persons(context.city, context.everybody)
    mine = [holding for holding in roles if holding.crisis == crisis.ref]
    those = {
        *(person.id for right in DECIDERS for person in city.who_may(right)),
        *(page.person for page in pages),
        *(person for holding in mine for person in (holding.person, holding.stands_in)),
        *(crisis.created_by, crisis.declared_by, crisis.confirmed_by),
    }
    return {person for person in those if person}


def _is_told(crisis: Crisis) -> bool:
    """Whether everybody has been told of it."""
    return crisis.state == "active" and not crisis.drill


def _task(crisis: Crisis, *, urgent: bool) -> Task:
    bad = crisis_status(crisis)
    status = bad if urgent else Status("neutral", bad.label)
    show = Button.say("Show how it stands", f"crisis status {crisis.ref}")
    return Task(crisis.ref, f"{crisis.ref} {crisis.what}", (show,), status=status, urgent=urgent)


def _waiting(tasks: Sequence[Task]) -> Waiting:
    return Waiting(f"Open crises: {len(tasks)}", tasks)


@on(BEGAN)
@on(STARTED)
@on(CHANGED)
@on(CRISIS_OVER)
def show_on_homes(context: Context, crisis: Crisis) -> None:
    """Bring the homes of those who work on a crisis up to date; who else opens theirs reads it as it is then."""
    pages = context.store.crisis.pages.of(crisis.ref)
    refresh_homes(context, sorted(_at_work(context, crisis, pages, context.store.crisis.roles.of(crisis.ref))))


@on(ROLE)
def show_who_has_a_role(context: Context, _crisis: Crisis, _role: str, person: str | None) -> None:
    """Show the crisis to somebody who has a role in it now."""
    refresh_homes(context, [person])
