"""Drawn again: a card drawn at once is the same; later it says how things are then, or that nobody needs it."""

from handlers.kit.drawing import draw
from handlers.kit.errors import NotNeeded
from handlers.kit.messages import Card
from storage.chat.outbox import outbox
from storage.database import Store
from tests.chat.desk import DeskChat
from tests.scenarios.losing import lose


async def drawn(chat: DeskChat, since: int = 0) -> dict[str, tuple[str, str]]:
    """What was queued after a row, by how it is drawn: its card, and the card drawn now or why nobody needs it."""
    runtime = chat.bot.application.runtime

    def read(store: Store) -> dict[str, tuple[str, str]]:
        question = outbox.select().where(outbox.c.draws.is_not(None), outbox.c.id > since, outbox.c.kind == "post")
        found = {}
        for row in store.connection.execute(question.order_by(outbox.c.id)).all():
            try:
                now = draw(runtime.context(store), row.draws).model_dump_json()
            except NotNeeded as why:
                now = str(why)
            found[row.draws] = (row.card, now)
        return found

    return await runtime.read(read)


async def newest(chat: DeskChat) -> int:
    rows = await chat.bot.read(
        lambda store: store.connection.execute(outbox.select().with_only_columns(outbox.c.id)).all()
    )
    return max((row.id for row in rows), default=0)


STEPS = (
    ("sam", "/risk add Dam gate stuck; likelihood 5; impact 5; owner @olga"),
    ("olga", "/risk action R-1; what Buy a pump; owner @sam; due friday"),
    ("olga", "/risk accept R-1; until 2026-12-20; why The gate is replaced in December"),
    ("sam", "/risk add Pump fails; likelihood 2; impact 2"),
    ("sam", "/risk assign R-2; owner @rosa"),
    ("owen", "/feedback add Deep pothole; category streets; via phone"),
    ("sam", "/feedback give F-1; to @ben"),
    ("maria", "/city away from tomorrow to friday deputy @hugo"),
    ("tom", "/crisis activate Water main burst; level 2"),
    ("maria", "/crisis confirm CR-2026-01"),
    ("maria", "/crisis statement A main burst; who Mill Road; since 08:40; do Boil water; next in 2 hours"),
    ("tom", "/crisis follow-up Check every valve; owner @hugo; due in 3 weeks"),
)
AT_ONCE = {
    "action.asked", "risk.announced", "risk.owner", "risk.ask", "feedback.item", "feedback.given", "away.deputy",
    "crisis.page", "crisis.confirm", "crisis.summary", "crisis.announced", "crisis.rollcall", "crisis.statement",
}  # fmt: skip


async def test_what_is_drawn_at_once_says_what_it_said_and_at_the_end_how_things_stand(desk_chat: DeskChat) -> None:
    covered, changed = set(), list[str]()
    for person, line in STEPS:
        before = await newest(desk_chat)
        await desk_chat.person(person).says(line)
        for draws, (card, now) in (await drawn(desk_chat, before)).items():
            covered.add(draws.split(" ")[0])
            if card != now and not draws.startswith("crisis.summary"):  # which goes on with the rest of the request
                changed.append(f"{line}: {draws}: {card} / {now}")
    assert changed == []
    assert AT_ONCE - covered == set()
    desk_chat.bot.clock.advance(minutes=1)
    for person, line in (
        ("maria", "/risk close R-1; reason Replaced"),
        ("ben", "/feedback close F-1; reason done; answer Filled"),
    ):
        await desk_chat.person(person).says(line)
    maria = desk_chat.person("maria")
    await maria.presses("End", await maria.says("/city absences"))
    at_the_end = {draws: now for draws, (_, now) in (await drawn(desk_chat)).items()}
    assert at_the_end["risk.announced R-1"] == "R-1 is closed now"
    assert {now for draws, now in at_the_end.items() if draws.startswith("feedback.")} == {"F-1 is closed now"}
    assert at_the_end["crisis.confirm CR-2026-01 confirm"] == "CR-2026-01 has been confirmed"
    assert [now for draws, now in at_the_end.items() if draws.startswith("away.deputy maria")] == [
        "the absence of Maria Lopez has changed"
    ]


async def test_a_crisis_that_is_over_is_not_announced_by_a_message_that_is_sent_again(desk_chat: DeskChat) -> None:
    tom, maria = desk_chat.person("tom"), desk_chat.person("maria")
    await tom.says("/crisis activate Water main burst; level 2")
    await maria.says("/crisis confirm CR-2026-01")
    old = Card("Riverton: a crisis, CR-2026-01")
    await lose(desk_chat, lambda context: context.post("ops", old, draws="crisis.announced CR-2026-01"))
    await tom.says("/crisis standdown Water is back on")
    asked = await maria.finds("asks to stand down")
    await maria.presses("Agree: stand down", asked)
    listed = await desk_chat.person("ines").says("/city undelivered")
    told = await desk_chat.person("ines").presses("Send again", listed)
    assert "Nothing was sent: CR-2026-01 is over." in told.text
