"""Absences in plain words: I'm on vacation next week, off sick today."""

import re
from datetime import timedelta

from handlers.kit.context import Request
from handlers.kit.contributions import understands
from handlers.kit.sentence import Sentence
from handlers.kit.understood import Understood

SURE = 5  # signs: more than a sentence has by chance that says where a street light is out
_GONE = (
    r"(?:on vacation|on leave|on holiday|on pto|out of (?:the )?office|off sick|out sick|sick|away|off|out|vacation)"
)
_WHEN = r"today|tomorrow|tonight|this week|next week|(?:next |this |on )?(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_SAYS = re.compile(
    rf"(?:i am|i'm|i\u2019m|im|i will be|i'll be|i\u2019ll be|ill be) {_GONE}(?=$|[ .,!])|{_GONE} (?:{_WHEN})[.!]?$",
    re.IGNORECASE,
)
_FROM = re.compile(
    rf"\bfrom (?P<first>{_WHEN}|\w+ \d+) (?:to|until|till|through) (?P<last>{_WHEN}|\w+ \d+)", re.IGNORECASE
)
_UNTIL = re.compile(rf"\b(?:until|till|through) (?P<last>{_WHEN}|\w+ \d+)", re.IGNORECASE)
_ON = re.compile(rf"\b(?P<day>{_WHEN})\b", re.IGNORECASE)


@understands("away")
def as_absence(request: Request, sentence: Sentence) -> Understood | None:
    """Days on which somebody says that they are away."""
    if not _SAYS.match(sentence.text):
        return None
    values = _days(request, sentence.text)
    facts = [("From", values.get("from_day", "please choose")), ("Last day", values.get("to_day", "please choose"))]
    return Understood("city away", values, "Say that you are away?", "I am away", SURE, tuple(facts))


def _days(request: Request, text: str) -> dict[str, str]:
    """The first and the last day that a sentence names, as they are typed into the form."""
    if found := _FROM.search(text):
        return {"from_day": found["first"].lower(), "to_day": found["last"].lower()}
    if found := _UNTIL.search(text):
        return {"from_day": "today", "to_day": found["last"].lower()}
    found = _ON.search(text)
    if found is None:
        return {}
    day = found["day"].lower().removeprefix("on ").removeprefix("this ").replace("tonight", "today")
    if day.endswith("week"):
        monday = request.today + timedelta(days=(7 if day.startswith("next") else 0) - request.today.weekday())
        first = max(monday, request.today)
        return {"from_day": first.isoformat(), "to_day": (monday + timedelta(days=4)).isoformat()}
    return {"from_day": day, "to_day": day}
