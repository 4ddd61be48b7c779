"""The runner of mutants, in a small project of its own: what is noticed, what is named, and what is not counted."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
MODULES = 'modules = ["shop.py"]\nat_import = []\n'
SHOP = '''"""Shop: three ways to count."""

import asyncio

KINDS = ("fruit",) + ("bread",)


def total(price: int, tip: int) -> int:
    return price + tip


def change(paid: int, price: int) -> int:
    try:
        return paid - price
    except (asyncio.QueueEmpty, asyncio.QueueFull):  # which cosmic-ray cannot change
        raise
'''
TESTS = """from shop import change, total


def test_a_tip_is_added() -> None:
    assert total(4, 1) == 5


def test_nobody_looks_at_the_change() -> None:
    change(5, 4)
"""
TOTAL, CHANGE, KINDS = "return price + tip", "return paid - price", 'KINDS = ("fruit",) + ("bread",)'


class Project:
    """A project with one module, its tests and the runner."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ignored = shutil.ignore_patterns("__pycache__", "test_*.py", "*.toml")
        shutil.copytree(HERE, folder / "tests" / "mutants", ignore=ignored)
        for name, text in (("modules.toml", MODULES), ("equivalent.toml", "")):
            self.write(f"tests/mutants/{name}", text)
        self.write(".gitignore", "__pycache__\n.mutants\n")
        self.write("conftest.py", "")  # so that tests find the module
        self.write("shop.py", SHOP)
        self.write("tests/test_shop.py", TESTS)
        subprocess.run(["git", "init", "-q"], cwd=folder, check=True)

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text)

    def run(self) -> tuple[int, str]:
        """Try every change; gives the exit code and what was said."""
        command = [sys.executable, "-m", "tests.mutants", "--count", "99", "--jobs", "1"]
        own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST", "COV"))}
        done = subprocess.run(command, cwd=self.folder, env=own, check=False, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr


def named(module_line: int, was: str, now: str) -> str:
    return f"shop.py:{module_line}\n    - {was}\n    + {now}"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


@pytest.mark.doors
def test_a_change_that_no_test_notices_is_named_and_is_too_many(project: Project) -> None:
    code, said = project.run()
    assert code == 1, said
    assert f"noticed: {named(9, TOTAL, 'return price - tip')}" in said
    assert f"unnoticed: {named(14, CHANGE, 'return paid + price')}" in said
    assert f"No test noticed {named(14, CHANGE, 'return paid + price')}" in said
    assert "1 of 2 changes noticed (50.0%), 0 as the tests hung." in said
    assert "Not counted: 1 with which the tests do not start, 0 that no test can notice, 0 for which there was no time."
    assert (project.folder / "shop.py").read_text() == SHOP


@pytest.mark.doors
def test_a_change_that_no_test_can_notice_is_neither_tried_nor_counted(project: Project) -> None:
    entry = f"[[change]]\nmodule = 'shop.py'\nwas = '{CHANGE}'\nnow = 'return paid + price'\nwhy = 'Nobody asks.'\n"
    kind = "[[kind]]\nwas = 'KINDS'\nnow = 'KINDS'\nwhy = 'Of the kinds nothing depends.'\n"
    project.write("tests/mutants/equivalent.toml", entry + kind)
    code, said = project.run()
    assert code == 0, said
    assert "1 of 1 changes noticed (100.0%)" in said
    assert "0 with which the tests do not start, 2 that no test can notice" in said
    assert "paid" not in said


@pytest.mark.doors
def test_a_line_that_was_rewritten_meets_the_tests_of_the_one_before_also_when_others_have_changed(
    project: Project,
) -> None:
    project.write("shop.py", SHOP.replace(CHANGE, "return 0").replace(KINDS, "KINDS = ()"))
    assert project.run()[0] == 1
    project.write("shop.py", SHOP.replace(CHANGE, "return None").replace(KINDS, "KINDS = ()").replace("tip", "gift"))
    project.write("tests/test_more.py", "from shop import total\n\n\ndef test_more() -> None:\n    total(1, 2)\n")
    code, said = project.run()
    assert "1 passed" in said, "only the new file is watched"
    assert (code, "1 of 1 changes noticed" in said) == (0, True), said
