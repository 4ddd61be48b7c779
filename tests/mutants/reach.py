"""Reach: which tests execute which line of a module, as found by one run of the tests."""

import ast
import difflib
import hashlib
import json
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutants.sample import ROOT, at_import, modules

KEPT = ROOT / ".mutants" / "reach.json"
LONGEST = 60.0  # seconds of processor time for the tests of one change; the slowest tests are left out
COPIES, OF_ONE = 2, 2.0  # of a test function with many parameters: two cases, and more for up to so many seconds
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "tests.mutants.watching", "-p", "no:cacheprovider")


@dataclass
class Reach:
    """A fingerprint of each test file, the seconds of each test, the text of each module and the tests of its lines."""

    files: dict[str, str] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    lines: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @classmethod
    def kept(cls) -> "Reach":
        return cls(**json.loads(KEPT.read_text())) if KEPT.exists() else cls()

    def keep(self) -> None:
        KEPT.parent.mkdir(exist_ok=True)
        KEPT.write_text(json.dumps(vars(self)))

    def not_known(self, under: Sequence[str]) -> list[str]:
        """The test files that are new or were changed since they were watched."""
        found = sorted(str(file.relative_to(ROOT)) for file in (ROOT / "tests").rglob("test_*.py"))
        return [
            file
            for file in found
            if file.startswith(tuple(under)) and self.files.get(file) != _fingerprint(ROOT / file)
        ]

    def learn(self, files: list[str], folder: Path, seen: Iterable[Path]) -> None:
        """Replace what is known about these files by what the workers have seen in a folder."""
        self.files |= {file: _fingerprint(folder / file) for file in files}
        self.seconds = {test: spent for test, spent in self.seconds.items() if _file(test) not in files}
        by_worker = [json.loads(file.read_text()) for file in seen]
        for worker in by_worker:
            self.seconds |= worker["seconds"]
        for module in modules():
            text = (folder / module).read_text()
            lines = self._known(module, text)
            for worker in by_worker:
                for line, tests in worker["lines"][module].items():
                    lines[line] = lines.get(line, []) + tests
            self.lines[module] = {line: self._in_order(module, tests) for line, tests in lines.items()}
            self.texts[module] = text

    def tests(self, module: str, line: int) -> list[str]:
        """The tests that execute a line's statement: those of the file that mirrors the module, then the others, the
        quickest first.

        No test executes a statement that runs at import, so any test of its module may notice a change to it. The same
        goes for a line that was written since the tests were watched.
        """
        text = (ROOT / module).read_text()
        known = self._known(module, text)
        first, last, made_at_import = statement(text, line)
        found = self._in_order(module, [test for near in range(first, last + 1) for test in known.get(str(near), [])])
        if found and not made_at_import:
            return found
        watching = [test for test in self.seconds if test.partition("[")[0] in at_import()]
        return watching + self._in_order(module, {test for tests in known.values() for test in tests} - set(watching))

    def _known(self, module: str, text: str) -> dict[str, list[str]]:
        """The tests of each line of this text of a module, by its number, as far as the line is known, or stands where
        known ones stood: the tests that executed these will execute what was written in their place."""
        before, after = self.texts.get(module, "").splitlines(), text.splitlines()
        known, found = self.lines.get(module, {}), dict[str, list[str]]()
        for _, first, last, begin, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            for number in range(begin, end):
                same = last - first == end - begin
                there = [first + number - begin] if same else range(first, last)
                tests = [test for line in there for test in known.get(str(line + 1), []) if test in self.seconds]
                found |= {str(number + 1): tests} if tests else {}
        return found

    def _in_order(self, module: str, tests: Collection[str]) -> list[str]:
        """Of the tests of the file that mirrors a module the quickest, and then the quickest of the others."""
        own = {test for test in tests if f"/test_{Path(module).stem}.py::" in test}
        return self._quickest(own) + self._quickest(set(tests) - own)

    def _quickest(self, tests: Iterable[str]) -> list[str]:
        kept: list[str] = []
        copies: Counter[str] = Counter()
        spent: dict[str, float] = defaultdict(float)
        for test in sorted({test for test in tests if test in self.seconds}, key=lambda test: self.seconds[test]):
            function, seconds = test.partition("[")[0], self.seconds[test]
            few = copies[function] < COPIES or spent[function] + seconds <= OF_ONE
            if few and sum(spent.values()) + seconds <= LONGEST:
                kept.append(test)
                copies[function] += 1
                spent[function] += seconds
        return kept


def watch(folder: Path, reach: Reach, under: Sequence[str]) -> None:
    """Run the test files that are not known, in a copy of the project, and learn which lines they execute."""
    files = reach.not_known(under)
    if not files:
        return
    seen = folder / "seen"
    seen.mkdir()
    ended = subprocess.run([*PYTEST, "--watched", str(seen), *files], cwd=folder, check=False)
    if ended.returncode > 1:
        sys.exit("The tests could not be run.")
    reach.learn(files, folder, seen.glob("*.json"))
    reach.keep()


def statement(source: str, line: int) -> tuple[int, int, bool]:
    """The first and the last line of the statement, or of its head, and whether it runs at import."""
    first, last, inside = line, line, False
    nodes: list[tuple[ast.AST, bool]] = [(ast.parse(source), False)]
    while nodes:
        node, within = nodes.pop()
        if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            begins, ends = _head(node)
            if begins <= line <= ends:
                first, last, inside = begins, ends, within
        deeper = within or isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        nodes += [(child, deeper) for child in ast.iter_child_nodes(node)]
    return first, last, not inside


def _head(node: ast.stmt | ast.ExceptHandler | ast.match_case) -> tuple[int, int]:
    begins = min([_line(node), *(decorator.lineno for decorator in getattr(node, "decorator_list", []))])
    body = getattr(node, "body", None)
    return begins, max(begins, _line(body[0]) - 1) if body else getattr(node, "end_lineno", begins)


def _line(node: ast.AST) -> int:
    return int(node.pattern.lineno if isinstance(node, ast.match_case) else node.lineno)  # type: ignore[attr-defined]


def _fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _file(test: str) -> str:
    return test.partition("::")[0]
