"""Crisis log: one timeline of what happened, what was decided and what the bot did, the same on every platform."""

from collections.abc import Sequence
from dataclasses import dataclass

from handlers.crisis.choice import WhichCrisis, several, which_crisis
from handlers.crisis.here import crisis_here, meant_here
from handlers.crisis.record import QUOTED, WHICH, entry_text, log_line, room, stamped, tell, when, write
from handlers.kit.context import Context, Request
from handlers.kit.contributions import on_message_changed
from handlers.kit.errors import UserError
from handlers.kit.forms import Form, Options, Reference, ask
from handlers.kit.listing import Listing, filled, pieces
from handlers.kit.messages import Button, Buttons, Card, Note, Row, Text
from handlers.kit.plain import plain_line
from handlers.kit.policy import may
from handlers.kit.registry import command, listing
from handlers.kit.signs import cut
from handlers.kit.values import Carried
from storage.crisis.log import Entry
from storage.crisis.records import Crisis

KINDS: Options = (("said", "It happened"), ("decided", "It was decided"))


@dataclass(frozen=True)
class EntryOf(Carried):
    """A line of the timeline, by its number."""

    crisis: str
    entry: int


class LogEntry(Form):
    text: str = ask("What happened, or what was decided?", long=True)
    kind: str = ask("Is it a decision?", default="said", options=KINDS, hint="If empty, it happened.")
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint=WHICH)


@command(
    "crisis log",
    sends="Add",
    asks=LogEntry,
    needs="crisis.log",
    prefill=meant_here,
    example="/crisis log Pumps are running",
    from_message="Add to crisis timeline",
    quotes=True,
)
def log(request: Request, form: LogEntry) -> Card:
    """Add to the timeline."""
    if asked := several(request, "crisis log", form):
        return asked
    crisis = which_crisis(request, form.crisis)
    _check_new(request, crisis)
    entry = write(
        request,
        crisis,
        form.text,
        by=request.person.id,
        kind=form.kind,
        source=request.source,
        message_key=request.message_key,
    )
    request.audit(crisis.ref, log=entry.id, kind=form.kind)
    _mirror(request, crisis, entry)
    ways = Buttons(Button.say("Show the timeline", f"crisis timeline {crisis.ref}"), correct_button(entry))
    return stamped(crisis, Card(f"Added to the timeline of {crisis.ref}", Text(form.text), ways))


def correct_button(entry: Entry, label: str = "Correct it") -> Button:
    return Button(label, "crisis.log-correct", EntryOf(entry.crisis, entry.id))


def correct_entry(request: Request, crisis: Crisis, wrong: Entry, text: str) -> Entry:
    """Write the right words as a new line, which says what it corrects; the wrong line stays, and says so in the
    room."""
    entry = write(request, crisis, text, by=request.person.id, kind=wrong.kind, corrects=wrong.id)
    request.audit(crisis.ref, log=entry.id, corrects=wrong.id)
    _mirror(request, crisis, entry)
    note = Note(f"{request.person.name} corrected this at {request.calendar.clock(request.now)}: {text}")
    request.refresh(_entry_ref(wrong), _copy(request, crisis, wrong, note))
    return entry


@command(
    "crisis timeline", sends="Show", asks=WhichCrisis, needs="crisis.read", reads_only=True, example="/crisis timeline"
)
def timeline(request: Request, form: WhichCrisis) -> Card:
    """Show the whole timeline."""
    if asked := several(request, "crisis timeline", form):
        return asked
    newest = request.store.crisis.records.newest()
    meant = form.crisis or (
        newest.ref if newest and not (request.store.crisis.records.open() or crisis_here(request)) else None
    )
    return timeline_of(request, which_crisis(request, meant, taken=False).ref)


@listing("crisis.timeline-page", needs="crisis.read")
def timeline_of(request: Request, about: str) -> Listing:
    """Turn a page of the timeline."""
    crisis = which_crisis(request, about, taken=False)
    lines = [line for entry in request.store.crisis.log.of(crisis.ref) for line in _lines(request, entry)]

    def rows(offset: int, limit: int) -> Sequence[Row]:
        return [Row(text) for text in lines[offset : offset + limit]]

    starts = filled([plain_line(text.parts) for text in lines])
    out = may(request.person.all_roles, "crisis.export")
    ways = (
        *((Button("As a spreadsheet", "crisis.timeline-sheet", crisis.ref),) if out else ()),
        Button.say("Add to it", f"crisis log ; crisis {crisis.ref}"),
        Button.say("Correct a line", f"crisis correct {crisis.ref}"),
    )
    return Listing(stamped(crisis, Card(f"{crisis.ref}: timeline")), len(lines), rows, starts, ways)


def _lines(context: Context, entry: Entry) -> list[Text]:
    """An entry as one row, or several if it is longer than a page; the last row links to its message."""
    *most, last = pieces(log_line(context, entry, context.calendar.spoken(entry.at)))
    link = (" ", context.made_of(entry.source)) if entry.source else ()
    return [*map(Text, most), Text(last, *link)]


@on_message_changed("crisis timeline")
def note_the_change(context: Context, key: str, text: str | None) -> None:
    """Note that a message on the timeline was changed or deleted; its line stays as it was."""
    for entry in context.store.crisis.log.of_message(key):
        crisis = context.store.crisis.records.take(entry.crisis)
        if crisis is None or entry.kind not in ("said", "decided"):
            continue
        begun = cut(entry.text, QUOTED)
        became = f"was changed; it now says: {text}" if text is not None else "was deleted. Its line stays."
        kind = "edited" if text is not None else "deleted"
        write(context, crisis, f"The message “{begun}” {became}", kind=kind)
        context.audit(crisis.ref, entry=entry.id, message=kind)
        context.refresh(_entry_ref(entry), _copy(context, crisis, entry, Note(f"The message {became}")))


def _check_new(request: Request, crisis: Crisis) -> None:
    """Raise UserError for a message that is already on the timeline, or that is the bot's own copy of a line."""
    if request.message_key is None:
        return
    for entry in request.store.crisis.log.of_message(request.message_key):
        if entry.crisis == crisis.ref:
            when = request.calendar.spoken(entry.at)
            raise UserError(f"{request.name(entry.person)} added this message to {crisis.ref} already, {when}.")
    about = request.store.chat.posts.ref_of(request.message_key)
    if about and about.startswith(f"{crisis.ref} entry "):
        raise UserError(f"This is a line of the timeline of {crisis.ref} already. Nothing was added.")


def _mirror(request: Request, crisis: Crisis, entry: Entry) -> None:
    """Post the line in the crisis's room, unless the message that it was made from is there already."""
    place = room(crisis)
    is_there = request.message_key is not None and request.stands_in(place)
    for platform in request.platforms_of(place):
        if not (is_there and platform == request.platform):
            tell(request, crisis, place, _copy(request, crisis, entry), ref=_entry_ref(entry), on=platform)


def _copy(context: Context, crisis: Crisis, entry: Entry, *notes: Note) -> Card:
    what = "decided" if entry.kind == "decided" else "on the timeline"
    at = when(context, entry.at)
    return stamped(crisis, Card(f"{at} {context.name(entry.person)}, {what}", Text(entry_text(context, entry)), *notes))


def _entry_ref(entry: Entry) -> str:
    return f"{entry.crisis} entry {entry.id}"
