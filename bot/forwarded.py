"""Forwarded: whether a proxy handed a request on; then the address it comes from says nothing."""

from aiohttp import web


def is_forwarded(request: web.Request) -> bool:
    """Whether any of the headers is there that proxies add (RFC 7239 and its X- forerunners)."""
    return any(name.lower() == "forwarded" or name.lower().startswith("x-forwarded") for name in request.headers)
