"""Interpreter: how Python is set for a command that ends soon, and for a bot that answers people while it works."""

import subprocess
import sys

SERVING = """
import gc, sys
from bot.interpreter import prepare_to_load, prepare_to_serve

often = gc.get_threshold()
prepare_to_load()
seldom = gc.get_threshold()
prepare_to_serve()
frozen = gc.get_freeze_count() > 1_000
print(sys.getswitchinterval(), frozen, gc.isenabled(), seldom > often, gc.get_threshold() == often)
"""


def test_the_loop_has_its_turn_soon_and_what_is_loaded_is_passed_over_and_all_else_is_collected() -> None:
    ran = subprocess.run([sys.executable, "-c", SERVING], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["0.0005", "True", "True", "True", "True"], ran


def test_what_was_printed_is_there_when_the_process_has_ended_and_so_is_its_code() -> None:
    line = "from bot.interpreter import end; print('said'); end(2)"
    ran = subprocess.run([sys.executable, "-c", line], capture_output=True, text=True)
    assert (ran.returncode, ran.stdout, ran.stderr) == (2, "said\n", "")
