"""Connector: the bot's REST calls about conversations, messages and members, and when each is refused."""

import json
import re
from collections.abc import Callable
from typing import Any

from .cards import card_problems, inaccessible
from .records import CARD, Conversation, Json, Message, Refused, User
from .workspace import Workspace

BYTES_AT_MOST = 100_000  # "100 KB", as UTF-16, pictures in base64 aside
PAGE = (50, 500)
STATUS = {
    "BotNotInConversationRoster": 403,
    "ConversationBlockedByUser": 403,
    "MessageWritesBlocked": 403,
    "BotDisabledByAdmin": 403,
    "NotEnoughPermissions": 403,
    "ForbiddenOperationException": 403,
    "ConversationNotFound": 404,
    "ActivityNotFoundInConversation": 404,
    "MemberNotFoundInConversation": 404,
    "MessageSizeTooBig": 413,
    "BadArgument": 400,
    "BadSyntax": 400,
    "BotNotRegistered": 401,
    "ServiceError": 500,
}
PICTURES = re.compile(r"data:image/[a-z]+;base64,[\w+/=]*")
SAYS_NOTHING = ("typing",)

Operation = Callable[[Workspace, Json], tuple[int, Any]]


def bad(words: str) -> Refused:
    """The bot asked for something that cannot be."""
    return Refused(400, "BadArgument", words)


def no(code: str, words: str = "") -> Refused:
    """A refusal with its usual status."""
    return Refused(STATUS[code], code, words)


def reachable(teams: Workspace, name: str, *, writing: bool = True) -> Conversation:
    """The conversation, as far as the bot may use it."""
    if teams.disabled:
        raise no("BotDisabledByAdmin")
    place = name.partition(";")[0]
    conversation = teams.conversations.get(place)
    if conversation is None:
        raise no("ConversationNotFound")
    if conversation.kind == "personal":
        person_reachable(teams, conversation.members[0], writing)
    elif conversation.kind == "chat" or (conversation.kind == "groupChat" and not conversation.installed):
        raise no("BotNotInConversationRoster")
    elif conversation.team:
        team = teams.teams[conversation.team]
        if not team.installed:
            raise no("BotNotInConversationRoster")
        if team.archived and writing:
            raise no("MessageWritesBlocked")
    return conversation


def person_reachable(teams: Workspace, user: str, writing: bool) -> None:
    """Refuse unless the bot may write to this person."""
    if not teams.known_to_bot(user):
        raise no("BotNotInConversationRoster", "The bot is not part of the conversation roster.")
    if user in teams.blocked and writing:
        raise no("ConversationBlockedByUser")


def checked(teams: Workspace, body: Any) -> Json:
    """The activity; Refused when Teams would not show it."""
    if not isinstance(body, dict) or not isinstance(body.get("type"), str):
        raise Refused(400, "BadSyntax", "an activity has a type")
    size = len(PICTURES.sub("", json.dumps(body, ensure_ascii=False)).encode("utf-16-le", "surrogatepass"))
    if size > BYTES_AT_MOST:
        raise no("MessageSizeTooBig", f"{size} bytes")
    if body["type"] in SAYS_NOTHING:
        return body
    if body["type"] != "message":
        raise bad(f"Unknown activity type {body['type']}")
    if body.get("textFormat") not in (None, "plain", "markdown", "xml"):
        raise bad("textFormat")
    attachments = body.get("attachments") or []
    if not str(body.get("text") or "").strip() and not attachments:
        raise bad("Activity has neither text nor attachments")
    for attachment in attachments:
        check_attachment(teams, attachment)
    if attachments and not body.get("text") and not body.get("summary"):
        teams.refuse("activity", "Accessibility", "a card without a summary: its notification says 'Card'")
    return body


