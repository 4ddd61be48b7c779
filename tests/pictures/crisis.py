"""Crisis cards: roles and the plan of a crisis on a temporary database, from the first page to the second week."""

from collections.abc import Iterator
from pathlib import Path

from bot.inbound import Answered, Asking, Gesture, Inbound, Pressed, Submitted, Typed
from handlers.kit.forms import FormPage
from handlers.kit.messages import Card
from storage.database import Store
from tests.chat.bot import Bot, settings_for

REF = "CR-2026-01"
FIRST_HOURS = (
    ("olga", Typed("crisis activate Water main burst; where Mill Road 4 to 20; level 2; scenario infrastructure")),
    ("tom", Pressed("crisis.coming", REF)),
    ("tom", Pressed("crisis.take", f"{REF} commander")),
    ("maria", Pressed("crisis.confirm", REF)),
    ("ines", Pressed("crisis.coming", REF)),
    ("ines", Pressed("crisis.take", f"{REF} technical")),
    ("felix", Pressed("crisis.coming", REF)),
    ("tom", Submitted(f"crisis.step-done|{REF} step activate-team", "n1", {"note": "Nine of ten are here"})),
    ("tom", Typed("crisis handover legal; person @grace")),
    ("tom", Typed("crisis handover commander; person @marcus")),
)
ANSWERS = {
    "answer_1": "Nobody: the last cellar was pumped dry at six.",
    "answer_2": "Two streets and the school. The hospital is not affected.",
    "answer_3": "Tankers at Mill Road and at the school, for two days.",
}
SENT = (
    "will you take",
    "no role for you",
    "you are Commander",
    "you are Legal",
    "plan begins",
    "due now",
    f"{REF} Water",
)
CLOSE = f"crisis.window-close|{REF} first-day"
SHOWN = (
    ("roles", "marcus", Typed("crisis roles")),
    ("plan", "marcus", Typed("crisis plan")),
    ("close", "marcus", Pressed("crisis.window-close", f"{REF} first-day")),
    ("close-again", "marcus", Submitted(CLOSE, "n2", ANSWERS)),
    ("closed", "marcus", Submitted(CLOSE, "n3", ANSWERS)),
    ("first-day", "marcus", Typed(f"crisis plan {REF}; window first-day")),
    ("handover", "marcus", Typed("crisis handover")),
    ("status", "marcus", Typed("crisis status")),
    ("asked", "tom", Typed("crisis standdown The pipe is mended")),
    ("over", "maria", Pressed("crisis.standdown-agree", "CR-2026-01 1")),
    ("plan-after", "tom", Typed(f"crisis plan {REF}")),
)


async def crisis_cards(folder: Path) -> list[tuple[str, Card | FormPage]]:
    """Names and cards or forms of a crisis."""
    bot = Bot(settings_for(folder, desk="on"))
    await bot.start()
    for person, what in FIRST_HOURS:
        await _does(bot, person, what)
        await bot.pass_time(minutes=1)
    await bot.pass_time(hours=3)
    found: list[tuple[str, Card | FormPage]] = list(await bot.read(lambda store: list(_sent(store))))
    for name, person, what in SHOWN:
        await bot.pass_time(minutes=1)
        found.append((f"crisis-{name}", await _does(bot, person, what)))
    await bot.stop()
    return found


async def _does(bot: Bot, person: str, what: Gesture) -> Card | FormPage:
    outcome = await bot.application.runtime.handle(Inbound("say", person, what))
    if isinstance(outcome, Asking):
        return outcome.page
    assert isinstance(outcome, Answered)
    return outcome.card or Card("Nothing is said: the card changes in its place")


def _sent(store: Store) -> Iterator[tuple[str, Card]]:
    """What people were sent about roles and steps, and the summary, each as it is now."""
    for message in store.chat.desk.since(0, 1000):
        card = Card.model_validate_json(message.card)
        if any(words in card.title for words in SENT):
            yield f"crisis-sent-{message.channel.replace(':', '-')}-{message.id}", card
