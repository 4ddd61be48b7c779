"""Trouble: why a platform does not answer this bot, in one line that says what to do."""

from handlers.kit.lists import counted


def no_answer(who: str, setting: str) -> str:
    """Nothing answers at the address that a setting names."""
    return f"{who} cannot be reached from here; check the firewall and {setting}"


def asked_too_often(who: str, seconds: float | None) -> str:
    """It wants to be left alone for some seconds; a minute where it does not say how long."""
    return f"{who} has been asked too often; wait {counted(round(seconds or 60), 'second')} and ask again"


def out_of_order(who: str, status: int, first: str = "") -> str:
    """It answers with an error of its own, by its HTTP status; ``first`` is to be done before asking again."""
    return f"{who} has trouble of its own (HTTP {status}); {first}ask again later"
