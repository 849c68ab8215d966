"""The Dutch catalogue: every sentence translated, every placeholder kept, every form of a plural there."""

import re
from collections.abc import Iterator

import pytest
from babel.messages.catalog import Message

from ecoop.cli import languages

PLACEHOLDER = re.compile(r"%\((\w+)\)s|\{(\w+)(?:![rs])?\}|(%%)")
ENDING = re.compile(r"[.:?]?$")


@pytest.fixture(scope="module")
def messages() -> list[Message]:
    return [message for message in languages.read(languages.DUTCH) if message.id]


def pairs(message: Message) -> Iterator[tuple[str, str]]:
    """Each form of a message with the Dutch sentence that takes its place: both languages have one and many."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
    else:
        yield from zip(message.id, map(str, message.string), strict=True)


def wrong(messages: list[Message], is_wrong: object) -> list[tuple[str, str]]:
    return [pair for message in messages for pair in pairs(message) if is_wrong(*pair)]  # type: ignore[operator]


def test_nothing_is_missing_untranslated_or_obsolete() -> None:
    assert list(languages.differences(languages.extract(), languages.read(languages.DUTCH))) == []


def test_no_translation_is_a_guess(messages: list[Message]) -> None:
    assert [message.id for message in messages if message.fuzzy] == []


def test_every_plural_has_both_forms(messages: list[Message]) -> None:
    plurals = [message for message in messages if not isinstance(message.id, str)]
    assert plurals
    assert [message.id for message in plurals if len(message.string) != 2 or not all(message.string)] == []


def test_a_translation_has_the_placeholders_of_its_sentence(messages: list[Message]) -> None:
    def differs(english: str, dutch: str) -> bool:
        return set(PLACEHOLDER.findall(english)) != set(PLACEHOLDER.findall(dutch))

    # click's word for a number is fixed in Dutch, and one of its plurals needs no number
    spared = {"{value!r} is not a valid {number_type}.", "Option {name!r} requires {nargs} arguments."}
    assert [pair for pair in wrong(messages, differs) if pair[0] not in spared] == []


def test_nobody_is_addressed_formally_or_shouted_at(messages: list[Message]) -> None:
    def formal(_english: str, dutch: str) -> bool:
        return "!" in PLACEHOLDER.sub("", dutch) or bool(
            re.search(r"\b(?:u(?!\.A\.)|uw|uzelf)\b", dutch, re.IGNORECASE)
        )

    assert wrong(messages, formal) == []


def test_a_sentence_ends_alike_in_both_languages(messages: list[Message]) -> None:
    def differs(english: str, dutch: str) -> bool:
        spared = english in {"Aborted!", "Missing argument", "Missing option"} or english.startswith("Got unexpected")
        return not spared and ENDING.search(english)[0] != ENDING.search(dutch)[0]  # type: ignore[index]

    assert wrong(messages, differs) == []


@pytest.mark.parametrize(
    ("english", "dutch"),
    [
        (r"\bconnection contributions?\b", r"aansluitbijdrage"),
        (r"\bhousing corporation\b", r"woningcorporatie"),
        (r"\bfixed charge\b", r"vastrecht|vaste"),
        (r"\bdwelling equivalents?\b", r"woningequivalent"),
        (r"\bheat demand\b", r"warmtevraag"),
        (r"\bcover ratio\b", r"dekkingsgraad"),
        (r"\bbusiness case\b", r"businesscase"),
        (r"\bboard\b", r"bestuur|waterschap|plek|raad van toezicht"),
        (r"\bowners' association\b", r"VvE"),
        (r"\blandlord\b", r"verhuurder"),
        (r"\btranche\b", r"tranche"),
        (r"\bassumptions?\b", r"aanname"),
    ],
)
def test_a_term_of_the_glossary_is_always_the_same_word(messages: list[Message], english: str, dutch: str) -> None:
    found = [pair for message in messages for pair in pairs(message) if re.search(english, pair[0], re.IGNORECASE)]

    assert found
    assert [pair for pair in found if not re.search(dutch, pair[1], re.IGNORECASE)] == []
