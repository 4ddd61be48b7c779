"""Feedback: the register's cards, from the counter to the weekly summary, made by the features themselves."""

from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import select

from bot.assembly import build_runtime
from bot.inbound import Pressed, Submitted
from bot.runtime import Runtime
from handlers.digest import digest_card
from handlers.kit.messages import Buttons, Card
from scheduler.ledger import Ledger
from storage.chat.outbox import outbox
from storage.database import Store
from tests.bound import bound
from tests.chat.bot import MONDAY, settings_for
from tests.chat.clock import SetClock
from tests.pictures.typed import Shown, shown

KEY = SecretStr("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=")
NEW = {
    "what": "The street light in front of the school has been out for a week; my children walk there in the dark.",
    "kind": "complaint",
    "category": "lights",
    "place": "Mill Road 14",
    "via": "counter",
    "contact": "Ann Lee, 212-555-0147, mornings",
}
LINES: tuple[tuple[str, str, str | Pressed | Submitted], ...] = (
    ("add-form", "owen", "feedback add"),
    ("logged", "owen", Submitted("feedback add", "n1", NEW)),
    ("add-hint", "owen", "feedback add Call me back at 212-555-0199; category water; via phone"),
    ("taken", "sam", "feedback take F-1"),
    ("wait-form", "sam", "feedback wait F-1"),
    (
        "waits",
        "sam",
        "feedback wait F-1; whom third-party; reason The power company comes first; until 2026-12-02",
    ),
    ("resumed", "sam", "feedback resume F-1"),
    ("route-form", "sam", "feedback route F-1"),
    ("routed", "sam", "feedback route F-1; department parks; reason The lamp stands in the park"),
    ("routed-back", "ben", "feedback route F-1; department public-works; reason It stands on the road"),
    ("contact", "owen", Pressed("feedback.contact", "F-1")),
    ("contact-refused", "rosa", "feedback contact F-1"),
    ("shown", "ben", "feedback show F-1"),
    ("close-form", "ben", "feedback close F-1"),
    ("close-not-ours", "ben", "feedback close F-1; reason not-ours; answer The county lights the park road"),
    ("closed", "ben", "feedback close F-1; reason done; answer A new lamp was put in on Friday."),
    ("closed-again", "ben", "feedback close F-1; reason done; answer Once more."),
    ("reopened", "owen", "feedback reopen F-1; why She says it is dark again"),
    ("same", "leila", "feedback add Dark path; category lights; place 20 Mill Road; via phone"),
    ("second", "leila", "feedback add Dark path; category lights; place 2 Quay Street; via phone"),
    ("duplicate", "sam", "feedback duplicate F-2; of F-1"),
)


async def feedback_cards(folder: Path) -> list[tuple[str, Shown]]:
    """Names and cards or forms: one item from first to last, then what is late, proposed and summed up."""
    clock = SetClock(MONDAY)
    runtime = build_runtime(settings_for(folder, desk="on", contact_key=KEY), clock)
    found = [(f"feedback-{name}", await shown(runtime, person, what)) for name, person, what in LINES]
    for number in range(3, 8):
        line = f"feedback add Pothole {number}; category streets; place {number} Elm Street; via phone"
        asked = await shown(runtime, "leila", line)
        assert isinstance(asked, Card)
        buttons = [button for word in asked.body if isinstance(word, Buttons) for button in word.buttons]
        for button in (button for button in buttons if button.action == "feedback.add-anyway"):
            await shown(runtime, "leila", Pressed(button.action, button.value))
    found += await _posted(runtime, "feedback-proposal", "risk behind")
    found.append(("feedback-accepted", await shown(runtime, "olga", Pressed("feedback.accept", "1"))))
    found += await _posted(runtime, "feedback-place", "F-3 ")
    found += await _late(runtime, clock)
    for name, line in (("list", "list"), ("list-late", "list late"), ("list-none", "list mine nothing")):
        found.append((f"feedback-{name}", await shown(runtime, "olga", f"feedback {line}")))
    found.append(("feedback-export", await shown(runtime, "olga", "feedback export")))
    runtime.database.close()
    return found


async def _late(runtime: Runtime, clock: SetClock) -> list[tuple[str, Shown]]:
    """A week later: the marks that were announced, a digest, and the summary of the week."""
    ledger, city = Ledger(runtime.catalogue, ("desk",)), runtime.city()
    for _ in range(16):
        clock.advance(hours=12)
        now = clock.now()
        for timer in await runtime.read(bound(lambda store, n: store.time.timers.due(n, 50), now)):
            await runtime.write(bound(lambda store, t, n: ledger.fire_timer(t, store, city, n), timer, now))
    found = await _posted(runtime, "feedback-80", "80 percent")
    found += await _posted(runtime, "feedback-late-head", "is late")
    routine, now = runtime.catalogue.routines["feedback-week"], clock.now()
    day = city.calendar.today(now)
    await runtime.write(lambda store: ledger.fire_by_hand(routine, day, "ines", store, city, now))
    found += await _posted(runtime, "feedback-week", "Public Works: last week")

    def digest(store: Store) -> Card:
        context = runtime.context(store)
        card = digest_card(context, context.person_named("olga"), day)
        assert card is not None
        return card

    return [*found, ("feedback-digest", await runtime.read(digest))]


async def _posted(runtime: Runtime, name: str, title: str) -> list[tuple[str, Shown]]:
    """The first card in the outbox with these words in its title."""

    def first(store: Store) -> Card:
        rows = store.connection.execute(select(outbox.c.card).where(outbox.c.card.is_not(None)).order_by(outbox.c.id))
        cards = [Card.model_validate_json(row.card) for row in rows]
        return next(card for card in cards if title in card.title)

    return [(name, await runtime.read(first))]
