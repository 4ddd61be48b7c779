"""People file: people.toml changed while the bot runs, and accounts changed at the platform."""

import os

from tests.chat.door import Chat
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat
from tests.wires.slack.socket import SOCKET

Workplace = SlackChat | TeamsChat


async def change(chat: Chat, old: str, new: str, name: str = "people.toml") -> None:
    """Change words in people.toml, or another file of the city; the bot sees it within seconds."""
    file = chat.bot.application.settings.city_dir / name
    before, text = file.stat().st_mtime_ns, file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    os.utime(file, ns=(before + 10**9, before + 10**9))
    await chat.bot.pass_time(seconds=3)
    assert chat.bot.application.runtime.city.problem is None  # type: ignore[attr-defined]  # the city is read from files


async def list_person(chat: Workplace, name: str, *more: str) -> None:
    """Write somebody new into people.toml."""
    lines = [f'id = "{name}"', f'name = "{name.title()} Berg"', f'email = "{name}@riverton.example.org"', *more]
    await change(chat, '[[person]]\nid = "sam"', "\n".join(["[[person]]", *lines, '\n[[person]]\nid = "sam"']))


def newcomer(chat: Workplace, name: str, email: str) -> None:
    """Somebody new at the platform, in the channels of everybody; with an empty address, the platform gives none."""
    chat.newcomer(name, email)
    if isinstance(chat, TeamsChat):
        chat.teams.team("City").members.append(chat.teams.user(name).id)
    else:
        chat.slack.channel("ops").members.append(chat.slack.user(name).id)


def give_address(chat: Workplace, name: str, email: str) -> None:
    """Another address for an account; nobody tells the bot."""
    if isinstance(chat, TeamsChat):
        user = chat.teams.user(name)
        user.email = user.upn = email
    else:
        chat.slack.user(name).email = email


def switch(chat: Workplace, name: str, *, off: bool) -> None:
    """Switch an account off or on; nobody tells the bot."""
    if isinstance(chat, SlackChat):
        chat.slack.user(name).deleted = off
    elif off:
        chat.teams.switch_off(name)
    else:
        chat.teams.switch_on(name)


async def told_by_platform(chat: Workplace, name: str) -> None:
    """The bot hears what has changed of an account: by Slack's event; by Teams' next list."""
    if isinstance(chat, SlackChat):
        reply = await chat.slack.user_event(SOCKET if chat.via_socket else chat.bot.url, name)
        assert reply.status == 200
    else:
        await chat.bot.pass_time(days=1)
        await chat.bot.application.everybody.look()
    await chat.bot.settle()


def account_of(chat: Workplace, name: str) -> str:
    """The id under which the bot keeps somebody's account."""
    return chat.slack.user(name).id if isinstance(chat, SlackChat) else chat.teams.user(name).aad
