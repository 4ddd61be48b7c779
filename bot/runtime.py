"""Runtime: one request is one hop to the database, one transaction, one answer.

Who is it, which command, may they, call, answer. An error becomes a card that says what to do next and hands back
what was typed; nobody reads "logged" before the commit.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from concurrent.futures import Future
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot import replies
from bot.calling import AskAgain
from bot.clock import MachineClock
from bot.execution import Execution
from bot.inbound import Answered, Asking, Inbound, Outcome, Profile, in_storable_words
from bot.joining import meet
from bot.last_heard import Heard
from bot.limits import NO_PACE, Limits, Pace
from bot.links import LINKED, keep_files
from bot.log_context import on_thread, under_way
from bot.queued import keep_refusal, queue_answer
from bot.refusals import refusal
from bot.shown import shown
from bot.speaker import HeardElsewhere
from bot.taking_out import leave_row, only_shows, take_out, takes_out
from bot.tasks import Tasks
from bot.tickets import Late, Patience, Ticket, Withdrawn, wait_for
from bot.trusted_clock import TrustedClock
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.context import Context
from handlers.kit.errors import EnterFirst, Entrance, ReaderFirst, Refused, UnknownAccount, UserError
from handlers.kit.vault import NO_VAULT, Vault
from storage.database import Database, DatabaseUnavailable, Store

log = logging.getLogger("cityops.runtime")
T = TypeVar("T")
MOST_UNKNOWN = 10  # accounts introduced for one request: the speaker, and who is named in it
MENTION_UNKNOWN = "I do not know the person you mention there. Write their name or e-mail address instead."
MENTION_FAILED = (
    "I could not find out just now who the person is that you mention there. Please try again in a minute, or write "
    "their name or e-mail address."
)
Introduce = Callable[[str], Awaitable[Profile]]
Enter = Callable[[str], Awaitable[Entrance]]
NOBODY: Mapping[str, bool] = {}
NOWHERE: Mapping[str, Entrance] = {}


@dataclass(frozen=True)
class Ways:
    """What the door of a request can be asked: who an account is (``introduce``), and to enter a channel."""

    introduce: Introduce | None = None
    enter: Enter | None = None


class Runtime:
    """The middle of the house; every door hands it what it heard and gives back what it says."""

    def __init__(
        self,
        database: Database,
        city: Callable[[], City],
        catalogue: Catalogue,
        clock: MachineClock,
        platforms: tuple[str, ...],
        patience: Patience = Patience(),
        vault: Vault = NO_VAULT,
        gateways: tuple[str, ...] = (),
    ) -> None:
        self.database, self.city, self.catalogue = database, city, catalogue
        self.clock = TrustedClock(clock)
        self.platforms, self.patience, self.vault, self.gateways = platforms, patience, vault, gateways
        self.wake = asyncio.Event()  # set after a commit that queued something; delivery waits for it
        self.due = asyncio.Event()  # set every 2 seconds; the ledger waits for it, and delivery too
        self.counted: dict[tuple[str, str], int] = {}
        self.limits, self.heard = Limits(), Heard(self.clock)
        self._late = Tasks()

    async def handle(self, inbound: Inbound, introduce: Introduce | None = None, enter: Enter | None = None) -> Outcome:
        """Do what somebody asks and give the answer, never an exception.

        ``introduce`` asks the platform who an account is; it is called once for everybody. ``enter`` has the bot enter
        a channel that is to become a place.
        """
        what, ways = in_storable_words(inbound.what), Ways(introduce, enter)
        inbound = inbound if what == inbound.what else replace(inbound, what=what)
        with under_way(request=inbound.key, person=None, about=inbound.about):
            outcome = await self._handled(inbound, ways)
        ending = "ok" if not isinstance(outcome, Answered) or outcome.ok else "refused"
        self.counted[inbound.platform, ending] = self.counted.get((inbound.platform, ending), 0) + 1
        return outcome

    async def _handled(self, inbound: Inbound, ways: Ways) -> Outcome:
        try:
            return await self._turn(inbound, ways)
        except Withdrawn:
            return Answered(replies.withdrawn(shown(self._new_execution(inbound))), ok=False)
        except Late as late:
            self._late.begin(self._tell_late(inbound, ways, late))
            return Answered(replies.still_working() if inbound.inline else None)
        except DatabaseUnavailable as problem:
            return self._sorry(inbound, problem)
        except Exception as problem:
            return await self._refused(inbound, await self._gone_wrong(inbound, problem))

    async def _tell_late(self, inbound: Inbound, ways: Ways, late: Late) -> None:
        """When its door has left, the outbox brings what was only read, or went wrong; the rest has queued itself."""
        try:
            outcome = await late.waiting
        except (
            EnterFirst,
            HeardElsewhere,
            UnknownAccount,
        ):  # nothing was done: who speaks, or is meant, is to be found out first
            outcome = await self._handled(replace(inbound, inline=False, opens_forms=False), ways)
        except Exception as problem:
            outcome = await self._gone_wrong(inbound, problem)
        if isinstance(outcome, Answered) and not outcome.queued:
            await self._refused(replace(inbound, inline=False), outcome)

    async def _turn(self, inbound: Inbound, ways: Ways) -> Outcome:
        """Run the request, once more after each account that had to be introduced (the speaker, people in a form), and
        when its channel had to be entered."""
        asked: dict[str, bool] = {}  # the accounts that were looked up, and whether each is somebody's
        entered: dict[str, Entrance] = {}
        pace = self.limits.pace(inbound, self.clock.monotonic(), self.city().facts.limits)
        for _ in range(MOST_UNKNOWN):
            try:
                return await self._hop(inbound, asked, pace, entered)
            except HeardElsewhere:
                await self.write(partial(_heard, inbound, self.clock.now()))
            except EnterFirst as first:
                entered[first.channel] = await ways.enter(first.channel) if ways.enter else Entrance()
            except UnknownAccount as unknown:
                asked[unknown.account] = await self._introduced(inbound, unknown, ways.introduce)
        raise UserError("I could not find out who is meant. Please write their e-mail address.")

    async def _introduced(self, inbound: Inbound, unknown: UnknownAccount, introduce: Introduce | None) -> bool:
        """Ask the door who an account is, and keep what it says; whether it is somebody whom the bot is for.

        Raises UserError when nobody can say, unless they are known already: then what is known serves.
        """
        try:
            if introduce is None:
                raise UserError("Nothing here can say who you are. Please tell IT.")
            profile = await introduce(unknown.account)
        except UserError:
            if unknown.known:
                return True
            if unknown.account != inbound.account:
                raise UserError(MENTION_FAILED if introduce else MENTION_UNKNOWN) from None
            raise
        await self.meet(inbound.platform, profile)
        if profile.refused and unknown.account == inbound.account and not unknown.known:
            raise UserError(profile.refused)
        return profile.refused is None

    async def _hop(
        self, inbound: Inbound, asked: Mapping[str, bool], pace: Pace, entered: Mapping[str, Entrance]
    ) -> Outcome:
        execution = self._new_execution(inbound, asked, pace, entered)
        ticket = Ticket()
        if execution.only_reads():
            return await self._read_only(execution, ticket)
        try:
            return await self._written(execution, execution.run, ticket)
        except AskAgain as again:
            return await self._written(execution, partial(execution.ask_again, again.page, hint=again.hint), ticket)

    async def _written(self, execution: Execution, work: Callable[[Store], Outcome], ticket: Ticket) -> Outcome:
        """One request in a transaction; on SQLite it may share its commit with others (docs/decisions/0023)."""
        kept = partial(_kept, execution, work, ticket)
        kind = f"request {execution.named}"
        return await self._patiently(self.database.submit_write(on_thread(kept), kind), ticket, execution)

    def _new_execution(
        self,
        inbound: Inbound,
        asked: Mapping[str, bool] = NOBODY,
        pace: Pace = NO_PACE,
        entered: Mapping[str, Entrance] = NOWHERE,
    ) -> Execution:
        strangers = frozenset(account for account, is_somebody in asked.items() if not is_somebody)
        return Execution(
            inbound, self.city(), self.catalogue, self.platforms, self.clock.now(), strangers, self.vault,
            self.gateways, pace, frozenset(asked), entered,
        )  # fmt: skip

    async def _gone_wrong(self, inbound: Inbound, problem: Exception) -> Answered:
        """What to say when nothing was kept; what somebody tried without the right to it gets a row in the audit."""
        if isinstance(problem, Refused):
            try:
                await self.write(partial(_trace, self._new_execution(inbound), problem))
            except DatabaseUnavailable as away:
                return self._sorry(inbound, away)
        return self._sorry(inbound, problem)

    def _sorry(self, inbound: Inbound, problem: Exception) -> Answered:
        return refusal(shown(self._new_execution(inbound)), problem)

    async def _read_only(self, execution: Execution, ticket: Ticket) -> Outcome:
        """An answer beside the writer, which has something to do only when the answer brings files."""
        outcome = await self._patiently(self.database.submit_read(on_thread(execution.run)), ticket, execution)
        if not takes_out(execution):
            await self._keep_files(execution, outcome)
        return outcome

    async def _patiently(self, future: "Future[Outcome]", ticket: Ticket, execution: Execution) -> Outcome:
        waiting = asyncio.wrap_future(future)
        if takes_out(execution) or only_shows(execution):
            waiting = asyncio.ensure_future(self._taken_out(execution, waiting))
        return await (waiting if execution.inbound.reply is None else wait_for(future, waiting, ticket, self.patience))

    async def _taken_out(self, execution: Execution, asked: "asyncio.Future[Outcome]") -> Outcome:
        """What leaves the bot or takes long: the row about it first, committed; then the file, on a reader; then what
        brings it."""
        try:
            return await asked
        except ReaderFirst as first:
            await self.write(partial(leave_row, execution, first))
        outcome = await self.read(partial(take_out, execution))
        if not isinstance(outcome, Answered):
            return outcome
        await self._keep_files(execution, outcome)
        return await self._refused(execution.inbound, outcome)

    async def _keep_files(self, execution: Execution, outcome: Outcome) -> None:
        card = outcome.card if isinstance(outcome, Answered) else None
        if card and card.files and execution.inbound.platform in LINKED:
            await self.write(partial(keep_files, platform=execution.inbound.platform, card=card, at=execution.now))

    async def _refused(self, inbound: Inbound, answered: Answered) -> Answered:
        """An answer to a request that changed nothing; where only the outbox can bring it, it is queued."""
        if inbound.inline or inbound.reply is None:
            return answered
        try:
            await self.write(partial(keep_refusal, inbound, answered, self.clock.now()))
        except DatabaseUnavailable:
            return answered
        return replace(answered, queued=True)

    async def meet(self, platform: str, *profiles: Profile) -> None:
        """Keep what a platform says of accounts, and whose they are (see bot/joining.py)."""
        if profiles:
            await self.write(lambda store: meet(self.context(store), platform, profiles))

    def context(self, store: Store) -> Context:
        """What a feature is given when nobody asked for anything."""
        return Context(
            store=store, city=self.city(), now=self.clock.now(), platforms=self.platforms, gateways=self.gateways
        )

    async def finish(self) -> None:
        """Wait for the requests whose doors have left."""
        await self._late.finish()

    async def write(self, work: Callable[[Store], T], kind: str | None = None) -> T:
        """One writing transaction, in one hop; works of a ``kind`` may share a commit (see Database.submit_write)."""
        return await asyncio.wrap_future(self.database.submit_write(on_thread(work), kind))

    async def read(self, work: Callable[[Store], T]) -> T:
        """One reading transaction, in one hop."""
        return await asyncio.wrap_future(self.database.submit_read(on_thread(work)))


def _heard(inbound: Inbound, now: datetime, store: Store) -> None:
    """Let somebody be written to at the account that they speak from."""
    store.chat.accounts.heard(inbound.platform, inbound.account, now)


def _kept(execution: Execution, work: Callable[[Store], Outcome], ticket: Ticket, store: Store) -> Outcome:
    """The execution, and its answer in the outbox when the gesture cannot carry it or nobody waits any more."""
    outcome = work(store)
    late = ticket.seal()
    if late and isinstance(outcome, Asking):  # no form can open any more: a button that opens it
        outcome = replace(execution, inbound=replace(execution.inbound, opens_forms=False)).ask_again(
            outcome.page, store
        )
    if isinstance(outcome, Answered) and outcome.card and (late or not execution.inbound.inline):
        queue_answer(execution.inbound, outcome, execution.now, store)
        return replace(outcome, queued=True)
    if isinstance(outcome, Answered):
        keep_files(store, execution.inbound.platform, outcome.card, execution.now)
    return outcome


def _trace(execution: Execution, refused: Refused, store: Store) -> None:
    """What somebody tried stays in the audit, although all else of it was taken back."""
    store.audit.add(execution.now, refused.person, execution.named, refused.subject, refused.facts)
