"""Address: what DATABASE_URL says, without what nobody else should read."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from storage.trouble import DatabaseUnusable


def parts(url: str) -> URL:
    """The parts of a database's address; raises DatabaseUnusable when it is none."""
    try:
        return make_url(url)
    except (ArgumentError, ValueError):
        raise DatabaseUnusable("this is not the address of a database; see .env.example") from None


def place(url: str) -> str:
    """Where a database is: its file, or server and name, without user and password."""
    there = parts(url)
    if there.get_backend_name() == "sqlite":
        return there.database or ""
    return f"{there.host or there.query.get('host', 'this machine')}:{there.port or 5432}/{there.database}"
