"""Attachments: a photo or a file that is sent along with a typed line: kept as a link, or it is said that it is not."""

from collections.abc import Sequence
from dataclasses import replace

from bot.inbound import Answered, Gesture, Inbound, Outcome, Typed
from bot.understanding import Target, is_kept
from handlers.kit.lists import listed
from handlers.kit.messages import Note
from handlers.kit.signs import cut

NAME = 80  # characters of a file's name
KEPT = "The message with {files} is kept as a link."
UNREACHED = "{files} could not be kept: there is no link to it here. Put it where others can open it, and add the link."
WORDS_ONLY = (
    "I can only take text here, so this was not kept: {files}. Put it where others can open it, and add the link."
)


def with_word_of_files(inbound: Inbound, target: Target | None, outcome: Outcome) -> Outcome:
    """The answer; it says what became of what was sent along."""
    what = inbound.what
    if not isinstance(outcome, Answered) or outcome.card is None or not outcome.ok or not _files(what):
        return outcome
    sentence = WORDS_ONLY
    if is_kept(target):
        sentence = KEPT if isinstance(what, Typed) and what.source else UNREACHED
    said = sentence.format(files=listed([cut(name, NAME) for name in _files(what)]))
    return replace(outcome, card=outcome.card.with_words(Note(said)))


def _files(what: Gesture) -> Sequence[str]:
    return what.files if isinstance(what, Typed) else ()
