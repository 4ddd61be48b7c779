"""People lives: people join, leave, are switched off, refused and away, while they hold something in every feature."""

from collections import defaultdict
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from bot.inbound import Pressed, Profile
from bot.joining import meet
from handlers.crisis.leading import on_duty
from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from handlers.kit.duty import AWAY, Duties
from handlers.kit.messages import Button
from handlers.kit.moved import fallen
from handlers.kit.waiting import waiting_for
from storage.chat.people import State
from tests.duties.town import MONDAY, PLATFORM, Town

LEAVING = ("sam", "tom", "owen")  # nothing in the city's files refers to them but their own entries
STAYING = ("olga", "marcus", "felix", "maria")
ANYBODY = st.sampled_from((*LEAVING, *STAYING))
ROLES = ("commander", "communications", "technical")
CHANGES = (
    "leaves", "joins", "has_another_address", "has_another_role", "is_switched_off", "is_active_again",
    "has_another_account", "is_refused", "is_reached", "goes_away", "comes_back",
)  # fmt: skip
ACTS = (
    "gives_a_risk", "asks_to_accept", "decides", "reports_a_week", "calls_the_roll", "raises_an_alarm",
    "takes_a_role", "answers_a_page", "logs", "asks_for_a_follow_up", "hands_over",
)  # fmt: skip
CRISIS = "CR-2026-01"
SPANS = st.sampled_from([timedelta(minutes=1), timedelta(minutes=20), timedelta(hours=3), timedelta(days=1)])
LISTED = ("risks", "actions", "blockers", "check-ins", "steps in crises")


