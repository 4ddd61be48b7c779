"""Public holidays: those of one country and its part, without loading the other 250 countries.

The library's package of countries imports all of them, which takes 10 MB. A package of the same name that imports
nothing stands in for it, so that only the country that is asked for is loaded.
"""

import sys
from pathlib import Path
from types import ModuleType

import holidays

_COUNTRIES = "holidays.countries"


def public_holidays(country: str, subdivision: str | None) -> holidays.HolidayBase:
    """The holidays of a country by its code, worked out as each year is asked for; raises NotImplementedError for one
    that the library does not know."""
    if _COUNTRIES not in sys.modules:
        package = ModuleType(_COUNTRIES)
        package.__path__ = [str(Path(holidays.__file__).parent / "countries")]
        sys.modules[_COUNTRIES] = package
    return holidays.country_holidays(country, subdiv=subdivision)
