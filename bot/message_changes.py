"""Message changes: features hear that a message of which they keep something was changed or deleted."""

from dataclasses import replace
from functools import partial

from bot.inbound import Changed, Inbound, Profile, not_understood
from bot.runtime import MOST_UNKNOWN, Introduce, Runtime
from handlers.kit.context import SYSTEM
from handlers.kit.errors import UnknownAccount, UserError
from handlers.kit.forms import with_names
from handlers.kit.parts import Part
from handlers.kit.signs import closed, storable
from storage.database import Store


async def heed(runtime: Runtime, changed: Changed, introduce: Introduce) -> None:
    """Tell every feature that listens, in one transaction; a notice that comes again does nothing.

    Most messages concern nobody: then that is one look into the database, and the platform is asked nothing.
    """
    asked, again = frozenset[str](), bool(runtime.catalogue.on_message_changed)
    while again:
        try:
            await runtime.write(partial(_heed, runtime, changed, asked))
            again = False
        except UnknownAccount as unknown:
            profile = await _introduced(introduce, unknown.account) if len(asked) < MOST_UNKNOWN else None
            asked |= {unknown.account}
            if profile and not profile.refused:
                await runtime.meet(changed.platform, profile)


async def again(runtime: Runtime, changed: Changed, said: Inbound | None) -> Inbound | None:
    """The new words of a message that was not understood, to be read as if they were said now; None for all others."""
    if changed.text is None or said is None:
        return None
    name, meant = not_understood(changed.key), replace(said, key=changed.delivery)

    def waits(store: Store) -> bool:
        is_known = bool(meant.once) and store.chat.inbox.answered(str(meant.once))[0]  # it was delivered before
        return not is_known and store.chat.inbox.answered(name)[0]

    if not await runtime.read(waits):
        return None
    was_not = await runtime.write(lambda store: store.chat.inbox.drop(name))
    return meant if was_not else None


def _heed(runtime: Runtime, changed: Changed, asked: frozenset[str], store: Store) -> None:
    """Raises UnknownAccount when it concerns somebody and names an account about which nobody was ``asked`` yet."""
    once = f"{changed.platform} {changed.delivery}"[:280]
    if store.chat.inbox.answered(once)[0]:
        return
    context = replace(runtime.context(store), strangers=asked, meets=True)
    text, unknown = changed.text and closed(storable(changed.text)), None
    try:
        text = text and with_names(text, context.reading)
    except UnknownAccount as problem:
        unknown = problem
    listeners = sorted(runtime.catalogue.on_message_changed.items())
    context.each_apart(
        [Part(f"heeder {name}", partial(listener, context, changed.key, text)) for name, listener in listeners]
    )
    if context.wrote:
        if unknown:
            raise unknown
        store.chat.inbox.keep(once, None, context.now)
        context.write_audit(SYSTEM, "message changed")


async def _introduced(introduce: Introduce, account: str) -> Profile | None:
    """Who an account is; None when nobody can say now."""
    try:
        return await introduce(account)
    except UserError:
        return None
