"""Risk rules: who may accept, when a review is due and for whom, and the answer to bad input; without doors."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from bot.inbound import Answered, Inbound, Pressed, Typed
from handlers.kit.inline import Status
from handlers.kit.messages import Buttons, Fold
from handlers.kit.plain import plain
from handlers.kit.signs import closed
from handlers.risk.forms import DETAILS
from storage.chat.people import Met
from tests.handlers.town import DAM, Town


async def test_the_next_review_is_the_last_one_and_the_interval_of_the_level(town: Town) -> None:
    await town.says("sam", DAM)
    assert (await town.risk()).review_on == date(2026, 12, 23)  # extreme: 30 days
    await town.bot.pass_time(days=10)
    await town.says("sam", "risk review R-1; still yes")
    assert (await town.risk()).review_on == date(2026, 12, 3) + timedelta(days=30)
    await town.says("maria", "risk review R-1; still changed; likelihood 1; impact 2")
    assert (await town.risk()).review_on == date(2026, 12, 3) + timedelta(days=365)  # it is low now


async def test_a_day_beyond_the_interval_becomes_the_interval_and_says_so(town: Town) -> None:
    told = await town.says("sam", f"{DAM}; review 2027-06-01")
    assert "You wrote Tue Jun 1, 2027, but a risk that is extreme is reviewed at least every 30 days." in told
    assert (await town.risk()).review_on == date(2026, 12, 23)


async def test_a_higher_score_brings_the_review_nearer_and_never_before_today(town: Town) -> None:
    await town.says("sam", "risk add Squeaky door; likelihood 1; impact 1")
    assert (await town.risk()).review_on == date(2027, 11, 23)
    await town.bot.pass_time(days=40)
    await town.says("sam", "risk update R-1; likelihood 5; impact 5")
    assert (await town.risk()).review_on == date(2027, 1, 2)


@pytest.mark.doors
async def test_a_review_is_due_for_the_owner_then_for_the_head_and_never_looks_fine(town: Town) -> None:
    await town.says("sam", f"{DAM}; review tomorrow")
    assert await town.due("sam") == []
    await town.bot.pass_time(days=1)
    assert len(await town.due("sam")) == 1
    assert await town.due("olga") == []
    await town.bot.pass_time(days=1)
    assert "review overdue since Tue Nov 24" in (await town.due("sam"))[0]
    lists = ("overdue", "mine late", "state open", "my department", "overdue; state all")
    for line in ("risk list", "risk show R-1", *(f"risk list {words}" for words in lists)):
        assert "overdue since Tue Nov 24" in (await town.says("sam", line)).replace("review ", ""), line
    await town.bot.pass_time(days=6)
    assert len(await town.due("olga")) == 1
    await town.says("sam", "risk review R-1; still yes")
    assert await town.due("sam") == await town.due("olga") == []


async def test_what_nobody_looks_after_waits_for_the_head_or_for_the_city_manager(town: Town) -> None:
    await town.says("sam", "risk add Nobody's gate; likelihood 4; impact 5; review tomorrow")
    await town.bot.application.runtime.write(
        lambda store: store.risk.records.add(
            title="Nobody's pump",
            likelihood=4,
            impact=5,
            owner="gone",
            review_on=date(2026, 11, 24),
            by="sam",
            at=datetime(2026, 11, 23, tzinfo=UTC),
        )
    )
    await town.bot.pass_time(days=1)
    assert [line[:3] for line in await town.due("olga")] == ["R-1"]
    assert [line[:3] for line in await town.due("maria")] == ["R-2"]


async def test_an_acceptance_needs_somebody_else_with_the_right_for_the_level(town: Town) -> None:
    await town.says("olga", DAM.replace("@sam", "@olga"))
    ask = "risk accept R-1; until 2027-01-15; why We wait for the budget"
    assert "Olga Brandt may not accept a risk of this level." in await town.says("maria", f"{ask}; approver @olga")
    assert "The person who asked to accept a risk cannot accept it." in await town.says(
        "maria", f"{ask}; approver @maria"
    )
    assert "Maria Lopez is asked to accept R-1" in await town.says("olga", ask)
    assert "R-1 waits for a decision already" in await town.says("olga", ask)
    assert "may not accept a risk of this level" in await town.says("olga", "risk approve R-1")
    assert (await town.risk()).accepted_until is None
    assert "R-1 is accepted until Fri Jan 15, 2027" in await town.says("maria", "risk approve R-1")
    assert (await town.risk()).accepted_until == date(2027, 1, 15)
    assert "Nobody has asked to accept R-1." in await town.says("maria", "risk approve R-1")


async def test_nobody_accepts_a_risk_that_they_look_after(town: Town) -> None:
    await town.says("sam", DAM.replace("@sam", "@maria"))
    told = await town.says("sam", "risk accept R-1; until 2027-01-15; why So be it; approver @maria")
    assert "The owner of a risk cannot accept it." in told


async def test_an_acceptance_is_asked_for_no_longer_than_the_level_allows(town: Town) -> None:
    await town.says("sam", DAM)
    for until, words in (("2027-06-01", "at most 90 days: until Sun Feb 21, 2027"), ("today", "is not in the future")):
        assert words in await town.says("sam", f"risk accept R-1; until {until}; why So be it")
    assert await town.bot.read(lambda store: store.risk.acceptances.of(1)) == []


async def test_the_first_and_the_last_day_that_the_level_allows_are_accepted(town: Town) -> None:
    for number, (until, asked) in enumerate(
        (("2026-11-23", False), ("2026-11-24", True), ("2027-02-21", True), ("2027-02-22", False)), start=1
    ):
        await town.says("sam", DAM.replace("add ", f"add Gate {number}: "))
        told = await town.says("sam", f"risk accept R-{number}; until {until}; why So be it")
        assert (f"is asked to accept R-{number}" in told) == asked, until
    assert "R-3 is accepted until" in await town.says("maria", "risk approve R-3")
    await town.bot.pass_time(days=1)
    refused = await town.says("maria", "risk approve R-2")
    assert "The end date that was asked for, Tue Nov 24, has come." in refused


async def test_a_higher_level_shortens_what_may_still_be_agreed_to(town: Town) -> None:
    await town.says("sam", "risk add Old oak; likelihood 2; impact 4; owner @sam")
    await town.says("sam", "risk accept R-1; until 2027-10-01; why The arborist comes")
    await town.says("sam", "risk update R-1; likelihood 5")
    asked_again = await town.card("maria", "risk approve R-1")
    assert asked_again.title == "R-1 has changed since you saw it. Please look again"
    refused = await town.presses("maria", "Accept it", asked_again)
    assert refused
    told = plain(refused)
    assert "R-1 is extreme now, and such a risk is accepted for at most 90 days: until Sun Feb 21, 2027." in told
    assert (await town.risk()).accepted_until is None
    assert "R-1 is not accepted" in await town.says("maria", "risk decline R-1; why Too long")


async def test_a_higher_level_ends_an_acceptance_that_was_given_for_a_lower_one(town: Town) -> None:
    await town.says("sam", "risk add Old oak; likelihood 2; impact 4; owner @sam")
    await town.says("sam", "risk accept R-1; until 2027-01-15; why The arborist comes")
    await town.says("olga", "risk approve R-1")
    assert (await town.risk()).accepted_until
    await town.says("sam", "risk update R-1; likelihood 5")
    assert ((await town.risk()).accepted_until, (await town.risk()).treatment) == (None, None)
    await town.bot.pass_time(days=60)
    assert [acceptance.state for acceptance in await town.bot.read(lambda store: store.risk.acceptances.of(1))] == [
        "ended"
    ]


async def test_every_score_is_kept(town: Town) -> None:
    await town.says("sam", DAM)
    await town.says("sam", "risk treat R-1; treatment mitigate; residual likelihood 2; residual impact 5")
    await town.says("sam", "risk review R-1; still changed; likelihood 3")
    told = await town.says("sam", "risk history R-1")
    assert [told.index(words) for words in ("4 x 5 = 20, Extreme  not said", "2 x 5 = 10, High")]
    assert "3 x 5 = 15, High" in told


async def test_a_form_that_is_asked_again_has_the_word_as_the_choice(town: Town) -> None:
    told = await town.says("sam", "risk add Flood; likelihood Likely")
    assert "'likelihood': '4'" in told


async def test_a_score_is_written_in_the_words_of_the_city(town: Town) -> None:
    await town.says("sam", "risk add Flood; likelihood Likely; impact 4 - Major")
    assert (await town.risk()).inherent == (4, 4)
    await town.says("sam", "risk update R-1; likelihood almost; impact 2.0")
    assert (await town.risk()).inherent == (5, 2)


BAD: list[tuple[str, str]] = [
    ("risk link R-1; origin R-1", "R-1 does not come from itself."),
    ("risk add Flood; likelihood 0; impact 5", "not on the scale"),
    ("risk add Flood; likelihood 2; impact 6", "not on the scale"),
    ("risk add Flood; likelihood 4 - rare; impact 2", "could be two things"),
    (
        "risk add Flood; likelihood often; impact 2",
        "1 to 5: 1 rare, 2 unlikely, 3 possible, 4 likely, 5 almost certain",
    ),
    ("risk add Flood; likelihood 2; impact 2; review 2020-01-01", "is in the past. Choose today or a later day."),
    ("risk add Flood; likelihood 2; impact 2; owner @gone", "does not work here anymore. Name somebody who does."),
    ("risk add Flood; likelihood 2; impact 2; came from F-99", 'There is no "F-99" that you can see.'),
    ("risk add Flood; likelihood 2; impact 2; category magic", "is not one of"),
    ("risk assign R-1; owner @gone", "does not work here anymore"),
    ("risk update R-1; residual likelihood 2", "Say both how likely and how bad it is after treatment"),
    (
        "risk treat R-1; treatment mitigate; residual likelihood 5; residual impact 5",
        "makes nothing likelier: at most 4",
    ),
    ("risk treat R-1; treatment pray", "is not one of"),
    ("risk review R-1; still yes; review 2020-01-01", "is in the past"),
    ("risk action R-1; what Dig; owner @sam; due 2020-01-01", "is in the past"),
    ("risk action R-1; what Dig; owner @gone; due friday", "does not work here anymore"),
    ("risk done R-1.7", 'There is no action "R-1.7"'),
    ("risk done A-9", 'There is no action "A-9"'),
    ("risk show R-99", 'There is no risk "R-99"'),
    ("risk link R-1; origin R-99", 'There is no "R-99" that you can see.'),
    ("risk reopen R-1; reason Again", "R-1 is open."),
    ("risk approve R-1", "Nobody has asked to accept R-1."),
    ("risk list department magic", "is not one of"),
]


@pytest.mark.parametrize(("line", "words"), BAD, ids=[case[0] for case in BAD])
async def test_bad_input_is_told_what_to_do_and_keeps_nothing(town: Town, line: str, words: str) -> None:
    await town.says("sam", DAM)
    await town.runtime.write(
        lambda store: store.chat.people.meet(
            Met("gone", "Gus Gone", None), "slack", "U1", datetime(2026, 1, 1, tzinfo=UTC)
        )
    )
    before = await _everything(town)
    assert words in await town.says("olga", line)
    assert await _everything(town) == before


async def _everything(town: Town) -> Any:
    look: Callable[[Any], Any] = lambda store: (  # noqa: E731  # one expression, asked twice
        store.risk.records.everything(),
        store.actions.records.everything(),
        store.risk.acceptances.of(1),
        store.links.of("R-1"),
        store.risk.history.of(store.risk.records.find("R-1")),
    )
    return await town.bot.read(look)


async def test_what_is_closed_cannot_be_closed_again_and_can_be_reopened(town: Town) -> None:
    await town.says("sam", DAM)
    await town.says("olga", "risk close R-1; reason Repaired")
    told = await town.says("olga", "risk close R-1; reason Repaired twice")
    assert "R-1 is closed by Olga Brandt" in told
    assert 'To work on it again: "risk reopen R-1".' in told
    assert (await town.risk()).reason == "Repaired"
    assert "Reopened R-1" in await town.says("olga", "risk reopen R-1; reason It leaks")
    assert ((await town.risk()).state, (await town.risk()).review_on) == ("open", date(2026, 11, 23))


ANY = "\u00e4\u00df\u4e2d\U0001f30a\u202e\u0301\t\"';=@<>&|%_\\ "


async def test_long_texts_of_any_letters_come_back_as_they_went_in(town: Town) -> None:
    by_line, by_form = (ANY * 400)[:4000].replace(";", ",").replace('"', "'").strip(), (ANY * 400)[:2999] + "x"
    await town.says("sam", f"{DAM}; details {by_line}")
    assert (await town.risk()).details == closed(by_line, DETAILS)
    values = {"title": "Flood", "likelihood": "2", "impact": "2", "details": by_form}
    await town.fills("sam", "risk add", "n1", **values)
    assert (await town.risk("R-2")).details == closed(by_form.strip(), DETAILS)


async def test_details_that_no_field_can_hold_survive_a_change_by_form(town: Town) -> None:
    text = "x" * 3900
    await town.says("sam", f"{DAM}; details {text}")
    await town.fills("sam", "risk.change|R-1", "n1", title="Dam gate", likelihood="4", impact="5", details="")
    assert ((await town.risk()).title, (await town.risk()).details) == ("Dam gate", text)
    await town.fills("sam", "risk.change|R-1", "n2", title="Dam gate", likelihood="4", impact="5", details="short")
    await town.fills("sam", "risk.change|R-1", "n3", title="Dam gate", likelihood="4", impact="5", details="")
    assert (await town.risk()).details is None


async def test_a_similar_risk_is_logged_once_however_often_that_is_pressed(town: Town) -> None:
    await town.says("sam", DAM)
    card = await town.fills("sam", "risk add", "n1", title="Dam gate stuck", likelihood="2", impact="2")
    assert card
    [anyway] = [button for word in card.body if isinstance(word, Buttons) for button in word.buttons]
    told = [await town.runtime.handle(Inbound("say", "sam", Pressed(anyway.action, anyway.value))) for _ in range(2)]
    assert [isinstance(outcome, Answered) and outcome.ok for outcome in told] == [True, False]
    assert await town.bot.read(lambda store: store.risk.records.open_count()) == 2


@pytest.mark.parametrize(
    ("title", "alike"),
    [
        ("The dam gates are sticking", True),
        ("DAM GATE STUCK", True),
        ("Dam gate stuck in winter", True),
        ("Server room floods", False),
        ("Gate of the museum", False),
        ("!!", False),
    ],
)
async def test_risks_are_alike_when_half_of_their_words_are(town: Town, title: str, alike: bool) -> None:
    await town.says("sam", DAM)
    card = await town.fills("sam", "risk add", "n1", title=title, likelihood="2", impact="2")
    assert card
    assert ("Nothing is saved yet" in card.title) == alike


async def test_the_report_names_nobody(town: Town) -> None:
    from io import BytesIO

    from docx import Document

    await town.says("sam", 'risk add "Sam Rivers leaves, call 555-0100 or sam@example.org"; likelihood 4; impact 5')
    outcome = await town.runtime.handle(Inbound("say", "maria", Typed("risk report")))
    assert isinstance(outcome, Answered)
    assert outcome.card
    [file] = outcome.card.files
    paper = Document(BytesIO(file.data))
    text = "\n".join(cell.text for table in paper.tables for row in table.rows for cell in row.cells)
    assert "Street Supervisor leaves, call [telephone number left out] or [e-mail address left out]" in text
    assert "Rivers" not in text
    [picture] = paper.inline_shapes
    assert "Extreme (4 likely, 5 severe): 1, R-1" in picture._inline.docPr.get("descr")


async def test_a_list_leads_with_the_level_and_says_who_has_it_and_when_its_review_is(town: Town) -> None:
    await town.says("sam", "risk add Dam gate stuck; likelihood 4; impact 5; owner @olga; review tomorrow")
    await town.says("sam", f"risk add {'Bridge sinks ' * 9}; likelihood 3; impact 3")
    await town.bot.pass_time(days=2)
    told = await town.says("sam", "risk list")
    assert "Extreme R-1 Dam gate stuck\nScore 20, Olga Brandt, review overdue since Tue Nov 24" in told
    assert "Moderate R-2 Bridge sinks Bridge" in told
    assert "sinks\u2026\nScore 9, no owner, review Sat May 22, 2027" in told
    assert "High" not in await town.says("sam", "risk list high")


async def test_what_nobody_looks_after_is_first_taken(town: Town) -> None:
    await town.says("sam", "risk add Dam gate stuck; likelihood 4; impact 5")
    assert "[Take it] [Review]" in await town.says("sam", "risk show R-1")
    await town.says("sam", "risk assign R-1; owner me")
    assert "Take it" not in await town.says("sam", "risk show R-1")


async def test_who_presses_take_it_on_an_older_card_reads_who_has_taken_it_since(town: Town) -> None:
    await town.says("sam", "risk add Dam gate stuck; likelihood 4; impact 5")
    older = await town.card("maria", "risk show R-1")
    await town.presses("olga", "Take it", await town.card("olga", "risk show R-1"))
    card = await town.presses("maria", "Take it", older)
    assert card is not None
    assert "Olga Brandt looks after R-1. To take it over: risk assign R-1." in plain(card)
    assert (await town.risk()).owner == "olga"
    assert "Olga Brandt took it" in await town.says("sam", "risk history R-1")


async def test_who_has_a_risk_is_told_so_when_they_take_it_once_more(town: Town) -> None:
    await town.says("sam", "risk add Dam gate stuck; likelihood 4; impact 5")
    await town.says("sam", "risk take R-1")
    assert "Sam Rivers looks after R-1 already" in await town.says("sam", "risk take R-1")


async def test_the_history_names_whom_a_risk_was_given_to(town: Town) -> None:
    await town.says("sam", DAM)
    await town.says("olga", "risk assign R-1; owner @rosa")
    assert "Olga Brandt gave it to Rosa Delgado" in await town.says("sam", "risk history R-1")


async def test_a_long_text_is_cut_on_the_card_and_whole_behind_its_fold(town: Town) -> None:
    await town.says("sam", f"{DAM}; details {'The gate is old. ' * 30}The end.")
    told = await town.says("sam", "risk show R-1")
    assert told.index("\u2026") < told.index("The whole text") < told.index("The end.")


@pytest.mark.parametrize("line", ["risk show R-1", "feedback show F-1"])
async def test_a_card_shows_three_usual_buttons_and_folds_the_others(line: str, town: Town) -> None:
    await town.says("olga", DAM)
    await town.says("olga", "feedback add Pothole; category streets; via phone")
    for person in ("olga", "maria"):
        body = (await town.card(person, line)).body
        assert [len(word.buttons) for word in body if isinstance(word, Buttons)] == [3]
        [more] = [word for word in body if isinstance(word, Fold) and word.title == "More"]
        [others] = more.body
        assert isinstance(others, Buttons)
        assert others.buttons


async def test_an_accepted_risk_says_so_calmly_in_its_card_and_in_every_list(town: Town) -> None:
    await town.says("sam", DAM)
    await town.says("sam", "risk accept R-1; until 2026-12-18; why We wait for the budget; approver @maria")
    await town.says("maria", "risk approve R-1")
    card = await town.card("sam", "risk show R-1")
    assert card.status == Status("neutral", "Extreme, accepted")
    assert "Accepted until: Fri Dec 18\n" in plain(card)
    assert "Extreme, accepted R-1 Dam gate stuck" in await town.says("sam", "risk list")
    assert "accepted until Fri Dec 18, review" in await town.says("sam", "city today")


async def test_a_score_stands_in_one_line_and_the_plan_beside_the_treatment(town: Town) -> None:
    await town.says("sam", DAM)
    told = await town.says("sam", "risk treat R-1; treatment mitigate; plan A new gate")
    assert told.startswith("Treatment of R-1 decided (Extreme)")
    assert "Score: 20 of 25 (4 likely x 5 severe)\nOwner: Sam Rivers\nTreatment: mitigate\nPlan: A new gate\n" in told
    assert "Scored" not in told


async def test_a_list_of_overdue_reviews_says_so_in_its_title_and_nothing_overdue_too(town: Town) -> None:
    await town.says("sam", f"{DAM}; review tomorrow")
    assert (await town.card("sam", "risk list overdue")).title == "No review is overdue"
    await town.bot.pass_time(days=2)
    assert (await town.card("sam", "risk list overdue")).title == ("Open risks with an overdue review: 1, worst first")


async def test_the_matrix_folds_its_table_and_says_plainly_what_is_counted(town: Town) -> None:
    await town.says("sam", DAM)
    await town.says("sam", "risk treat R-1; treatment mitigate; residual likelihood 1; residual impact 1")
    card = await town.card("sam", "risk matrix")
    assert card.title == "Risk matrix: 1 open risk"
    [fold] = [word for word in card.body if isinstance(word, Fold)]
    assert fold.title == "As a table"
    assert "1 risk keeps its score from before treatment: nobody has confirmed yet that the treatment helped." in plain(
        card
    )
    before = await town.card("sam", "risk matrix before; department public works")
    assert before.title == "Risk matrix before treatment: 1 open risk of Public Works"
    assert "nobody has confirmed" not in plain(before)
