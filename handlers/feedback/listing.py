"""Reading feedback: lists by owner, lateness and words, and everything that happened to one item."""

from collections.abc import Sequence
from functools import partial

from handlers.feedback.card import (
    WAITS_FOR,
    buttons_of,
    item_card,
    item_row,
    less_usual_buttons,
    section_of,
    take_button,
    whole_words,
)
from handlers.feedback.clock import department_of, runs, used
from handlers.feedback.department import theirs
from handlers.feedback.letter import mail_button, offer_of
from handlers.feedback.openings import departments_of, sees
from handlers.feedback.record import found, original_of
from handlers.kit.context import SYSTEM, Context, Request
from handlers.kit.forms import Form, Reference, ask
from handlers.kit.listing import Listing, in_sections
from handlers.kit.lists import listed
from handlers.kit.messages import Button, Buttons, Card, Facts, Fold, Heading, Items, Row, Text, capitalized
from handlers.kit.policy import may
from handlers.kit.records import record_buttons, record_words
from handlers.kit.registry import action, command, listing
from handlers.kit.time.worktime import spoken_span
from storage.feedback.events import Event
from storage.feedback.items import Item
from storage.feedback.lists import Wanted

STATES = ("late", "waiting")  # filters that stand before what they say it of
WHOSE = {"mine": "that is yours", "department": "for your department"}
FILTERS = (*WHOSE, *STATES)
SAID_AS = {"my": "mine", "our": "department", "ours": "department", "overdue": "late"}
ALL_OPEN = "open feedback"
SHOWN = 12  # events on a card; a button shows the rest
TOLD = {
    "logged": "logged it", "changed": "changed it", "taken": "gave it to {owner}",
    "routed": "routed it to {department}", "contact": "changed the contact",
    "waits": "paused it, waiting for {waits_for}", "resumed": "resumed it", "closed": "closed it",
    "reopened": "opened it again", "withdrawn": "withdrew it", "fixed": "said that it is fixed",
    "mark": "{mark}% of the time to answer used", "clock": "recalculated the time to answer",
    "opened": "recorded who may open the contact",
    "undone": "undid that", "mailed": "sent the answer to the resident by e-mail",
}  # fmt: skip


class ListFeedback(Form):
    which: str | None = ask(
        "Which ones?", default=None, max_length=200, hint="mine, department, late, waiting, or words to look for"
    )


class OneItem(Form):
    feedback: Reference = ask("Which one?", max_length=12, hint="Its reference, such as F-1")


class Words(Form):
    words: str = ask("Words to look for", max_length=200, hint="All of them are looked for, in closed feedback too.")


@command(
    "feedback list", asks=ListFeedback, needs="feedback.read", reads_only=True, example="/feedback list late potholes"
)
def list_feedback(request: Request, form: ListFeedback) -> Card:
    """List feedback."""
    return _listed(request, form.which or "")


@action("feedback.search", asks=Words, needs="feedback.read", reads_only=True, sends="Look for it")
def search(request: Request, value: str, form: Words) -> Card:
    """Look for words."""
    return _listed(request, form.words)


@command("feedback show", asks=OneItem, needs="feedback.read", reads_only=True, example="/feedback show F-1")
def show_feedback(request: Request, form: OneItem) -> Card:
    """Show feedback."""
    item = found(request.store.feedback.records.find(form.feedback), form.feedback)
    copies = request.store.feedback.records.duplicates(item)
    return item_card(request, item).with_words(
        *((Text(f"Duplicates: {', '.join(copy.ref for copy in copies)}."),) if copies else ()),
        *((Buttons(*buttons_of(item, more=False), *_mailing(request, item)),) if item.state != "withdrawn" else ()),
        *((_folded(item, more),) if (more := _more(request, item)) else ()),
        *record_words(request, item.ref),
        _history(request, item),
    )


