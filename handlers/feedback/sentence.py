"""Feedback in plain words: what an ordinary sentence says for the register, proposed before it is logged."""

import re

from handlers.feedback.card import KINDS
from handlers.kit.city.model import City
from handlers.kit.city.words import Kind
from handlers.kit.context import Request
from handlers.kit.contributions import understands
from handlers.kit.in_town import place_in
from handlers.kit.sentence import Sentence
from handlers.kit.understood import Understood

ADD = "feedback add"
_ASKS = re.compile(
    r"\?|(?:^|[:,.;-] )(?:when|what(?! an?\b)|where|who|how|why|which|is|are|does|do|did)\b", re.IGNORECASE
)
# A question that is one whatever else it says: what's the deposit to reserve the gazebo?
_QUESTION = re.compile(
    r"(?:^|[:,.;-] )(?:what|when|where|who|which|how (?:many|much|do|does|can|late|long|often)|is|are|do|does)\b.*\?",
    re.IGNORECASE,
)
# Work that somebody asks for: whether the crosswalk can be repainted, and what begins with it: shut off the supply.
_WISHES = re.compile(
    r"\bask\w* (?:if|whether)\b.*\b(?:can|could) (?:be|get) (?!rented|used|booked|paid|renewed)\w+ed\b|"
    r"^(?:shut|turn|send|move|trim|remove|replace|mark|mow|schedule|reserve|extend) |"
    r"\bask\w*\b.{0,25} for (?:an?|some|two|more) |"
    r"(?:^|[:.;?] )(?:could|can) (?!i |he |she |they |someone |somebody )\w+ (?:\w+ )?"
    r"(?:get|have|be|put|add|stock|bring) |"
    r"\b(?:want|seek|beg|ask|hop|need)(?:s|ing|es|ging)? (?:for )?(?:two|three|some|another|more) ",
    re.IGNORECASE,
)
# What begins with what the city should do: plant a garden, lend out telescopes.
_IDEAS = re.compile(
    r"^(?:plant|make|interpret|lend|let|build|create|offer|host|hold|open|show|stream|publish|swap|start|put up|add) ",
    re.IGNORECASE,
)
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
    sure = sum(name in values for name in ("category", "place", "via")) + bool(sentence.says(_RESIDENTS))
    about = city.categories[values["category"]].name if "category" in values else "please choose"
    facts = [("What", sentence.text), ("Kind", dict(KINDS)[values.get("kind", KINDS[0][0])]), ("About", about)]
    facts += [("Where", values["place"])] if "place" in values else []
    facts += [("Reached us by", values.get("via", "please choose"))]
    return Understood(ADD, values, "Log this as feedback?", "It is feedback", sure, tuple(facts), "feedback.log")


def values_in(city: City, sentence: Sentence) -> dict[str, str]:
    """What a sentence says, by the fields of the form for new feedback; what it leaves open stays out."""
    place = place_in(sentence.text, _known_places(city))
    rest = sentence.without(place)
    found = {
        "kind": _kind(city, rest),
        "category": _category(city, rest, place),
        "place": place,
        "via": _way(city, rest),
    }
    return {"what": sentence.text, **{name: value for name, value in found.items() if value}}


def _category(city: City, sentence: Sentence, place: str | None) -> str | None:
    """The one category that a sentence is about; none where there is danger, where its words say what burns or where
    it flows, or where the place is of another category: a tap next to the soccer field."""
    found = category_in(city, sentence)
    if found is None or sentence.says(city.words.danger):
        return None
    return found if Sentence(place or "").meanings(_categories(city)) <= {found} else None


def category_in(city: City, sentence: Sentence) -> str | None:
    """The one category whose words a sentence has."""
    return sentence.meant(_categories(city), but=city.words.idioms)


def _categories(city: City) -> dict[str, tuple[str, ...]]:
    said = city.words.categories
    return {name: (known.name, *said.get(name, ())) for name, known in city.categories.items()}


def _way(city: City, sentence: Sentence) -> str | None:
    """The one way in that a sentence names."""
    said = city.words.ways
    return sentence.meant({way: (way, *said.get(way, ())) for way in city.reached_us_by}, but=city.words.idioms)


def _kind(city: City, sentence: Sentence) -> str | None:
    said = sentence.meanings({str(kind): said for kind, said in city.words.kinds.items()})
    if _QUESTION.search(sentence.text):
        said -= {"request", "idea"}
        said.add("question")
    for kind, pattern in (("request", _WISHES), ("idea", _IDEAS)):
        if "question" not in said and pattern.search(sentence.text):
            said.add(kind)
    return next((kind for kind in _BY_RANK if kind in said), "question" if _ASKS.search(sentence.text) else None)


def _known_places(city: City) -> tuple[str, ...]:
    return (*city.words.landmarks, *(word for area in city.feedback.area for word in (area.name, *area.words)))
