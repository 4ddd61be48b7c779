"""Gone: how scenarios let somebody be switched off, leave the city, be away, or be refused by every platform."""

from collections.abc import Awaitable, Callable

from sqlalchemy import func, select

from storage.chat.outbox import outbox
from storage.chat.people import Met
from storage.database import Store
from tests.chat.door import Chat
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat
from tests.city_files import people_changed

REFUSED = "has blocked cityops"


async def switched_off(chat: Chat, person: str) -> None:
    """Every account of somebody is switched off, as their platform says."""
    known, now = chat.bot.application.runtime.city().people[person], chat.bot.clock.now()

    def switch_off(store: Store) -> None:
        for platform in store.chat.people.platforms(person) or ["slack"]:
            account = store.chat.people.reach(platform, person) or (f"account of {person}", None)
            store.chat.people.meet(Met(person, known.name, known.email), platform, account[0], now)
            store.chat.people.set_state(platform, account[0], "deactivated")

    await chat.bot.application.runtime.write(switch_off)


async def leaves(chat: Chat, person: str) -> None:
    """Somebody is taken out of people.toml, and of every file that names them."""
    people_changed(chat.bot.application.settings.city_dir, left=[person])
    await chat.bot.pass_time(seconds=3)
    assert person not in chat.bot.application.runtime.city().people


async def away(chat: Chat, person: str) -> None:
    """Somebody is away for some days, and names nobody."""
    await chat.person(person).says("/city away from today to friday")


async def unreachable(chat: Chat, person: str) -> None:
    """Every platform of this bot has refused to let somebody be written to."""
    if isinstance(chat, SlackChat):
        chat.slack.user(person).deleted = True
    elif isinstance(chat, TeamsChat):
        chat.teams.block(person)
    now, chats = chat.bot.clock.now(), [name for name in chat.bot.application.settings.platforms if name != "desk"]

    def refuse(store: Store) -> None:
        for name in chats:
            store.chat.people.not_reached(name, person, REFUSED, now)

    await chat.bot.application.runtime.write(refuse)


async def written_to(chat: Chat, person: str) -> int:
    """How many messages were queued for somebody, whether they arrived or not."""
    count = select(func.count()).where(outbox.c.place == f"dm:{person}", outbox.c.kind == "post")
    return int(await chat.bot.read(lambda store: store.connection.execute(count).scalar_one()))


Way = Callable[[Chat, str], Awaitable[None]]
GONE: dict[str, Way] = {"left": leaves, "switched off": switched_off, "away": away, "unreachable": unreachable}
