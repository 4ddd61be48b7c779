"""Downloads: a file given to a browser, so that it is saved and never run; and the route for links to files."""

import re
from pathlib import PurePath
from urllib.parse import quote

from aiohttp import web

from bot.links import Links
from bot.runtime import Runtime
from storage.database import DatabaseUnavailable

TYPES = {
    ".csv": "text/csv; charset=utf-8",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".html": "text/html; charset=utf-8",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
FILE = "{file:[0-9a-f]{64}}/{name}"  # the end of every route to a file
NOT_HERE = (
    "There is no file here, or no longer: a link to a file works for 24 hours. Please ask cityops for it again.\n"
)
AWAY = "The database does not answer. Please try again in a few minutes.\n"


class Downloads:
    """What a signed link leads to. Whether a file is there is told to nobody whose link is not ours or is over."""

    def __init__(self, runtime: Runtime, links: Links) -> None:
        self.runtime, self.links = runtime, links

    def routes(self) -> list[web.RouteDef]:
        return [web.get(f"/files/{FILE}", self.give)]

    async def give(self, request: web.Request) -> web.Response:
        file, name = request.match_info["file"], request.match_info["name"]
        until = request.query.get("until", "")
        if not self.links.is_ours(file, name, until, request.query.get("by", "")):
            return web.Response(status=403, text=NOT_HERE, headers=HEADERS)
        if self.links.is_over(until):
            return web.Response(status=410, text=NOT_HERE, headers=HEADERS)
        return await kept_file(self.runtime, file, name)


async def kept_file(runtime: Runtime, file: str, name: str) -> web.Response:
    """A file by its id and name; a sentence when it is kept no longer."""
    try:
        found = await runtime.read(lambda store: store.chat.files.find(file))
    except DatabaseUnavailable:
        return web.Response(status=503, text=AWAY, headers=HEADERS)
    if found is None or found[0] != name:
        return web.Response(status=410, text=NOT_HERE, headers=HEADERS)
    kind = TYPES.get(PurePath(name).suffix.lower(), "application/octet-stream")
    return web.Response(
        body=found[1], headers={**HEADERS, "Content-Type": kind, "Content-Disposition": disposition(name)}
    )


def disposition(name: str) -> str:
    """To be saved under this name (RFC 6266): in ASCII for old programs, and as it is."""
    ascii_name = re.sub(r"[^\w.() -]", "_", name, flags=re.ASCII)
    return f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{quote(name, safe='')}"
