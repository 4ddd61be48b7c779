"""Stage: plays the script through the bot as people at the desk do, with all that the bot does by itself in between."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import NAMESPACE_OID, uuid5

from bot.clock_guard import ClockGuard
from bot.delivery import Delivery
from bot.demo.clock import PlayClock
from bot.demo.script import Line
from bot.desk.channels import own_channel
from bot.desk.gestures import Gesture, is_kept, keep
from bot.desk.hub import Hub
from bot.desk.messenger import DeskMessenger
from bot.inbound import Answered, Asking, Pressed, Submitted, Typed
from bot.looking import Looking
from bot.piecework import work_off
from bot.runtime import Runtime
from bot.timing import Timing
from handlers.kit.messages import Button, Buttons, Card, Checks, Row, flat
from handlers.kit.pieces import REF
from handlers.kit.plain import plain
from handlers.kit.speaking import DESK
from scheduler.ledger import Due, Ledger
from scheduler.piecework import Piecework
from storage.database import Store
from storage.time.timers import DueTimer

T = TypeVar("T")
TIMING = Timing(turn=60)
PLANS = timedelta(hours=24)  # planning looks 48 hours ahead
PRESSES = (NEWEST, WHEREVER) = (">", "!")
MOST = 500  # that are due at one moment
BACK = 60  # of the newest messages of a conversation, in which somebody looks for a button


class Player(Runtime):
    """The bot of a play, whose database does at once what it is asked."""

    async def write(self, work: Callable[[Store], T], kind: str | None = None) -> T:
        return self.database.write(work)

    async def read(self, work: Callable[[Store], T]) -> T:
        return self.database.read(work)


class OffScript(Exception):
    """Somebody in the play was answered otherwise than the script expects."""


class Stage:
    """A bot that nobody else speaks to. ``refs`` are the references of the stories that have begun."""

    def __init__(self, runtime: Runtime, clock: PlayClock) -> None:
        self.runtime, self.clock = runtime, clock
        self.ledger = Ledger(runtime.catalogue, runtime.platforms)
        self.looking = Looking(runtime, self.ledger, ClockGuard(runtime, TIMING, []))
        self.delivery = Delivery(runtime, {DESK: DeskMessenger(runtime, Hub())}, TIMING)
        self.refs: dict[str, str] = {}
        self._plans_at = clock.now()
        self._queued, self._number = False, 0
        self.runtime.database.on_queued = self._is_queued

    def _is_queued(self) -> None:
        self._queued = True

    async def play(self, lines: Sequence[Line], until: datetime) -> None:
        """Play the lines in the order of their moments, and go on until a moment. Raises OffScript."""
        for line in sorted(lines, key=lambda line: line.moment):
            if line.moment > until:
                break
            await self._pass_time(line.moment)
            await self._speak(line)
        await self._pass_time(until)
        await self.looking.tidy()

    async def _pass_time(self, until: datetime) -> None:
        """Stop at each moment at which something is due, and do it."""
        while (moment := await self._next_moment()) <= until:
            self.clock.set(moment)
            if moment >= self._plans_at:
                await self.looking.plan()
                self._plans_at = moment + PLANS
            for due in await self.runtime.read(self._due):
                await self._fire(due)
            await self._deliver()
        self.clock.set(until)

    def _due(self, store: Store) -> list[Due]:
        """What is due now: timers first, and what is made in pieces last."""
        now = self.clock.now()
        asks = (self.ledger.due_timers, self.ledger.due_occurrences, self.ledger.due_in_pieces)
        return [due for ask in asks for due in ask(store, now, MOST)]

    async def _fire(self, due: Due) -> None:
        """Do what is due; what breaks in it breaks the play."""
        city, now = self.runtime.city(), self.clock.now()
        if isinstance(due, DueTimer):
            prepared = await self.runtime.read(lambda store: self.ledger.prepare_timer(due, store, city, now))
            await self.runtime.write(lambda store: self.ledger.fire_timer(due, store, city, now, prepared))
        elif self.ledger.catalogue.routines[due.routine].in_pieces:
            await work_off(self.runtime, Piecework(self.ledger, due))
        else:
            await self.runtime.write(lambda store: self.ledger.fire(due, store, city, now))

    async def _next_moment(self) -> datetime:
        due = await self.runtime.read(lambda store: store.time.next_due())
        return self._plans_at if due is None else min(due, self._plans_at)

    async def _deliver(self) -> None:
        delivery = self.delivery
        while self._queued:
            self._queued = False
            while await delivery.round():
                await delivery.finish()

    async def _speak(self, line: Line) -> None:
        if "{}" in line.says and line.story not in self.refs:
            raise OffScript(f"{line.who}: {line.says}: nothing was logged at the beginning of this story")
        says = line.says.format(self.refs.get(line.story), **self.refs)
        sign, _, rest = says.partition(" ")
        card = await (self._press(line.who, sign, rest) if sign in PRESSES else self._do(line.who, Typed(says)))
        self._remember(line, card)
        await self._deliver()

    def _remember(self, line: Line, card: Card | None) -> None:
        """Remember the reference of what a line has made."""
        made = next((ref for ref in REF.findall(plain(card)) if ref not in self.refs.values()), None) if card else None
        if made and line.name:
            self.refs[line.name] = made
        if made and line.story:
            self.refs.setdefault(line.story, made)

    async def _press(self, who: str, sign: str, says: str) -> Card | None:
        """Press a button, and fill in the form that it opens."""
        named, _, filled = says.partition(" | ")
        if sign == WHEREVER:
            message, pressed = None, Pressed(*named.split(" ", 1))
        else:
            message, pressed = await self.runtime.read(lambda store: _button(store, who, named))
        return await self._do(who, pressed, message, dict(_fields(filled)))

    async def _do(
        self, who: str, what: Typed | Pressed, message: int | None = None, values: Mapping[str, str] | None = None
    ) -> Card | None:
        outcome = await self._answered(who, what, message)
        if isinstance(outcome, Asking) and values is not None:
            page = outcome.page
            outcome = await self._answered(who, Submitted(page.target, page.nonce, {**page.values, **values}), message)
        if isinstance(outcome, Asking):
            raise OffScript(f"{who}: {what}: {outcome.page.title}: {dict(outcome.page.errors)}")
        return outcome.card

    async def _answered(self, who: str, what: Typed | Pressed | Submitted, message: int | None) -> Answered | Asking:
        self._number += 1
        person, key = self.runtime.city().people[who], str(uuid5(NAMESPACE_OID, str(self._number)))
        gesture = Gesture(person, own_channel(who), key, what, message)
        outcome = await self.runtime.handle(gesture.inbound)
        if isinstance(outcome, Answered):
            if not outcome.ok:
                raise OffScript(f"{who}: {what}: {plain(outcome.card) if outcome.card else ''}")
            if is_kept(gesture, outcome):
                now = self.clock.now()
                await self.runtime.write(lambda store: keep(gesture, outcome, now, store))
        return outcome


def _fields(filled: str) -> Iterator[tuple[str, str]]:
    for part in filter(None, map(str.strip, filled.split(";"))):
        name, _, value = part.partition(" ")
        yield name, value


def _button(store: Store, who: str, named: str) -> tuple[int, Pressed]:
    """The newest button of this label in somebody's own conversation, with its message. Raises OffScript."""
    label, _, words = named.partition(" @ ")
    for message in reversed(store.chat.desk.latest(own_channel(who), BACK)):
        card = Card.model_validate_json(message.card)
        if words in card.title:
            for button in _buttons(card):
                if button.label == label:
                    return message.id, Pressed(button.action, button.value)
    raise OffScript(f"{who} has no button {label} {words}")


def _buttons(card: Card) -> Iterator[Button]:
    for word in flat(card.body):
        match word:
            case Buttons(buttons=buttons):
                yield from buttons
            case Row(button=Button() as button):
                yield button
            case Checks(checks=checks):
                yield from (check.button for check in checks if check.button)
            case _:
                pass
