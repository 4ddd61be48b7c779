"""Feedback left behind: categories and departments that open feedback names and the city has no more."""

from handlers.kit.context import Context
from handlers.kit.contributions import city_words
from handlers.kit.left_behind import LeftBehind


@city_words("feedback")
def gone_from_feedback(context: Context) -> list[LeftBehind]:
    """The categories and departments that open feedback names and the city's files do not."""
    city, naming = context.city, context.store.feedback.lists.naming
    categories = [
        LeftBehind("feedback.toml", "category", gone, refs, f'choose another with "Change": feedback show {refs[0]}')
        for gone, refs in naming("category", city.categories).items()
    ]
    departments = [
        LeftBehind("departments.toml", "department", gone, refs, f"route it: feedback route {refs[0]}")
        for gone, refs in naming("department", city.departments).items()
    ]
    return [*categories, *departments]
