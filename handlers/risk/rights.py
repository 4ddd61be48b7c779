"""Risk rights: who may decide about a risk: people with the right for its level who neither owned nor scored it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from handlers.kit.city.people import Person
from handlers.kit.city.risks import LEVELS, RiskLevel
from handlers.kit.context import Context
from handlers.kit.values import Carried
from storage.risk.acceptances import Acceptance
from storage.risk.history import Event
from storage.risk.records import Risk

HEAD = "department_head"
DECIDED = ("reviewed", "confirmed")  # acts by which somebody independent confirms a score; earlier events stop counting
UNSEEN = ("asked", "agreed", "linked", "due", "action")  # events that change nothing an approver agrees to


@dataclass(frozen=True)
class ShownRisk(Carried):
    """A risk as somebody saw it: ``seen`` is the id of its newest event then, 0 if it had none."""

    risk: str
    seen: int = 0


@dataclass(frozen=True)
class Independence:
    """A risk with its history, which decides who is independent of it; read once and asked for every person."""

    context: Context
    risk: Risk
    events: tuple[Event, ...]

    def level_for(self, person: str) -> RiskLevel:
        """The level that counts for somebody: the highest since an independent review by somebody else."""
        levels = self.context.city.risks
        held = {
            levels.level_of(*self.risk.standing).id,
            *(levels.level_of(*_standing(e)).id for e in self._since(person)),
        }
        return levels.levels[max(held, key=LEVELS.index)]

    def is_involved(self, person: str) -> bool:
        """Whether somebody owns the risk, or has owned or scored it since such a review."""
        since = self._since(person)
        if person in (self.risk.owner, *(event.owner for event in since)):
            return True
        if person == self.risk.created_by and (not since or since[0].what == "logged"):
            return True
        pairs = pairwise(since)
        return any(now.person == person and now.scores != before.scores for before, now in pairs)

    def why_not(self, person: Person | None) -> str:
        """Why somebody may not decide alone; empty when they may."""
        if person is None or not self.has_right(person):
            return f"{person.name if person else 'This person'} may not accept a risk of this level."
        if person.id == self.risk.owner:
            return "The owner of a risk cannot accept it."
        if self.is_involved(person.id):
            return f"{person.name} has owned or scored {self.risk.ref}, and nobody independent has reviewed it since."
        return ""

    def has_right(self, person: Person) -> bool:
        """Whether somebody has a role that accepts the level that counts for them (risks.toml, level.accept)."""
        return not person.all_roles.isdisjoint(self.level_for(person.id).accept)

    def is_second(self, person: Person) -> bool:
        """Whether somebody is a department head who has neither owned nor scored the risk."""
        return HEAD in person.all_roles and not self.is_involved(person.id)

    def _since(self, person: str) -> tuple[Event, ...]:
        """The events from the last independent review by somebody else on; all events if there was none."""
        for place in range(len(self.events) - 1, -1, -1):
            if self.events[place].independent and self.events[place].person != person:
                return self.events[place:]
        return self.events


def independence(context: Context, risk: Risk) -> Independence:
    """Read who is independent of a risk, by one query."""
    return Independence(context, risk, tuple(context.store.risk.history.of(risk)))


def independences(context: Context, risks: Sequence[Risk]) -> list[Independence]:
    """Read the same for several risks, by one query."""
    events = context.store.risk.history.of_many([risk.number for risk in risks])
    return [Independence(context, risk, tuple(events.get(risk.number, ()))) for risk in risks]


def cannot_decide(record: Independence, person: Person | None, asked_by: str) -> str:
    """Why somebody may not decide alone about what was asked; empty when they may."""
    if person is not None and person.id == asked_by and record.has_right(person):
        return "The person who asked to accept a risk cannot accept it."
    return record.why_not(person)


def why_not_decide(record: Independence, person: Person, asked: Acceptance) -> str:
    """Why somebody may not decide about what was asked, neither alone nor as one of two; empty when they may."""
    why = cannot_decide(record, person, asked.asked_by)
    return "" if why and asked.second and _is_one_of_two(record, person, asked) else why


def _is_one_of_two(record: Independence, person: Person, asked: Acceptance) -> bool:
    """Whether somebody can be one of the two who decide and has not agreed yet."""
    if person.id in (asked.decided_by, asked.second_by):
        return False
    first = asked.decided_by is None and record.has_right(person)
    return first or (asked.second_by is None and record.is_second(person) and person.id != asked.asked_by)


def who_may(record: Independence) -> str:
    """Say which roles may decide, and name the first three people who have one of them."""
    roles = record.level_for("").accept
    names = [person.name for person in record.context.city.people.values() if not person.all_roles.isdisjoint(roles)]
    some = f" (for example {', '.join(names[:3])})" if names else ""
    return f"Only these roles can decide: {', '.join(role.replace('_', ' ') for role in roles)}{some}."


def actions_done(context: Context, risk: Risk) -> bool:
    """Whether no action against a risk is still open."""
    return not context.store.actions.records.states_about(risk.ref)["open"]


def changed_since(context: Context, risk: Risk, seen: int) -> list[Event]:
    """The events that changed a risk since event ``seen``, oldest first."""
    return changed_after(context.store.risk.history.of(risk), seen)


def changed_after(events: Sequence[Event], seen: int) -> list[Event]:
    """Those of a risk's events that changed it since event ``seen``."""
    return [event for event in events if event.id > seen and event.what not in UNSEEN]


def as_shown(context: Context, risk: Risk) -> ShownRisk:
    """The risk as it is shown now, to be carried by a button."""
    events = context.store.risk.history.of(risk)
    return ShownRisk(risk.ref, events[-1].id if events else 0)


def _standing(event: Event) -> tuple[int, int]:
    """Likelihood and impact after an event."""
    first = (event.likelihood or 1, event.impact or 1)
    if not event.residual_confirmed or event.residual_likelihood is None or event.residual_impact is None:
        return first
    return event.residual_likelihood, event.residual_impact
