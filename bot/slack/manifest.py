"""Manifest: the Slack app as its page for app manifests takes it, written from the catalogue."""

import json
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City

NO_ADDRESS = "https://cityops.example.org"  # stands for PUBLIC_URL until it is set

INSTALL = "give the app the new manifest (python -m bot manifest slack) and install it again"

# Each scope and what needs it.
SCOPES = {
    "app_mentions:read": "hear its name in channels",
    "channels:history": "look whether a message has arrived, and hear when one on a crisis's timeline is changed",
    "channels:join": "enter the channel that an admin makes a place of the city",
    "channels:manage": "make the room of a crisis: a channel with its people and topic",
    "channels:read": "find that room again after an answer was lost; hear what becomes of a place's channel",
    "chat:write": "speak",
    "commands": "slash commands, and entries in the menu of a message",
    "files:write": "show pictures and files in a message or beside it",
    "groups:history": "as channels:history, for private channels",
    "groups:read": "hear what becomes of a place's channel that is private",
    "im:history": "hear direct messages",
    "im:write": "write to people first",
    "pins:write": "pin the board of a crisis",
    "users:read": "know who is speaking, and hear when an account is switched off or comes back",
    "users:read.email": "join people to city/people.toml",
}
# Each event and the scope without which Slack does not send it (Events API).
EVENTS = {
    "app_home_opened": None,
    "app_mention": "app_mentions:read",
    "channel_archive": "channels:read",
    "channel_deleted": "channels:read",
    "channel_left": "channels:read",
    "channel_rename": "channels:read",
    "channel_unarchive": "channels:read",
    "group_archive": "groups:read",
    "group_deleted": "groups:read",
    "group_left": "groups:read",
    "group_rename": "groups:read",
    "group_unarchive": "groups:read",
    "member_joined_channel": "channels:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "team_join": "users:read",
    "user_change": "users:read",
}


def lacking(granted: Collection[str]) -> list[str]:
    """What an app that was installed with these scopes cannot do yet: nothing where Slack names none."""
    missing = [scope for scope in SCOPES if granted and scope not in granted]
    silent = [event for event, scope in EVENTS.items() if scope in missing]
    commands = ["every slash command", "every entry in the menu of a message"] if "commands" in missing else []
    lines = (
        _line("scopes missing", missing),
        _line("events missing for want of a scope", silent),
        _line("commands missing for want of a scope", commands),
    )
    return list(filter(None, lines))


def differences(wanted: Mapping[str, Any], installed: Mapping[str, Any]) -> list[str]:
    """What the manifest of an app lacks that this bot would have; what it has beyond that does no harm."""
    there = {name: frozenset(names) for name, names in _named(installed)}
    return [
        line
        for name, names in _named(wanted)
        if (line := _line(f"{name} missing", [missing for missing in names if missing not in there[name]]))
    ]


def _named(manifest: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The parts of a manifest that grow, by what they are called, each with the names in it."""
    features, settings = manifest.get("features") or {}, manifest.get("settings") or {}
    scopes = (manifest.get("oauth_config") or {}).get("scopes") or {}
    yield "scopes", list(scopes.get("bot") or ())
    yield "events", list((settings.get("event_subscriptions") or {}).get("bot_events") or ())
    yield "slash commands", [command["command"] for command in features.get("slash_commands") or ()]
    yield "entries in the menu of a message", [entry["callback_id"] for entry in features.get("shortcuts") or ()]


def _line(head: str, missing: list[str]) -> str:
    return f"{head}: {', '.join(missing)}; {INSTALL}" if missing else ""


def slack_manifest(catalogue: Catalogue, city: City, public_url: str | None, *, socket: bool) -> str:
    """The manifest as JSON; with Socket Mode there are no addresses in it."""
    address = None if socket else f"{(public_url or NO_ADDRESS).rstrip('/')}/slack/events"
    there = {"request_url": address} if address else {}
    return json.dumps(
        {
            "_metadata": {"major_version": 1, "minor_version": 1},
            "display_information": {
                "name": "cityops",
                "description": f"The bot {city.name} runs its day on."[:140],
                "background_color": "#1f4e5f",
            },
            "features": {
                "app_home": {
                    "home_tab_enabled": True,
                    "messages_tab_enabled": True,
                    "messages_tab_read_only_enabled": False,
                },
                "bot_user": {"display_name": "cityops", "always_online": True},
                "slash_commands": _slash_commands(catalogue, city, address),
                "shortcuts": _shortcuts(catalogue),
            },
            "oauth_config": {"scopes": {"bot": list(SCOPES)}},
            "settings": {
                "event_subscriptions": {**there, "bot_events": list(EVENTS)},
                "interactivity": {"is_enabled": True, **there},
                "org_deploy_enabled": False,
                "socket_mode_enabled": socket,
                "token_rotation_enabled": False,
            },
        },
        indent=2,
    )


def _slash_commands(catalogue: Catalogue, city: City, address: str | None) -> list[dict[str, object]]:
    """The groups that city/city.toml makes slash commands, as far as they have commands."""
    groups = [name.removeprefix("/") for name in city.facts.slack.slash]
    return [
        {
            "command": f"/{city.facts.slack.prefix}{group}",
            "description": _description(catalogue, group),
            "usage_hint": usage_hint(catalogue, group),
            "should_escape": True,
            **({"url": address} if address else {}),
        }
        for group in groups
        if group in catalogue.groups
    ]


def _shortcuts(catalogue: Catalogue) -> list[dict[str, str]]:
    """What stands in the menu of every message."""
    return [
        {
            "name": command.from_message,
            "type": "message",
            "callback_id": command.name,
            "description": command.help[:150],
        }
        for command in catalogue.from_messages
    ]


def _description(catalogue: Catalogue, group: str) -> str:
    return "Everything the bot can do" if group == "city" else catalogue.group(group)[0].help


def usage_hint(catalogue: Catalogue, group: str) -> str:
    """What may follow a slash command: its own words or "help", and for /city every group's too."""
    own = [command.name.removeprefix(group).strip() for command in catalogue.group(group)]
    others = [name for name in catalogue.groups if name != group] if group == "city" else []
    return " | ".join([*filter(None, own), "help", *others])[:1000]
