"""Interpreter: how Python is set for a command that ends soon, and for a bot that answers people while it works."""

import gc
import logging
import os
import sys
from typing import NoReturn

TURN = 0.0005  # seconds; Python's own is ten times as long, and a command waits for dozens of turns
OFTEN = gc.get_threshold()  # as Python has it: after 700 new objects
SELDOM = 500_000  # new objects between two looks of the garbage collector


def prepare_to_load() -> None:
    """Load without the garbage collector, which finds nothing while modules are loaded, and without pydantic's search
    through every installed package for plugins, of which we have none."""
    gc.set_threshold(SELDOM)
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")


def end(code: int) -> NoReturn:
    """End the process at once. What a command has opened is closed by now; Python would look through all that was
    loaded once more and take it down object by object, which takes a short command a third of its time."""
    logging.shutdown()
    for stream in (sys.stdout, sys.stderr):
        stream.flush()
    os._exit(code)


def prepare_to_serve() -> None:
    """Let the event loop have its turn soon beside a thread that computes, and let the garbage collector pass over all
    that is loaded until now: it stays until the end, and each time the collector looks through all of it nobody is
    answered for 70 ms or more (docs/performance.md)."""
    sys.setswitchinterval(TURN)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*OFTEN)
