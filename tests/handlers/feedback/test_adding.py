"""Logging feedback: the form asks for as little as it can."""

from datetime import timedelta

from handlers.feedback.register import USUAL
from tests.chat.desk import DeskChat


async def way_asked(chat: DeskChat, person: str) -> str:
    form = await chat.person(person).opens("feedback add Deep pothole; place 12 Elm Street")
    return form.values["via"]


async def test_the_way_in_that_somebody_chose_last_is_filled_in_for_them_alone(desk_chat: DeskChat) -> None:
    assert await way_asked(desk_chat, "owen") == ""
    await desk_chat.person("owen").says("feedback add Pothole; category streets; via phone")
    await desk_chat.person("owen").says("feedback add Broken lamp; category lights; via counter")
    assert await way_asked(desk_chat, "owen") == "counter"
    assert await way_asked(desk_chat, "olga") == ""
    desk_chat.bot.clock.advance(seconds=(USUAL + timedelta(days=1)).total_seconds())
    assert await way_asked(desk_chat, "owen") == ""


async def test_a_way_that_the_city_has_dropped_is_filled_in_no_more(desk_chat: DeskChat) -> None:
    await desk_chat.person("owen").says("feedback add Pothole; category streets; via counter")
    file = desk_chat.bot.application.settings.city_dir / "feedback.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"counter", ', ""), encoding="utf-8")
    desk_chat.bot.clock.advance(seconds=5)
    await desk_chat.bot.settle()
    assert await way_asked(desk_chat, "owen") == ""


async def test_a_form_made_of_a_message_has_its_words_and_the_way_in(desk_chat: DeskChat) -> None:
    owen = desk_chat.person("owen")
    logged = await owen.says("feedback add Pothole; category streets; via phone")
    form = await owen.chooses("Log as feedback", logged)
    assert form.values["what"].startswith("Logged F-1")
    assert form.values["via"] == "phone"
