"""Docs: what README, CONTRIBUTING and docs/ tell people to type, open or set is there."""

import re
import shlex
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot.__main__ import parser
from bot.settings import Settings
from bot.slack.manifest import SCOPES
from handlers.kit import events
from handlers.kit.events import Event

ROOT = Path(__file__).parents[1]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")))
COMMAND = re.compile(r"python -m bot\b([^`\n|&>]*)")
CODE = re.compile(r"^```\n(.*?)^```$|`([^`\n]+)`", re.MULTILINE | re.DOTALL)
TO_BE_WRITTEN = {  # the example of CONTRIBUTING
    "handlers/visit.py",
    "storage/visits.py",
    "storage/migrations/versions/NEXT_visits.py",
    "tests/scenarios/test_visit.py",
}
NOT_OURS = {
    "ARGS", "KEY_FILE", "NEWEST", "NEXT", "PATH", "POSTGRES_DB", "POSTGRES_PASSWORD", "POSTGRES_USER",
    "PYTHON", "PYTHONUNBUFFERED", "REQUIRE_BROWSER",
}  # fmt: skip


def page(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def code(name: str) -> list[str]:
    """The code in a page, inline or in a block."""
    return [block or inline for block, inline in CODE.findall(page(name))]


def commands(text: str) -> list[str]:
    """The calls of the command line in a text, with one word where the shell would put in something."""
    joined = re.sub(r"\\\n\s*", " ", text)
    return [re.sub(r"\$\([^)]*\)", "X", found.partition(" # ")[0]).strip() for found in COMMAND.findall(joined)]


@pytest.mark.parametrize("name", [*PAGES, "Dockerfile", "compose.yaml", "Makefile"])
def test_every_call_of_the_command_line_is_one(name: str) -> None:
    as_list = re.sub(r'\["python", "-m", "bot"((?:, "[^"]+")+)\]', _spoken, page(name))
    for line in commands(as_list.replace("$(ARGS)", "")):
        words = shlex.split(line.replace("DATE", "2026-11-23"))
        if words and words != ["--help"]:
            parser().parse_args(words)  # SystemExit fails the test, and says what is wrong


def _spoken(found: re.Match[str]) -> str:
    return "python -m bot " + " ".join(re.findall(r'"([^"]+)"', found[1]))


def test_the_pages_name_every_command() -> None:
    told = {line.split()[0] for name in PAGES for line in commands(page(name)) if line}
    assert told >= {
        "run",
        "say",
        "schedule",
        "send",
        "manifest",
        "manual",
        "audit",
        "backup",
        "restore",
        "db",
        "doctor",
        "new-city",
    }


@pytest.mark.parametrize("name", PAGES)
def test_every_link_leads_to_a_file(name: str) -> None:
    here = (ROOT / name).parent
    for target in re.findall(r"\]\(([^)#\s]+)[^)]*\)", page(name)):
        assert "://" in target or (here / target).exists(), target


@pytest.mark.parametrize("name", PAGES)
def test_every_link_within_a_page_leads_to_a_heading(name: str) -> None:
    headings = {
        re.sub(r"[^a-z0-9 -]", "", line.lower()).replace(" ", "-") for line in re.findall("^#+ (.+)$", page(name), re.M)
    }
    assert set(re.findall(r"\]\(#([^)]+)\)", page(name))) <= headings


@pytest.mark.parametrize("name", PAGES)
def test_every_file_is_there(name: str) -> None:
    named = {word for word in code(name) if re.fullmatch(r"[\w./-]+\.(py|toml|md|txt|yaml|example)", word)}
    places = (ROOT, ROOT / "docs", ROOT / "city", (ROOT / name).parent)
    assert not [path for path in named - TO_BE_WRITTEN if not any((place / path).exists() for place in places)]


@pytest.mark.parametrize("name", PAGES)
def test_every_target_of_make_is_one(name: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", page("Makefile"), re.MULTILINE))
    assert {target for text in code(name) for target in re.findall(r"^make ([a-z]+)", text, re.MULTILINE)} <= targets


@pytest.mark.parametrize("name", [*PAGES, "compose.yaml", "Dockerfile"])
def test_every_key_is_one(name: str) -> None:
    texts = code(name) if name.endswith(".md") else [page(name)]
    named = {key for text in texts for key in re.findall(r"\b([A-Z]+(?:_[A-Z]+)+|[A-Z]+(?==))", text)}
    known = {name for name, event in vars(events).items() if isinstance(event, Event)}
    assert {key.removesuffix("_FILE") for key in named - NOT_OURS - known} <= {
        key.upper() for key in Settings.model_fields
    }


def test_the_example_of_env_has_every_key_and_its_default() -> None:
    text = page(".env.example")
    assert dotenv_values(ROOT / ".env.example") == {}
    told = dict(re.findall(r"^#([A-Z_]+)=(.*)$", text, re.MULTILINE))
    assert told.pop("POSTGRES_PASSWORD") == ""
    assert "${POSTGRES_PASSWORD" in page("compose.yaml")
    defaults = {name.upper(): field.default for name, field in Settings.model_fields.items()}
    assert told == {key: "" if value in (None, False) else str(value) for key, value in defaults.items()}
    assert not re.search(r"^#[A-Z_]+=.*\n#[A-Z_]+=", text, re.MULTILINE), "each key has its line above it"


def test_the_readme_says_what_each_permission_at_slack_is_for() -> None:
    table = page("README.md").split("| scope | what for |")[1].split("\n## ")[0]
    assert set(re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)) == set(SCOPES)


def test_what_the_log_and_the_doctor_say_is_said_in_the_program() -> None:
    sources = "\n".join(
        path.read_text(encoding="utf-8")
        for folder in ("bot", "scheduler", "handlers", "storage")
        for path in (ROOT / folder).rglob("*.py")
    )
    help_with = page("docs/operations.md").split("## What to do when")[1].split("| people say")[0]
    rows = re.findall(r"^\| (`.+?) \|", help_with, re.MULTILINE)
    said = [line for row in rows for line in re.findall(r"`([^`]+)`", row)]
    assert len(said) > 25
    assert not [line for line in said if line not in sources]
