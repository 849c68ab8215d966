"""Names and addresses that stand in one cell, taken apart as far as that is certain."""

import re

PREFIXES = frozenset(
    {"van", "de", "der", "den", "het", "'t", "ten", "ter", "te", "van't", "el", "al", "la", "le", "du", "von", "op",
     "in", "aan", "bij", "onder", "over", "uit", "voor", "d'", "della", "di", "dos", "da"}
)  # fmt: skip
_STREET = re.compile(r"(.*?[^\d\s].*?)[\s,]+(\d{1,5}(?:[\s/-]*[A-Za-z0-9]{1,8}){0,4})")
_POSTCODE = re.compile(r"(\d{4}\s?[A-Za-z]{2})[\s,]+(.+)")


def name_parts(whole: str) -> dict[str, str]:
    """A name taken apart as far as that is certain: "Vries, J. de" and "Jan de Vries" are, four words are not."""
    if whole.count(",") == 1:
        family, _, rest = (part.strip() for part in whole.partition(","))
        words = rest.split()
        prefix = [word for word in words if word.casefold() in PREFIXES]
        given = [word for word in words if word.casefold() not in PREFIXES]
        if family and given:
            name = " ".join([*given, *prefix, family])
            return _without_empty(name, " ".join(given), " ".join(prefix), family)
    words = whole.split()
    places = [place for place, word in enumerate(words) if word.casefold() in PREFIXES and not word[:1].isupper()]
    if places and places[0] > 0 and places[-1] < len(words) - 1 and places == list(range(places[0], places[-1] + 1)):
        first, last = places[0], places[-1] + 1
        return _without_empty(whole, " ".join(words[:first]), " ".join(words[first:last]), " ".join(words[last:]))
    if len(words) == 2 and not places:
        return _without_empty(whole, words[0], "", words[1])
    return {"name": whole}


def _without_empty(name: str, given: str, prefix: str, family: str) -> dict[str, str]:
    found = {"name": name, "given_names": given, "name_prefix": prefix, "family_name": family}
    return {key: value for key, value in found.items() if value}


def street_parts(whole: str) -> tuple[str, str]:
    """Street and house number of "Kade 12-hs"; where no number ends it, all of it is the street."""
    found = _STREET.fullmatch(whole)
    return (found[1], found[2]) if found else (whole, "")


def city_parts(whole: str) -> tuple[str, str]:
    """Postcode and place of "1054 AB Amsterdam"; where no postcode begins it, all of it is the place."""
    found = _POSTCODE.fullmatch(whole)
    return (found[1], found[2]) if found else ("", whole)
