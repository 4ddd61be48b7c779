"""Payloads: activities of Teams as what somebody typed, pressed or filled in."""

import html
import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from urllib.parse import quote

from bot.inbound import Changed, FromMessage, Gesture, Inbound, Pressed, Submitted, Typed
from bot.teams.address import THREAD, Address, channel_of
from bot.teams.elements import OURS, SPENDS, Json
from bot.teams.forms import gesture
from bot.teams.quoted import QUOTE, as_typed, plain_text, tidy
from bot.teams.render import CARD_TYPE

Activity = Mapping[str, Any]
HTML = "text/html"
FILES = ("application/vnd.microsoft.teams.file.download.info", "reference")
FILL_IN = "fill-in"  # the action of a button that stands on a card for nothing else (see bot/answering.py)
ID = 200  # characters of a message's id
CARD, FETCH, SUBMIT = "adaptiveCard/action", "task/fetch", "task/submit"
MENU_FETCH, MENU_SUBMIT = "composeExtension/fetchTask", "composeExtension/submitAction"
_TAG = re.compile(r"<at(?:\s[^<>]*)?>(.*?)</at>", re.DOTALL)
_ATTACHMENT = re.compile(r"<attachment\b[^<>]*>(?:</attachment>)?")  # where a message stands that is quoted
_ME = "\ue000"  # stands for the bot's own name until it is taken out
_MILLISECONDS = re.compile(r"1\d{12}", re.ASCII)
_AGAIN, _END = "\ue001", "\ue002"  # around its name where it stands once more
_CALLED = re.compile(rf"(?:[\s,:]*(?:{_ME}|{_AGAIN}[^{_END}]*{_END}))+[\s,:]*")
_SPACE = re.compile(r"[^\S\n]+")


def dig(value: Any, *path: str) -> Any:
    """What stands at a path of an activity, None where the path ends early; nothing that arrives is trusted."""
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def text_at(activity: Activity, *path: str) -> str:
    found = dig(activity, *path)
    return found if isinstance(found, str) else ""


def account_of(member: Any) -> str:
    """The account of a person: their id in the tenant, which every bot sees, else the one made for this bot."""
    return text_at(member, "aadObjectId") or text_at(member, "objectId") or text_at(member, "id")


def is_private(activity: Activity) -> bool:
    """Whether nobody else reads along."""
    kind = text_at(activity, "conversation", "conversationType")
    return kind == "personal" if kind else not dig(activity, "conversation", "isGroup")


def is_from_menu(activity: Activity) -> bool:
    """Whether it came from a message's menu: then the bot may have no right to speak there, or not be there."""
    return text_at(activity, "name") in (MENU_FETCH, MENU_SUBMIT)


def team_of(activity: Activity) -> str:
    """The team or group chat in which this was said: the list of its members is kept under this."""
    return text_at(activity, "channelData", "team", "id") or channel_of(text_at(activity, "conversation", "id"))


def address_of(activity: Activity) -> Address:
    """How the sender is reached: the conversation only when it is theirs alone."""
    own = is_private(activity) and not is_from_menu(activity)
    conversation = text_at(activity, "conversation", "id") if own else ""
    return Address(conversation, text_at(activity, "serviceUrl"), text_at(activity, "from", "id"))


def said(activity: Activity) -> str:
    """The words as somebody typed them: without what they quote, and without the bot's own name, once or as often as
    it stands at the beginning; a person becomes ``@teams:29:abc``."""
    text, meant = _typed(activity), _mentioned(activity)
    if meant:
        tags = "|".join(re.escape(tag) for tag in sorted(meant, key=len, reverse=True))
        text = re.sub(f"(?:{tags})(?P<next>[.:-]?)", lambda found: _named(found, meant), text)
    plain = html.unescape(_TAG.sub(lambda found: _name(found[0]), text)).replace("\r\n", "\n")
    begun = _CALLED.match(plain)
    plain = re.sub(rf"\s*{_ME}[\s,:]*", " ", plain[begun.end() if begun else 0 :])
    lines = re.sub(f"[{_AGAIN}{_END}]", "", plain).split("\n")
    return "\n".join(_SPACE.sub(" ", line).strip() for line in lines).strip()


