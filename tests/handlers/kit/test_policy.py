"""Policy: one table says who may do what."""

import pytest

from handlers.kit.policy import ROLES, RULES, may, roles_with


def test_a_right_is_for_its_roles_and_nobody_else() -> None:
    assert may({"staff", "department_head"}, "risk.close")
    assert not may({"staff"}, "risk.close")
    assert not may(set(), "risk.add")


def test_a_right_without_a_rule_is_a_bug_and_not_a_yes() -> None:
    with pytest.raises(KeyError):
        may({"admin"}, "risk.burn")


def test_only_roles_that_exist_have_rights_and_every_right_has_somebody() -> None:
    assert {role for roles in RULES.values() for role in roles} <= set(ROLES)
    assert all(RULES.values())


def test_the_roles_are_named_as_people_say_them_in_one_order() -> None:
    assert roles_with("crisis.activate") == ["department head", "city manager", "crisis team"]


def test_staff_neither_start_a_crisis_nor_decide_for_others() -> None:
    mine = {right for right in RULES if may({"staff"}, right)}
    assert mine.isdisjoint({"crisis.activate", "crisis.standdown", "city.connect", "delivery.decide", "risk.close"})
    assert {"risk.add", "feedback.add", "crisis.read", "help"} <= mine
