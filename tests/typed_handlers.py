"""Typed handlers: functions that do not fit their decorator, each of which the type checker must refuse.

mypy reads this file as it reads every test. Each mistake stands behind a ``type: ignore``; an ignore that ignores
nothing is an error itself (warn_unused_ignores), so that a decorator that accepts anything again is noticed. Nobody
imports it.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from handlers.crisis.drawn import drawn_in_crisis
from handlers.kit.city.model import City
from handlers.kit.city.people import Person
from handlers.kit.context import Context, Request, Sending
from handlers.kit.contributions import (
    before_send,
    crisis_board_section,
    crisis_handover_section,
    crisis_report_section,
    drawn,
    health_check,
    held,
    late,
    menu,
    morning_section,
    morning_sentence,
    needed,
    on_message_changed,
    on_seen,
    on_sent,
    on_undelivered,
    record_buttons,
    record_section,
    suggests,
    todo,
    understands,
)
from handlers.kit.events import CRISIS_OVER, RISK_ADDED, emit, on
from handlers.kit.forms import Form, OpenForm, ask
from handlers.kit.held import Held
from handlers.kit.listing import Listing
from handlers.kit.messages import Button, Buttons, Card, Text, Word
from handlers.kit.pieces import Piece, Write
from handlers.kit.registry import action, command, listing, reference, routine, sheet, timer
from handlers.kit.sentence import Sentence
from handlers.kit.sheets.writing import Cell
from handlers.kit.values import Carried, read
from handlers.kit.waiting import Waiting
from storage.chat.outbox import OutboxRow
from storage.crisis.records import Crisis
from storage.risk.records import Risk


class Asked(Form):
    what: str = ask("What is it?")


class Other(Form):
    else_: str = ask("And else?")


@dataclass(frozen=True)
class RowOf(Carried):
    row: int


@dataclass(frozen=True)
class SeatOf(Carried):
    seat: str


def _of_a_city(_city: City) -> type[Asked]:
    return Asked


def _of_a_row(_city: City, value: RowOf) -> type[Asked]:
    return Asked


def _filled_by_row(request: Request, value: RowOf) -> Mapping[str, str]:
    return {}


# What fits.


@command("typed plain", needs="help")
def plain(request: Request) -> Card:
    return Card(request.person.name)


@command("typed asks", needs="help", asks=Asked)
def asks(request: Request, form: Asked) -> Card | OpenForm:
    return Card(form.what)


@command("typed city", needs="help", asks=_of_a_city)
def asks_by_city(request: Request, form: Asked) -> Card:
    return Card(form.what)


@action("typed.press", needs="help")
def press(request: Request, value: str) -> Card | None:
    return None


@action("typed.fill", needs="help", asks=Asked)
def fill(request: Request, value: str, form: Asked) -> Card:
    return Card(form.what)


@action("typed.row", needs="help", carries=RowOf)
def press_row(request: Request, value: RowOf) -> Card:
    return Card(str(value.row), Buttons(Button("Row", "typed.row", value)))


@action("typed.fill-row", needs="help", carries=RowOf, asks=Asked, prefill=_filled_by_row)
def fill_row(request: Request, value: RowOf, form: Asked) -> Card:
    return Card(form.what)


@action("typed.vary", needs="help", carries=RowOf, asks=_of_a_row, varies=True)
def fill_varying(request: Request, value: RowOf, form: Asked) -> Card:
    return Card(form.what)


@action("typed.open-row", needs="help", carries=RowOf, opens_form=True)
def open_row(request: Request, value: RowOf) -> OpenForm:
    return OpenForm("typed asks")


@listing("typed.page", needs="help")
def lists(request: Request, about: str) -> Listing | Card:
    return Card(about) if about else Listing(Card("Typed"), 0, lambda offset, limit: [])


def answers_with_the_first_page(request: Request) -> Card:
    return lists(request, "pumps")


@routine("typed-in-pieces", at="07:30", on="Mondays", to="admin", in_pieces=True)
def gives_pieces(sending: Sending) -> Iterator[Piece]:
    yield Piece(sending.person, lambda written: Card(written.person))


@timer("typed.draft", prepared=True)
def prepares(context: Context, subject: str, step: int) -> Write | None:
    return (lambda written: written.audit(subject)) if subject else None


# What does not.


@action("typed.text-of-row", needs="help", carries=RowOf)  # type: ignore[arg-type]
def takes_text(request: Request, value: str) -> Card:
    return Card(value)


@action("typed.row-nobody-reads", needs="help")  # type: ignore[arg-type]
def takes_what_nobody_reads(request: Request, value: RowOf) -> Card:
    return Card("")


@action("typed.seat", needs="help", carries=RowOf)  # type: ignore[arg-type]
def takes_another_kind(request: Request, value: SeatOf) -> Card:
    return Card(value.seat)


@action("typed.fill-seat", needs="help", carries=RowOf, asks=Asked)  # type: ignore[arg-type]
def fills_about_another_kind(request: Request, value: SeatOf, form: Asked) -> Card:
    return Card(form.what)


@action("typed.fill-row-of-seat", needs="help", carries=SeatOf, asks=Asked, prefill=_filled_by_row)  # type: ignore[arg-type]
def is_filled_by_another_kind(request: Request, value: SeatOf, form: Asked) -> Card:
    return Card(form.what)


@action("typed.vary-by-row", needs="help", carries=SeatOf, asks=_of_a_row, varies=True)  # type: ignore[call-overload, untyped-decorator]
def varies_by_another_kind(request: Request, value: SeatOf, form: Asked) -> Card:
    return Card(form.what)


@action("typed.open-seat", needs="help", carries=RowOf, opens_form=True)  # type: ignore[arg-type]
def opens_by_another_kind(request: Request, value: SeatOf) -> OpenForm:
    return OpenForm("typed asks")


def carries_a_bare_number() -> Button:
    return Button("Row", "typed.row", 7)  # type: ignore[arg-type]


def is_of_another_field() -> Button:
    return Button("Row", "typed.row", RowOf(seat="ops"))  # type: ignore[call-arg]


def is_of_another_type() -> Button:
    return Button("Row", "typed.row", RowOf("7"))  # type: ignore[arg-type]


def reads_another_kind() -> SeatOf:
    return read(RowOf, "7")  # type: ignore[return-value]


@command("typed form", needs="help", asks=Asked)  # type: ignore[arg-type]
def takes_no_form(request: Request) -> Card:
    return Card("")


@command("typed other", needs="help", asks=Asked)  # type: ignore[arg-type]
def takes_another_form(request: Request, form: Other) -> Card:
    return Card("")


@command("typed too much", needs="help")  # type: ignore[arg-type]
def takes_a_form_nobody_fills(request: Request, form: Asked) -> Card:
    return Card("")


@command("typed says", needs="help")  # type: ignore[type-var]
def says_text(request: Request) -> str:
    return ""


@command("typed nothing", needs="help")  # type: ignore[type-var]
def says_nothing(request: Request) -> Card | None:
    return None


@action("typed.no-value", needs="help")  # type: ignore[arg-type]
def takes_no_value(request: Request) -> Card:
    return Card("")


@action("typed.number", needs="help")  # type: ignore[arg-type]
def takes_a_number(request: Request, value: int) -> Card:
    return Card("")


@action("typed.other-form", needs="help", asks=Asked)  # type: ignore[arg-type]
def fills_another_form(request: Request, value: str, form: Other) -> Card:
    return Card("")


@timer("typed.timer")  # type: ignore[type-var]
def takes_no_step(context: Context, subject: str) -> None:
    return None


@routine("typed-routine", at="07:30", on="Mondays", to="admin")  # type: ignore[type-var]
def takes_a_request(request: Request) -> Card:
    return Card("")


@routine("typed-says", at="07:30", on="Mondays", to="admin")  # type: ignore[type-var]
def sends_text(sending: Sending) -> str:
    return ""


@routine("typed-whole", at="07:30", on="Mondays", to="admin", in_pieces=True)  # type: ignore[type-var]
def sends_all_at_once(sending: Sending) -> Card:
    return Card("")


@routine("typed-cut", at="07:30", on="Mondays", to="admin")  # type: ignore[type-var]
def gives_pieces_unasked(sending: Sending) -> list[Piece]:
    return []


def writes_with_a_request(request: Request) -> None:
    return None


def is_written_by_another() -> Piece:
    return Piece("sam", writes_with_a_request)  # type: ignore[arg-type]


@timer("typed.prepared", prepared=True)  # type: ignore[type-var]
def prepares_a_card(context: Context, subject: str, step: int) -> Card:
    return Card("")


@timer("typed.unprepared")  # type: ignore[type-var]
def prepares_unasked(context: Context, subject: str, step: int) -> Write:
    return lambda context: None


@reference("T-", show="typed show")  # type: ignore[type-var]
def takes_nobody(context: Context, ref: str) -> str:
    return ref


@sheet("typed", row=Asked, needs="help")  # type: ignore[type-var]
def gives_one_row(context: Context) -> Mapping[str, Cell]:
    return {}


@todo("typed")  # type: ignore[type-var]
def waits_for_one(context: Context, person: Person) -> Waiting:
    return Waiting("", [])


@held("typed", holders=lambda context: [], move=lambda request, thing, to: None)  # type: ignore[type-var]
def holds_of_one(context: Context, person: Person) -> list[Held]:
    return []


@listing("typed.rows", needs="help")  # type: ignore[arg-type]
def lists_texts(request: Request, about: str) -> list[str]:
    return [about]


@listing("typed.number-page", needs="help")  # type: ignore[arg-type]
def lists_by_number(request: Request, number: int) -> Listing:
    return Listing(Card("Typed"), number, lambda offset, limit: [])


@record_section("typed", "R-")  # type: ignore[type-var]
def adds_a_text(context: Context, ref: str) -> str:
    return ref


@suggests("typed")  # type: ignore[type-var]
def suggests_words(request: Request) -> list[Word]:
    return []


@understands("typed")  # type: ignore[type-var]
def understands_a_card(request: Request, sentence: Sentence) -> Card:
    return Card(sentence.text)


@late("typed", way="typed list")  # type: ignore[type-var]
def says_what_is_late(context: Context, most: int) -> list[Text]:
    return []


@menu("typed")  # type: ignore[type-var]
def has_a_menu_of_buttons(request: Request) -> list[Button]:
    return []


@needed("typed")  # type: ignore[type-var]
def names_who_needs_it(request: Request) -> str:
    return ""


@record_buttons("typed", "R-")  # type: ignore[type-var]
def offers_words(context: Context, ref: str) -> list[Word]:
    return []


@crisis_board_section("typed")  # type: ignore[type-var]
def shows_text(context: Context, crisis: Crisis) -> Card:
    return Card("")


@crisis_report_section("typed")  # type: ignore[type-var]
def writes_nowhere(context: Context, crisis: Crisis) -> None:
    return None


@crisis_handover_section("typed")  # type: ignore[type-var]
def briefs_words(context: Context, crisis: Crisis) -> list[Word]:
    return []


@health_check("typed")  # type: ignore[type-var]
def watches_whether(context: Context) -> bool:
    return True


@on_undelivered("T-")  # type: ignore[type-var]
def hears_no_reason(context: Context, row: OutboxRow) -> None:
    return None


@on_sent("T-")  # type: ignore[type-var]
def hears_a_reason(context: Context, row: OutboxRow, why: str) -> None:
    return None


@before_send("T-")  # type: ignore[type-var]
def wants_a_reference(context: Context, ref: str) -> bool:
    return True


@drawn("typed")  # type: ignore[type-var]
def draws_nothing(context: Context, refs: Collection[str]) -> None:
    return None


@action("typed.no-form", needs="help", opens_form=True)  # type: ignore[type-var]
def opens_no_form(request: Request, value: str) -> Card:
    """It says that it opens a form, and answers with a card."""
    return Card(value)


@on(RISK_ADDED)
def hears_of_a_risk(request: Request, risk: Risk) -> None:
    """What only people bring about is given as a request."""


def logs_a_risk_by_itself(context: Context, risk: Risk) -> None:
    emit(RISK_ADDED, context, risk)  # type: ignore[misc]


@on(CRISIS_OVER)  # type: ignore[arg-type]
def needs_a_person(request: Request, crisis: Crisis) -> None:
    """A crisis is over also by itself."""


@on_seen("typed")  # type: ignore[type-var]
def sees_nothing(request: Request) -> None:
    return None


@on_message_changed("typed")  # type: ignore[type-var]
def hears_no_words(context: Context, key: str) -> None:
    return None


@morning_sentence("typed")  # type: ignore[type-var]
def says_two(context: Context) -> list[str]:
    return []


@drawn_in_crisis("typed")  # type: ignore[type-var]
def draws_no_crisis(context: Context, ref: str) -> Card:
    return Card(ref)


@on(CRISIS_OVER)  # type: ignore[arg-type]
def hears_of_a_day(context: Context, day: date) -> None:
    """The event is about a crisis."""


def says_that_a_day_is_over(context: Context) -> None:
    emit(CRISIS_OVER, context, context.today)  # type: ignore[arg-type]


@morning_section("typed", order=1)  # type: ignore[type-var]
def says_a_sentence(context: Sending, since: datetime) -> str:
    """A section is asked for."""
    return "It is quiet."
