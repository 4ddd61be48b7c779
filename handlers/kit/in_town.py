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
    "both|but|by|called|came|corner|dead|down|each|entire|every|for|from|half|has|have|he|her|his|in|inside|intersection|"
    "into|is|it|its|like|me|my|near|next|no|not|of|off|on|one|onto|opposite|or|our|out|outside|over|past|per|same|she|"
    "side|some|than|that|the|their|there|they|this|through|to|toward|towards|too|under|until|up|via|was|way|we|were|"
    "what|when|where|which|whole|with|you|your"
)
_NAME = rf"(?:\d+(?:st|nd|rd|th)|(?!(?:{_SMALL})\b)[^\W\d_][\w'-]*)"
_TYPED = rf"(?:{_STREET})\b\.?(?!\s+(?:lights?|lamps?|signs?|sweep\w*|work\w*|crews?|fair|party|vendors?|performers?|too|over|more|less|up|down|back|before))"
_NUMBERED = rf"(?:(?:interstate|route|rte|us|i|highway|hwy|county road|state road)[ -]?\d+)"
_WHERE = (
    r"behind|next to|near|close to|opposite|across from|in front of|infront of|outside|beside|between|under|past|by"
)
_SOMEWHERE = r"at|in|on|off|along|around|inside|from"
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
    "roundabout|overpass|underpass|cannery|factory|mill|store|supermarket|bakery|diner|pharmacy|clinic|airport|bend|hill"
)
_CASES = tuple(
    re.compile(pattern, flags)
    for pattern, flags in (
        (rf"\b{_NAME}(?: {_NAME})?(?: {_TYPED})? (?:and|&|/) {_NAME}(?: {_NAME})??(?: {_TYPED})(?![\w])", 0),
        (
            rf"(?:corner of|intersection of|intersection at|corner) (?P<place>{_NAME}(?: {_TYPED})? (?:and|&|/) {_NAME}(?: {_TYPED})?)",
            re.IGNORECASE,
        ),
        (r"\b(?P<place>\d+(?:st|nd|rd|th) (?:and|&) [^\W\d_]\w*)", re.IGNORECASE),
        (rf"\b\d{{1,5}}[a-z]? (?:{_NAME} ){{1,3}}?{_TYPED}", re.IGNORECASE),
        (rf"\b(?:{_NAME} ){{1,2}}?{_TYPED}", re.IGNORECASE),
        (rf"\b{_NUMBERED}\b", re.IGNORECASE),
        (
            rf"\b(?:at|of|on|by|near|from) (?P<place>\d{{1,5}}[a-z]? (?!am\b|pm\b|hours?\b|days?\b|times?\b|people\b|percent\b|minutes?\b|feet\b)[A-Z][\w']+)",
            0,
        ),
    )
)
_NAMED = re.compile(rf"\b(?:[A-Z][\w']+ ){{1,3}}(?:{_BUILDING})\b", re.IGNORECASE)


def place_in(text: str, known: Iterable[str] = ()) -> str | None:
    """Where in town a sentence says something is, as it was typed; None where it does not say it.

    ``known`` are names of places that the city has in its files.
    """
    plain = " ".join(text.split())
    for case in _CASES:
        if found := case.search(plain):
            return (found.groupdict().get("place") or found[0]).rstrip(".,")
    for name in sorted(known, key=len, reverse=True):
        if found := re.search(rf"\b{re.escape(name)}\b", plain, re.IGNORECASE):
            return found[0]
    return _by_words(plain)


def _by_words(plain: str) -> str | None:
    """A place that no address names: behind the old mill, at Washington park, on Sycamore."""
    if found := re.search(
        rf"\bbetween (the {_WORD}(?: {_WORD})? and (?:the )?{_WORD}(?: {_WORD})?)", plain, re.IGNORECASE
    ):
        return found[1]
    if found := re.search(
        rf"\b(?:{_WHERE}) ((?:the |our )(?:{_WORD} ){{0,2}}?{_WORD})(?=[,.;:!?]|$| (?:{_ENDS})\b)", plain, re.IGNORECASE
    ):
        return found[1]
    if found := re.search(
        rf"\b(?:{_WHERE}|{_SOMEWHERE}) ((?:the )?(?:{_WORD} ){{0,2}}?(?:{_BUILDING}))\b", plain, re.IGNORECASE
    ):
        return found[1]
    if found := re.search(
        r"\bon ((?!Mon|Tue|Wed|Thu|Fri|Sat|Sun|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Face|Twit|Insta|Next|Tik|You|Redd)[A-Z][a-z]+)\b",
        plain,
    ):
        return found[1]
    return None
