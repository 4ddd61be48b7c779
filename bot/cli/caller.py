"""Caller: who calls from the command line, for the audit."""

import getpass
import os

MOST = 60  # characters that the audit keeps


def caller() -> str:
    """The machine's own name for the user who calls; in a container that may be only a number."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"user {os.getuid()}"
    return f"command line: {name}"[:MOST]