def _typed(activity: Activity) -> str:
    """The text of a message, as plain text with mentions in it; the HTML beside it tells what of it is quoted."""
    text = text_at(activity, "text")
    if text_at(activity, "textFormat") == "xml":
        return as_typed(text)
    pages = [text_at(part, "content") for part in _all(activity, "attachments") if text_at(part, "contentType") == HTML]
    quoting = [page for page in pages if QUOTE in page.lower()]
    return as_typed(quoting[0]) if quoting else _ATTACHMENT.sub(" ", text)


def _mentioned(activity: Activity) -> dict[str, list[str]]:
    """What replaces each mention, by its tag and in the order of the text; the first one of the bot is left out."""
    bot, meant = text_at(activity, "recipient", "id"), dict[str, list[str]]()
    for entity in dig(activity, "entities") or ():
        tag, who = text_at(entity, "text"), dig(entity, "mentioned")
        if text_at(entity, "type") != "mention" or not tag or not account_of(who):
            continue
        addressed = any(_ME in names for names in meant.values())
        meant.setdefault(tag, []).append(_meant(tag, who, bot, addressed=addressed))
    return meant


def _meant(tag: str, who: Any, bot: str, *, addressed: bool) -> str:
    """What stands for a mention; another bot is nobody, so that its name is all there is."""
    if text_at(who, "id") == bot:
        return f"{_AGAIN}{_name(tag)}{_END}" if addressed else _ME
    account = account_of(who)
    return _name(tag) if account.startswith("28:") else f"@teams:{account}"


def _named(found: re.Match[str], meant: dict[str, list[str]]) -> str:
    """The mention as we write it; apart from a full stop behind it, which would read as part of the account."""
    tag = found[0].removesuffix(found["next"])
    name = meant[tag].pop(0) if meant.get(tag) else _name(tag)
    gap = " " if found["next"] and name.startswith("@teams:") else ""
    return f"{name}{gap}{found['next']}"


def _name(tag: str) -> str:
    found = _TAG.fullmatch(tag)
    return f"@{found[1] if found else tag}"


def message(activity: Activity) -> Inbound | None:
    """Words, or a card's button of a client that knows only Action.Submit; None for what is neither."""
    value = dig(activity, "value")
    what = gesture(value) if value is not None else Typed(said(activity), *_sent_along(activity), _key(activity))
    return _inbound(activity, what, inline=False) if what else None


def _sent_along(activity: Activity) -> tuple[tuple[str, ...], str | None]:
    """The names of the pictures and files of a message, and a link to it or to the first of them; nobody else can open
    what is in a personal chat."""
    parts = [part for part in _all(activity, "attachments") if text_at(part, "contentType") in FILES or _is_image(part)]
    names = tuple(text_at(part, "name") or "The picture" for part in parts)
    shared = [
        url for part in parts if not _is_image(part) and (url := text_at(part, "contentUrl")).startswith("https://")
    ]
    return names, next(iter(shared), None) or (message_link(activity) if parts else None)


def _is_image(part: Any) -> bool:
    return text_at(part, "contentType").startswith("image/")


def message_link(activity: Activity) -> str | None:
    """Where others find a message of a channel; None for one in a chat."""
    channel, message = channel_of(text_at(activity, "conversation", "id")), text_at(activity, "id")
    if not text_at(activity, "channelData", "team", "id") or not message:
        return None
    return f"https://teams.microsoft.com/l/message/{quote(channel, safe='')}/{quote(message, safe='')}"


def invoke(activity: Activity) -> Inbound | None:
    """What wants its answer at once: Action.Execute, a dialog that opens or is sent, an entry of a message's menu."""
    value = dig(activity, "value")
    match text_at(activity, "name"):
        case name if name == CARD:
            what: Gesture | None = gesture(dig(value, "action", "data"))
        case name if name == MENU_FETCH:
            what = _from_message(value, text_at(activity, "conversation", "id"))
        case _:
            what = gesture(dig(value, "data"))
    return _inbound(activity, what, inline=True) if what else None


def spent(activity: Activity, inbound: Inbound) -> str:
    """The message whose only use is to open the form that is asked for or sent here, or in whose place the form that
    is sent here stands; empty where there is none.

    Only in somebody's own chat: what a form says of it may be forged, and there it reaches nobody else.
    """
    if not inbound.private:
        return ""
    match text_at(activity, "name"), inbound.what:
        case name, Pressed(action) if name == FETCH and action == FILL_IN:
            return text_at(activity, "replyToId")
        case name, Submitted() if name == CARD:
            return text_at(activity, "replyToId")
        case name, Submitted() if name == SUBMIT:
            return text_at(activity, "value", "data", OURS, "spent")[:ID]
        case _:
            return ""


