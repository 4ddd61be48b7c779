"""Risk in the morning check: what was logged, what is open and high, and which acceptances have run out."""

from datetime import datetime

from handlers.kit.context import Sending
from handlers.kit.contributions import morning_section
from handlers.kit.messages import Button
from handlers.kit.morning import Line, Section, section
from handlers.risk.record import is_accepted, risk_line
from storage.risk.records import Risk


@morning_section("new risks", order=20, is_new=True)
def new_risks(context: Sending, since: datetime) -> tuple[Section, ...]:
    """Risks that were logged since the last morning check, the worst first."""
    logged = sorted(context.store.risk.records.since(since), key=_worst)
    return section("New risks", [Line(text=risk_line(context, risk), ref=risk.ref) for risk in logged], "risk list")


@morning_section("high risks", order=20)
def high_risks(context: Sending, _since: datetime) -> tuple[Section, ...]:
    """Risks that are open and high, the worst first."""
    high = [
        Line(text=risk_line(context, risk), ref=risk.ref, buttons=(Button.say("Show", f"risk show {risk.ref}"),))
        for risk in context.store.risk.records.high(context.city.risks.announce_from)
    ]
    return section("Open and high", high, "risk list")


@morning_section("expired acceptances", order=30)
def expired_acceptances(context: Sending, since: datetime) -> tuple[Section, ...]:
    """Risks that have opened again since the last morning check, because their acceptance has run out."""
    lines = []
    for acceptance in context.store.risk.acceptances.run_out(since, context.today):
        risk = context.store.risk.records.find(f"R-{acceptance.risk}")
        if risk is not None and risk.state == "open" and not is_accepted(context, risk):
            show = Button.say("Show", f"risk show {risk.ref}")
            lines.append(
                Line(
                    text=f"{risk_line(context, risk)}, accepted until {acceptance.until}", ref=risk.ref, buttons=(show,)
                )
            )
    return section("Accepted no longer, open again", lines, "risk list")


def _worst(risk: Risk) -> tuple[int, int]:
    return -risk.score, risk.number
