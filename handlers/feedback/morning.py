"""Feedback in the morning check: what residents have told the city since the last morning check."""

from datetime import datetime

from handlers.feedback.card import item_line, show_button
from handlers.kit.context import Sending
from handlers.kit.contributions import morning_section
from handlers.kit.morning import Line, Section, section


@morning_section("new feedback", order=30, is_new=True)
def new_feedback(context: Sending, since: datetime) -> tuple[Section, ...]:
    """Feedback that was logged since the last morning check."""
    logged = [
        Line(text=item_line(context, item), ref=item.ref, buttons=(show_button(item),))
        for item in context.store.feedback.records.since(since)
    ]
    return section("New feedback", logged, "feedback list")