class PeopleLives(RuleBasedStateMachine):
    """One life of a town: each duty is asked of one person who can be asked, and nothing goes to people who left."""

    def __init__(self, town: Town) -> None:
        super().__init__()
        self.town = town
        town.begin()
        self.left: set[str] = set()
        self.changed: dict[str, dict[str, str]] = defaultdict(dict)
        self.accounts = {person: f"U{person}" for person in town.runtime.city().people}
        self.seen = town.newest()

    @initialize(holders=st.tuples(ANYBODY, ANYBODY, ANYBODY), leads=st.sampled_from(["tom", "marcus", None]))
    def hold(self, holders: tuple[str, ...], leads: str | None) -> None:
        self.says("olga", "/feedback add Pothole; category Streets; via phone")
        for number, holder in enumerate(holders, 1):
            self.says("olga", f"/risk add Risk {number}; likelihood 4; impact 4; owner @{holder}")
            self.says("olga", f"/risk action R-{number}; what Fix it; owner @{holder}; due friday")
        self.says("olga", f"/feedback give F-1; to @{holders[0]}")
        now = self.town.clock.now()
        self.town.runtime.database.write(
            lambda store: store.standup.blockers.add("streets", MONDAY, holders[1], "No paint", now)
        )
        if leads:
            self.raises_an_alarm("olga", "", 0)
            self.answers_a_page(leads, "", 2)
            self.takes_a_role(leads, "", 1)
            self.takes_a_role("felix", "", 2)

    @rule(person=ANYBODY, what=st.sampled_from(CHANGES), other=ANYBODY, number=st.integers(1, 3), span=SPANS)
    def changes(self, person: str, what: str, other: str, number: int, span: timedelta) -> None:
        """Change something about somebody, and let some time pass."""
        getattr(self, what)(person, other, number)
        self.pass_time(span)

    @rule(person=ANYBODY, what=st.sampled_from(ACTS), other=ANYBODY, number=st.integers(1, 3))
    def acts(self, person: str, what: str, other: str, number: int) -> None:
        """Let somebody do something, if they can and may."""
        getattr(self, what)(person, other, number)

    def leaves(self, person: str, _other: str, _number: int) -> None:
        self.left.add(person if person in LEAVING else LEAVING[0])
        self.town.becomes(left=self.left, changed=self.changed)

    def joins(self, person: str, _other: str, _number: int) -> None:
        self.left.discard(person)
        self.town.becomes(left=self.left, changed=self.changed)

    def has_another_address(self, person: str, _other: str, number: int) -> None:
        self.changed[person]["email"] = f'"{person}.{number}@riverton.example.org"'
        self.town.becomes(left=self.left, changed=self.changed)

    def has_another_role(self, person: str, _other: str, number: int) -> None:
        if person in LEAVING:
            self.changed[person]["roles"] = ('["crisis_team"]', '["department_head"]', "[]")[number - 1]
            self.town.becomes(left=self.left, changed=self.changed)

    def is_switched_off(self, person: str, _other: str, _number: int) -> None:
        self._is(person, "deactivated")

    def is_active_again(self, person: str, _other: str, _number: int) -> None:
        self._is(person, "active")

    def _is(self, person: str, state: State) -> None:
        account = self.accounts[person]
        self.town.runtime.database.write(lambda store: store.chat.people.set_state(PLATFORM, account, state))

    def has_another_account(self, person: str, _other: str, number: int) -> None:
        known, account = self.town.runtime.city().people.get(person), f"U{person}{number}"
        if known is not None and account not in self.accounts.values():
            self.accounts[person] = account
            profile = Profile(account, known.name, known.addresses)
            self.town.runtime.database.write(lambda store: meet(self.town.context(store), PLATFORM, [profile]))

    def is_refused(self, person: str, _other: str, _number: int) -> None:
        now = self.town.clock.now()
        self.town.runtime.database.write(lambda store: store.chat.people.not_reached(PLATFORM, person, "blocked", now))

    def is_reached(self, person: str, _other: str, _number: int) -> None:
        self.town.runtime.database.write(lambda store: store.chat.people.reached(PLATFORM, person))

    def goes_away(self, person: str, other: str, number: int) -> None:
        deputy = f"; deputy @{other}" if number > 1 else ""
        self.says(person, f"/city away from today to in {number} days{deputy}")

    def comes_back(self, person: str, _other: str, _number: int) -> None:
        self.says(person, "/city back")

    def gives_a_risk(self, person: str, other: str, number: int) -> None:
        self.says(person, f"/risk assign R-{number}; owner @{other}")

    def asks_to_accept(self, person: str, other: str, number: int) -> None:
        self.says(person, f"/risk accept R-{number}; until in 5 days; why It is watched; approver @{other}")

    def decides(self, person: str, _other: str, number: int) -> None:
        self.says(person, f"/risk {'approve' if number > 1 else 'decline'} R-{number}; why So it is")

    def reports_a_week(self, person: str, _other: str, _number: int) -> None:
        self.says(person, "/checkin public-works; health 4; open requests 38; overtime hours 12")

    def calls_the_roll(self, person: str, _other: str, _number: int) -> None:
        self.says(person, f"/crisis rollcall {CRISIS}")

    def raises_an_alarm(self, person: str, _other: str, _number: int) -> None:
        if not self.town.read(lambda store: store.crisis.records.open()):
            self.says(person, "/crisis activate Water main burst; level 2")
            for colleague in ("maria", "dana", "hugo"):
                self.says(colleague, "/crisis confirm")

    def takes_a_role(self, person: str, _other: str, number: int) -> None:
        self.presses(person, "crisis.take", f"{CRISIS} {ROLES[number - 1]}")

    def answers_a_page(self, person: str, _other: str, number: int) -> None:
        self.presses(person, "crisis.coming" if number > 1 else "crisis.cannot", CRISIS)

    def logs(self, person: str, _other: str, _number: int) -> None:
        self.says(person, "/crisis log I am on it")

    def asks_for_a_follow_up(self, person: str, other: str, number: int) -> None:
        self.says(person, f"/crisis follow-up Check it; owner @{other}; due in {number} days")

    def hands_over(self, person: str, other: str, _number: int) -> None:
        outcome = self.town.says("maria", f"/city handover {person} to @{other}")
        for button in buttons(outcome):
            if button.action == "city.hand-over":
                self.presses("maria", button.action, button.value)

    def pass_time(self, span: timedelta) -> None:
        self.town.wait(span)
        self.town.read(lambda store: self.everybody_knows_who_acts(self.town.context(store)))

    @invariant()
    def nothing_goes_to_somebody_gone(self) -> None:
        duties, rows = self.town.duties(), self.town.written_since(self.seen)
        self.seen = self.town.newest()
        if able_above(duties):
            gone = [(row.person, row.card) for row in rows if duties.is_gone(str(row.person))]
            assert gone == []

    @invariant()
    def somebody_who_can_be_is_asked_for_everything(self) -> None:
        self.town.read(lambda store: self._holds(self.town.context(store)))

    @invariant()
    def nobody_is_two_people(self) -> None:
        self.town.read(lambda store: self._is_one(self.town.context(store)))

    def _is_one(self, context: Context) -> None:
        """Check that each account that is somebody's by people.toml belongs to them, or is shown to admins."""
        store = context.store
        shown = {(dispute.account, dispute.person) for dispute in store.chat.disputes.all()}
        for account in store.chat.accounts.all():
            for person in context.city.whose(account.platform, account.account, account.addresses):
                assert person.id == account.person or (account.account, person.id) in shown, (account, person.id)
        ids = [met.id for met in store.chat.people.everybody()]
        assert len(ids) == len(set(ids))
        assert set(ids) <= set(self.accounts), "somebody has a second record"

    def _holds(self, context: Context) -> None:
        if not able_above(context.duties):
            return
        for name in catalogue.holdings:
            for duty in fallen(context, name):
                assert context.duties.why_not(duty.asked.person) is None, (name, duty)
        for crisis in context.store.crisis.records.open():
            for role, held in context.store.crisis.roles.held(crisis.ref).items():
                assert context.duties.why_not(on_duty(context, crisis, role, held).person) in (None, AWAY)

    def everybody_knows_who_acts(self, context: Context) -> None:
        for crisis in context.store.crisis.records.open():
            for holder in context.store.crisis.roles.of(crisis.ref):
                if holder.ended_at is None and holder.role in context.city.crisis.roles:
                    asked = on_duty(context, crisis, holder.role, holder.person)
                    assert holder.stands_in == (asked.person if asked.why else None)

    def teardown(self) -> None:
        self.town.read(lambda store: self._each_has_it_once(self.town.context(store)))

    def _each_has_it_once(self, context: Context) -> None:
        """Check that each duty is on the list of the person who is asked, and on nobody else's."""
        assert context.store.faults.all() == []
        if not able_above(context.duties):
            return
        reading: dict[str, list[str]] = defaultdict(list)
        for person in context.everybody():
            if context.duties.why_not(person.id) is None:
                for waiting in waiting_for(context, person, catalogue.todos):
                    for task in waiting.tasks:
                        reading[task.ref].append(person.id)
        for name in LISTED:
            for duty in fallen(context, name):
                assert reading[duty.held.ref] == [duty.asked.person], (name, duty.held.ref)

    def says(self, person: str, line: str) -> None:
        self._did_not_break(self.town.says(person, line))

    def presses(self, person: str, action: str, value: str) -> None:
        self._did_not_break(self.town.handle(person, Pressed(action, value)))

    def _did_not_break(self, outcome: object) -> None:
        assert "Please tell IT" not in str(outcome), outcome


def able_above(duties: Duties) -> bool:
    """Whether the city manager or an admin can be asked, who come last for every duty."""
    people = duties.city.people.values()
    return any(duties.why_not(person.id) is None for person in people if person.all_roles & {"city_manager", "admin"})


def buttons(outcome: object) -> list[Button]:
    """The buttons of an answer."""
    card = getattr(outcome, "card", None)
    return [button for word in (card.body if card else ()) for button in getattr(word, "buttons", ())]
