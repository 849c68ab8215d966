"""The rules of the law in the help: each in plain words, with its source or the mark that nobody looked it up."""

from urllib.parse import urlsplit

import pytest

from ecoop.language import Language, gettext, speaking
from ecoop.language.law import LAW, SUBJECTS, LawRule, rules_about


def named(rule: LawRule) -> str:
    return rule.text[:40]


@pytest.mark.parametrize("rule", LAW, ids=named)
def test_a_rule_has_words_in_both_languages(rule: LawRule) -> None:
    with speaking(Language.DUTCH):
        dutch = gettext(rule.text)

    assert dutch != rule.text
    assert dutch.endswith(".")
    assert rule.text.endswith(".")


@pytest.mark.parametrize("rule", LAW, ids=named)
def test_a_source_is_a_page_that_anybody_can_open(rule: LawRule) -> None:
    address = urlsplit(rule.source)

    assert rule.verified == (address.scheme == "https" and "." in address.netloc)


def test_no_rule_stands_twice() -> None:
    assert len({rule.text for rule in LAW}) == len(LAW)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_has_rules_of_both_kinds(subject: str) -> None:
    assert {rule.verified for rule in rules_about(subject)} == {True, False}


def test_every_rule_belongs_to_a_subject() -> None:
    assert sum(len(rules_about(subject)) for subject in SUBJECTS) == len(LAW)
