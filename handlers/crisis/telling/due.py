"""Crisis reports: when a report is due, its state, who writes it, and a first draft of it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.crisis.board import ABOUT, words_of_boards
from handlers.crisis.leading import acting, leader, on_duty_each
from handlers.crisis.record import at_when, log_line, when
from handlers.kit.catalogue import catalogue
from handlers.kit.city.crisis import COMMANDER
from handlers.kit.context import Context
from handlers.kit.forms import TEXT_LIMIT
from handlers.kit.inline import Status
from handlers.kit.messages import Buttons, Fold, Row, Word
from handlers.kit.plain import plain_line, plain_word
from handlers.kit.time.calendar import hours_since
from storage.crisis.records import Crisis
from storage.crisis.reports import Report

KINDS = {"executive": "Executive report", "working": "Working report"}
OWN = ("reports", "statements", "next update", "log", ABOUT)  # parts of the board that a report need not repeat
COMMUNICATIONS = "communications"  # the role that speaks for a crisis
DECISIONS = 10  # the newest ones, which are put into the draft of a report


def every(context: Context, kind: str) -> timedelta:
    """How long after a report the next one is due."""
    paces = context.city.crisis.reports
    return timedelta(hours=paces.executive_hours if kind == "executive" else paces.working_hours)


def snooze(context: Context) -> timedelta:
    return timedelta(minutes=context.city.crisis.reports.snooze_minutes)


def last_report(context: Context, crisis: Crisis, kind: str) -> Report | None:
    """The newest report; a correction of one counts for nothing that is due."""
    return _last(context.store.crisis.reports.of(crisis.ref), kind)


def _last(told: Sequence[Report], kind: str) -> Report | None:
    of_kind = [report for report in told if report.kind == kind and report.corrects is None]
    return of_kind[-1] if of_kind else None


def due_at(context: Context, crisis: Crisis, kind: str) -> datetime:
    """When the next report is due: as promised, else after the usual time."""
    return _due_after(context, crisis, kind, context.store.crisis.reports.of(crisis.ref))


def _due_after(context: Context, crisis: Crisis, kind: str, told: Sequence[Report]) -> datetime:
    last = _last(told, kind)
    if last and last.next_update_at:
        return last.next_update_at
    since = last.written_at if last else crisis.confirmed_at or crisis.created_at
    return since + every(context, kind)


def due_reports(context: Context, crises: Sequence[Crisis]) -> list[tuple[Crisis, str, datetime]]:
    """The reports of these crises that are due, with when each was."""
    told = context.store.crisis.reports.of_each([crisis.ref for crisis in crises])
    due = [
        (crisis, kind, _due_after(context, crisis, kind, told.get(crisis.ref, ())))
        for crisis in crises
        for kind in KINDS
    ]
    return [(crisis, kind, at) for crisis, kind, at in due if at <= context.now]


def writers(context: Context, crises: Sequence[Crisis]) -> dict[tuple[str, str], str]:
    """Who is asked to write each report of these crises, by the crisis's reference and the kind."""
    leads = on_duty_each(context, crises, COMMANDER)
    speaks = {**leads, **on_duty_each(context, crises, COMMUNICATIONS)}
    asked = {"executive": speaks, "working": leads}
    return {(crisis.ref, kind): asked[kind][crisis.ref].person for crisis in crises for kind in KINDS}


def due_first(context: Context, crisis: Crisis) -> str:
    """The kind of report that is due first."""
    return min(KINDS, key=lambda kind: due_at(context, crisis, kind))


def speaker(context: Context, crisis: Crisis) -> str:
    """Who speaks for the crisis: the person with the communications role, else the leader."""
    return acting(context, crisis, COMMUNICATIONS) or leader(context, crisis)


def writer(context: Context, crisis: Crisis, kind: str) -> str:
    """Who is asked to write a report."""
    return speaker(context, crisis) if kind == "executive" else leader(context, crisis)


def standing(context: Context, crisis: Crisis, kind: str) -> str:
    """Say how long ago a report was written, and when the next one is due or promised, or that it is late."""
    last, due = last_report(context, crisis, kind), due_at(context, crisis, kind)
    told = f"last {hours_since(last.written_at, context.now)} ago" if last else "none yet"
    if context.now >= due:
        return f"{KINDS[kind]}: {told}, {due_status(context, due).label} since {when(context, due)}."
    promised = last and last.next_update_at
    following = f"next update promised for {when(context, due)}" if promised else f"next due {at_when(context, due)}"
    return f"{KINDS[kind]}: {told}, {following}."


def due_status(context: Context, due: datetime) -> Status:
    """How bad it is that a report is due: late when it could not be put off any more."""
    late = context.now >= due + snooze(context)
    return Status("critical", "late") if late else Status("warning", "due")


def begun(context: Context, crisis: Crisis, kind: str) -> str:
    """The draft of a report: what was decided since the last one, and the present state of everything."""
    last = last_report(context, crisis, kind)
    since = last.written_at if last else crisis.created_at
    log = context.store.crisis.log.of(crisis.ref)
    decided = [entry for entry in log if entry.kind == "decided" and entry.at > since]
    lines = [f"- {log_line(context, entry, context.calendar.clock(entry.at))}" for entry in decided[-DECISIONS:]]
    boards = sorted(catalogue.crisis_board_sections.values(), key=lambda section: (section.order, section.name))
    words = words_of_boards(context, crisis, [section for section in boards if section.name not in OWN])
    changed = [f"Decided since {when(context, since)}:", *lines, ""] if lines else []
    return "\n".join([*changed, *(said for word in words if (said := _said(word)))])[:TEXT_LIMIT].strip()


def _said(word: Word) -> str:
    """The text of a word of the board, without its buttons and what is folded."""
    if isinstance(word, Row):
        return plain_line(word.text.parts)
    return "" if isinstance(word, Buttons | Fold) else plain_word(word)