def check_attachment(teams: Workspace, attachment: Any) -> None:
    """Refuse what cannot be drawn; remember what cannot be heard."""
    kind = attachment.get("contentType") if isinstance(attachment, dict) else None
    if not isinstance(kind, str):
        raise bad("an attachment without contentType")
    if kind != CARD:
        if not kind.startswith(("image/", "application/vnd.microsoft.")):
            raise bad(f"Unknown attachment type {kind}")
        return
    problems = card_problems(attachment.get("content")) or unknown_people(teams, attachment["content"])
    if problems:
        raise bad("; ".join(problems))
    for words in inaccessible(attachment["content"]):
        teams.refuse("activity", "Accessibility", words)


def unknown_people(teams: Workspace, card: Json) -> list[str]:
    """Mentions of nobody."""
    entities = (card.get("msteams") or {}).get("entities") or []
    ids = [str((mention.get("mentioned") or {}).get("id")) for mention in entities]
    known = {name for user in teams.users.values() for name in (user.id, user.aad, user.upn)}
    return [f"mention of {name}, who is nobody" for name in ids if name not in known]


def post(teams: Workspace, conversation: str, body: Any, via: str, reply_to: str | None = None) -> str:
    """Show a checked activity and give its id; text and card in one come out as two, with an id of neither."""
    place, _, thread = conversation.partition(";messageid=")
    kind = teams.conversations[place].kind
    if kind != "channel":
        thread = ""
    elif not thread and reply_to:
        found = teams.find(place, reply_to)
        thread = (found.thread or found.id) if found else ""
    if thread and not teams.messages(f"{place};messageid={thread}"):
        raise no("ConversationNotFound", f"no thread {thread}")
    said = checked(teams, body)
    if said["type"] in SAYS_NOTHING:
        return teams.next_id()
    text, attachments = str(said.get("text") or ""), said.get("attachments") or []
    common = {"thread": thread or None, "via": via, "reply_to": reply_to, "activity": said}
    if not (text.strip() and attachments):
        return teams.put(place, teams.bot, text=text, attachments=attachments, **common).id
    teams.refuse(via, "SplitInTwo", "text and attachments in one activity")
    teams.put(place, teams.bot, text=text, **common)
    teams.put(place, teams.bot, attachments=attachments, **common)
    return teams.next_id()


def create(teams: Workspace, args: Json) -> tuple[int, Any]:
    """A personal chat with a member, or a thread in a channel."""
    body = args["body"] if isinstance(args["body"], dict) else {}
    channel = ((body.get("channelData") or {}).get("channel") or {}).get("id")
    if channel:
        reachable(teams, channel)
        if not isinstance(body.get("activity"), dict):
            raise bad("a thread needs its first activity")
        activity = post(teams, channel, body["activity"], "create")
        return 201, {"id": f"{channel};messageid={activity}", "activityId": activity}
    if body.get("isGroup"):
        raise bad("Group chats cannot be created by a bot")
    members = body.get("members") or []
    if len(members) != 1:
        raise bad("members: exactly one")
    return 201, {"id": chat_with(teams, str(members[0].get("id")), body).id}


def chat_with(teams: Workspace, member: str, body: Json) -> Conversation:
    """The personal chat with this 29: id; the same one every time."""
    tenant = body.get("tenantId") or ((body.get("channelData") or {}).get("tenant") or {}).get("id")
    if not tenant:
        raise bad("tenantId is missing")
    if teams.disabled:
        raise no("BotDisabledByAdmin")
    if member not in teams.users:
        raise bad("Failed to decrypt pairwise id")  # an e-mail or UPN cannot be written to
    if tenant not in (teams.tenant, teams.users[member].tenant):
        raise no("NotEnoughPermissions", f"tenant {tenant}")
    if body.get("activity"):
        raise bad("activity: send it once the chat has been made")
    person_reachable(teams, member, writing=True)
    return teams.personal(member)


def send(teams: Workspace, args: Json) -> tuple[int, Any]:
    """A message into a conversation or thread."""
    reachable(teams, args["conversation"])
    return 201, {"id": post(teams, args["conversation"], args["body"], "send")}


