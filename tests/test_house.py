"""The house: the import rules refuse an import that they are there to refuse."""

import shutil
import subprocess
import sys
from configparser import ConfigParser
from pathlib import Path
from pkgutil import iter_modules

import pytest

import handlers

ROOT = Path(__file__).parents[1]
LINTER = Path(sys.executable).with_name("lint-imports")


def test_those_who_gather_may_import_no_feature_that_there_is() -> None:
    rules = ConfigParser()
    rules.read(ROOT / ".importlinter")
    contract = rules["importlinter:contract:gatherers"]
    gatherers, forbidden = set(contract["source_modules"].split()), set(contract["forbidden_modules"].split())
    features = {module.name for module in iter_modules(handlers.__path__, "handlers.")} - {"handlers.kit"}
    assert forbidden == features - gatherers


@pytest.mark.doors
@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("handlers/feedback/clock.py", "import handlers.risk.record"),  # a feature, another one
        ("handlers/kit/hints.py", "import handlers.risk.record"),  # the kit, a feature
        ("scheduler/digest.py", "import handlers.crisis.record"),  # who gathers, a feature
        ("storage/risk/records.py", "import handlers.kit.errors"),  # a floor, the one above
        ("storage/risk/records.py", "import storage.risk.search"),  # one that it is imported by
        ("handlers/kit/hints.py", "import sqlalchemy"),
    ],
)
def test_a_planted_import_is_refused(file: str, line: str, tmp_path: Path) -> None:
    for folder in ("bot", "handlers", "scheduler", "storage"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    with (tmp_path / file).open("a", encoding="utf-8") as planted:
        planted.write(f"\n{line}\n")
    done = subprocess.run([LINTER, "--no-cache"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1, done.stdout
    assert "1 broken" in done.stdout or "2 broken" in done.stdout
    assert Path(file).stem in done.stdout.split("Broken contracts")[1]
