"""Access search: nobody can give themselves a right, whatever they do first; whole.py tries longer sequences."""

from tests.access.matrix import scene_of
from tests.access.reviewed import unreviewed
from tests.access.search import Search
from tests.access.town import STRANGER, AccessTown


def test_no_step_gives_staff_a_right_about_the_records_of_others(town: AccessTown) -> None:
    search = Search(scene_of(town, STRANGER), "sam")
    goals = search.goals(["feedback"])
    assert {"/feedback contact", "button feedback.contact", "button feedback.contact-agree"} <= {
        goal.name for goal in goals
    }
    assert unreviewed(search.gained(1, goals)) == []
