"""Outcomes: what became of a message is said in the log, counted and kept, and who must hear of it does."""

import logging
from collections.abc import Callable, Mapping
from functools import partial

from bot.channel_news import ChannelNews, keep_news
from bot.inbound import Profile
from bot.joining import meet
from bot.losses import (
    ask_people,
    cannot_be_paged,
    forget_post,
    goes_another_way,
    lose,
    not_reached,
    post_again,
    send_elsewhere,
)
from bot.post import Gone, Refused, Result, Sent
from bot.ruling import SPOKEN, Ruling
from bot.runtime import Runtime
from handlers.kit.context import SYSTEM, Context
from handlers.kit.drawing import not_sent
from handlers.kit.events import PLACE_MADE, emit
from handlers.kit.speaking import DESK
from storage.chat.outbox import BESIDE_CHAT, LOST_STATES, NewRow, OutboxRow
from storage.database import Store

log = logging.getLogger("cityops.delivery")
ENDS = ("sent", "replaced", "rejected")


class Outcomes:
    """Settles rows, and counts what came of each try by platform and result."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.counted: dict[tuple[str, str], int] = {}

    def note(self, row: OutboxRow, result: Result, ruled: Ruling, problem: Exception | None) -> None:
        """Count what came of a try or a look, and say in one line what went wrong; without what anybody wrote.

        ``problem`` is what the messenger raised, if it broke.
        """
        key = (row.platform, type(result).__name__.lower())
        self.counted[key] = self.counted.get(key, 0) + 1
        if ruled.state == "sent" or (isinstance(result, Gone) and ruled.state == "pending"):
            return
        why = result.why if isinstance(result, Refused) else ruled.why  # with the platform's own word for it
        facts = {"row": row.id, "platform": row.platform, "kind": row.kind, "try": row.tries, "why": why}
        if row.state == "unknown":
            facts["look"] = row.attempt - row.tries
        log.log(logging.ERROR if problem else logging.WARNING, SPOKEN[ruled.state], exc_info=problem, extra=facts)

    def settle(self, row: OutboxRow, result: Result, ruled: Ruling, store: Store) -> None:
        """Keep what became of a row, and do what follows; what breaks there is set aside, and the row is settled.

        Who calls it looks for the next one of its place in the same transaction.
        """
        context = self.runtime.context(store)
        if isinstance(result, Refused) and result.off:
            send_elsewhere(context, row, result.why)
        channel, remote_id = (result.channel, result.remote_id) if isinstance(result, Sent) else (None, None)
        settled = store.chat.outbox.settle(
            row, ruled.state, context.now, channel=channel, remote_id=remote_id, error=ruled.why,
            not_before=ruled.not_before, sent_again=ruled.again, tries=ruled.tries, since=ruled.since, looks=False,
        )  # fmt: skip
        if not settled:
            return  # it goes elsewhere, or another worker has it by now
        if ruled.state in ENDS:
            context.apart(f"delivery of {row.kind}", lambda: _follows(context, row, result, ruled))
        elif person := cannot_be_paged(row, result):
            not_reached(context, row, person)
        if ruled.state == "sent":
            self._tell(store, row, self.runtime.catalogue.on_sent, "sent")
        if ruled.lost:
            self._tell(store, row, self.runtime.catalogue.on_undelivered, "undelivered", ruled.why or "")
        if ruled.state in LOST_STATES:  # when its feature has heard: by now it may go another way
            context.look_again()
            context.apart(f"delivery of {row.kind}", partial(_lost, context, row, result))

    def _tell(
        self, store: Store, row: OutboxRow, follows: Mapping[str, Callable[..., None]], act: str, *why: str
    ) -> None:
        """Let the feature that a message is of do what follows when it has gone out, or when it did not arrive, or may
        not have; ``act`` is what the audit calls that."""
        for begins, follow in follows.items():
            if row.about and row.about.startswith(begins) and row.kind == "post":
                context = self.runtime.context(store)
                context.apart(f"{act} {begins}", partial(_heard, follow, context, act, row, *why), about=row.about)


def _follows(context: Context, row: OutboxRow, result: Result, ruled: Ruling) -> None:
    """What is learned from a message that went out, and what follows when it never will."""
    match ruled.state, result:
        case _, Sent(channel, remote_id, account):
            remember(context, row, channel, remote_id, account)
        case "replaced", Gone() if row.kind == "update":
            post_again(context, row)
        case "replaced", _:
            forget_post(context, row)
        case "rejected", Refused(person=person, closed=closed):
            if closed and row.kind == "post":
                _closed(context, row, closed)
            lose(context, row, person)
        case "rejected", _:
            lose(context, row, None)


def _closed(context: Context, row: OutboxRow, closed: str) -> None:
    """Keep why nothing can be said in the channel of a place, as the answer to a message tells it, which knows less
    than what the platform has said of the channel itself."""
    known = context.store.chat.places.known(row.platform).get(row.place)
    channel = context.store.chat.places.channel(row.place, row.platform)
    if channel and known and not known.closed:
        keep_news(context, row.platform, ChannelNews(channel, closed=closed))


def _lost(context: Context, row: OutboxRow, result: Result) -> None:
    """A message was given up, or nobody knows of it: it goes another way to the person, or people decide."""
    refused = isinstance(result, Refused) and result.person is not None
    if refused and goes_another_way(context, row):
        return
    if isinstance(result, Refused):
        not_sent(context, row)
    ask_people(context, row)


def _heard(follow: Callable[..., None], context: Context, act: str, row: OutboxRow, *why: str) -> None:
    follow(context, row, *why)
    if context.wrote:
        context.write_audit(SYSTEM, act)


def remember(context: Context, row: OutboxRow, channel: str, remote_id: str | None, account: str | None) -> None:
    """What a platform gave back: where a post is, whose account it is, which channel a place became."""
    store, now = context.store, context.now
    if row.kind in ("post", "answer") and row.post is not None and remote_id is not None:
        store.chat.posts.posted(row.post, channel, remote_id)
    if row.kind == "make_place":
        store.chat.places.bind(row.payload["place"], row.platform, channel, now)
        _invite(context, row)
        emit(PLACE_MADE, context, row.payload["place"], row.platform)
    elif row.kind == "post" and store.chat.places.channel(row.place, row.platform) not in (None, channel):
        store.chat.places.bind(row.place, row.platform, channel, now)  # the first card has opened a thread
    if row.platform in (DESK, *BESIDE_CHAT):
        return
    if row.place.startswith("dm:"):
        _remember_person(context, row, channel, account)
    elif row.kind == "post":  # what has taken a message is open, whatever was known of it
        keep_news(context, row.platform, ChannelNews(channel))


def _invite(context: Context, row: OutboxRow) -> None:
    """Let the people into a room that is there now; nothing that is posted in it waits for them."""
    if invited := row.payload.get("invite"):
        payload = {"place": row.payload["place"], "invite": invited, "emails": row.payload.get("emails") or {}}
        invite = NewRow(
            platform=row.platform, place=f"invite {row.payload['place']}", kind="invite", priority="page", repeat=True,
            at=context.now, payload=payload,
        )  # fmt: skip
        context.store.chat.outbox.add(invite)


def _remember_person(context: Context, row: OutboxRow, channel: str, account: str | None) -> None:
    store, name = context.store, row.place.removeprefix("dm:")
    person = context.city.people.get(name)
    known = store.chat.accounts.find(row.platform, account) if account else None
    if account and person and (known is None or known.person != name):  # found by their address
        meet(context, row.platform, [Profile(account, person.name, (person.email,))])
    if account and (known is None or known.direct != channel):
        store.chat.people.set_direct(row.platform, account, channel)
    if row.kind == "post":
        store.chat.people.reached(row.platform, name)
