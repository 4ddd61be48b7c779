"""Extensions: what an app's manifest puts into the menu of messages, and a message as those entries carry it."""

import html
import json
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from .records import Json, Message, Refused, stamp

if TYPE_CHECKING:
    from .workspace import Workspace

CONTEXTS = {"query": ("compose", "commandBox"), "action": ("compose", "commandBox", "message")}
LENGTHS = {"id": 64, "title": 32, "description": 128}  # of a command
COMMANDS = 10


def menu_of(manifest: Json, app_id: str) -> dict[str, str]:
    """The ids of the commands in the menu of every message, by title; Refused when Teams does not take the app."""
    extensions = manifest.get("composeExtensions", [])
    problems = list(_problems(extensions, app_id))
    if problems:
        raise Refused(400, "ManifestInvalid", "; ".join(problems))
    commands = [command for extension in extensions for command in extension["commands"]]
    return {command["title"]: command["id"] for command in commands if "message" in command.get("context", ())}


def _problems(extensions: list[Json], app_id: str) -> Iterator[str]:
    if len(extensions) > 1:
        yield "an app has one message extension"
    for extension in extensions:
        if extension.get("botId") != app_id:
            yield "the bot of the message extension is not the bot of the app"
        commands = extension.get("commands", [])
        if not 1 <= len(commands) <= COMMANDS:
            yield f"{len(commands)} commands"
        if len({command.get("id") for command in commands}) < len(commands):
            yield "two commands of one id"
        for command in commands:
            yield from _wrong(command)


def _wrong(command: Json) -> Iterator[str]:
    for key, most in LENGTHS.items():
        text = command.get(key, "" if key == "description" else None)
        if not isinstance(text, str) or len(text) > most or (not text and key != "description"):
            yield f"{key}: {text!r}"
    allowed = CONTEXTS.get(command.get("type", "query"), ())
    yield from (f"context {context!r}" for context in command.get("context", ()) if context not in allowed)
    if "message" in command.get("context", ()) and not (command.get("fetchTask") or command.get("parameters")):
        yield f"{command.get('id')}: nothing opens when it is chosen"


def payload_of(teams: "Workspace", message: Message) -> Json:
    """A message as message actions carry it."""
    author = teams.users.get(message.author)
    user = {"userIdentityType": "aadUser", "id": author.aad, "displayName": author.name} if author else None
    bot = {"applicationIdentityType": "bot", "id": teams.app_id, "displayName": teams.bot_name}
    content, mentions = _body(teams, message)
    return {
        "id": message.id,
        "replyToId": message.thread,
        "createdDateTime": stamp(int(message.id) / 1000),
        "lastModifiedDateTime": None,
        "deleted": False,
        "importance": "normal",
        "locale": "en-us",
        "subject": "",
        "summary": None,
        "linkToMessage": f"https://teams.microsoft.com/l/message/{message.conversation}/{message.id}",
        "from": {"device": None, "conversation": None, "user": user, "application": None if author else bot},
        "body": {"contentType": "html", "content": content},
        "attachmentLayout": None,
        "attachments": [_attached(number, part) for number, part in enumerate(message.attachments) if not _drawn(part)],
        "mentions": mentions,
        "reactions": [],
    }


def _body(teams: "Workspace", message: Message) -> tuple[str, list[Json]]:
    """The HTML of a message, and who is mentioned in it: each word of a name is a mention of its own."""
    mentions: list[Json] = []
    users = {user.name: user for user in teams.users.values()}

    def named(found: re.Match[str]) -> str:
        user = users[html.unescape(found[1])]
        who = {"device": None, "conversation": None, "application": None}
        who["user"] = {"userIdentityType": "aadUser", "id": user.aad, "displayName": user.name}  # type: ignore[assignment]
        tags = []
        for word in user.name.split():
            mentions.append({"id": len(mentions), "mentionText": word, "mentioned": who})
            tags.append(f'<at id="{len(mentions) - 1}">{html.escape(word)}</at>')
        return "&nbsp;".join(tags)

    longest = sorted(map(html.escape, users), key=len, reverse=True)
    text = html.escape(message.text, quote=False).replace("\n", "<br>")
    if longest:
        text = re.sub(rf"(?<![\w.+-])@({'|'.join(map(re.escape, longest))})(?!\w)", named, text)
    inside = "".join(
        '<img alt="image" src="https://graph.microsoft.com/v1.0/hosted" style="vertical-align:bottom">'
        if _drawn(part)
        else f'<attachment id="{number}"></attachment>'
        for number, part in enumerate(message.attachments)
    )
    return f"<div>{text}{inside}</div>", mentions


def _drawn(attachment: Json) -> bool:
    """Whether it is a picture, which is in the text itself."""
    return str(attachment.get("contentType")).startswith("image/")


def _attached(number: int, attachment: Json) -> Json:
    content = json.dumps(attachment["content"]) if "content" in attachment else None
    given = {"id": str(number), "contentType": attachment["contentType"], "content": content}
    return {**given, "contentUrl": attachment.get("contentUrl"), "name": attachment.get("name"), "thumbnailUrl": None}
