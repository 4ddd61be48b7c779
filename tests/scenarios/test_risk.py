"""Risks: logged, listed, changed, withdrawn and closed, at every door."""

import pytest

from tests.chat.door import Chat

DAM = "/risk add Dam gate stuck; likelihood 4; impact 5"


@pytest.mark.parity("Log a risk in one line")
async def test_a_risk_in_one_line_is_logged_at_once(chat: Chat) -> None:
    line = "/risk add Server room floods; likelihood 2; impact 3; owner @sam; review friday"
    card = await chat.person("sam").says(line)
    assert card.title == "Logged R-1"
    for words in ("Server room floods", "6 of 25", "2 unlikely", "3 serious", "Fri Nov 27", "Moderate"):
        assert words in card.text
    assert set(card.buttons) == {"Change", "Withdraw", "Show all"}
    risk = await chat.bot.read(lambda store: store.risk.records.find("R-1"))
    assert (risk.title, risk.owner, risk.created_by) == ("Server room floods", "sam", "sam")


async def test_a_high_risk_is_announced_in_the_risks_channel(chat: Chat) -> None:
    await chat.person("sam").says(DAM)
    [card] = await chat.place("risks")
    assert card.title == "R-1 Dam gate stuck"


async def test_a_low_risk_is_not_announced(chat: Chat) -> None:
    await chat.person("sam").says("/risk add Squeaky door; likelihood 1; impact 1")
    assert await chat.place("risks") == []


async def test_an_empty_command_opens_an_empty_form(chat: Chat) -> None:
    form = await chat.person("sam").opens("/risk add")
    first = ["title", "likelihood", "impact", "owner", "review_on"]
    assert list(form.values)[:5] == first
    assert set(form.values) == {*first, "category", "department", "confidence", "details", "came_from"}
    assert not any(form.values.values())


@pytest.mark.parity("Open a form with the rest filled in")
async def test_a_line_with_something_missing_opens_the_form_with_the_rest_filled_in(chat: Chat) -> None:
    sam = chat.person("sam")
    form = await sam.opens("/risk add Dam gate stuck; likelihood 4")
    assert (form.values["title"], form.values["likelihood"], form.values["impact"]) == ("Dam gate stuck", "4", "")
    card = await sam.fills(form, impact="5", owner="@olga")
    assert card.title == "Logged R-1"
    assert (await chat.bot.read(lambda store: store.risk.records.find("R-1"))).owner == "olga"


@pytest.mark.parity("Read beside a field what does not fit")
async def test_a_field_that_does_not_fit_says_so_beside_it_and_keeps_the_rest(chat: Chat) -> None:
    sam = chat.person("sam")
    form = await sam.opens("/risk add")
    again = await sam.is_asked_again(form, title="Dam gate stuck", likelihood="4", impact="5", review_on="2020-01-01")
    assert "is in the past" in again.errors["review_on"]
    assert await chat.bot.read(lambda store: store.risk.records.find("R-1")) is None
    card = await sam.fills(again, title="Dam gate stuck", likelihood="4", impact="5", review_on="2026-12-01")
    assert card.title == "Logged R-1"


async def test_a_value_out_of_range_opens_the_form_with_its_sentence(chat: Chat) -> None:
    form = await chat.person("sam").opens("/risk add Dam gate stuck; likelihood 9; impact 5")
    assert form.values["title"] == "Dam gate stuck"
    assert await chat.bot.read(lambda store: store.risk.records.find("R-1")) is None


@pytest.mark.parity("See a card change in its place")
async def test_the_announced_card_is_refreshed_when_the_risk_changes(chat: Chat) -> None:
    sam = chat.person("sam")
    logged = await sam.says(DAM)
    form = await sam.opens("Change", logged)
    assert form.values["title"] == "Dam gate stuck"
    await sam.fills(form, title="Dam gate stuck half open", likelihood="4", impact="5")
    [card] = await chat.place("risks")
    assert card.title == "R-1 Dam gate stuck half open"


