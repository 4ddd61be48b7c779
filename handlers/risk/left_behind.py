"""Risks left behind: categories and departments that open risks name and the city has no more."""

from handlers.kit.context import Context
from handlers.kit.contributions import city_words
from handlers.kit.left_behind import LeftBehind


@city_words("risks")
def gone_from_risks(context: Context) -> list[LeftBehind]:
    """The categories and departments that open risks name and the city's files do not."""
    city, naming = context.city, context.store.risk.search.naming
    categories = [
        LeftBehind("risks.toml", "category", gone, refs, f'choose another with "Change": risk update {refs[0]}')
        for gone, refs in naming("category", city.risks.categories).items()
    ]
    departments = [
        LeftBehind("departments.toml", "department", gone, refs, f'choose another with "Change": risk update {refs[0]}')
        for gone, refs in naming("department", city.departments).items()
    ]
    return [*categories, *departments]
