"""Left behind: what leaves the city's files while records name it is named, and moved with the command that is said."""

import pytest

from tests.chat.door import Chat, Speaker
from tests.chat.folded import unfolded
from tests.chat.seen import SeenForm
from tests.chat.slack import SlackChat
from tests.scenarios.gone import leaves
from tests.scenarios.peoplefile import change

WASTE = '[[category]]\nid = "waste"\nname = "Waste and recycling"\ndepartment = "public-works"\n'
BINS = "/feedback add Bins are full; category waste; via phone"


async def broken(chat: Chat) -> str:
    return (await chat.person("ines").says("/city faults")).text


async def _changing(person: Speaker, ref: str) -> SeenForm:
    """The form that changes an item."""
    return await person.opens("Change", await person.unfolds("More", await person.says(f"/feedback show {ref}")))


@pytest.mark.parity("Read what left the city's files while records name it")
async def test_a_category_that_left_is_named_with_what_names_it_until_that_is_moved(chat: Chat) -> None:
    owen = chat.person("owen")
    await owen.says(BINS)
    await change(chat, WASTE, "", "feedback.toml")
    named = "feedback.toml has no category waste anymore, and F-1 names it. Put it back, or choose another"
    assert named in await broken(chat)
    shown = await owen.says("/feedback show F-1")
    assert "nobody" not in shown.text.replace("nobody yet", "")
    assert "public-works (no longer in the city's files)" in shown.text
    form = await _changing(chat.person("rosa"), "F-1")
    changed = await chat.person("rosa").fills(form, category="water")
    assert changed.title == "Changed F-1"
    assert [card for card in await chat.place("water") if card.title.startswith("F-1 ")]
    await chat.bot.pass_time(minutes=61)
    assert "waste" not in await broken(chat)


@pytest.mark.doors
async def test_somebody_who_left_is_named_with_all_that_is_theirs(chat: Chat) -> None:
    await chat.person("sam").says("/risk add Dam gate stuck; likelihood 2; impact 3; owner @sam")
    await chat.person("sam").says("/feedback add Pothole; category streets; via phone")
    await chat.person("sam").says("/feedback take F-1")
    await leaves(chat, "sam")
    line = "people.toml has no person sam anymore, and R-1 and F-1 name them. Put them back, or give all of it"
    assert line in await broken(chat)
    assert "city handover sam" in await broken(chat)
    for line in ("/risk show R-1", "/risk list"):
        assert ", who has left" in (await chat.person("olga").says(line)).text


@pytest.mark.doors
async def test_a_place_that_left_is_named_while_it_is_a_channel(slack_chat: SlackChat) -> None:
    place = '[[place]]\nid = "parks"\nname = "parks"\npurpose = "Parks, pools and playgrounds"\n'
    for file in ("departments.toml", "standup.toml"):
        await change(slack_chat, 'place = "parks"', 'place = "feedback"', file)
    await change(slack_chat, place, "", "places.toml")
    said = "places.toml has no place parks anymore, and a channel in Slack names it."
    assert said in await broken(slack_chat)


async def test_a_category_changed_by_hand_moves_the_item_and_the_history_names_both(chat: Chat) -> None:
    rosa, sam = chat.person("rosa"), chat.person("sam")
    await rosa.says("/feedback add Water everywhere; category streets; via phone")
    await sam.says("/feedback take F-1")
    form = await _changing(rosa, "F-1")
    await rosa.fills(form, category="water")
    old = [card for card in await chat.place("public-works") if "F-1" in card.title][-1]
    assert "Answer and close" not in old.buttons
    assert "F-1 is with Water and Sewer now." in old.text
    assert "Answer and close" in [card for card in await chat.place("water") if "F-1" in card.title][-1].buttons
    [news] = await chat.bot.read(lambda store: store.chat.notes.all("sam"))
    assert news.line == "F-1 is with Water and Sewer now, and not with you anymore: Water everywhere"
    history = await unfolded(rosa, await rosa.says("/feedback show F-1"))
    both = "from Streets and potholes (Public Works) to Water and sewers (Water and Sewer)"
    assert f"Rosa Delgado changed it {both}" in history