def reply(teams: Workspace, args: Json) -> tuple[int, Any]:
    """A message in the thread of another one; in chats just a message."""
    reachable(teams, args["conversation"])
    return 201, {"id": post(teams, args["conversation"], args["body"], "reply", args["activity"])}


def mine(teams: Workspace, args: Json) -> Message:
    """The message that the bot wants to change."""
    reachable(teams, args["conversation"])
    message = teams.find(args["conversation"], args["activity"])
    if message is None:
        raise no("ActivityNotFoundInConversation")
    if message.author != teams.bot:
        raise no("NotEnoughPermissions", "not a message of this bot")
    return message


def update(teams: Workspace, args: Json) -> tuple[int, Any]:
    """Another content for a message."""
    message, said = mine(teams, args), checked(teams, args["body"])
    text, attachments = str(said.get("text") or ""), said.get("attachments") or []
    if text.strip() and attachments:
        raise bad("text and attachments in one update")
    teams.change(message, text=text, attachments=attachments, activity=said)
    return 200, {"id": message.id}


def delete(teams: Workspace, args: Json) -> tuple[int, Any]:
    """Take a message away."""
    mine(teams, args).deleted = True
    return 200, None


def as_member(user: User) -> Json:
    """A member as the roster shows them."""
    given, _, family = user.name.partition(" ")
    return {
        "id": user.id,
        "name": user.name,
        "givenName": given,
        "surname": family,
        "objectId": user.aad,
        "aadObjectId": user.aad,
        "email": user.email,
        "userPrincipalName": user.upn,
        "tenantId": user.tenant,
        "userRole": "guest" if user.is_guest else "user",
    }


def members(teams: Workspace, args: Json) -> tuple[int, Any]:
    """One page of a roster."""
    inside = [name for name in reachable(teams, args["conversation"], writing=False).members if name not in teams.left]
    size, start = args.get("pageSize") or str(PAGE[1]), args.get("continuationToken") or "0"
    if not size.isdigit() or not start.isdigit():
        raise bad("pageSize or continuationToken")
    end = int(start) + min(max(int(size), PAGE[0]), PAGE[1])
    page: Json = {"members": [as_member(teams.users[name]) for name in inside[int(start) : end]]}
    return 200, page | ({"continuationToken": str(end)} if end < len(inside) else {})


def member(teams: Workspace, args: Json) -> tuple[int, Any]:
    """One member, found by 29: id, Entra id or UPN."""
    inside = reachable(teams, args["conversation"], writing=False).members
    for user in (teams.users[name] for name in inside if name not in teams.left):
        if args["member"] in (user.id, user.aad, user.upn):
            return 200, as_member(user)
    raise no("MemberNotFoundInConversation")


def team(teams: Workspace, args: Json) -> tuple[int, Any]:
    """A team."""
    reachable(teams, args["team"], writing=False)
    found = teams.teams.get(args["team"])
    if found is None:
        raise no("ConversationNotFound")
    count = sum(conversation.team == found.id for conversation in teams.conversations.values())
    about = {"id": found.id, "name": found.name, "aadGroupId": found.group, "tenantId": teams.tenant}
    return 200, {**about, "type": "standard", "channelCount": count, "memberCount": len(found.members)}


def channels(teams: Workspace, args: Json) -> tuple[int, Any]:
    """The channels of a team; General has the team's id and no name."""
    reachable(teams, args["team"], writing=False)
    found = [conversation for conversation in teams.conversations.values() if conversation.team == args["team"]]
    shown = [
        {"id": channel.id, "name": None if channel.id == channel.team else channel.name, "type": "standard"}
        for channel in found
    ]
    return 200, {"conversations": shown}


OPERATIONS: dict[str, Operation] = {
    function.__name__: function for function in (create, send, reply, update, delete, members, member, team, channels)
}
