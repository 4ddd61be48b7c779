"""Flood: many alarms, who is asked about them, and the limits that a city sets itself."""

import re

from bot.cityfiles import CityFiles
from tests.chat.door import Chat
from tests.chat.seen import Seen

ALARM = "/crisis activate Smoke at gate {number}; level 3"


async def raises(chat: Chat, person: str, number: int) -> Seen:
    """Raise an alarm, and say that it is another one where that is asked."""
    card = await chat.person(person).says(ALARM.format(number=number))
    if "Is it" not in card.title:
        return card
    return await chat.person(person).presses("It is another one: call the team", card)


async def questions(chat: Chat) -> list[tuple[str, Seen]]:
    """Who was asked whether it is another crisis, with the card."""
    found = []
    for person in chat.bot.application.runtime.city().people:
        cards = [card for card in await chat.person(person).direct() if "Is this another crisis?" in card.title]
        found += [(person, card) for card in cards]
    return found


def limit(chat: Chat, **most: int) -> None:
    """Have the city set its own limits."""
    city = chat.bot.application.runtime.city
    assert isinstance(city, CityFiles)
    file = city.folder / "city.toml"
    text = file.read_text()
    for name, number in most.items():
        text, changed = re.subn(rf"^{name} = .*$", f"{name} = {number}", text, flags=re.MULTILINE)
        assert changed == 1
    file.write_text(text)
    assert city.look()
