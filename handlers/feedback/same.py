"""The same feedback: what is open already of one category on one street, or in the same words."""

from collections.abc import Iterable

from handlers.feedback.card import item_line
from handlers.feedback.record import area_of, street_of
from handlers.kit.choose import keep_draft
from handlers.kit.context import Context, Request
from handlers.kit.forms import Form
from handlers.kit.messages import Card
from handlers.kit.same import is_it_the_same
from storage.feedback.items import Item

SHOWN = 3
MOST = 100  # open items of a category in one part of town that are looked at, the newest first
WHY = "Add it, and the resident gets the same answer. Nobody has to look at it twice."


def open_alike(context: Context, category: str, place: str | None) -> list[Item]:
    """What is open of a category on the street of a place, the newest first; nothing where no place is given."""
    area = area_of(context.city, place)
    if place is None or area is None:
        return []
    near = context.store.feedback.records.open_alike(category, area, MOST)
    return [item for item in near if item.place_in_town and street_of(item.place_in_town) == street_of(place)][:SHOWN]


def _told(request: Request, item: Item) -> Iterable[str | None]:
    """What an item says, where it is, and since when it is open."""
    return (
        item_line(request, item),
        item.place_in_town,
        f"logged {request.spoken_day(request.calendar.today(item.created_at))}",
    )


def same_is_open(request: Request, form: Form) -> Card | None:
    """Ask whether it is one of those that are open, before anything is saved; what was typed is kept meanwhile."""
    values = form.values()
    if area := area_of(request.city, values["place"]):
        request.store.turns.take(f"feedback {values['category']} {area}")  # of two at once the second finds the first
    return _ask_which(request, form, open_alike(request, values["category"], values["place"]))


def said_already(request: Request, form: Form) -> Card | None:
    """Ask about what is open in just the same words, wherever it is: a proposal is pressed once more."""
    values = form.values()
    return _ask_which(
        request, form, request.store.feedback.records.open_saying(values["category"], values["what"], SHOWN)
    )


def _ask_which(request: Request, form: Form, found: list[Item]) -> Card | None:
    """Ask which of these it is; None where there is none."""
    if not found:
        return None
    values = form.values()
    lines = [(item.ref, ", ".join(filter(None, _told(request, item)))) for item in found]
    return is_it_the_same("feedback", values["what"], lines, keep_draft(request, "feedback add", form), WHY)
