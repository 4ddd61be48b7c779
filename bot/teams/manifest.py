"""Manifest: the Teams app package, written from the catalogue: manifest.json, two icons, zipped."""

import io
import json
import math
import struct
import zipfile
import zlib
from collections.abc import Callable
from urllib.parse import urlsplit

from bot.teams.elements import Json
from handlers.kit.catalogue import Catalogue
from handlers.kit.city.model import City
from handlers.kit.signs import cut

NO_ADDRESS = "https://cityops.example.org"  # stands for PUBLIC_URL until it is set
NO_APP_ID = "00000000-0000-0000-0000-000000000000"  # stands for TEAMS_APP_ID until it is set
SCHEMA = "https://developer.microsoft.com/json-schemas/teams/v1.25/MicrosoftTeams.schema.json"
COMMANDS, COMMAND, DESCRIPTION = 10, 32, 128  # what every version of the manifest takes
SCOPES = ("personal", "team", "groupChat")
ACCENT = "#1f4e5f"
COLOR, OUTLINE = 192, 32  # sides of the icons, in pixels
Pixel = Callable[[float, float], tuple[int, int, int, int]]
BLUE, WHITE, NOTHING = (0x1F, 0x4E, 0x5F, 255), (255, 255, 255, 255), (0, 0, 0, 0)


def teams_manifest(catalogue: Catalogue, city: City, app_id: str | None, public_url: str | None, version: str) -> str:
    """The manifest as JSON, for version 1.25 of its schema."""
    address = (public_url or NO_ADDRESS).rstrip("/").replace("http://", "https://")
    ours = app_id or NO_APP_ID
    return json.dumps(
        {
            "$schema": SCHEMA,
            "manifestVersion": "1.25",
            "version": version,
            "id": ours,
            "developer": {
                "name": cut(city.name, 32),
                "websiteUrl": city.facts.website or address,
                "privacyUrl": f"{address}/privacy",
                "termsOfUseUrl": f"{address}/terms",
            },
            "name": {"short": "cityops", "full": cut(f"cityops for {city.name}", 100)},
            "description": {
                "short": cut(f"The bot {city.name} runs its day on.", 80),
                "full": cut(_full(catalogue, city), 4000),
            },
            "icons": {"color": "color.png", "outline": "outline.png"},
            "accentColor": ACCENT,
            "bots": [_bot(catalogue, ours)],
            "composeExtensions": [_menu(catalogue, ours)],
            "permissions": ["identity", "messageTeamMembers"],
            "validDomains": [urlsplit(address).hostname],
        },
        indent=2,
    )


def _bot(catalogue: Catalogue, app_id: str) -> Json:
    return {
        "botId": app_id,
        "scopes": list(SCOPES),
        "supportsFiles": False,
        "isNotificationOnly": False,
        "commandLists": [{"scopes": list(SCOPES), "commands": _commands(catalogue)}],
    }


def _menu(catalogue: Catalogue, app_id: str) -> Json:
    """What stands in the menu of every message."""
    entries = [
        {
            "id": command.name,
            "type": "action",
            "title": cut(command.from_message, COMMAND),
            "description": cut(command.help, DESCRIPTION),
            "context": ["message"],
            "fetchTask": True,
        }
        for command in catalogue.from_messages
    ]
    return {"botId": app_id, "canUpdateConfiguration": False, "commands": entries}


def _full(catalogue: Catalogue, city: City) -> str:
    lines = [f"/{command.name}: {command.help}" for command in catalogue.commands.values()]
    return "\n\n".join([f"The bot {city.name} runs its day on. Write to it, or mention it in a channel:", *lines])


def _commands(catalogue: Catalogue) -> list[Json]:
    """Help, then the first commands of each group in turn: ten of all of them."""
    groups = [
        [command for command in catalogue.group(name) if len(command.name) <= COMMAND] for name in catalogue.groups
    ]
    deepest = max((len(group) for group in groups), default=0)
    some = [group[place] for place in range(deepest) for group in groups if place < len(group)]
    commands = [
        {"title": command.name, "description": cut(command.help, DESCRIPTION)}
        for command in some
        if command.name != "help"
    ]
    return [{"title": "help", "description": "See what the bot can do"}, *commands][:COMMANDS]


def app_package(manifest: str) -> bytes:
    """The zip that an admin uploads; the same manifest gives the same bytes."""
    files = {"manifest.json": manifest.encode(), "color.png": color_icon(), "outline.png": outline_icon()}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(zipfile.ZipInfo(name, date_time=(2026, 1, 1, 0, 0, 0)), content)
    return packed.getvalue()


def color_icon() -> bytes:
    """White towers on the city's color."""
    return png(COLOR, lambda x, y: WHITE if _towers(x, y) else BLUE)


def outline_icon() -> bytes:
    """The same towers in white on nothing."""
    return png(OUTLINE, lambda x, y: WHITE if _towers(x, y) else NOTHING)


def _towers(x: float, y: float) -> bool:
    """Whether a point (0 to 1, from the left and the top) lies on the drawing: three towers under a rising sun."""
    towers = ((0.22, 0.38, 0.52), (0.42, 0.58, 0.36), (0.62, 0.78, 0.46))
    sun = math.hypot(x - 0.78, y - 0.25) < 0.07
    return sun or any(left <= x < right and top <= y < 0.8 for left, right, top in towers)


def png(side: int, pixel: Pixel) -> bytes:
    """A square picture with transparency, drawn point by point."""
    middles = [(place + 0.5) / side for place in range(side)]
    rows = b"".join(b"\0" + b"".join(bytes(pixel(x, y)) for x in middles) for y in middles)
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in chunks
    )
