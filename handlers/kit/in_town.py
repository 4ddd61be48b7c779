"""In town: the words of a sentence that say where something is: an address, a corner, a street, a building."""

import re
from collections.abc import Iterable

_STREET = (
    "street|str|st|road|rd|avenue|ave|av|lane|ln|drive|dr|court|ct|boulevard|blvd|way|place|pl|square|sq|walk|row|"
    "terrace|parkway|pkwy|highway|hwy|circle|cir|alley|plaza"
)
# Words that are no part of a street's name.
_SMALL = (
    "a|about|across|after|again|all|along|also|an|and|any|are|around|as|at|back|be|been|before|behind|beside|between|"
    "both|but|by|called|came|can|cannot|corner|could|dead|down|each|entire|every|for|from|half|has|have|he|her|his|in|inside|intersection|"
    "into|is|it|its|like|me|my|near|next|no|not|of|off|on|one|onto|opposite|or|our|out|outside|over|past|per|please|"
    "pls|same|she|should|"
    "side|some|than|that|the|their|there|they|this|through|to|toward|towards|too|under|until|up|via|was|way|we|were|"
    "what|when|where|which|whole|will|with|would|you|your"
)
_NAME = rf"(?:\d+(?:st|nd|rd|th)|(?!(?:{_SMALL})\b)[^\W\d_][\w'-]*)"
_NO_STREET = (
    "lights?|lamps?|signs?|sweep\\w*|work\\w*|crews?|fair|party|vendors?|too|over|more|less|up|down|back|before|by|"
    "past|through|us|me|him|them"
)
_TYPED = rf"(?:{_STREET})\b\.?(?!\s+(?:{_NO_STREET})\b)"  # and no street light
_NUMBERED = r"(?:(?:interstate|route|rte|(?-i:US|I)|highway|hwy|county road|state road|exit)[ -]?\d+)"
_WHERE = (
    r"behind|next to|near|close to|opposite|across from|in front of|infront of|outside|beside|between|under|past|by"
)
_SOMEWHERE = r"at|in|on|off|along|down|up|below|above|around|inside|from|for"
_ENDS = (
    "again|and|any|are|asks?|asked|at|because|but|called|came|can|caused?|coming|does|doesnt|every|for|from|got|has|have|"
    "her|his|in|is|it|its|keeps?|last|like|looks?|mom|needs?|no|not|of|on|or|over|please|pls|said|says|since|so|still|"
    "that|their|there|they|this|to|today|tomorrow|too|was|wants?|we|were|when|where|who|whose|will|with|yesterday"
)
_WORD = rf"(?!(?:{_ENDS})\b)[^\W_][\w'.]*"
_BUILDING = (
    "school|hall|station|cemetery|playground|hospital|garage|rink|stop|depot|bank|church|market|mall|pier|landing|trail|"
    "tunnel|dam|plant|lot|gym|courthouse|park|field|center|centre|bridge|home|hotel|college|university|stadium|"
    "arena|theater|theatre|museum|zoo|marina|harbor|harbour|dock|docks|beach|lake|river|pond|creek|tower|monument|fountain|"
    "roundabout|overpass|underpass|towpath|levee|path|canal|gazebo|pool|apartments|apts|bandstand|footbridge|gate|subdivision|neighborhood|estates|heights|district|cannery|factory|mill|store|fairgrounds?|armory|allotments?|ramp|branch|daycare|office|viaduct|plaza|green|gardens|supermarket|bakery|diner|pharmacy|clinic|airport|bend|hill"
)
_NOT_OF = "visits?|tours?|open|day|books?|cards?|apps?|staff|lady|crew|budget"  # what is not where its building is
_TIMES = (
    "mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday|jan|feb|"
    "mar|apr|may|june?|july?|aug|sept?|oct|nov|dec|january|february|march|april|august|september|october|november|"
    "december|christmas|easter|thanksgiving|facebook|twitter|instagram|insta|fb|nextdoor|english|spanish|tiktok|reddit|youtube|i"
)
_PROPER = rf"(?!(?i:{_TIMES})\b)(?:St\. )?[A-Z][\w'.]*[\w']"  # a word with a capital that is no day, month or network
_COUNTED = r"(?!(?:am|pm|hours?|days?|times?|people|percent|minutes?|feet|years?|weeks?|months?|kids|cars|residents)\b)"
_NO_PLACE = (
    "counter|desk|front|window|moment|end|time|same|office|door|hotline|machine|post|morning|phone|weekend|evening|latest|"
    "least|meeting|line|switchboard|lobby|city|budget|state|start|top|bottom|back|table|bot|portal|website|web"
)
_READ = 500  # characters in which a place is looked for: what comes later is seldom one, and patterns take time
_CORNER = rf"(?:\d+(?:st|nd|rd|th)|{_PROPER})"
_CASES = (  # patterns with their flags; re compiles and keeps each when it is first asked for
    (rf"\b{_PROPER}(?: {_PROPER})?(?: {_TYPED})? (?:and|&|/) {_PROPER}(?: {_PROPER})??(?: {_TYPED})(?!\w)", 0),
    (
        rf"(?:corner of|intersection of|intersection at|corner) (?P<place>{_NAME}(?: {_TYPED})? (?:and|&|/) "
        rf"{_NAME}(?: {_TYPED})?)",
        re.IGNORECASE,
    ),
    (rf"\b(?P<place>{_CORNER} & {_CORNER})", 0),
    (rf"\b(?P<place>{_PROPER}(?: {_TYPED})? between {_CORNER} and {_CORNER})\b", 0),
    (rf"\b(?P<place>\d+(?:st|nd|rd|th) and {_PROPER})", 0),
    (rf"\b(?P<place>{_PROPER} and \d+(?:st|nd|rd|th))\b", 0),
    (rf"\b(?:at|near|by) (?P<place>{_PROPER} and {_PROPER})\b", 0),
    (rf"\b\d{{1,5}}[a-z]? (?:{_NAME} ){{1,3}}?{_TYPED}", re.IGNORECASE),
    (rf"\bthe \d+ block of {_PROPER}(?: {_TYPED})?", 0),
    (
        rf"(?<!\bbus )(?<!\bline )(?<!\bno )(?<![-\d])\b\d{{1,5}}[A-Za-z]? {_COUNTED}(?:[NSEW]\.? )?"
        rf"{_PROPER}(?: {_PROPER})?",
        0,
    ),
    (rf"\b(?:{_NAME} ){{1,2}}?{_TYPED}", re.IGNORECASE),
    (rf"(?<!driver )(?<!bus )\b{_NUMBERED}\b", re.IGNORECASE),
)


