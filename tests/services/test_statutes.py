"""Statutes in the database: versions that stay, and rules that are read back exactly."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from ecoop.errors import Forbidden, InvalidInput
from ecoop.governance.roles import Role
from ecoop.governance.statutes import EntryRule, LegalForm, MembershipClass, NoticeEnd, PartyKind, ProxyHolder, Statutes
from ecoop.services import statutes
from ecoop.services.statutes import StatutesReason, read_rules, write_rules
from tests.services.conftest import World
from tests.services.governing import BUSINESS, STATUTES, TENANT, record_statutes
from tests.support.factories import NOW, TODAY


def rules_of(world: World, session: Any, day: date = TODAY, **known: Any) -> Statutes | None:
    found = statutes.read_statutes(session, cooperative_id=world.home, day=day, **known)
    return found.statutes if found else None


def problems_of(world: World, rules: Statutes, **given: Any) -> list[tuple[str, str]]:
    with world.inside() as session, pytest.raises(InvalidInput) as refused:
        record_statutes(world, session, rules, **given)
    return [(problem.key, str(problem.reason)) for problem in refused.value.problems]


def test_before_the_first_statutes_there_are_none(world: World) -> None:
    with world.inside() as session:
        record_statutes(world, session)

        assert rules_of(world, session, STATUTES.valid_from - timedelta(days=1)) is None
        assert rules_of(world, session, STATUTES.valid_from) == STATUTES


def test_each_day_has_the_version_of_that_day(world: World) -> None:
    later = replace(STATUTES, valid_from=date(2025, 5, 1), notice_weeks=8)
    with world.inside() as session:
        record_statutes(world, session, later)
        record_statutes(world, session)

        assert rules_of(world, session, date(2025, 4, 30)) == STATUTES
        assert rules_of(world, session) == later


def test_a_version_recorded_anew_counts_and_the_old_one_stays_readable(world: World) -> None:
    mended = replace(STATUTES, notice_weeks=6)
    with world.inside() as session:
        record_statutes(world, session)
        record_statutes(world, session, mended, now=NOW + timedelta(days=1))

        assert rules_of(world, session) == mended
        assert rules_of(world, session, known_at=NOW) == STATUTES
        versions = statutes.read_versions(session, cooperative_id=world.home)
    assert [one.replaced for one in versions] == [False, True]


def test_what_is_recorded_already_is_told(world: World) -> None:
    with world.inside() as session:
        record_statutes(world, session)
        session.commit()

    assert problems_of(world, STATUTES) == [("", StatutesReason.NOTHING_CHANGED)]


def test_statutes_are_recorded_by_who_keeps_the_register(world: World) -> None:
    with world.inside() as session, pytest.raises(Forbidden):
        statutes.record_statutes(
            session, world.acting(Role.TREASURER), cooperative_id=world.home, statutes=STATUTES, now=NOW
        )


def test_the_database_refuses_to_change_statutes(world: World) -> None:
    with world.inside() as session:
        record_statutes(world, session)
        session.commit()

    with world.database.writer.connect() as connection, pytest.raises(sa.exc.IntegrityError, match="only grows"):
        connection.exec_driver_sql("UPDATE statutes_version SET rules = '{}'")


@pytest.mark.parametrize(
    ("rules", "problem"),
    [
        (replace(STATUTES, classes=()), ("classes", "statutes_no_classes")),
        (replace(STATUTES, classes=(TENANT, TENANT)), ("classes", "statutes_class_twice")),
        (replace(STATUTES, classes=(replace(TENANT, code="Huurder!"),)), ("classes", "statutes_code_unusable")),
        (replace(STATUTES, classes=(replace(TENANT, name_nl=" "),)), ("classes", "statutes_name_unusable")),
        (replace(STATUTES, classes=(replace(TENANT, votes=Decimal("0.0000001")),)),
         ("classes", "statutes_votes_unusable")),
        (replace(STATUTES, classes=(replace(TENANT, votes=Decimal(-1)),)), ("classes", "statutes_votes_negative")),
        (replace(STATUTES, notice_weeks=-1), ("notice_weeks", "statutes_out_of_range")),
        (replace(STATUTES, smallest_board=0), ("smallest_board", "statutes_out_of_range")),
        (replace(STATUTES, financial_year_ends=(13, 1)), ("financial_year_ends", "statutes_rule_unusable")),
        (replace(STATUTES, clauses=(("weather", "artikel 1"),)), ("clauses.weather", "statutes_rule_unknown")),
        (replace(STATUTES, valid_from=date(202, 1, 1)), ("valid_from", "day_unlikely")),
    ],
)  # fmt: skip
def test_rules_with_which_nobody_can_work_are_refused(world: World, rules: Statutes, problem: tuple[str, str]) -> None:
    assert problem in problems_of(world, rules)


def test_statutes_that_contradict_themselves_are_recorded_and_told(world: World) -> None:
    with world.inside() as session:
        record_statutes(world, session, replace(STATUTES, most_terms=2))
        found = statutes.read_statutes(session, cooperative_id=world.home, day=TODAY)

    assert found is not None
    assert [str(one) for one in found.conflicts] == ["statutes_term_without_length"]


def test_a_deed_that_is_not_among_the_papers_is_refused(world: World) -> None:
    assert problems_of(world, STATUTES, paper_id=4711) == [("paper_id", StatutesReason.PAPER_UNKNOWN)]


def test_kinds_of_membership_of_the_past_keep_their_name(world: World) -> None:
    renamed = replace(TENANT, name_nl="Bewoner", name_en="Resident")
    with world.inside() as session:
        record_statutes(world, session)
        record_statutes(world, session, replace(STATUTES, valid_from=date(2025, 5, 1), classes=(renamed,)))
        found = statutes.read_classes(session, cooperative_id=world.home, day=TODAY)

    assert found is not None
    assert found.in_force == ("tenant",)
    assert (found.names["tenant"], found.names["business"]) == (("Bewoner", "Resident"), ("Bedrijf", "Business"))


# the text


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        ({"weather": 1}, "weather", StatutesReason.RULE_UNKNOWN),
        ({"notice_weeks": "four"}, "notice_weeks", StatutesReason.RULE_UNUSABLE),
        ({"notice_weeks": True}, "notice_weeks", StatutesReason.RULE_UNUSABLE),
        ({"legal_form": "bv"}, "legal_form", StatutesReason.RULE_UNUSABLE),
        ({"classes": [{"code": "tenant"}]}, "classes", StatutesReason.RULE_UNUSABLE),
        ({"most_votes": "NaN"}, "most_votes", StatutesReason.RULE_UNUSABLE),
        ({"valid_from": "yesterday"}, "valid_from", StatutesReason.RULE_UNUSABLE),
        ({"outsiders_on_board": 1}, "outsiders_on_board", StatutesReason.RULE_UNUSABLE),
    ],
)
def test_a_text_that_is_not_exactly_statutes_is_refused(change: dict[str, Any], key: str, reason: str) -> None:
    text = json.dumps(json.loads(write_rules(STATUTES)) | change)

    with pytest.raises(InvalidInput) as refused:
        read_rules(text)

    assert [(problem.key, problem.reason) for problem in refused.value.problems] == [(key, reason)]


def test_every_rule_that_is_missing_is_named() -> None:
    with pytest.raises(InvalidInput) as refused:
        read_rules('{"notice_weeks":4}')

    assert {problem.reason for problem in refused.value.problems} == {StatutesReason.RULE_MISSING}
    assert len(refused.value.problems) == 6


def _classes() -> st.SearchStrategy[MembershipClass]:
    return st.builds(
        MembershipClass, code=st.from_regex("[a-z][a-z0-9_]{0,39}", fullmatch=True), name_nl=st.text(max_size=9),
        name_en=st.text(max_size=9), votes=st.decimals(0, 100, places=3),
        open_to=st.frozensets(st.sampled_from(PartyKind)),
    )  # fmt: skip


@given(
    st.builds(
        Statutes,
        valid_from=st.dates(),
        legal_form=st.sampled_from(LegalForm),
        classes=st.lists(_classes(), max_size=4).map(tuple),
        entry_rule=st.sampled_from(EntryRule),
        minimum_age=st.none() | st.integers(0, 99),
        notice_weeks=st.integers(0, 99),
        notice_end=st.sampled_from(NoticeEnd),
        financial_year_ends=st.tuples(st.integers(1, 12), st.integers(1, 31)),
        proxy_holder=st.sampled_from(ProxyHolder),
        most_proxies=st.none() | st.integers(0, 9),
        most_votes=st.none() | st.decimals(0, 100, places=2),
        term_years=st.none() | st.integers(1, 9),
        most_terms=st.none() | st.integers(1, 9),
        smallest_board=st.integers(1, 9),
        outsiders_on_board=st.booleans(),
        clauses=st.dictionaries(st.sampled_from(statutes.RULES), st.text(max_size=9)).map(
            lambda given: tuple(sorted(given.items()))
        ),
    )
)
def test_whatever_is_written_is_read_back_and_written_the_same(rules: Statutes) -> None:
    text = write_rules(rules)

    assert read_rules(text) == rules
    assert write_rules(read_rules(text)) == text


def test_the_business_votes_with_half_votes() -> None:
    assert '"votes":"2.5"' in write_rules(replace(STATUTES, classes=(BUSINESS,)))
