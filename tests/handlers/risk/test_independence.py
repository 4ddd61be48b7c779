"""Risk independence: who decides about a risk has neither owned nor scored it; a target counts once confirmed."""

import pytest

from bot.inbound import Asking, Inbound, Submitted
from handlers.kit.plain import plain
from tests.handlers.town import DAM, Town

OAK = "risk add Old oak; likelihood 2; impact 4; owner @{}; department parks"  # moderate: a department head decides
ASK = "risk accept R-1; until 2027-01-15; why We wait for the budget"


async def accepted(town: Town) -> bool:
    return (await town.risk()).accepted_until is not None


async def test_who_hands_a_risk_to_somebody_and_takes_it_back_does_not_decide_about_it(town: Town) -> None:
    await town.says("sam", OAK.format("olga"))
    await town.says("olga", "risk assign R-1; owner @sam")
    assert "Olga Brandt has owned or scored R-1" in await town.says("sam", f"{ASK}; approver @olga")
    await town.says("sam", ASK)
    assert "Olga Brandt has owned or scored R-1" in await town.says("olga", "risk approve R-1")
    assert not await accepted(town)


async def test_who_has_lowered_a_score_does_not_decide_and_the_level_before_counts(town: Town) -> None:
    await town.says("sam", DAM)
    await town.says("olga", "risk update R-1; likelihood 1; impact 1")
    assert (await town.risk()).score == 1
    assert "Maria Lopez is asked to accept R-1" in await town.says("sam", ASK)
    for head in ("olga", "priya"):
        assert "may not accept a risk of this level" in await town.says(head, "risk approve R-1")
    [question] = [
        acceptance
        for acceptance in await town.bot.read(lambda store: store.risk.acceptances.of(1))
        if acceptance.state == "asked"
    ]
    assert question.level == "extreme"
    assert "accepted until" in await town.says("maria", "risk approve R-1")


async def test_a_planned_treatment_is_a_target_until_somebody_independent_confirms_it(town: Town) -> None:
    await town.says("sam", DAM)
    told = await town.says("olga", "risk treat R-1; treatment mitigate; residual likelihood 1; residual impact 1")
    assert "After treatment (planned): Low, 1 of 25 (1 rare x 1 minor)" in told
    assert (
        "1 risk keeps its score from before treatment: nobody has confirmed yet that the treatment helped."
        in await town.says("sam", "risk matrix")
    )
    await town.says("sam", "risk action R-1; what Buy a pump; owner @sam; due friday")
    assert "Actions against R-1 are still open." in await town.says("maria", "risk confirm R-1")
    await town.says("sam", "risk done A-1")
    assert "may not confirm a risk of this level" in await town.says("olga", "risk confirm R-1")
    assert "its actions are done. Did the treatment help as planned?" in await town.says("maria", "city today")
    assert "R-1: score after treatment confirmed" in await town.says("maria", "risk confirm R-1")
    assert ((await town.risk()).score, (await town.risk()).standing) == (1, (1, 1))
    assert "is confirmed already" in await town.says("maria", "risk confirm R-1")
    await town.says("sam", "risk treat R-1; treatment mitigate; residual likelihood 1; residual impact 2")
    assert (await town.risk()).score == 20


async def test_a_review_by_somebody_independent_opens_the_way_for_who_owned_it_before(town: Town) -> None:
    await town.says("sam", OAK.format("olga"))
    await town.says("olga", "risk assign R-1; owner @sam")
    await town.says("sam", "risk review R-1; still yes")  # a review by the owner does not count as independent
    assert "Olga Brandt has owned or scored R-1" in await town.says("sam", f"{ASK}; approver @olga")
    await town.says("priya", "risk review R-1; still yes")
    assert "Olga Brandt is asked to accept R-1" in await town.says("sam", f"{ASK}; approver @olga")
    assert "R-1 is accepted until" in await town.says("olga", "risk approve R-1")


async def test_where_nobody_qualifies_two_people_decide_and_both_say_why(town: Town) -> None:
    await town.says("maria", DAM.replace("@sam", "@maria"))
    assert "Maria Lopez and Ines Varga are asked to accept R-1" in await town.says("olga", ASK)
    assert "FORM risk.approve-because" in await town.says("maria", "risk approve R-1")
    assert "You agree. R-1 waits for" in await town.says("maria", "risk approve R-1; why There is no other way")
    assert not await accepted(town)
    assert "The owner of a risk cannot accept it." in await town.says("maria", "risk approve R-1; why Once more")
    assert "may not accept a risk" in await town.says("olga", "risk approve R-1; why I asked for it")
    assert not await accepted(town)
    assert "R-1 is accepted until" in await town.says("ines", "risk approve R-1; why I have seen the gate")
    [kept] = await town.bot.read(lambda store: store.risk.acceptances.of(1))
    assert (kept.decided_by, kept.note) == ("maria", "There is no other way")
    assert (kept.second_by, kept.second_note) == ("ines", "I have seen the gate")
    history = await town.says("sam", "risk history R-1")
    assert "Maria Lopez agreed to accept it, as one of two: There is no other way" in history
    assert "Ines Varga accepted it: until Fri Jan 15, 2027: I have seen the gate" in history


