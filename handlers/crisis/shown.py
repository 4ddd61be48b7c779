"""Crisis shown: a card for one person has the buttons that they may use, and no others."""

from dataclasses import dataclass
from functools import cached_property

from handlers.crisis.choice import in_team
from handlers.crisis.record import RoleOf
from handlers.crisis.rights import may_command, may_lead
from handlers.crisis.step import step_ref
from handlers.kit.catalogue import catalogue
from handlers.kit.city.crisis import COMMANDER
from handlers.kit.context import Request
from handlers.kit.messages import SAY, Button, Card
from handlers.kit.policy import may
from handlers.kit.values import written
from storage.crisis.records import Crisis

FOR_THE_TEAM = (
    "action add", "crisis.change", "crisis follow-up", "crisis report", "crisis statement", "crisis.report-write",
    "crisis.rollcall-anew", "crisis.statement-show", "crisis.take",
)  # fmt: skip
FOR_LEADERS = ("crisis.window-close", "crisis window")


@dataclass(frozen=True)
class Reader:
    """Who reads a card of a crisis: the request, whether they work on the crisis, and whether they lead it."""

    request: Request
    crisis: Crisis
    works: bool
    leads: bool

    def may_press(self, button: Button) -> bool:
        """Whether a button does something for them; those of other features need the right alone."""
        name, needs = _meant(button)
        if needs and not may(self.request.person.all_roles, needs):
            return False
        if name in FOR_LEADERS:
            return self.leads
        if name in FOR_THE_TEAM:
            return self.works and self._may_take(button)
        return self._of_its_own(name, button.value)

    def _of_its_own(self, name: str, value: str) -> bool:
        """The buttons with a rule of their own."""
        if name == "crisis.lessons":
            return self.leads or may(self.request.person.all_roles, "crisis.standdown")
        if name == "crisis reopen":
            return self.request.store.crisis.records.goes_on_as(self.crisis.ref) is None
        return not name.startswith("crisis.step-") or self.works or self._owns(value)

    def _may_take(self, button: Button) -> bool:
        """Whether they may take the role of a button; True for buttons of other kinds."""
        commands = button.action == "crisis.take" and button.value == written(RoleOf(self.crisis.ref, COMMANDER))
        return not commands or may_command(self.request.city, self.request.person.id)

    def _owns(self, value: str) -> bool:
        """Whether a step is their own."""
        return value in self._own_steps

    @cached_property
    def _own_steps(self) -> set[str]:
        tasks = self.request.store.crisis.tasks.of(self.crisis.ref)
        return {step_ref(task) for task in tasks if task.owner == self.request.person.id}


def for_reader(request: Request, crisis: Crisis, card: Card) -> Card:
    """The card for the person who asked for it: without the buttons that would only refuse them."""
    works, leads = in_team(request, crisis, request.person), may_lead(request, crisis, request.person)
    return card.with_buttons(Reader(request, crisis, works, leads).may_press)


def _meant(button: Button) -> tuple[str, str]:
    """The command or action that a button calls, and the right that it needs."""
    if button.action != SAY:
        action = catalogue.actions.get(button.action)
        return button.action, action.needs if action else ""
    words = button.value.split()
    for count in range(len(words), 0, -1):
        if command := catalogue.commands.get(" ".join(words[:count])):
            return command.name, command.needs
    return "", ""
