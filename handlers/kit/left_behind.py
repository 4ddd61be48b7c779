"""Left behind: what open records name and the city's files do not any more, with the command that moves it."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from handlers.kit.catalogue import catalogue
from handlers.kit.context import Context
from handlers.kit.duty import LEFT
from handlers.kit.lists import agreeing
from handlers.kit.parts import Broken, Part
from handlers.kit.speaking import spoken_platform

PART = "city files without "  # before what is gone: such a part leaves the list of what broke by itself
SHOWN = 3  # references named in a line


@dataclass(frozen=True)
class LeftBehind:
    """Something that has gone from a file of the city while records name it: ``what`` it is, such as "category", its
    id, the references of those records, and the command or button that moves one of them."""

    file: str
    what: str
    id: str
    refs: Sequence[str]
    move: str

    @property
    def name(self) -> str:
        return f"the {self.what} {self.id}"

    @property
    def line(self) -> str:
        """What is gone, what names it, and what to do."""
        more = len(self.refs) - SHOWN
        named = agreeing([*self.refs[:SHOWN], *([f"{more} more"] if more > 0 else [])], "names", "name")
        it = "them" if self.what == "person" else "it"
        gone = f"{self.file} has no {self.what} {self.id} anymore, and {named} {it}"
        return f"{gone}. Put {it} back, or {self.move}"


def left_behind(context: Context) -> list[LeftBehind]:
    """All of it: what features name, what people hold who are in no file any more, and places with a channel."""
    named = sorted(catalogue.city_words.items())
    parts = [Part(f"city words {name}", partial(function, context)) for name, function in named]
    found = [gone for part in context.each_apart(parts) if not isinstance(part, Broken) for gone in part]
    return [*found, *_people(context), *_places(context)]


def _people(context: Context) -> list[LeftBehind]:
    """Those who hold something and have left the city's files."""
    held = dict[str, list[str]]()
    for holding in sorted(catalogue.holdings.values(), key=lambda holding: (holding.order, holding.name)):
        gone = [holder for holder in holding.holders(context) if context.duties.why_not(holder) == LEFT]
        for thing in holding.function(context, gone) if gone else ():
            held.setdefault(thing.holder, []).append(thing.ref)
    return [
        LeftBehind("people.toml", "person", person, refs, f"give all of it to somebody: city handover {person}")
        for person, refs in held.items()
    ]


def _places(context: Context) -> list[LeftBehind]:
    """Places that are a channel somewhere, and that places.toml does not name any more."""
    channels = dict[str, list[str]]()
    for platform in context.platforms:
        for place in context.store.chat.places.bound(platform):
            if place.partition(":")[0] not in context.city.places:
                channels.setdefault(place, []).append(f"a channel in {spoken_platform(platform)}")
    move = "say in that channel which place it is now: city connect"
    return [LeftBehind("places.toml", "place", place, there, move) for place, there in channels.items()]
