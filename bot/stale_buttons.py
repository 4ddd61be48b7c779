"""Stale buttons: a button on a card that is older than its record asks again before it acts."""

from datetime import datetime

from bot.inbound import Inbound, Pressed
from bot.understanding import Meaning, Target
from handlers.kit.context import Request, hint_key
from handlers.kit.declared import Action, asked
from handlers.kit.errors import FieldErrors
from handlers.kit.grammar import gives_all, parse_line
from handlers.kit.links import is_record, line_for, show_button
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.speaking import DESK
from storage.audit import Trace

ASIDE = frozenset({"put_off", "request", "mail"})  # in rows about a record that leave it as it was
CONTACT = frozenset({"contact"})  # one that says nothing else is about who has seen the contact
MOST = 20  # newest rows about a record that are read


def asks_again(request: Request, inbound: Inbound, meant: Meaning) -> Card | None:
    """The question to somebody who pressed a button on a card after somebody else has changed its record; None when
    the button may act. It is asked once for each state of the record, and never in a crisis."""
    pressed, target = inbound.what, meant.target
    if not isinstance(pressed, Pressed) or target is None or not _acts_at_once(request, target, meant.rest):
        return None
    ref = next((word for word in meant.rest.split() if is_record(word)), None)
    shown_at = _shown_at(request, inbound) if ref else None
    change = _change_since(request, ref, shown_at) if ref and shown_at else None
    if ref is None or change is None or request.hinted(hint := f"older {ref} {change.at.isoformat()}"):
        return None
    request.store.chat.inbox.keep(hint_key(request.person.id, hint), None, request.now)
    return _question(request, ref, change, pressed, target)


def _acts_at_once(request: Request, target: Target, rest: str) -> bool:
    """Whether a press changes something without a form that shows it first; values of several parts are judged by
    their own actions."""
    if target.reads_only or target.needs.startswith("crisis."):
        return False
    if isinstance(target, Action):
        return target.asks is None and target.carries is None and not target.opens_form
    questions = asked(target, request.city)
    try:
        return gives_all(parse_line(rest, questions), questions)
    except FieldErrors:
        return False


def _shown_at(request: Request, inbound: Inbound) -> datetime | None:
    """When the card says how things were: when its newest version went out; None where nobody knows."""
    if inbound.message is not None and inbound.channel is not None:
        post = request.store.chat.posts.of_message(inbound.platform, inbound.channel, inbound.message)
        if known := request.store.chat.drawings.shown_at(post) if post else None:
            return known
        if inbound.platform == DESK and (there := request.store.chat.desk.find(int(inbound.message))):
            return there.edited_at or there.at
    return inbound.shown_at


def _change_since(request: Request, ref: str, since: datetime) -> Trace | None:
    """The newest change of a record that somebody else has made since a moment."""
    rows = request.store.audit.since(ref, since, MOST)
    return next((row for row in rows if row.person != request.person.id and _changes_it(row)), None)


def _changes_it(row: Trace) -> bool:
    return ASIDE.isdisjoint(row.facts) and row.facts.keys() != CONTACT


def _question(request: Request, ref: str, change: Trace, pressed: Pressed, target: Target) -> Card:
    when = request.calendar.spoken(change.at)
    again = Button("Do it anyway", pressed.action, pressed.value, style="primary")
    show = show_button(ref)
    return Card(
        f"{ref} has changed since this card was written",
        Text(line_for(request, request.person.id, ref)),
        Text(f"{request.name(change.person)} changed it, {when}. Do you still want this: {target.help.rstrip('.')}?"),
        Buttons(again, *((show,) if show else ())),
        Note("Nothing was changed yet."),
    )
