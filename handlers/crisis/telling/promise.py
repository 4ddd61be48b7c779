"""Crisis promise: who speaks is asked in time for an update that residents were promised; a late one is named."""

from dataclasses import dataclass
from datetime import datetime

from handlers.crisis.choice import working_on
from handlers.crisis.events import BEGAN
from handlers.crisis.leading import ask_for
from handlers.crisis.record import stamped, tell, when, write
from handlers.crisis.telling.drafts import STATEMENT, approvers, drafts, is_outdated, show_draft
from handlers.crisis.telling.due import snooze, speaker
from handlers.crisis.to_many import tell_all
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_board_section, crisis_handover_section
from handlers.kit.errors import UserError
from handlers.kit.events import CRISIS_OVER, on
from handlers.kit.inline import Status
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Row, Text, Word
from handlers.kit.registry import action, timer
from handlers.kit.values import Carried
from storage.crisis.records import Crisis
from storage.crisis.reports import Report

PROMISE = "crisis.promise"


@dataclass(frozen=True)
class PromiseOf(Carried):
    """A statement in which an update was promised, by its number."""

    crisis: str
    statement: int


def promise_ref(crisis: Crisis) -> str:
    """The reference of the question for the promised update."""
    return f"{crisis.ref} promise"


def keep_promise(context: Context, crisis: Crisis, approved: Report) -> None:
    """Plan to ask who speaks for the promised update, early enough that they can put it off once."""
    fulfilled = Card(f"{crisis.ref}: the promised update is out", Text(f"Approved at {when(context, context.now)}."))
    context.refresh(promise_ref(crisis), stamped(crisis, fulfilled))
    context.cancel(PROMISE, crisis.ref)
    if found := promised(context, crisis):
        _plan(context, crisis, found[1])


def _plan(context: Context, crisis: Crisis, moment: datetime) -> None:
    """Ask for an update early enough to put it off once; for one that is late already, after a while."""
    asks = [at for at in (moment - snooze(context), moment) if at > context.now]
    context.reschedule(PROMISE, crisis.ref, asks[0] if asks else context.now + snooze(context))


def still_promised(context: Context, crisis: Crisis) -> None:
    """Plan to ask who speaks again after a draft was sent back, if the promised update is already late."""
    found = promised(context, crisis)
    if found and found[1] <= context.now:
        context.reschedule(PROMISE, crisis.ref, context.now + snooze(context))


def promised(context: Context, crisis: Crisis) -> tuple[Report, datetime] | None:
    """The newest approved statement, and the moment it promises; None when it promises none, or a drill is over. What
    was promised before a crisis was reopened is owed by the one that goes on from it."""
    if not crisis.is_open and (crisis.drill or context.store.crisis.records.goes_on_as(crisis.ref)):
        return None
    approved = [
        report
        for ref in (crisis.reopens, crisis.ref)
        for report in (context.store.crisis.reports.of(ref, STATEMENT) if ref else ())
        if report.state == "approved"
    ]
    if not approved:
        return None
    return (approved[-1], approved[-1].next_update_at) if approved[-1].next_update_at else None


@timer(PROMISE, counts_seconds=True)
def ask_for_it(context: Context, subject: str, _step: int) -> None:
    """Ask for the promised update before its time, and once more when it is late."""
    crisis = context.store.crisis.records.take(subject)
    found = promised(context, crisis) if crisis else None
    if crisis is None or found is None:
        return
    approved, moment = found
    late = context.now >= moment
    if late:
        _write_late(context, crisis, moment)
    else:
        context.reschedule(PROMISE, subject, moment)
    context.audit(crisis.ref, promise=approved.id, late=late)
    if draft := _ready(context, crisis):
        _ask_approvers(context, crisis, moment, draft)
    else:
        _ask_speaker(context, crisis, approved, moment)


def _write_late(context: Context, crisis: Crisis, moment: datetime) -> None:
    """Note a late update in the timeline, only once."""
    line = f"The update that residents were promised for {context.calendar.spoken(moment)} is late."
    if all(entry.text != line for entry in context.store.crisis.log.of(crisis.ref)):
        write(context, crisis, line)


def _ask_speaker(context: Context, crisis: Crisis, approved: Report, moment: datetime) -> None:
    minutes = counted(context.city.crisis.reports.snooze_minutes, "minute")
    card = Card(
        _title(context, crisis, moment),
        Text(crisis.what),
        *([] if crisis.is_open else [Text("The crisis is over. A last statement needs no next update.")]),
        Text("A second person approves it before it goes out; please leave time for that."),
        Buttons(
            Button.say("Write it", f"crisis statement ; crisis {crisis.ref}", style="primary"),
            Button(f"In {minutes}", "crisis.promise-later", PromiseOf(crisis.ref, approved.id)),
        ),
    )
    ask_for(context, crisis, _who_speaks(context, crisis), card, ref=promise_ref(crisis))


