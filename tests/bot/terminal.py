"""Terminal: what the command line answers, and what it refuses."""

from tests.bot.conftest import Call


def said(call: Call, *arguments: str) -> str:
    """What a command prints; it ends well and complains of nothing."""
    code, out, error = call(*arguments)
    assert (code, error) == (0, "")
    return out


def refused(call: Call, *arguments: str) -> str:
    """What a command complains of; it prints nothing else."""
    code, out, error = call(*arguments)
    assert (code, out) == (2, "")
    return error
