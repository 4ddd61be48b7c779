"""Danger in plain words: whatever else a sentence says, the crisis team and the emergency number come first."""

from handlers.kit.context import Request
from handlers.kit.contributions import understands
from handlers.kit.inline import Phone
from handlers.kit.messages import Text
from handlers.kit.sentence import Sentence
from handlers.kit.understood import Understood

ACTIVATE = "crisis activate"


@understands("crisis")
def as_danger(request: Request, sentence: Sentence) -> Understood | None:
    """A sentence with a word of danger in it."""
    if not sentence.says(request.city.words.danger):
        return None
    emergency = request.city.contacts.emergency
    call = Text("Call ", Phone(emergency), " first.") if emergency else Text("Call the emergency number first.")
    return Understood(
        ACTIVATE, {"what": sentence.text}, "Is somebody in danger?", "Call the crisis team", sure=1, urgent=(call,)
    )
