"""Methods: the table of Web API methods, and those about people, files and the app itself."""

import json
from collections.abc import Callable
from typing import Any

from .workspace import BOT_ID, BOT_USER, Channel, Json, Refused, User, Workspace

JSON_ARGUMENTS = frozenset({"blocks", "metadata", "view", "attachments", "files"})
ALL_SCOPES = frozenset(
    [
        "app_mentions:read",
        "channels:history",
        "channels:join",
        "channels:manage",
        "channels:read",
        "chat:write",
        "chat:write.public",
        "commands",
        "files:write",
        "groups:history",
        "groups:read",
        "groups:write",
        "im:history",
        "im:read",
        "im:write",
        "mpim:history",
        "mpim:read",
        "mpim:write",
        "pins:write",
        "reactions:write",
        "users:read",
        "users:read.email",
    ]
)
READ = {"public": "channels:read", "private": "groups:read", "im": "im:read", "mpim": "mpim:read"}
HISTORY = {
    "public": "channels:history",
    "private": "groups:history",
    "im": "im:history",
    "mpim": "mpim:history",
}


class Slack(Workspace):
    """A workspace together with the rights of the bot that looks at it."""

    scopes: frozenset[str] = ALL_SCOPES
    api_url = ""

    def need(self, *alternatives: str) -> None:
        """Refuse unless the token holds one of these scopes."""
        if not self.scopes.intersection(alternatives):
            raise Refused("missing_scope", needed=alternatives[0], provided=",".join(sorted(self.scopes)))


class Args(Json):
    """The arguments of a call, whether they came as a form, a query or JSON."""

    def text(self, key: str, default: str = "") -> str:
        """This argument as text."""
        value = self.get(key)
        return default if value is None else str(value)

    def required(self, key: str) -> str:
        """This argument, which Slack insists on."""
        if not self.text(key):
            raise Refused(
                "invalid_arguments",
                response_metadata={"messages": [f"[ERROR] missing required field: {key}"]},
            )
        return self.text(key)

    def flag(self, key: str) -> bool:
        """This argument as true or false."""
        return self.text(key).lower() in ("true", "1")

    def parsed(self, key: str) -> Any:
        """This argument with its JSON opened; text that is not JSON stays text."""
        value = self.get(key)
        if isinstance(value, str) and key in JSON_ARGUMENTS:
            try:
                return json.loads(value)
            except ValueError:
                return value
        return value

    def limit(self, default: int = 100) -> int:
        """The page size."""
        size = self.text("limit", str(default))
        if not size.isdigit() or not 1 <= int(size) <= 1000:
            raise Refused("invalid_limit")
        return int(size)


Method = Callable[[Slack, Args], Json]
METHODS: dict[str, tuple[Method, tuple[str, ...]]] = {}


def method(name: str, *scopes: str) -> Callable[[Method], Method]:
    """Enter a function into the table; one of the scopes is needed, when any is named."""

    def enter(function: Method) -> Method:
        METHODS[name] = (function, scopes)
        return function

    return enter


def page(items: list[Any], args: Args, default: int = 100) -> tuple[list[Any], Json]:
    """One page of a list, and the reply's response_metadata."""
    cursor = args.text("cursor", "0") or "0"
    if not cursor.isdigit():
        raise Refused("invalid_cursor")
    start, size = int(cursor), args.limit(default)
    further = str(start + size) if start + size < len(items) else ""
    return items[start : start + size], {"response_metadata": {"next_cursor": further}}


def known_channel(slack: Slack, name: str) -> Channel:
    """The channel of this id or name, as far as the bot may know of it."""
    try:
        channel = slack.channel(name)
    except KeyError:
        raise Refused("channel_not_found") from None
    if channel.kind != "public" and BOT_USER not in channel.members:
        raise Refused("channel_not_found")
    return channel


