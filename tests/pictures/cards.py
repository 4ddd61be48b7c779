"""Cards: one of each kind that people see, made by the features themselves on a temporary database."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from pathlib import Path

from bot.assembly import build_runtime
from bot.inbound import Answered, Asking, Inbound, Pressed, Typed
from bot.runtime import Runtime
from handlers.checkin.cards import prompt_card
from handlers.checkin.digest import digest_card
from handlers.checklist.cards import owner_card
from handlers.checklist.month import month_card
from handlers.checklist.owed import Owed, of_month
from handlers.checklist.summary import summary_card
from handlers.checklist.week import week_card
from handlers.digest import digest_card as day_digest
from handlers.kit.context import Context, Sending
from handlers.kit.forms import FormPage
from handlers.kit.messages import Card
from handlers.standup.cards import own_card
from handlers.standup.digest import digest
from handlers.standup.record import ROUTINE
from scheduler.ledger import Ledger
from scheduler.morning_check import morning_check
from storage.database import Store
from tests.bot.cards import SHARED
from tests.bound import bound
from tests.chat.bot import MONDAY, settings_for
from tests.chat.clock import SetClock
from tests.pictures.actions import action_cards
from tests.pictures.crisis import crisis_cards
from tests.pictures.crisis_end import end_cards
from tests.pictures.crisis_reports import report_cards
from tests.pictures.feedback import feedback_cards
from tests.pictures.mailing import mail_cards
from tests.pictures.risks import risk_cards
from tests.pictures.rollcalls import rollcall_cards
from tests.storage.rows import front_of

WEEK_TWO = datetime(2026, 12, 9, 15, 0, tzinfo=UTC)  # 10:00 in Riverton, a Wednesday
NOTES = {
    "metrics-review": "Within plan: https://intranet.example.org/metrics/2026-12",
    "citizen-advisory-meeting": "Eleven members came, the bus stops were asked about",
}
LINES = (
    ("sam", "risk add Dam gate stuck; likelihood 4; impact 5; owner @olga; review friday"),
    ("sam", "risk add Bridge bearing worn; likelihood 2; impact 4; owner @olga; review today"),
    ("sam", "risk add Salt is running out; likelihood 3; impact 3; owner @olga; review today"),
    ("sam", "risk add Server room floods; likelihood 2; impact 5; owner @ines"),
    ("owen", "feedback add Deep pothole, two cars damaged; category streets; place 12 Elm Street; via phone"),
    ("olga", "crisis activate Water main burst; where Mill Road 4 to 20; level 2"),
    ("tom", "crisis log Pumps are running, two streets without water"),
    ("sam", "risk list"),
    ("olga", "risk show R-1"),
    ("sam", "risk close R-1; reason It is repaired"),
    ("olga", "feedback add Street light out for a week; category water; via counter"),
    ("hugo", "feedback close F-2; reason done; answer A new lamp was put in on Friday."),
    ("olga", "city today"),
    ("tom", "city today"),
    ("sam", "risk lits"),
    ("sam", "help"),
    ("ines", "help"),
    ("sam", "help risk"),
    ("sam", "crisis"),
    ("ines", "city late"),
    ("sam", "kill F-1"),
    ("ines", "city places"),
    ("sam", "risk add Bridge bearing cracked; likelihood 9"),
    ("owen", "feedback add"),
    ("sam", "standup"),
)

STANDUPS = (  # the answers of two stand-ups, a week apart
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


CHECKINS = (
    (
        ("olga", "health 4; open requests 38; overtime hours 120; potholes 41"),
        ("hugo", "health 3; open requests 12; overtime hours 64.5; main breaks 1; risk The pump may fail in a frost"),
        ("priya", "health 5; open requests 9; overtime hours 0; help Two rangers for the tree lighting"),
        ("dana", "health 3; open requests 7; overtime hours 310; response minutes 8.5"),
        ("lena", "health 4; open requests 1,204; overtime hours 22"),
        ("victor", "health 4; open requests 3; overtime hours 15"),
        ("ines", "health 2; open requests 88; overtime hours 71; help A second technician until the new year"),
        ("noah", "health 5; open requests 2; overtime hours 0"),
        ("amara", "health 3; open requests 17; overtime hours 90"),
    ),
    (
        ("olga", "health 4; open requests 35; overtime hours 160; potholes 52"),
        ("dana", "health 4; open requests 7; overtime hours 255; response minutes 8.1"),
        ("lena", "health 4; open requests 1,250; overtime hours 22"),
        ("victor", "health 4; open requests 5; overtime hours 12.5"),
        ("ines", "health 2; open requests 93; overtime hours 71; help A second technician until the new year"),
        ("noah", "health 5; open requests 2; overtime hours 0"),
        ("amara", "health 2; open requests 21; overtime hours 104; risk Two bus drivers leave in December"),
        ("grace", "health 3; open requests 4; overtime hours 6"),
        ("felix", "health 4; open requests 11; overtime hours 3"),
        ("hugo", "health 4; open requests 10; overtime hours 40; main breaks 2; risk The pump may fail in a frost; "
                 "help A spare pump from another city until ours is mended"),
    ),
)  # fmt: skip


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
    told = partial(Sending, city=runtime.city(), now=MONDAY, platforms=("desk",), day=MONDAY.date())
    found.append(("morning-check", await runtime.write(lambda store: _morning(told, store))))
    found.append(("digest-olga", await runtime.write(lambda store: _digest(told, store, "olga"))))
    olga = Pressed("digest.snooze", f"{MONDAY.date()} R-2")
    outcome = await runtime.handle(Inbound("say", "olga", olga))
    assert isinstance(outcome, Answered)
    assert outcome.card is not None
    found.append(("digest-olga-put-off", outcome.card))
    found += await _standup(runtime, clock)
    found += await _checkins(runtime, clock)
    checklists = Context(store=None, city=runtime.city(), now=WEEK_TWO, platforms=("desk",))  # type: ignore[arg-type]
    found += await runtime.write(lambda store: list(_checklists(checklists, store)))
    runtime.database.close()
    registers = [*await feedback_cards(folder / "feedback"), *await risk_cards(folder / "risks")]
    registers += [*await action_cards(folder / "actions"), *await mail_cards(folder / "mail")]
    crisis = [*await crisis_cards(folder / "crisis"), *await report_cards(folder / "crisis-reports")]
    later = [*await rollcall_cards(folder / "rollcalls"), *await end_cards(folder / "crisis-end")]
    words = [(f"word-{name.replace('_', '-')}", card) for name, card in SHARED.items()]
    return [*found, *registers, *crisis, *later, *words]


async def _standup(runtime: Runtime, clock: SetClock) -> list[tuple[str, Card]]:
    """Two stand-ups a week apart: the question and the answer of the second, and its digest."""
    ledger, routine = Ledger(runtime.catalogue, ("desk",)), runtime.catalogue.routines[ROUTINE]
    for lines in STANDUPS:
        day, now, city = runtime.city().calendar.today(clock.now()), clock.now(), runtime.city()
        await runtime.write(
            bound(lambda store, d, n, c: ledger.fire_by_hand(routine, d, "ines", store, c, n), day, now, city)
        )
        for person, line in lines:
            await runtime.handle(Inbound("say", person, Typed(line)))
        clock.advance(days=7)
    clock.advance(days=-7, hours=2.5)

    def shown(store: Store) -> list[tuple[str, Card]]:
        context = runtime.context(store)
        standup = store.standup.records.last_opened("streets")
        assert standup is not None
        asked = [(f"standup-{person}", own_card(context, standup, person)) for person in ("rosa", "sam")]
        return [*asked, ("standup-digest", digest(context, standup))]

    return await runtime.read(shown)


def _to_maria(runtime: Runtime, now: datetime, store: Store) -> Sending:
    return Sending(
        store=store,
        city=runtime.city(),
        now=now,
        platforms=("desk",),
        routine="morning-check",
        day=now.date(),
        seat="city_manager",
        person="maria",
    )


async def _checkins(runtime: Runtime, clock: SetClock) -> list[tuple[str, Card | FormPage]]:
    """Two weeks of check-ins: what is asked, the form, an answer, and the digest."""
    ledger, asks = Ledger(runtime.catalogue, ("desk",)), runtime.catalogue.routines["checkin"]
    for week, lines in enumerate(CHECKINS):
        clock.set(MONDAY + timedelta(days=2 + 8 * week))
        day, now = clock.now().date(), clock.now()
        await runtime.write(
            bound(lambda store, day, now: ledger.fire_by_hand(asks, day, "ines", store, runtime.city(), now), day, now)
        )
        for person, line in lines:
            outcome = await runtime.handle(Inbound("say", person, Typed(f"checkin {line}")))
            assert isinstance(outcome, Answered), line
    asking = await runtime.handle(Inbound("say", "priya", Typed("checkin"), opens_forms=True))
    assert isinstance(asking, Asking)
    assert isinstance(outcome, Answered)
    page, answer = asking.page, outcome.card
    assert isinstance(answer, Card)

    def shown(store: Store) -> list[tuple[str, Card | FormPage]]:
        context = _to_maria(runtime, now, store)
        asked = store.checkin.records.find("parks", day)
        assert asked
        return [
            ("checkin-prompt", prompt_card(context, asked)),
            ("checkin-form", page),
            ("checkin-answered", answer),
            ("checkin-digest", digest_card(context, day)),
            ("checkin-morning", _written(context)),
        ]

    return await runtime.write(shown)


def _posted(store: Store) -> Iterator[tuple[str, Card]]:
    """What was queued for places and people, each title once."""
    seen = set()
    for row in front_of(store, MONDAY):
        if row.card is None:  # an act without a card, such as making a channel
            continue
        card = Card.model_validate_json(row.card)
        if card.title not in seen:
            seen.add(card.title)
            yield f"posted-{row.place.replace(':', '-')}", card


def _checklists(context: Context, store: Store) -> Iterator[tuple[str, Card]]:
    """Checklists of a Wednesday in week 2: most of it done, something late, notes at two ticks."""
    context.store = store
    first = date(2026, 11, 2)
    store.time.occurrences.plan("checklist", first, "city_manager", WEEK_TWO, None)
    for number, owed in enumerate(_until_now(context)):
        note = NOTES.get(owed.item.id) if owed.period.month.month == 12 else None
        at = context.calendar.instant(max(owed.period.first, first), time(9, number % 60))
        if number % 7 != 3:
            store.checklist.ticks.tick(owed.item.id, owed.period.key, person="victor", at=at, note=note)
    yield "checklist-mine", owner_card(context, ["city_manager"])
    yield "checklist-finance", owner_card(context, ["department:finance"], told="Checked off: Metrics review")
    yield "checklist-week", week_card(context, date(2026, 12, 7))
    yield "checklist-month", month_card(context, date(2026, 12, 1))
    summary = summary_card(context, date(2026, 11, 1))
    assert summary is not None
    yield "checklist-summary", summary


def _until_now(context: Context) -> list[Owed]:
    """What was owed in both months, as far as it has begun."""
    months = (date(2026, 11, 1), date(2026, 12, 1))
    owed = [entry for month in months for entry in of_month(context, month)]
    return [entry for entry in owed if entry.period.first < context.today]


def _morning(told: Callable[..., Sending], store: Store) -> Card:
    return _written(told(store=store, routine="morning-check", seat="city_manager", person="maria"))


def _written(sending: Sending) -> Card:
    """The card of a morning check that is prepared and written at once."""
    [piece] = morning_check(sending)
    assert callable(piece.write)
    card = piece.write(sending)
    assert card
    return card


def _digest(told: Callable[..., Sending], store: Store, person: str) -> Card:
    context = told(store=store, routine="digest", seat="everybody", person="cityops")
    store.chat.notes.tell(store.chat.notes.waiting([person], context.day).get(person, []), context.day)
    card = day_digest(context, context.person_named(person), context.day)
    assert card is not None
    return card
