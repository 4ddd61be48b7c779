"""Naming: the question that is asked back where a name is nobody's, or is the name of several people."""

from collections.abc import Sequence

SHOWN = 5  # people of one name; with more of them the name alone was no help
_COUNTS = ("Nobody", "One person", "Two people", "Three people", "Four people", "Five people")


def which_of(words: str, namesakes: Sequence[str]) -> str:
    """The sentence for a name that does not tell who is meant: whom it may mean, or how to name somebody."""
    if len(namesakes) < 2:
        return f'I know nobody called "{words}". Write @ and their name, for example @sam.'
    count = _COUNTS[len(namesakes)] if len(namesakes) < len(_COUNTS) else f"{len(namesakes)} people"
    shown = [*namesakes[:SHOWN], *(["others"] if len(namesakes) > SHOWN else [])]
    who = f"{'; '.join(shown[:-1])}; or {shown[-1]}"
    return f'{count} are called "{words}": {who}. Which one do you mean? Write the name after the @.'
