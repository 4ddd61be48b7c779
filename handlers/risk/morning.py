"""Risk in the morning check: what was logged, which of the worst are open, and which acceptances have run out."""

from datetime import date, datetime

from handlers.kit.city.risks import LEVELS, SIDE
from handlers.kit.context import Context, Sending
from handlers.kit.contributions import morning_section
from handlers.kit.lists import counted
from handlers.kit.messages import Button
from handlers.kit.morning import Decide, Line, Rank, Section, section
from handlers.risk.record import is_accepted, level_of, risk_line, risk_status, show_button, take_button
from storage.risk.records import Risk

EXTREME, HIGH = LEVELS[-1], LEVELS[-2]


@morning_section("new risks", order=20, is_new=True)
def new_risks(context: Sending, since: datetime) -> tuple[Section, ...]:
    """Risks that were logged since the last morning check, the worst first."""
    logged = sorted(context.store.risk.records.since(since), key=_worst)
    return section("New risks", [_line(context, risk) for risk in logged], "risk list")


@morning_section("high risks", order=20)
def high_risks(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """Open risks of the two worst levels, the worst first; the worst one that nobody looks after is to be decided."""
    extreme, high = (set(context.city.risks.scores_of(level)) for level in (EXTREME, HIGH))
    worst = extreme | high
    lowest = min((likelihood * impact for likelihood, impact in worst), default=SIDE * SIDE)
    risks = [risk for risk in context.store.risk.records.high(lowest) if risk.standing in worst]
    nobodys = [risk for risk in risks if risk.owner is None and risk.standing in extreme]
    first = next(iter(nobodys), None)
    lines = [_nobodys(context, risk, len(nobodys) - 1) if risk is first else _line(context, risk) for risk in risks]
    levels = context.city.risks.levels
    return section(f"Open, {levels[EXTREME].name} or {levels[HIGH].name}", lines, "risk list")


@morning_section("expired acceptances", order=30)
def expired_acceptances(context: Sending, since: datetime) -> tuple[Section, ...]:
    """Risks that have opened again since the last morning check, because their acceptance has run out: to be decided
    once more."""
    ended = context.store.risk.acceptances.run_out(since, context.today)
    risks = {risk.number: risk for risk in context.store.risk.records.those({over.risk for over in ended})}
    lines = [
        _open_again(context, risks[over.risk], over.until)
        for over in ended
        if over.risk in risks and _is_open_again(context, risks[over.risk])
    ]
    return section("Acceptance ended, open again", lines, "risk list")


def _open_again(context: Context, risk: Risk, until: date) -> Line:
    sentence = f"{risk.ref} {risk.title} is open again: it was accepted until {context.spoken_day(until)}."
    decide = Decide(status=risk_status(context, risk), rank=Rank.AGAIN, sentence=sentence, public=True)
    return _line(context, risk).model_copy(update={"decide": decide})


def _is_open_again(context: Context, risk: Risk) -> bool:
    return risk.state == "open" and not is_accepted(context, risk)


def _line(context: Context, risk: Risk) -> Line:
    show = show_button(risk, "Show")
    return Line(text=risk_line(context, risk), ref=risk.ref, buttons=(show,))


def _nobodys(context: Context, risk: Risk, others: int) -> Line:
    """The worst of the risks that nobody looks after, with the ways to change that."""
    level = level_of(context, risk).name
    more = f" {counted(others, f'more {level} risk has', f'more {level} risks have')} no owner."
    sentence = f"{risk.ref} {risk.title} has no owner (score {risk.score}).{more if others else ''}"
    assign = Button.say("Assign", f"risk assign {risk.ref}")
    take = take_button(risk, "plain")
    decide = Decide(status=risk_status(context, risk), rank=Rank.NOBODYS, sentence=sentence, public=True)
    return Line(text=risk_line(context, risk), ref=risk.ref, buttons=(assign, take), decide=decide)


def _worst(risk: Risk) -> tuple[int, int]:
    return -risk.score, risk.number
