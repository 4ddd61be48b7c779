"""Feedback card: an item as everybody sees it, on a card, in a line and in words."""

from collections.abc import Iterable
from typing import Any, Literal

from handlers.feedback.department import department_name, is_here
from handlers.feedback.openings import who_sees
from handlers.kit.city.model import City
from handlers.kit.context import Context
from handlers.kit.forms import Options
from handlers.kit.inline import Status
from handlers.kit.lists import counted
from handlers.kit.messages import Button, Buttons, Card, Facts, Note, Row, Text, Word
from handlers.kit.options import Said
from handlers.kit.signs import cut
from storage.feedback.items import Item

KINDS: Options = (
    ("complaint", "complaint"), ("question", "question"), ("request", "request"), ("idea", "idea"),
    ("praise", "praise"),
)  # fmt: skip
WAITS_FOR: Options = (("resident", "the resident"), ("third-party", "a third party"), ("weather", "the weather"))
LINE = 80  # characters of a resident's words in a line
PLACE = 60  # of where something is
ON_CARD = 300  # of a resident's words on a card; the history has them whole
NOBODY = "nobody yet"
USUAL = 3  # buttons that stand on a card at once; the others are behind one


def item_card(context: Context, item: Item, headline: str = "", *, buttons: bool = False) -> Card:
    """The card of an item as everybody sees it, with its buttons."""
    about = (("About", category_name(context.city, item)),) if headline else ()
    return Card(
        headline or f"{item.ref} {category_name(context.city, item)}",
        Text(cut(item.what, ON_CARD, at_a_word=True)),
        Facts(*about, *_facts(context, item)),
        *((Text(f"What was done: {item.answer}"),) if item.answer else ()),
        *((Buttons(*buttons_of(item)),) if buttons and item.state != "withdrawn" else ()),
        logged_note(context, item),
        status=item_status(context, item) if item.state == "open" or not headline else None,
    )


def kinds_said(city: City) -> Said:
    """What people say for the kinds."""
    return dict(city.words.kinds.items())


def is_late(context: Context, item: Item) -> bool:
    """Whether an item should have been answered by now; one whose clock stands still is never late."""
    return item.due_at is not None and item.due_at <= context.now


def item_status(context: Context, item: Item) -> Status:
    """Whether somebody waits for an answer, and too long."""
    if item.state != "open":
        return Status("good" if item.state == "closed" else "neutral", item.state)
    if item.due_at is None:
        return Status("neutral", "waiting" if item.waits_for else "open")
    if is_late(context, item):
        return Status("warning", "late")
    is_today = context.calendar.today(item.due_at) == context.today
    return Status("info", "due today") if is_today else Status("neutral", "open")


def logged_note(context: Context, item: Item) -> Word:
    """What kind it is and how it came in, who logged it and what it was made from."""
    at = context.spoken(item.created_at)
    made_of = (". Made from: ", context.made_of(item.source)) if item.source else ()
    by = f"Logged by {context.name(item.created_by)} on {at}"
    return Note(f"{item.kind.capitalize()}, {item.reached_us_by}. {by}", *made_of)


def _facts(context: Context, item: Item) -> Iterable[tuple[str, Any]]:
    """How far it is, who has it and until when, then where and for whom."""
    yield from _how_far(context, item)
    if item.owner and not is_here(context, item.owner):
        yield "Owner", f"{context.name(item.owner)}, who {context.duties.reason(item.owner)}"
    else:
        yield "Owner", context.mention(item.owner) if item.owner else NOBODY
    yield "Department", department_name(context.city, item)
    if item.place_in_town:
        yield "Where", item.place_in_town
    if context.store.feedback.contacts.find(item.number):
        yield "Wants an answer", f"yes; the contact is open to {who_sees(context, item)}"
    yield from _how_it_ended(context, item)


def _how_far(context: Context, item: Item) -> Iterable[tuple[str, str]]:
    if item.due_at and item.state == "open":
        yield (
            "Late since" if is_late(context, item) else "Answer by",
            context.spoken(item.due_at),
        )
    if item.state != "open" or item.waits_for:
        yield "State", state_words(context, item)
    if item.waits_for:
        yield "Why", waits_because(context, item)


def _how_it_ended(context: Context, item: Item) -> Iterable[tuple[str, str]]:
    if item.state == "closed" and item.reason and not item.duplicate_of:
        ending = context.city.endings.get(item.reason)
        yield "Reason", ending.name if ending else item.reason
    if item.decided_by:
        yield "Decided by", item.decided_by
    if item.go_to:
        yield "Where to go", item.go_to


