"""Consent: silence is none, the last move decides, and a newer text asks again."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from ecoop.governance.consents import ConsentMove, ConsentStanding, ConsentStep, consent_on, needs_asking_again

GIVEN = ConsentStep(id=1, move=ConsentMove.GIVEN, valid_from=date(2025, 1, 1), version=1)
TAKEN_BACK = ConsentStep(id=2, move=ConsentMove.WITHDRAWN, valid_from=date(2025, 6, 1))


def test_silence_is_no_consent() -> None:
    assert consent_on([], date(2025, 1, 1)) == ConsentStanding()
    assert not consent_on([GIVEN], date(2024, 12, 31)).holds


def test_it_holds_from_the_day_on_to_the_text_that_was_shown() -> None:
    assert consent_on([GIVEN], date(2025, 1, 1)) == ConsentStanding(holds=True, since=date(2025, 1, 1), version=1)


def test_who_takes_it_back_is_free_of_it_that_day() -> None:
    assert consent_on([GIVEN, TAKEN_BACK], date(2025, 5, 31)).holds
    assert not consent_on([GIVEN, TAKEN_BACK], date(2025, 6, 1)).holds


def test_a_newer_text_asks_again() -> None:
    standing = consent_on([GIVEN], date(2025, 2, 1))

    assert needs_asking_again(standing, 2)
    assert not needs_asking_again(standing, 1)
    assert not needs_asking_again(ConsentStanding(), 2)


steps = st.lists(
    st.builds(
        ConsentStep, id=st.integers(1, 10**6), move=st.sampled_from(ConsentMove),
        valid_from=st.dates(date(2020, 1, 1), date(2030, 1, 1)), version=st.integers(1, 5),
    ),
    unique_by=lambda step: step.id,
)  # fmt: skip


@given(found=steps, day=st.dates(date(2019, 1, 1), date(2031, 1, 1)))
def test_the_order_in_which_moves_are_given_does_not_matter(found: list[ConsentStep], day: date) -> None:
    assert consent_on(found, day) == consent_on(reversed(found), day)
