"""Policy: who may do what, in one table."""

from collections.abc import Collection

EVERYONE = frozenset({"staff"})
ROLES = ("staff", "department_head", "city_manager", "crisis_team", "admin")

# A right, and the roles that have it. Every person has the role `staff`.
RULES: dict[str, frozenset[str]] = {
    "help": EVERYONE,
    "action.read": EVERYONE,
    "action.add": EVERYONE,
    "action.work": EVERYONE,  # the handler asks whose it is: the owner, who asked for it, who looks after its subject
    "action.work-others": frozenset({"department_head", "city_manager", "admin"}),
    "action.export": frozenset({"department_head", "city_manager", "admin"}),
    "risk.read": EVERYONE,
    "risk.add": EVERYONE,
    "risk.close": frozenset({"department_head", "city_manager", "admin"}),
    "risk.export": frozenset({"department_head", "city_manager", "admin"}),
    "risk.decide": EVERYONE,  # the handler checks the roles of the level, which are in risks.toml
    "feedback.read": EVERYONE,
    "feedback.add": EVERYONE,
    "feedback.work": EVERYONE,
    "feedback.close": EVERYONE,
    "feedback.route-back": frozenset({"city_manager"}),
    "feedback.export": frozenset({"department_head", "city_manager", "admin"}),
    "contact.see-all": frozenset({"city_manager"}),
    "crisis.read": EVERYONE,
    "contacts.read": frozenset({"crisis_team", "city_manager", "department_head", "admin"}),
    "contacts.export": frozenset({"crisis_team", "city_manager", "department_head", "admin"}),
    "contacts.confirm": frozenset({"crisis_team", "city_manager", "admin"}),
    "crisis.raise": EVERYONE,
    "crisis.activate": frozenset({"crisis_team", "city_manager", "department_head"}),
    "crisis.answer": EVERYONE,  # the handler checks who was paged
    "crisis.log": EVERYONE,  # anybody who sees something writes it down; each line has its author
    "crisis.approve": frozenset({"crisis_team", "city_manager", "department_head"}),
    "crisis.export": frozenset({"crisis_team", "city_manager", "department_head", "admin"}),
    "crisis.standdown": frozenset({"crisis_team", "city_manager"}),
    "morning.read": EVERYONE,  # the handler checks to whom it went, and who stands in for them
    "morning.read-all": frozenset({"city_manager", "admin"}),
    "standup.answer": EVERYONE,
    "blocker.close": EVERYONE,
    "checkin.answer": EVERYONE,  # the handler checks for the head, or the person who stands in
    "checkin.help": frozenset({"department_head", "city_manager", "admin"}),
    "checklist.read": EVERYONE,
    "checklist.tick": EVERYONE,
    "checklist.tick-others": frozenset({"city_manager", "admin"}),
    "away.set": EVERYONE,  # the handler asks for whom: for themselves, or as the head of their department
    "duty.hand-over": EVERYONE,  # the handler checks whose work it is: their own, or their department's
    "duty.hand-over-others": frozenset({"city_manager", "admin"}),
    "away.set-others": frozenset({"city_manager", "admin"}),
    "city.connect": frozenset({"admin"}),
    "clock.confirm": frozenset({"admin"}),
    "accounts.decide": frozenset({"admin"}),  # whose an account is, and so whose rights it has
    "people.read": frozenset({"city_manager", "admin"}),
    "delivery.decide": frozenset({"city_manager", "admin"}),
    "fault.read": frozenset({"admin"}),
}


# Rights to take data out of the bot in a file: the row about it in the audit is committed before the file is made.
TAKES_OUT = frozenset({"action.export", "risk.export", "feedback.export", "crisis.export", "contacts.export"})


def may(roles: Collection[str], right: str) -> bool:
    """Whether somebody with these roles has this right; raises KeyError for a right without a rule."""
    return not RULES[right].isdisjoint(roles)


def roles_with(right: str) -> list[str]:
    """The roles that have a right, as people say them, in the order of ``ROLES``."""
    return [role.replace("_", " ") for role in ROLES if role in RULES[right]]
