"""Cases: what each command and each button is tried with; placeholders stand for the records.

A command needs no case where its example will do: R-1 in it stands for somebody's open risk, and so on. Everything
else that a form requires is filled in with something that fits.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.inbound import Gesture, Pressed, Typed
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.declared import Action, Command, asked
from handlers.kit.forms import Question
from tests.access.records import Things
from tests.access.town import Way, filled

OVER = {  # the placeholder of a closed record, for each that has one
    "risk": "closed_risk", "feedback": "closed_feedback", "crisis": "closed_crisis", "blocker": "closed_blocker",
    "action": "closed_action", "follow_up": "closed_follow_up", "statement": "closed_statement",
}  # fmt: skip
EXAMPLES = (
    (re.compile(r"\bA-1\b"), "{action}"), (re.compile(r"\bR-1\b"), "{risk}"), (re.compile(r"\bF-1\b"), "{feedback}"),
    (re.compile(r"\bF-2\b"), "{copy}"), (re.compile(r"\bCR-2026-01\b"), "{crisis}"),
)  # fmt: skip
PLACEHOLDER = re.compile(r"\{(\w+)\}")
FITS = {"level": "3", "date": "friday", "person": "@sam", "text": "4"}


@dataclass(frozen=True)
class Case:
    """What a command or button is tried with: ``text`` is the line, or the value of the button; ``values`` are filled
    into its form. ``label`` names one of several cases of the same command. ``way`` is how it comes in."""

    text: str
    values: Mapping[str, str] = field(default_factory=dict)
    label: str = ""
    way: Way = "alone"

    @property
    def names(self) -> list[str]:
        """The records that it is about."""
        return PLACEHOLDER.findall(self.text)

    def can_be_closed(self) -> bool:
        """Whether it can also be tried on a closed record."""
        return any(name in OVER for name in self.names)

    def about(self, things: Things) -> str | None:
        """The line or value about these records; None when one of them does not exist."""
        return self.text.format_map(things) if all(things[name] for name in self.names) else None


COMMANDS: dict[str, tuple[Case, ...]] = {
    "action add": (Case("/action add Measure it; owner @rosa; due friday; about {risk}"),),
    "checkin": (Case("/checkin {department}; health 4; open requests 38; overtime hours 12"),),
    "checklist skip": (Case("/checklist skip {item}; reason Not this week"),),
    "checklist tick": (Case("/checklist tick {item}"),),
    "checklist untick": (Case("/checklist untick {item}"),),
    "city away": (
        Case("/city away from friday to 2026-12-04", label="oneself"),
        Case("/city away from friday to 2026-12-04; person @{holder}"),
    ),
    "city connect": (Case("/city connect risks", way="room"),),
    "city handover": (Case("/city handover {holder} to @rosa"),),
    "crisis allow": (Case("/crisis allow @{holder}"),),
    "crisis change": (
        Case("/crisis change 3; crisis {crisis}", label="level"),
        Case("/crisis change ; where Mill Lane; crisis {crisis}", label="place"),
    ),
    "crisis confirm": (Case("/crisis confirm {alarm}"), Case("/crisis confirm {lone}", label="declared already")),
    "crisis follow-up": (Case("/crisis follow-up Check it; owner @hugo; due in 3 weeks; crisis {crisis}"),),
    "crisis handover": (Case("/crisis handover Commander; person @marcus; crisis {crisis}"),),
    "crisis lessons": (Case("/crisis lessons {closed_crisis}; cause A valve; lessons Check them"),),
    "crisis log": (Case("/crisis log Pumps are running; crisis {crisis}"),),
    "crisis reopen": (Case("/crisis reopen It burst again; crisis {closed_crisis}"),),
    "crisis report": (Case("/crisis report Pumps run; kind executive; next in 4 hours; crisis {crisis}"),),
    "crisis rollcall": (Case("/crisis rollcall {crisis}"),),
    "crisis standdown": (Case("/crisis standdown Water is back on; crisis {crisis}"),),
    "crisis statement": (
        Case("/crisis statement A burst; who All; since 08:40; do Boil water; next in 2 hours; crisis {crisis}"),
    ),
    "crisis timeline": (Case("/crisis timeline {crisis}"),),
    "feedback give": (Case("/feedback give {feedback}; to @rosa"),),
    "feedback mail": (Case("/feedback mail {closed_feedback}"),),
    "feedback reopen": (Case("/feedback reopen {closed_feedback}; why It broke again"),),
    "feedback resume": (Case("/feedback resume {waiting_feedback}"),),
    "risk accept": (Case("/risk accept {risk}; until in 9 days; why It is watched"),),
    "risk approve": (Case("/risk approve {asked_risk}"),),
    "risk assign": (Case("/risk assign {risk}; owner @rosa"),),
    "risk confirm": (Case("/risk confirm {treated_risk}"),),
    "risk decline": (Case("/risk decline {asked_risk}; why Fix the gate first"),),
    "risk done": (Case("/risk done {action}"),),
    "risk reopen": (Case("/risk reopen {closed_risk}; reason It leaks again"),),
}  # fmt: skip

ACTIONS: dict[str, tuple[Case, ...]] = {
    "action.delegate": (Case("{risk}"),),
    "action.history": (Case("{action}"),),
    "action.page": (Case("0 mine"),),
    "account.give": (Case("slack Usam yuki sam"),),
    "account.leave": (Case("slack Usam yuki sam"),),
    "away.change": (Case("{absence}"),),
    "away.end": (Case("{absence}"),),
    "blocker.close": (Case("{blocker}"),),
    "checkin.answer": (Case("{checkin} 0"),),
    "checkin.open": (Case("{checkin}"),),
    "checkin.part": (Case("2026-11-23 silent"),),
    "checkin.risk": (Case("library 2026-11-23"),),
    "checkin.show": (Case("library 2026-11-23"),),
    "checkin.silent": (Case("{checkin}"),),
    "checkin.take-help": (Case("library 2026-11-23"),),
    "checklist.done": (Case("2026-11-23"),),
    "checklist.missed": (Case("2026-11-01"),),
    "checklist.part": (Case("2026-11-01 daily"),),
    "checklist.tick": (Case("{owed}"),),
    "checklist.tick-task": (Case("{owed}"),),
    "checklist.untick": (Case("{owed}"),),
    "city.unreached": (Case(""),),
    "city.hand-over": (Case("{holder} rosa {digest}"),),
    "clock.confirm": (Case("boot 7200"),),
    "contacts.page": (Case("0"),),
    "contacts.right": (Case("{contact}"),),
    "crisis.alone": (Case("{lone}"),),
    "crisis.another": (Case("{alarm_draft}"),),
    "crisis.board-part": (Case("{crisis} team"),),
    "crisis.change": (Case("{crisis}", {"where": "Mill Lane"}),),
    "crisis.reopen-all-the-same": (Case("{reopen_draft}"),),
    "crisis.call-held": (Case("{held_alarm}"),),
    "crisis.cannot": (Case("{crisis}"),),
    "crisis.coming": (Case("{crisis}"),),
    "crisis.confirm": (Case("{alarm}"), Case("{lone}", label="declared already")),
    "crisis.department-affected": (Case("{crisis} {department}"),),
    "crisis.department-help": (Case("{crisis} {department}"),),
    "crisis.department-line": (Case("{crisis} {department}"),),
    "crisis.department-ok": (Case("{crisis} {department}"),),
    "crisis.follow-up-done": (Case("{follow_up}"),),
    "crisis.give-back": (Case("{crisis} commander"),),
    "crisis.goes-on": (Case("{crisis} no prevention"),),
    "crisis.help-answer": (Case("{helped}", {"text": "They are on the way"}),),
    "crisis.help-give": (Case("{helped}", {"person": "hugo"}),),
    "crisis.help-mine": (Case("{helped}"),),
    "crisis.here": (Case("{crisis}"),),
    "crisis.leave-held": (Case("{held_alarm}"),),
    "crisis.lessons": (Case("{closed_crisis}"),),
    "crisis.log-correct": (Case("{log_line}"),),
    "crisis.phoned": (Case("{crisis} felix coming"),),
    "crisis.promise-later": (Case("{crisis} {promise}"),),
    "crisis.rate": (Case("{closed_crisis}"),),
    "crisis.report-correct": (Case("{told}"),),
    "crisis.report-later": (Case("{crisis} executive"),),
    "crisis.report-write": (Case("{crisis} executive", {"crisis": "{crisis}", "next": "in 2 hours"}),),
    "crisis.review": (Case("{alone}"),),
    "crisis.rollcall-anew": (Case("{crisis}"),),
    "crisis.standdown-agree": (Case("{ending} 1"),),
    "crisis.standdown-back": (Case("{ending} 1"),),
    "crisis.standdown-refuse": (Case("{ending} 1"),),
    "crisis.statement-anew": (Case("{statement}"),),
    "crisis.statement-approve": (Case("{statement}"),),
    "crisis.statement-back": (Case("{statement}"),),
    "crisis.statement-show": (Case("{statement}"),),
    "crisis.step-done": (Case("{step}"),),
    "crisis.step-give": (Case("{step}"),),
    "crisis.step-mine": (Case("{step}"),),
    "crisis.step-over": (Case("{step_over}"),),
    "crisis.step-undo": (Case("{done_step}"),),
    "crisis.take": (Case("{crisis} commander", label="held"), Case("{alarm} commander", label="free commander"),
                    Case("{crisis} communications", label="free")),
    "crisis.phone-page": (Case("0 {crisis}"),),
    "crisis.rollcall-page": (Case("0 {crisis}"),),
    "crisis.team-page": (Case("0 {crisis}"),),
    "crisis.timeline-page": (Case("0 {crisis}"),),
    "crisis.timeline-sheet": (Case("{crisis}"),),
    "crisis.what-goes-on": (Case("{crisis}"),),
    "crisis.window-close": (Case("{crisis} {window}"),),
    "digest.page": (Case("0"),),
    "digest.put-off": (Case("2026-11-23"),),
    "digest.snooze": (Case("2026-11-23 {risk}"),),
    "fault.mended": (Case("routine standup"),),
    "feedback.accept": (Case("{proposal}"),),
    "feedback.change": (Case("{feedback}", {"what": "Two potholes"}),),
    "feedback.close-as": (Case("{feedback} done", {"answer": "Filled"}),),
    "feedback.contact": (Case("{feedback}", {"contact": "Ann Lee, 212-555-0147"}),),
    "feedback.contact-agree": (Case("{request}"),),
    "feedback.contact-ask": (Case("{feedback}"),),
    "feedback.contact-decline": (Case("{request}"),),
    "feedback.add-anyway": (Case("{feedback_draft}"),),
    "feedback.add-to": (Case("{feedback_draft} {feedback}"),),
    "feedback.decline": (Case("{proposal}"),),
    "feedback.fixed": (Case("{closed_feedback}"),),
    "feedback.history": (Case("{feedback}"),),
    "feedback.log": (Case("{feedback_draft}"),),
    "feedback.mail": (Case("{letter}"),),
    "feedback.more": (Case("{feedback}"),),
    "feedback.not-fixed": (Case("{closed_feedback}"),),
    "feedback.page": (Case("0 mine"),),
    "feedback.search": (Case(""),),
    "feedback.withdraw": (Case("{feedback}"),),
    "city.connect": (Case("risks", way="room"),),
    "fill-in": (Case("{draft}"),),
    "home.group": (Case("due"),),
    "home.open": (Case("", way="event"),),
    "home.page": (Case("0 due"),),
    "morning.now": (Case("2026-11-23"),),
    "morning.part": (Case("2026-11-23 New risks"),),
    "morning.part-now": (Case("2026-11-23 New risks"),),
    "morning.read": (Case(""),),
    "outbox.leave": (Case("{lost}"),),
    "outbox.leave-all": (Case("{lost}"),),
    "outbox.send-again": (Case("{lost}"),),
    "outbox.send-all-again": (Case("{lost}"),),
    "risk.add-anyway": (Case("{draft}"),),
    "risk.add-to": (Case("{draft} {risk}"),),
    "risk.approve": (Case("{asked_risk} {seen}"),),
    "risk.approve-because": (Case("{asked_risk} {seen}"),),
    "risk.change": (Case("{risk}", {"title": "Bridge sinks fast"}),),
    "risk.filter": (Case(""),),
    "risk.more": (Case("{risk}"),),
    "risk.page": (Case("0"),),
    "risk.review": (Case("{risk}", {"still": "yes"}),),
    "risk.table": (Case("now"),),
    "risk.update": (Case("{risk}", {"title": "Bridge sinks fast"}),),
    "risk.withdraw": (Case("{risk}"),),
    "help.lines": (Case("risk"),),
    "help.try": (Case("risk add"),),
    "sentence.no": (Case(""),),
    "standup.answer": (Case("{standup}"),),
    "standup.answers": (Case("{standup}"),),
    "standup.silent": (Case("{standup}"),),
    "undo": (Case("{undo}"),),
}  # fmt: skip


def cases_of(catalogue: Catalogue) -> Iterator[tuple[Command | Action, Case]]:
    """Each command and each button with what it is tried with; an action without a case ends the test."""
    for command in sorted(catalogue.commands.values(), key=lambda item: item.name):
        for case in COMMANDS.get(command.name, (_by_example(command),)):
            yield command, case
    for action in sorted(catalogue.actions.values(), key=lambda item: item.name):
        assert action.name in ACTIONS, (
            f'The button "{action.name}" is in no row of the access matrix: say in tests/access/cases.py (ACTIONS) '
            "what it is pressed about, and in records.py how such a record is made."
        )
        for case in ACTIONS[action.name]:
            yield action, case


def gesture(target: Command | Action, case: Case, about: str, things: Things, city: City, nonce: str) -> Gesture:
    """What somebody does: they type the line, press the button, or send the form that the button opens."""
    if isinstance(target, Command):
        return Typed(about)
    if target.asks is None:
        return Pressed(target.name, about)
    given = {name: value.format_map(things) for name, value in case.values.items()}
    values = {
        question.name: given.get(question.name) or fitting(question)
        for question in asked(target, city, target.read(about))
    }
    return filled(f"{target.name}|{about}", {name: value for name, value in values.items() if value}, nonce)


def fitting(question: Question) -> str:
    """Something that fits a question which must be answered; nothing for any other."""
    if not question.required:
        return ""
    if question.options:
        return question.options[0][0]
    return FITS.get(question.kind, "Because it is so")


def _by_example(command: Command) -> Case:
    text = command.example or f"/{command.name}"
    for pattern, placeholder in EXAMPLES:
        text = pattern.sub(placeholder, text)
    return Case(text)
