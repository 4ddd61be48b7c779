"""Crisis correction: a line of the timeline or a report is put right by a new one, which says what it corrects."""

from collections.abc import Mapping
from datetime import datetime

from handlers.crisis.afterwards.document import newest_crisis
from handlers.crisis.choice import WhichCrisis, several, which_crisis
from handlers.crisis.command.log import EntryOf, correct_button, correct_entry
from handlers.crisis.record import SHORT, entry_text, stamped, write
from handlers.crisis.rights import may_lead
from handlers.crisis.telling.due import KINDS
from handlers.crisis.telling.report import ToldOf, send_report, told_card, told_ref
from handlers.crisis.telling.report import correct_button as correct_report_button
from handlers.kit.context import Request
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, ask
from handlers.kit.messages import Card, Row, Text
from handlers.kit.registry import action, command
from handlers.kit.signs import cut
from storage.crisis.log import Entry
from storage.crisis.records import Crisis
from storage.crisis.reports import Report

SHOWN = 10  # of the newest lines and reports that somebody may correct


class Correction(Form):
    text: str = ask("How should it read?", long=True)


@command(
    "crisis correct",
    sends="Show",
    asks=WhichCrisis,
    needs="crisis.log",
    reads_only=True,
    example="/crisis correct CR-2026-01",
)
def show_what_can_be_corrected(request: Request, form: WhichCrisis) -> Card:
    """Correct a line or report."""
    if asked := several(request, "crisis correct", form):
        return asked
    crisis = newest_crisis(request, form.crisis, taken=False)
    spoken = request.calendar.spoken
    log = request.store.crisis.log.of(crisis.ref)
    corrected, leads = {entry.corrects for entry in log}, may_lead(request, crisis, request.person)
    lines = [
        (entry.at, cut(entry.text, SHORT, at_a_word=True), correct_button(entry, "Correct"))
        for entry in log
        if entry.kind in ("said", "decided")
        and entry.id not in corrected
        and (leads or entry.person == request.person.id)
    ]
    told = [
        (
            report.written_at,
            f"{KINDS[report.kind]}: {cut(report.parts['text'], SHORT, at_a_word=True)}",
            correct_report_button(report, "Correct"),
        )
        for report in _uncorrected(request, crisis)
        if leads or report.written_by == request.person.id
    ]
    newest = sorted((*lines, *told), key=lambda line: line[0])[-SHOWN:]
    rows = [Row(f"{spoken(at)} {' '.join(words.split())}", button) for at, words, button in newest]
    none = Text("There is no line or report that you can correct. Write a new line with: crisis log")
    return stamped(crisis, Card(f"{crisis.ref}: what do you want to correct?", *rows, *(() if rows else (none,))))


def _entry(request: Request, value: EntryOf) -> tuple[Crisis, Entry]:
    """The crisis and the line, for who wrote it or leads; raises UserError with who corrected it already."""
    crisis = which_crisis(request, value.crisis)
    entry = request.store.crisis.log.find(value.entry)
    if entry is None or entry.crisis != crisis.ref or entry.kind not in ("said", "decided"):
        raise UserError(f"{crisis.ref} has no such line that can be corrected. See: crisis correct {crisis.ref}")
    _check(request, crisis, entry.person)
    if later := request.store.crisis.log.correction_of(entry):
        raise _corrected(request, crisis, later.person, later.at)
    return crisis, entry


def _words(request: Request, value: EntryOf) -> Mapping[str, str]:
    return {"text": _entry(request, value)[1].text}


@action("crisis.log-correct", needs="crisis.log", asks=Correction, prefill=_words, carries=EntryOf)
def correct_line(request: Request, value: EntryOf, form: Correction) -> Card:
    """Correct a line."""
    crisis, wrong = _entry(request, value)
    if form.text == wrong.text:
        raise UserError("It says so already. Nothing was changed.")
    entry = correct_entry(request, crisis, wrong, form.text)
    return stamped(crisis, Card(f"Added to the timeline of {crisis.ref}", Text(entry_text(request, entry))))


def _report(request: Request, value: ToldOf) -> tuple[Crisis, Report]:
    """The crisis and the report, for who wrote it or leads; raises UserError with who corrected it already."""
    crisis = which_crisis(request, value.crisis)
    known = request.store.crisis.reports.of(crisis.ref)
    told = next((report for report in known if report.id == value.report and report.kind in KINDS), None)
    if told is None:
        raise UserError(f"{crisis.ref} has no such report. See: crisis correct {crisis.ref}")
    _check(request, crisis, told.written_by)
    later = next((report for report in known if report.corrects == told.id), None)
    if later:
        raise _corrected(request, crisis, later.written_by, later.written_at)
    return crisis, told


def _told(request: Request, value: ToldOf) -> Mapping[str, str]:
    return {"text": _report(request, value)[1].parts["text"]}


@action("crisis.report-correct", needs="crisis.answer", asks=Correction, prefill=_told, carries=ToldOf)
def correct_report(request: Request, value: ToldOf, form: Correction) -> Card:
    """Correct a report."""
    crisis, wrong = _report(request, value)
    if form.text == wrong.parts["text"]:
        raise UserError("It says so already. Nothing was changed.")
    right = request.store.crisis.reports.add(
        crisis.ref,
        wrong.kind,
        "told",
        {"text": form.text},
        next_update_at=wrong.next_update_at,
        by=request.person.id,
        at=request.now,
        corrects=wrong.id,
    )
    request.audit(crisis.ref, report=right.id, kind=right.kind, corrects=wrong.id)
    send_report(request, crisis, right, priority="prompt")
    request.refresh(told_ref(wrong), told_card(request, crisis, wrong))
    write(request, crisis, f"corrects the {KINDS[wrong.kind].lower()}: {form.text}", by=request.person.id)
    said = Text(
        "The correction is on its way to everybody who got the first one, and the first one is marked as corrected."
    )
    return stamped(crisis, Card(f"{KINDS[wrong.kind]} of {crisis.ref} is corrected", Text(form.text), said))


def _uncorrected(request: Request, crisis: Crisis) -> list[Report]:
    known = [report for report in request.store.crisis.reports.of(crisis.ref) if report.kind in KINDS]
    corrected = {report.corrects for report in known}
    return [report for report in known if report.id not in corrected]


def _check(request: Request, crisis: Crisis, author: str) -> None:
    """Raise UserError for somebody who may not correct what an author wrote: it is for them, or who leads."""
    if author != request.person.id and not may_lead(request, crisis, request.person):
        raise UserError(
            f"Only {request.name(author)}, who wrote it, or the person who leads the crisis can correct it. "
            "Please tell them."
        )


def _corrected(request: Request, crisis: Crisis, by: str, at: datetime) -> UserError:
    """Why a line or a report is not corrected a second time."""
    who, when = request.name(by), request.calendar.spoken(at)
    return UserError(
        f"{who} corrected it already, {when}. The newer one can be corrected. See: crisis correct {crisis.ref}"
    )
