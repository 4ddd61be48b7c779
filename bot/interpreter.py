"""Interpreter: how Python is set for a bot that answers people while it works."""

import gc
import sys

TURN = 0.0005  # seconds; Python's own is ten times as long, and a command waits for dozens of turns


def prepare_to_serve() -> None:
    """Let the event loop have its turn soon beside a thread that computes, and let the garbage collector pass over all
    that is loaded until now: it stays until the end, and each time the collector looks through all of it nobody is
    answered for 70 ms or more (docs/performance.md)."""
    sys.setswitchinterval(TURN)
    gc.collect()
    gc.freeze()
