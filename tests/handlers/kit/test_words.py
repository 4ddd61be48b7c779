"""Words: from what somebody typed to the command they mean."""

import pytest

import handlers
from handlers.kit.catalogue import Catalogue
from handlers.kit.registry import load
from handlers.kit.words import HelpWanted, Meant, NotKnown, SmallTalk, understand


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(handlers)


def meant(text: str, catalogue: Catalogue) -> tuple[str, str]:
    found = understand(text, catalogue)
    assert isinstance(found, Meant), found
    return found.command.name, found.rest


@pytest.mark.parametrize(
    ("text", "command", "rest"),
    [
        ("/risk add Dam; impact 5", "risk add", "Dam; impact 5"),
        ("risk add Dam", "risk add", "Dam"),
        ("  RISK   Add  Dam ", "risk add", "Dam"),
        ("risk\nadd\nDam", "risk add", "Dam"),
        ("/city risk list", "risk list", ""),
        ("City Risk add x", "risk add", "x"),
        ("/city connect risks", "city connect", "risks"),
        ("/city places", "city places", ""),
        ("crisis status CR-2026-01", "crisis status", "CR-2026-01"),
        ("crisis log ; crisis CR-2026-01", "crisis log", "; crisis CR-2026-01"),
        ("/crisis lessons; cause x", "crisis lessons", "; cause x"),
        ("crisis lessons: cause x", "crisis lessons", "cause x"),
        ("risk list.", "risk list", ""),
        ("/city *risk list*", "risk list", ""),
        ("/risk *add* Dam", "risk add", "Dam"),
        ("```/risk add Dam```", "risk add", "Dam"),
        ("\u201crisk add\u201d Dam", "risk add", "Dam"),
        ("> risk add Dam 3*4 m*", "risk add", "Dam 3*4 m*"),
        ("*risk add Dam 3*4 m*", "risk add", "Dam 3*4 m"),
        ("risk add *Dam* gate", "risk add", "*Dam* gate"),
        ('checkin "A pump; a valve"', "checkin", '"A pump; a valve"'),
        ("R-1", "risk show", "R-1"),
        ("(r-1)", "risk show", "R-1"),
        ("CR-2026-01.2", "crisis status", "CR-2026-01"),
        ("/feedback F-7", "feedback show", "F-7"),
        ("Log a risk", "risk add", ""),
        ("log as risk", "risk add", ""),
        ("/city Log a risk.", "risk add", ""),
    ],
)
def test_a_line_means_its_command(catalogue: Catalogue, text: str, command: str, rest: str) -> None:
    assert meant(text, catalogue) == (command, rest)


@pytest.mark.parametrize(
    ("text", "thanks"), [("Hi", False), ("good morning!", False), ("thx", True), ("/thanks", True)]
)
def test_what_colleagues_say_to_each_other_is_no_command(catalogue: Catalogue, text: str, thanks: bool) -> None:
    assert understand(text, catalogue) == SmallTalk(thanks)


@pytest.mark.parametrize("text", ["", " ", "/", "help", "HELP", "please help", "?", "/city", "city help", "city city"])
def test_nothing_or_a_polite_word_asks_for_help(catalogue: Catalogue, text: str) -> None:
    found = understand(text, catalogue)
    assert found == HelpWanted(None) or (isinstance(found, HelpWanted) and text == "city help"), found


@pytest.mark.parametrize(
    "text",
    [
        "help risk",
        "/help risk",
        "risk help",
        "/city risk help",
        "risk",
        "/Risk",
        "help RISK",
        "risks",
        "help risks",
        "/city risks",
    ],
)
def test_help_for_a_group_is_for_that_group(catalogue: Catalogue, text: str) -> None:
    assert understand(text, catalogue) == HelpWanted("risk")


def test_help_for_a_group_whose_command_is_one_word_is_not_taken_for_an_answer(catalogue: Catalogue) -> None:
    assert understand("/checkin help", catalogue) == HelpWanted("checkin")
    assert meant("/checkin", catalogue) == ("checkin", "")
    assert meant("/checkin help A second pump", catalogue) == ("checkin", "help A second pump")


def test_a_wrong_word_is_answered_with_the_nearest(catalogue: Catalogue) -> None:
    found = understand("/rsik ad Dam", catalogue)
    assert isinstance(found, NotKnown)
    assert (found.words, found.nearest[0]) == ("rsik ad", Meant(catalogue.commands["risk add"], "Dam"))


def test_a_wrong_second_word_is_answered_with_the_groups_commands(catalogue: Catalogue) -> None:
    found = understand("risk frobnicate", catalogue)
    assert isinstance(found, NotKnown)
    assert found.nearest
    assert all(near.command.group == "risk" for near in found.nearest)


def test_words_that_are_near_to_nothing_are_not_guessed(catalogue: Catalogue) -> None:
    assert understand("xyzzy qwertz", catalogue) == NotKnown("xyzzy qwertz", ())


def test_a_sentence_is_not_taken_for_a_mistyped_command(catalogue: Catalogue) -> None:
    assert understand("There is a deep pothole", catalogue) == NotKnown("there is", ())
    found = understand("rsik ad Dam gate stuck", catalogue)
    assert isinstance(found, NotKnown)
    assert found.nearest[0] == Meant(catalogue.commands["risk add"], "Dam gate stuck")


def test_of_an_unknown_verb_the_commands_of_the_references_register_are_offered_with_it(catalogue: Catalogue) -> None:
    found = understand("kill F-2", catalogue)
    assert isinstance(found, NotKnown)
    assert found.nearest[0] == Meant(catalogue.commands["feedback show"], "F-2")
    assert {(near.command.group, near.rest) for near in found.nearest} == {("feedback", "F-2")}
    assert "feedback add" not in {near.command.name for near in found.nearest}


@pytest.mark.parametrize(
    ("said", "name"), [("who is away", "city absences"), ("timeline", "crisis timeline"), ("close", "feedback close")]
)
def test_words_of_what_a_command_does_lead_to_it(catalogue: Catalogue, said: str, name: str) -> None:
    found = understand(said, catalogue)
    assert isinstance(found, NotKnown)
    assert Meant(catalogue.commands[name], "") in found.nearest


def test_a_command_is_not_found_inside_another_word(catalogue: Catalogue) -> None:
    assert not isinstance(understand("risk adder", catalogue), Meant)


def test_the_longest_of_two_commands_is_meant() -> None:
    own = Catalogue()
    loaded = load(handlers)
    short, long = loaded.commands["risk show"], loaded.commands["risk add"]
    own.commands.update({"risk": short, "risk add": long})
    found = understand("risk add x", own)
    assert isinstance(found, Meant)
    assert found.command is long
