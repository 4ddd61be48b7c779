"""Cards: one of each kind that people see, made by the features themselves on a temporary database."""

from collections.abc import Iterator
from pathlib import Path

from bot.application import build_runtime
from bot.inbound import Answered, Asking, Inbound, Typed
from bot.runtime import Runtime
from handlers.kit.context import Context, Sending
from handlers.kit.forms import FormPage
from handlers.kit.messages import Card
from handlers.kit.standup import ROUTINE, digest, own_card
from scheduler.ledger import Ledger
from scheduler.morning_check import morning_check
from storage.database import Store
from tests.chat.bot import MONDAY, settings_for
from tests.chat.clock import SetClock

LINES = (
    ("sam", "risk add Dam gate stuck; likelihood 4; impact 5; owner @olga; review friday"),
    ("sam", "risk add Server room floods; likelihood 2; impact 5; owner @ines"),
    ("owen", "feedback add Deep pothole, two cars damaged; category streets; place 12 Elm Street; via phone"),
    ("olga", "crisis activate Water main burst; where Mill Road 4 to 20; level 2"),
    ("tom", "crisis log Pumps are running, two streets without water"),
    ("sam", "risk list"),
    ("olga", "risk show R-1"),
    ("sam", "risk close R-1; reason It is repaired"),
    ("sam", "risk lits"),
    ("sam", "help"),
    ("ines", "city places"),
    ("sam", "risk add Bridge bearing cracked; likelihood 9"),
    ("owen", "feedback add"),
    ("sam", "standup"),
)

STANDUPS = (  # the lines of two stand-ups, a week apart
    (
        ("sam", "standup Mill Road swept; next School crossings; blocker No road paint left since Thursday"),
        ("rosa", "standup Filters of plant 2 changed; next Spring flushing; blocker Access to the Elm Street valve"),
    ),
    (
        ("hugo", "city away from today to friday"),
        ("sam", "standup Elm Street and Oak Avenue patched, 14 holes; next The crossings, if the paint comes"),
        ("olga", "standup Snow contract signed; next Budget talk with Victor; blocker One driver short until December"),
    ),
)


async def cards(folder: Path) -> list[tuple[str, Card | FormPage]]:
    """Names and cards or forms, in the order of a morning."""
    clock = SetClock(MONDAY)
    runtime = build_runtime(settings_for(folder, desk="on"), clock)
    found: list[tuple[str, Card | FormPage]] = []
    for person, line in LINES:
        outcome = await runtime.handle(Inbound("say", person, Typed(line)))
        name = "-".join([*line.split(";")[0].split()[:2], person])
        match outcome:
            case Answered(card=Card() as card):
                found.append((name, card))
            case Asking(page):
                found.append((f"{name}-form", page))
            case _:
                raise AssertionError(f"nothing came of {line!r}")
    found += await runtime.read(lambda store: list(_posted(store)))
    found += await _standup(runtime, clock)
    check = Sending(
        store=None, city=runtime.city(), now=MONDAY, platforms=("desk",),  # type: ignore[arg-type]
        routine="morning-check", day=MONDAY.date(), seat="city_manager", person="maria",
    )  # fmt: skip
    found.append(("morning-check", await runtime.read(lambda store: _with(check, store))))
    runtime.database.close()
    return found


async def _standup(runtime: Runtime, clock: SetClock) -> list[tuple[str, Card]]:
    """Two stand-ups a week apart: the second as it is asked and as it is answered, and its digest."""
    ledger, routine = Ledger(runtime.catalogue, ("desk",)), runtime.catalogue.routines[ROUTINE]
    for lines in STANDUPS:
        day, now, city = runtime.city().calendar.today(clock.now()), clock.now(), runtime.city()
        await runtime.write(lambda store, d=day, n=now, c=city: ledger.fire_by_hand(routine, d, "ines", store, c, n))
        for person, line in lines:
            await runtime.handle(Inbound("say", person, Typed(line)))
        clock.advance(days=7)
    clock.advance(days=-7, hours=2.5)

    def shown(store: Store) -> list[tuple[str, Card]]:
        context = Context(store=store, city=runtime.city(), now=clock.now(), platforms=("desk",))
        standup = store.standups.last_opened("streets")
        assert standup is not None
        asked = [(f"standup-{person}", own_card(context, standup, person)) for person in ("rosa", "sam")]
        return [*asked, ("standup-digest", digest(context, standup))]

    return await runtime.read(shown)


def _posted(store: Store) -> Iterator[tuple[str, Card]]:
    """What was queued for places and people, each title once."""
    seen = set()
    for row, _, _ in store.outbox.front():
        card = Card.model_validate_json(row.card or "")
        if card.title not in seen:
            seen.add(card.title)
            yield f"posted-{row.place.replace(':', '-')}", card


def _with(context: Sending, store: Store) -> Card:
    context.store = store
    return morning_check(context)
