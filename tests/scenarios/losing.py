"""Losing: messages that a platform did not take, as an incident leaves them, at every door."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import update

from handlers.kit.context import Context
from handlers.kit.incidents import tell_undecided
from handlers.kit.messages import Card
from storage.chat.outbox import outbox
from storage.chat.posts import posts
from storage.database import Store
from tests.chat.door import Chat


async def lose(chat: Chat, say: Callable[[Context], Any], state: str = "needs_human") -> list[int]:
    """Have the bot say something that does not arrive, and ask people about it; gives the rows of the outbox."""
    runtime = chat.bot.application.runtime

    def run(store: Store) -> list[int]:
        before = store.connection.execute(outbox.select().with_only_columns(outbox.c.id)).scalars().all()
        say(runtime.context(store))
        all_rows = store.connection.execute(outbox.select().with_only_columns(outbox.c.id)).scalars().all()
        lost = [number for number in all_rows if number not in before]
        given_up = (
            update(outbox)
            .where(outbox.c.id.in_(lost))
            .values(state=state, attempt=1, settled_at=chat.bot.clock.now(), error="the platform was in trouble")
        )
        store.connection.execute(given_up)
        store.connection.execute(update(posts).where(posts.c.remote_id.is_(None)).values(state="lost"))
        rows = [row for number in lost if (row := store.chat.outbox.find(number))]
        if state == "needs_human" or any(row.is_page for row in rows):
            tell_undecided(runtime.context(store), rows)
        return lost

    lost = await runtime.write(run)
    await chat.bot.settle()
    return lost


async def announcement_is_lost(chat: Chat, ref: str = "R-1", state: str = "needs_human") -> list[int]:
    """The announcement of a high risk does not arrive."""
    old = Card(f"{ref} as it was then")
    return await lose(chat, lambda context: context.post("risks", old, ref=ref, draws=f"risk.announced {ref}"), state)