def _from_message(value: Any, conversation: str) -> FromMessage | None:
    """An entry of a message's menu; its id is the command's name."""
    command, message = text_at(value, "commandId"), dig(value, "messagePayload")
    if not command:
        return None
    author = text_at(message, "from", "user", "displayName") or None
    key = message_key(conversation, text_at(message, "id"))
    return FromMessage(command, _words(message), text_at(message, "linkToMessage") or None, key, author)


def message_key(conversation: str, message: str) -> str | None:
    """A message's name for good; None where the activity does not give it."""
    return f"teams:{channel_of(conversation)}/{message}" if conversation and message else None


def _key(activity: Activity) -> str | None:
    return message_key(text_at(activity, "conversation", "id"), text_at(activity, "id"))


def changed(activity: Activity) -> Changed | None:
    """A message that somebody changed, took back, or brought back after all."""
    kind, event = text_at(activity, "type"), text_at(activity, "channelData", "eventType")
    key = _key(activity)
    if key is None or event not in ("editMessage", "undeleteMessage", "softDeleteMessage"):
        return None
    text = said(activity) if kind == "messageUpdate" else None
    told = f"{key} {event} {text_at(activity, 'timestamp')} {text or ''}"
    return Changed("teams", key, text, sha256(told.encode()).hexdigest())


def _words(message: Any) -> str:
    """What a message says; where only a card says it, the card's text for those who cannot see it."""
    body = text_at(message, "body", "content")
    mentioned = {str(dig(tag, "id")): json.dumps(dig(tag, "mentioned")) for tag in _all(message, "mentions")}
    said = tidy(body) if text_at(message, "body", "contentType") == "text" else plain_text(body, mentioned)
    return f"{text_at(message, 'subject')}\n{said}".strip() or _on_card(message)


def _all(value: Any, name: str) -> list[Any]:
    found = dig(value, name)
    return found if isinstance(found, list) else []


def _on_card(message: Any) -> str:
    found = [item for item in _all(message, "attachments") if text_at(item, "contentType") == CARD_TYPE]
    try:
        cards = [json.loads(text_at(item, "content")) for item in found]
    except (ValueError, RecursionError):
        return ""
    return next((said for card in cards if (said := tidy(text_at(card, "fallbackText")))), "")


def _inbound(activity: Activity, what: Gesture, *, inline: bool) -> Inbound | None:
    conversation, sender = text_at(activity, "conversation", "id"), account_of(dig(activity, "from"))
    if not sender or not (conversation or is_from_menu(activity)):
        return None
    return Inbound(
        platform="teams",
        account=sender,
        what=what,
        key=f"{conversation}/{text_at(activity, 'id')}"[:280] if text_at(activity, "id") else None,
        channel=channel_of(conversation) or None,
        thread=conversation if THREAD in conversation else None,
        private=is_private(activity),
        opens_forms=inline,
        inline=inline,
        reply=reply_of(activity),
        message=text_at(activity, "replyToId") or None if isinstance(what, Pressed) else None,
        shown_at=_moment(text_at(activity, "replyToId")) if isinstance(what, Pressed) else None,
        spends=is_private(activity) and dig(activity, "value", "action", "data", OURS, SPENDS) is True,
    )


def _moment(message: str) -> datetime | None:
    """When a message was posted: the ids of Teams are milliseconds, unless a connector gives others."""
    return datetime.fromtimestamp(int(message) / 1000, UTC) if _MILLISECONDS.fullmatch(message) else None


def reply_of(activity: Activity) -> Json:
    """Where an answer goes: the conversation with its thread, who asked, and the card that was pressed.

    Without a conversation, to the personal chat of who asked.
    """
    return {
        "service_url": text_at(activity, "serviceUrl"),
        "conversation": "" if is_from_menu(activity) else text_at(activity, "conversation", "id"),
        "private": is_private(activity),
        "account": account_of(dig(activity, "from")),
        "member": text_at(activity, "from", "id"),
        "message": text_at(activity, "replyToId"),
    }
