"""Risk row: a risk as a row of a spreadsheet: its columns, and the cells that hold several values."""

import re
from datetime import date, datetime
from typing import Any

from handlers.kit.context import Context
from handlers.kit.errors import FieldErrors
from handlers.kit.forms import Date, Form, Level, Options, PersonId, ask
from handlers.kit.naming import which_of
from handlers.kit.sheets.writing import Moment
from handlers.kit.time.dates import read_date
from handlers.risk.forms import DETAILS
from handlers.risk.record import CONFIDENCE, TREATMENTS, categories, departments, impacts, likelihoods
from storage.actions.records import Action
from storage.risk.records import LONGEST_TITLE, Risk

LONG = 20_000  # characters of a cell that lists all actions
BAR = " | "
PARTS = {"open": 3, "done": 5, "dropped": 6}  # of an action in a cell, after its state
REFERENCE = re.compile(r"[A-Z]{1,3}-[0-9][0-9-]{0,20}")
ACCEPTED = "accept"  # the treatment in a sheet that needs who accepted the risk, why and until when
YES_NO: Options = (("yes", "yes"), ("no", "no"))
STATES: Options = (("open", "open"), ("closed", "closed"))
WITH_ACCEPTED: Options = (*TREATMENTS, (ACCEPTED, "accept: leave it as it is, until a set date"))


class RiskRow(Form):
    """A risk as a row; only title, likelihood and impact are required."""

    reference: str | None = ask("Reference", default=None, max_length=12)
    title: str = ask("Title", max_length=LONGEST_TITLE)
    likelihood: Level = ask("Likelihood", scale=likelihoods)
    impact: Level = ask("Impact", scale=impacts)
    residual_likelihood: Level | None = ask("Residual likelihood", default=None, scale=likelihoods)
    residual_impact: Level | None = ask("Residual impact", default=None, scale=impacts)
    residual_confirmed: str | None = ask("Residual confirmed", default=None, options=YES_NO)
    score: str | None = ask("Score (counted)", default=None)
    level: str | None = ask("Level (counted)", default=None)
    confidence: str | None = ask("Confidence", default=None, options=CONFIDENCE)
    category: str | None = ask(
        "Category", default=None, options=categories, said=lambda city: city.words.risk_categories, former=True
    )
    department: str | None = ask("Department", default=None, options=departments, former=True)
    owner: PersonId | None = ask("Owner", default=None)
    details: str | None = ask("Details", default=None, max_length=DETAILS, long=True)
    treatment: str | None = ask("Treatment", default=None, options=WITH_ACCEPTED)
    plan: str | None = ask("Plan", default=None, long=True)
    actions: str | None = ask("Actions", default=None, max_length=LONG, long=True)
    accepted_until: Date | None = ask("Accepted until", default=None)
    accepted_by: str | None = ask("Accepted by", default=None, max_length=60)
    accepted_because: str | None = ask("Accepted because", default=None, long=True)
    review_on: Date | None = ask("Next review", default=None)
    reviewed_on: Date | None = ask("Last review", default=None)
    state: str | None = ask("State", default=None, options=STATES)
    reason: str | None = ask("Closed because", default=None, long=True)
    logged_by: str | None = ask("Logged by", default=None, max_length=60)
    logged_on: Moment | None = ask("Logged on", default=None)
    closed_by: str | None = ask("Closed by", default=None, max_length=60)
    closed_on: Moment | None = ask("Closed on", default=None)
    made_of: str | None = ask("Made of", default=None, max_length=2100)
    came_from: str | None = ask("Came from", default=None, max_length=500)
    version: str | None = ask("Version (leave as it is)", default=None)


SAME = (
    "title", "likelihood", "impact", "residual_likelihood", "residual_impact", "confidence", "category", "department",
    "details", "treatment", "plan", "review_on", "reviewed_on", "state", "reason",
)  # fmt: skip  # columns with the same name as a field of a risk


def person_cell(context: Context, person: str | None) -> str | None:
    """Somebody's name if it is enough to find them again, else their id."""
    if person is None:
        return None
    name = context.name(person)
    return name if context.find_person(name) == person else person


def action_cell(context: Context, action: Action) -> str:
    """An action in one line, its own words last: ``open | Sam Rivers | 2026-12-01 | Buy a pump``; of one that is done
    or dropped by whom and when before them, of one that is dropped why."""
    parts = [action.state, person_cell(context, action.owner) or "", action.due_on.isoformat() if action.due_on else ""]
    if action.settled_at:
        when = f"{context.calendar.local(action.settled_at):%Y-%m-%d %H:%M}"
        parts += [person_cell(context, action.settled_by) or "", when]
    return BAR.join([*parts, *([action.reason or ""] if action.state == "dropped" else []), action.what])


def read_person(context: Context, words: str | None, field: str) -> str | None:
    """The id of somebody who is here, by any of their names; for somebody who has left, the text as it is.

    Raises FieldErrors for a name that several people have.
    """
    if not words:
        return None
    if (person := context.find_person(words)) is None and len(namesakes := context.namesakes(words)) > 1:
        raise FieldErrors({field: which_of(words, namesakes)})
    return person or words


def read_action(context: Context, line: str, risk: Risk) -> dict[str, Any]:
    """Read an action from a cell; any other line of text is an open action for the risk's owner."""
    state, *rest = line.split(BAR, 1)
    count = PARTS.get(state, 0)
    parts = rest[0].split(BAR, count - 1) if rest and count else []
    if not count or len(parts) != count:
        return {"owner": risk.owner, "due_on": None, "what": " ".join(line.split())}
    values = {"owner": read_person(context, parts[0], "actions"), "due_on": _day(context, parts[1]), "what": parts[-1]}
    if state != "open":
        settled = {"settled_by": read_person(context, parts[2], "actions"), "settled_at": _moment(context, parts[3])}
        values |= {"state": state, "reason": parts[4] if state == "dropped" else None, **settled}
    return values


def origins(words: str | None) -> list[str]:
    """The references in a cell. Raises FieldErrors for anything else."""
    found = [origin for origin in re.split(r"[,;\s]+", words or "") if origin]
    for origin in found:
        if not REFERENCE.fullmatch(origin.upper()):
            raise FieldErrors({"came_from": f'"{origin}" is not a reference such as F-1 or CR-2026-01.'})
    return [origin.upper() for origin in found]


def _day(context: Context, words: str) -> date | None:
    try:
        return read_date(words, context.today) if words else None
    except ValueError as problem:
        raise FieldErrors({"actions": str(problem)}) from None


def _moment(context: Context, words: str) -> datetime:
    try:
        local = datetime.strptime(words, "%Y-%m-%d %H:%M")
    except ValueError:
        raise FieldErrors({"actions": f'"{words}" is not a day and time such as 2026-12-01 14:30.'}) from None
    return context.calendar.instant(local.date(), local.time())
