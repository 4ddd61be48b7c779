"""Roll call cards: departments in a crisis, whom to call, and the page to print, on a temporary database."""

from pathlib import Path

from sqlalchemy import select

from bot.assembly import build_runtime
from bot.inbound import Answered, Asking, Gesture, Inbound, Pressed, Submitted, Typed
from handlers.crisis.command.rollcall import question
from handlers.kit.forms import FormPage
from handlers.kit.messages import Card
from scheduler.ledger import Ledger
from storage.chat.outbox import outbox
from storage.database import Store
from tests.chat.bot import MONDAY, settings_for
from tests.chat.clock import SetClock

REF = "CR-2026-01"
OK = {"finance": "victor", "fire": "marcus", "people": "grace", "it": "ines", "police": "dana", "transit": "amara"}
SEEN: tuple[tuple[str, Gesture], ...] = (
    ("tom", Typed("crisis rollcall")),
    ("priya", Pressed("crisis.department-help", f"{REF} parks")),
    ("sam", Typed("city contacts")),
    ("ines", Typed("city contacts")),
    ("ines", Pressed("contacts.right", "technical-support")),
    ("tom", Typed("crisis card")),
)


async def rollcall_cards(folder: Path) -> list[tuple[str, Card | FormPage]]:
    """Names and cards or forms of the roll call, of contacts and of the crisis card."""
    clock = SetClock(MONDAY)
    runtime = build_runtime(settings_for(folder, desk="on"), clock)
    city, ledger = runtime.city(), Ledger(runtime.catalogue, runtime.platforms)

    def fire(store: Store) -> None:
        for timer in ledger.due_timers(store, clock.now(), 50):
            ledger.fire_timer(timer, store, city, clock.now())

    def questions(store: Store) -> list[tuple[str, Card]]:
        context = runtime.context(store)
        crisis = store.crisis.records.find(REF)
        assert crisis
        found = {rollcall.department: rollcall for rollcall in store.crisis.rollcalls.of(REF)}
        silent = select(outbox.c.card).where(outbox.c.about == f"{REF} silent").order_by(outbox.c.id.desc())
        told = Card.model_validate_json(str(store.connection.execute(silent).scalar()))
        asked = [(f"rollcall-{name}", question(context, crisis, found[name])) for name in ("library", "fire")]
        return [*asked, ("rollcall-silent", told)]

    begins: tuple[tuple[str, Gesture], ...] = (
        ("olga", Typed("crisis activate Water main burst; where Mill Road; level 2")),
        ("maria", Pressed("crisis.confirm", REF)),
        *((head, Pressed("crisis.department-ok", f"{REF} {department}")) for department, head in OK.items()),
    )
    for person, gesture in begins:
        await runtime.handle(Inbound("say", person, gesture))
    for department, answer, head, line in (
        ("parks", "help", "priya", "Two rangers for the river path, which is flooded"),
        ("water", "affected", "hugo", "Plant 2 has no power; the spare generator runs until about six"),
        ("planning", "affected", "lena", "The counter is closed"),
    ):
        pressed = await runtime.handle(
            Inbound("say", head, Pressed(f"crisis.department-{answer}", f"{REF} {department}"))
        )
        assert isinstance(pressed, Asking)
        filled = Submitted(pressed.page.target, pressed.page.nonce, {"line": line})
        await runtime.handle(Inbound("say", head, filled))
    clock.advance(minutes=21)
    await runtime.write(fire)
    found: list[tuple[str, Card | FormPage]] = [*await runtime.read(questions)]
    for number, (person, shown) in enumerate(SEEN):
        outcome = await runtime.handle(Inbound("say", person, shown))
        assert isinstance(outcome, Answered | Asking)
        card = outcome.page if isinstance(outcome, Asking) else outcome.card
        assert card is not None
        found.append((f"rollcall-{number}-{person}", card))
    runtime.database.close()
    return found
