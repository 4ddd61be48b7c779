"""From a message: its menu makes a risk or feedback of it, at every door, and the record links back to it."""

import pytest

from bot.inbound import Answered, Asking, FromMessage, Inbound, Pressed, Submitted
from handlers.kit.messages import Buttons
from tests.chat.desk import DeskChat
from tests.chat.door import Chat
from tests.chat.slack import SlackChat
from tests.chat.teams import TeamsChat

POTHOLE = "/feedback add Deep pothole; category streets; place 12 Elm Street; via phone"
RISK = {"likelihood": "2", "impact": "3"}
FEEDBACK = {"category": "streets", "via": "phone"}


@pytest.mark.parity("Log a risk from the menu of a message")
async def test_what_the_bot_has_posted_becomes_a_risk(chat: Chat) -> None:
    await chat.person("owen").says(POTHOLE)
    [told] = await chat.place("public-works")
    sam = chat.person("sam")
    form = await sam.chooses("Log as risk", told)
    assert form.title == "Log a risk"
    assert form.values["title"].startswith("F-1 Streets and potholes ")
    card = await sam.fills(form, title="Deep pothole in Elm Street", **RISK)
    assert card.title == "Logged R-1"
    risk = await chat.bot.read(lambda store: store.risk.records.find("R-1"))
    assert risk.title == "Deep pothole in Elm Street"
    assert risk.source.startswith("http")


async def test_a_field_that_does_not_fit_is_said_and_the_link_stays(chat: Chat) -> None:
    await chat.person("owen").says(POTHOLE)
    [told] = await chat.place("public-works")
    sam = chat.person("sam")
    form = await sam.chooses("Log as risk", told)
    again = await sam.is_asked_again(form, review_on="2020-01-01", **RISK)
    assert "is in the past" in again.errors["review_on"]
    assert await chat.bot.read(lambda store: store.risk.records.find("R-1")) is None
    await sam.fills(again, review_on="2026-12-01", **RISK)
    assert (await chat.bot.read(lambda store: store.risk.records.find("R-1"))).source.startswith("http")


@pytest.mark.parametrize(
    ("entry", "given", "ref"), [("Log as risk", RISK, "R-1"), ("Log as feedback", FEEDBACK, "F-1")]
)
async def test_what_a_colleague_wrote_becomes_a_record(
    platform_chat: SlackChat | TeamsChat, entry: str, given: dict[str, str], ref: str
) -> None:
    message = await platform_chat.person("maria").writes("Dam gate is stuck", place="ops")
    sam = platform_chat.person("sam")
    form = await sam.chooses(entry, message)
    assert next(iter(form.values.values())) == "Dam gate is stuck"
    card = await sam.fills(form, **{name: value for name, value in form.values.items() if value}, **given)
    assert card.title == f"Logged {ref}"
    assert "The message" in card.text


async def test_a_long_message_is_cut_where_a_word_ends_and_stands_whole_above_the_form(
    platform_chat: SlackChat | TeamsChat,
) -> None:
    long = "The pump behind the old mill makes a noise like a tractor. " * 4
    message = await platform_chat.person("maria").writes(long, place="ops")
    form = await platform_chat.person("sam").chooses("Log as risk", message)
    assert long.startswith(form.values["title"].removesuffix("\u2026") + " ")
    assert len(form.values["title"]) <= 120
    assert long.strip() in form.raw.shown


async def test_a_message_without_words_opens_an_empty_form(platform_chat: SlackChat | TeamsChat) -> None:
    message = await platform_chat.person("maria").writes("", place="ops")
    form = await platform_chat.person("sam").chooses("Log as risk", message)
    assert set(form.values.values()) == {""}


LINK = "https://riverton.slack.com/archives/C1/p1"


async def test_text_and_link_wait_behind_a_button_where_no_form_opens(desk_chat: DeskChat) -> None:
    runtime = desk_chat.bot.application.runtime
    told = await runtime.handle(
        Inbound("say", "sam", FromMessage("risk add", "Dam gate stuck", LINK), opens_forms=False)
    )
    assert isinstance(told, Answered)
    assert told.card is not None
    [button] = [drawn for word in told.card.body if isinstance(word, Buttons) for drawn in word.buttons]
    asking = await runtime.handle(Inbound("say", "sam", Pressed(button.action, button.value)))
    assert isinstance(asking, Asking)
    filled = {**asking.page.values, "likelihood": "2", "impact": "3"}
    done = await runtime.handle(Inbound("say", "sam", Submitted(asking.page.target, asking.page.nonce, filled)))
    assert isinstance(done, Answered)
    risk = await runtime.read(lambda store: store.risk.records.find("R-1"))
    assert risk is not None
    assert (risk.title, risk.source) == ("Dam gate stuck", LINK)


async def test_a_link_that_is_none_is_not_kept(desk_chat: DeskChat) -> None:
    runtime = desk_chat.bot.application.runtime
    values = {"title": "Dam gate stuck", "likelihood": "2", "impact": "3"}
    await runtime.handle(Inbound("say", "sam", Submitted("risk add|javascript:alert(1)", "n1", values)))
    risk = await runtime.read(lambda store: store.risk.records.find("R-1"))
    assert risk is not None
    assert risk.source is None
