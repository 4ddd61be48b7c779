"""Crisis roll call: asking the departments how they are, and what they said."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

from handlers.crisis.record import at_when, stamped
from handlers.crisis.to_many import tell_each
from handlers.kit.context import Context
from handlers.kit.inline import Inline, Level, Status
from handlers.kit.lists import counted, with_commas
from handlers.kit.messages import Button, Buttons, Card, Note, Text
from handlers.kit.plain import plain_line
from handlers.kit.speaking import Message
from handlers.kit.time.calendar import hours_since
from handlers.kit.values import Carried, written
from storage.crisis.records import Crisis
from storage.crisis.rollcalls import Rollcall
from storage.time.timers import NewTimer

REMIND, SILENT, STALE = "crisis.rollcall-remind", "crisis.rollcall-silent", "crisis.rollcall-stale"
ANSWERS = {"ok": "OK", "affected": "affected", "help": "needs help"}
SILENCE, WAITS = "silent", "no answer yet"  # with a late answer, and before
WORST = ("help", "affected", SILENCE, WAITS, "ok")  # the worst first: who asks for help before who says nothing
LEVELS: Mapping[str, Level] = {
    "help": "critical", "affected": "warning", SILENCE: "warning", WAITS: "neutral", "ok": "good"
}  # fmt: skip
LABELS = {**ANSWERS, SILENCE: SILENCE, WAITS: WAITS}
COUNTED = {**LABELS, WAITS: "not answered yet"}
SEVERAL = {"help": "need help"}
WAS = {**ANSWERS, "help": "needed help", SILENCE: "did not answer"}  # after the end


@dataclass(frozen=True)
class DepartmentOf(Carried):
    """A department that is asked in a crisis."""

    crisis: str
    department: str


def rollcall_ref(one: Rollcall) -> str:
    """The reference of the question to a department."""
    return f"{one.crisis} department {one.department}"


def department_of(one: Rollcall) -> DepartmentOf:
    """The value that a button of the question carries."""
    return DepartmentOf(one.crisis, one.department)


def subject(one: Rollcall) -> str:
    """The subject of a question's timers."""
    return written(department_of(one))


def department_name(context: Context, department: str) -> str:
    known = context.city.departments.get(department)
    return known.name if known else department


def ask(context: Context, crisis: Crisis, departments: Iterable[str]) -> None:
    """Ask departments how they are; while a question is open, a department is not asked a second one."""
    known = {rollcall.department: rollcall for rollcall in context.store.crisis.rollcalls.take_all(crisis.ref)}
    new, again = list[Rollcall](), list[Rollcall]()
    for department in departments:
        before, person = known.get(department), context.duties.head(department).person
        if before is None:
            new.append(Rollcall(crisis.ref, department, person, context.now, 1))
        elif not before.is_silent:
            again.append(replace(before, asked=person, asked_at=context.now, round=before.round + 1))
    context.store.crisis.rollcalls.add_all(new)
    context.store.crisis.rollcalls.ask_again(again)
    tell_each(context, crisis, [_question_to(context, crisis, rollcall, rollcall.asked) for rollcall in (*new, *again)])
    times = context.city.crisis.rollcall
    context.schedule_each([
        NewTimer(kind, subject(rollcall), context.now + timedelta(minutes=minutes), rollcall.round)
        for rollcall in (*new, *again)
        for kind, minutes in ((REMIND, times.remind_minutes), (SILENT, times.escalate_minutes))
    ])  # fmt: skip


def put_question(context: Context, crisis: Crisis, one: Rollcall, person: str) -> None:
    """Ask somebody how a department is."""
    tell_each(context, crisis, [_question_to(context, crisis, one, person)])


def _question_to(context: Context, crisis: Crisis, one: Rollcall, person: str) -> Message:
    card, draws = question(context, crisis, one), f"crisis.rollcall {subject(one)}"
    return Message(f"dm:{person}", card, rollcall_ref(one), "page", draws=draws)


def ask_instead(context: Context, crisis: Crisis, one: Rollcall) -> None:
    """Ask the stand-in, because the person who was asked about a department cannot be asked any more."""
    person = context.duties.head(one.department).person
    if person == one.asked:
        return
    one = context.store.crisis.rollcalls.change(one, asked=person)
    context.audit(rollcall_ref(one), to=person)
    put_question(context, crisis, one, person)


def question(context: Context, crisis: Crisis, one: Rollcall) -> Card:
    """The question as it is now: asked, asked again because the answer is old, or answered."""
    name, value = department_name(context, one.department), department_of(one)
    if not crisis.is_open:
        return stamped(crisis, Card(f"{crisis.ref} is over: {name} is not asked anymore", Text(crisis.what)))
    labels = {"ok": "OK", "affected": "Affected", "help": "Need help"}
    if not one.is_silent:
        labels["line"] = "Add a line"
    buttons = Buttons(*(Button(label, f"crisis.department-{key}", value) for key, label in labels.items()))
    line = f"Last answer: {answer_line(context, one)}." if one.answer and one.is_silent else one.line
    said = [Text(context.stand_in_line(head)) for head in _stood_in_for(context, one)] + ([Note(line)] if line else [])
    title = f"{crisis.ref}: how is {name}?" if one.is_silent else f"{crisis.ref}: {name}: {said_by(context, one)}"
    return stamped(crisis, Card(title, Text(crisis.what), *said, buttons))


