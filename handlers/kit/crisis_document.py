"""Crisis report: the crisis one looks back on, and its report, of the chapters that each feature writes."""

from functools import partial

from handlers.kit.anonymous import without_contacts
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from handlers.kit.crisis import after_buttons, stamped
from handlers.kit.crisis_choice import which_crisis
from handlers.kit.errors import UserError
from handlers.kit.messages import Card, File, Note, Text
from handlers.kit.parts import Broken, missing_line
from storage.crises import Crisis


def newest_crisis(context: Context, ref: str | None, *, taken: bool = True) -> Crisis:
    """The crisis meant when one looks back: the named one, else the one that began last, over or not.

    Raises UserError when there is none.
    """
    newest = None if ref else context.store.crises.newest()
    if not ref and newest is None:
        raise UserError("There was no crisis yet.")
    return which_crisis(context, ref or (newest.ref if newest else None), taken=taken)


def draft(context: Context, crisis: Crisis) -> File:
    """The report as the record stands, as a Word file. It is a draft, and has no telephone number and no address."""
    from handlers.kit.document import Document  # Word's library takes a while, and few ask for a report

    title = f"DRAFT: {'DRILL, ' if crisis.drill else ''}{crisis.ref} {crisis.what}"
    paper = Document(title, context.city.name, context.now, words=without_contacts)
    paper.text(
        f"Drafted from the record on {context.city.calendar.spoken(context.now)}. Please read and complete it before "
        "you hand it on. Telephone numbers and e-mail addresses are left out."
    )
    if crisis.drill:
        paper.text("This was a drill. It counts in no figures.")
    for one in sorted(catalogue.chapters.values(), key=lambda chapter: (chapter.order, chapter.name)):
        begun = paper.so_far()
        if isinstance(context.apart(f"chapter {one.name}", partial(one.function, context, crisis, paper)), Broken):
            paper.cut(begun)
            paper.text(missing_line(one.name))
    return File(name=f"{crisis.ref.lower()}-draft-report-{context.today}.docx", data=paper.data())


def report_card(context: Context, crisis: Crisis) -> Card:
    """The draft as a card: what it lacks still, and what comes next."""
    lacks = "" if crisis.lessons else " The cause and the lessons are not in it yet."
    open_still = (
        "" if crisis.is_open else f" It was over on {context.city.calendar.spoken(crisis.closed_at or context.now)}."
    )
    says = Text(f"{crisis.what}.{open_still}{lacks}")
    note = Note("It is a draft: read it before you hand it on. Draft it again whenever something was added.")
    card = Card(f"{crisis.ref}: a draft of the report", says, draft(context, crisis))
    return stamped(crisis, card.with_words(*(() if crisis.is_open else (after_buttons(crisis),)), note))
