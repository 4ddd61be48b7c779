"""Feedback: what residents tell the city, and the department that answers."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from handlers.kit.city import City
from handlers.kit.context import Context, Request
from handlers.kit.errors import UserError
from handlers.kit.facts import Person
from handlers.kit.forms import Form, Options, Reference, ask
from handlers.kit.home import refresh_homes
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Row, Text
from handlers.kit.morning import dealt_with
from handlers.kit.pages import page_of
from handlers.kit.registry import action, command, reference, waits
from handlers.kit.waiting import SHOWN, Task, Waiting
from storage.feedback import Item

WITHDRAW_WITHIN = timedelta(minutes=10)  # as for risks
LINE = 80  # characters of what a resident said


def _categories(city: City) -> Options:
    return tuple((category.id, category.name) for category in city.categories.values())


def _ways(city: City) -> Options:
    return tuple((way, way) for way in city.reached_us_by)


class NewFeedback(Form):
    what: str = ask("What did the resident tell us?", long=True, hint="Leave out names and phone numbers.")
    category: str = ask("What is it about?", options=_categories)
    place: str | None = ask("Where in town?", default=None, max_length=300)
    via: str = ask("How did it reach us?", options=_ways)


class OneItem(Form):
    feedback: Reference = ask("Which one?", max_length=12, hint="Its reference, such as F-1")


class CloseItem(Form):
    feedback: Reference = ask("Which one?", max_length=12, hint="Its reference, such as F-1")
    answer: str = ask("What was done? One sentence the resident can read", max_length=500, long=True)


@command(
    "feedback add",
    asks=NewFeedback,
    needs="feedback.add",
    from_message="Log as feedback",
    example="/feedback add Deep pothole; category streets; place 12 Elm Street; via phone",
)
def add_feedback(request: Request, form: NewFeedback) -> Card:
    """Log residents' feedback."""
    item = request.store.feedback.add(**_stored(form), by=request.person.id, at=request.now, source=request.source)
    request.note(item.ref, category=item.category)
    request.post(_place(request, item), item_card(request, item, buttons=True), about=item.ref)
    refresh_homes(request, _responsible(request, item))
    return item_card(request, item, headline=f"Logged {item.ref}").with_words(
        Text(f"{_department(request, item)} is told in #{_place(request, item)}."),
        Buttons(
            Button("Change", "feedback.change", item.ref),
            Button("Withdraw", "feedback.withdraw", item.ref, confirm=f"Withdraw {item.ref}? It is kept, marked."),
        ),
        Note("You can withdraw it for 10 minutes."),
    )


@command("feedback list", needs="feedback.read", reads_only=True)
def list_feedback(request: Request) -> Card:
    """List the open feedback, the longest waiting first."""
    return _page(request, "0")


@action("feedback.page", needs="feedback.read", reads_only=True, replaces=True)
def turn_page(request: Request, value: str) -> Card:
    """Turn a page of the list of feedback."""
    return _page(request, value)


@command("feedback show", asks=OneItem, needs="feedback.read", reads_only=True, example="/feedback show F-1")
def show_feedback(request: Request, form: OneItem) -> Card:
    """Show feedback."""
    return item_card(request, _found(request.store.feedback.find(form.feedback), form.feedback), buttons=True)


@command(
    "feedback close",
    asks=CloseItem,
    needs="feedback.close",
    example="/feedback close F-1; answer The pothole is filled",
)
def close_feedback(request: Request, form: CloseItem) -> Card:
    """Close feedback."""
    item = _found(request.store.feedback.take(form.feedback), form.feedback)
    if item.state != "open":
        raise UserError(f"{item.ref} is {_state(request, item)}. Nothing was changed.")
    closed = {"state": "closed", "answer": form.answer, "closed_by": request.person.id, "closed_at": request.now}
    item = request.store.feedback.change(item, **closed)
    request.note(item.ref, state=item.state)
    request.refresh(item.ref, item_card(request, item))
    refresh_homes(request, _responsible(request, item))
    dealt_with(request, item.ref, f"answered by {request.person.name}")
    if item.created_by != request.person.id:
        show = Button.say("Show", f"feedback show {item.ref}")
        request.tell(item.created_by, f"{item.ref} “{_short(item.what)}” is answered: {item.answer}", item.ref, show)
    return item_card(request, item, headline=f"Closed {item.ref}")


def _as_typed(request: Request, value: str) -> Mapping[str, str]:
    item = _own(request, value)
    return {"what": item.what, "category": item.category, "place": item.place_in_town or "", "via": item.reached_us_by}


@action("feedback.change", asks=NewFeedback, prefill=_as_typed, needs="feedback.add")
def change_feedback(request: Request, value: str, form: NewFeedback) -> Card:
    """Change this feedback."""
    before = _own(request, value)
    item = request.store.feedback.change(before, **_stored(form))
    request.note(item.ref, category=item.category)
    card = item_card(request, item, buttons=True)
    if _place(request, item) != _place(request, before):
        request.post(_place(request, item), card, about=item.ref)
    request.refresh(item.ref, card)
    refresh_homes(request, [*_responsible(request, before), *_responsible(request, item)])
    return item_card(request, item, headline=f"Changed {item.ref}")


