"""Crisis: a crisis as everybody sees it: the summary, who is coming, what is written down."""

from collections.abc import Callable, Sequence
from datetime import datetime

from handlers.kit.context import Context
from handlers.kit.links import link_words
from handlers.kit.messages import Button, Buttons, Card, Facts, Items, Text
from storage.crises import Crisis, Entry, Page

LEVELS = (("1", "1 one department"), ("2", "2 several departments"), ("3", "3 the whole city"))
ANSWERS = {"coming": "on my way", "cannot": "cannot come"}
SHOWN = 5  # entries of the log on the summary; the status shows all


def summary(context: Context, crisis: Crisis) -> Card:
    """The card that everybody watches: what, who is coming, the newest entries."""
    entries = context.store.crises.log(crisis.ref)[-SHOWN:]
    buttons = Buttons(
        Button.say("Add to the log", f"crisis log ; crisis {crisis.ref}"),
        Button.say("Log a risk", f"risk add ; came from {crisis.ref}"),
        Button.say("Stand down", f"crisis standdown ; crisis {crisis.ref}", style="danger"),
    )
    return Card(
        f"{crisis.ref} {crisis.what}",
        crisis_facts(context, crisis),
        Text("Crisis team:"),
        _team(context, crisis),
        Text("Newest in the log:"),
        _log_items(context, entries, context.city.calendar.clock),
        *((buttons,) if crisis.state == "active" else ()),
    )


def whole(context: Context, crisis: Crisis) -> Card:
    """The summary with every entry of the log."""
    entries = context.store.crises.log(crisis.ref)
    return Card(
        f"{crisis.ref} {crisis.what}",
        crisis_facts(context, crisis),
        _team(context, crisis),
        Text(f"The log, {len(entries)} {'entry' if len(entries) == 1 else 'entries'}:"),
        _log_items(context, entries, context.city.calendar.spoken),
        *link_words(context, crisis.ref),
    )


def crisis_facts(context: Context, crisis: Crisis) -> Facts:
    calendar = context.city.calendar
    over = (("Over since", calendar.spoken(crisis.closed_at)),) if crisis.closed_at else ()
    return Facts(
        ("State", crisis.state),
        ("Level", LEVELS[crisis.level - 1][1]),
        ("Where", crisis.where or "not said"),
        ("Since", calendar.spoken(crisis.created_at)),
        ("Started by", context.name(crisis.created_by)),
        *over,
        *((("Why it is over", crisis.reason),) if crisis.reason else ()),
    )


def page_line(context: Context, page: Page, *, still_on: bool = True) -> str:
    name = context.name(page.person)
    if page.answer and page.answered_at:
        return f"{name}: {ANSWERS[page.answer]} ({context.city.calendar.clock(page.answered_at)})"
    yet = " yet" if still_on else ""
    return f"{name}: no answer{yet}, paged {page.times} {'time' if page.times == 1 else 'times'}"


def _team(context: Context, crisis: Crisis) -> Items:
    pages, active = context.store.crises.pages(crisis.ref), crisis.state == "active"
    return Items(*(page_line(context, page, still_on=active) for page in pages))


def _log_items(context: Context, entries: Sequence[Entry], when: Callable[[datetime], str]) -> Items:
    return Items(*(f"{when(one.at)} {context.name(one.person)}: {one.text}" for one in entries))


def page_ref(ref: str, person: str) -> str:
    return f"{ref} {person}"


def crisis_line(context: Context, crisis: Crisis) -> str:
    """A crisis in one line of a list."""
    since = context.city.calendar.spoken(crisis.created_at)
    return f"{crisis.ref} {crisis.what} ({crisis.state}, level {crisis.level}, since {since})"


def silent_line(context: Context, page: Page) -> str:
    """Somebody who has not answered a page, in one line."""
    return f"{page.crisis}: {page_line(context, page)}"