def _history(request: Request, item: Item) -> Fold:
    """What happened to an item and how much of its time is used, and whole what its card has cut, folded."""
    events = request.store.feedback.events.of(item.number)
    time = used(request.city, runs(request.city, events), request.now)
    clock = f"{spoken_span(time)} of {spoken_seconds(item.target)}" if item.target else spoken_span(time)
    told = _event_lines(request, [event for event in events if event.what != "clock"])
    every = Button("All that happened", "feedback.history", item.ref)
    title = f"What happened: {len(told)}"
    return Fold(
        title,
        *whole_words(item),
        Items(*told[-SHOWN:]),
        Facts(("Working time used", clock)),
        *((Buttons(every),) if len(told) > SHOWN else ()),
        button=Button(title, "feedback.history", item.ref),
    )


@action("feedback.history", needs="feedback.read", reads_only=True)
def history(request: Request, value: str) -> Card:
    """Show all that happened to feedback."""
    item = found(request.store.feedback.records.find(value), value)
    told = _event_lines(request, request.store.feedback.events.of(item.number))
    return Card(f"All that happened to {item.ref}", *whole_words(item), Items(*told))


def spoken_seconds(seconds: int) -> str:
    """Seconds of working time in words."""
    return f"{seconds // 3600} h"


def _mailing(request: Request, item: Item) -> list[Button]:
    """The way to send the answer to the resident, while that can still be done."""
    answered = original_of(request, item)
    offer = offer_of(request, answered)
    return [mail_button(answered)] if offer and item in [to.item for to in offer.to] else []


@action("feedback.more", needs="feedback.read", reads_only=True)
def show_more(request: Request, value: str) -> Card:
    """Show what else can be done about feedback."""
    item = found(request.store.feedback.records.find(value), value)
    more = _more(request, item)
    said = Buttons(*more) if more else Text("There is nothing else that you can do about it.")
    return Card(f"More for {item.ref}", said)


def _folded(item: Item, more: Sequence[Button]) -> Fold:
    return Fold("More", Buttons(*more), button=Button("More", "feedback.more", item.ref))


def _more(request: Request, item: Item) -> list[Button]:
    """What can be done less often, and details that are not on everybody's card."""
    buttons = [*less_usual_buttons(item), *record_buttons(request, item.ref)] if item.state == "open" else []
    kept = item.state != "withdrawn" and request.store.feedback.contacts.find(item.number) is not None
    if item.state != "withdrawn" and sees(request, request.person, item):
        buttons.append(Button("Contact" if kept else "Add contact", "feedback.contact", item.ref))
    elif kept:
        buttons.append(Button.say("Ask for the contact", f"feedback contact {item.ref}"))
    return buttons


def _event_lines(context: Context, events: Sequence[Event]) -> list[str]:
    """The events in lines; one that moves an item names from where and to where."""
    lines, where = list[str](), ("", "")
    category, department = "", None
    for event in events:
        before, category = where, event.values.get("category", category)
        department = event.values.get("department", department)
        where = _answering(context, category, department)
        lines.append(_event_line(context, event, _moved(event, before, where)))
    return lines


def _answering(context: Context, category: str, department: str | None) -> tuple[str, str]:
    """A category and the department that answers, as the history names them."""
    known = context.city.categories.get(category)
    answers = department_of(context.city, category, department) or department
    return known.name if known else category, _department(context, answers) or "no department"


def _moved(event: Event, before: tuple[str, str], after: tuple[str, str]) -> str:
    """What an event says that moves an item; nothing for any other."""
    if before == after or event.what not in ("changed", "routed"):
        return ""
    if event.what == "routed":
        return f"routed it from {before[1]} to {after[1]}"
    return f"changed it from {before[0]} ({before[1]}) to {after[0]} ({after[1]})"


def _event_line(context: Context, event: Event, moved: str = "") -> str:
    """An event in one line, with its reason; never more than everybody may read."""
    values = event.values
    words = {
        "owner": context.name(values.get("owner")),
        "department": _department(context, values.get("department")),
        "waits_for": dict(WAITS_FOR).get(values.get("waits_for") or "", ""),
        "mark": values.get("mark"),
    }
    said = moved or TOLD.get(event.what, event.what).format(**words)
    if event.what == "taken" and values.get("owner") == event.person:
        said = "took it"
    if values.get("duplicate_of"):
        said = f"closed it as a duplicate of F-{values['duplicate_of']}"
    reason = event.note or (values.get("answer") if event.what == "closed" else None)
    who = "The bot" if event.person == SYSTEM else context.name(event.person)
    said = said if event.what == "mark" else f"{who} {said}"
    return f"{context.spoken(event.at)}: {said}" + (f": {reason}" if reason else "")


