"""Calling: what a form holds when it opens, and what a command or a button gives back."""

import pytest

from bot.calling import AskAgain
from bot.inbound import Answered, Asking, FromMessage, Gesture, Inbound, Outcome, Pressed, Submitted, Typed
from handlers.kit.declared import asked
from handlers.kit.plain import plain
from storage.chat.people import Met
from storage.database import Store
from tests.bot.postroom import Post

LONG = "The gate is stuck again and water comes over the dam. " * 4
KEY = "slack:C1/17.5"


async def does(post: Post, what: Gesture, person: str = "sam", **more: object) -> Outcome:
    return await post.runtime.handle(Inbound("say", person, what, **more))  # type: ignore[arg-type]


async def form(post: Post, what: Gesture, person: str = "sam", **more: object) -> Asking:
    outcome = await does(post, what, person, **more)
    assert isinstance(outcome, Asking), outcome
    return outcome


async def test_the_people_in_a_form_are_shown_by_their_accounts(post: Post) -> None:
    def meet(store: Store) -> None:
        for person, account in (("sam", "U1"), ("olga", "U2")):
            store.chat.people.meet(Met(person, person, None), "slack", account, post.clock.now())

    await post.runtime.write(meet)
    for owner, handles in (("@olga", {"olga": "U2"}), ("@priya", {}), ("@nobody-here", {})):
        outcome = await post.runtime.handle(Inbound("slack", "U1", Typed(f"risk add sam; owner {owner}")))
        assert isinstance(outcome, Asking)
        assert {name.removeprefix("@"): account for name, account in outcome.handles.items() if account[0] == "U"} == (
            handles
        )


@pytest.mark.parametrize(
    ("command", "text", "author", "field", "begins", "intro"),
    [
        ("risk add", "Gate stuck", "Tom", "title", "Gate stuck", None),
        ("risk add", LONG, "Tom", "title", "The gate is stuck again", f"The message: {LONG.strip()}"),
        ("risk add", "Gate stuck\u2026", "Tom", "title", "Gate stuck\u2026", None),
        ("crisis log", "Pumps run", "Tom", "text", "Tom wrote: Pumps run", None),
        ("crisis log", "Pumps run", None, "text", "Pumps run", None),
        ("risk add", " ", None, "title", None, None),
    ],
)
async def test_a_form_that_is_begun_from_a_message_holds_its_words_and_where_they_do_not_fit_all_of_it(
    post: Post, command: str, text: str, author: str | None, field: str, begins: str | None, intro: str | None
) -> None:
    page = (await form(post, FromMessage(command, text, "https://chat.example.org/1", KEY, author))).page
    assert (page.values.get(field) or "").startswith(begins or "")
    assert (field in page.values) == (begins is not None)
    assert (page.intro or None) == intro
    assert page.target == f"{command}|https://chat.example.org/1 {KEY}"
    assert page.errors == {}


@pytest.mark.parametrize(
    ("what", "intro", "submit"),
    [
        (Typed("risk close R-1"), "R-1 Gate (score 20 Extreme, owner Sam Rivers)", "Close the risk"),
        (Pressed("risk.change", "R-1"), "R-1 Gate (score 20 Extreme, owner Sam Rivers)", "Change the risk"),
        (Typed("risk close R-9"), "", "Close the risk"),
        (Typed("risk add"), "", "Add"),
    ],
)
async def test_a_form_shows_the_record_it_is_about_and_its_button_names_the_act(
    post: Post, what: Gesture, intro: str, submit: str
) -> None:
    await does(post, Typed("risk add Gate; likelihood 4; impact 5; owner @sam"))
    page = (await form(post, what, "olga")).page
    assert (page.intro, page.submit) == (intro, submit)


async def test_a_line_that_leaves_something_out_opens_the_form_with_its_mistakes_and_nothing_else_is_one(
    post: Post,
) -> None:
    page = (await form(post, Typed("risk add Flood; likelihood 9"))).page
    assert (page.values["title"], page.values["likelihood"]) == ("Flood", "9")
    assert list(page.errors) == ["likelihood"]
    assert (page.target, page.title, page.submit) == ("risk add", "Log a risk", page.submit)
    assert (await form(post, Typed("risk add Flood"))).page.errors == {}


async def test_what_is_asked_in_private_is_not_taken_from_a_line_but_at_a_terminal(post: Post) -> None:
    line = "feedback add Deep pothole; category streets; via phone; contact 555-0100"
    await post.runtime.write(
        lambda store: store.chat.people.meet(Met("sam", "Sam", None), "slack", "U1", post.clock.now())
    )
    outcome = await post.runtime.handle(Inbound("slack", "U1", Typed(line)))
    assert isinstance(outcome, Asking)
    assert "contact" not in outcome.page.values
    assert list(outcome.page.errors) == ["contact"]
    assert outcome.page.values["what"] == "Deep pothole"
    at_a_terminal = (await form(post, Typed(line))).page
    assert at_a_terminal.values["contact"] == "555-0100"
    assert "there is no CONTACT_KEY" in at_a_terminal.errors["contact"]