def known_user(slack: Slack, user_id: str) -> User:
    """The user of this id."""
    if user_id not in slack.users:
        raise Refused("user_not_found")
    return slack.users[user_id]


def as_user(slack: Slack, user: User) -> Json:
    """A user as users.info shows them."""
    profile: Json = {"real_name": user.name.title(), "display_name": user.name}
    if "users:read.email" in slack.scopes and user.email and not user.is_bot:
        profile["email"] = user.email
    shown: Json = {
        "id": user.id,
        "team_id": user.team,
        "name": user.name,
        "real_name": user.name.title(),
        "deleted": user.deleted,
        "profile": profile,
        "is_bot": user.is_bot,
        "is_app_user": False,
    }
    if user.deleted:
        return shown
    return {
        **shown,
        "tz": user.tz,
        "is_admin": False,
        "is_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": False,
        "is_stranger": user.is_stranger,
    }


@method("auth.test")
def auth_test(slack: Slack, args: Args) -> Json:
    """Who the token belongs to."""
    return {
        "url": "https://riverton.slack.com/",
        "team": "Riverton",
        "user": "cityops",
        "team_id": slack.team_id,
        "user_id": BOT_USER,
        "bot_id": BOT_ID,
        "enterprise_id": slack.enterprise_id,
        "is_enterprise_install": False,
    }


@method("users.info", "users:read")
def users_info(slack: Slack, args: Args) -> Json:
    """One person."""
    return {"user": as_user(slack, known_user(slack, args.required("user")))}


@method("users.list", "users:read")
def users_list(slack: Slack, args: Args) -> Json:
    """All people, by page."""
    members, more = page([as_user(slack, user) for user in slack.users.values()], args, 200)
    return {"members": members, **more}


@method("users.lookupByEmail", "users:read.email")
def users_lookup(slack: Slack, args: Args) -> Json:
    """The active person with this address, letter case aside."""
    email = args.required("email").lower()
    for user in slack.users.values():
        if user.email.lower() == email and user.team == slack.team_id and not user.deleted and not user.is_bot:
            return {"user": as_user(slack, user)}
    raise Refused("users_not_found")


@method("files.getUploadURLExternal", "files:write")
def file_begin(slack: Slack, args: Args) -> Json:
    """First of three steps: an address to send the bytes to."""
    length = args.required("length")
    if not length.isdigit() or not int(length):
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] length must be positive"]})
    if len(args.text("alt_txt")) > 1000:
        raise Refused("alt_txt_too_large")
    file_id = f"F{next(slack._numbers):08d}"
    slack.files[file_id] = {
        "id": file_id,
        "name": args.required("filename"),
        "size": int(length),
        "alt_txt": args.text("alt_txt"),
        "content": None,
    }
    return {"upload_url": slack.api_url.replace("/api/", f"/upload/{file_id}"), "file_id": file_id}


@method("files.completeUploadExternal", "files:write")
def file_finish(slack: Slack, args: Args) -> Json:
    """Third step: share the files, in a channel when one is named."""
    files = args.parsed("files")
    if not isinstance(files, list) or not files:
        raise Refused("invalid_arguments", response_metadata={"messages": ["[ERROR] missing required field: files"]})
    for file in files:
        if slack.files.get(file.get("id"), {}).get("content") is None:
            raise Refused("file_not_found")
    for file in files:
        slack.files[file["id"]]["unread"] = slack.reads_slowly
    shared = [{**slack.files[file["id"]], "title": file.get("title", "")} for file in files]
    place = args.text("channel_id") or args.text("channels")
    if place:
        channel = known_channel(slack, place)
        if BOT_USER not in channel.members:
            raise Refused("not_in_channel")
        slack.put(
            channel.id,
            BOT_USER,
            text=args.text("initial_comment"),
            files=shared,
            via="files",
            thread_ts=args.text("thread_ts") or None,
        )
    return {"files": [{"id": file["id"], "title": file["title"]} for file in shared]}
