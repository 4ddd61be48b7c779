"""Digest: it is drawn for many people at once, for each as for them alone."""

from datetime import date

from handlers.digest import digest_card, digest_cards
from handlers.kit.context import Context
from handlers.kit.messages import Card
from handlers.kit.plain import plain
from tests.handlers.town import Town

DAY, LATER = date(2026, 11, 23), date(2026, 11, 25)


async def _cards(town: Town, *, untold: bool = False) -> dict[str, Card]:
    def work(context: Context) -> dict[str, Card]:
        people = context.everybody()
        cards = digest_cards(context, people, DAY, untold=untold)
        if not untold:
            alone = {person.id: digest_card(context, person, DAY) for person in people}
            assert cards == {person: card for person, card in alone.items() if card}
        return cards

    return await town.runtime.write(lambda store: work(town.runtime.context(store)))


async def test_those_who_have_something_get_a_card_and_nobody_else(town: Town) -> None:
    await town.says("olga", "risk add Gate; likelihood 2; impact 2; owner @sam; review today")
    await town.says("olga", "action add Oil it; owner @ben; due friday")
    cards = await _cards(town)
    assert cards.keys() == {"sam", "ben"}
    assert "R-1 Gate" in plain(cards["sam"])
    assert "A-1 Oil it" in plain(cards["ben"])


async def test_news_stands_in_it_once_it_is_told_or_where_what_waits_is_asked_for_too(town: Town) -> None:
    def news(context: Context) -> None:
        for person, ref in (("sam", "F-1"), ("sam", "F-2"), ("tom", "F-3")):
            context.tell(person, f"{ref} is answered", ref)
        context.store.chat.snoozes.put_off("sam", "F-2", LATER)

    await town.runtime.write(lambda store: news(town.runtime.context(store)))
    assert await _cards(town) == {}
    untold = await _cards(town, untold=True)
    assert untold.keys() == {"sam", "tom"}
    waiting = await town.runtime.read(lambda store: store.chat.notes.waiting(["sam", "ben"], DAY))
    assert waiting.keys() == {"sam"}
    await town.runtime.write(lambda store: store.chat.notes.tell(waiting["sam"], DAY))
    told = await _cards(town)
    assert told == {"sam": untold["sam"]}
    assert "F-1 is answered" in plain(told["sam"])
    assert "F-2" not in plain(told["sam"])
