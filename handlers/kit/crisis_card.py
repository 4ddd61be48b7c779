"""Crisis card: one page to print: whom to call, what to do in the first 24 hours, and how to work without chat."""

from typing import TYPE_CHECKING

from handlers.kit.contacts import contact_name, is_stale
from handlers.kit.context import Context
from handlers.kit.crisis_facts import Contact
from handlers.kit.messages import Card, File, Note, Text
from handlers.kit.risk import level_of

if TYPE_CHECKING:
    from handlers.kit.document import Document

FILE = "crisis-card.docx"  # always the same name, so that the newest one takes the older one's place
MOST_CONTACTS, MOST_RISKS = 24, 6  # so that it stays one page
WITHOUT_CHAT = (
    'On the bot\'s machine: python -m bot say <you> "/crisis activate What; level 2". Everything else works the same, '
    "with say. With DESK=on the desk opens in a browser on that machine: http://127.0.0.1:8080.",
)


def crisis_card(context: Context) -> Card:
    """The page as a file."""
    from handlers.kit.document import Document  # Word's library takes a while, and few ask for a card

    title = "Crisis card"
    paper = Document(title, context.city.name, context.now, small=True)
    paper.text(f"As of {context.city.calendar.spoken(context.now)}. Print it, and keep it at hand.")
    _contacts(context, paper)
    _first_window(context, paper)
    _levels_and_risks(context, paper)
    paper.heading("When chat is down")
    paper.items(WITHOUT_CHAT)
    return Card(
        f"{title} of {context.city.name}",
        Text("One page to print: whom to call, the first 24 hours, open high risks, and how to work without chat."),
        File(name=FILE, data=paper.data()),
        Note("A new one is written to the bot's machine every night."),
    )


def _contacts(context: Context, paper: "Document") -> None:
    known = context.city.contacts.contact[:MOST_CONTACTS]
    paper.heading("Whom to call, in this order")
    rows = [(one.role, _who(context, one), one.phone, one.email or "") for one in known]
    paper.table(("Role", "Who", "Phone", "E-mail"), rows, (9, 11, 4, 10))


def _who(context: Context, contact: Contact) -> str:
    stale = " (not confirmed for a quarter)" if is_stale(context, contact) else ""
    return f"{contact_name(context, contact)}{stale}"


def _first_window(context: Context, paper: "Document") -> None:
    for window in context.city.crisis.window[:1]:
        paper.heading(window.name)
        roles = context.city.crisis.roles
        rows = [("", step.name, roles[step.role].name, f"{step.due_hours} h") for step in window.step]
        paper.table(("Done", "Step", "Who", "Within"), rows, (2, 14, 8, 3))
        paper.text(f"It ends when these are answered: {' '.join(window.questions)}")


def _levels_and_risks(context: Context, paper: "Document") -> None:
    paper.heading("Levels")
    levels = enumerate(context.city.crisis.level, start=1)
    paper.items([f"{number}, {level.name}: {level.threshold}" for number, level in levels])
    high = context.store.risks.high(context.city.risks.announce_from)
    paper.heading("Open high risks")
    lines = [f"{one.ref} {one.title} ({level_of(context, one).name}, {one.score})" for one in high[:MOST_RISKS]]
    more = [f"And {len(high) - MOST_RISKS} more: risk list"] if len(high) > MOST_RISKS else []
    paper.items(lines + more or ["None."])
