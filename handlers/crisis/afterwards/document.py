"""Crisis document: the report of a crisis, drafted from the record, and sent to the leader when it is over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from typing import TYPE_CHECKING

from handlers.crisis.afterwards.carried import actions_of
from handlers.crisis.board import REPORT, after_buttons
from handlers.crisis.calling.pages import ANSWERS
from handlers.crisis.choice import which_crisis
from handlers.crisis.here import crisis_here
from handlers.crisis.leading import leader
from handlers.crisis.levels import level_name, scenario_name
from handlers.crisis.record import stamped
from handlers.crisis.to_many import tell_all
from handlers.kit.anonymous import without_contacts
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_report_section
from handlers.kit.errors import UserError
from handlers.kit.events import ACTION_CHANGED, CRISIS_OVER, on
from handlers.kit.forms import Form, Reference, ask
from handlers.kit.lists import counted, ended
from handlers.kit.messages import Card, File, Note, Text
from handlers.kit.parts import Broken, missing_line
from handlers.kit.pieces import Write
from handlers.kit.registry import command, timer
from storage.actions.events import How
from storage.actions.records import Action
from storage.crisis.records import Crisis

if TYPE_CHECKING:
    from handlers.kit.document import Document

DRAFT = "crisis.draft-report"  # a timer of its own, so that ending a crisis never waits for a document
AFTER = timedelta(minutes=15)  # by then the first people who came have rated how it was handled


def newest_crisis(context: Context, ref: str | None, *, taken: bool = True) -> Crisis:
    """Find the crisis to look back on: the named one, else the one in whose room this was said, else the one that began
    last, whether it is over or not.

    Raises UserError when there is none.
    """
    newest = None if ref else crisis_here(context) or context.store.crisis.records.newest()
    if not ref and newest is None:
        raise UserError("There has been no crisis yet.")
    return which_crisis(context, ref or (newest.ref if newest else None), taken=taken)


def draft(context: Context, crisis: Crisis) -> File:
    """Write the report from the present record, as a Word file. It is a draft, without phone numbers and addresses."""
    from handlers.kit.document import Document  # slow to import, and few people ask for a report

    title = f"DRAFT: {'DRILL, ' if crisis.drill else ''}{crisis.ref} {crisis.what}"
    paper = Document(title, context.city.name, context.now, words=without_contacts)
    paper.text(
        f"Drafted from the record on {context.calendar.spoken(context.now)}. Please read and complete it before "
        "you hand it on. Phone numbers and e-mail addresses are left out."
    )
    if crisis.drill:
        paper.text("This was a drill. It is not counted in any figures.")
    for part in sorted(catalogue.crisis_report_sections.values(), key=lambda chapter: (chapter.order, chapter.name)):
        begun = paper.so_far()
        if isinstance(context.apart(f"chapter {part.name}", partial(part.function, context, crisis, paper)), Broken):
            paper.cut(begun)
            paper.text(missing_line(part.name))
    return File(name=f"{crisis.ref.lower()}-draft-report-{context.today}.docx", data=paper.data())


def report_card(context: Context, crisis: Crisis) -> Card:
    """The draft as a card: what is still missing in it, and what comes next."""
    lacks = "" if crisis.lessons else " The cause and the lessons are still missing from the report."
    open_still = "" if crisis.is_open else f" It ended on {context.calendar.spoken(crisis.closed_at or context.now)}."
    says = Text(f"{ended(crisis.what)}{open_still}{lacks}{_to_do(context, crisis)}")
    note = Note("It is a draft: read it before you hand it on. Draft it again whenever something was added.")
    card = Card(f"{crisis.ref}: a draft of the report", says, draft(context, crisis))
    return stamped(crisis, card.with_words(*(() if crisis.is_open else (after_buttons(crisis, but=REPORT),)), note))


def _to_do(context: Context, crisis: Crisis) -> str:
    """How many of the actions about a crisis are open, as a sentence; nothing where there were none."""
    found = actions_of(context, crisis)
    left = sum(action.state == "open" for action in found)
    if not found:
        return ""
    return f" Still open: {counted(left, 'action')}." if left else " All actions are done."


class WhichCrisis(Form):
    crisis: Reference | None = ask("Which crisis?", default=None, max_length=20, hint="If empty, the newest one.")


@command(
    "crisis document",
    sends="Draft it",
    asks=WhichCrisis,
    needs="crisis.export",
    reads_only=True,
    example="/crisis document CR-2026-01",
)
def show_document(request: Request, form: WhichCrisis) -> Card:
    """Draft the report."""
    crisis = newest_crisis(request, form.crisis, taken=False)
    request.row_first(crisis.ref, format="docx")
    return report_card(request, crisis)


@on(CRISIS_OVER)
def have_it_drafted(context: Context, crisis: Crisis) -> None:
    """Draft the report soon after the crisis is over."""
    context.schedule(DRAFT, crisis.ref, context.now + AFTER)


@on(ACTION_CHANGED)
def have_it_drafted_again(context: Context, action: Action, how: How, _by: str) -> None:
    """Draft the report again when the last action about a crisis that is over, or about one from which it goes on, is
    done or dropped."""
    records = context.store.crisis.records
    crisis = records.find(action.about) if action.about and how in ("done", "dropped") else None
    while crisis is not None:
        if not crisis.is_open and all(known.state != "open" for known in actions_of(context, crisis)):
            context.reschedule(DRAFT, crisis.ref, context.now + AFTER)
        crisis = records.goes_on_as(crisis.ref)


@timer(DRAFT, counts_seconds=True, prepared=True)
def send_draft(context: Context, subject: str, _step: int) -> Write | None:
    """Send the draft to the person who led the crisis, and to the city manager."""
    crisis = context.store.crisis.records.find(subject)
    return partial(_send, report_card(context, crisis), crisis) if crisis else None


def _send(card: Card, crisis: Crisis, context: Context) -> None:
    context.audit(crisis.ref, drafted=True)
    managers = [person.id for person in context.city.with_role("city_manager")]
    tell_all(context, crisis, context.duties.each([leader(context, crisis), *managers]), card)


@crisis_report_section("facts", order=10)
def facts(context: Context, crisis: Crisis, document: "Document") -> None:
    """What the crisis was; who raised, declared, confirmed and ended it, and when."""
    document.heading("What happened")
    rows = [
        ("Where", crisis.where or "not said"),
        ("What kind", f"{scenario_name(context.city, crisis) or 'not said'}{', a drill' if crisis.drill else ''}"),
        ("Level", level_name(context.city, crisis.level)),
        ("Raised (T0)", _who(context, crisis.created_by, crisis.created_at)),
        ("Declared", _who(context, crisis.declared_by, crisis.declared_at)),
        ("Confirmed", _confirmed(context, crisis)),
        ("Stand-down requested", _who(context, crisis.ending_by, crisis.ending_at)),
        ("Stood down", _who(context, crisis.closed_by, crisis.closed_at)),
        ("Why it is over", "It is not over." if crisis.is_open else crisis.reason or "not said"),
        ("How long", took(crisis.created_at, crisis.closed_at or context.now)),
    ]
    document.table(("What", crisis.what), rows, (1, 3))


@crisis_report_section("response times", order=20)
def response_times(context: Context, crisis: Crisis, document: "Document") -> None:
    """How long after T0 the team answered, the crisis was confirmed and the city was told."""
    pages = context.store.crisis.pages.of(crisis.ref)
    answered = sorted(page.first_answered_at for page in pages if page.first_answered_at)
    begun = crisis.created_at
    document.heading("Response times")
    middle = (
        begun + timedelta(seconds=median((moment - begun).total_seconds() for moment in answered)) if answered else None
    )
    confirmed = took(begun, crisis.confirmed_at) if crisis.confirmed_at else "not confirmed"
    rows = [
        ("First answer", took(begun, answered[0]) if answered else "nobody answered"),
        ("Median of the answers", took(begun, middle) if middle else "nobody answered"),
        ("Confirmed", confirmed),
        ("City told", confirmed if crisis.confirmed_at and not crisis.drill else "not told"),
    ]
    document.table(("Since T0", "It took"), rows, (1, 3))
    each = [
        (
            context.name(page.person),
            context.calendar.spoken(page.paged_at),
            str(page.times),
            ANSWERS.get(page.answer or "", "no answer"),
            took(begun, page.first_answered_at) if page.first_answered_at else "",
        )
        for page in pages
    ]
    if each:
        document.table(("Who", "First paged", "Pages", "Last answer", "First answer after"), each, (3, 2, 1, 3, 2))


@crisis_report_section("links", order=85)
def linked(context: Context, crisis: Crisis, document: "Document") -> None:
    """The linked risks and feedback; feedback only by reference, so that no resident's words are shown."""
    found = context.store.links.of(crisis.ref)
    if not found:
        return
    document.heading("Linked with")
    document.items([_linked(context, link.ref, link.is_origin) for link in found])