@pytest.mark.parametrize(
    ("person", "change"),
    [
        ("sam", "risk update R-1; likelihood 1"),
        ("sam", "risk assign R-1; owner @rosa"),
        ("sam", "risk treat R-1; treatment avoid"),
    ],
)
async def test_agreeing_counts_only_for_what_was_shown(town: Town, person: str, change: str) -> None:
    await town.says("sam", OAK.format("sam"))
    await town.says("sam", f"{ASK}; approver @priya")
    before = await town.card("priya", "risk show R-1")
    await town.says(person, change)
    again = await town.presses("priya", "Accept it", before)
    assert again
    assert again.title == "R-1 has changed since you saw it. Please look again"
    assert "Changed since it was asked" in plain(again)
    assert not await accepted(town)
    done = await town.presses("priya", "Accept it", again)
    assert done
    assert done.title == "R-1 is accepted until Fri Jan 15, 2027"


async def test_a_treatment_stays_beside_the_acceptance_and_after_it(town: Town) -> None:
    await town.says("sam", OAK.format("sam"))
    await town.says("sam", "risk treat R-1; treatment transfer; plan Insure it")
    await town.says("sam", f"{ASK}; approver @priya")
    told = await town.says("priya", "risk approve R-1")
    assert "Treatment: transfer" in told
    await town.bot.pass_time(days=60)
    assert ((await town.risk()).treatment, (await town.risk()).accepted_until) == ("transfer", None)


async def test_the_question_shows_what_is_decided(town: Town) -> None:
    await town.says("sam", DAM)
    await town.says("olga", "risk update R-1; likelihood 1; impact 1")
    await town.says("sam", ASK)
    shown = plain(await town.card("maria", "risk approve R-1; why Not needed"))
    assert "accepted until" in shown
    await town.says("sam", "risk add Pump; likelihood 5; impact 5; owner @sam")
    await town.says("sam", ASK.replace("R-1", "R-2"))
    await town.says("sam", "risk update R-2; impact 4")
    shown = plain(await town.card("maria", "risk approve R-2"))
    for words in ("What: Pump", "20 of 25", "Accept until: Fri Jan 15, 2027", "Why: We wait for the budget",
                  "Sam Rivers changed the score"):  # fmt: skip
        assert words in shown, words


async def test_the_head_of_the_risks_department_is_asked_before_other_heads(town: Town) -> None:
    await town.says("sam", OAK.format("sam"))
    assert "Priya Nair is asked to accept R-1" in await town.says("sam", ASK)
    await town.says("sam", OAK.format("sam").replace("parks", "water").replace("oak", "pump"))
    told = await town.says("sam", ASK.replace("R-1", "R-2"))
    assert "Priya Nair" not in told
    assert "is asked to accept R-2" in told


@pytest.mark.parametrize(("person", "may"), [("priya", True), ("sam", False), ("ben", False), ("olga", True)])
async def test_only_who_may_decide_is_shown_the_buttons(town: Town, person: str, may: bool) -> None:
    await town.says("sam", OAK.format("sam"))
    await town.says("sam", f"{ASK}; approver @priya")
    assert ("[Accept it] [Do not accept]" in plain(await town.card(person, "risk show R-1"))) == may
    if person in ("sam", "priya", "olga"):  # who may change it
        assert ("[Accept it]" in plain(await town.card(person, ASK))) == may


async def test_a_form_that_is_shown_again_with_its_errors_is_still_about_the_same_risk(town: Town) -> None:
    await town.says("sam", OAK.format("sam"))
    values = {"title": "Old oak", "likelihood": "2", "impact": "4", "residual_likelihood": "5", "residual_impact": "5"}
    outcome = await town.runtime.handle(Inbound("say", "sam", Submitted("risk.change|R-1", "n1", values)))
    assert isinstance(outcome, Asking)
    assert outcome.page.errors
    assert outcome.page.target == "risk.change|R-1"
