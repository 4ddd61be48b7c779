"""Risk: how everybody sees a risk: its level, its card and its line in lists."""

from collections.abc import Mapping
from datetime import date, timedelta

from handlers.kit.city.model import City
from handlers.kit.city.risks import LEVELS, RiskLevel
from handlers.kit.context import Context
from handlers.kit.forms import Options
from handlers.kit.inline import Inline, Level, Status
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Text, Word
from storage.risk.records import Risk

CONFIDENCE: Options = (("low", "low"), ("medium", "medium"), ("high", "high"))
STATUS: Mapping[str, Level] = dict(zip(LEVELS, ("neutral", "info", "warning", "critical"), strict=True))
TREATMENTS: Options = (
    ("mitigate", "mitigate: make it less likely or less bad"),
    ("transfer", "transfer: insure it, or let a contract carry it"),
    ("avoid", "avoid: do not do what brings it"),
)


def likelihoods(city: City) -> Options:
    """The options for likelihood 1 to 5, in the city's words."""
    return tuple((str(number), f"{number} {word}") for number, word in enumerate(city.risks.likelihood, 1))


def impacts(city: City) -> Options:
    """The options for impact 1 to 5, in the city's words."""
    return tuple((str(number), f"{number} {word}") for number, word in enumerate(city.risks.impact, 1))


def categories(city: City) -> Options:
    return tuple((category.id, category.name) for category in city.risks.category)


def departments(city: City) -> Options:
    return tuple((department.id, department.name) for department in city.departments.values())


def level_of(context: Context, risk: Risk) -> RiskLevel:
    """The level of a risk's present score."""
    return context.city.risks.level_of(*risk.standing)


def is_higher(one: str, other: str) -> bool:
    """Whether a level is above another."""
    return LEVELS.index(one) > LEVELS.index(other)


def next_review(city: City, score: tuple[int, int], last: date, wanted: date | None = None) -> date:
    """The next review of a risk with this score: the day that somebody wants, but no later than the interval of its
    level after the last review."""
    latest = last + timedelta(days=city.risks.level_of(*score).review_days)
    return min(wanted, latest) if wanted else latest


def is_overdue(context: Context, risk: Risk) -> bool:
    return risk.state == "open" and risk.review_on is not None and risk.review_on < context.today


def is_accepted(context: Context, risk: Risk) -> bool:
    """Whether a risk is accepted, and the last day of the acceptance is not over."""
    return risk.state == "open" and risk.accepted_until is not None and risk.accepted_until >= context.today


def risk_card(context: Context, risk: Risk, headline: str = "") -> Card:
    """The card of a risk as everybody sees it; with a headline, the risk's title moves to the facts."""
    logged = context.calendar.spoken(risk.created_at, context.today)
    return Card(
        headline or f"{risk.ref} {risk.title}",
        Facts(*((("What", risk.title),) if headline else ()), *_facts(context, risk)),
        *_texts(context, risk),
        Note(f"{risk.ref}, logged by {context.name(risk.created_by)} on {logged}"),
        status=risk_status(context, risk) if risk.state == "open" or not headline else None,
    )


def risk_status(context: Context, risk: Risk) -> Status:
    """How bad a risk is, in the city's word for its level; one that is not open any more is not bad."""
    level = level_of(context, risk)
    return Status(STATUS[level.id], level.name) if risk.state == "open" else Status("neutral", risk.state)


def posted_card(context: Context, risk: Risk) -> Card:
    """The card as it is posted in a place, with its buttons."""
    card = risk_card(context, risk)
    buttons = [Button.say("Show all", f"risk show {risk.ref}")]
    if risk.state == "open":
        buttons.append(Button.say("Review", f"risk review {risk.ref}"))
    return card.with_words(Buttons(*buttons))


def _facts(context: Context, risk: Risk) -> list[tuple[str, Inline]]:
    likelihood, impact = dict(likelihoods(context.city)), dict(impacts(context.city))
    now, other = risk.standing, risk.inherent if risk.residual_confirmed else risk.residual or risk.inherent
    return [
        ("Score", _beside(risk, _score(context.city, now), _score(context.city, other))),
        ("Likelihood", _beside(risk, likelihood[str(now[0])], likelihood[str(other[0])])),
        ("Impact", _beside(risk, impact[str(now[1])], impact[str(other[1])])),
        *([("Confidence", risk.confidence)] if risk.confidence else []),
        *([("Category", category_name(context.city, risk))] if risk.category else []),
        *([("Department", department_name(context.city, risk))] if risk.department else []),
        ("Owner", context.mention(risk.owner)),
        *([("Treatment", treatment_of(risk))] if treatment_of(risk) else []),
        ("Next look", next_look(context, risk)),
        ("State", state_of(context, risk)),
    ]


def _texts(context: Context, risk: Risk) -> list[Word]:
    words: list[Word] = [Text(risk.details)] if risk.details else []
    words += [Text(f"Plan: {risk.plan}")] if risk.plan else []
    words += [Text(f"Closed because: {risk.reason}")] if risk.reason else []
    return words + ([Text("Made from: ", context.made_of(risk.source))] if risk.source else [])


def _score(city: City, score: tuple[int, int]) -> str:
    return f"{score[0] * score[1]} of 25, {city.risks.level_of(*score).name}"


def _beside(risk: Risk, now: str, other: str) -> str:
    """The present score, with the score before treatment or the target that nobody has confirmed yet."""
    if now == other or risk.residual is None:
        return now
    return f"{now} ({'before treatment' if risk.residual_confirmed else 'target after treatment'} {other})"


def category_name(city: City, risk: Risk) -> str:
    known = city.risks.categories.get(risk.category or "")
    return known.name if known else risk.category or ""


def department_name(city: City, risk: Risk) -> str:
    known = city.departments.get(risk.department or "")
    return known.name if known else risk.department or ""


def treatment_of(risk: Risk) -> str:
    """The treatment that was decided, in a word; empty when none was."""
    return risk.treatment or ("accepted as it is" if risk.accepted_until else "")


def next_look(context: Context, risk: Risk) -> str:
    """Say when the next review is; an overdue one is marked."""
    if risk.review_on is None or risk.state != "open":
        return context.calendar.spoken_date(risk.review_on) if risk.review_on and risk.state == "open" else "none"
    if not is_overdue(context, risk):
        return context.calendar.spoken_date(risk.review_on)
    return f"was due {context.calendar.spoken_date(risk.review_on)}: OVERDUE"


def state_of(context: Context, risk: Risk) -> str:
    if is_accepted(context, risk) and risk.accepted_until:
        return f"accepted until {context.calendar.spoken_date(risk.accepted_until)}"
    if risk.state == "open" or risk.closed_at is None:
        return risk.state
    when = context.calendar.spoken(risk.closed_at, context.today)
    return f"{risk.state} by {context.name(risk.closed_by)} on {when}"


def risk_line(context: Context, risk: Risk) -> str:
    """A risk in one line of a list, marked when it is overdue, accepted or no longer open."""
    return f"{risk.ref} {risk.title} ({', '.join(_in_brief(context, risk))})"


def _in_brief(context: Context, risk: Risk) -> list[str]:
    brief = [f"score {risk.score} {level_of(context, risk).name}", f"owner {context.name(risk.owner)}"]
    if risk.state != "open":
        return [*brief, risk.state]
    if is_accepted(context, risk) and risk.accepted_until:
        brief.append(f"accepted until {context.spoken_day(risk.accepted_until)}")
    if is_overdue(context, risk) and risk.review_on:
        brief.append(f"review was due {context.spoken_day(risk.review_on)}: OVERDUE")
    return brief
