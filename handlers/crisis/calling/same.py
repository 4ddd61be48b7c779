"""Crisis same: what somebody raises while a crisis has just begun may be that one, so they are asked."""

from datetime import timedelta

from handlers.crisis.board import details
from handlers.crisis.levels import crisis_status
from handlers.crisis.record import marked, stamped, what_and_where
from handlers.kit.context import Request
from handlers.kit.lists import ended, listed
from handlers.kit.messages import Button, Buttons, Card, Text, Word
from storage.crisis.records import Crisis

SAME = timedelta(hours=24)  # an open crisis that began within this time may be the same one


def begun_lately(request: Request, *, drill: bool) -> list[Crisis]:
    """The open crises that may be the same; a drill holds back no real alarm."""
    since = request.now - SAME
    return [
        crisis
        for crisis in request.store.crisis.records.open()
        if crisis.created_at > since and (drill or not crisis.drill)
    ]


def is_it_one_of(request: Request, recent: list[Crisis], another: Button, what: str, where: str | None = None) -> Card:
    """Show these crises and ask whether what somebody wrote is about one of them, or it is ``another``."""
    wrote, said = (
        Text(f"You wrote: {ended(what)} Nobody was called for it yet."),
        f"{what} ({where})" if where else what,
    )
    if len(recent) > 1:
        title = f"{listed([crisis.ref for crisis in recent])} are open already. Is it one of them?"
        return Card(title, wrote, *(word for crisis in recent for word in _it(request, crisis, said)), Buttons(another))
    [crisis] = recent
    title, buttons = f"{crisis.ref} is open already. Is it the same?", Buttons(*_same(request, crisis, said), another)
    words = (what_and_where(crisis), wrote, buttons, details(request, crisis))
    return stamped(crisis, Card(title, *words, status=crisis_status(crisis)))


def _it(request: Request, crisis: Crisis, said: str) -> tuple[Word, ...]:
    line = marked(request, crisis.ref, f"{crisis.ref} {crisis.what}")
    return Text(line), Buttons(*_same(request, crisis, said), about=line)


def _same(request: Request, crisis: Crisis, said: str) -> tuple[Button, Button]:
    """The buttons for when it is this crisis: what was typed goes into its log."""
    typed = {"text": said, "crisis": crisis.ref}
    entry = request.store.chat.drafts.keep(request.person.id, "crisis log", typed, request.now)
    same = Button("It is the same: add it to the timeline", "fill-in", entry, style="primary")
    return same, Button.say("Show it", f"crisis status {crisis.ref}")
