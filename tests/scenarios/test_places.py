"""Places: which are connected, and on the desk alone who sees them."""

from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.seen import Seen


async def test_the_state_of_every_place_stands_in_the_list(chat: Chat) -> None:
    card = await chat.person("sam").says("/city places")
    assert isinstance(card, Seen)
    assert "High risks, as they are logged" in card.text
    assert "not connected" not in card.text
    assert card.text.count("connected") == (
        1 if chat.name == "desk" else len(chat.bot.application.runtime.city().places)
    )
    assert ("Open to" in card.text) == (chat.name == "desk")


async def test_on_the_desk_alone_the_list_says_who_sees_a_place(desk_chat: DeskChat) -> None:
    card = await desk_chat.person("sam").says("/city places")
    assert isinstance(card, Seen)
    assert "everybody" in card.text
    assert "crisis team, city manager, department head, admin" in card.text
    assert "On the desk every place is there already" in card.text
