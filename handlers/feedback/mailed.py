"""Feedback mailed: what became of the e-mails to residents, for those who sent them."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from handlers.feedback.card import item_card, show_button
from handlers.feedback.department import head_of, present
from handlers.feedback.letter import letter_card, mail_button
from handlers.feedback.record import copies_of, found
from handlers.kit.acting import LETTERS
from handlers.kit.context import SYSTEM, Context
from handlers.kit.contributions import drawn, on_not_sent, on_sent, on_undelivered
from handlers.kit.errors import NotNeeded
from handlers.kit.inline import Status
from handlers.kit.messages import Buttons, Card, Items, Note, Text
from storage.chat.outbox import LOST_STATES, OutboxRow
from storage.feedback.letters import Letter

OLDEST = timedelta(days=2)  # the mail server is tried for a day; what is older was kept back, and is not sent as new
STATES = {  # how bad it is, the worst first: one of them is said of all e-mails with one answer
    "failed": Status("warning", "not sent"),
    "unsure": Status("warning", "may not have arrived"),
    "waiting": Status("info", "on its way"),
    "sent": Status("good", "sent"),
}


@drawn("feedback.mailed")
def mailed_card(context: Context, ref: str, closed_at: str) -> Card:
    """What became of the e-mails with the answer of one closing."""
    item = found(context.store.feedback.records.find(ref), ref)
    letters = context.store.feedback.letters.of(item.number, datetime.fromisoformat(closed_at))
    worst = next(state for state in STATES if state in {letter.state for letter in letters})
    badly = any(letter.may_go_again for letter in letters)
    again = badly and item.state == "closed" and item.closed_at == datetime.fromisoformat(closed_at)
    return Card(
        f"The answer to {ref} by e-mail",
        *letter_words(context, letters),
        Buttons(*((mail_button(item),) if again else ()), show_button(item)),
        *((Note("If it cannot be sent by e-mail, please call the resident or write to them."),) if badly else ()),
        status=STATES[worst],
    )


def letter_words(context: Context, letters: Sequence[Letter]) -> list[Text | Items]:
    """How far each of these letters is."""
    lines = [_line(context, letter) for letter in letters]
    return [Items(*lines)] if len(lines) > 1 else list(map(Text, lines))


def _line(context: Context, letter: Letter) -> str:
    """How far a letter is and who sent it."""
    at = context.spoken(letter.ended_at or letter.asked_at)
    by = f"{letter.ref}: {context.name(letter.sent_by)} sent it"
    if letter.state == "waiting":
        return f"{by}, {at}." + (
            f" It has not gone out yet: {letter.why}. The bot keeps trying for a day." if letter.why else ""
        )
    if letter.state == "sent":
        return f"{by}; the mail server accepted it {at}."
    if letter.state == "unsure":
        return f"{by}, and nobody knows whether it arrived: {letter.why}. It was not sent again."
    return f"{letter.ref}: not sent, {at}: {letter.why}."


@drawn("feedback.letter")
def letter_again(context: Context, _ref: str, number: str) -> Card:
    """A letter as it goes, while the answer that it carries holds."""
    letter = context.store.feedback.letters.find(int(number))
    if letter is None or (why := _overtaken(context, letter)):
        raise NotNeeded(why if letter else "nobody has sent it")
    item = found(context.store.feedback.records.find(letter.answer_ref), letter.answer_ref)
    return letter_card(context, item, letter)


def _overtaken(context: Context, letter: Letter) -> str:
    """Why a letter must not go any more; nothing while it may."""
    item = context.store.feedback.records.find(letter.answer_ref)
    if item is None or item.state != "closed" or item.closed_at != letter.closed_at:
        return f"{letter.answer_ref} was opened again before it was sent"
    if letter.item != letter.answers and letter.item not in [copy.number for copy in copies_of(context, item)]:
        return f"{letter.ref} is no longer a duplicate of {letter.answer_ref}"
    return "it has waited for more than 2 days" if context.now - letter.asked_at > OLDEST else ""


@on_not_sent("feedback.letter")
def not_needed(context: Context, _ref: str, number: str) -> None:
    """Tell who sent a letter that it did not go, because things have changed since."""
    letter = context.store.feedback.letters.take(int(number))
    if letter and letter.state == "waiting":
        _ended_badly(context, letter, "failed", _overtaken(context, letter) or "it could not be written")
        context.write_audit(SYSTEM, "undelivered")


@on_undelivered(LETTERS)
def not_delivered(context: Context, row: OutboxRow, why: str) -> None:
    """Keep why a letter waits; when it did not arrive, or nobody knows, tell who sent it, and leave it to them."""
    letter, lost = context.store.feedback.letters.take(row.payload["letter"]), context.store.chat.outbox.find(row.id)
    if letter is None or lost is None or letter.state != "waiting":
        return
    why = why.partition("; ")[0]
    if lost.state in LOST_STATES:
        context.store.chat.undelivered.decide(lost, "replaced", context.now)  # nobody else sends it again
        _ended_badly(context, letter, "unsure" if lost.state == "needs_human" else "failed", why)
    elif letter.why != why:
        context.store.feedback.letters.waits(letter, why)
        context.bring_up_to_date(letter.answer_ref)


@on_sent(LETTERS)
def delivered(context: Context, row: OutboxRow) -> None:
    """Keep that a letter has gone out, in the history of its item too."""
    letter = context.store.feedback.letters.take(row.payload["letter"])
    if letter is None or letter.state != "waiting":
        return
    letter = context.store.feedback.letters.end(letter, "sent", context.now)
    item = found(context.store.feedback.records.take(letter.ref), letter.ref)
    context.store.feedback.records.change(item, "mailed", letter.sent_by, context.now)
    audit_letter(context, letter, "sent", sent_by=letter.sent_by)


def _ended_badly(context: Context, letter: Letter, state: str, why: str) -> None:
    """Tell who sent it; when they are away or have left, the head of the department."""
    letter = context.store.feedback.letters.end(letter, state, context.now, why)
    audit_letter(context, letter, state, sent_by=letter.sent_by)
    item = found(context.store.feedback.records.find(letter.ref), letter.ref)
    said = "was not sent" if state == "failed" else "may not have arrived, and was not sent again"
    to = present(context, letter.sent_by) or head_of(context, item) or letter.sent_by
    by = "" if to == letter.sent_by else f" by {context.name(letter.sent_by)}"
    line = f"The e-mail{by} with the answer to {letter.ref} {said}: {letter.why}."
    draws = f"feedback.not-mailed {letter.ref} {letter.id}"
    context.tell(to, line, letter.ref, show_button(item), draws=draws)


@drawn("feedback.not-mailed")
def not_mailed(context: Context, ref: str, number: str) -> Card:
    """The news that a letter did not arrive, until it is sent again."""
    letter = context.store.feedback.letters.find(int(number))
    if letter is None or not letter.may_go_again:
        raise NotNeeded(f"the answer to {ref} was sent again")
    return item_card(context, found(context.store.feedback.records.find(ref), ref))


def audit_letter(context: Context, letter: Letter, mail: str, **facts: str) -> None:
    """Say in the audit what became of a letter; of a duplicate's, about the item that was answered too."""
    for ref in dict.fromkeys((letter.ref, letter.answer_ref)):
        context.audit(ref, mail=mail, **({"to": letter.ref} if ref != letter.ref else {}), **facts)
