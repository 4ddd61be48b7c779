"""Many actions: the card of what they are about names the worst ones and the command that lists all."""

from datetime import date, timedelta

import pytest

from storage.database import Store
from tests.chat.door import Chat

DAM = "/risk add Dam gate stuck; likelihood 4; impact 5; owner @sam"
MANY = 2_000


async def _add(chat: Chat, about: str) -> None:
    """Many actions about a record: the first is due last, one is late, and one is done."""

    def add(store: Store) -> None:
        now, last = chat.bot.clock.now(), date(2035, 1, 1)
        for number in range(MANY):
            store.actions.records.add(
                what=f"Oil gate {number}", about=about, owner="sam", due_on=last - timedelta(number), by="sam", at=now
            )
        store.actions.records.add(what="Late", about=about, owner="sam", due_on=date(2026, 11, 20), by="sam", at=now)
        done = store.actions.records.add(what="Done", about=about, owner="sam", due_on=None, by="sam", at=now)
        store.actions.records.change(done, "done", "sam", now, state="done", settled_by="sam", settled_at=now)

    await chat.bot.application.runtime.write(add)


async def test_a_risk_with_thousands_of_actions_is_one_card_the_worst_first(chat: Chat) -> None:
    sam = chat.person("sam")
    await sam.says(DAM)
    await _add(chat, "R-1")
    card = await sam.says("/risk show R-1")
    assert f"Actions: 1 of {MANY + 2} done" in card.text
    first = card.text.index("A-2001 Late (Sam Rivers, was due Fri Nov 20: LATE)")
    assert first < card.text.index("A-2000 Oil gate 1999") < card.text.index("A-1992 Oil gate 1991")
    assert "Oil gate 1990" not in card.text
    assert f"And {MANY - 8} more" in card.text
    assert (await sam.presses("All of them", card)).title == f"Actions about R-1: {MANY + 2}"


@pytest.mark.doors
async def test_the_summary_of_a_crisis_with_thousands_of_actions_names_the_worst_and_how_to_list_all(
    chat: Chat,
) -> None:
    olga = chat.person("olga")
    await olga.says("/crisis activate Water main burst; level 2")
    await _add(chat, "CR-2026-01")
    summary = await olga.says("/crisis status")
    assert f"Actions: 1 of {MANY + 2} done" in summary.text
    assert "A-2001 Late" in summary.text
    assert f"And {MANY - 1} more" in summary.text
    assert (await olga.presses("All of them", summary)).title == f"Actions about CR-2026-01: {MANY + 2}"
