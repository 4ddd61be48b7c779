"""Demo: ten weeks of the invented city of Riverton, made in a file of their own."""

import argparse

from bot.demo.making import make
from bot.invented import EMPTY, FILE, OWN
from bot.settings import read_settings


def demo(options: argparse.Namespace) -> int:
    """Make it, the newest day being today; exit code 2 where it is there already, unless it is to be made again."""
    settings = read_settings()
    make(settings, again=options.again)
    print(f"Ten invented weeks of Riverton are in {FILE}. To look at them: make run")
    if OWN.exists():
        print(f"make run uses {OWN}, as long as it is there.")
    else:
        print(f"To begin with an empty city instead: {EMPTY}")
    return 0
