"""Feedback at work: a refusal says what to do instead, and nothing is saved."""

import pytest

from storage.feedback.items import Item
from tests.chat.desk import DeskChat
from tests.chat.seen import Seen

ADD = "feedback add Pothole; category streets; via phone"


async def said(chat: DeskChat, person: str, line: str) -> Seen:
    return await chat.person(person).says(line)


async def item(chat: DeskChat, ref: str = "F-1") -> Item:
    found: Item | None = await chat.bot.read(lambda store: store.feedback.records.find(ref))
    assert found is not None
    return found


async def test_one_that_somebody_has_is_given_not_taken(desk_chat: DeskChat) -> None:
    await said(desk_chat, "owen", ADD)
    await said(desk_chat, "sam", "feedback take F-1")
    refused = await said(desk_chat, "olga", "feedback take F-1")
    assert "F-1 is with Sam Rivers. To take it over: feedback give F-1." in refused.text
    await said(desk_chat, "olga", "feedback give F-1; to @ben")
    assert (await item(desk_chat)).owner == "ben"
    await desk_chat.bot.settle()
    assert (await desk_chat.person("ben").direct())[-1].title == "Olga Brandt gave you F-1"


async def test_what_is_with_somebody_who_has_left_can_be_taken_and_waits_for_the_department(
    desk_chat: DeskChat,
) -> None:
    await said(desk_chat, "owen", ADD)
    await said(desk_chat, "sam", "feedback take F-1")
    people = desk_chat.bot.application.settings.city_dir / "people.toml"
    city = people.read_text(encoding="utf-8")
    gone = "".join(f"[[person]]{part}" for part in city.split("[[person]]")[1:] if 'id = "sam"' not in part)
    people.write_text(gone, encoding="utf-8")
    for file, name in (("standup.toml", '"sam", '), ("standup.toml", ', "sam"')):
        path = people.parent / file
        path.write_text(path.read_text(encoding="utf-8").replace(name, ""), encoding="utf-8")
    desk_chat.bot.clock.advance(seconds=5)
    await desk_chat.bot.settle()
    assert "sam" not in desk_chat.bot.application.runtime.city().people
    shown = await said(desk_chat, "olga", "feedback show F-1")
    assert "sam, who has left" in shown.text
    today = await said(desk_chat, "olga", "city today")
    assert "F-1 Pothole" in today.text
    refused = await desk_chat.person("olga").opens("feedback give F-1; to @sam")
    assert refused.errors["to"] == 'I know nobody called "@sam". Write @ and their name, for example @sam.'
    taken = await said(desk_chat, "olga", "feedback take F-1")
    assert taken.title == "F-1 is yours now"


async def test_routing_in_a_loop_is_for_a_head(desk_chat: DeskChat) -> None:
    await said(desk_chat, "owen", ADD)
    same = await desk_chat.person("sam").opens("feedback route F-1; department public-works; reason Ours")
    assert "F-1 is with Public Works already" in same.errors["department"]
    await said(desk_chat, "sam", "feedback route F-1; department parks; reason In the park")
    before = await item(desk_chat)
    refused = await desk_chat.person("ben").opens("feedback route F-1; department public-works; reason On the road")
    assert "a head decides: ask Olga Brandt or Priya Nair." in refused.errors["department"]
    assert await item(desk_chat) == before
    decided = await said(desk_chat, "priya", "feedback route F-1; department public-works; reason On the road")
    assert decided.title == "F-1 is with Public Works now"
    told = [card.title for card in await desk_chat.place("public-works")]
    assert told == ["F-1 Streets and potholes"] * 2


async def test_for_a_head_who_is_away_their_deputy_of_people_toml_decides_and_who_is_asked_instead_does_not(
    desk_chat: DeskChat,
) -> None:
    await said(desk_chat, "owen", "feedback add Wrong bill; category taxes; via phone")
    await said(desk_chat, "leila", "feedback route F-1; department parks; reason A permit")
    await said(desk_chat, "victor", "city away from today to friday; deputy @ben")
    back = "feedback route F-1; department finance; reason A bill"
    refused = await desk_chat.person("ben").opens(back)
    assert "a head decides: ask Victor Mensah or Leila Haddad or Priya Nair." in refused.errors["department"]
    decided = await said(desk_chat, "leila", back)
    assert decided.title == "F-1 is with Finance now"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("feedback take F-1", "is closed by Sam Rivers"),
        ("feedback close F-1; reason done; answer Again", 'If it has to be taken up again: "feedback reopen F-1".'),
        ("feedback wait F-1; whom weather; reason Frost", "Nothing was changed."),
        ("feedback duplicate F-1; of F-2", "Nothing was changed."),
        ("feedback reopen F-2; why It broke", "F-2 is open. Nothing was changed."),
        ("feedback resume F-2", "F-2 is not paused."),
        ("feedback close F-9; reason done; answer x", 'There is no feedback "F-9". Write "feedback list"'),
        ("feedback contact F-9", 'There is no feedback "F-9". Write "feedback list"'),
    ],
)
async def test_what_cannot_be_done_any_more_says_so(desk_chat: DeskChat, line: str, sentence: str) -> None:
    await said(desk_chat, "owen", ADD)
    await said(desk_chat, "owen", ADD)
    await said(desk_chat, "sam", "feedback close F-1; reason done; answer Filled")
    before = [await item(desk_chat, ref) for ref in ("F-1", "F-2")]
    refused = await said(desk_chat, "sam", line)
    assert refused.title == "That did not work"
    assert sentence in refused.text
    assert [await item(desk_chat, ref) for ref in ("F-1", "F-2")] == before