def _stood_in_for(context: Context, one: Rollcall) -> list[str]:
    """The head of the department, if somebody else is asked because the head cannot be."""
    known = context.city.departments.get(one.department)
    away = known is not None and one.is_silent and one.asked != known.head and context.duties.why_not(known.head)
    return [known.head] if known and away else []


def said_by(context: Context, one: Rollcall) -> str:
    at = at_when(context, one.answered_at or context.now)
    return f"{ANSWERS[one.answer or 'ok']}, {context.name(one.answered_by)} said {at}"


def answer_line(context: Context, one: Rollcall) -> str:
    """What a department answered last, and how old the answer is when it is asked again."""
    line = f": {one.line}" if one.line else ""
    said = f"{ANSWERS[one.answer or 'ok']}{line}"
    if one.is_silent and one.answered_at:
        return f"{said}, {hours_since(one.answered_at, context.now)} ago, asked again"
    return said


def asked(context: Context, crisis: Crisis) -> list[Rollcall]:
    """The departments that were asked, in the order of their names."""
    return sorted(
        context.store.crisis.rollcalls.of(crisis.ref),
        key=lambda rollcall: department_name(context, rollcall.department),
    )


def silent(context: Context, crisis: Crisis) -> list[Rollcall]:
    """The departments that have not answered their last question."""
    return [rollcall for rollcall in asked(context, crisis) if rollcall.is_silent]


def may_answer(context: Context, one: Rollcall, person: str) -> bool:
    """Whether somebody may answer: the head, the person who was asked, or the head's stand-in."""
    head = context.city.departments[one.department].head if one.department in context.city.departments else None
    return person in (head, one.asked, stands_in(context, one))


def stands_in(context: Context, one: Rollcall) -> str | None:
    """Whom to ask when the head is silent: the next in line."""
    known = context.city.departments.get(one.department)
    if known is None:
        return None
    asked = (known.head, one.asked)
    return next((person for person in context.duties.line([known.head]) if person not in asked), None)


def worst_first(context: Context, crisis: Crisis) -> list[Rollcall]:
    """The departments that were asked: those that need help, are affected, are silent, and the rest."""
    return sorted(asked(context, crisis), key=lambda rollcall: WORST.index(stands(context, crisis, rollcall)))


def stands(context: Context, crisis: Crisis, one: Rollcall) -> str:
    """How a department stands: what it answered, silent when its answer is late, else that it waits."""
    if not one.is_silent:
        return one.answer or "ok"
    late = one.asked_at + timedelta(minutes=context.city.crisis.rollcall.escalate_minutes)
    return SILENCE if context.now >= late or not crisis.is_open else WAITS


def tally(context: Context, crisis: Crisis, found: Iterable[Rollcall]) -> list[Inline]:
    """How many departments need help, are affected, are silent and are OK; what is not well catches the eye while the
    crisis is on."""
    said = Counter(stands(context, crisis, rollcall) for rollcall in found)
    parts: list[Inline] = []
    for answer in WORST:
        label = counted(said[answer], COUNTED[answer], SEVERAL.get(answer, COUNTED[answer]))
        if said[answer] and not crisis.is_open:
            parts.append(counted(said[answer], WAS[answer], WAS[answer]))
        elif said[answer]:
            parts.append(Status(LEVELS[answer], label) if answer not in ("ok", WAITS) else label)
    return with_commas(parts)


def state(context: Context, crisis: Crisis, one: Rollcall) -> str:
    """How a department is in one line, and who said so or is asked."""
    name, says, who, _ = row(context, crisis, one)
    return f"{name}: {says} ({who})"


def row(context: Context, crisis: Crisis, one: Rollcall) -> tuple[str, ...]:
    """A department's row in the table: what it answered, who said so and when."""
    calendar, who = context.calendar, context.name(one.asked if one.is_silent else one.answered_by)
    says = answer_line(context, one) if one.answer else LABELS[stands(context, crisis, one)]
    at = one.asked_at if one.is_silent or one.answered_at is None else one.answered_at
    return department_name(context, one.department), says, who, f"{'asked ' * one.is_silent}{calendar.spoken(at)}"


def counts(context: Context, crisis: Crisis) -> str:
    """How many departments gave each answer, and the names of the silent ones."""
    found = asked(context, crisis)
    said = plain_line(tuple(tally(context, crisis, [rollcall for rollcall in found if not rollcall.is_silent])))
    helps = [
        department_name(context, rollcall.department)
        for rollcall in found
        if not rollcall.is_silent and rollcall.answer == "help"
    ]
    quiet = [
        f"{department_name(context, rollcall.department)} ({context.name(rollcall.asked)})"
        for rollcall in found
        if rollcall.is_silent
    ]
    parts = [
        said or "nobody has answered yet",
        *([f"Help for: {', '.join(helps)}"] if helps else []),
        *([f"Silent: {', '.join(quiet)}"] if quiet else []),
    ]
    return f"{'. '.join(parts)}."
