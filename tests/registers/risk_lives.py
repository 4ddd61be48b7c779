"""Risk lives: every step of the risk register, who may take it and when, and what always holds."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule
from sqlalchemy import select

from handlers.kit.city.risks import LEVELS
from storage.database import Store
from storage.risk.acceptances import Acceptance
from storage.risk.history import Event
from storage.risk.records import Risk
from storage.time.timers import timers
from tests.bound import bound
from tests.registers.independence import Record
from tests.registers.world import HEADS, PEOPLE, SPANS, Lives, done_if

REFS = st.sampled_from(["R-1", "R-2", "R-1", "R-2", "R-9"])  # there is never an R-9
WHO = st.sampled_from(PEOPLE)
LEVEL = st.integers(1, 5)
ANY = st.booleans()
MAY_CLOSE = ("maria", *HEADS)
DEPARTMENTS = {"sam": "public-works", "ben": "parks", "owen": "communications", "maria": None, **HEADS}
LATER = st.sampled_from([-1, 0, 1, 20, 100, 200])  # days from today
FRESH = timedelta(minutes=10)
UNSEEN = ("asked", "agreed", "linked", "due", "action")  # events that do not change what somebody agrees to


class RiskLives(Lives):
    """Two risks, and everybody who may or may not do something about them."""

    @initialize(people=st.tuples(WHO, WHO), scores=st.tuples(LEVEL, LEVEL, LEVEL, LEVEL))
    def log(self, people: tuple[str, str], scores: tuple[int, int, int, int]) -> None:
        for title, person, likelihood, impact in (
            ("The gate sticks", people[0], scores[0], scores[1]),
            ("Payroll stops", people[1], scores[2], scores[3]),
        ):
            values = {"title": title, "likelihood": str(likelihood), "impact": str(impact)}
            self.says("done", person, "risk add", True, **values)

    @rule(person=WHO, ref=REFS, reason=st.sampled_from(["It is mended", "It is over", ""]), typed=ANY)
    def close(self, person: str, ref: str, reason: str, typed: bool) -> None:
        may = self._open(ref) is not None and person in MAY_CLOSE and bool(reason)
        self.says(done_if(may), person, "risk close", typed, risk=ref, reason=reason)

    @rule(person=st.sampled_from(MAY_CLOSE), ref=REFS, typed=ANY)
    def reopen(self, person: str, ref: str, typed: bool) -> None:
        risk = self._risk(ref)
        may = risk is not None and risk.state == "closed"
        self.says(done_if(may), person, "risk reopen", typed, risk=ref, reason="It is back")

    @rule(person=WHO, ref=REFS, likelihood=LEVEL, impact=LEVEL, typed=ANY)
    def score(self, person: str, ref: str, likelihood: int, impact: int, typed: bool) -> None:
        risk = self._changeable(person, ref)
        may = risk is not None and _fits((likelihood, impact), (risk.residual_likelihood, risk.residual_impact))
        same = may and risk is not None and risk.inherent == (likelihood, impact)
        values = {"risk": ref, "likelihood": str(likelihood), "impact": str(impact)}
        self.says("as it was" if same else done_if(may), person, "risk update", typed, **values)

    @rule(person=WHO, ref=REFS, left=st.tuples(st.none() | LEVEL, st.none() | LEVEL), typed=ANY)
    def treat(self, person: str, ref: str, left: tuple[int | None, int | None], typed: bool) -> None:
        risk = self._changeable(person, ref)
        may = risk is not None and _fits(
            risk.inherent, (left[0] or risk.residual_likelihood, left[1] or risk.residual_impact)
        )
        names = ("residual_likelihood", "residual_impact")
        values = {name: str(level) for name, level in zip(names, left, strict=True) if level}
        self.says(done_if(may), person, "risk treat", typed, risk=ref, treatment="transfer", **values)

    @rule(person=WHO, ref=REFS, likelihood=LEVEL, typed=ANY)
    def review(self, person: str, ref: str, likelihood: int, typed: bool) -> None:
        risk = self._changeable(person, ref)
        may = risk is not None and _fits((likelihood, risk.impact), (risk.residual_likelihood, risk.residual_impact))
        values = {"risk": ref, "still": "yes", "likelihood": str(likelihood)}
        self.says(done_if(may), person, "risk review", typed, **values)

    @rule(person=WHO, ref=REFS, owner=WHO, typed=ANY)
    def assign(self, person: str, ref: str, owner: str, typed: bool) -> None:
        risk = self._changeable(person, ref)
        same = risk is not None and (owner, risk.department or DEPARTMENTS[owner]) == (risk.owner, risk.department)
        ending = "as it was" if same else done_if(risk is not None)
        self.says(ending, person, "risk assign", typed, risk=ref, owner=f"@{owner}")

    @rule(person=WHO, ref=REFS, days=LATER, approver=st.none() | WHO, typed=ANY)
    def ask(self, person: str, ref: str, days: int, approver: str | None, typed: bool) -> None:
        risk = self._changeable(person, ref)
        until = self._today() + timedelta(days=days)
        values = {"risk": ref, "until": until.isoformat(), "why": "It is to be replaced"}
        values |= {"approver": f"@{approver}"} if approver else {}
        if risk is None:
            self.says("refused", person, "risk accept", typed, **values)
            return
        record = self._record(risk)
        named = approver if approver and approver != person and record.may(approver) else None
        asked = named if approver else record.asked(person)[0]
        may = asked is not None and 0 < days <= self._longest(record, asked)
        waits = any(acceptance.state == "asked" for acceptance in self._acceptances(risk))
        self.says("as it was" if waits else done_if(may), person, "risk accept", typed, **values)

    @rule(ref=REFS, days=st.sampled_from([1, 20, 60]), approver=st.sampled_from(["maria", "olga"]), typed=ANY)
    def ask_and_approve(self, ref: str, days: int, approver: str, typed: bool) -> None:
        """Take the usual way, which random steps seldom find."""
        self.ask("priya", ref, days, approver, typed)
        self.approve("priya", ref, typed)
        self.approve(approver, ref, typed)

    @rule(ref=REFS, days=st.sampled_from([1, 20]), typed=ANY)
    def accept_and_close(self, ref: str, days: int, typed: bool) -> None:
        """Take the usual way, and close the risk before its acceptance ends."""
        self.ask_and_approve(ref, days, "maria", typed)
        self.close("olga", ref, "It is mended", typed)

    @rule(person=WHO, ref=REFS, typed=ANY)
    def approve(self, person: str, ref: str, typed: bool) -> None:
        risk, asked = self._open(ref), self._asked(person, ref)
        values = {"risk": ref, "why": "There is no other way"}
        if risk is None or asked is None:
            self.says("refused", person, "risk approve", typed, **values)
            return
        events = self.world.read(lambda store: store.risk.history.of(risk))
        since = events[max(place for place, event in enumerate(events) if event.what == "asked") :]
        if any(event.what not in UNSEEN for event in since):
            self.says("as it was", person, "risk approve", typed, **values)
            return
        may = self._today() < asked.until <= self._today() + timedelta(days=self._longest(self._record(risk), person))
        self.says(done_if(may), person, "risk approve", typed, **values)

    @rule(person=WHO, ref=REFS, typed=ANY)
    def decline(self, person: str, ref: str, typed: bool) -> None:
        may = self._asked(person, ref) is not None
        self.says(done_if(may), person, "risk decline", typed, risk=ref, why="Fix it first")

    @rule(person=WHO, ref=REFS, typed=ANY)
    def confirm(self, person: str, ref: str, typed: bool) -> None:
        risk = self._open(ref)
        waits = risk is not None and risk.residual is not None and not risk.residual_confirmed
        done = risk is not None and self._are_done(risk)
        may = risk is not None and waits and done and self._record(risk).may(person)
        self.says(done_if(may), person, "risk confirm", typed, risk=ref)

    @rule(person=WHO, ref=REFS, owner=WHO, days=LATER, typed=ANY)
    def act(self, person: str, ref: str, owner: str, days: int, typed: bool) -> None:
        may = self._changeable(person, ref) is not None and days >= 0
        due = (self._today() + timedelta(days=days)).isoformat()
        self.says(done_if(may), person, "risk action", typed, risk=ref, what="Buy a pump", owner=f"@{owner}", due=due)

    @rule(person=WHO, ref=REFS, number=st.integers(1, 2), typed=ANY)
    def finish(self, person: str, ref: str, number: int, typed: bool) -> None:
        kept = self._risk(ref)
        actions = self.world.read(lambda store: store.actions.records.about(kept.ref)) if kept else []
        action = actions[number - 1] if len(actions) >= number else None
        risk = self._open(ref)
        may = (
            action is not None
            and risk is not None
            and person in (action.owner, action.asked_by, risk.owner, *MAY_CLOSE)
        )
        over = action is not None and action.state == "done"
        ending = "as it was" if over else done_if(may)
        self.says(ending, person, "risk done", typed, action=action.ref if action else "A-999")

    @rule(person=WHO, ref=REFS, origin=REFS, typed=ANY)
    def link(self, person: str, ref: str, origin: str, typed: bool) -> None:
        may = self._changeable(person, ref) is not None and self._risk(origin) is not None and origin != ref
        known = {link.ref for link in self.world.read(lambda store: store.links.of(ref))}
        ending = "as it was" if may and origin in known else done_if(may)
        self.says(ending, person, "risk link", typed, risk=ref, origin=origin)

    @rule(person=WHO, ref=REFS)
    def withdraw(self, person: str, ref: str) -> None:
        risk = self._risk(ref)
        if risk is not None and risk.state == "withdrawn":
            self.presses("as it was", person, "risk.withdraw", ref)
            return
        fresh = risk is not None and self.world.clock.now() - risk.created_at <= FRESH
        may = risk is not None and risk.state == "open" and risk.created_by == person and fresh
        self.presses(done_if(may), person, "risk.withdraw", ref)

    @rule(span=SPANS, down=ANY)
    def wait(self, span: timedelta, down: bool) -> None:
        self.world.pass_time(span, down=down)

    @invariant()
    def every_risk_holds(self) -> None:
        for risk in self.world.read(lambda store: [r for n in (1, 2) if (r := store.risk.records.find(f"R-{n}"))]):
            accepted = self._acceptances(risk)
            assert risk.score == risk.standing[0] * risk.standing[1]
            assert _fits(risk.inherent, (risk.residual_likelihood, risk.residual_impact))
            assert (risk.state == "closed") == bool(risk.reason)
            assert (risk.state != "open") == bool(risk.closed_by) == bool(risk.closed_at)
            self._acceptance_holds(risk, accepted)
            self._review_holds(risk)
            _history_holds(risk, accepted, self.world.read(bound(lambda store, r: store.risk.history.of(r), risk)))

    def _acceptance_holds(self, risk: Risk, accepted: list[Acceptance]) -> None:
        """Somebody else agreed, for this level, and it ends by itself; nothing waits for a risk that is closed."""
        holding = [acceptance for acceptance in accepted if acceptance.state == "approved"]
        assert [acceptance.until for acceptance in holding] == ([risk.accepted_until] if risk.accepted_until else [])
        assert len([acceptance for acceptance in accepted if acceptance.state == "asked"]) <= (risk.state == "open")
        for acceptance in accepted:
            if acceptance.state in ("approved", "declined", "expired"):
                assert acceptance.decided_by
                assert acceptance.second_by or acceptance.decided_by != acceptance.asked_by or acceptance.second
                assert acceptance.second_by != acceptance.decided_by
        city = self.world.runtime.city()
        level = city.risks.level_of(*risk.standing).id
        for acceptance in holding:
            assert risk.state == "open"
            assert city.people[str(acceptance.decided_by)].all_roles & set(city.risks.levels[acceptance.level].accept)
            assert LEVELS.index(level) <= LEVELS.index(city.risks.levels[acceptance.level].id)
            assert city.calendar.local(self.world.clock.now()) < _over(city.calendar.zone, acceptance.until)
        assert self.world.read(_waiting) >= {acceptance.ref for acceptance in holding}

    def _review_holds(self, risk: Risk) -> None:
        """An open risk is reviewed again, at the latest when its level demands it."""
        if risk.state != "open":
            return
        city = self.world.runtime.city()
        last = risk.reviewed_on or city.calendar.today(risk.created_at)
        latest = last + timedelta(days=city.risks.level_of(*risk.standing).review_days)
        assert risk.review_on is not None
        assert risk.review_on <= max(latest, self._today())

    def _today(self) -> date:
        return self.world.runtime.city().calendar.today(self.world.clock.now())

    def _risk(self, ref: str) -> Risk | None:
        return self.world.read(lambda store: store.risk.records.find(ref))

    def _open(self, ref: str) -> Risk | None:
        risk = self._risk(ref)
        return risk if risk and risk.state == "open" else None

    def _changeable(self, person: str, ref: str) -> Risk | None:
        risk = self._open(ref)
        return risk if risk and person in (risk.created_by, risk.owner, *MAY_CLOSE) else None

    def _acceptances(self, risk: Risk) -> list[Acceptance]:
        return self.world.read(lambda store: store.risk.acceptances.of(risk.number))

    def _asked(self, person: str, ref: str) -> Acceptance | None:
        """The acceptance asked for an open risk, when this person may decide it, alone or as one of two."""
        risk = self._open(ref)
        found = [acceptance for acceptance in self._acceptances(risk) if acceptance.state == "asked"] if risk else []
        if risk is None or not found:
            return None
        [asked], record = found, self._record(risk)
        if record.may(person) and person != asked.asked_by:
            return asked
        if asked.second is None or person in (asked.decided_by, asked.second_by):
            return None
        first = asked.decided_by is None and record.has_right(person)
        second = asked.second_by is None and record.is_second(person) and person != asked.asked_by
        return asked if first or second else None

    def _record(self, risk: Risk) -> Record:
        events = self.world.read(lambda store: store.risk.history.of(risk))
        return Record(self.world.runtime.city(), risk).live_through(events)

    def _longest(self, record: Record, person: str) -> int:
        """The most days for which somebody may accept the risk."""
        return record.city.risks.levels[LEVELS[record.highest[person]]].accept_days

    def _are_done(self, risk: Risk) -> bool:
        actions = self.world.read(lambda store: store.actions.records.about(risk.ref))
        return all(action.state != "open" for action in actions)


def _fits(whole: tuple[int, int], left: tuple[int | None, int | None]) -> bool:
    """Whether the residual risk has both scores or none, and is no higher than the risk before treatment."""
    likelihood, impact = left
    if likelihood is None or impact is None:
        return likelihood is impact
    return likelihood <= whole[0] and impact <= whole[1]


def _over(zone: ZoneInfo, until: date) -> datetime:
    return datetime.combine(until + timedelta(days=1), time(7), zone)


def _waiting(store: Store) -> set[str]:
    rows = store.connection.execute(select(timers.c.subject).where(timers.c.state == "waiting"))
    return {row.subject for row in rows}


def _history_holds(risk: Risk, accepted: list[Acceptance], events: list[Event]) -> None:
    """The risk is as its events, read from the first to the last, make it."""
    state, until = "open", None
    for event in events:
        state = {"closed": "closed", "withdrawn": "withdrawn", "reopened": "open"}.get(event.what, state)
    until = next(
        (acceptance.until for acceptance in reversed(accepted) if acceptance.decided_by and not acceptance.ended_at),
        None,
    )
    assert state == risk.state
    if events:
        assert events[0].what == "logged"
        assert events[-1].scores == (risk.likelihood, risk.impact, risk.residual_likelihood, risk.residual_impact)
        assert [event.at for event in events] == sorted(event.at for event in events)
    assert risk.accepted_until is None or until == risk.accepted_until