@action("feedback.withdraw", needs="feedback.add")
def withdraw_feedback(request: Request, value: str) -> Card:
    """Withdraw feedback that was logged by mistake."""
    item = _found(request.store.feedback.take(value), value)
    if item.state == "withdrawn":
        return item_card(request, item, headline=f"{item.ref} is withdrawn already")
    item = _own(request, value)
    if request.now - item.created_at > WITHDRAW_WITHIN:
        raise UserError(f"{item.ref} is more than 10 minutes old. Change it, or close it with what was done.")
    item = request.store.feedback.change(item, state="withdrawn", closed_by=request.person.id, closed_at=request.now)
    request.note(item.ref, state=item.state)
    request.refresh(item.ref, item_card(request, item))
    refresh_homes(request, _responsible(request, item))
    dealt_with(request, item.ref, "withdrawn")
    return item_card(request, item, headline=f"Withdrew {item.ref}")


@waits("department's feedback", order=30)
def department_feedback(context: Context, person: Person) -> Waiting:
    """The feedback that somebody's department has to answer, the longest waiting first."""
    city = context.city
    theirs = {person.department, *(one.id for one in city.departments.values() if one.head == person.id)}
    mine = [one.id for one in city.categories.values() if one.department in theirs]
    items, count = context.store.feedback.open_about(mine, SHOWN)
    tasks = [Task(item.ref, _short_line(item), (Button.say("Show", f"feedback show {item.ref}"),)) for item in items]
    return Waiting(
        f"Feedback for your department: {count}, the longest waiting first", tasks, "feedback list", count=count
    )


@reference("F-", show="feedback show")
def seen_item(context: Context, _person: Person, ref: str) -> str | None:
    """Feedback by its reference; everybody may see all."""
    item = context.store.feedback.find(ref)
    return item_line(context, item) if item else None


def item_card(context: Context, item: Item, headline: str = "", *, buttons: bool = False) -> Card:
    """A piece of feedback as everybody sees it, with the button to close it while it is open."""
    close = (Buttons(Button.say("Answer and close", f"feedback close {item.ref}", style="primary")),)
    return Card(
        headline or f"{item.ref} {_category(context, item)}",
        Text(item.what),
        Facts(
            *((("About", _category(context, item)),) if headline else ()),
            ("Department", _department(context, item)),
            ("Where", item.place_in_town or "not said"),
            ("Reached us by", item.reached_us_by),
            ("State", _state(context, item)),
        ),
        *((Text(f"What was done: {item.answer}"),) if item.answer else ()),
        *((Text("Made from: ", context.made_of(item.source)),) if item.source else ()),
        *(close if buttons and item.state == "open" else ()),
        Note(
            f"{item.ref}, logged by {context.name(item.created_by)} on {context.city.calendar.spoken(item.created_at)}"
        ),
    )


def item_line(context: Context, item: Item) -> str:
    """A piece of feedback in one line of a list."""
    return f"{item.ref} {_category(context, item)}: {_short(item.what)}"


def _short_line(item: Item) -> str:
    return f"{item.ref} {_short(item.what)}"


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LINE else f"{line[: LINE - 1]}…"


def _stored(form: NewFeedback) -> dict[str, Any]:
    return {"what": form.what, "category": form.category, "place_in_town": form.place, "reached_us_by": form.via}


def _category(context: Context, item: Item) -> str:
    known = context.city.categories.get(item.category)
    return known.name if known else item.category


def _department(context: Context, item: Item) -> str:
    known = context.city.categories.get(item.category)
    return context.city.departments[known.department].name if known else "nobody"


def _place(context: Context, item: Item) -> str:
    """Where the category's department is told; ``feedback`` when the city has dropped the category since."""
    known = context.city.categories.get(item.category)
    return context.city.departments[known.department].place if known else "feedback"


def _responsible(context: Context, item: Item) -> list[str]:
    """The people of the department that answers."""
    known = context.city.categories.get(item.category)
    return [one.id for one in context.city.in_department(known.department)] if known else []


def _state(context: Context, item: Item) -> str:
    if item.state == "open" or item.closed_at is None:
        return item.state
    return f"{item.state} by {context.name(item.closed_by)} on {context.city.calendar.spoken(item.closed_at)}"


def _page(request: Request, number: str) -> Card:
    count = request.store.feedback.open_count()
    if count == 0:
        return Card("No open feedback", Text('Everything is answered. Log what a resident says with "feedback add".'))

    def rows(offset: int, limit: int) -> list[Row]:
        found = request.store.feedback.oldest_first(offset, limit)
        return [Row(item_line(request, one), Button.say("Show", f"feedback show {one.ref}")) for one in found]

    return page_of(f"Open feedback: {count}, the longest waiting first", count, number, rows, "feedback.page")


def _own(request: Request, ref: str) -> Item:
    """The item, taken for a change by the one who logged it; raises UserError for anybody else."""
    item = _found(request.store.feedback.take(ref), ref)
    if item.state != "open":
        raise UserError(f"{item.ref} is {_state(request, item)}. Nothing was changed.")
    if item.created_by != request.person.id:
        raise UserError(f"Only {request.name(item.created_by)}, who logged {item.ref}, can change it.")
    return item


def _found(item: Item | None, ref: str) -> Item:
    if item is None:
        raise UserError(f'There is no feedback "{ref}". Write "feedback list" to see what is open.')
    return item
