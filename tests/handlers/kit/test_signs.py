"""Signs: what nobody sees fills no field, and a change of direction ends with its line."""

import pytest

from handlers.kit.signs import bare, closed, cut, is_blank

RLO, RLE, LRI, RLI, PDF, PDI, ZWSP, ZWJ = "\u202e\u202b\u2066\u2067\u202c\u2069\u200b\u200d"


@pytest.mark.parametrize(
    "text",
    ["", " \t\n", ZWSP, f"{ZWSP} {ZWJ}\ufeff\u2060", f"{RLO}{PDF}", "\u3164\u2800\u115f", "\u0301\ufe0f", "\xad\xa0"],
)
def test_what_nobody_sees_is_blank(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["x", f"{ZWSP}x", "0", ".", "\u0e01\u0e33", "\U0001f468\u200d\U0001f692"])
def test_what_somebody_sees_is_not_blank(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("Dam gate stuck", "Dam gate stuck"),
        (f"Dam {RLO}gate", f"Dam {RLO}gate{PDF}"),
        (f"{RLI}Dam {RLO}gate", f"{RLI}Dam {RLO}gate{PDF}{PDI}"),
        (f"{RLI}Dam {RLO}gate{PDI} stuck", f"{RLI}Dam {RLO}gate{PDF}{PDI} stuck"),
        (f"{RLE}Dam{PDF} gate", f"{RLE}Dam{PDF} gate"),
        (f"{RLO}one\ntwo\r\n{LRI}three", f"{RLO}one{PDF}\ntwo\r\n{LRI}three{PDI}"),
        (f"Dam{PDI} gate{PDF}", "Dam gate"),
        ("\u05e9\u05dc\u05d5\u05dd \u200fok", "\u05e9\u05dc\u05d5\u05dd \u200fok"),
    ],
)
def test_a_change_of_direction_ends_with_its_line(text: str, whole: str) -> None:
    assert closed(text) == whole
    assert closed(whole) == whole


def test_where_the_ends_do_not_fit_the_changes_are_left_out() -> None:
    assert closed(f"{RLO}Dam", 5) == f"{RLO}Dam{PDF}"
    assert closed(f"{RLO}Dam", 4) == "Dam"
    assert cut(f"{RLO}Dam gate stuck", 8) == "Dam ga\u2026"
    assert cut(f"Dam {RLO}gate{PDF} is stuck", 12) == f"Dam {RLO}gate{PDF} \u2026".replace(" \u2026", "\u2026")


@pytest.mark.parametrize(("text", "whole"), [("4", "4"), (f"{ZWSP}4{PDF}", "4"), ("2026-12-01\u200e ", "2026-12-01")])
def test_numbers_and_dates_lose_what_copying_brings_along(text: str, whole: str) -> None:
    assert bare(text) == whole
