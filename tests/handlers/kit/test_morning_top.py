"""The top of a morning check: which sentences stand there, and that nothing of them stands again below."""

from handlers.kit.inline import Level, Status
from handlers.kit.morning import SHOWN, Decide, Line, Rank, Section, section
from handlers.kit.morning_top import lifted, worst


def _line(ref: str, level: Level | None = None, rank: int = Rank.LATE, sentence: str = "") -> Line:
    decide = Decide(status=Status(level, ref), rank=rank, sentence=sentence) if level else None
    return Line(text=f"{ref} as it stands", ref=ref, decide=decide)


def _refs(part: Section) -> list[str | None]:
    return [line.ref for line in part.lines]


def test_the_three_worst_are_lifted_worst_first_and_what_is_equally_bad_by_its_rank() -> None:
    late = section("Late", [_line("R-1", "warning", Rank.LATE), _line("R-2", "info", Rank.WAITS)])
    waiting = section("Waiting", [_line("R-3", "warning", Rank.WAITS), _line("R-4", "critical", Rank.NOBODYS)])
    top = lifted([*late, *waiting])
    assert [line.ref for line in top.decisions] == ["R-4", "R-3", "R-1"]
    assert top.undecided == 1
    assert [(part.total, _refs(part), part.above) for part in top.sections] == [(2, ["R-2"], 1), (2, [], 2)]
    assert worst(top.decisions) == Status("critical", "R-4")


def test_what_is_to_be_decided_reads_as_its_sentence() -> None:
    [decided] = lifted(section("Late", [_line("R-1", "warning", sentence="R-1 has no owner.")])).decisions
    assert decided.text == "R-1 has no owner."


def test_a_record_has_one_sentence_of_the_lowest_rank_that_is_as_bad_as_all_of_it() -> None:
    crisis = section("Open crises", [_line("CR-2026-01", "critical", Rank.CRISIS)])
    question = section("Waiting", [_line("CR-2026-01 standdown 1", "warning", Rank.WAITS)])
    top = lifted([*crisis, *question])
    [decided] = top.decisions
    assert decided.ref == "CR-2026-01 standdown 1"
    assert worst(top.decisions) == Status("critical", "CR-2026-01")
    assert [_refs(part) for part in top.sections] == [[], []]


def test_a_question_whose_reference_names_no_record_is_about_the_record_in_its_words() -> None:
    accept = Line(
        text="R-7 Old pump: Sam asks you to accept it",
        ref="acceptance 3",
        decide=Decide(status=Status("warning", "Waits"), rank=Rank.WAITS),
    )
    top = lifted([*section("Waiting", [accept]), *section("Open", [_line("R-7"), _line("R-8")])])
    assert [_refs(part) for part in top.sections] == [[], ["R-8"]]


def test_a_reference_that_somebody_typed_is_not_what_a_line_is_about() -> None:
    needs = Line(
        text="Water (Thu Nov 19): two people until R-4 is repaired",
        ref="help checkin 2026-11-19 department:water",
        decide=Decide(status=Status("warning", "Help needed"), rank=Rank.HELP),
    )
    top = lifted([*section("Help needed", [needs]), *section("Open", [_line("R-4", "critical", Rank.NOBODYS)])])
    assert [(line.ref, line.decide and line.decide.status.level) for line in top.decisions] == [
        ("R-4", "critical"), (needs.ref, "warning"),
    ]  # fmt: skip


def test_what_is_new_does_not_stand_again_and_others_come_in_its_place() -> None:
    new = section("New risks", [_line(f"R-{number}") for number in range(SHOWN + 2)])
    opened = section("Open", [_line(f"R-{number}") for number in range(SHOWN + 4)])
    found = lifted([*new, *opened]).sections
    assert _refs(found[0]) == [f"R-{number}" for number in range(SHOWN)]
    assert _refs(found[1]) == [f"R-{number}" for number in range(SHOWN, SHOWN + 4)]
    assert [(part.total, part.above, part.more) for part in found] == [(SHOWN + 2, 0, 2), (SHOWN + 4, SHOWN, 0)]


def test_what_is_about_nothing_is_told_each_time() -> None:
    twice = [*section("Moved", [Line(text="A duty moved")]), *section("Broke", [Line(text="A part broke")])]
    assert [len(part.lines) for part in lifted(twice).sections] == [1, 1]


def test_another_matter_of_a_record_leaves_the_record_itself_where_it_stands() -> None:
    asked = Line(
        text="Olga Brandt: DRILL: Crisis CR-2026-01 Flood: how is Public Works?",
        ref="CR-2026-01 works",
        decide=Decide(status=Status("warning", "Late"), rank=Rank.LATE),
    )
    top = lifted([*section("Open drills", [_line("CR-2026-01")]), *section("Due today or late", [asked])])
    assert [line.ref for line in top.decisions] == ["CR-2026-01 works"]
    assert [(_refs(part), part.above) for part in top.sections] == [(["CR-2026-01"], 0), ([], 1)]
