"""Actions in plain words: remind me to call the firm on Monday, tell Felix to draft a note."""

import re

from handlers.kit.context import Request
from handlers.kit.contributions import understands
from handlers.kit.sentence import Sentence
from handlers.kit.signs import cut
from handlers.kit.understood import Understood

SURE = 5  # signs: more than a sentence has by chance that tells of what residents said
LONGEST = 300  # characters of what has to be done
_SAYS = re.compile(
    r"(?:(?:todo|to do|task|action item|action)\s*:\s*|remind (?P<me>me|us) to |"
    r"(?:tell|ask|remind) (?P<who>@?[^\W\d_][\w.-]*(?: [A-Z]\w+)?) to |"
    r"(?P<whom>@?[^\W\d_][\w.-]*) (?:should|needs to|has to|must) )(?P<what>.+)",
    re.IGNORECASE,
)
_DUE = re.compile(
    r",? (?:by|until|before|on|due)? ?(?P<due>today|tomorrow|(?:next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
    r"in \d+ (?:days?|weeks?))[.!]?$",
    re.IGNORECASE,
)


@understands("actions")
def as_action(request: Request, sentence: Sentence) -> Understood | None:
    """Something that somebody has to do."""
    found = _SAYS.match(" ".join(sentence.text.split()))
    if found is None:
        return None
    named = found["who"] or found["whom"]
    owner = request.person.id if found["me"] else named and _known(request, named)
    if found["whom"] and owner is None:  # the street should be swept
        return None
    what, due = found["what"], _DUE.search(found["what"])
    values = {"what": cut((what[: due.start()] if due else what).strip(" ,."), LONGEST, at_a_word=True)}
    values |= {"owner": f"@{owner}"} if owner else {}
    values |= {"due": due["due"].lower()} if due else {}
    facts = [("What", values["what"]), *([("Who", request.name(owner))] if owner else [])]
    facts += [("By when", values["due"])] if due else []
    return Understood("action add", values, "Add this as an action?", "It is an action", SURE, tuple(facts))


def _known(request: Request, named: str) -> str | None:
    """The id of a person of the city who is named by it, by their full name or by their first name alone."""
    said = named.removeprefix("@").lower()
    first = [person.id for person in request.city.people.values() if person.name.lower().split()[0] == said]
    if said in request.city.people:
        return said
    full = [person.id for person in request.city.people.values() if person.name.lower() == said]
    return (full or first)[0] if len(full or first) == 1 else None
