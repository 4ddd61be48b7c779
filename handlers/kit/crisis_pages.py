"""Crisis pages: calling somebody for a crisis, and how far that is."""

from datetime import timedelta

from handlers.kit.context import Context
from handlers.kit.crisis import crisis_facts, stamped, tell
from handlers.kit.messages import Button, Buttons, Card, Text
from storage.crises import Crisis
from storage.crisis_pages import Page

ANSWERS = {"coming": "on my way", "cannot": "cannot come"}


def page_ref(ref: str, person: str) -> str:
    """What a page is about."""
    return f"{ref} {person}"


def send_page(context: Context, crisis: Crisis, person: str, times: int) -> None:
    """Call somebody in person, for the first time or again; a timer looks whether they have answered."""
    again = "" if times == 1 else f" (page {times})"
    card = Card(
        f"Crisis {crisis.ref}: you are needed{again}",
        Text(crisis.what),
        crisis_facts(context, crisis),
        Buttons(*answers(crisis)),
    )
    tell(context, crisis, f"dm:{person}", card, about=page_ref(crisis.ref, person), priority="page")
    if times <= context.city.crisis.page_again_times:
        due = context.now + timedelta(minutes=context.city.crisis.page_again_minutes)
        context.later("crisis.page-again", page_ref(crisis.ref, person), due, step=times)


def answers(crisis: Crisis) -> tuple[Button, Button]:
    coming = Button("On my way", "crisis.coming", crisis.ref, style="primary")
    return coming, Button("I cannot come", "crisis.cannot", crisis.ref)


def answered_card(context: Context, crisis: Crisis, page: Page) -> Card:
    """A page that was answered, with the way back."""
    other = Button("I cannot come after all", "crisis.cannot", crisis.ref)
    if page.answer == "cannot":
        other = Button("I can come after all", "crisis.coming", crisis.ref)
    when = context.city.calendar.clock(page.answered_at or context.now)
    said = f"Crisis {crisis.ref}: you said “{ANSWERS[page.answer or 'coming']}” at {when}"
    return stamped(crisis, Card(said, Text(crisis.what), crisis_facts(context, crisis), Buttons(other)))


def page_line(context: Context, page: Page, *, still_on: bool = True) -> str:
    """Who was called, and what they said, in one line."""
    name = context.name(page.person)
    if page.answer and page.answered_at:
        return f"{name}: {ANSWERS[page.answer]} ({context.city.calendar.clock(page.answered_at)})"
    yet = " yet" if still_on else ""
    return f"{name}: no answer{yet}, paged {page.times} {'time' if page.times == 1 else 'times'}"


def silent_line(context: Context, page: Page) -> str:
    """Somebody who has not answered a page, in one line."""
    return f"{page.crisis}: {page_line(context, page)}"