async def test_a_button_is_answered_in_the_place_of_its_card_only_where_it_says_so(post: Post) -> None:
    for line in ("risk add Gate; likelihood 4; impact 2; owner @sam",) * 12:
        await does(post, Typed(line))
    turned = await does(post, Pressed("risk.page", "0"))
    typed = await does(post, Typed("risk list"))
    assert isinstance(turned, Answered)
    assert isinstance(typed, Answered)
    assert (turned.ok, turned.replaces, typed.replaces) == (True, True, False)


@pytest.mark.parametrize(("person", "ok"), [("sam", False), ("olga", True)])
async def test_a_form_that_somebody_may_not_fill_in_any_more_is_not_opened_for_them(
    post: Post, person: str, ok: bool
) -> None:
    def keep(store: Store) -> str:
        return store.chat.drafts.keep(person, "risk close", {"risk": "R-1"}, post.clock.now())

    outcome = await does(post, Pressed("fill-in", await post.runtime.write(keep)), person)
    if ok:
        assert isinstance(outcome, Asking)
        assert (outcome.page.target, outcome.page.values) == ("risk close", {"risk": "R-1"})
        return
    assert isinstance(outcome, Answered)
    assert outcome.card
    assert (outcome.ok, outcome.card.title) == (False, "You cannot do this yourself")


async def test_a_form_about_a_record_says_which_and_is_filled_in_from_it(post: Post) -> None:
    await does(post, Typed("risk add Gate; likelihood 4; impact 2; owner @sam"))
    page = (await form(post, Pressed("risk.change", "R-1"))).page
    assert (page.target, page.values["title"]) == ("risk.change|R-1", "Gate")
    page = (await form(post, Typed("risk update R-1"))).page
    assert page.target == "risk.update|R-1"
    again = await form(post, Submitted("risk.change|R-1", "n1", {"title": "", "likelihood": "4", "impact": "2"}))
    assert (again.page.target, list(again.page.errors), again.page.nonce) == ("risk.change|R-1", ["title"], "n1")


async def test_a_command_begun_from_a_card_of_ours_keeps_what_it_was_begun_from(post: Post) -> None:
    values = {"title": "Gate stuck", "likelihood": "4", "impact": "2"}
    outcome = await does(post, Submitted(f"risk add|https://chat.example.org/1 {KEY}", "n1", values))
    assert isinstance(outcome, Answered)
    assert outcome.card
    assert outcome.card.title == "Logged R-1", plain(outcome.card)
    risk = await post.runtime.read(lambda store: store.risk.records.find("R-1"))
    assert risk is not None
    assert risk.source == "https://chat.example.org/1"


async def test_each_form_that_opens_has_a_name_of_its_own_that_nobody_guesses(post: Post) -> None:
    lines = ("risk add Flood", "risk add Flood; likelihood 4; impact 2; review 2020-01-01")
    pages = [(await form(post, Typed(line))).page for line in lines]
    assert [len(page.nonce) for page in pages] == [16, 16]
    assert len({page.nonce for page in pages}) == 2
    assert list(pages[1].errors) == ["review_on"]


async def test_what_asks_again_names_its_form_and_nothing_that_was_typed(post: Post) -> None:
    page = (await form(post, Typed("risk add My secret"))).page
    assert page.values["title"] == "My secret"
    assert str(AskAgain(page)) == "risk add"


@pytest.mark.parametrize(
    ("command", "most"),
    [
        ("risk accept", {"risk": 12, "why": 1000}),
        ("risk approve", {"risk": 12, "why": 1000}),
        ("risk decline", {"risk": 12, "why": 1000}),
        ("risk.approve-because", {"why": 1000}),
    ],
)
async def test_a_decision_about_a_risk_takes_so_many_letters_and_reasons_in_several_lines(
    post: Post, command: str, most: dict[str, int]
) -> None:
    questions = asked(post.runtime.catalogue.target(command), post.runtime.city())
    assert {question.name: question.max_length for question in questions if question.name in most} == most
    assert {question.kind for question in questions if question.name == "why"} == {"long_text"}


async def test_a_field_for_a_crisis_suggests_the_open_ones_and_those_that_ended_last(post: Post) -> None:
    def suggested(asking: Asking) -> list[str]:
        [field] = [question for question in asking.page.questions if question.name == "crisis"]
        return [label for _, label in field.suggests]

    assert suggested(await form(post, Typed("crisis report"), "tom")) == []
    await does(post, Typed("crisis activate Water main burst; level 2"), "tom")
    assert suggested(await form(post, Typed("crisis report"), "tom")) == ["CR-2026-01 Water main burst"]
    assert suggested(await form(post, Typed("crisis log"), "tom")) == ["CR-2026-01 Water main burst"]
