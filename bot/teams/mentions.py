"""Mentions: the people whom a message tells that they are meant, named inside its sentences."""

import re
from collections.abc import Mapping

from bot.teams.elements import BOLD, MENTIONED, QUIET, Json, is_harmless
from handlers.kit.inline import Mention
from handlers.kit.messages import Card, flat, parts_of
from handlers.kit.signs import cut

ACCOUNT = re.compile(r"29:[\w.:-]+|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
NAME = 100  # characters
HOLDS = ("items", "columns", "rows", "cells")  # under which an element has others
OF_A_TEXT = ("isSubtle", "size")  # the looks that a TextBlock has as a whole


def entities(card: Card, handles: Mapping[str, str]) -> dict[str, Json]:
    """The people to tell, by their id; the text of each must be the same here and in the card."""
    parts = [part for word in flat(card.body) for part in parts_of(word)]
    people = {part.person: _harmless(part.name) for part in parts if isinstance(part, Mention)}
    return {
        person: {"type": "mention", "text": f"<at>{name}</at>", "mentioned": {"id": handles[person], "name": name}}
        for person, name in people.items()
        if ACCOUNT.fullmatch(handles.get(person, ""))
    }


def _harmless(name: str) -> str:
    """A name that means nothing in Markdown, the only text in which Teams tells people that they are meant."""
    return cut(re.sub(r"[^\w .'\u2019-]|_", " ", name), NAME).strip() or "you"


def named(body: list[Json], known: Mapping[str, Json]) -> list[Json]:
    """A body in which those who are known are told inside their sentences; the others below it, in a line of their own,
    because Markdown would change the sentence. Nobody else is more than a name."""
    told = set[str]()
    drawn = _in_sentences(body, known, told)
    rest = [entity["text"] for person, entity in known.items() if person not in told]
    return [*drawn, *([{"type": "TextBlock", "text": " ".join(rest), "wrap": True, **QUIET}] if rest else [])]


def _in_sentences(elements: list[Json], known: Mapping[str, Json], told: set[str]) -> list[Json]:
    """The elements, those inside them too; only a line that names somebody is drawn again."""
    drawn = list[Json]()
    for element in elements:
        if any(MENTIONED in run for run in element.get("inlines", ())):
            drawn.append(_sentence(element, known, told))
        else:
            held = {key: _in_sentences(element[key], known, told) for key in HOLDS if key in element}
            drawn.append({**element, **held} if held else element)
    return drawn


def _sentence(line: Json, known: Mapping[str, Json], told: set[str]) -> Json:
    """One line: as Markdown with its people in it where that says the same, else as it is."""
    people = {person for run in line["inlines"] if (person := run.get(MENTIONED)) in known}
    plain = [{key: look for key, look in run.items() if key != MENTIONED} for run in line["inlines"]]
    whole = {key: plain[0][key] for key in OF_A_TEXT if key in plain[0]}
    said = "".join(_name(run, known) for run in line["inlines"])
    if not people or not is_harmless(said.strip()) or not all(_simple(run, whole) for run in plain):
        return {**line, "inlines": plain}
    told |= people
    text = "".join(_marked(run, known) for run in line["inlines"]).strip()
    rest = {key: look for key, look in line.items() if key not in ("type", "inlines")}
    return {"type": "TextBlock", "text": text, "wrap": True, **whole, **rest}


def _simple(run: Json, whole: Json) -> bool:
    """Whether a run looks as the whole line does, bold or not."""
    return {key: look for key, look in run.items() if key not in ("type", "text", *BOLD)} == whole


def _name(run: Json, known: Mapping[str, Json]) -> str:
    person = str(run.get(MENTIONED, ""))
    return str(known[person]["mentioned"]["name"] if person in known else run["text"])


def _marked(run: Json, known: Mapping[str, Json]) -> str:
    """A run in Markdown; a mark of bold stands beside a word."""
    if (person := str(run.get(MENTIONED, ""))) in known:
        return str(known[person]["text"])
    text: str = run["text"]
    bare = text.strip()
    return text.replace(bare, f"**{bare}**", 1) if bare and "weight" in run else text