def waits_because(context: Context, item: Item) -> str:
    """The reason that was given for the pause."""
    reasons = [event.note for event in context.store.feedback.events.of(item.number) if event.what == "waits"]
    return (reasons and reasons[-1]) or "not said"


def buttons_of(item: Item, *, more: bool = True) -> list[Button]:
    """The buttons on the card of an item, what usually comes next first: somebody takes it, then it is answered.
    ``more`` adds one for everything else."""
    show = [Button.say("More", f"feedback show {item.ref}")] if more else []
    if item.state == "closed":
        return [Button.say("Reopen", f"feedback reopen {item.ref}"), *show]
    return [*_ways_on(item)[:USUAL], *show]


def less_usual_buttons(item: Item) -> list[Button]:
    """What else can be done about an open item."""
    ref = item.ref
    return [
        *_ways_on(item)[USUAL:],
        Button.say("Give to somebody", f"feedback give {ref}"),
        Button.say("Mark as duplicate", f"feedback duplicate {ref}"),
        Button("Change", "feedback.change", ref),
    ]


def _ways_on(item: Item) -> list[Button]:
    ref = item.ref
    close, route = Button.say("Answer and close", f"feedback close {ref}"), f"feedback route {ref}"
    pause = Button.say("Resume", f"feedback resume {ref}") if item.waits_for else None
    rest = [pause or Button.say("Pause", f"feedback wait {ref}"), Button.say("Route elsewhere", route)]
    if item.owner:
        return [close.model_copy(update={"style": "primary"}), *rest]
    return [take_button(item, "primary"), close, *(rest if item.waits_for else reversed(rest))]


def take_button(item: Item, style: Literal["primary", "plain"] = "plain") -> Button:
    """The button with which somebody takes an item that nobody has."""
    return Button.say("Take it", f"feedback take {item.ref}", style=style)


def show_button(item: Item) -> Button:
    """The button that shows an item, beside a line about it."""
    return Button.say("Show", f"feedback show {item.ref}")


def item_line(context: Context, item: Item) -> str:
    """An item in one line of a list; any state other than open is named."""
    if item.state != "open":
        state = f" ({item.state})"
    elif item.waits_for:
        state = f" (waiting for {dict(WAITS_FOR).get(item.waits_for, item.waits_for)})"
    else:
        state = " (late)" if is_late(context, item) else ""
    return f"{item.ref} {category_name(context.city, item)}: {short(item.what)}{state}"


def item_row(context: Context, item: Item, button: Button | None = None) -> Row:
    """An item in a list: how it stands and what it says, and under that where, with whom, until when and how old; with
    the button that shows it, or another one."""
    what = f" {item.ref} {category_name(context.city, item)}: {short(item.what)}\n"
    return Row(Text(item_status(context, item), what, ", ".join(_in_brief(context, item))), button or show_button(item))


def _in_brief(context: Context, item: Item) -> Iterable[str]:
    days = (context.today - context.calendar.today(item.created_at)).days
    if item.place_in_town:
        yield cut(item.place_in_town, PLACE)
    yield f"{department_name(context.city, item)}: {context.name(item.owner) if item.owner else NOBODY}"
    if item.state == "open" and item.due_at:
        was = "was due" if is_late(context, item) else "due"
        yield f"{was} {context.spoken_day(context.calendar.today(item.due_at))}"
    elif item.waits_for:
        yield state_words(context, item)
    yield f"{counted(days, 'day')} old" if days else "logged today"


def section_of(context: Context, item: Item) -> str:
    """Under which heading of a list an item stands."""
    if item.state != "open":
        return "Closed or withdrawn"
    if item.due_at is None:
        return "Waiting"
    return "Late" if is_late(context, item) else "On time"


def whole_words(item: Item) -> list[Text]:
    """What the resident said, where the card of the item cuts it."""
    return [Text(item.what)] if len(item.what) > ON_CARD else []


def short(text: str) -> str:
    """The beginning of a text, in one line."""
    return cut(" ".join(text.split()), LINE)


def state_words(context: Context, item: Item) -> str:
    """The state in words."""
    if item.waits_for:
        until = f" until {context.spoken_day(item.waits_until)}" if item.waits_until else ""
        return f"waiting for {dict(WAITS_FOR).get(item.waits_for, item.waits_for)}{until}"
    if item.state == "open" or item.closed_at is None:
        return item.state
    copy = f" as a duplicate of {item.original}" if item.original else ""
    return f"{item.state}{copy} by {context.name(item.closed_by)} on {context.spoken(item.closed_at)}"


def category_name(city: City, item: Item) -> str:
    known = city.categories.get(item.category)
    return known.name if known else item.category
