"""Risk register: treated, accepted, reviewed, searched, drawn, exported and linked, at every door."""

import pytest

from tests.chat.door import Chat, Speaker
from tests.chat.folded import unfolded
from tests.chat.seen import Seen, SeenForm
from tests.scenarios.ended import stand_down

DAM = "/risk add Dam gate stuck; likelihood 4; impact 5; owner @sam"
PNG = b"\x89PNG"


async def shown(speaker: Speaker, line: str) -> Seen:
    return await speaker.says(line)


async def pressed(speaker: Speaker, label: str, card: Seen) -> Seen:
    return await speaker.presses(label, card)


async def opened(speaker: Speaker, label: str, card: Seen) -> SeenForm:
    return await speaker.opens(label, card)


async def filled(speaker: Speaker, form: SeenForm, **values: str) -> Seen:
    return await speaker.fills(form, **values)


@pytest.mark.parity("See similar risks before a new one is logged")
async def test_a_similar_risk_is_shown_before_anything_is_saved(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says(DAM)
    form = await sam.opens("/risk add The dam gates are stuck")
    card = await filled(sam, form, likelihood="2", impact="3", owner="@olga")
    assert card.title == "Is it the same? Nothing is saved yet"
    assert "R-1 Dam gate stuck" in card.text
    assert await chat.bot.read(lambda store: store.risk.records.open_count()) == 1
    logged = await pressed(sam, "No, log it as new", card)
    assert logged.title == "Logged R-2"
    assert (await chat.bot.read(lambda store: store.risk.records.find("R-2"))).owner == "olga"


@pytest.mark.parity("Accept a risk as it is, until a day that does not pass quietly")
async def test_a_risk_is_accepted_by_somebody_else_and_opens_again_loudly(chat: Chat) -> None:
    sam, maria = chat.person("sam"), chat.person("maria")
    await sam.says(DAM)
    more = await sam.unfolds("More", await shown(sam, "/risk show R-1"))
    form = await opened(sam, "Ask to accept", more)
    told = await filled(sam, form, until="2026-12-18", why="We wait for the budget")
    assert told.title == "Maria Lopez is asked to accept R-1"
    [question] = [message for message in await maria.direct() if "asks you to accept R-1" in message.title]
    assert "We wait for the budget" in question.text
    accepted = await pressed(maria, "Accept it", question)
    assert accepted.title == "R-1 is accepted until Fri Dec 18"
    assert any(message.title == "Maria Lopez has accepted R-1" for message in await sam.direct())
    await chat.bot.pass_time(days=24)
    assert "Extreme, accepted" in (await shown(sam, "/risk show R-1")).text
    await chat.bot.pass_time(days=4)  # a Monday
    loud = "R-1 is open again: its acceptance ended on Fri Dec 18"
    assert loud in [message.title for message in await chat.place("risks")]
    for person in (sam, maria):
        assert loud in [message.title for message in await person.direct()]
    check = [message for message in await maria.direct() if message.title.startswith("Good morning")][-1]
    assert "R-1 Dam gate stuck is open again: it was accepted until Fri Dec 18." in check.text
    risk = await chat.bot.read(lambda store: store.risk.records.find("R-1"))
    assert (risk.treatment, risk.accepted_until) == (None, None)


@pytest.mark.parity("Review a risk in a form")
async def test_a_review_asks_what_is_known_and_sets_the_next_one(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says(DAM)
    form = await opened(sam, "Review", await shown(sam, "/risk show R-1"))
    assert (form.values["still"], form.values["likelihood"], form.values["impact"]) == ("", "4", "5")
    card = await filled(sam, form, still="yes", residual_likelihood="2", residual_impact="5", note="The new pump runs")
    assert card.title == "Reviewed R-1"
    assert "High, 10 of 25 (2 unlikely x 5 severe)" in card.text
    assert "Wed Dec 23" in card.text
    [announced] = await chat.place("risks")
    assert "High, 10 of 25 (2 unlikely x 5 severe)" in announced.text
    history = await shown(sam, "/risk history R-1")
    assert "The new pump runs" in history.text


@pytest.mark.parity("Do something against a risk, and tick it off")
async def test_an_action_is_asked_of_somebody_and_ticked_off_by_them(chat: Chat) -> None:
    sam, olga = chat.person("sam"), chat.person("olga")
    await sam.says(f"{DAM}; category technical")
    card = await shown(sam, "/risk show R-1")
    form = await opened(sam, "Make it an action", card)
    assert form.values["what"].startswith("Agree with the supplier") or form.values["what"].startswith("Keep tested")
    added = await filled(sam, form, owner="@olga", due="2026-12-04")
    assert added.title == "Added A-1"
    [asked] = [message for message in await olga.direct() if "asks you to act on R-1" in message.title]
    done = await pressed(olga, "Done", asked)
    assert done.title == "A-1 is done"
    assert not [message for message in await olga.direct() if "asks you to act" in message.title]
    again = await shown(olga, "/risk done A-1")
    assert again.title == "A-1 is done already"
    assert "Actions: 1 of 1 done" in (await shown(sam, "/risk show R-1")).text


@pytest.mark.parity("Look for risks by what they are")
async def test_the_list_is_narrowed_by_words_and_keeps_that_when_its_pages_turn(chat: Chat) -> None:
    sam = chat.person("sam")
    for number in range(12):
        await sam.says(f"/risk add Pump {number} fails; likelihood 5; impact 5; owner @sam; department water")
    await sam.says("/risk add Old oak; likelihood 2; impact 2; department parks")
    first = await shown(sam, "/risk list mine extreme department water pump")
    assert first.title == "Open risks: 12, worst first"
    assert "Filters: level Extreme, owner Sam Rivers, department Water and Sewer" in first.text.replace("\n", " ")
    second = await pressed(sam, "Next", first)
    assert "Page 2 of 2" in second.text
    assert "Pump 11" in second.text
    form = await opened(sam, "Search again", second)
    assert (form.values["department"], form.values["level"]) == ("water", "extreme")
    other = await filled(sam, form, words="pump 11")
    assert other.title == "Open risks: 1, worst first"
    assert "R-12 Pump 11" in other.text


@pytest.mark.parity("See the risks as a picture and take them away")
async def test_the_matrix_is_a_picture_with_its_words_and_the_register_is_a_file(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says(DAM)
    matrix = await shown(sam, "/risk matrix")
    files = await sam.files(matrix)
    assert [data[:4] for data in files.values()] == [PNG]
    assert "4 likely" in matrix.text
    if chat.name != "slack":  # there, the words beside a picture are in the upload
        assert "Extreme (4 likely, 5 severe): 1, R-1" in f"{matrix.text} {matrix.raw}"
    olga = chat.person("olga")
    table = await olga.files(await shown(olga, "/risk export csv"))
    assert b"Dam gate stuck" in table["risks-2026-11-23.csv"]
    report = await olga.files(await shown(olga, "/risk report"))
    assert report["risk-register-2026-11-23.docx"].startswith(b"PK")


@pytest.mark.parity("Link a risk with what it came from")
async def test_a_risk_of_a_crisis_is_known_on_both_sides_and_looked_at_when_it_is_over(chat: Chat) -> None:
    tom = chat.person("tom")
    await tom.says("/crisis activate Water main burst; level 2")
    status = next(post for post in await chat.place("crisis:CR-2026-01") if post.title.startswith("CR-2026-01"))
    form = await opened(tom, "Log a risk", status)
    assert form.values["came_from"] == "CR-2026-01"
    card = await filled(tom, form, title="Old main bursts again", likelihood="3", impact="4")
    assert card.title == "Logged R-1"
    assert "It came from CR-2026-01." in (await shown(tom, "/risk show R-1")).text
    assert "It led to R-1." in (await shown(tom, "/crisis status CR-2026-01")).text
    await stand_down(chat, "The water is back")
    risk = await chat.bot.read(lambda store: store.risk.records.find("R-1"))
    assert risk.review_on.isoformat() == "2026-11-23"
    assert "CR-2026-01 is over" in (await shown(tom, "/risk history R-1")).text


@pytest.mark.parity("Give a risk to somebody else")
async def test_a_new_owner_is_told(chat: Chat) -> None:
    sam, olga = chat.person("sam"), chat.person("olga")
    await sam.says(DAM)
    form = await opened(sam, "Assign", await shown(sam, "/risk show R-1"))
    card = await filled(sam, form, owner="@olga")
    assert card.title == "Olga Brandt looks after R-1 now"
    assert "You look after R-1 now" in [message.title for message in await olga.direct()]


async def test_the_card_in_the_channel_leads_to_all_of_it(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says(DAM)
    [card] = await chat.place("risks")
    assert {"Show all", "Review"} <= set(card.buttons)
    whole = await pressed(sam, "Show all", card)
    assert {"Review", "Decide treatment", "Change"} <= set(whole.buttons)
    more = await sam.unfolds("More", whole)
    assert {"Add action", "Assign", "Ask to accept", "Link"} <= set(more.buttons)


async def test_what_is_asked_for_is_declined_or_accepted_from_the_risk_itself(chat: Chat) -> None:
    sam, maria = chat.person("sam"), chat.person("maria")
    await sam.says(DAM)
    await sam.says("/risk accept R-1; until 2026-12-18; why We wait for the budget")
    card = await shown(maria, "/risk show R-1")
    told = await filled(maria, await opened(maria, "Do not accept", card), why="Fix it first")
    assert told.title == "R-1 is not accepted"
    await sam.says("/risk accept R-1; until 2026-12-18; why We have the budget")
    accepted = await pressed(maria, "Accept it", await shown(maria, "/risk show R-1"))
    assert accepted.title == "R-1 is accepted until Fri Dec 18"
    assert (await pressed(maria, "Show all", accepted)).title == "R-1 Dam gate stuck"


async def test_the_report_the_history_and_the_first_risk_are_reached_by_buttons(chat: Chat) -> None:
    sam = chat.person("sam")
    form = await opened(sam, "Log a risk", await shown(sam, "/risk list"))
    await filled(sam, form, title="Dam gate stuck", likelihood="4", impact="5", owner="@sam")
    listed = await shown(sam, "/risk list")
    assert "Report for council" not in listed.buttons
    olga = chat.person("olga")
    report = await pressed(olga, "Report for council", await shown(olga, "/risk list"))
    assert report.title.startswith("Risk register of Riverton")
    assert (await pressed(olga, "Report for council", await shown(olga, "/risk matrix"))).title == report.title
    await sam.says("/risk treat R-1; treatment avoid")
    card = await shown(sam, "/risk show R-1")
    assert "decided what to do: avoid" in await unfolded(sam, card)
    await chat.person("olga").says("/risk close R-1; reason It was mended")
    assert await sam.opens("Search again", await shown(sam, "/risk list"))
