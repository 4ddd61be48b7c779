"""Losses: what follows when a message does not arrive where it was to go: another way, a question, or nothing."""

from dataclasses import replace

from bot.post import Refused, Result, Wait
from handlers.kit.context import SYSTEM, Context
from handlers.kit.drawing import draw, still_holds
from handlers.kit.incidents import tell_undecided
from handlers.kit.joining import account_ref
from handlers.kit.messages import Card
from handlers.kit.speaking import DESK, chats, spoken_platform
from storage.chat.outbox import BESIDE_CHAT, PRIORITIES, OutboxRow


def said_of_whom(row: OutboxRow, result: Result) -> Result:
    """A refusal, said of the person or the place it is about: somebody to whom nothing can be posted could not be
    reached."""
    if not isinstance(result, Refused):
        return result
    if not _is_direct(row):
        return replace(result, person=None)
    person = result.person
    if person is None and row.kind == "post" and not result.unfit:
        person = f"cannot be written to in {spoken_platform(row.platform)}: {result.why}"
    return replace(result, why=f"this person {person}", person=person) if person else result


def _is_direct(row: OutboxRow) -> bool:
    """Whether a row is for one person in chat."""
    return row.place.startswith("dm:") and row.platform not in (DESK, *BESIDE_CHAT)


def send_elsewhere(context: Context, row: OutboxRow, why: str) -> None:
    """Send a message to an account that is switched off to another one of the same person: there, or on another
    platform. Where they have none it stays as it is, for the admins to see."""
    people, name = context.store.chat.people, row.place.removeprefix("dm:")
    tried = people.reach(row.platform, name) if row.place.startswith("dm:") else None
    if tried is None:
        return
    _switched_off(context, row.platform, tried[0], name)
    left = people.reach(row.platform, name)
    if left is not None and left[0] != tried[0]:
        why = f"{why}; they have another account"
        context.store.chat.outbox.settle(row, "pending", context.now, error=why, tries=row.tries)
    else:
        _send_on_another_platform(context, row, name, why)


def _send_on_another_platform(context: Context, row: OutboxRow, name: str, why: str) -> None:
    people = context.store.chat.people
    way = next(
        (platform for platform in people.platforms(name) if platform in context.platforms and platform != row.platform),
        None,
    )
    if row.kind != "post" or row.card is None or way is None or (way, name) in people.closed():
        return
    why = f"{why}; sent on {way}"
    if context.store.chat.outbox.settle(row, "replaced", context.now, error=why, tries=row.tries):
        _send_on(context, row, way)
        give_up(context, row)


def _send_on(context: Context, row: OutboxRow, way: str) -> None:
    """Queue a message for the same person on another platform; one that names for whom they stand in is as it was."""
    card, priority = Card.model_validate_json(row.card or ""), PRIORITIES[row.priority]
    draws = None if row.payload.get("instead_of") else row.draws
    context.post(row.place, card, ref=row.about, priority=priority, repeat=row.repeat, on=way, draws=draws)


def _switched_off(context: Context, platform: str, account: str, person: str) -> None:
    """Keep what the answer to a message says of an account."""
    known = context.store.chat.accounts.find(platform, account)
    if known and known.state == "active":
        context.store.chat.people.set_state(platform, account, "deactivated")
        context.audit(account_ref(platform, account), state="deactivated", person=person)
        context.write_audit(SYSTEM, "accounts")


def lose(context: Context, row: OutboxRow, person: str | None) -> None:
    """After a refusal: it is given up. ``person`` is why the one it was for cannot be written to at all."""
    if person:
        not_reached(context, row, person)
    give_up(context, row)


def not_reached(context: Context, row: OutboxRow, person: str) -> None:
    """Nothing can be written to somebody where a message was to go; ``person`` is why."""
    context.store.chat.people.not_reached(row.platform, row.place.removeprefix("dm:"), person, context.now)


def cannot_be_paged(row: OutboxRow, result: Result) -> str | None:
    """Why somebody cannot be reached by a page that waits until something is mended; None when nothing says so."""
    return result.person if isinstance(result, Wait) and row.is_page and _is_direct(row) else None


def goes_another_way(context: Context, row: OutboxRow) -> bool:
    """Whether a message that was refused to a person goes to them on another platform; not when it does already."""
    ways = context.other_ways(row.place.removeprefix("dm:"), row.platform)
    known = context.store.chat.outbox.find(row.id)
    if known is None or row.kind != "post" or not ways or (row.is_page and _other_chat(context, row)):
        return False
    _send_on(context, row, ways[0])
    return context.store.chat.undelivered.decide(known, "replaced", context.now, f"{known.error}; sent on {ways[0]}")


def ask_people(context: Context, row: OutboxRow) -> None:
    """A message was lost: admins hear of a page at once, and people decide where nobody knows what became of it.

    A page that has arrived on another platform, or is on its way there, is nothing to decide; that one speaks for
    itself when it is lost too.
    """
    lost = context.store.chat.outbox.find(row.id)
    assert lost is not None
    if row.is_page and _other_chat(context, row):
        context.store.chat.undelivered.decide(lost, "replaced", context.now)
    elif row.is_page or lost.state == "needs_human":
        tell_undecided(context, [lost])


def _other_chat(context: Context, row: OutboxRow) -> bool:
    """Whether what a message in one chat is about has gone, or goes, to the same person in another."""
    among = chats(context.platforms)
    there = [post.platform for post in context.store.chat.posts.of(row.about or "") if post.place == row.place]
    return row.platform in among and any(platform in among and platform != row.platform for platform in there)


def give_up(context: Context, row: OutboxRow) -> None:
    """A row is not sent any more: nothing waits for its post, and a place that could not be made falls back."""
    if row.kind == "post":
        forget_post(context, row)
    if row.kind == "make_place":
        places = context.store.chat.places
        if channel := places.channel(row.payload["fallback"], row.platform):
            places.bind(row.payload["place"], row.platform, channel, context.now)


def forget_post(context: Context, row: OutboxRow) -> None:
    """The message of a post never appears, or is not pinned: it is changed no more."""
    if row.post is not None:
        context.store.chat.posts.lost(row.post)
        context.store.chat.outbox.drop_updates(row.post, context.now)


def post_again(context: Context, row: OutboxRow) -> None:
    """The message of a post was deleted at the platform when it was to be changed: it is posted again as it is now,
    once; who deletes it again does not want it there. What nobody needs any more is not posted again, nor an answer."""
    if row.post is None or row.card is None:
        return
    context.store.chat.outbox.drop_updates(row.post, context.now)
    gone = context.store.chat.posts.deleted(row.post)
    if gone.before or gone.place.startswith(("to:", "home:")) or not still_holds(context, gone.draws):
        return
    card = draw(context, gone.draws) if gone.draws else Card.model_validate_json(row.card)
    context.post(
        gone.place,
        card,
        ref=None if gone.draws else gone.about,
        priority="prompt",
        repeat=row.repeat,
        on=gone.platform,
        draws=gone.draws,
        instead_of=gone.instead_of,
    )