def _linked(context: Context, ref: str, is_origin: bool) -> str:
    risk = context.store.risk.records.find(ref) if ref.startswith("R-") else None
    due = f", to be reviewed on {risk.review_on}" if risk and risk.review_on and risk.state == "open" else ""
    what = f": {risk.title} ({risk.state}{due})" if risk else ""
    return f"{ref}, {'from which it came' if is_origin else 'which was made from it'}{what}"


def _confirmed(context: Context, crisis: Crisis) -> str:
    said = _who(context, crisis.confirmed_by, crisis.confirmed_at)
    if not crisis.alone:
        return said
    return f"{said}, ALONE. Reviewed afterwards: {_who(context, crisis.reviewed_by, crisis.reviewed_at)}"


def _who(context: Context, person: str | None, at: datetime | None) -> str:
    return f"{context.name(person)}, {context.calendar.local(at):%Y-%m-%d %H:%M:%S}" if person and at else "nobody"


def took(begun: datetime, until: datetime) -> str:
    """Write how long something took: 40 s, 4 min 10 s, 3 h 5 min, 2 d 3 h."""
    seconds = int((until - begun) / timedelta(seconds=1))
    parts: Sequence[tuple[int, str]] = (
        (seconds // 86400, "d"),
        (seconds // 3600 % 24, "h"),
        (seconds // 60 % 60, "min"),
        (seconds % 60, "s"),
    )
    first = next((place for place, (count, _) in enumerate(parts) if count), len(parts) - 1)
    return " ".join(f"{count} {unit}" for count, unit in parts[first : first + 2] if count) or "0 s"
