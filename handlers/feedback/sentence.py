"""Feedback in plain words: what an ordinary sentence says for the register, proposed before it is logged."""

import re

from handlers.feedback.card import KINDS
from handlers.kit.city.model import City
from handlers.kit.city.words import Kind
from handlers.kit.context import Request
from handlers.kit.contributions import understands
from handlers.kit.in_town import place_in
from handlers.kit.sentence import READ, Sentence
from handlers.kit.understood import Understood

ADD = "feedback add"
_ASKING = r"(?:when|what(?! an?\b)|where|who|how|why|which|is|are|does|do|did)\b"
_ASKS = re.compile(rf"\?|(?:^|[:,.;-] ){_ASKING}", re.IGNORECASE)
# A question that is one whatever else it says: what's the deposit to reserve the gazebo? But no: how about a gazebo?
_QUESTION = re.compile(rf"(?:^|[:.;-] )(?!how about|why ){_ASKING}.*\?", re.IGNORECASE)
# What somebody asks for in other than the words of the lists: an e-mail for a new bin, could we get a bench.
_WISHES = re.compile(
    r"^shut |\bask\w*\b.{0,25} for (?:an?|some|two|more) |"
    r"(?:^|[:.;?] )(?:could|can) (?!i |he |she |they |someone |somebody )\w+ (?:\w+ )?"
    r"(?:get|have|be|put|add|stock|bring) ",
    re.IGNORECASE,
)
_IDEAS = re.compile(r"^(?:plant an?|make|interpret) ", re.IGNORECASE)  # what the city should do, said first
# What somebody wants of us, and no resident has said.
_OF_US = re.compile(
    r"(?:show|list|find|open|search|top|biggest|what|what's|whats|which|who|who's|whos|where|where's|wheres|how|how's|hows|"
    r"is there|are there|any|tell|remind|todo|i)\b",
    re.IGNORECASE,
)
_FEWEST = 2  # words of feedback
_BY_RANK: tuple[Kind, ...] = ("praise", "complaint", "idea", "request", "question")  # the first that is said is meant
_RESIDENTS = (
    "resident", "caller", "neighbor", "neighbour", "customer", "visitor", "patron", "tenant", "homeowner", "parent",
    "lady", "woman", "man", "guy", "mom", "dad", "mr", "mrs", "ms", "citizen", "student", "teacher", "shopkeeper",
    "folks",
)  # fmt: skip


@understands("feedback")
def as_feedback(request: Request, sentence: Sentence) -> Understood | None:
    """Feedback of a resident that somebody tells in their own words."""
    values, city = values_in(request.city, sentence), request.city
    told = "via" in values or bool(sentence.says(_RESIDENTS))
    sure = ("category" in values) + ("place" in values) + ("via" in values) + bool(sentence.says(_RESIDENTS))
    if not told and (_OF_US.match(sentence.text) or len(sentence.said) < _FEWEST):
        sure = 0
    about = city.categories[values["category"]].name if "category" in values else "please choose"
    facts = [("What", sentence.text), ("Kind", dict(KINDS)[values.get("kind", KINDS[0][0])]), ("About", about)]
    facts += [("Where", values["place"])] if "place" in values else []
    facts += [("Reached us by", values.get("via", "please choose"))]
    return Understood(ADD, values, "Log this as feedback?", "It is feedback", sure, tuple(facts), "feedback.log")


def values_in(city: City, sentence: Sentence) -> dict[str, str]:
    """What a sentence says, by the fields of the form for new feedback; what it leaves open stays out."""
    place = _place(city, sentence)
    rest = sentence.without(place)
    found = {
        "kind": _kind(city, rest),
        "category": category_in(city, rest),
        "place": place,
        "via": _way(city, rest),
    }
    return {"what": sentence.text, **{name: value for name, value in found.items() if value}}


def _place(city: City, sentence: Sentence) -> str | None:
    """Where it is, without what it is where that stands right before: pothole elm street."""
    place = place_in(sentence.text, _known_places(city))
    while place and len(place.split()) > 2 and category_in(city, Sentence(place.split()[0])):
        place = place.partition(" ")[2]
    return place


def category_in(city: City, sentence: Sentence) -> str | None:
    """The one category that a sentence is about; none where there is danger: its words then name what burns, and not
    what it is about."""
    if sentence.says(city.words.danger):
        return None
    said = city.words.categories
    known = {name: (category.name, *said.get(name, ())) for name, category in city.categories.items()}
    return sentence.meant(known, but=city.words.idioms)


def _way(city: City, sentence: Sentence) -> str | None:
    """The one way in that a sentence names."""
    said = city.words.ways
    return sentence.meant({way: (way, *said.get(way, ())) for way in city.reached_us_by}, but=city.words.idioms)


def _kind(city: City, sentence: Sentence) -> str | None:
    said = sentence.meanings({str(kind): phrases for kind, phrases in city.words.kinds.items()})
    if _QUESTION.search(sentence.text[:READ]):
        said -= {"request", "idea"}
        said.add("question")
    for kind, pattern in (("request", _WISHES), ("idea", _IDEAS)):
        if "question" not in said and pattern.search(sentence.text[:READ]):
            said.add(kind)
    return next((kind for kind in _BY_RANK if kind in said), "question" if _ASKS.search(sentence.text[:READ]) else None)


def _known_places(city: City) -> tuple[str, ...]:
    return (*city.words.landmarks, *(word for area in city.feedback.area for word in (area.name, *area.words)))
