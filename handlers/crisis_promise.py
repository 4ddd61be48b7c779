"""Crisis promise: residents were promised an update; whoever speaks is asked in time, and a late one is named."""

from handlers.kit.context import Context, Request
from handlers.kit.crisis import OVER, stamped, tell, write
from handlers.kit.crisis_choice import working_on
from handlers.kit.crisis_promise import PROMISE, promise_ref, promised
from handlers.kit.crisis_reports import snooze, speaker, when
from handlers.kit.errors import UserError
from handlers.kit.messages import Button, Buttons, Card, Row, Text, Word
from handlers.kit.registry import action, board, brief, follows, timer
from storage.crises import Crisis


@timer(PROMISE)
def ask_for_it(context: Context, subject: str, _step: int) -> None:
    """Ask for the promised update before its time, and once more when it is late."""
    crisis = context.store.crises.take(subject)
    found = promised(context, crisis) if crisis else None
    if crisis is None or not crisis.is_open or found is None:
        return
    approved, moment = found
    late = context.now >= moment
    if late:
        write(context, crisis, f"The update that residents were promised for {when(context, moment)} is late.")
    else:
        context.instead(PROMISE, subject, moment)
    minutes = context.city.crisis.reports.snooze_minutes
    card = Card(
        f"{crisis.ref}: residents {'wait for' if late else 'were promised'} an update at {when(context, moment)}",
        Text(crisis.what),
        Text("A second person approves it before it goes out; please leave time for that."),
        Buttons(
            Button.say("Write it", f"crisis statement ; crisis {crisis.ref}", style="primary"),
            Button(f"In {minutes} minutes", "crisis.promise-later", f"{crisis.ref} {approved.id}"),
        ),
    )
    context.note(crisis.ref, promise=approved.id, late=late)
    person = f"dm:{speaker(context, crisis)}"
    tell(context, crisis, person, card, about=promise_ref(crisis), priority="page")


@action("crisis.promise-later", needs="crisis.answer")
def later(request: Request, value: str) -> Card:
    """Be reminded of the promised update later."""
    ref, _, number = value.partition(" ")
    crisis = working_on(request, ref)
    found = promised(request, crisis)
    if found is None or str(found[0].id) != number:
        who = f"{request.name(found[0].decided_by)} approved" if found else "Somebody approved"
        raise UserError(f"{who} a newer statement since. Nothing has to be put off.")
    again = request.now + snooze(request)
    request.instead(PROMISE, crisis.ref, again)
    request.note(crisis.ref, promise=found[0].id, later=True)
    return stamped(crisis, Card(f"I ask again at {request.city.calendar.clock(again)}"))


@follows(OVER)
def nothing_is_promised(context: Context, crisis: Crisis) -> None:
    """Nobody is asked any more."""
    context.no_longer(PROMISE, crisis.ref)
    tell_them = Button.say("Write it", f"crisis statement ; crisis {crisis.ref}")
    over = Card(f"{crisis.ref} is over", Row("Residents wait for a last update: tell them.", tell_them))
    context.refresh(promise_ref(crisis), stamped(crisis, over))


@board("statements", order=55)
def on_the_board(context: Context, crisis: Crisis) -> list[Word]:
    """What residents were told last, and which update they were promised."""
    if crisis.state != "active":
        return []
    return [Row(_line(context, crisis), Button.say("Write a statement", f"crisis statement ; crisis {crisis.ref}"))]


@brief("promises")
def for_the_next(context: Context, crisis: Crisis) -> list[str]:
    """The same for whoever takes over."""
    return [_line(context, crisis)] if crisis.state == "active" else []


def _line(context: Context, crisis: Crisis) -> str:
    waiting = [one for one in context.store.crisis_reports.of(crisis.ref, "statement") if one.state == "draft"]
    waits = "; a draft waits for a second person" if waiting else ""
    if (found := promised(context, crisis)) is None:
        return f"Residents: no statement yet{waits}."
    late = "late since" if context.now >= found[1] else "next update promised for"
    return f"Residents: {late} {when(context, found[1])}{waits}."
