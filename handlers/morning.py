"""Morning: the city manager has read the morning check, or somebody else is told."""

from datetime import date

from handlers.kit.context import Context, Request
from handlers.kit.messages import Card, Note, Text
from handlers.kit.morning import ROUTINE, morning_card, morning_ref
from handlers.kit.registry import action, command, seen, timer
from handlers.kit.ticks import tick_seen


@command("city morning", needs="morning.read", reads_only=True)
def show_morning(request: Request) -> Card:
    """Show the newest morning check."""
    morning = request.store.mornings.newest()
    if morning is None:
        return Card("There was no morning check yet", Text("When the next one comes: city schedule"))
    return morning_card(request, morning)


@action("morning.read", needs="help")
def read(request: Request, value: str) -> None:
    """Say that you have read the morning check."""


@seen(ROUTINE)
def was_read(request: Request, about: str) -> None:
    """Whichever button was pressed first: the card says who has read it, and the day's checklist has it ticked."""
    day = date.fromisoformat(about.split()[1])
    tick_seen(request, "morning-check", day)
    morning = request.store.mornings.on(day)
    if morning:
        request.refresh(about, morning_card(request, morning))


@timer("morning.unseen")
def pass_on(context: Context, subject: str, step: int) -> None:
    """Send a morning check that nobody has read to the deputy, or tell operations where there is none."""
    day = date.fromisoformat(subject)
    morning, newest = context.store.mornings.on(day), context.store.mornings.newest()
    if morning is None or morning != newest or context.store.posts.seen(morning_ref(day)):
        return
    stands_in = next((one for one in context.duties.line([morning.person]) if one != morning.person), None)
    context.note(morning_ref(day), unseen=True, to=stands_in)
    unread = f"{context.name(morning.person)} has not read this yet."
    if stands_in is None:
        who = Note("Nobody else can be asked. Name a deputy: people.toml, deputy.")
        context.post("ops", Card("The morning check was not read", Text(unread), who), priority="prompt")
        return
    card = morning_card(context, morning)
    passed_on = card.model_copy(update={"body": (Text(f"{unread} You stand in."), *card.body)})
    context.post(f"dm:{stands_in}", passed_on, about=morning_ref(day), priority="prompt", repeat=True)
