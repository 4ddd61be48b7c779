"""Elements: lines and buttons of an Adaptive Card; what people wrote is always a TextRun, never Markdown."""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal, assert_never

from handlers.kit.inline import Channel, Inline, Level, Link, Mention, Phone, Status
from handlers.kit.messages import Button
from handlers.kit.signs import cut

Json = dict[str, Any]
Where = Literal["message", "dialog"]  # a dialog knows Action.Submit only
Opens = Callable[[Button], bool]  # whether a button opens a form

OURS = "cityops"  # our own key among the inputs of a card
SPENDS = "spends"  # of a button on a card that has done its work when one is pressed
MENTIONED = "person"  # our own key of a run, until it is known whom the message tells (see bot/teams/mentions.py)
RUN = 4000  # characters in one line; longer ones are cut into several, so that a card can be cut between them
TITLE, VALUE = 80, 2000  # characters of a button
FIRST = 6  # buttons that are shown; the others stand behind "..."
TOGETHER = 20  # buttons in one set
COLORS: dict[Level, str] = {
    "critical": "Attention", "warning": "Warning", "good": "Good", "info": "Accent", "neutral": "Default",
}  # fmt: skip
STYLES: dict[Level, str] = {
    "critical": "attention", "warning": "warning", "good": "good", "info": "accent", "neutral": "emphasis",
}  # fmt: skip
HARMLESS = re.compile(r"[^\W_](?:[^\W_]|[ ,;?!%()'\u2019\u2013\u00b7]|[-/](?=\w)|[.:](?=\s|$))*")  # in Markdown
LISTED = re.compile(r"\d+[.)]")  # would begin a numbered list


def is_harmless(text: str) -> bool:
    """Whether a text means nothing but itself in the Markdown of a TextBlock."""
    return HARMLESS.fullmatch(text) is not None and LISTED.match(text) is None


def portions(text: str, most: int = RUN) -> Iterator[str]:
    """The text in pieces of at most ``most`` characters, cut where a word ends."""
    while len(text) > most:
        end = text.rfind(" ", 1, most) + 1 or most
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def weight(value: Any) -> int:
    """The bytes that something takes in a message: Teams counts UTF-16, and pictures apart."""
    text = json.dumps(value, ensure_ascii=False)
    return len(re.sub(r"data:image/png;base64,[\w+/=]*", "", text).encode("utf-16-le", "surrogatepass"))


def run(text: str, **look: Any) -> Json:
    return {"type": "TextRun", "text": text, **look}


EMPTY: list[Json] = [{"type": "RichTextBlock", "inlines": [run("\u00a0")]}]  # Teams leaves out a cell without items
QUIET: Json = {"isSubtle": True, "size": "Small"}
BOLD: Json = {"weight": "Bolder"}


def lines(parts: Iterable[Inline], *, first: str = "", spacing: str = "", **look: Any) -> list[Json]:
    """What is said, as one element for each line, since a TextRun keeps no line breaks.

    ``first`` stands in front of it, and ``look`` is how all of it looks.
    """
    rows: list[list[Json]] = [[run(first, **look)] if first else []]
    for part in parts:
        begun, *further = _runs(part, look)
        rows[-1].append(begun)
        rows += [[piece] for piece in further]
    drawn = [{"type": "RichTextBlock", "inlines": row} for row in map(_said, rows) if any(map(_words, row))]
    top = [{**line, **({"spacing": spacing} if spacing else {})} for line in drawn[:1]]
    return [*top, *({**line, "spacing": "None"} for line in drawn[1:])]


def _said(row: list[Json]) -> list[Json]:
    return [piece for piece in row if piece["text"]]


def _words(piece: Json) -> bool:
    return bool(piece["text"].strip())


def _runs(part: Inline, look: Json) -> list[Json]:
    """One part as runs, each but the first on a line of its own."""
    match part:
        case str():
            pieces = [
                piece for line in part.replace("\r\n", "\n").split("\n") for piece in list(portions(line)) or [""]
            ]
            return [run(piece, **look) for piece in pieces]
        case Mention(person=person, name=name):
            return [run(cut(name, RUN), **{**look, "weight": "Bolder", MENTIONED: person})]
        case Link(label=label, url=url):
            return [_linked(label or url, url, look)]
        case Phone(label=label, url=url):
            return [_linked(label, url, look)]
        case Channel(label=label, url=url):
            return [_linked(label, url, look) if url else run(cut(label, RUN), **look)]
        case Status(level=level, label=label):
            return [run(cut(label, RUN), **{**look, "weight": "Bolder", "color": COLORS[level]})]
        case _:
            assert_never(part)


def _linked(label: str, url: str, look: Json) -> Json:
    return run(cut(label, RUN), **look, selectAction={"type": "Action.OpenUrl", "url": url[:RUN]})


def heading(text: str, *, apart: bool = False, **look: Any) -> list[Json]:
    """A title that screen readers find as one, ``apart`` with a line above it; words that Markdown would change are
    drawn as words alone."""
    if is_harmless(text):
        drawn: list[Json] = [{"type": "TextBlock", "text": text, "style": "heading", "wrap": True, **BOLD, **look}]
    else:
        drawn = lines((text,), **BOLD, **look)
    return [{**drawn[0], "spacing": "Medium", "separator": True}, *drawn[1:]] if apart and drawn else drawn


def button(one: Button, opens: Opens, where: Where, about: str = "") -> Json:
    """A button. One that asks first shows its question on a card of its own. Narrators say what it is about. A form
    that is to stand in the card opens by Action.Execute, whose answer takes the card's place."""
    told = {"tooltip": cut(f"{one.label}: {about}", TITLE)} if about else {}
    pressed = {**_press(one, opens(one) and not one.in_card, where), **told}
    if one.confirm is None:
        return pressed
    asked = {"type": "AdaptiveCard", "body": lines((one.confirm[:RUN],)), "actions": [pressed]}
    return {"type": "Action.ShowCard", "title": cut(one.label, TITLE), "card": asked, **_style(one), **told}


def _press(one: Button, opens: bool, where: Where) -> Json:
    data = {OURS: {"action": one.action, "value": one.value[:VALUE]}}
    return press(one.label, one.action, data, where, dialog=opens, **_style(one))


def press(title: str, verb: str, data: Json, where: Where, *, dialog: bool = False, **more: Any) -> Json:
    """A press: Action.Execute, and Action.Submit for clients that do not know it, in dialogs, and to open one."""
    submit = {"type": "Action.Submit", "title": cut(title, TITLE), "data": data, **more}
    if where == "dialog":
        return submit
    if dialog:
        return {**submit, "data": {**data, "msteams": {"type": "task/fetch"}}}
    execute = {"type": "Action.Execute", "title": cut(title, TITLE), "verb": verb, "data": data, **more}
    return {**execute, "fallback": submit}


def _style(one: Button) -> Json:
    styles = {"primary": "positive", "danger": "destructive"}
    return {"style": styles[one.style]} if one.style in styles else {}


def buttons(
    some: tuple[Button, ...], opens: Opens, where: Where, about: str = "", *, one_of: bool = False
) -> Iterator[Json]:
    """Sets of buttons; Teams shows six of each, the others behind "...". Those of which one is pressed say so."""
    for start in range(0, len(some), TOGETHER):
        actions = [button(item, opens, where, about) for item in some[start : start + TOGETHER]]
        for action in actions:
            if one_of and "data" in action:
                action["data"][OURS][SPENDS] = True
        shown = [action if place < FIRST else {**action, "mode": "secondary"} for place, action in enumerate(actions)]
        yield {"type": "ActionSet", "actions": shown}