@pytest.mark.parametrize(
    ("of", "sentence"),
    [
        ("F-3", "F-3 cannot be a duplicate of itself"),
        ("F-2", "F-2 is a duplicate of F-1 itself. Name F-1."),
        ("F-9", 'There is no feedback "F-9"'),
        ("F-4", "F-4 was withdrawn"),
    ],
)
async def test_a_duplicate_is_of_another_that_is_kept(desk_chat: DeskChat, of: str, sentence: str) -> None:
    for _ in range(4):
        logged = await said(desk_chat, "owen", ADD)
    await desk_chat.person("owen").presses("Withdraw", logged)
    await said(desk_chat, "sam", "feedback duplicate F-2; of F-1")
    refused = await desk_chat.person("sam").opens(f"feedback duplicate F-3; of {of}")
    assert sentence in refused.errors["of"]
    assert (await item(desk_chat, "F-3")).state == "open"


async def test_not_ours_says_who_decided_and_where_to_go(desk_chat: DeskChat) -> None:
    await said(desk_chat, "owen", ADD)
    form = await desk_chat.person("sam").opens("feedback close F-1; reason not-ours; answer The county does it")
    assert set(form.errors) == {"decided_by", "go_to"}
    line = "feedback close F-1; reason not-ours; answer The county does it; decided by Olga; go to County, Main St 1"
    closed = await said(desk_chat, "sam", line)
    for words in ("Not the city's responsibility", "Olga", "County, Main St 1", "The county does it"):
        assert words in closed.text


async def test_a_reason_with_a_sentence_of_the_citys_needs_none(desk_chat: DeskChat) -> None:
    await said(desk_chat, "owen", ADD)
    closed = await said(desk_chat, "sam", "feedback close F-1; reason not-found")
    assert "We looked and could not find it." in closed.text
    form = await said(desk_chat, "sam", "feedback close F-1; reason declined")
    assert form, "it is closed, whatever the reason lacks"


async def test_whoever_logged_it_or_a_duplicate_reads_the_answer_in_their_digest(desk_chat: DeskChat) -> None:
    await said(desk_chat, "owen", ADD)
    await said(desk_chat, "leila", ADD)
    await said(desk_chat, "sam", "feedback duplicate F-2; of F-1")
    await said(desk_chat, "sam", "feedback close F-1; reason done; answer Filled on Monday")
    await desk_chat.bot.pass_time(hours=24)
    digests = {person: (await desk_chat.person(person).direct())[-1].text for person in ("owen", "leila")}
    assert "F-1 “Pothole” is answered: Filled on Monday" in digests["owen"]
    assert "F-2 “Pothole”, a duplicate of F-1, is answered: Filled on Monday" in digests["leila"]


async def test_some_days_later_somebody_says_whether_it_is_fixed_and_no_opens_the_same_number(
    desk_chat: DeskChat,
) -> None:
    await said(desk_chat, "owen", ADD)
    await said(desk_chat, "sam", "feedback close F-1; reason done; answer Filled")
    sam = desk_chat.person("sam")
    today = await sam.says("city today")
    assert "Is it fixed?" not in today.text
    await desk_chat.bot.pass_time(days=7, hours=1)
    [asked] = [card for card in await sam.direct() if "F-1 Is it fixed? Pothole" in card.text]
    form = await sam.opens("No, open it again", asked)
    opened = await sam.fills(form, why="It sank in again")
    assert opened.title == "F-1 is open again"
    again = await sam.presses("Yes, it is fixed", asked)
    assert again.title == "That did not work"
    assert (await item(desk_chat)).state == "open"


async def test_four_thousand_characters_by_line_come_back_and_a_change_of_another_field_keeps_them(
    desk_chat: DeskChat,
) -> None:
    text = ("Zwölf Boxkämpfer 漢字 🌧 =1+1 " * 200)[:3999].strip() + "x"
    logged = await said(desk_chat, "owen", f"feedback add {text}; category streets; via phone")
    assert (await item(desk_chat)).what == text
    form = await desk_chat.person("owen").opens("Change", logged)
    assert form.values["what"] == ""
    await desk_chat.person("owen").fills(form, category="water")
    changed = await item(desk_chat)
    assert (changed.what, changed.category) == (text, "water")
