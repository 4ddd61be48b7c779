"""Turns: where people look whether something is there before they add it, one after the other does."""

from sqlalchemy import String, bindparam, func, select

from storage.base import Questions
from storage.prepared import Prepared

_TAKE = Prepared(select(func.pg_advisory_xact_lock(0x7475726E, func.hashtext(bindparam("what", type_=String)))))


class Turns(Questions):
    def take(self, what: str) -> None:
        """Wait until no other transaction has this turn, and keep it until this one ends: what is looked for from now
        on is there when another has just added it. It comes before the rows that are taken. SQLite has one writer."""
        if self.connection.dialect.name == "postgresql":
            self.ask(_TAKE, {"what": what})
