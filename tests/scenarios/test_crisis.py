"""Crisis: the team is paged, answers, is paged again, and is stood down, at every door."""

import pytest

from tests.chat.door import Chat
from tests.chat.seen import Seen
from tests.scenarios.ended import stand_down

TEAM = ("tom", "hugo", "dana", "marcus", "felix", "victor", "grace", "ines", "olga", "noah")
ROOM = "crisis:CR-2026-01"
BURST = "/crisis activate Water main burst; where Mill Road; level 2"


async def test_everybody_of_the_team_is_paged_in_person(chat: Chat) -> None:
    card = await chat.person("olga").says(BURST)
    assert card.title == "CR-2026-01 has begun"
    for member in TEAM:
        page = await _page(chat, member)
        assert page.title == "Crisis CR-2026-01: you are needed"
        assert {"On my way", "I cannot come"} <= set(page.buttons)
        assert page.status == "Level 2, not confirmed yet", "how bad it is comes first"
    summary, *_ = await chat.place(ROOM)
    assert summary.title == "CR-2026-01 Water main burst"
    assert f"{len(TEAM)} silent" in summary.text
    assert summary.text.count("no answer yet") == len(TEAM)


@pytest.mark.parity("Answer a page of a crisis")
async def test_an_answer_changes_the_page_and_the_summary_in_their_places(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    tom, page = chat.person("tom"), await _page(chat, "tom")
    await tom.presses("On my way", page)
    page = await _page(chat, "tom")
    assert "on my way" in page.title
    summary, *_ = await chat.place(ROOM)
    assert "1 on the way" in summary.text
    assert "Tom Okafor: on my way (9:" in summary.text
    assert "not needed" not in summary.text, "who comes has no role yet"
    assert summary.text.count("no answer yet") == len(TEAM) - 1
    await tom.presses("I cannot come after all", page)
    summary, *_ = await chat.place(ROOM)
    assert "Tom Okafor: cannot come" in summary.text
    lines = await chat.bot.read(lambda store: store.crisis.log.of("CR-2026-01"))
    assert [line.text for line in lines if line.person == "tom"] == ["on my way", "cannot come"]


@pytest.mark.parity("Be paged again until the answer is there")
async def test_who_does_not_answer_is_paged_again_and_who_did_is_not(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    tom, page = chat.person("tom"), await _page(chat, "tom")
    await tom.presses("On my way", page)
    for _ in range(6):
        await chat.bot.pass_time(minutes=5, seconds=1)
    assert len(await _pages(chat, "tom")) == 1
    assert [page.title.partition("(")[2] for page in await _pages(chat, "hugo")] == [
        "",
        "page 2)",
        "page 3)",
        "page 4)",
    ]
    summary, *_ = await chat.place(ROOM)
    assert "Hugo Lindqvist: no answer yet, paged 4 times" in summary.text


@pytest.mark.parity("Write the log of a crisis")
async def test_the_log_keeps_what_happened_in_order(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await chat.person("tom").says("/crisis log Pumps are running")
    card = await chat.person("sam").says("/crisis status")
    said = card.text
    first, *later = ("wants the plan to start", "Tom Okafor: Pumps are running")
    assert all(said.rindex(first) < said.rindex(line) for line in later)


@pytest.mark.parity("End a crisis from its card")
async def test_standing_down_ends_the_pages(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    tom = chat.person("tom")
    summary, *_ = await chat.place(ROOM)
    form = await tom.opens("Stand down", summary)
    assert form.values == {"reason": "", "plan": "", "crisis": "CR-2026-01"}
    asked = await tom.fills(form, reason="The pipe is mended")
    assert asked.title == "CR-2026-01: a second person must agree"
    maria = chat.person("maria")
    card = await maria.presses("Agree: stand down", await maria.finds("asks to stand down"))
    assert card.title == "CR-2026-01 is over"
    await chat.bot.pass_time(minutes=30)
    titles = [card.title for card in await chat.person("hugo").direct()]
    assert titles.count("CR-2026-01 is over") == 1
    news = await chat.person("hugo").finds("you do not need to come")
    assert "The pipe is mended" in news.text
    summary, *_ = await chat.place(ROOM)
    assert "The pipe is mended" in summary.text
    assert not {"Add to timeline", "Change it", "Stand down"} & set(summary.buttons)


@pytest.mark.doors
async def test_a_page_leads_to_the_room_of_the_crisis_as_soon_as_it_is_there(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    page = await _page(chat, "hugo")
    room = "#cr-2026-01-water-main-burst" if chat.name.startswith("slack") else "#crisis-cr-2026-01"
    assert room in page.text


async def test_an_old_page_says_that_it_is_over(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    hugo, page = chat.person("hugo"), await _page(chat, "hugo")
    await stand_down(chat)
    card = await hugo.presses("On my way", page)
    assert card.title == "CR-2026-01 is over"


async def test_who_said_they_cannot_come_is_not_called_off(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    hugo = chat.person("hugo")
    await hugo.presses("I cannot come", await _page(chat, "hugo"))
    await stand_down(chat)
    assert not [card for card in await hugo.direct() if "you do not need to come" in card.title]


@pytest.mark.doors
async def test_what_came_to_light_later_is_still_added_to_the_log(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    tom = chat.person("tom")
    await stand_down(chat)
    await tom.says("/crisis log The valve was from 1961; nobody knew; crisis CR-2026-01")
    summary, *_ = await chat.place(ROOM)
    assert "Tom Okafor: The valve was from 1961; nobody knew" in summary.text
    assert "no answer yet" not in summary.text


async def _pages(chat: Chat, person: str) -> list[Seen]:
    """How somebody was called, oldest first."""
    return [
        card
        for card in await chat.person(person).direct()
        if "you are needed" in card.title or "you said" in card.title
    ]


async def _page(chat: Chat, person: str) -> Seen:
    [page] = await _pages(chat, person)
    return page


async def test_a_second_alarm_is_shown_the_first_and_asked(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    sam = chat.person("sam")
    asked = await sam.says("/crisis activate Mill Road is flooded; level 1")
    assert asked.title == "CR-2026-01 is open already. Is it the same?"
    assert len(await chat.bot.read(lambda store: store.crisis.records.open())) == 1
    form = await sam.opens("It is the same: add it to the timeline", asked)
    assert (form.values["text"], form.values["crisis"]) == ("Mill Road is flooded", "CR-2026-01")


async def test_a_drill_holds_back_no_real_alarm(chat: Chat) -> None:
    await chat.person("olga").says(BURST + "; kind drill")
    begun = await chat.person("sam").says("/crisis activate Gas leak; level 3")
    assert begun.title == "CR-2026-02 has begun"
    drill = await chat.person("olga").says("/crisis activate Another practice; level 1; kind drill")
    assert drill.title == "CR-2026-01 and CR-2026-02 are open already. Is it one of them?"
    assert "DRILL: CR-2026-01 Water main burst" in drill.text


@pytest.mark.doors
async def test_of_several_young_crises_each_can_be_the_same(chat: Chat) -> None:
    await _two_crises(chat)
    sam = chat.person("sam")
    asked = await sam.says("/crisis activate Water in cellars; level 1")
    assert "CR-2026-02 Flood" in asked.text
    begun = await sam.presses("It is another one: call the team", asked)
    assert begun.title == "CR-2026-03 has begun"


@pytest.mark.doors
async def test_every_message_of_a_drill_says_that_it_is_one(chat: Chat) -> None:
    await chat.person("olga").says(BURST + "; kind drill")
    await chat.person("maria").presses("I confirm it", await chat.person("maria").finds("please confirm"))
    await stand_down(chat, "We have practised")
    for card in [*await chat.place(ROOM), *await chat.place("ops"), *await chat.person("tom").direct()]:
        assert card.title.startswith("DRILL: "), card.title


async def _two_crises(chat: Chat) -> None:
    await chat.person("olga").says(BURST)
    await chat.bot.pass_time(seconds=5)
    asked = await chat.person("olga").says("/crisis activate Flood; level 1")
    await chat.person("olga").presses("It is another one: call the team", asked)
    await chat.bot.pass_time(seconds=5)


@pytest.mark.parity("Choose which of two crises is meant")
async def test_a_log_entry_that_names_none_of_two_crises_is_kept_for_the_one_chosen(chat: Chat) -> None:
    await _two_crises(chat)
    tom = chat.person("tom")
    asked = await tom.says('/crisis log Pumps; "all of them" are running')
    assert asked.title == "Which crisis do you mean?"
    assert list(asked.buttons) == ["CR-2026-01 Water main burst", "CR-2026-02 Flood"]
    form = await tom.opens("CR-2026-02 Flood", asked)
    assert (form.values["text"], form.values["crisis"]) == ('Pumps; "all of them" are running', "CR-2026-02")
    added = await tom.fills(form)
    assert added.title == "Added to the timeline of CR-2026-02"


async def test_a_form_that_names_none_of_two_crises_asks_too(chat: Chat) -> None:
    await _two_crises(chat)
    tom = chat.person("tom")
    form = await tom.opens("/crisis standdown")
    asked = await tom.fills(form, reason="The pipe is mended")
    assert asked.title == "Which crisis do you mean?"
    assert len(await chat.bot.read(lambda store: store.crisis.records.open())) == 2
    chosen = await tom.opens("CR-2026-01 Water main burst", asked)
    assert chosen.values == {"reason": "The pipe is mended", "plan": "begun", "crisis": "CR-2026-01"}
    asked = await tom.fills(chosen)
    assert asked.title == "CR-2026-01: a second person must agree"


async def test_the_status_of_one_of_two_crises_is_one_press_away(chat: Chat) -> None:
    await _two_crises(chat)
    sam = chat.person("sam")
    asked = await sam.says("/crisis status")
    shown = await sam.presses("CR-2026-02 Flood", asked)
    assert shown.title == "CR-2026-02 Flood"
