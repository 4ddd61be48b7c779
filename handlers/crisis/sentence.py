"""Danger in plain words: whatever else a sentence says, the crisis team and the emergency number come first."""

from handlers.crisis.calling.alarm import LONGEST
from handlers.kit.context import Request
from handlers.kit.contributions import understands
from handlers.kit.in_town import place_in
from handlers.kit.inline import Phone
from handlers.kit.messages import Text
from handlers.kit.sentence import Sentence
from handlers.kit.signs import cut
from handlers.kit.understood import Understood

ACTIVATE = "crisis activate"


@understands("crisis")
def as_danger(request: Request, sentence: Sentence) -> Understood | None:
    """A sentence with a word of danger in it."""
    if not sentence.says(request.city.words.danger):
        return None
    emergency = request.city.contacts.emergency
    call = Text("Call ", Phone(emergency), " first.") if emergency else Text("Call the emergency number first.")
    what = cut(" ".join(sentence.text.split()), LONGEST, at_a_word=True)
    place = place_in(sentence.text, request.city.words.landmarks)
    values = {"what": what} | ({"where": place} if place else {})
    return Understood(ACTIVATE, values, "Is somebody in danger?", "Call the crisis team", sure=1, urgent=(call,))
