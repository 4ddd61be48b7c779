"""Limits: who is counted, for how long, and whom a flood does not hold up."""

from bot.inbound import Inbound, Typed
from bot.limits import MINUTE, Limits
from handlers.kit.city.city import LimitFacts


def test_a_minute_later_nothing_is_counted_any_more() -> None:
    limits = Limits()
    assert [limits.count("commands", "sam", now, 5) for now in (0.0, 1.0, 2.0)] == [(1, 1), (2, 2), (3, 3)]
    assert limits.count("commands", "sam", MINUTE + 0.5, 5) == (3, 3)
    assert limits.count("commands", "sam", 3 * MINUTE, 5) == (1, 1)


def test_what_is_beyond_somebodys_own_limit_is_not_counted_among_all() -> None:
    limits = Limits()
    flood = [limits.count("commands", "sam", 0.0, 5) for _ in range(1000)]
    assert flood[-1] == (1000, 5)
    assert limits.count("commands", "olga", 1.0, 5) == (1, 6)


def test_a_flood_of_accounts_is_forgotten_when_its_minute_is_over() -> None:
    limits = Limits()
    for number in range(1001):
        limits.count("commands", f"account {number}", 0.0, 0)
    assert limits.count("commands", "sam", 2 * MINUTE, 5) == (1, 1)


def test_a_request_that_runs_twice_announces_once() -> None:
    limits, most = Limits(), LimitFacts()
    pace = limits.pace(Inbound("slack", "U1", Typed("risk add")), 0.0, most)
    assert [pace.announced(), pace.announced()] == [(1, 1), (1, 1)]
    assert limits.pace(Inbound("slack", "U1", Typed("risk add")), 1.0, most).announced() == (2, 2)
