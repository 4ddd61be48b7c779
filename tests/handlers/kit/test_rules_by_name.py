"""Policy by name: who has which right, as people decided it; giving a right to one more role is a new decision."""

from handlers.kit.policy import RULES, TAKES_OUT

EXPECTED = {
    "help": "staff",
    "risk.read": "staff",
    "risk.add": "staff",
    "risk.close": "admin city_manager department_head",
    "risk.export": "admin city_manager department_head",
    "risk.decide": "staff",
    "feedback.read": "staff",
    "feedback.add": "staff",
    "feedback.work": "staff",
    "feedback.close": "staff",
    "feedback.route-back": "city_manager",
    "feedback.export": "admin city_manager department_head",
    "contact.see-all": "city_manager",
    "crisis.read": "staff",
    "contacts.read": "admin city_manager crisis_team department_head",
    "contacts.export": "admin city_manager crisis_team department_head",
    "contacts.confirm": "admin city_manager crisis_team",
    "action.read": "staff",
    "action.add": "staff",
    "action.work": "staff",
    "action.work-others": "admin city_manager department_head",
    "action.export": "admin city_manager department_head",
    "crisis.raise": "staff",
    "crisis.activate": "city_manager crisis_team department_head",
    "crisis.answer": "staff",
    "crisis.log": "staff",
    "crisis.approve": "city_manager crisis_team department_head",
    "crisis.export": "admin city_manager crisis_team department_head",
    "crisis.standdown": "city_manager crisis_team",
    "morning.read": "staff",
    "morning.read-all": "admin city_manager",
    "standup.answer": "staff",
    "blocker.close": "staff",
    "checkin.answer": "staff",
    "checkin.help": "admin city_manager department_head",
    "checklist.read": "staff",
    "checklist.tick": "staff",
    "checklist.tick-others": "admin city_manager",
    "away.set": "staff",
    "away.set-others": "admin city_manager",
    "city.connect": "admin",
    "clock.confirm": "admin",
    "accounts.decide": "admin",
    "people.read": "admin city_manager",
    "delivery.decide": "admin city_manager",
    "fault.read": "admin",
    "duty.hand-over": "staff",
    "duty.hand-over-others": "admin city_manager",
}


def test_each_right_has_the_roles_that_were_decided_and_no_other() -> None:
    assert {right: " ".join(sorted(roles)) for right, roles in RULES.items()} == EXPECTED


def test_what_takes_data_out_is_for_no_staff_at_large() -> None:
    assert {right for right in TAKES_OUT if "staff" in RULES[right]} == set()
