"""Contributing: the feature that the page builds is built from it and run."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from storage.schema import NEWEST

ROOT = Path(__file__).parents[1]
EXAMPLE = re.compile(r"^`([\w/]+\.py)`[^`]*```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINE = re.compile(r"`(\"visit.*?|visits = .*?)` among [^`]*`([\w/.]+)`", re.DOTALL)
NEXT = f"{int(NEWEST) + 1:04}"


def test_the_feature_of_the_page_is_four_new_files_and_a_line_in_three_and_works(tmp_path: Path) -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    part = page.split("## A feature with a form, a table and a list")[1].split("\n## ")[0]
    for folder in ("bot", "handlers", "scheduler", "storage", "city", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)

    files = {_numbered(name): _numbered(text) for name, text in EXAMPLE.findall(part)}
    assert len(files) == 4
    for name, text in files.items():
        assert not (tmp_path / name).exists()
        (tmp_path / name).write_text(text, encoding="utf-8")
    lines = {name: line for line, name in LINE.findall(part)}
    assert len(lines) == 2
    _add(tmp_path / "handlers/kit/policy.py", '    "help": EVERYONE,\n', f"    {lines['handlers/kit/policy.py']}\n")
    database = tmp_path / "storage/database.py"
    _add(database, "    audit = cached_property", f"    {lines['storage/database.py']}\n", before=True)
    _add(database, "from storage.trouble", "from storage.visits import Visits\n", before=True)
    schema = tmp_path / "storage/schema.py"
    schema.write_text(schema.read_text().replace(f'NEWEST = "{NEWEST}"', f'NEWEST = "{NEXT}"'))

    command = [sys.executable, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "--assert=plain"]
    tests = ["tests/scenarios/test_visit.py", "tests/storage/test_schema.py", "-k", "visit or exactly_the_tables"]
    done = subprocess.run(
        [*command, *tests], cwd=tmp_path, env={**os.environ, "TMPDIR": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"[3-9] passed", done.stdout), done.stdout


def _numbered(text: str) -> str:
    return text.replace('"NEWEST"', f'"{NEWEST}"').replace("NEXT", NEXT)


def _add(file: Path, where: str, line: str, *, before: bool = False) -> None:
    text = file.read_text(encoding="utf-8")
    assert text.count(where) == 1
    file.write_text(text.replace(where, line + where if before else where + line), encoding="utf-8")
