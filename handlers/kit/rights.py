"""Rights: who may decide in somebody's place: while that person is away, their deputy of people.toml, nobody else.

The person named for an absence is asked (see kit/duty): that is a duty, and gives no right.
"""

from handlers.kit.city.people import Person
from handlers.kit.context import Context
from handlers.kit.here import who_is_here
from handlers.kit.policy import may


def may_act_for(context: Context, person: str, holder: str | None) -> bool:
    """Say whether somebody may do what only ``holder`` may: the holder, and while they are missing, the deputy whom
    people.toml names for them."""
    if holder is None or person == holder:
        return holder is not None
    known = context.city.people.get(holder)
    return known is not None and known.deputy == person and is_missing(context, holder, for_=person)


def who_may(context: Context, holder: str | None) -> list[str]:
    """Name those for whom :func:`may_act_for` holds, the holder first."""
    known = context.city.people.get(holder or "")
    deputy = known.deputy if known else None
    both = (holder, deputy) if deputy else (holder,)
    return [person for person in both if person and may_act_for(context, person, holder)]


def is_theirs(context: Context, by: Person, holder: str, others: str) -> bool:
    """Say whether somebody arranges for a person who is asked instead of them: the person, the head of their
    department, and those with the right ``others``."""
    known = context.city.people.get(holder)
    department = context.city.departments.get((known and known.department) or "")
    heads = department is not None and department.head == by.id
    return by.id == holder or heads or may(by.all_roles, others)


def is_missing(context: Context, holder: str, *, for_: str) -> bool:
    """Say whether somebody is away or gone, so that ``for_`` may stand in; an absence that
    ``for_`` has entered does not count, so that nobody gives a right to themselves."""
    if context.store.time.absences.said_by_others(holder, context.today, for_):
        return True
    return holder not in who_is_here(context) or holder in context.store.chat.people.switched_off()
