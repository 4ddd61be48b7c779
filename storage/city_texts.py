"""City texts: what stood in each of the city's files when they last made sense."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Column, String, Table, Text, delete, insert, select

from storage.base import Instant, Questions, metadata
from storage.prepared import Prepared

city_texts = Table(
    "city_texts",
    metadata,
    Column("file", String(120), primary_key=True),
    Column("text", Text, nullable=False),
    Column("accepted_at", Instant, nullable=False),
    sqlite_with_rowid=False,
)

_ALL = Prepared(select(city_texts.c.file, city_texts.c.text))
_ADD = Prepared(insert(city_texts))
_FORGET = Prepared(delete(city_texts))


class CityTexts(Questions):
    def all(self) -> dict[str, str]:
        """The texts by the names of their files; none when no bot has run on this database yet."""
        return {row.file: row.text for row in self.ask(_ALL)}

    def keep(self, texts: Mapping[str, str], at: datetime) -> None:
        """Keep these in the place of those before, unless they are the same."""
        if texts == self.all():
            return
        self.ask(_FORGET)
        for file, text in texts.items():
            self.ask(_ADD, {"file": file, "text": text, "accepted_at": at})
