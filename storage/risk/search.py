"""Risk search: the risks that match what somebody looks for, in pages."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, exists, false, func, literal, or_, select, tuple_

from storage.actions.records import IS_OPEN, actions
from storage.base import Questions
from storage.prepared import Prepared
from storage.risk.records import OPEN, Risk, number_of, risks
from storage.spelling import anywhere

MOST_WORDS = 8  # of what somebody looks for; more narrow nothing down


@dataclass(frozen=True)
class Wanted:
    """What is looked for; None leaves it open. ``state`` is open, accepted, closed, withdrawn or all.

    ``scores`` are pairs of likelihood and impact as they hold now; ``overdue_on`` is the day against which a review is
    late; each of ``words`` stands in the title, the details or the reference.
    """

    state: str = "open"
    owner: str | None = None
    department: str | None = None
    category: str | None = None
    scores: tuple[tuple[int, int], ...] | None = None
    overdue_on: date | None = None
    words: tuple[str, ...] = ()


_HOLDS = risks.c.residual_confirmed & risks.c.residual_likelihood.is_not(None)
_LIKELIHOOD = case((_HOLDS, risks.c.residual_likelihood), else_=risks.c.likelihood)
_IMPACT = case((_HOLDS, risks.c.residual_impact), else_=risks.c.impact)
_ITS = actions.c.about == literal("R-").concat(cast(risks.c.number, String))
_TO_CONFIRM = Prepared(
    select(risks)
    .where(
        OPEN,
        risks.c.residual_likelihood.is_not(None),
        ~risks.c.residual_confirmed,
        exists().where(_ITS, actions.c.state == "done"),
        ~exists().where(_ITS, IS_OPEN),
    )
    .order_by(risks.c.score.desc(), risks.c.number)
)


class RiskSearch(Questions):
    def naming(self, column: str, known: Collection[str]) -> dict[str, list[str]]:
        """The references of open risks by what they name in ``category`` or ``department`` beside what is known."""
        named = risks.c[column]
        asked = select(named, risks.c.number).where(risks.c.state == "open", named.is_not(None))
        found: dict[str, list[str]] = {}
        for word, number in self.connection.execute(asked.where(named.not_in(list(known))).order_by(risks.c.number)):
            found.setdefault(word, []).append(f"R-{number}")
        return found

    def count(self, wanted: Wanted) -> int:
        return int(
            self.connection.execute(select(func.count()).select_from(risks).where(*_conditions(wanted))).scalar_one()
        )

    def worst_first(self, wanted: Wanted, offset: int, limit: int) -> list[Risk]:
        """From the highest score down; equal scores by age."""
        query = select(risks).where(*_conditions(wanted)).order_by(risks.c.score.desc(), risks.c.number)
        return [Risk(*row) for row in self.connection.execute(query.limit(limit).offset(offset))]

    def to_confirm(self) -> list[Risk]:
        """Open risks whose actions are all done and whose target is not confirmed yet, worst first."""
        return [Risk(*row) for row in self.ask(_TO_CONFIRM)]


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.state in ("open", "accepted"):
        found.append(OPEN)
    elif wanted.state != "all":
        found.append(risks.c.state == wanted.state)
    if wanted.state == "accepted":
        found.append(risks.c.accepted_until.is_not(None))
    for column, value in ((risks.c.owner, wanted.owner), (risks.c.department, wanted.department),
                          (risks.c.category, wanted.category)):  # fmt: skip
        if value is not None:
            found.append(column == value)
    if wanted.scores is not None:
        found.append(tuple_(_LIKELIHOOD, _IMPACT).in_(wanted.scores) if wanted.scores else false())
    if wanted.overdue_on is not None:
        found += [OPEN, risks.c.review_on < wanted.overdue_on]
    return [*found, *(_with_word(word) for word in wanted.words[:MOST_WORDS])]


def _with_word(word: str) -> ColumnElement[bool]:
    """SQLite folds only ASCII letters, so that the word is tried as it was typed too."""
    columns: list[Any] = [risks.c.title, risks.c.details]
    tries = [
        column.ilike(anywhere(spelling), escape="/")
        for column in columns
        for spelling in {word, word.lower(), word.upper(), word.capitalize()}
    ]
    number = number_of(word) if word.upper().startswith("R") else None
    return or_(*tries, *([risks.c.number == number] if number else []))
