"""Undo: what somebody has just done is taken back, with what went out for it, where nobody has acted on it since."""

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Request
from handlers.kit.declared import Undoing
from handlers.kit.errors import UserError
from handlers.kit.links import show_button
from handlers.kit.messages import Buttons, Card, Text
from handlers.kit.policy import may, roles_with
from handlers.kit.registry import action
from handlers.kit.settled import unsettled
from handlers.kit.undo import TAKEN_BACK, check_fresh
from storage.chat.outbox import NewRow
from storage.chat.taken_back import Told
from storage.undos import Undo


@action("undo", needs="help")
def undo(request: Request, value: str) -> Card:
    """Undo what you have just done."""
    done = request.store.undos.take(int(value)) if value.isdecimal() and len(value) < 10 else None
    if done is None:
        raise UserError("There is nothing left to undo here. Nothing was changed.")
    if done.person != request.person.id:
        raise UserError(f"Only {request.name(done.person)}, who did it, can undo it.")
    if done.undone_at:
        raise UserError("It is undone already. Nothing was changed.")
    subject = done.subjects[0]
    check_fresh(request, "That", done.at, "It can no longer be undone. Change the record itself.")
    undoing = catalogue.undoers[done.kind]
    _check_right(request, undoing)
    _check_untouched(request, done)
    _check_here(request, done.before.get("owner"))
    request.store.undos.undone(done.id, request.now)
    _take_back_messages(request, done)
    card = undoing.function(request, subject, **done.before)
    request.audit(subject, undone=done.kind)
    unsettled(request, subject)
    _tell_others(request, done, card)
    return card


def _check_right(request: Request, undoing: Undoing) -> None:
    """Raise UserError when the person may not do such a thing any more."""
    if not may(request.person.all_roles, undoing.needs):
        raise UserError(
            f"Only these roles can undo it: {', '.join(roles_with(undoing.needs))}. It stays as it is now; ask one of "
            "them."
        )


def _check_untouched(request: Request, done: Undo) -> None:
    """Raise UserError when somebody has acted on it since."""
    since = request.store.audit.acted_since(done.subjects, done.audited or 0)
    if since is not None:
        when = request.spoken(since.at)
        who = "You have" if since.person == request.person.id else f"{request.name(since.person)} has"
        raise UserError(f"{who} acted on it since, {when}. It stays as it is now; change the record itself.")


def _check_here(request: Request, owner: str | None) -> None:
    """Raise UserError when the one who would have it again is gone: nobody would be reminded of it."""
    if owner is not None and request.duties.is_gone(owner):
        why = f"{request.name(owner)}, who had it, {request.duties.reason(owner)}"
        raise UserError(f"{why}. It stays as it is now; give it to somebody else.")


def _take_back_messages(request: Request, done: Undo) -> None:
    """What has not gone out does not go; what people may have read says that it was taken back."""
    messages = request.store.chat.taken_back
    messages.unsend(done.messages, request.now)
    for told in messages.sent(done.messages):
        request.replace_post(told.post, _marked(request, told))
    messages.news(done.news, TAKEN_BACK)


def _tell_others(request: Request, done: Undo, card: Card) -> None:
    """Where others have read what was done, say below that it was taken back."""
    what = card.trace or f"what was done with {done.subjects[0]}, by {request.person.name}"
    line = Card("", Text(f"{TAKEN_BACK}{what}."), audience="room").model_dump_json()
    for trace in request.store.chat.taken_back.traces(done.messages):
        payload = {**trace.payload, "replaces": False}
        told = NewRow(
            platform=trace.platform, place=trace.place, kind="answer", priority="answer", repeat=True,
            at=request.now, card=line, payload=payload,
        )  # fmt: skip
        request.store.chat.outbox.add(told)


def _marked(request: Request, told: Told) -> Card:
    """A message that was taken back: its title, by whom and when, and the way to the record."""
    title = Card.model_validate_json(told.card).title if told.card else ""
    when = request.calendar.clock(request.now)
    shown = show_button(told.post.about)
    return Card(
        f"{TAKEN_BACK}{title}",
        Text(f"{request.person.name} undid this at {when}. There is nothing for you to do."),
        *((Buttons(shown),) if shown else ()),
    )
