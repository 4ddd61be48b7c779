"""Outcomes: what became of a message is said in the log, counted and kept, and what follows when it never arrives."""

import logging
from collections.abc import Callable
from functools import partial

from bot.inbound import Profile
from bot.joining import meet
from bot.post import Gone, Refused, Result, Sent
from bot.ruling import SPOKEN, Ruling
from bot.runtime import Runtime
from handlers.kit.context import SYSTEM, Context
from handlers.kit.incidents import tell_undecided
from handlers.kit.joining import account_ref
from handlers.kit.messages import Card
from handlers.kit.speaking import DESK, chats
from storage.chat.outbox import BESIDE_CHAT, LOST_STATES, PRIORITIES, NewRow, OutboxRow
from storage.database import Store

log = logging.getLogger("cityops.delivery")
ENDS = ("sent", "replaced", "rejected")


class Outcomes:
    """Settles rows, and counts what came of each try by platform and result."""

    def __init__(self, runtime: Runtime) -> None:
        self.runtime = runtime
        self.counted: dict[tuple[str, str], int] = {}

    def note(self, row: OutboxRow, result: Result, ruled: Ruling, problem: Exception | None) -> None:
        """Count what came of a try or a look, and say in one line what went wrong; no words of anybody.

        ``problem`` is what the messenger raised, if it broke.
        """
        key = (row.platform, type(result).__name__.lower())
        self.counted[key] = self.counted.get(key, 0) + 1
        if ruled.state == "sent" or (isinstance(result, Gone) and ruled.state == "pending"):
            return
        facts = {"row": row.id, "platform": row.platform, "kind": row.kind, "try": row.tries, "why": ruled.why}
        if row.state == "unknown":
            facts["look"] = row.attempt - row.tries
        log.log(logging.ERROR if problem else logging.WARNING, SPOKEN[ruled.state], exc_info=problem, extra=facts)

    def settle(self, row: OutboxRow, result: Result, ruled: Ruling, store: Store) -> None:
        """Keep what became of a row, and do what follows; what breaks there is set aside, and the row is settled."""
        context = self.runtime.context(store)
        if isinstance(result, Refused) and result.off and goes_elsewhere(context, row, result.why):
            return
        channel, remote_id = (result.channel, result.remote_id) if isinstance(result, Sent) else (None, None)
        settled = store.chat.outbox.settle(
            row, ruled.state, self.runtime.clock.now(), channel=channel, remote_id=remote_id, error=ruled.why,
            not_before=ruled.not_before, sent_again=ruled.again, tries=ruled.tries, since=ruled.since,
        )  # fmt: skip
        if not settled:
            return  # another worker has it by now
        if ruled.state in ENDS:
            context.apart(f"delivery of {row.kind}", lambda: _follows(context, row, result, ruled))
        if ruled.lost:
            self._tell(store, row, ruled.why or "")
        if ruled.state in LOST_STATES:  # when its feature has heard: by now it may go another way
            context.apart(f"delivery of {row.kind}", partial(ask_people, context, row))

    def _tell(self, store: Store, row: OutboxRow, why: str) -> None:
        """Let the feature that a message is of do what follows when it did not arrive, or may not have."""
        for begins, follow in self.runtime.catalogue.on_undelivered.items():
            if row.about and row.about.startswith(begins) and row.kind == "post":
                context = self.runtime.context(store)
                context.apart(f"undelivered {begins}", partial(_heard, follow, context, row, why), about=row.about)


def _follows(context: Context, row: OutboxRow, result: Result, ruled: Ruling) -> None:
    """What is learned from a message that went out, and what follows when it never will."""
    match ruled.state, result:
        case _, Sent(channel, remote_id, account):
            remember(context, row, channel, remote_id, account)
        case "replaced", _:
            forget_post(context, row)
        case "rejected", Refused(person=person):
            lose(context, row, person)
        case "rejected", _:
            lose(context, row, None)


def _heard(follow: Callable[..., None], context: Context, row: OutboxRow, why: str) -> None:
    follow(context, row, why)
    if context.wrote:
        context.write_audit(SYSTEM, "undelivered")


