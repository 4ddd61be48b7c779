"""Commands that die on the way: ``python -m tests.dying FOLDER``, for tests of what is left behind.

All is loaded once. Each line it reads is ``STEP: COMMAND``; the command runs in a fork that is killed before that step
(0: never), and a line says how it ended: the exit code, or minus the signal. A step is what ``backup`` or
``restore`` asks of the disk or of SQLite and that changes something; "after S" is S seconds after the first one.
"""

import gc
import os
import signal
import sqlite3
import sys
from collections.abc import Callable
from importlib import import_module
from types import BuiltinFunctionType, FrameType
from typing import Any

from bot.__main__ import main
from bot.cli import keep
from storage.backup import copy_to, put_back

ON_THE_DISK = ("open", "fsync", "link", "rename", "replace", "unlink", "fchmod", "fchown", "mkdir", "write")
IN_SQLITE = ("execute", "backup", "commit", "close")


def _dying(command: Callable[..., Any], step: str) -> Callable[..., Any]:
    """The same, which counts its steps and dies before the one of this number."""
    counted = 0

    def hook(_frame: FrameType, event: str, called: Any) -> None:
        nonlocal counted
        if event == "c_call" and isinstance(called, BuiltinFunctionType) and _changes(called):
            counted += 1
            if counted == int(step):
                os.kill(os.getpid(), signal.SIGKILL)

    def run(*arguments: Any) -> Any:
        if step.startswith("after "):
            signal.setitimer(
                signal.ITIMER_REAL, float(step.removeprefix("after "))
            )  # ends a process that hears no alarm
        elif step != "0":
            sys.setprofile(hook)
        return command(*arguments)

    return run


def _changes(called: BuiltinFunctionType) -> bool:
    of = called.__self__
    if isinstance(of, sqlite3.Connection | sqlite3.Cursor):
        return called.__name__ in IN_SQLITE
    is_the_disk = getattr(of, "__name__", "") in ("posix", "io", "_io") or type(of).__module__ == "_io"
    return is_the_disk and called.__name__ in ON_THE_DISK


def _run(step: str, arguments: list[str]) -> None:
    out = os.open(os.devnull, os.O_WRONLY)
    os.dup2(out, 1)
    os.dup2(out, 2)
    vars(keep).update(copy_to=_dying(copy_to, step), put_back=_dying(put_back, step))
    os._exit(main(arguments))


if __name__ == "__main__":
    import_module("sqlalchemy.dialects.sqlite")  # which is loaded when it is used
    gc.freeze()  # the forks share what is there
    os.chdir(sys.argv[1])
    for line in sys.stdin:
        when, _, what = line.strip().partition(": ")
        child = os.fork()
        if not child:
            _run(when, what.split())
        print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