def place_in(text: str, known: Iterable[str] = ()) -> str | None:
    """Where in town a sentence says something is, as it was typed; None where it does not say it.

    ``known`` are names of places that the city has in its files.
    """
    plain = " ".join(text[:_READ].split())
    for pattern, flags in _CASES:
        if found := re.search(pattern, plain, flags):
            return (found.groupdict().get("place") or found[0]).rstrip(".,")
    for name in sorted(known, key=len, reverse=True):
        if found := re.search(rf"\b{re.escape(name)}\b", plain, re.IGNORECASE):
            return found[0]
    return _by_words(plain)


_AREAS = (
    (rf"\bbetween (?P<place>the {_WORD}(?: {_WORD})? and (?:the )?{_WORD}(?: {_WORD})?)", re.IGNORECASE),
    (
        rf"\b(?:{_WHERE}|at|on|along|off|round|around|back of|in) (?P<place>{_PROPER}(?: {_PROPER}){{0,3}})"
        rf"(?! (?:said|says|asks?|called)\b)",
        0,
    ),
    (
        rf"\b(?:{_WHERE}) (?P<place>(?:the |our )(?!(?:{_NO_PLACE})\b)(?:{_WORD} ){{0,2}}?{_WORD})"
        rf"(?=[,.;:!?]|$| (?:{_ENDS})\b)",
        re.IGNORECASE,
    ),
    (
        rf"\b(?:{_WHERE}|{_SOMEWHERE}|to(?! park\b)) (?P<place>(?:the )?(?:{_WORD} ){{0,2}}?(?:{_BUILDING}))\b"
        rf"(?! (?:{_NOT_OF})\b)",
        re.IGNORECASE,
    ),
    (
        rf"\bat (?P<place>the (?!(?:{_NO_PLACE}|library)\b)(?:{_WORD} )??{_WORD})"
        rf"(?=[,.;:!?]|$| (?:{_ENDS})\b)",
        re.IGNORECASE,
    ),
)


def _by_words(plain: str) -> str | None:
    """A place that no address names: behind the old mill, at Washington park, on Sycamore."""
    found = next((match for pattern, flags in _AREAS if (match := re.search(pattern, plain, flags))), None)
    return found["place"].rstrip(".,") if found else None