@pytest.mark.parity("Take back what was logged by mistake")
async def test_a_withdrawn_risk_is_kept_and_marked(chat: Chat) -> None:
    sam = chat.person("sam")
    logged = await sam.says(DAM)
    card = await sam.presses("Withdraw", logged)
    assert card.title == "Withdrew R-1"
    [announced] = await chat.place("risks")
    assert "withdrawn by Sam Rivers" in announced.text
    again = await sam.presses("Withdraw", logged)
    assert again.title == "R-1 is withdrawn already"


async def test_ten_minutes_later_a_risk_cannot_be_withdrawn(chat: Chat) -> None:
    sam = chat.person("sam")
    logged = await sam.says(DAM)
    await chat.bot.pass_time(minutes=11)
    card = await sam.presses("Withdraw", logged)
    assert "more than 10 minutes old" in card.text
    assert (await chat.bot.read(lambda store: store.risk.records.find("R-1"))).state == "open"


@pytest.mark.parity("Turn the pages of a list")
async def test_the_list_is_worst_first_in_pages_of_ten(chat: Chat) -> None:
    sam = chat.person("sam")
    for number in range(1, 13):
        await sam.says(f"/risk add Risk number {number}; likelihood {1 + number % 2}; impact 2")
        await chat.bot.pass_time(seconds=5)
    first = await sam.says("/risk list")
    assert first.title == "Open risks: 12, worst first"
    refs = [f"R-{number}" for number in (1, 3, 5, 7, 9, 11, 2, 4, 6, 8)]
    places = [first.text.index(f"{ref} Risk") for ref in refs]
    assert places == sorted(places)
    assert "R-10 " not in first.text
    second = await sam.presses("Next", first)
    assert "R-10 " in second.text
    assert "R-12 " in second.text
    assert "Page 2 of 2" in second.text


async def test_a_closed_risk_leaves_the_list_and_keeps_its_reason(chat: Chat) -> None:
    await chat.person("sam").says(DAM)
    card = await chat.person("olga").says("/risk close R-1; reason The gate was repaired")
    assert card.title == "Closed R-1"
    listed = await chat.person("sam").says("/risk list")
    assert listed.title == "No open risks"
    [announced] = await chat.place("risks")
    assert "The gate was repaired" in announced.text


@pytest.mark.parity("Open a form with a button")
async def test_a_button_on_the_card_leads_to_closing(chat: Chat) -> None:
    await chat.person("sam").says(DAM)
    olga = chat.person("olga")
    card = await olga.says("/risk show R-1")
    form = await olga.opens("Close the risk", card)
    assert form.values == {"risk": "R-1", "reason": ""}
    closed = await olga.fills(form, reason="The gate was repaired")
    assert closed.title == "Closed R-1"


@pytest.mark.parity("Read who may, where one may not")
async def test_somebody_without_the_right_reads_who_has_it(chat: Chat) -> None:
    await chat.person("sam").says(DAM)
    card = await chat.person("sam").says("/risk close R-1; reason I like it so")
    assert "department head, city manager, admin" in card.text
    assert "Maria Lopez" in card.text
    assert (await chat.bot.read(lambda store: store.risk.records.find("R-1"))).state == "open"


async def test_a_reference_that_is_not_there_gets_a_sentence(chat: Chat) -> None:
    card = await chat.person("sam").says("/risk show R-99")
    assert 'There is no risk "R-99"' in card.text


@pytest.mark.parity("Find what was typed as it was typed")
async def test_what_people_type_never_pings_links_or_styles(chat: Chat) -> None:
    title = "<!channel> <@U123> *bold* _it_ <script>alert(1)</script> & &amp; https://example.org"
    card = await chat.person("sam").says(f'/risk add "{title}"; likelihood 5; impact 5')
    assert title in card.text.replace("\n", "")
    assert (await chat.bot.read(lambda store: store.risk.records.find("R-1"))).title == title
