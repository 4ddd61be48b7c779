"""Ruling: whatever a platform does, nothing is repeated without end, or unmarked when it may have arrived."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.post import Failed, Gone, Refused, Result, Sent, Silence, Wait
from bot.ruling import Ruling, goes_as_text, ruling
from storage.chat.outbox import PRIORITIES, OutboxRow

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
SETTLE = 30.0
PAGE = PRIORITIES.index("page")
ENDS = {"sent", "rejected", "needs_human", "replaced"}
TRIES: list[Result] = [Silence("reset"), Failed("500"), Wait("slow down", 3600), Wait("slow down", 0), Wait("no net")]
LOOKS: list[Result] = [Gone(), Wait("500"), Silence("no history")]


def row(**more: object) -> OutboxRow:
    plain: dict[str, object] = {
        "id": 1, "key": "k1", "platform": "teams", "place": "risks", "kind": "post", "priority": 3, "repeat": False,
        "state": "pending", "attempt": 0, "sent_again": False, "about": None, "post": None, "card": "{}", "needs": None,
        "channel": None, "remote_id": None, "error": None, "created_at": NOW, "tries": 0, "since": None,
        "draws": None, "incident": None,
    }  # fmt: skip
    known = {name: value for name, value in {**plain, **more}.items() if name in OutboxRow.__dataclass_fields__}
    return OutboxRow(**known)  # type: ignore[arg-type]


@dataclass
class Life:
    """What became of one message at a platform that never takes it."""

    row: OutboxRow
    at: datetime = NOW
    cards: int = 0
    texts: int = 0
    unmarked_doubt: bool = False
    rulings: int = 0

    def go_on(self, tries: list[Result], looks: list[Result]) -> None:
        """Go on until it ends, with each outcome in turn and then always the last."""
        doubt = False
        while self.row.state not in ENDS:
            self.rulings += 1
            assert self.rulings < 12_000, "without end"  # most of them are waits of 30 seconds for a day, as was asked
            looks_back = self.row.state == "unknown"
            given = looks if looks_back else tries
            result = given.pop(0) if len(given) > 1 else given[0]
            if not looks_back:
                self.unmarked_doubt |= doubt and not self.row.sent_again
                text = goes_as_text(self.row)
                self.texts += text and not isinstance(result, Wait)
                self.cards += not text and not isinstance(result, Wait)
            claimed = replace(self.row, attempt=self.row.attempt + 1, tries=self.row.tries + (not looks_back))
            ruled = ruling(claimed, result, self.at, SETTLE)
            doubt = not isinstance(result, Gone) and (doubt or isinstance(result, Silence))
            self.take(claimed, ruled)

    def take(self, claimed: OutboxRow, ruled: Ruling) -> None:
        assert ruled.not_before is None or ruled.not_before >= self.at
        self.at = ruled.not_before or self.at
        again = claimed.sent_again or ruled.again
        self.row = replace(
            claimed, state=ruled.state, tries=ruled.tries, since=ruled.since, error=ruled.why, sent_again=again
        )


@settings(max_examples=40)
@given(
    tries=st.lists(st.sampled_from(TRIES), min_size=1, max_size=12),
    looks=st.lists(st.sampled_from(LOOKS), min_size=1, max_size=12),
    repeat=st.booleans(),
    priority=st.integers(0, len(PRIORITIES) - 1),
    kind=st.sampled_from(["post", "update", "answer", "make_place", "pin"]),
)
def test_every_message_comes_to_an_end_after_five_cards_and_three_texts_and_no_doubt_is_repeated_unmarked(
    tries: list[Result], looks: list[Result], repeat: bool, priority: int, kind: str
) -> None:
    has_card = kind in ("post", "update", "answer")
    life = Life(row(repeat=repeat, priority=priority, kind=kind, card="{}" if has_card else None))
    life.go_on(tries, looks)
    assert life.cards <= 5
    assert life.texts <= (3 if has_card else 0)
    assert not life.unmarked_doubt
    assert life.at - NOW < timedelta(days=10)


def test_a_message_that_is_always_refused_with_500_is_tried_for_some_twenty_minutes() -> None:
    life = Life(row(repeat=True, kind="answer", priority=1))
    life.go_on([Silence("Teams answered 500")], [Silence("Teams shows a bot no history")])
    assert (life.cards, life.texts, life.row.state) == (5, 3, "needs_human")
    assert timedelta(minutes=20) < life.at - NOW < timedelta(minutes=30)
    assert life.row.error == "Teams answered 500; Teams shows a bot no history"


@pytest.mark.parametrize(("repeat", "priority", "minutes"), [(False, 3, 30), (True, 3, 30), (True, 1, 0), (True, 0, 0)])
def test_it_is_looked_for_half_an_hour_before_anybody_is_asked_unless_somebody_waits_for_it(
    repeat: bool, priority: int, minutes: int
) -> None:
    unknown = row(state="unknown", repeat=repeat, priority=priority, tries=1, since=NOW, platform="slack")
    at, looks = NOW + timedelta(seconds=SETTLE), 0
    while (ruled := ruling(unknown, Wait("Slack answered 500"), at, SETTLE)).state == "unknown":
        assert ruled.since == NOW
        assert ruled.not_before is not None
        looks, at = looks + 1, ruled.not_before
    assert ruled.state == ("pending" if repeat else "needs_human")
    assert ruled.again == repeat
    assert timedelta(minutes=minutes) <= at - NOW <= timedelta(minutes=minutes + 5)
    assert looks <= 12


def test_half_an_hour_to_the_second_after_nobody_knew_of_it_people_are_asked() -> None:
    unknown = row(state="unknown", tries=1, since=NOW, error="reset")
    states = [
        ruling(unknown, Wait("500"), NOW + timedelta(seconds=seconds), SETTLE).state for seconds in (1799, 1800, 1801)
    ]
    assert states == ["unknown", "needs_human", "needs_human"]


def test_a_platform_that_takes_nothing_is_waited_for_a_day_and_no_longer() -> None:
    life = Life(row())
    life.go_on([Wait("Slack asks to go slower", 3600)], [Gone()])
    assert (life.row.state, life.row.error, life.cards) == ("rejected", "Slack asks to go slower, for a day", 0)
    assert life.at - NOW == timedelta(days=1)


def test_a_room_that_cannot_be_made_is_given_up_so_that_its_messages_go_elsewhere() -> None:
    for looks in (Gone(), Silence("the list is too long")):
        life = Life(row(kind="make_place", card=None, repeat=True, priority=0, platform="slack"))
        life.go_on([Silence("Slack answered 500")], [looks])
        assert (life.row.state, life.cards) == ("rejected", 5)
        assert life.at - NOW < timedelta(minutes=10)


@pytest.mark.parametrize(
    ("result", "state", "lost"),
    [
        (Sent("C1", "17.5"), "sent", False),
        (Refused("channel_not_found"), "rejected", True),
        (Gone(), "replaced", False),
        (Silence("reset"), "unknown", False),
        (Failed("500"), "pending", False),
        (Wait("slow down"), "pending", False),
    ],
)
def test_each_outcome_of_a_first_try_has_one_meaning(result: Result, state: str, lost: bool) -> None:
    ruled = ruling(row(attempt=1, tries=1), result, NOW, SETTLE)
    assert (ruled.state, ruled.lost, ruled.again) == (state, lost, False)


def waits(tried: OutboxRow, result: Result, settle: float = SETTLE) -> list[float]:
    """How many seconds lie between the tries, or looks, of a row until it is something else."""
    begins, at = tried.state, NOW + timedelta(seconds=settle if tried.state == "unknown" else 0)
    found: list[float] = []
    while True:
        looks = tried.state == "unknown"
        tried = replace(tried, attempt=tried.attempt + 1, tries=tried.tries + (not looks))
        ruled = ruling(tried, result, at, settle)
        if ruled.state != begins or len(found) == 12:
            return found
        assert ruled.not_before is not None
        found.append((ruled.not_before - at).total_seconds())
        at, tried = ruled.not_before, replace(tried, state=ruled.state, tries=ruled.tries, since=ruled.since)


def test_each_try_that_failed_is_followed_by_a_longer_wait() -> None:
    assert waits(row(), Failed("500")) == [2, 30, 120, 300, 300, 300, 300]


@pytest.mark.parametrize(
    ("says", "seconds"),
    [
        (1, [2, 4, 8, 16, 30, 30, 30, 30, 30, 30, 30, 30]),
        (20, [20, 20, 20, 20, 30, 30, 30, 30, 30, 30, 30, 30]),
        (31, [31] * 12),
        (None, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300]),
    ],
)
def test_a_platform_that_keeps_on_saying_a_short_time_is_asked_less_and_less_often(
    says: float | None, seconds: list[float]
) -> None:
    assert waits(row(), Wait("slow down", says)) == seconds


@pytest.mark.parametrize(
    ("says", "settle", "seconds"),
    [
        (None, 30, [30, 60, 120, 240, 300, 300, 300, 300, 300]),
        (None, 40, [40, 80, 160, 300, 300, 300, 300, 300]),
        (400, 30, [400] * 5),
    ],
)
def test_what_is_looked_for_is_looked_for_less_and_less_often(
    says: float | None, settle: float, seconds: list[float]
) -> None:
    assert waits(row(state="unknown", tries=1, since=NOW), Wait("500", says), settle) == seconds


def test_what_is_not_there_goes_again_as_long_after_it_was_tried_as_what_has_failed() -> None:
    for tries, seconds in ((1, 2), (2, 30), (3, 120), (4, 300)):
        unknown = row(state="unknown", attempt=9, tries=tries, since=NOW, error="reset")
        at = NOW + timedelta(seconds=40)
        for ruled in (ruling(unknown, Gone(), at, SETTLE), ruling(replace(unknown, repeat=True), Silence("?"), at, 30)):
            assert (ruled.state, ruled.since) == ("pending", NOW)
            assert ruled.not_before == max(at, NOW + timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("platform", "kind", "card", "tries"),
    [
        ("slack", "post", "{}", 8),
        ("teams", "update", "{}", 8),
        ("slack", "answer", "{}", 8),
        ("slack", "post", None, 5),
        ("slack", "pin", "{}", 5),
        ("desk", "post", "{}", 5),
        ("pager", "post", "{}", 5),
        ("mail", "post", "{}", 5),
        ("shelf", "post", "{}", 5),
    ],
)
def test_only_a_card_in_a_chat_is_tried_as_its_text_too(platform: str, kind: str, card: str | None, tries: int) -> None:
    one_less, most = (row(platform=platform, kind=kind, card=card, repeat=True, tries=tries - less) for less in (1, 0))
    assert [ruling(tried, Failed("500"), NOW, SETTLE).state for tried in (one_less, most)] == ["pending", "rejected"]
    unknown = [replace(tried, state="unknown") for tried in (one_less, most)]
    assert [ruling(tried, Silence("?"), NOW, SETTLE).state for tried in unknown] == ["pending", "needs_human"]
    assert [goes_as_text(replace(most, tries=count)) for count in (4, 5)] == [False, tries == 8]


@pytest.mark.parametrize(("kind", "priority", "lost"), [("post", 0, True), ("post", 1, False), ("update", 0, False)])
def test_a_page_goes_another_way_after_its_third_try_and_nothing_else_does(
    kind: str, priority: int, lost: bool
) -> None:
    for tries, now_lost in ((2, False), (3, lost)):
        tried = row(kind=kind, priority=priority, attempt=tries, tries=tries, since=NOW)
        assert ruling(tried, Failed("500"), NOW + timedelta(seconds=32), SETTLE).lost == now_lost


def test_somebody_hears_of_what_a_platform_does_not_take_for_a_minute() -> None:
    for result in (Failed("500"), Wait("no net")):
        for seconds, lost in ((59, False), (60, True), (61, True)):
            tried = row(attempt=2, tries=2, since=NOW)
            assert ruling(tried, result, NOW + timedelta(seconds=seconds), SETTLE).lost == lost


@pytest.mark.parametrize(
    ("priority", "until_mended", "lost"), [(PAGE, True, True), (PAGE, False, False), (PAGE + 1, True, False)]
)
def test_a_page_that_waits_until_something_is_mended_takes_another_way_at_once(
    priority: int, until_mended: bool, lost: bool
) -> None:
    tried = row(priority=priority, state="pending", attempt=1, tries=1)
    ruled = ruling(tried, Wait("the token is refused", 60, until_mended=until_mended), NOW, SETTLE)
    assert (ruled.state, ruled.lost) == ("pending", lost)
