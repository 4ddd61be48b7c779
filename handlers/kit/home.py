"""Home: what waits for somebody, as one card: on their home page where a platform has one, and wherever they ask."""

from collections.abc import Iterable

from handlers.kit.calendar import spoken_date
from handlers.kit.context import Context
from handlers.kit.facts import Person
from handlers.kit.messages import Button, Buttons, Card, Note, Row, Text, Word
from handlers.kit.registry import catalogue
from storage.risks import Risk

CHANNEL = "home"  # where a home page hangs; its remote id is the account it belongs to
SHOWN = 10  # lines of each kind; the rest is counted
LINE = 80  # characters of what a resident said


def home_card(context: Context, person: Person) -> Card:
    """Pages without an answer, their own risks, what their department has to answer, and the usual commands."""
    waiting = [*_pages(context, person), *_risks(context, person), *_feedback(context, person)]
    usual = [Button.say(one.help.rstrip("."), one.name) for one in catalogue.usual(person.all_roles)]
    return Card(
        "What waits for you",
        *(waiting or [Text("Nothing waits for you.")]),
        Buttons(*usual, Button.say("Everything I can do", "help")),
        Note(f"As of {context.city.calendar.spoken(context.now)}."),
    )


def refresh_homes(context: Context, persons: Iterable[str | None]) -> None:
    """Bring the home pages of these people up to date, as far as they have one."""
    refs = {home_ref(person): person for person in persons if person}
    for ref in context.store.posts.known(refs):
        try:
            person = context.person_named(refs[ref])
        except KeyError:  # the city has forgotten them; nobody reads that page
            continue
        context.refresh(ref, home_card(context, person))


def home_ref(person: str) -> str:
    """What a home page is about."""
    return f"home {person}"


def _pages(context: Context, person: Person) -> list[Word]:
    words: list[Word] = []
    for crisis in context.store.crises.unanswered(person.id):
        words += [
            Text(f"Crisis {crisis.ref}: you are needed. {crisis.what}"),
            Buttons(
                Button("On my way", "crisis.coming", crisis.ref, style="primary"),
                Button("I cannot come", "crisis.cannot", crisis.ref),
            ),
        ]
    return words


def _risks(context: Context, person: Person) -> list[Word]:
    risks = context.store.risks.owned_by(person.id)
    if not risks:
        return []
    rows = [Row(_risk_line(context, risk), Button.say("Show", f"risk show {risk.ref}")) for risk in risks[:SHOWN]]
    return [Text(f"Your open risks: {len(risks)}, the nearest review first"), *rows, *_rest(len(risks), "risk list")]


def _risk_line(context: Context, risk: Risk) -> str:
    when = "no date"
    if risk.review_on:
        late = risk.review_on < context.today
        when = f"{'review was due' if late else 'review'} {spoken_date(risk.review_on)}"
    return f"{risk.ref} {risk.title} (score {risk.score}, {when})"


def _feedback(context: Context, person: Person) -> list[Word]:
    categories = [
        one.id for one in context.city.categories.values() if person in context.city.in_department(one.department)
    ]
    items, count = context.store.feedback.open_about(categories, SHOWN)
    if not count:
        return []
    rows = [Row(f"{item.ref} {_short(item.what)}", Button.say("Show", f"feedback show {item.ref}")) for item in items]
    return [
        Text(f"Feedback for your department: {count}, the longest waiting first"),
        *rows,
        *_rest(count, "feedback list"),
    ]


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LINE else f"{line[: LINE - 1]}…"


def _rest(count: int, command: str) -> list[Word]:
    return [Note(f'And {count - SHOWN} more. Write "{command}" to see all.')] if count > SHOWN else []