def _ask_approvers(context: Context, crisis: Crisis, moment: datetime, draft: Report) -> None:
    """Ask those who can approve the update, because it is already written."""
    card = Card(
        _title(context, crisis, moment),
        Text(crisis.what),
        Text(f"The draft by {context.name(draft.written_by)} waits for a second person to approve it."),
        Buttons(show_draft(draft)),
    )
    tell_all(context, crisis, approvers(context, draft), card, ref=promise_ref(crisis), priority="page")


def _who_speaks(context: Context, crisis: Crisis) -> str:
    """Who speaks for the crisis, also after its end; their stand-in while they cannot be asked."""
    return context.duties.of(speaker(context, crisis)).person


def _title(context: Context, crisis: Crisis, moment: datetime) -> str:
    past = context.now >= moment
    said = "are waiting for the update promised for" if past else "were promised an update for"
    return f"{crisis.ref}: residents {said} {when(context, moment)}"


def _ready(context: Context, crisis: Crisis) -> Report | None:
    """The draft that only waits for a second person's approval."""
    return next((report for report in drafts(context, crisis) if not is_outdated(context, report)), None)


@action("crisis.promise-later", needs="crisis.answer", carries=PromiseOf)
def later(request: Request, value: PromiseOf) -> Card:
    """Be reminded of the promised update later."""
    crisis = working_on(request, value.crisis, is_open=False)
    found = promised(request, crisis)
    if found is None or found[0].id != value.statement:
        who = f"{request.name(found[0].decided_by)} approved" if found else "Somebody approved"
        raise UserError(f"{who} a newer statement since. Nothing has to be put off.")
    again = request.now + snooze(request)
    request.reschedule(PROMISE, crisis.ref, again)
    request.audit(crisis.ref, promise=found[0].id, later=True)
    return stamped(crisis, Card(f"I will ask again at {request.calendar.clock(again)}"))


@on(BEGAN)
def take_over_the_promise(context: Context, crisis: Crisis) -> None:
    """Residents who were promised an update wait for it when the crisis is reopened, too."""
    found = promised(context, crisis) if crisis.reopens else None
    if crisis.reopens is None or found is None:
        return
    context.cancel(PROMISE, crisis.reopens)
    words = Card(f"{crisis.reopens} goes on as {crisis.ref}", Text("The promised update is asked for there."))
    context.refresh(f"{crisis.reopens} promise", stamped(crisis, words))
    _plan(context, crisis, found[1])


@on(CRISIS_OVER)
def ask_for_the_last(context: Context, crisis: Crisis) -> None:
    """Residents who still wait are not forgotten: the speaker is asked for a last update, and again at its time."""
    found = promised(context, crisis)
    if found is None:
        context.cancel(PROMISE, crisis.ref)
    person = _who_speaks(context, crisis)
    asked = f"{context.name(person)} is asked for the last update." if found else "Nobody is asked for an update."
    context.refresh(promise_ref(crisis), stamped(crisis, Card(f"{crisis.ref} is over", Text(asked))))
    if found is None:
        return
    draft = _ready(context, crisis)
    waits = f"The draft by {context.name(draft.written_by)} waits for a second person." if draft else ""
    write_it = Button.say("Write the last one", f"crisis statement ; crisis {crisis.ref}", style="primary")
    card = Card(
        _title(context, crisis, found[1]),
        Text(crisis.what),
        Text("The crisis is over. Tell them so in a last statement; it needs no next update."),
        *([Text(waits)] if waits else []),
        Buttons(write_it, *([show_draft(draft)] if draft else [])),
    )
    tell(context, crisis, f"dm:{person}", card, ref=promise_ref(crisis), priority="page")


@crisis_board_section("statements", order=9)
def on_the_board(context: Context, crisis: Crisis) -> list[Word]:
    """The drafts of statements that wait for a second person."""
    return [
        Row(Text(Status("warning", "To decide"), f" {_draft_line(context, report)}"), show_draft(report))
        for report in drafts(context, crisis)
    ]


def residents(context: Context, crisis: Crisis) -> list[Row]:
    """What residents were told last and which update was promised, with the button for a statement."""
    if crisis.state != "active" and promised(context, crisis) is None:
        return []
    write_it = Button.say("Write a statement", f"crisis statement ; crisis {crisis.ref}")
    return [Row(_line(context, crisis), write_it)]


@crisis_handover_section("promises")
def for_the_next(context: Context, crisis: Crisis) -> list[str]:
    """The statements for the person who takes over."""
    return [_line(context, crisis)] if crisis.state == "active" else []


def _line(context: Context, crisis: Crisis) -> str:
    if found := promised(context, crisis):
        late = "promised update late since" if context.now >= found[1] else "next update promised for"
        return f"Residents: {late} {when(context, found[1])}."
    told = any(report.state == "approved" for report in context.store.crisis.reports.of(crisis.ref, STATEMENT))
    return "Residents: no further update promised." if told else "Residents: no statement yet."


def _draft_line(context: Context, draft: Report) -> str:
    outdated = ", but the time it promises is past" if is_outdated(context, draft) else ""
    return f"A draft by {context.name(draft.written_by)} waits for a second person{outdated}."
