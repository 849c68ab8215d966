"""The glossary: every term once, in both languages, and what the code has of it is really there."""

import importlib
from collections import Counter

import pytest

from ecoop.language import Language, gettext, speaking
from ecoop.language.glossary import GROUPS, TERMS, Term, alphabet, terms_of
from ecoop.language.names import ROLES, role_name

in_both_languages = pytest.mark.parametrize("spoken", list(Language))


def twice(words: list[str]) -> list[str]:
    """What stands more than once."""
    return [word for word, count in Counter(words).items() if count > 1]


def test_no_word_stands_twice() -> None:
    assert twice([word.casefold() for term in TERMS for word in term.dutch]) == []
    assert twice([word.casefold() for term in TERMS for word in term.english]) == []
    assert twice([code for term in TERMS for code in term.codes]) == []


def test_no_address_stands_twice() -> None:
    assert twice([term.anchor for term in TERMS]) == []


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.anchor)
def test_a_term_has_words_in_both_languages_and_belongs_to_a_group(term: Term) -> None:
    assert term.dutch
    assert term.english
    assert all(word == word.strip() != "" for word in (*term.dutch, *term.english, *term.codes))
    assert term.group in GROUPS


@pytest.mark.parametrize("term", TERMS, ids=lambda term: term.anchor)
def test_a_meaning_is_one_sentence_that_reads_otherwise_in_dutch(term: Term) -> None:
    with speaking(Language.DUTCH):
        dutch = gettext(term.meaning)

    assert dutch != term.meaning
    for sentence in (dutch, term.meaning):
        assert sentence.endswith(".")
        assert ". " not in sentence
        assert 25 < len(sentence) < 190


@pytest.mark.parametrize("term", [term for term in TERMS if term.place], ids=lambda term: term.anchor)
def test_what_the_code_is_said_to_have_is_there(term: Term) -> None:
    module, _colon, name = term.place.partition(":")
    found = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)

    assert found is not None


@pytest.mark.parametrize("group", GROUPS)
def test_a_group_has_terms_in_the_order_of_the_alphabet(group: str) -> None:
    with speaking(Language.DUTCH):
        dutch = [term.own_words[0] for term in terms_of(group)]
    with speaking(Language.ENGLISH):
        english = [term.own_words[0] for term in terms_of(group)]

    assert len(dutch) == len(english) > 3
    assert dutch != english
    assert english == sorted(english, key=lambda word: word.lower().strip("("))


@in_both_languages
def test_the_list_from_a_to_z_holds_every_word(spoken: Language) -> None:
    with speaking(spoken):
        listed = [word for word, _term in alphabet()]
        words = [word for term in TERMS for word in term.own_words]

    assert sorted(listed) == sorted(words)


def test_an_accent_makes_no_other_letter() -> None:
    with speaking(Language.DUTCH):
        listed = [word for word, _term in alphabet()]

    assert listed.index("contributie") < listed.index("décharge") < listed.index("distributienet")


@pytest.mark.parametrize(
    ("role", "code"),
    [
        ("audit_committee", "audit_committee"),
        ("building_ambassador", "building_ambassador"),
        ("landlord", "landlord"),
        ("member", "member.kind"),
    ],
)
def test_a_role_is_called_what_the_glossary_calls_it(role: str, code: str) -> None:
    term = next(term for term in TERMS if code in term.codes)

    assert role in ROLES
    for spoken in Language:
        with speaking(spoken):
            assert role_name(role).casefold() in term.own_words