def remember(context: Context, row: OutboxRow, channel: str, remote_id: str | None, account: str | None) -> None:
    """What a platform gave back: where a post hangs, whose account it is, which channel a place became."""
    store, now = context.store, context.now
    if row.kind == "post" and row.post is not None and remote_id is not None:
        store.chat.posts.posted(row.post, channel, remote_id)
    if row.kind == "make_place":
        store.chat.places.bind(row.payload["place"], row.platform, channel, now)
        _invite(context, row)
    elif row.kind == "post" and store.chat.places.channel(row.place, row.platform) not in (None, channel):
        store.chat.places.bind(row.place, row.platform, channel, now)  # the first card has opened a thread
    if row.place.startswith("dm:") and row.platform not in (DESK, *BESIDE_CHAT):
        _remember_person(context, row, channel, account)


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


def goes_elsewhere(context: Context, row: OutboxRow, why: str) -> bool:
    """Whether a message to an account that is switched off goes to another one of the same person: there, or on
    another platform. Where they have none it is for the admins to see."""
    people, name = context.store.chat.people, row.place.removeprefix("dm:")
    tried = people.reach(row.platform, name) if row.place.startswith("dm:") else None
    if tried is None:
        return False
    _switched_off(context, row.platform, tried[0], name)
    left = people.reach(row.platform, name)
    if left is not None and left[0] != tried[0]:
        why = f"{why}; they have another account"
        return context.store.chat.outbox.settle(row, "pending", context.now, error=why, tries=row.tries)
    return _goes_on_another_platform(context, row, name, why)


def _goes_on_another_platform(context: Context, row: OutboxRow, name: str, why: str) -> bool:
    people = context.store.chat.people
    way = next((one for one in people.platforms(name) if one in context.platforms and one != row.platform), None)
    if row.kind != "post" or row.card is None or way is None or (way, name) in people.closed():
        return False
    why = f"{why}; sent on {way}"
    if not context.store.chat.outbox.settle(row, "replaced", context.now, error=why, tries=row.tries):
        return False
    card, priority = Card.model_validate_json(row.card), PRIORITIES[row.priority]
    context.post(row.place, card, ref=row.about, priority=priority, repeat=row.repeat, on=way)
    give_up(context, row)
    return True


def _switched_off(context: Context, platform: str, account: str, person: str) -> None:
    """Keep what the answer to a message says of an account."""
    known = context.store.chat.accounts.find(platform, account)
    if known and known.state == "active":
        context.store.chat.people.set_state(platform, account, "deactivated")
        context.audit(account_ref(platform, account), state="deactivated", person=person)
        context.write_audit(SYSTEM, "accounts")
        context.noted.clear()


def lose(context: Context, row: OutboxRow, person: str | None) -> None:
    """After a refusal: it is given up. ``person`` is why the one it was for cannot be written to at all."""
    if person and row.place.startswith("dm:"):
        context.store.chat.people.not_reached(row.platform, row.place.removeprefix("dm:"), person, context.now)
    give_up(context, row)


def ask_people(context: Context, row: OutboxRow) -> None:
    """A message was lost: admins hear of a page at once, and people decide where nobody knows what became of it.

    A page that has arrived on another platform, or is on its way there, is nothing to decide; that one speaks for
    itself when it is lost too.
    """
    known = context.store.chat.outbox.find(row.id)
    if known is None or known.state not in LOST_STATES:
        return
    if row.is_page and _other_chat(context, row):
        context.store.chat.undelivered.decide(known, "replaced", context.now)
    elif row.is_page or known.state == "needs_human":
        tell_undecided(context, [known])


def _other_chat(context: Context, row: OutboxRow) -> bool:
    """Whether what a message in one chat is about has gone, or goes, to the same person in another."""
    among = chats(context.platforms)
    there = [post.platform for post in context.store.chat.posts.of(row.about or "") if post.place == row.place]
    return row.platform in among and any(one in among and one != row.platform for one in there)


def give_up(context: Context, row: OutboxRow) -> None:
    """A row is not sent any more: nothing waits for its post, and a place that could not be made falls back."""
    store = context.store
    if row.kind == "post" and row.post is not None:
        store.chat.posts.lost(row.post)
        store.chat.outbox.drop_updates(row.post, context.now)
    if row.kind == "make_place":
        channel = store.chat.places.channel(row.payload["fallback"], row.platform)
        if channel:
            store.chat.places.bind(row.payload["place"], row.platform, channel, context.now)


def forget_post(context: Context, row: OutboxRow) -> None:
    """The message of a post was deleted at the platform: it is changed no more."""
    if row.post is not None:
        context.store.chat.posts.lost(row.post)
        context.store.chat.outbox.drop_updates(row.post, context.now)
