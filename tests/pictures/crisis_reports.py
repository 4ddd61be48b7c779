"""Crisis cards: a crisis of some hours, with its timeline, its reports and its statements to residents."""

from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from bot.assembly import build_runtime
from bot.inbound import Answered, Asking, Inbound, Pressed, Submitted, Typed
from bot.runtime import Runtime
from handlers.kit.forms import FormPage
from handlers.kit.messages import Card
from scheduler.ledger import Ledger
from storage.chat.outbox import outbox
from storage.database import Store
from tests.chat.bot import MONDAY, settings_for
from tests.chat.clock import SetClock
from tests.firing import fire_timer

REF = "CR-2026-01"
STATEMENT = (
    "crisis statement A water main has burst at Mill Road.; who Mill Road 4 to 20 and Park Street; since 08:40 today; "
    "do Boil water for one minute before you drink it.; next in 2 hours"
)
LOG = (
    "crisis log Pumps are running, two streets without water",
    "crisis log Close the valve at Mill Road, and bring a tank to Park Street; kind decided",
    "crisis log The pump behind the old mill makes a noise like a tractor; somebody has to look at it before noon, "
    "because without it the whole of Park Street is dry, and with it the school and the health centre",
)


async def report_cards(folder: Path) -> list[tuple[str, Card | FormPage]]:
    """Names and cards or forms of the timeline, the reports and the statements."""
    clock = SetClock(MONDAY)
    runtime = build_runtime(settings_for(folder, desk="on"), clock)
    ledger = Ledger(runtime.catalogue, ("desk",))
    found: list[tuple[str, Card | FormPage]] = []

    async def does(person: str, what: Typed | Pressed | Submitted, name: str = "") -> None:
        outcome = await runtime.handle(Inbound("say", person, what))
        shown = outcome.page if isinstance(outcome, Asking) else outcome.card if isinstance(outcome, Answered) else None
        if name:
            assert shown is not None, name
            found.append((f"reports-{name}", shown))

    async def waits(**span: float) -> None:
        clock.advance(**span)
        for timer in await runtime.read(lambda store: ledger.due_timers(store, clock.now(), 50)):
            fire_timer(runtime.database, ledger, timer, runtime.city(), clock.now())

    await does("olga", Typed("crisis activate Water main burst; where Mill Road 4 to 20; level 2"))
    await does("maria", Pressed("crisis.confirm", REF))
    for line in LOG:
        clock.advance(minutes=7)
        await does("tom", Typed(line), "logged" if line == LOG[0] else "")
    await does("tom", Typed("crisis timeline"), "timeline")
    await does("tom", Typed("crisis report"), "report-form")
    await does(
        "tom",
        Typed("crisis report Two streets are dry, tanks are on the way; kind executive; next at 12:00"),
        "report-out",
    )
    await does("felix", Typed("crisis statement"), "statement-form")
    await does("felix", Typed(STATEMENT), "statement-draft")
    await does("maria", Pressed("crisis.statement-approve", await _newest(runtime)), "statement-approved")
    await waits(hours=1, minutes=31)
    await waits(hours=2, minutes=10)
    await does("felix", Typed(STATEMENT.replace("has burst", "is mended")))
    await does("maria", Pressed("crisis.statement-back", await _newest(runtime)), "statement-send-back")
    why = {"why": "Say which streets exactly"}
    await does("maria", Submitted(f"crisis.statement-back|{await _newest(runtime)}", "n1", why), "statement-back")
    await does("tom", Typed("crisis status"), "status")
    found += await runtime.read(lambda store: list(_posted(store)))
    runtime.database.close()
    return found


async def _newest(runtime: Runtime) -> str:
    """The number of the newest statement."""
    return str((await runtime.read(lambda store: store.crisis.reports.of(REF, "statement")))[-1].id)


POSTED = (" is due", "promised an update", "wait for an update", "on the timeline", ", decided", "executive report")


def _posted(store: Store) -> Iterator[tuple[str, Card]]:
    """What was queued by the timeline and its timers, each title once."""
    seen = set()
    for place, kind, text in store.connection.execute(select(outbox.c.place, outbox.c.kind, outbox.c.card)):
        card = Card.model_validate_json(text or '{"title": ""}')
        if card.title not in seen and any(words in card.title for words in POSTED):
            seen.add(card.title)
            yield f"reports-{kind}-{place.replace(':', '-')}-{len(seen):02}", card
