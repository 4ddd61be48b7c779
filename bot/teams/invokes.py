"""Invokes: the runtime's outcome as the body that Teams waits for, for a card and for a dialog."""

from http import HTTPStatus
from typing import assert_never

from bot.inbound import Answered, Asking, Outcome
from bot.links import Linked
from bot.teams.elements import Json, Opens
from bot.teams.forms import People, form_card
from bot.teams.render import CARD_TYPE, adaptive
from handlers.kit.messages import Card
from handlers.kit.signs import cut

MESSAGE_TYPE = "application/vnd.microsoft.activity.message"
ERROR_TYPE = "application/vnd.microsoft.error"
TITLE = 60  # characters of a dialog's title
DONE = "Done."
NOBODY: dict[str, str] = {}  # is told by what one person sees


def card_body(outcome: Outcome, people: People, opens: Opens, links: Linked, *, elsewhere: str = "") -> Json:
    """What Action.Execute gets: a form or a card in the place of the pressed one, for the person who pressed.

    Only a sentence when there is nothing to say, or the one that says that the answer comes ``elsewhere``.
    """
    match outcome:
        case Asking(page=page):
            return _said(CARD_TYPE, form_card(page, people, "message"))
        case Answered(card=card):
            if card is None or elsewhere:
                return _said(MESSAGE_TYPE, elsewhere or DONE)
            return _said(CARD_TYPE, adaptive(card, NOBODY, opens=opens, links=links))
        case _:
            assert_never(outcome)


def _said(kind: str, value: Json | str) -> Json:
    return {"statusCode": HTTPStatus.OK.value, "type": kind, "value": value}


def error_body(message: str) -> Json:
    """For a button that is none of ours."""
    error = {"code": "BadRequest", "message": message}
    return {"statusCode": HTTPStatus.BAD_REQUEST.value, "type": ERROR_TYPE, "value": error}


def dialog_body(outcome: Outcome, people: People, links: Linked, spent: str = "") -> Json:
    """What a dialog shows next: the form, with what is wrong beside its fields, or the answer.

    ``spent`` is the message whose only use was to open the form. Always a card: with a bare sentence a dialog opens
    empty, and one from a message's menu breaks.
    """
    match outcome:
        case Asking(page=page):
            return _dialog(page.title, form_card(page, people, "dialog", spent))
        case Answered(card=card):
            shown = card or Card(DONE)
            return _dialog(shown.title, adaptive(shown, NOBODY, links=links, where="dialog"))
        case _:
            assert_never(outcome)


def _dialog(title: str, card: Json) -> Json:
    value = {
        "title": cut(title or "cityops", TITLE),
        "height": "large",
        "width": "medium",
        "card": {"contentType": CARD_TYPE, "content": card},
    }
    return {"task": {"type": "continue", "value": value}}
