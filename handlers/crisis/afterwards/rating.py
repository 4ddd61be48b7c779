"""Crisis rating: those who came rate how it was handled, with a number and a line."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from handlers.crisis.choice import which_crisis
from handlers.crisis.events import LEFT
from handlers.crisis.record import stamped
from handlers.kit.context import Context, Request
from handlers.kit.contributions import crisis_report_section
from handlers.kit.errors import UserError
from handlers.kit.events import emit
from handlers.kit.forms import Form, Level, Options, ask
from handlers.kit.messages import Button, Buttons, Card, Heading, Note, Text, Word
from handlers.kit.registry import action
from storage.crisis.ratings import Rating
from storage.crisis.records import Crisis

if TYPE_CHECKING:
    from handlers.kit.document import Document

HOW: Options = (
    ("1", "1 badly"),
    ("2", "2 rather badly"),
    ("3", "3 fairly well"),
    ("4", "4 well"),
    ("5", "5 very well"),
)


class HowItWas(Form):
    rating: Level = ask("How well was it handled?", scale=HOW)
    line: str | None = ask("What is the reason?", default=None, max_length=500, hint="In a line, if you like.")


def rating_words(context: Context, crisis: Crisis) -> dict[str, list[Word]]:
    """The question how a crisis was handled, by person, for those who came; or their answer, which they can change."""
    came = [page.person for page in context.store.crisis.pages.of(crisis.ref) if page.answer == "coming"]
    given = {rating.person: rating for rating in context.store.crisis.ratings.of(crisis.ref)}
    return {person: _question(crisis, given.get(person)) for person in context.duties.not_gone(came)}


def _given(request: Request, value: str) -> dict[str, str]:
    """The rating that this person gave before."""
    before = request.store.crisis.ratings.find(value, request.person.id)
    return {"rating": str(before.rating), "line": before.line or ""} if before else {}


@action("crisis.rate", needs="crisis.answer", asks=HowItWas, prefill=_given)
def rate(request: Request, value: str, form: HowItWas) -> Card:
    """Say how it was handled."""
    crisis = which_crisis(request, value)
    page = request.store.crisis.pages.find(crisis.ref, request.person.id)
    if crisis.is_open or page is None or page.answer != "coming":
        raise UserError(
            f"Only people who came for {crisis.ref} can rate it, once it is over. To tell the team: crisis log"
        )
    given = request.store.crisis.ratings.give(
        crisis.ref, request.person.id, rating=form.rating, line=form.line, at=request.now
    )
    request.audit(crisis.ref, rated=True)
    emit(LEFT, request, crisis, [request.person.id])
    return stamped(crisis, Card(f"{crisis.ref}: thank you", *_question(crisis, given)))


@crisis_report_section("satisfaction", order=75)
def how_it_was(context: Context, crisis: Crisis, document: "Document") -> None:
    """What those who came say about it, and the average."""
    given = context.store.crisis.ratings.of(crisis.ref)
    came = sum(page.answer == "coming" for page in context.store.crisis.pages.of(crisis.ref))
    document.heading("How those who came rate it")
    if not given:
        document.text(f"Nobody has rated it yet. Asked: {came}.")
        return
    document.text(f"{average(given):.1f} on a scale from 1 (badly) to 5 (very well); {len(given)} of {came} rated it.")
    rows = [(context.name(rating.person), dict(HOW)[str(rating.rating)], rating.line or "") for rating in given]
    document.table(("Who", "How it was handled", "Why"), rows, (2, 2, 6))


def average(given: Sequence[Rating]) -> float:
    """The mean of the ratings; there must be at least one."""
    return sum(rating.rating for rating in given) / len(given)


def _question(crisis: Crisis, given: Rating | None) -> list[Word]:
    """The question as it is now: asked, or answered with the button to change the answer."""
    if given is None:
        button = Button("Say how it was", "crisis.rate", crisis.ref)
        why = Note("It takes a moment, and appears in the report with your name.")
        return [Heading("How was it handled?"), Buttons(button), why]
    line = f" {given.line}" if given.line else ""
    change = Buttons(Button("Change it", "crisis.rate", crisis.ref))
    return [Text(f"You said {dict(HOW)[str(given.rating)]}.{line}"), change]
