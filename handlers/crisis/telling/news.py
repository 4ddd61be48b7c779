"""Crisis news: the city, the room and who raised the alarm are told what became of it, each in a new message."""

from handlers.crisis.board import after_buttons
from handlers.crisis.events import STARTED
from handlers.crisis.record import follows, tell, tell_room
from handlers.kit.context import Context
from handlers.kit.events import CRISIS_OVER, on
from handlers.kit.messages import Card, Text
from storage.crisis.records import Crisis


@on(STARTED)
def tell_who_raised_it(context: Context, crisis: Crisis) -> None:
    """Somebody who did no more than raise the alarm hears that it was taken up."""
    if _only_raised_it(context, crisis):
        agree = f"{context.name(crisis.confirmed_by)} agrees" if crisis.alone else "Two people agree"
        says = Text(f"{agree} with you: {follows(crisis)}. Thank you.")
        news = Card(f"{crisis.ref} is confirmed", Text(crisis.what), says)
        tell(context, crisis, f"dm:{crisis.created_by}", news)


@on(CRISIS_OVER)
def tell_that_it_is_over(context: Context, crisis: Crisis) -> None:
    """Changed messages ring no bell, so the end is said in a new one in the places where the beginning was."""
    over = Card(f"{crisis.ref} is over", Text(crisis.what), Text(f"Why: {crisis.reason}"))
    if crisis.confirmed_by:
        tell(context, crisis, "ops", over)
    tell_room(context, crisis, over.with_words(after_buttons(crisis)))


def _only_raised_it(context: Context, crisis: Crisis) -> bool:
    """Whether somebody was neither called nor decided anything, so that no other message informs them."""
    decided = (crisis.declared_by, crisis.confirmed_by, crisis.ending_by, crisis.closed_by)
    called = context.store.crisis.pages.find(crisis.ref, crisis.created_by) is not None
    return not called and crisis.created_by not in decided
