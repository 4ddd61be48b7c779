"""Understanding: which command or action a gesture means, and what its form is made of."""

from dataclasses import dataclass
from functools import cached_property

from bot.inbound import FromMessage, Gesture, Pressed, Submitted, Typed
from bot.origin import Origin
from handlers.kit.catalogue import Catalogue
from handlers.kit.declared import Action, Command
from handlers.kit.messages import SAY
from handlers.kit.values import name_and_about
from handlers.kit.words import HelpWanted, Meant, NotKnown, SmallTalk, understand

Target = Command | Action


def is_kept(target: Target | None) -> bool:
    """Whether a record of this command keeps the message that it was made of."""
    return isinstance(target, Command) and bool(target.from_message)


@dataclass(frozen=True)
class Meaning:
    """What a gesture means; a button that types a command is as good as typing it.

    ``target`` is the command or action, ``rest`` the rest of a typed line, or what a button or a form is about.
    ``instead`` is what a typed line says that names no command.
    """

    what: Gesture
    target: Target | None
    rest: str
    instead: HelpWanted | SmallTalk | NotKnown | None = None

    @cached_property
    def made_of(self) -> Origin:
        """What this is made of; a command's form carries it where an action's has its subject."""
        match self.what:
            case FromMessage(source=link, key=key):
                return Origin.read(str(Origin(link, key)))
            case Typed(files=files, source=link) if files and is_kept(self.target):
                return Origin.read(str(Origin(link)))
            case Submitted() if isinstance(self.target, Command):
                return Origin.read(self.rest)
            case _:
                return Origin()


def meaning_of(what: Gesture, catalogue: Catalogue) -> Meaning:
    """What is meant, as far as there is such a command or action."""
    match what:
        case Typed():
            return _typed(what, catalogue)
        case Pressed(action, line) if action == SAY:
            return _typed(Typed(line), catalogue)
        case Pressed(action, value):
            return Meaning(what, catalogue.actions.get(action), value)
        case FromMessage(command):
            return Meaning(what, catalogue.commands.get(command), "")
        case Submitted(target):
            name, value = name_and_about(target)
            known = name in catalogue.commands or name in catalogue.actions
            return Meaning(what, catalogue.target(name) if known else None, value)


def _typed(what: Typed, catalogue: Catalogue) -> Meaning:
    match understand(what.text, catalogue):
        case Meant(command, rest):
            return Meaning(what, command, rest)
        case instead:
            return Meaning(what, None, what.text, instead)
