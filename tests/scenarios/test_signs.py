"""Signs: a title that nobody sees is asked for again, and one that turns the line around turns only itself."""

from tests.chat.door import Chat

RLO, PDF, ZWSP = "\u202e", "\u202c", "\u200b"


async def test_a_title_that_nobody_sees_is_asked_for_again(chat: Chat) -> None:
    sam = chat.person("sam")
    form = await sam.opens(f"/risk add {ZWSP}\u200d\ufeff; likelihood 4; impact 5")
    assert "Please fill this in." in f"{form.errors} {form.raw}"
    form = await sam.is_asked_again(form, title="\u3164\u2060")
    assert "Please fill this in." in f"{form.errors} {form.raw}"
    assert await chat.bot.read(lambda store: store.risk.records.find("R-1")) is None


async def test_a_title_turns_nothing_around_that_stands_after_it(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says(f"/risk add Dam {RLO}gate; likelihood {ZWSP}4; impact 5\u200e")
    risk = await chat.bot.read(lambda store: store.risk.records.find("R-1"))
    assert (risk.title, risk.likelihood, risk.impact) == (f"Dam {RLO}gate{PDF}", 4, 5)
    listed = await sam.says("/risk list")
    assert f"Dam {RLO}gate{PDF}" in listed.text
