"""Separate answers: messages of their own to a press or a form, beside the response that Teams waits for."""

from dataclasses import replace
from datetime import datetime

from bot.inbound import Answered, Inbound, Outcome, Submitted
from bot.queued import queue_apart
from bot.teams.answers import PRIVATELY
from bot.teams.invokes import DONE
from bot.teams.payloads import CARD
from storage.database import Store


def in_place_of(spent: str, outcome: Outcome, inbound: Inbound) -> tuple[Outcome, Inbound]:
    """The answer to a form in the place of the message that has opened it, which is good for nothing any more."""
    if not spent or not isinstance(outcome, Answered):
        return outcome, inbound
    return replace(outcome, replaces=True), replace(inbound, reply={**(inbound.reply or {}), "message": spent})


def goes_apart(inbound: Inbound, answered: Answered, name: str) -> tuple[Inbound, str] | None:
    """What everybody is to see, or what stays beside the card that was pressed: the response reaches one person only,
    and takes the place of the card. None where the response is all there is.

    Gives where it goes, and the words of the response to a press when the answer is a message of its own (else none); a
    dialog always carries the answer.
    """
    if answered.card is None or not answered.ok:
        return None
    apart, for_room = name == CARD and not answered.replaces, answered.card.audience == "room"
    to_all = name == CARD and for_room and not inbound.private
    if not (apart or to_all or _replaces(inbound, answered)):
        return None
    alone = apart and not (inbound.private or for_room)
    words = answered.card.title or DONE
    told = replace(inbound, reply={**(inbound.reply or {}), "told": alone})
    return told, (f"{words}. {PRIVATELY}" if alone else words) if apart else ""


def bring_apart(inbound: Inbound, answered: Answered, now: datetime, store: Store) -> None:
    """Queue what goes beside the response.

    The answer to a form that stood in the place of a message which the bot keeps up to date is in the response alone:
    it and the update of that message would both be put there, and whichever came last would stay.
    """
    if isinstance(inbound.what, Submitted) and _replaces(inbound, answered) and _kept_up(inbound, store):
        return
    queue_apart(inbound, answered, now, store)


def _kept_up(inbound: Inbound, store: Store) -> bool:
    message = str((inbound.reply or {}).get("message"))
    return store.chat.posts.of_message(inbound.platform, inbound.channel or "", message) is not None


def _replaces(inbound: Inbound, answered: Answered) -> bool:
    """Whether an answer stands in the place of the message whose button was pressed."""
    return answered.replaces and bool((inbound.reply or {}).get("message"))
