"""Undo: what somebody has just done is taken back for ten minutes, where nobody has acted on it yet.

A feature says with :func:`undoable` what it takes to take an act back, and declares under ``@undoes`` how. The button,
the time, who may press it and the messages that went out for the act are the same for all.
"""

from datetime import datetime, timedelta
from typing import Any

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context, Request
from handlers.kit.errors import UserError
from handlers.kit.links import show_button
from handlers.kit.messages import Button, Buttons, Card, Note, Text, Word
from handlers.kit.morning import unsettled
from handlers.kit.registry import action
from storage.chat.outbox import NewRow
from storage.chat.taken_back import Told
from storage.undos import Undo

MINUTES = 10  # enough time to notice a mistake, and too short for much to be built on it
WITHIN = timedelta(minutes=MINUTES)
TAKEN_BACK = "Taken back: "


def is_fresh(context: Context, at: datetime) -> bool:
    """Whether what was done at a moment can still be taken back."""
    return context.now - at <= WITHIN


def for_minutes(verb: str) -> Note:
    """The line under a button that takes something back."""
    return Note(f"You can {verb} it for {MINUTES} minutes.")


def check_fresh(context: Context, what: str, at: datetime, instead: str) -> None:
    """Raise UserError for what is older than that, with what can be done ``instead``."""
    if not is_fresh(context, at):
        raise UserError(f"{what} is more than {MINUTES} minutes old. {instead}")


def undoable(request: Request, kind: str, subject: str, /, *also: str, **before: Any) -> tuple[Word, ...]:
    """Let this act be taken back, and give the words for its answer: the button and until when it works.

    ``subject`` is what the audit says it was about, ``also`` what else it bears on; ``before`` is given to the function
    under ``@undoes(kind)`` as it stands here: texts, numbers, ids and None.
    """
    undo = request.store.undos.add(kind, [subject, *also], request.person.id, request.now, before)
    request.undos.append(undo)
    return Buttons(Button("Undo", "undo", str(undo))), for_minutes("undo")


@action("undo", needs="help")
def undo(request: Request, value: str) -> Card:
    """Undo what you have just done."""
    done = request.store.undos.take(int(value)) if value.isdecimal() and len(value) < 10 else None
    if done is None:
        raise UserError(f"That was more than {MINUTES} minutes ago, so it stays. Change the record itself.")
    if done.person != request.person.id:
        raise UserError(f"Only {request.name(done.person)}, who did it, can undo it.")
    if done.undone_at:
        raise UserError("It is taken back already. Nothing was changed.")
    subject = done.subjects[0]
    check_fresh(request, "That", done.at, "It stays. Change the record itself.")
    _check_untouched(request, done)
    request.store.undos.undone(done.id, request.now)
    _take_back_messages(request, done)
    card = catalogue.undoers[done.kind](request, subject, **done.before)
    request.audit(subject, undone=done.kind)
    unsettled(request, subject)
    return card


def _check_untouched(request: Request, done: Undo) -> None:
    """Raise UserError when somebody has acted on it since."""
    since = request.store.audit.acted_since(done.subjects, done.audited or 0)
    if since is not None:
        when = request.city.calendar.spoken(since.at)
        who = "You have" if since.person == request.person.id else f"{request.name(since.person)} has"
        raise UserError(f"{who} acted on it since, {when}. It stays as it is now; change the record itself.")


def _take_back_messages(request: Request, done: Undo) -> None:
    """What has not gone out does not go; what people may have read says that it was taken back."""
    messages = request.store.chat.taken_back
    messages.unsend(done.messages, request.now)
    for told in messages.sent(done.messages):
        card = _marked(request, told).model_dump_json()
        if not request.store.chat.outbox.replace_update(told.post.id, card):
            row = NewRow(
                platform=told.post.platform, place=told.post.place, kind="update", priority="refresh", repeat=True,
                at=request.now, card=card, post=told.post.id,
            )  # fmt: skip
            request.store.chat.outbox.add(row)
    messages.news(done.news, TAKEN_BACK)


def _marked(request: Request, told: Told) -> Card:
    """A message that was taken back: its title, by whom and when, and the way to the record."""
    title = Card.model_validate_json(told.card).title if told.card else ""
    when = request.city.calendar.clock(request.now)
    shown = show_button(told.post.about)
    return Card(
        f"{TAKEN_BACK}{title}",
        Text(f"{request.person.name} took this back at {when}. There is nothing for you to do."),
        *((Buttons(shown),) if shown else ()),
    )
