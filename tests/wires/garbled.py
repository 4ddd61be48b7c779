"""Garbled: what answers in a platform's place and is not the platform: a proxy, a sign-in page, a broken gateway."""

from aiohttp import web

GARBLED = {
    "a sign-in page": (200, "text/html", b"<html>Please sign in</html>"),
    "a page of a proxy": (407, "text/html", b"<html>Proxy authentication required</html>"),
    "a page that calls itself JSON": (200, "application/json", b"<html>Welcome</html>"),
    "no object": (200, "application/json", b'["ok"]'),
    "nothing": (200, "application/json", b""),
    "plain text": (200, "text/plain", b"hello"),
    "no text": (200, "application/json", b"\xff\xfe{}"),
    "too deep": (200, "application/json", b"[" * 100_000),
    "JSON of somebody else": (200, "application/json", b'{"ok": true}'),
}


def garbled(how: str) -> web.Response:
    """One of these answers."""
    status, kind, body = GARBLED[how]
    return web.Response(status=status, body=body, content_type=kind)
