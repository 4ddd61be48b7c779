"""Elements: texts, lines and buttons of a Slack message, each within what Slack takes."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, TypeVar, assert_never

from bot.handles import place_handle
from handlers.kit.figures import Progress
from handlers.kit.inline import Channel, Inline, Level, Link, Mention, Phone, Status
from handlers.kit.messages import Button
from handlers.kit.signs import cut

Json = dict[str, Any]
T = TypeVar("T")

SECTION = 3000  # characters in one text object
HEADER, LABEL, VALUE, ACTIONS = 150, 75, 2000, 25
CONFIRM_TEXT, CONFIRM_LABEL = 300, 30
ADDRESS = 3000
BAR = 10
ACCOUNT, CHANNEL = re.compile(r"[UW][A-Z0-9]+"), re.compile(r"[CG][A-Z0-9]+")
SIGNS: dict[Level, str] = {
    "critical": "\U0001f534",  # red, orange, green, blue, white circle
    "warning": "\U0001f7e0",
    "good": "\U0001f7e2",
    "info": "\U0001f535",
    "neutral": "\u26aa",
}


def escape(text: str) -> str:
    """Text for a mrkdwn place: no mention, link or command of Slack survives."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def plain_text(text: str, most: int = SECTION) -> Json:
    """A text object in which nothing is a mention, a link, a style or an emoji."""
    return {"type": "plain_text", "text": cut(text, most), "emoji": False}


def portions(text: str, most: int = SECTION) -> Iterator[str]:
    """The text in pieces of at most ``most`` characters, cut where a line or a word ends."""
    while len(text) > most:
        end = max(text.rfind("\n", 1, most), text.rfind(" ", 1, most)) + 1 or most
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def packed(items: Iterable[T], weight: Callable[[T], int], most: int) -> Iterator[list[T]]:
    """The items in groups that weigh at most ``most`` together; a heavier one stands alone."""
    group: list[T] = []
    total = 0
    for item in items:
        own = weight(item)
        if group and total + own > most:
            yield group
            group, total = [], 0
        group.append(item)
        total += own
    if group:
        yield group


def runs(parts: Iterable[Inline], handles: Mapping[str, str]) -> list[Json]:
    """A line as rich text elements, in which nothing that people wrote is ever parsed."""
    line: list[Json] = []
    for part in parts:
        if isinstance(part, str) and 0 < len(part) <= SECTION:  # nearly every part
            line.append({"type": "text", "text": part})
        else:
            line.extend(_run(part, handles))
    return line


def _run(part: Inline, handles: Mapping[str, str]) -> Iterator[Json]:
    match part:
        case str():
            yield from ({"type": "text", "text": piece} for piece in portions(part))
        case Mention(person=person, name=name):
            account = handles.get(person, "")
            if ACCOUNT.fullmatch(account):
                yield {"type": "user", "user_id": account}
            elif name:
                yield {"type": "text", "text": name}
        case Link(label=label, url=url):
            if len(url) <= ADDRESS:
                yield {"type": "link", "url": url, **({"text": cut(label, SECTION)} if label else {})}
            else:
                yield from ({"type": "text", "text": piece} for piece in portions(f"{label} ({url})"))
        case Phone(label=label, url=url):
            yield {"type": "link", "url": url, "text": label}
        case Channel(place=place, label=label, url=url):
            channel = handles.get(place_handle(place), "")
            yield from (
                [{"type": "channel", "channel_id": channel}]
                if CHANNEL.fullmatch(channel)
                else _run(Link(label, url) if url else label, handles)
            )
        case Status():
            yield bold(signed(part))
        case _:
            assert_never(part)


def signed(status: Status) -> str:
    """How bad something is, with its sign first."""
    return f"{SIGNS[status.level]} {status.label}"


def bold(text: str) -> Json:
    return {"type": "text", "text": text, "style": {"bold": True}}


def weight(value: Any) -> int:
    """How many characters something puts on the screen, with those that only a screen reader says."""
    if isinstance(value, list):
        return sum(weight(part) for part in value)
    if isinstance(value, dict):
        own = len(value["text"]) if isinstance(value.get("text"), str) else 0
        own += len(value.get("accessibility_label", "")) + len(value.get("alt_text", ""))
        return own + sum(weight(part) for key, part in value.items() if key != "confirm")
    return 0


ABOUT_ONE = "!"  # at the end of the name of a button on a card about one record
ONE_OF = "?"  # after the action of a button on a card that has done its work when one is pressed
FOLDED = "~"  # after the action of a button that opens what is folded
_REF = re.compile(r"\b[A-Z]{1,3}-\d[\d-]*", re.ASCII)


def length(line: list[Json]) -> int:
    """How many characters the runs of a line put on the screen."""
    return sum([len(run["text"]) for run in line if "text" in run])


def section_of(elements: list[Json]) -> Json:
    return {"type": "rich_text_section", "elements": elements}


def rich(*elements: Json) -> Json:
    return {"type": "rich_text", "elements": list(elements)}


def said(elements: list[Json]) -> bool:
    """Whether a line says anything; Slack refuses an empty one."""
    return any(element["type"] != "text" or element["text"].strip() for element in elements)


def heading(text: str) -> Iterator[Json]:
    """The title of what stands under it."""
    if text.strip():
        yield rich(section_of([bold(cut(text, SECTION))]))


def bar(progress: Progress) -> str:
    """How far something is, as a bar of ten."""
    full = min(BAR, progress.done * BAR // progress.of)
    return "\u2588" * full + "\u2591" * (BAR - full)


def bulleted(lines: list[list[Json]]) -> Iterator[Json]:
    """Lines as a bulleted list."""
    for group in packed([line for line in lines if said(line)], length, SECTION):
        yield rich({"type": "rich_text_list", "style": "bullet", "elements": [section_of(line) for line in group]})


def button(one: Button, about: str = "", mark: str = "") -> Json:
    """A button; its action_id is made unique when the whole message is numbered, and ``mark`` stands behind its action.
    Screen readers say ``about`` too."""
    drawn: Json = {"type": "button", "text": plain_text(one.label, LABEL), "action_id": f"{one.action}{mark}"}
    if about or len(one.label) > LABEL:
        drawn["accessibility_label"] = cut(f"{one.label}: {about}" if about else one.label, LABEL)
    if one.value:
        drawn["value"] = one.value[:VALUE]
    if one.style != "plain":
        drawn["style"] = one.style
    if one.confirm:
        drawn["confirm"] = {
            "title": plain_text("Are you sure?"),
            "text": plain_text(one.confirm, CONFIRM_TEXT),
            "confirm": plain_text(one.label, CONFIRM_LABEL),
            "deny": plain_text("No, go back"),
            **({"style": "danger"} if one.style == "danger" else {}),
        }
    return drawn


def numbered(blocks: list[Json]) -> list[Json]:
    """The blocks with names of our own: Slack's would change with every message. Those of buttons say whether all of
    them are about one record: of a message that one person sees, Slack tells nothing else when they are pressed."""
    pressed = list[Json]()
    for number, block in enumerate(blocks):
        block["block_id"] = f"b{number}"
        beside = (block.get("accessory"), *(block["elements"] if block["type"] == "actions" else ()))
        pressed += [element for element in beside if element]
    one = ABOUT_ONE if len({ref for element in pressed for ref in _REF.findall(element.get("value", ""))}) == 1 else ""
    for number, element in enumerate(pressed):
        element["action_id"] = f"{element['action_id']}#{number}{one}"
    return blocks