def _department(context: Context, department: str | None) -> str:
    known = context.city.departments.get(department or "")
    return known.name if known else department or ""


@listing("feedback.page", needs="feedback.read")
def _listed(request: Request, about: str) -> Listing | Card:
    """Turn a page of the list of feedback.

    Words that are no filter are searched for, in closed feedback too.
    """
    filters, searched = _read(about)
    wanted = _wanted(request, filters, searched)
    lists = request.store.feedback.lists
    count = lists.count(wanted)
    what = _in_words(filters, searched)
    if count == 0 and what == ALL_OPEN:
        empty = 'Everything is answered. Log what a resident says with "feedback add".'
        return Card(
            "No open feedback", Text(empty), Buttons(Button.say("Log feedback", "feedback add")), _ways(request)
        )
    if count == 0:
        title, said = f"No {what}", "Choose another list, or look for other words."
        if what == "late feedback":
            title, said = "Nothing is late", "All open feedback is within its time."
        return Card(title, Text(said), Buttons(Button.say("All open feedback", "feedback list")), _ways(request))

    def rows(offset: int, limit: int) -> Sequence[Row | Heading]:
        items = lists.page(wanted, offset, limit)
        if "late" in filters:
            return [item_row(request, item, None if item.owner else take_button(item)) for item in items]
        if "waiting" in filters:
            return [item_row(request, item) for item in items]
        return in_sections(items, partial(section_of, request), partial(item_row, request))

    title = f"{capitalized(what)}: {count}{', late ones first' if what == ALL_OPEN else ''}"
    return Listing(Card(title, _ways(request)), count, rows)


def _in_words(filters: Sequence[str], searched: Sequence[str]) -> str:
    """Which feedback is listed, as people say it: "late feedback for your department"."""
    how, whose = [word for word in STATES if word in filters], [WHOSE[word] for word in WHOSE if word in filters]
    words = [f"with {listed([f'“{word}”' for word in searched])}"] if searched else []
    return (
        " ".join([*([" and ".join(how)] if how else []), "feedback", *whose, *words]) if filters or words else ALL_OPEN
    )


def _read(about: str) -> tuple[list[str], tuple[str, ...]]:
    """The filters of a line, and the words that are searched for; "my department" is the department alone."""
    filters, searched, before = list[str](), list[str](), ""
    for word in about.split():
        said = SAID_AS.get(word.lower(), word.lower())
        if said == "department" and before in ("my", "our"):
            filters.pop()
        if said in FILTERS:
            filters.append(said)
        else:
            searched.append(word)
        before = word.lower()
    return list(dict.fromkeys(filters)), tuple(searched)


def _wanted(request: Request, filters: list[str], words: tuple[str, ...]) -> Wanted:
    departments = tuple(theirs(request.city, department) for department in departments_of(request.city, request.person))
    return Wanted(
        theirs=departments if "department" in filters else None,
        owner=request.person.id if "mine" in filters else None,
        late_at=request.now if "late" in filters else None,
        waiting="waiting" in filters,
        words=words,
        closed_too=bool(words) and not filters,
    )


def _ways(request: Request) -> Buttons:
    """Buttons for the other lists, and the export for those who may."""
    export = Button.say("As a spreadsheet", "feedback export xlsx")
    return Buttons(
        Button.say("Mine", "feedback list mine"),
        Button.say("My department", "feedback list department"),
        Button.say("Late", "feedback list late"),
        Button.say("Waiting", "feedback list waiting"),
        Button("Look for words", "feedback.search"),
        *((export,) if may(request.person.all_roles, "feedback.export") else ()),
    )
