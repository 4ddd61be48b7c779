"""Risk reviews due: people's own risks by their next review, and risks that need somebody else to review them."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta

from handlers.kit.context import Context
from handlers.kit.contributions import late, todo
from handlers.kit.messages import Button, Row
from handlers.kit.moved import falls_to, for_whom
from handlers.kit.persons import Persons
from handlers.kit.waiting import Task, Waiting
from handlers.risk.record import is_accepted, is_overdue, risk_row, risk_status, show_button, state_of
from storage.risk.records import Risk
from storage.risk.search import Wanted


@todo("own risks", order=20)
def own_risks(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """People's own open risks, by their next review."""
    return {
        person: Waiting(
            f"Your open risks: {len(risks)}, the nearest review first",
            [_task(context, risk, risk.owner) for risk in risks],
            "risk list mine",
        )
        for person, risks in context.store.risk.records.owned_by_each(persons.ids).items()
    }


@todo("overdue reviews", order=22)
def overdue_reviews(context: Context, persons: Persons) -> Mapping[str, Waiting]:
    """Reviews that are long overdue and risks without an owner, for the head of the department; and reviews that fall
    to somebody because the risk's owner cannot be asked."""
    heads = {department: context.duties.head(department).person for department in context.city.departments}
    found: dict[str, dict[int, Task]] = defaultdict(dict)
    for person, risk in _late(context, persons, heads):
        found[person][risk.number] = _task(context, risk, risk.owner)
    for person, risk in _nobodys(context, persons, heads):
        found[person].setdefault(risk.number, _task(context, risk, person))
    for person, moved in falls_to(context, "risks", persons).items():
        for held in moved:
            found[person][held.record.number] = _task(context, held.record, person, for_whom(context, held))
    return {
        person: Waiting(
            f"Overdue reviews and risks whose owner is missing or away: {len(tasks)}",
            list(tasks.values()),
            "risk list overdue",
        )
        for person, tasks in found.items()
    }


@late("risks", way="risk list overdue", order=30)
def late_reviews(context: Context, most: int) -> list[Row]:
    """Open risks whose review is overdue, the worst first."""
    found = context.store.risk.search.worst_first(Wanted(overdue_on=context.today), 0, most)
    return [risk_row(context, risk) for risk in found]


def _late(context: Context, persons: Persons, heads: Mapping[str, str]) -> list[tuple[str, Risk]]:
    """Long overdue reviews of others, each with who is asked as the head of the department."""
    by = context.today - timedelta(days=context.city.risks.head_after_days)
    overdue = context.store.risk.records.overdue(by) if any(head in persons for head in heads.values()) else []
    asked = ((heads.get(risk.department or ""), risk) for risk in overdue)
    return [(head, risk) for head, risk in asked if head and head in persons and risk.owner != head]


def _nobodys(context: Context, persons: Persons, heads: Mapping[str, str]) -> list[tuple[str, Risk]]:
    """Risks without an owner, each with who is asked for it: the head of a department, or who is above."""
    can_be = {context.duties.of(None).person, *heads.values()}
    unowned = context.store.risk.records.unowned() if any(person in persons for person in can_be) else []
    named = {risk.department for risk in unowned}
    asked = {department: context.duties.of(None, department=department).person for department in named}
    theirs = ((asked[risk.department], risk) for risk in unowned)
    return [(person, risk) for person, risk in theirs if person in can_be and person in persons]


def _task(context: Context, risk: Risk, owner: str | None, whose: str = "") -> Task:
    buttons = (Button("Review", "risk.review", risk.ref), show_button(risk, "Show"))
    return Task(
        risk.ref,
        f"{_review_line(context, risk)}{whose}",
        buttons,
        due=risk.review_on,
        owner=owner,
        status=risk_status(context, risk),
    )


def _review_line(context: Context, risk: Risk) -> str:
    when = "no review date"
    if risk.review_on:
        day = context.spoken_day(risk.review_on)
        when = f"review overdue since {day}" if is_overdue(context, risk) else f"review {day}"
    accepted = f", {state_of(context, risk)}" if is_accepted(context, risk) else ""
    nobody = "" if risk.owner else ", nobody looks after it"
    return f"{risk.ref} {risk.title} (score {risk.score}{accepted}, {when}{nobody})"
