"""Typed labels: the button that somebody means who types what stands on it."""

from collections.abc import Iterator
from dataclasses import dataclass

from bot.inbound import Pressed
from bot.understanding import meaning_of
from handlers.kit.catalogue import Catalogue
from handlers.kit.context import Request
from handlers.kit.messages import Button, Buttons, Card, Row, Text
from handlers.kit.plain import plain_line
from handlers.kit.policy import TAKES_OUT
from handlers.kit.speaking import DESK
from handlers.kit.words import NotKnown, spoken_label
from storage.chat.recent import MOST


@dataclass(frozen=True)
class OnCard:
    """A button, and the line beside it or the title of its card."""

    words: str
    button: Button


def pressed_by_name(request: Request, said: NotKnown, catalogue: Catalogue) -> Pressed | Card | None:
    """The press of the one button in sight with this label; a question where several are meant, or where the platform
    would ask first; None where no button has it."""
    named = {on.button: on for on in _named(request, spoken_label(said.line))}
    if not named:
        return None
    button = next(iter(named))
    if len(named) == 1 and button.confirm is None and not _takes_out(button, catalogue):
        return Pressed(button.action, button.value)
    return _which(list(named.values()))


def _named(request: Request, label: str) -> Iterator[OnCard]:
    """The buttons of this label: those of the newest card, where it has any, else of every card in sight."""
    for number, card in enumerate(_in_sight(request)):
        found = [on for on in _buttons(card) if spoken_label(on.button.label) == label]
        yield from found
        if found and number == 0:
            return


def _in_sight(request: Request) -> list[Card]:
    """The newest cards where this was said that this person reads, the newest first."""
    if request.channel is None:
        return []
    if request.platform == DESK:
        kept = reversed(request.store.chat.desk.latest(request.channel, MOST))
        return [Card.model_validate_json(message.card) for message in kept if message.said_by is None]
    place = f"dm:{request.person.id}" if request.private else request.place or ""
    shown = request.store.chat.recent.shown(request.platform, request.channel, place)
    cards = [(Card.model_validate_json(shown.card), shown.asked_by) for shown in shown]
    return [card for card, by in cards if by in (None, request.person.id) or card.audience == "room"]


def _buttons(card: Card) -> Iterator[OnCard]:
    for word in card.body:
        match word:
            case Buttons():
                yield from (OnCard(word.about or card.title, button) for button in word.buttons)
            case Row(button=Button() as button):
                yield OnCard(plain_line(word.text.parts), button)
            case _:
                continue


def _takes_out(button: Button, catalogue: Catalogue) -> bool:
    """Whether it makes a file, whose row in the audit comes before it: then it is pressed, not typed."""
    target = meaning_of(Pressed(button.action, button.value), catalogue).target
    return target is not None and target.needs in TAKES_OUT


def _which(named: list[OnCard]) -> Card:
    rows = [Row(Text(on.words or on.button.label), on.button) for on in named]
    alone = len(rows) == 1
    title = "Is this what you mean?" if alone else "Which of these do you mean?"
    press = "Press the button." if alone else "Press the one you mean."
    return Card(title, *rows[:MOST], Text(f"{press} Nothing was changed yet."))
