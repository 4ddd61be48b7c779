"""Complaints: what goes wrong again and again, in the log only when it begins or is something else."""

from collections.abc import Callable


class Complaint:
    """What is wrong now; ``log`` writes a line, with the reason in the place of its ``%s``."""

    def __init__(self, log: Callable[[str, str], None], line: str) -> None:
        self._log, self._line, self._why = log, line, ""

    def say(self, why: str) -> None:
        """One line when it begins, and one when something else is wrong."""
        if why != self._why:
            self._log(self._line, why)
        self._why = why

    def over(self) -> bool:
        """It is well again; True where something was wrong."""
        was, self._why = self._why, ""
        return bool(was)
