"""Risk: how everybody sees a risk: its level, its card and its line in lists."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Literal

from handlers.kit.city.model import City
from handlers.kit.city.risks import LEVELS, RiskLevel
from handlers.kit.context import Context
from handlers.kit.forms import Options
from handlers.kit.inline import Inline, Level, Status
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Row, Text
from handlers.kit.signs import cut
from storage.risk.records import Risk

CONFIDENCE: Options = (("low", "low"), ("medium", "medium"), ("high", "high"))
NO_OWNER = "no owner"
TITLE = 80  # characters of a title in a list
SHOWN = 300  # characters of a text on a card
STATUS: Mapping[str, Level] = dict(zip(LEVELS, ("neutral", "info", "warning", "critical"), strict=True))
TREATMENTS: Options = (
    ("mitigate", "mitigate: make it less likely or less bad"),
    ("transfer", "transfer: insure it, or pass it on by contract"),
    ("avoid", "avoid: stop doing what causes it"),
)


def likelihoods(city: City) -> Options:
    """The options for likelihood 1 to 5, in the city's words."""
    return tuple((str(number), f"{number} {word}") for number, word in enumerate(city.risks.likelihood, 1))


def impacts(city: City) -> Options:
    """The options for impact 1 to 5, in the city's words."""
    return tuple((str(number), f"{number} {word}") for number, word in enumerate(city.risks.impact, 1))


def likelihood_range(city: City) -> str:
    """What the ends of the scale mean: "1 rare - 5 almost certain"."""
    return _ends(city.risks.likelihood)


def impact_range(city: City) -> str:
    """The same for how bad something is."""
    return _ends(city.risks.impact)


def _ends(words: Sequence[str]) -> str:
    return f"1 {words[0]} - {len(words)} {words[-1]}"


def categories(city: City) -> Options:
    return tuple((category.id, category.name) for category in city.risks.category)


def departments(city: City) -> Options:
    return tuple((department.id, department.name) for department in city.departments.values())


def level_of(context: Context, risk: Risk) -> RiskLevel:
    """The level of a risk's present score."""
    return context.city.risks.level_of(*risk.standing)


def often_reviewed(level: RiskLevel) -> str:
    """How often a risk of a level is reviewed: "a risk that is extreme is reviewed at least every 30 days"."""
    days = "day" if level.review_days == 1 else counted(level.review_days, "day")
    return f"a risk that is {level.name.lower()} is reviewed at least every {days}"


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
    return Card(
        headline or f"{risk.ref} {risk.title}",
        Facts(*((("What", risk.title),) if headline else ()), *_facts(context, risk)),
        *([Text(cut(risk.details, SHOWN, at_a_word=True))] if risk.details else []),
        logged_note(context, risk),
        status=risk_status(context, risk) if risk.state == "open" or not headline else None,
    )


def risk_status(context: Context, risk: Risk) -> Status:
    """How bad a risk is, in the city's word for its level; one that is accepted alarms nobody, and one that is not open
    any more is not bad."""
    level = level_of(context, risk)
    if is_accepted(context, risk):
        return Status("neutral", f"{level.name}, accepted")
    return Status(STATUS[level.id], level.name) if risk.state == "open" else Status("neutral", risk.state)


def posted_card(context: Context, risk: Risk) -> Card:
    """The card as it is posted in a place, with its buttons."""
    card = risk_card(context, risk)
    show, review = show_button(risk), Button.say("Review", f"risk review {risk.ref}")
    if risk.state != "open":
        return card.with_words(Buttons(show))
    return card.with_words(Buttons(show, review) if risk.owner else Buttons(take_button(risk), show, review))


def show_button(risk: Risk, label: str = "Show all") -> Button:
    """A risk with all that is known of it."""
    return Button.say(label, f"risk show {risk.ref}")


def take_button(risk: Risk, style: Literal["primary", "plain"] = "primary") -> Button:
    """What usually comes next with a risk that nobody looks after: somebody does."""
    return Button.say("Take it", f"risk take {risk.ref}", style=style)


def _facts(context: Context, risk: Risk) -> list[tuple[str, Inline]]:
    """How bad it is, who has it, and when its next review is."""
    return [
        ("Score", score_words(context.city, risk.standing)),
        *_other_score(context.city, risk),
        ("Owner", _owner(context, risk)),
        *([("Treatment", risk.treatment)] if risk.treatment else []),
        *([("Plan", cut(risk.plan, SHOWN, at_a_word=True))] if risk.plan else []),
        *([("State", state_of(context, risk))] if risk.state != "open" else _accepted(context, risk)),
        *([("Next review", next_review_words(context, risk))] if risk.state == "open" else []),
        *([("Why", risk.reason)] if risk.reason else []),
    ]


def _accepted(context: Context, risk: Risk) -> list[tuple[str, Inline]]:
    """Until when it is accepted, if it is."""
    until = risk.accepted_until if is_accepted(context, risk) else None
    return [("Accepted until", context.spoken_day(until))] if until else []


def _owner(context: Context, risk: Risk) -> Inline:
    """Who looks after it; of somebody who has left, that they have."""
    if risk.owner is None:
        return NO_OWNER
    return owner_name(context, risk.owner) if context.duties.is_gone(risk.owner) else context.mention(risk.owner)


