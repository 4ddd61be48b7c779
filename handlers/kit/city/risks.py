"""Risks: the matrix, its levels and who signs them off, and the categories, by risks.toml."""

from functools import cached_property
from itertools import product
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from handlers.kit.city.fact import Fact, Id, Repeats
from handlers.kit.city.people import Role
from handlers.kit.errors import WrongFact
from handlers.kit.lists import listed

LevelId = Literal["low", "moderate", "high", "extreme"]
Word = Annotated[str, Field(min_length=1, max_length=60)]
Words = tuple[Word, Word, Word, Word, Word]
Row = tuple[LevelId, LevelId, LevelId, LevelId, LevelId]
LEVELS: tuple[LevelId, ...] = get_args(LevelId)
SIDE = 5  # likelihoods, and impacts
PAIRS = tuple(product(range(1, SIDE + 1), range(1, SIDE + 1)))  # every likelihood with every impact


def _rising(matrix: tuple[Row, ...]) -> tuple[Row, ...]:
    """Refuse a matrix in which a higher likelihood or impact is a lower level. Raises ValueError."""
    for row in range(SIDE):
        for column in range(SIDE):
            here = LEVELS.index(matrix[row][column])
            right = LEVELS.index(matrix[row][column + 1]) if column + 1 < SIDE else here
            above = LEVELS.index(matrix[row - 1][column]) if row else here
            if right < here or above < here:
                where = f"likelihood {SIDE - row} and impact {column + 1}"
                raise ValueError(f"levels fall after {where}; they may only rise to the right and upwards")
    return matrix


Matrix = Annotated[tuple[Row, Row, Row, Row, Row], AfterValidator(_rising), Repeats]


class RiskLevel(Fact):
    """A band of the matrix: how often its risks are reviewed, and who may accept them, for how long at most."""

    id: LevelId
    name: Word
    review_days: Annotated[int, Field(ge=1, le=1095)]
    accept: Annotated[tuple[Role, ...], Field(min_length=1)]
    accept_days: Annotated[int, Field(ge=1, le=1095)] = 365


class RiskCategory(Fact):
    """What a risk is about, and what usually helps against it."""

    id: Id
    name: Word
    mitigations: tuple[Annotated[str, Field(min_length=1, max_length=300)], ...] = ()


_MATRIX: tuple[Row, ...] = (
    ("moderate", "high", "high", "extreme", "extreme"),
    ("low", "moderate", "high", "high", "extreme"),
    ("low", "moderate", "moderate", "high", "high"),
    ("low", "low", "moderate", "moderate", "high"),
    ("low", "low", "low", "low", "moderate"),
)
_LEVELS = (
    RiskLevel(id="low", name="Low", review_days=365, accept=("department_head", "city_manager")),
    RiskLevel(id="moderate", name="Moderate", review_days=180, accept=("department_head", "city_manager")),
    RiskLevel(id="high", name="High", review_days=90, accept=("city_manager",)),
    RiskLevel(id="extreme", name="Extreme", review_days=30, accept=("city_manager",), accept_days=90),
)


class RiskFacts(Fact):
    """The city's own words for likelihood and impact from 1 to 5, its matrix (the first row is likelihood 5, the first
    column impact 1), its four levels, from which of them on a risk is announced, and its categories."""

    announced_from: LevelId = "high"
    announce_from: Annotated[int, Field(ge=1, le=25)] | None = None  # older files name a score instead of a level
    head_after_days: Annotated[int, Field(ge=0, le=90)] = 7
    likelihood: Words = ("rare", "unlikely", "possible", "likely", "almost certain")
    impact: Words = ("minor", "moderate", "serious", "major", "severe")
    matrix: Matrix = _MATRIX  # type: ignore[assignment]  # five rows, which a tuple of no length does not say
    level: tuple[RiskLevel, ...] = _LEVELS
    category: tuple[RiskCategory, ...] = ()

    @model_validator(mode="after")
    def _each_level_once(self) -> Self:
        if tuple(level.id for level in self.level) != LEVELS:
            raise WrongFact("level", f"the levels are {', '.join(LEVELS)}, each once and in this order")
        return self

    @model_validator(mode="after")
    def _announced_from_one_of_both(self) -> Self:
        if self.announce_from is not None and "announced_from" in self.model_fields_set:
            raise WrongFact("announce_from", "announced_from says it by a level; take this line out")
        return self

    @cached_property
    def categories(self) -> dict[str, RiskCategory]:
        return {category.id: category for category in self.category}

    @cached_property
    def levels(self) -> dict[str, RiskLevel]:
        return {level.id: level for level in self.level}

    def level_of(self, likelihood: int, impact: int) -> RiskLevel:
        """The level of a score."""
        return self.levels[self.matrix[SIDE - likelihood][impact - 1]]

    def announces(self, likelihood: int, impact: int) -> bool:
        """Whether a risk with this score is announced when it is logged or rises to it."""
        if self.announce_from is not None:
            return likelihood * impact >= self.announce_from
        return LEVELS.index(self.level_of(likelihood, impact).id) >= LEVELS.index(self.announced_from)

    @cached_property
    def lowest_announced(self) -> int:
        """The lowest score with which a risk may be announced; whether it is says :meth:`announces`."""
        return min((pair[0] * pair[1] for pair in PAIRS if self.announces(*pair)), default=SIDE * SIDE)

    @cached_property
    def announced_words(self) -> str:
        """Which risks are announced, in the city's words, the worst first: "Extreme or High"."""
        if self.announce_from is not None:
            return f"score {self.announce_from} or more"
        levels = self.level[LEVELS.index(self.announced_from) :]
        return listed([level.name for level in reversed(levels)], "or")

    def scores_of(self, level: str) -> list[tuple[int, int]]:
        """Every likelihood and impact of a level."""
        return [pair for pair in PAIRS if self.level_of(*pair).id == level]
