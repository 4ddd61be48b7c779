"""Feedback lives: every step of the feedback register, who may take it and when, and what always holds."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from storage.feedback.items import Item
from tests.bound import bound
from tests.registers.world import HEADS, PEOPLE, SPANS, Lives, done_if

REFS = st.sampled_from(["F-1", "F-2", "F-3", "F-1", "F-2", "F-9"])  # there is never an F-9
WHO = st.sampled_from(PEOPLE)
ANY = st.booleans()
CATEGORIES = {"streets": "public-works", "snow": "public-works", "parks": "parks", "water": "water"}
TARGETS = {"streets": timedelta(hours=18), "snow": timedelta(hours=9)}
USUAL = timedelta(hours=27)
HOURS = {"public-works": (time(7), time(16))}
USUAL_HOURS = time(8), time(17)
MEMBERS = {"public-works": ("olga", "sam"), "parks": ("priya", "ben"), "water": ()}
QUARTER = timedelta(minutes=15)
FRESH = timedelta(minutes=10)
MARKS = (50, 80, 100)


class FeedbackLives(Lives):
    """Three pieces of feedback, and everybody who may or may not do something about them.

    The time that each has used is counted here a quarter of an hour at a time, as somebody with a watch would.
    """

    @initialize(categories=st.tuples(*[st.sampled_from(sorted(CATEGORIES))] * 3))
    def log(self, categories: tuple[str, ...]) -> None:
        self.used: dict[str, timedelta] = defaultdict(timedelta)
        self.had: dict[str, set[str]] = {}
        for number, category in enumerate(categories, 1):
            values = {"what": f"Broken {number}", "category": category, "via": "phone"}
            self.says("done", "owen", "feedback add", True, **values)
            self.had[f"F-{number}"] = {CATEGORIES[category]}

    @rule(person=WHO, ref=REFS, typed=ANY)
    def take(self, person: str, ref: str, typed: bool) -> None:
        item = self._open(ref)
        has = item is not None and item.owner == person
        ending = "as it was" if has else done_if(item is not None and item.owner is None)
        self.says(ending, person, "feedback take", typed, feedback=ref)

    @rule(person=WHO, ref=REFS, to=WHO, typed=ANY)
    def give(self, person: str, ref: str, to: str, typed: bool) -> None:
        item = self._open(ref)
        may = item is not None and item.owner != to
        self.says(done_if(may), person, "feedback give", typed, feedback=ref, to=f"@{to}")

    @rule(person=WHO, ref=REFS, to=st.sampled_from(["public-works", "parks", "water"]), typed=ANY)
    def route(self, person: str, ref: str, to: str, typed: bool) -> None:
        item = self._open(ref)
        now = _department(item) if item else ""
        decides = person == "maria" or HEADS.get(person) in (now, to)
        may = item is not None and to != now and (to not in self.had[ref] or decides)
        values = {"feedback": ref, "department": to, "reason": "It is theirs"}
        self.says(done_if(may), person, "feedback route", typed, **values)
        if may:
            self.had[ref].add(to)

    @rule(
        person=WHO,
        ref=REFS,
        days=st.sampled_from([None, -1, 0, 1, 6]),
        reason=st.sampled_from(["Frost", ""]),
        typed=ANY,
    )
    def pause(self, person: str, ref: str, days: int | None, reason: str, typed: bool) -> None:
        may = self._open(ref) is not None and bool(reason) and (days is None or days > 0)
        values = {"feedback": ref, "whom": "weather", "reason": reason}
        values |= {"until": (self._today() + timedelta(days=days)).isoformat()} if days is not None else {}
        self.says(done_if(may), person, "feedback wait", typed, **values)

    @rule(person=WHO, ref=REFS, typed=ANY)
    def resume(self, person: str, ref: str, typed: bool) -> None:
        item = self._open(ref)
        may = item is not None and item.waits_for is not None
        self.says(done_if(may), person, "feedback resume", typed, feedback=ref)

    @rule(
        person=WHO,
        ref=REFS,
        reason=st.sampled_from(["done", "thanks", "not-ours", "lost", ""]),
        answered=ANY,
        elsewhere=ANY,
        typed=ANY,
    )
    def close(self, person: str, ref: str, reason: str, answered: bool, elsewhere: bool, typed: bool) -> None:
        values = {"feedback": ref, "reason": reason}
        values |= {"answer": "It was looked at"} if answered else {}
        values |= {"decided_by": "The county", "go_to": "County Hall"} if elsewhere else {}
        enough = {"done": answered, "": answered, "thanks": True, "not-ours": answered and elsewhere}
        is_open = self._open(ref) is not None
        asked = is_open and not reason and not answered
        ending = "asked" if asked else done_if(is_open and enough.get(reason, False))
        self.says(ending, person, "feedback close", typed, **values)

    @rule(person=WHO, ref=REFS, why=st.sampled_from(["It broke again", ""]), typed=ANY)
    def reopen(self, person: str, ref: str, why: str, typed: bool) -> None:
        item = self._item(ref)
        may = item is not None and item.state == "closed" and bool(why)
        self.says(done_if(may), person, "feedback reopen", typed, feedback=ref, why=why)
        self._forget_routes(ref, may)

    @rule(person=WHO, ref=REFS, of=REFS, typed=ANY)
    def duplicate(self, person: str, ref: str, of: str, typed: bool) -> None:
        original = self._item(of)
        fits = original is not None and of != ref and original.state != "withdrawn" and not original.duplicate_of
        may = self._open(ref) is not None and fits
        self.says(done_if(may), person, "feedback duplicate", typed, feedback=ref, of=of)

    @rule(person=WHO, ref=REFS)
    def is_fixed(self, person: str, ref: str) -> None:
        self.presses(done_if(self._is_asked(ref)), person, "feedback.fixed", ref)

    @rule(person=WHO, ref=REFS, why=st.sampled_from(["It still leaks", ""]))
    def is_not_fixed(self, person: str, ref: str, why: str) -> None:
        may = self._is_asked(ref) and bool(why)
        self.says(done_if(may), person, f"feedback.not-fixed|{ref}", False, why=why)
        self._forget_routes(ref, may)

    @rule(person=WHO, ref=REFS, category=st.sampled_from(sorted(CATEGORIES)))
    def change(self, person: str, ref: str, category: str) -> None:
        item = self._open(ref)
        may = item is not None and person in (item.created_by, item.owner, *MEMBERS[_department(item)])
        values = {"what": f"Broken {ref[-1]}", "kind": "complaint", "category": category, "via": "phone"}
        same = may and item is not None and item.category == category
        self.says("as it was" if same else done_if(may), person, f"feedback.change|{ref}", False, **values)
        if may and not same:
            self.had[ref].add(CATEGORIES[category])

    @rule(person=WHO, ref=REFS)
    def withdraw(self, person: str, ref: str) -> None:
        item = self._item(ref)
        if item is not None and item.state == "withdrawn":
            self.presses("as it was", person, "feedback.withdraw", ref)
            return
        fresh = item is not None and self.world.clock.now() - item.created_at <= FRESH
        may = item is not None and item.state == "open" and item.created_by == person and fresh
        self.presses(done_if(may), person, "feedback.withdraw", ref)

    @rule(span=SPANS, down=ANY)
    def wait(self, span: timedelta, down: bool) -> None:
        moment = self.world.clock.now()
        running = [item for item in self._items() if item.state == "open" and item.waits_for is None]
        self.world.pass_time(span, down=down)
        while moment < self.world.clock.now():
            for item in running:
                self.used[item.ref] += QUARTER if self._works(_department(item), moment) else timedelta()
            moment += QUARTER

    @invariant()
    def every_item_holds(self) -> None:
        for item in self._items():
            assert item == self.world.read(bound(lambda store, n: store.feedback.records.replayed(n), item.number))
            assert (item.state == "closed") == bool(item.reason)
            assert (item.state != "open") == bool(item.closed_by) == bool(item.closed_at)
            assert bool(item.waits_for) == bool(item.waits_until)
            assert item.state == "open" or not item.waits_for
            if item.state == "closed" and not item.duplicate_of:
                assert item.answer
                assert item.reason != "not-ours" or (item.decided_by and item.go_to)
            assert timedelta(seconds=item.target) == TARGETS.get(item.category, USUAL)
            self._clock_holds(item)

    def _clock_holds(self, item: Item) -> None:
        """Its clock counts what a watch counts and stops when it does; every mark is announced when it is reached."""
        used, target = self.used[item.ref], timedelta(seconds=item.target)
        assert item.state != "closed" or timedelta(seconds=item.took or 0) == used
        if item.state != "open" or item.waits_for:
            assert item.due_at is None
            return
        assert item.due_at is not None
        assert (item.due_at > self.world.clock.now()) == (used < target)
        if used < target:
            assert self._works(_department(item), item.due_at - QUARTER)
            assert used + self._between(item, self.world.clock.now(), item.due_at) == target
        assert item.mark == max([mark for mark in MARKS if used * 100 >= target * mark], default=0)

    def _between(self, item: Item, begin: datetime, end: datetime) -> timedelta:
        quarters = int((end - begin) / QUARTER)
        works = [self._works(_department(item), begin + number * QUARTER) for number in range(quarters)]
        return sum(works) * QUARTER

    def _works(self, department: str, moment: datetime) -> bool:
        calendar = self.world.runtime.city().calendar
        local = moment.astimezone(calendar.zone)
        opens, closes = HOURS.get(department, USUAL_HOURS)
        return opens <= local.time() < closes and calendar.is_open(local.date())

    def _forget_routes(self, ref: str, is_open_again: bool) -> None:
        """Let the departments that had it before it was closed no longer count."""
        item = self._item(ref)
        if is_open_again and item:
            self.had[ref] = {_department(item)}

    def _is_asked(self, ref: str) -> bool:
        item = self._item(ref)
        return item is not None and item.state == "closed" and item.check_on is not None

    def _today(self) -> date:
        return self.world.runtime.city().calendar.today(self.world.clock.now())

    def _items(self) -> list[Item]:
        return self.world.read(lambda store: store.feedback.lists.all())

    def _item(self, ref: str) -> Item | None:
        return self.world.read(lambda store: store.feedback.records.find(ref))

    def _open(self, ref: str) -> Item | None:
        item = self._item(ref)
        return item if item and item.state == "open" else None


def _department(item: Item) -> str:
    return item.department or CATEGORIES[item.category]