def owner_name(context: Context, owner: str | None) -> str:
    """An owner by name, with why they are not asked any more; that there is none."""
    if owner is None:
        return NO_OWNER
    gone = f", who {context.duties.reason(owner)}" if context.duties.is_gone(owner) else ""
    return f"{context.name(owner)}{gone}"


def long_texts(risk: Risk) -> list[Text]:
    """What the card of a risk has cut."""
    texts = (risk.details or "", f"Plan: {risk.plan}" if risk.plan else "")
    return [Text(text) for text in texts if len(text) > SHOWN]


def logged_note(context: Context, risk: Risk) -> Note:
    """What a risk is about, who logged it and what it was made from."""
    known = (
        category_name(context.city, risk),
        department_name(context.city, risk),
        f"confidence {risk.confidence}" if risk.confidence else "",
    )
    about = ", ".join(filter(None, known))
    logged = context.spoken(risk.created_at)
    made_of = (". Made from: ", context.made_of(risk.source)) if risk.source else ()
    by = f"Logged by {context.name(risk.created_by)} on {logged}"
    return Note(f"{about}. {by}" if about else by, *made_of)


def score_words(city: City, score: tuple[int, int]) -> str:
    """A score and what it is made of: "16 of 25 (4 likely x 4 major)"."""
    likelihood, impact = dict(likelihoods(city))[str(score[0])], dict(impacts(city))[str(score[1])]
    return f"{score[0] * score[1]} of 25 ({likelihood} x {impact})"


def _other_score(city: City, risk: Risk) -> list[tuple[str, Inline]]:
    """The score before treatment, or the target that nobody has confirmed yet, where it is another one."""
    other = risk.inherent if risk.residual_confirmed else risk.residual
    if other is None or risk.residual is None or other == risk.standing:
        return []
    label = "Before treatment" if risk.residual_confirmed else "After treatment (planned)"
    return [(label, f"{city.risks.level_of(*other).name}, {score_words(city, other)}")]


def has_unconfirmed_target(risk: Risk) -> bool:
    """Whether a treatment is planned of which nobody has confirmed yet that it has helped."""
    return risk.residual is not None and not risk.residual_confirmed


def unconfirmed_words(count: int) -> str:
    """How many risks count as if nothing were done about them yet, and why."""
    risks = counted(count, "risk keeps its", "risks keep their")
    return f"{risks} score from before treatment: nobody has confirmed yet that the treatment helped."


def category_name(city: City, risk: Risk) -> str:
    known = city.risks.categories.get(risk.category or "")
    return known.name if known else risk.category or ""


def department_name(city: City, risk: Risk) -> str:
    known = city.departments.get(risk.department or "")
    return known.name if known else risk.department or ""


def treatment_of(risk: Risk) -> str:
    """The treatment that was decided, in a word; empty when none was."""
    return risk.treatment or ("accepted as it is" if risk.accepted_until else "")


def next_review_words(context: Context, risk: Risk) -> Inline:
    """When the next review is; one that is overdue says so."""
    if risk.review_on is None:
        return "none"
    day = context.spoken_day(risk.review_on)
    return Status("warning", f"overdue since {day}") if is_overdue(context, risk) else day


def state_of(context: Context, risk: Risk) -> str:
    if is_accepted(context, risk) and risk.accepted_until:
        return f"accepted until {context.spoken_day(risk.accepted_until)}"
    if risk.state == "open" or risk.closed_at is None:
        return risk.state
    when = context.spoken(risk.closed_at)
    return f"{risk.state} by {context.name(risk.closed_by)} on {when}"


def risk_line(context: Context, risk: Risk) -> str:
    """A risk in one line of a list, marked when it is overdue, accepted or no longer open."""
    return f"{risk.ref} {risk.title} ({', '.join(_in_brief(context, risk))})"


def risk_row(context: Context, risk: Risk) -> Row:
    """A risk in a list: its level and title, and under that who has it and when its next review is."""
    parts: list[Inline] = [risk_status(context, risk), f" {risk.ref} {cut(risk.title, TITLE, at_a_word=True)}\n"]
    parts.append(f"Score {risk.score}, {owner_name(context, risk.owner)}")
    if is_accepted(context, risk) and risk.accepted_until:
        parts.append(f", accepted until {context.spoken_day(risk.accepted_until)}")
    if is_overdue(context, risk) and risk.review_on:
        parts += [", ", Status("warning", "review overdue"), f" since {context.spoken_day(risk.review_on)}"]
    elif risk.state == "open" and risk.review_on:
        parts.append(f", review {context.spoken_day(risk.review_on)}")
    return Row(Text(*parts), show_button(risk, "Show"))


def _in_brief(context: Context, risk: Risk) -> list[str]:
    brief = [f"score {risk.score} {level_of(context, risk).name}", f"owner {context.name(risk.owner)}"]
    if risk.state != "open":
        return [*brief, risk.state]
    if is_accepted(context, risk) and risk.accepted_until:
        brief.append(f"accepted until {context.spoken_day(risk.accepted_until)}")
    if is_overdue(context, risk) and risk.review_on:
        brief.append(f"review was due {context.spoken_day(risk.review_on)}: OVERDUE")
    return brief
