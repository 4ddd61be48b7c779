"""Reviewed: what people may give themselves, each for a reason."""

from collections.abc import Collection

from tests.access.search import Gained

TAKES_WORK = "Who has feedback, and which department answers it, anybody on the staff may change (decision 0014)."
STANDS_IN = "Writing down the lessons of a crisis is a duty, and so for the stand-in (decision 0011)."
TAKES_BACK = "Somebody who may have a role of a crisis was refused it only because they had it, and gave it back."
IS_PAGED = "Who changes a crisis has acted in it, and is paged where the level asks for it; both let them answer."
REVIEWED = {  # by how one of the steps begins, and what it makes possible
    ("", "button feedback.change"): TAKES_WORK,
    ("", "/feedback take"): TAKES_WORK,
    ("button crisis.give-back", "button crisis.take (held)"): TAKES_BACK,
    ("/crisis change", "button crisis.cannot"): IS_PAGED,
    ("/crisis change", "button crisis.coming"): IS_PAGED,
    ("/city away", "/crisis lessons"): STANDS_IN,
    ("/city away", "button crisis.lessons"): STANDS_IN,
}


def unreviewed(found: Collection[Gained]) -> list[str]:
    """What people can give themselves with no reason in the list above."""
    return [
        f"{gain.person}: {', then '.join(gain.steps)} gives {gain.goal}"
        for gain in found
        if not any(goal == gain.goal and step.startswith(begin) for begin, goal in REVIEWED for step in gain.steps)
    ]
