"""Risks in plain words: what an ordinary sentence says for the register."""

from handlers.kit.context import Request
from handlers.kit.contributions import understands
from handlers.kit.sentence import Sentence
from handlers.kit.signs import cut
from handlers.kit.understood import Understood
from storage.risk.records import LONGEST_TITLE

WEIGHT = 3  # signs of feedback that one word of risk outweighs


@understands("risk")
def as_risk(request: Request, sentence: Sentence) -> Understood:
    """A risk that somebody tells in their own words."""
    city = request.city
    said = city.words.risk_categories
    category = sentence.meant({known.id: (known.name, *said.get(known.id, ())) for known in city.risks.category})
    title = cut(" ".join(sentence.text.split()), LONGEST_TITLE, at_a_word=True)
    values = {"title": title} | ({"category": category} if category else {})
    values |= {"details": sentence.text} if len(sentence.text) > LONGEST_TITLE else {}
    owner = next((word for word in sentence.text.split() if word.startswith("@")), "")
    values |= {"owner": owner.rstrip(".,;")} if request.find_person(owner.rstrip(".,;")) else {}
    sure = WEIGHT * len(sentence.says(city.words.risk))
    about = next((known.name for known in city.risks.category if known.id == category), "")
    facts = [("What could happen", title), *([("About", about)] if about else [])]
    facts += [("Owner", values["owner"])] if "owner" in values else []
    return Understood("risk add", values, "Log this as a risk?", "It is a risk", sure, tuple(facts))
