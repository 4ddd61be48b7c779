"""Outgoing: what a feature has left in the outbox, for tests that need no door."""

from dataclasses import dataclass

from sqlalchemy import select, update

from handlers.kit.home import home_ref
from handlers.kit.messages import Card
from handlers.kit.plain import plain
from storage.chat.outbox import outbox
from storage.database import Store
from tests.handlers.town import Town


@dataclass(frozen=True)
class Message:
    """A message of the outbox: where it goes, on which platform, as what, its text, and how it is drawn again."""

    place: str
    platform: str
    kind: str
    priority: int
    about: str | None
    text: str
    draws: str | None


_COLUMNS = (outbox.c.place, outbox.c.platform, outbox.c.kind, outbox.c.priority, outbox.c.about)


async def messages(town: Town, after: int = 0) -> list[Message]:
    """What was queued after the first so many rows, oldest first."""
    question = select(*_COLUMNS, outbox.c.card, outbox.c.draws).where(outbox.c.id > after).order_by(outbox.c.id)
    rows = await town.bot.read(lambda store: store.connection.execute(question).all())
    return [
        Message(
            row.place,
            row.platform,
            row.kind,
            row.priority,
            row.about,
            text=plain(Card.model_validate_json(row.card)) if row.card else "",
            draws=row.draws,
        )
        for row in rows
    ]


async def newest(town: Town) -> int:
    """The number of the newest row of the outbox, when all of it has been sent."""
    sent = update(outbox).where(outbox.c.state == "pending").values(state="sent")
    await town.runtime.write(lambda store: store.connection.execute(sent) and None)
    return len(await messages(town))


async def has_home(town: Town, *persons: str) -> None:
    """These people have a home page, as in Slack."""

    def add(store: Store) -> None:
        for person in persons:
            number = store.chat.posts.add(home_ref(person), "slack", f"home:{person}")
            store.chat.posts.posted(number, f"D-{person}", "home")

    await town.runtime.write(add)


def to(those: list[Message], place: str) -> list[Message]:
    return [message for message in those if message.place == place]


def homes(those: list[Message]) -> set[str]:
    """The home pages that were brought up to date."""
    return {str(message.about) for message in those if (message.about or "").startswith("home ")}
