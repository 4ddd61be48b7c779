"""Guard: the desk lets anyone act as anyone, so it answers only a browser on this machine, on a page of its own."""

import re
from collections.abc import Awaitable, Callable
from functools import wraps

from aiohttp import web
from aiohttp.typedefs import Handler

from bot.forwarded import is_forwarded

OWN_HOST = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?", re.IGNORECASE)
HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


def guarded(handler: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> Handler:
    """The handler for requests from this machine; all others read in a sentence why they are refused."""

    @wraps(handler)
    async def guard(request: web.Request) -> web.StreamResponse:
        if why := refusal(request):
            return web.Response(status=403, text=why, headers=HEADERS)
        try:
            response = await handler(request)
        except web.HTTPException as problem:
            problem.headers.update(HEADERS)
            raise
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    return guard


def refusal(request: web.Request) -> str | None:
    """Why a request is not answered, or None when it comes from this machine.

    A foreign name in Host is a page that had its own name point here (DNS rebinding); a foreign Origin is another
    page that sends in the person's stead; a forwarding header means that a proxy has opened the desk to a network.
    """
    hosts = request.headers.getall("Host", [])
    if len(hosts) != 1 or not OWN_HOST.fullmatch(hosts[0]):
        return "The desk is for this machine alone. Open it as http://localhost or http://127.0.0.1 with its port."
    if is_forwarded(request):
        return "The desk is for this machine alone. It does not answer through a proxy."
    if request.method not in ("GET", "HEAD") and not _from_own_page(request, hosts[0]):
        return "The desk takes this only from its own page. Open the desk and do it there."
    return None


def _from_own_page(request: web.Request, host: str) -> bool:
    origins = request.headers.getall("Origin", [])
    if not origins:
        return request.headers.get("Sec-Fetch-Site") == "same-origin"
    return origins == [f"{request.scheme}://{host}"]
