"""Crisis card: one page to print: whom to call, what to do in the first 24 hours, and how to work without chat."""

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import TYPE_CHECKING

from handlers.crisis.contacts import Known, contact_name, known_right
from handlers.kit.anonymous import anonymous
from handlers.kit.city.contacts import Contact
from handlers.kit.context import Context, Request
from handlers.kit.messages import Card, File, Note, Text
from handlers.kit.registry import command

if TYPE_CHECKING:
    from handlers.kit.document import Document

FILE = "crisis-card.docx"  # always the same name, so that a new card replaces the old one
EMERGENCY = "the emergency number"  # where contacts.toml names none
ROOM = 63  # lines on the page, without the title, the headings and the gaps
WIDE, EDGE = 104, 3  # characters in a line of the widest usual font, and the width of a cell's edges in characters
LEAST_RISKS, MOST_STEPS, MOST_LEVELS = 3, 14, 10  # lines: at least for risks, at most for the others
CALL, CALL_WIDTHS = ("Role", "Who", "Phone", "E-mail", "Confirmed"), (9, 8, 4.5, 9, 6)
PLAN, PLAN_WIDTHS = ("Done", "Step", "Who", "Within"), (2, 14, 8, 3)
LINE = (1,)
MARK = "#f9d77e"
IN_ORDER = "The person you reach calls the next one."
NO_ORDER = "Call whom you know. The person you reach calls the next one."
WITHOUT_CHAT = (
    'On the bot\'s machine: python -m bot say <your id> "crisis activate <what>; level 2". "crisis status", '
    '"crisis log <what you saw>" and "crisis rollcall" work like it.',
    "In a browser there, when the bot was started with DESK=on: http://127.0.0.1:8080 (or the PORT set in .env)",
    f"This page is on that machine too, new every night: {FILE} in the folder SHELF_DIR (data/shelf).",
)

Rows = Sequence[Sequence[str]]


def crisis_card(context: Context) -> Card:
    """The card with the page as a file; where a list is too long for one page, it is cut and says so."""
    known = known_right(context)
    stale = sum(contact.is_stale for contact in known.values())
    return Card(
        f"Crisis card of {context.city.name}",
        Text(
            "One page to print: whom to call, the first 24 hours, the worst open risks, and how to work without chat."
        ),
        *((Text(f"Numbers that nobody has confirmed for a quarter: {stale}. They are marked."),) if stale else ()),
        File(name=FILE, data=_page(context, _call(context, known))),
        Note("It holds phone numbers: keep the file, and any link to it, among those who need it."),
    )


def _page(context: Context, call: Rows) -> bytes:
    from handlers.kit.document import Document  # slow to import, and few people ask for a card

    city = context.city
    chat = [(line,) for line in WITHOUT_CHAT]
    steps, levels = _fitting(_plan(context), PLAN_WIDTHS, MOST_STEPS), _fitting(_levels(context), LINE, MOST_LEVELS)
    room = ROOM - _height(steps, PLAN_WIDTHS) - _height(levels, LINE) - _height(chat, LINE)
    called = _fitting(call, CALL_WIDTHS, room - LEAST_RISKS)
    risks = _risks(context)
    written = f"{context.calendar.spoken_date(context.today)}, {city.calendar.clock(context.now)}"
    paper = Document("Crisis card", city.name, context.now, small=True)
    paper.heading(f"1. Somebody is in danger: call {city.contacts.emergency or EMERGENCY} first")
    paper.text(f"{city.name}, written {written}. What is marked has not been confirmed for a quarter.")
    paper.heading("2. Then call in this order")
    paper.text(IN_ORDER if call else NO_ORDER)
    if call:
        paper.table(CALL, called, CALL_WIDTHS, {row[-1]: MARK for row in called if row[-1].endswith("CHECK")})
    _rest(paper, call, called, "city contacts", none="Nobody yet. Add them to contacts.toml, the first to call first.")
    paper.heading(city.crisis.window[0].name if steps else "The first hours")
    if steps:
        paper.table(PLAN, steps, PLAN_WIDTHS)
    _rest(paper, steps, steps, "crisis plan", none="No plan yet. Add its steps to crisis.toml.")
    paper.heading("Levels")
    paper.items([line for (line,) in levels])
    paper.heading(f"Open risks, {city.risks.announced_words}")
    shown = _fitting(risks, LINE, room - _height(called, CALL_WIDTHS))
    paper.items([line for (line,) in shown])
    _rest(paper, risks, shown, "risk list", none="None.")
    paper.heading("When chat is down")
    paper.items([line for (line,) in chat])
    return paper.data()


def _call(context: Context, known: Mapping[str, Known]) -> Rows:
    return [
        (
            f"{place}. {contact.role}",
            contact_name(context, contact),
            contact.phone,
            contact.email or "",
            _since(context, known[contact.id]),
        )
        for place, contact in enumerate(in_order(context.city.contacts.contact), start=1)
    ]


def in_order(contacts: Iterable[Contact]) -> list[Contact]:
    """The city's own in the order of the phone tree, then the quick reference: whom experts are asked for."""
    return sorted(contacts, key=lambda contact: contact.quick)


def _since(context: Context, known: Known) -> str:
    on = context.calendar.spoken_date(known.on).partition(" ")[2] if known.on else "never"  # without the weekday
    return f"{on}, CHECK" if known.is_stale else on


def _plan(context: Context) -> Rows:
    roles = context.city.crisis.roles
    return [
        ("", step.name, roles[step.role].name, f"{step.due_hours} h")
        for window in context.city.crisis.window[:1]
        for step in window.step
    ]


def _levels(context: Context) -> Rows:
    return [
        (f"{number}, {level.name}: {level.threshold}",)
        for number, level in enumerate(context.city.crisis.level, start=1)
    ]


def _risks(context: Context) -> Rows:
    """Open risks that were announced, the worst first; the page may be printed, so they name no people."""
    city = context.city
    return [
        (f"{risk.ref} {anonymous(city, risk.title)} ({city.risks.level_of(*risk.standing).name}, {risk.score})",)
        for risk in context.store.risk.records.high(city.risks.lowest_announced)
        if city.risks.announces(*risk.standing)
    ]


def _height(rows: Rows, widths: Sequence[float]) -> int:
    """How many lines the rows take; a cell may need several."""
    return sum(
        max(
            1, *(ceil(len(text) / (WIDE * width / sum(widths) - EDGE)) for text, width in zip(row, widths, strict=True))
        )
        for row in rows
    )


def _fitting(rows: Rows, widths: Sequence[float], room: int) -> Rows:
    """The first rows that fit into ``room`` lines."""
    return next(shown for count in range(len(rows), -1, -1) if _height(shown := rows[:count], widths) <= max(room, 0))


def _rest(paper: "Document", rows: Rows, shown: Rows, command: str, *, none: str) -> None:
    """Say how many rows were left out, or that there are none."""
    if not rows:
        paper.text(none)
    elif len(rows) > len(shown):
        paper.text(f"And {len(rows) - len(shown)} more: {command}")


@command("crisis card", needs="contacts.export", reads_only=True)
def get_card(request: Request) -> Card:
    """Get the crisis card."""
    request.row_first("contacts", format="docx")
    return crisis_card(request)
