"""Cards of the end of a crisis: asked for, refused, agreed, then the review and the follow-ups."""

from itertools import count, takewhile
from pathlib import Path

from bot.assembly import build_runtime
from bot.inbound import Answered, Asking, Inbound, Pressed, Typed
from handlers.digest import digest_card
from handlers.kit.forms import FormPage
from handlers.kit.messages import Card
from handlers.kit.plain import plain
from storage.database import Store
from tests.chat.bot import MONDAY, settings_for
from tests.chat.clock import SetClock

REF = "CR-2026-01"
STEPS: tuple[tuple[str, str | Pressed], ...] = (
    ("olga", "crisis activate Water main burst; where Mill Road 4 to 20; level 2"),
    ("tom", Pressed("crisis.coming", REF)),
    ("ines", Pressed("crisis.coming", REF)),
    ("maria", Pressed("crisis.confirm", REF)),
    ("tom", "crisis standdown The pipe is mended and the water runs clear again"),
    ("maria", Pressed("crisis.standdown-refuse", f"{REF} 1")),
    ("maria", Pressed("crisis.standdown-agree", f"{REF} 1")),
    ("hugo", Pressed("crisis.standdown-agree", f"{REF} 1")),
    ("ines", Pressed("crisis.rate", REF)),
    ("tom", Pressed("crisis.lessons", REF)),
    (
        "tom",
        f"crisis lessons {REF}; cause A valve from 1961 that nobody had moved; lessons Move every valve each spring",
    ),
    ("tom", "crisis follow-up"),
    ("tom", "crisis follow-up Move every valve of the 1960s once; owner @hugo; due in 3 weeks"),
    ("maria", "crisis document"),
    ("maria", f"crisis status {REF}"),
)
POSTED = ("asks to stand down", "How was it handled", "What was the cause", "asks you to act")  # somewhere on the card


async def end_cards(folder: Path) -> list[tuple[str, Card | FormPage]]:
    """Names and cards or forms, in the order in which people see them."""
    clock, found = SetClock(MONDAY), []
    runtime = build_runtime(settings_for(folder, desk="on"), clock)
    for number, (person, what) in enumerate(STEPS):
        told = Typed(what) if isinstance(what, str) else what
        outcome = await runtime.handle(Inbound("say", person, told, opens_forms=True))
        name = what.split(";")[0] if isinstance(what, str) else what.action
        shown = outcome.page if isinstance(outcome, Asking) else outcome.card if isinstance(outcome, Answered) else None
        if shown is not None:
            found.append((f"end-{number:02}-{'-'.join(name.replace('.', ' ').split()[1:2])}", shown))
        clock.advance(minutes=4)

    def posted(store: Store) -> list[tuple[str, Card | FormPage]]:
        context = runtime.context(store)
        day = digest_card(context, context.person_named("hugo"), context.today)
        assert day is not None
        rows = list(takewhile(bool, map(store.chat.outbox.find, count(1))))
        queued = [Card.model_validate_json(row.card) for row in rows if row and row.card]
        shown = [next(card for card in queued if words in plain(card)) for words in POSTED]
        return [*((f"end-posted-{place}", card) for place, card in enumerate(shown)), ("end-digest", day)]

    found += await runtime.read(posted)
    runtime.database.close()
    return found
