"""Script: who says what on which day, as the files of the play have it.

A story is some lines without an empty one between them, about one record. A line is how many working days before the
newest one, the time on the city's clock, the person, and what they say; a line that begins with spaces goes on with the
one above it, and one that begins with # is for who reads the file:

    43 09:05 owen: feedback add Deep pothole; category streets; place 12 Elm Street; via phone
    42 14:20 sam: feedback close {}; reason done; answer We filled the pothole.

``{}`` is the reference that the first line of the story got, and ``{quotes}`` what the line got that names it so
(``41 13:45 hugo [quotes]: risk action ...``). ``> Label`` presses the newest button of that label in somebody's own
conversation; ``> Label @ words`` one under a title with these words, and ``> Label | field value; field value`` fills
in the form that it opens. ``! action value`` presses a button wherever it may be.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from pathlib import Path

FOLDER = Path(__file__).parent / "play"
_LINE = re.compile(r"(?P<days>\d+) (?P<at>\d\d:\d\d) (?P<who>\w+)(?: \[(?P<name>\w+)\])?: (?P<says>.+)")


@dataclass(frozen=True)
class Cue:
    """What somebody says or presses, so many working days before the newest one. ``story`` says which cues belong
    together, and ``name`` how others call the record that this one makes."""

    days: int
    at: time
    who: str
    says: str
    story: str = ""
    name: str = ""


@dataclass(frozen=True)
class Line:
    """What somebody says or presses at a moment; ``story`` and ``name`` as a :class:`Cue` has them."""

    moment: datetime
    who: str
    says: str
    story: str = ""
    name: str = ""


def cues() -> list[Cue]:
    """All that the files of the play have."""
    return [cue for file in sorted(FOLDER.glob("*.txt")) for cue in read_stories(file.read_text("utf-8"), file.stem)]


def read_stories(text: str, file: str) -> Iterator[Cue]:
    """The cues of a file. Raises ValueError for a line that is none."""
    joined = re.sub(r"\n +", " ", "\n".join(line for line in text.splitlines() if not line.startswith("#")))
    for number, story in enumerate(filter(str.strip, re.split(r"\n\n+", joined)), 1):
        for line in story.strip().splitlines():
            yield _read(line, f"{file} {number}")


def _read(line: str, story: str) -> Cue:
    said = _LINE.fullmatch(line)
    if said is None:
        raise ValueError(f"{story}: this is no line of a story: {line}")
    at = time.fromisoformat(said["at"])
    return Cue(int(said["days"]), at, said["who"], said["says"], story, said["name"] or "")
