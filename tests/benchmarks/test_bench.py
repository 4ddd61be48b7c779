"""The bench: it prints and writes what it measured, and its exit code says whether all is within its bounds."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.__main__ import main
from benchmarks.cases import Case, Figure, Group
from benchmarks.registry import GROUPS
from benchmarks.workshop import Workshop

NAMED = Case("writer held, ms", "ms", "nobody waits longer", 100.0, "ours")
LEAST = Case("fan-out, ratio", "messages/s", "half as fast is enough", 0.5, is_least=True)
MORE = Case("p99, ms more", "ms", "nobody feels it", 150.0, "more")
KEPT = Case("start to ready, s", "s", "kept", None, "ours")


def group(*figures: Figure) -> Group:
    async def measure(_workshop: Workshop) -> list[Figure]:
        return list(figures)

    return Group(tuple(figure.case for figure in figures), measure)


def run(file: Path, *groups: Group, only: str | None = None) -> tuple[int, dict[str, Any]]:
    code = main(["--only", only] if only else [], groups=groups, latest=file)
    return code, json.loads(file.read_text()) if file.exists() else {}


def test_the_table_and_latest_json_say_what_was_measured(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    figures = group(NAMED.measured(80.0, note="digest"), LEAST.measured(60.0, 100.0), KEPT.measured(1.5))
    code, latest = run(tmp_path / "latest.json", figures)
    assert code == 0
    head, held, fan_out, _ = capsys.readouterr().out.splitlines()
    assert head.split() == ["case", "floor", "ours", "value", "bound", "sync,", "ms"]
    assert " ".join(held.split()[:-2]) == "writer held, ms 80 ms <= 100 within"
    assert held.endswith("digest")
    assert fan_out.split()[:-1] == [
        "fan-out,",
        "ratio",
        "100",
        "messages/s",
        "60",
        "messages/s",
        "0.6",
        ">=",
        "0.5",
        "within",
    ]
    kept = latest["fan-out, ratio"]
    assert (kept["floor"], kept["ours"], kept["ratio"], kept["bound"], kept["within"]) == (100.0, 60.0, 0.6, 0.5, True)
    assert latest["writer held, ms"]["value"] == 80.0
    assert latest["writer held, ms"]["bare sync of a small file, ms"] > 0
    assert latest["start to ready, s"]["within"] is None


@pytest.mark.parametrize(
    "figure",
    [NAMED.measured(100.1), LEAST.measured(49.0, 100.0), MORE.measured(160.1, 10.0)],
    ids=lambda it: it.case.name,
)
def test_a_figure_over_its_bound_gives_exit_code_1(
    figure: Figure, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, latest = run(tmp_path / "latest.json", group(KEPT.measured(1.5)), group(figure))
    assert code == 1
    assert "OVER" in capsys.readouterr().out
    assert latest[figure.case.name]["within"] is False


def test_a_case_that_breaks_holds_up_no_other(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    async def measure(_workshop: Workshop) -> list[Figure]:
        raise AssertionError("a row is missing")

    code, latest = run(tmp_path / "latest.json", Group((NAMED,), measure), group(KEPT.measured(1.5)))
    assert code == 1
    assert list(latest) == ["start to ready, s"]
    said = capsys.readouterr()
    assert "BROKE  writer held, ms" in said.out
    assert "a row is missing" in said.err


def test_one_case_is_run_by_its_name_and_the_others_stay_as_they_were(tmp_path: Path) -> None:
    file = tmp_path / "latest.json"
    run(file, group(NAMED.measured(80.0)), group(KEPT.measured(1.5)))
    code, latest = run(file, group(NAMED.measured(70.0)), group(KEPT.measured(9.0)), only="writer held, ms")
    assert code == 0
    assert (latest["writer held, ms"]["ours"], latest["start to ready, s"]["ours"]) == (70.0, 1.5)


def test_a_name_that_no_case_has_is_answered_with_those_there_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, latest = run(tmp_path / "latest.json", group(NAMED.measured(80.0)), only="readr held")
    assert (code, latest) == (2, {})
    assert "writer held, ms" in capsys.readouterr().err


def test_every_case_has_a_name_of_its_own_and_says_why_its_bound_is_what_it_is() -> None:
    cases = [case for group in GROUPS for case in group.cases]
    assert len({case.name for case in cases}) == len(cases)
    assert [case.name for case in cases if not case.why] == []
    assert {"writer held, 10,000 people, ms", "p99 while the worst routine runs, ms more"} <= {it.name for it in cases}
