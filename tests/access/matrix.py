"""Matrix: every command and every button, tried by each role on their own records, on those of colleagues, of others
and of somebody who has left, and on closed ones; written so that a person can read it."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from bot.inbound import Asking, Typed
from handlers.kit.catalogue import Catalogue
from handlers.kit.declared import Action, Command
from tests.access.cases import OVER, Case, cases_of, gesture
from tests.access.records import Things, make_all
from tests.access.town import ACTORS, COLLEAGUE, GONE, STRANGER, AccessTown, Answer, buttons_of

FILE = Path(__file__).with_name("matrix.txt")
ANY, OWN, DEPARTMENT, OTHER, LEFT, CLOSED = "-", "own", "department", "other", "gone", "closed"
RELATIONS = (ANY, OWN, DEPARTMENT, OTHER, LEFT, CLOSED)
NONE = "."
IMPERSONAL = {"lost"}  # records that belong to nobody
SAID = 90  # the most characters of a sentence in the file
NAME = 42
RULE = "-" * 100
Key = tuple[str, str]  # the command or button, and the relation of the person to the records


@dataclass
class Line:
    """One line: the result for each role, and what the first person refused by a rule reads."""

    letters: dict[str, str] = field(default_factory=dict)
    why: str = ""


Matrix = dict[Key, Line]


@dataclass(frozen=True)
class Scene:
    """A town in which one person holds a record of every kind, to try who may do what with them."""

    town: AccessTown
    holder: str
    things: Things
    numbers: Iterator[int] = field(default_factory=count)

    def relation(self, actor: str) -> str | None:
        """How the records relate to somebody; None when another scene tries that."""
        if actor == self.holder:
            return OWN
        if self.holder in (STRANGER, GONE):
            return OTHER if self.holder == STRANGER else LEFT
        return DEPARTMENT if self.holder == COLLEAGUE and actor not in (GONE, ACTORS["shut"]) else None

    def ask(self, actor: str, target: Command | Action, case: Case, *, closed: bool = False) -> Answer | None:
        """Let somebody try it, and put everything back; None when there is no such record."""
        things = {**self.things, **{name: self.things[over] for name, over in OVER.items()}} if closed else self.things
        about = case.about(things)
        if about is None:
            return None
        city = self.town.runtime.city()
        return self.town.tries(
            actor,
            lambda: gesture(target, case, about, things, city, f"tried {next(self.numbers)}"),
            case.way,
            reads_only=target.reads_only,
        )


def scene_of(town: AccessTown, holder: str) -> Scene:
    """Begin a new town in which this person holds everything, and which one more person has left."""
    town.begin()
    things = make_all(town, holder)
    shown = town.asks("maria", Typed(f"/city handover {holder} to @rosa"))
    assert not isinstance(shown, Asking)
    [button] = [button for button in buttons_of(shown.card) if button.action == "city.hand-over"]
    things["digest"] = button.value.split()[-1]
    town.leaves(GONE)
    town.remembers()
    return Scene(town, holder, things)


def name_of(target: Command | Action, case: Case) -> str:
    """The name of a line of the matrix."""
    kind = "/" if isinstance(target, Command) else "button "
    return f"{kind}{target.name}{f' ({case.label})' if case.label else ''}"


def try_everything(town: AccessTown, catalogue: Catalogue) -> Matrix:
    """The whole matrix."""
    found: Matrix = defaultdict(Line)
    holders = [person for role, person in ACTORS.items() if role != "shut"]
    for holder in dict.fromkeys((*holders, COLLEAGUE, STRANGER, GONE)):
        try_in(scene_of(town, holder), catalogue, found)
    return found


def try_in(scene: Scene, catalogue: Catalogue, found: Matrix, roles: Collection[str] = tuple(ACTORS)) -> None:
    """Add the part of the matrix that one scene shows for these roles."""
    for target, case in cases_of(catalogue):
        for role in roles:
            for relation in _relations(scene, ACTORS[role], case):
                answer = scene.ask(ACTORS[role], target, case, closed=relation == CLOSED)
                _keep(found[name_of(target, case), relation], role, answer)


def _relations(scene: Scene, actor: str, case: Case) -> list[str]:
    """The relations to the records of a scene in which somebody tries this case."""
    if set(case.names) <= IMPERSONAL:
        return [ANY] if scene.holder == STRANGER else []
    relation = scene.relation(actor)
    if relation is None:
        return []
    return [OWN, CLOSED] if relation == OWN and case.can_be_closed() else [relation]


def _keep(line: Line, role: str, answer: Answer | None) -> None:
    line.letters[role] = answer.letter if answer else NONE
    if answer and answer.letter in "xo" and role != "shut" and not line.why:
        line.why = answer.said


def written(matrix: Matrix) -> list[str]:
    """The lines of the file, without its head."""
    lines = []
    for name in sorted({name for name, _ in matrix}):
        for relation in RELATIONS:
            line = matrix.get((name, relation))
            if line is not None and set(line.letters.values()) != {NONE}:
                letters = "   ".join(line.letters.get(role, NONE) for role in ACTORS)
                lines.append(f"{name:<{NAME}}{relation:<12}{letters}   {shortened(line.why)}".rstrip())
    return lines


def read() -> list[str]:
    """The lines of the file as it was reviewed."""
    return FILE.read_text(encoding="utf-8").partition(f"{RULE}\n")[2].splitlines()


def name(line: str) -> str:
    """The command or button that a line of the file is about."""
    return line[:NAME].rstrip()


def relation(line: str) -> str:
    return line[NAME:].split()[0]


def letters(line: str) -> dict[str, str]:
    """The letter of each role in a line."""
    return dict(zip(ACTORS, line[NAME:].split()[1:], strict=False))


def letters_of(relations: Collection[str]) -> dict[str, dict[str, str]]:
    """The letters of each role in the file, by command, for records of these relations."""
    return {name(line): letters(line) for line in read() if relation(line) in relations}


def write(lines: Iterable[str]) -> None:
    """Write the lines of the file, and keep its head."""
    head = FILE.read_text(encoding="utf-8").partition(f"{RULE}\n")[0]
    FILE.write_text("\n".join([f"{head}{RULE}", *lines, ""]), encoding="utf-8")


def shortened(said: str) -> str:
    """A sentence that somebody reads, cut to size, without the words around it."""
    words = said.removeprefix("That did not work / ").partition(" / Your text:")[0]
    return words if len(words) <= SAID else f"{words[:SAID]}\u2026"
