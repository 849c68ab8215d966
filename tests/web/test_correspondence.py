"""The pages about letters and about work in the background."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecoop.app import create_app
from ecoop.db import Scope
from ecoop.language.turns import PLACES
from ecoop.services import access_log, jobs, letters, mail_choices
from ecoop.services.letters import LetterFilter, LetterState, LetterView
from ecoop.worker import Worker
from tests.support.web import KETELHUIS, REAL_CHAIR, REAL_COOPERATIVE, REAL_NEIGHBOUR_CHAIR, Site
from tests.worker.conftest import work_it_off

HOME = f"/cooperatives/{REAL_COOPERATIVE}/letters"
DEMO = f"/cooperatives/{KETELHUIS}/letters"
FORM = {"subject_nl": "Vergadering", "text_nl": "Kom je?\n\nTot dan."}

VISIBLE = st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"])


@pytest.fixture
def placed(real: Site, tmp_path: Path) -> Site:
    """A real installation with a data folder."""
    own = replace(real.settings, folder=tmp_path / "data")
    return replace(real, settings=own, app=create_app(own, real.database, now=real.clock))


def _work(site: Site) -> None:
    work_it_off(Worker(site.database, site.settings, site.clock, planned=()))


def _letters(site: Site, slug: str = REAL_COOPERATIVE) -> tuple[LetterView, ...]:
    with site.inside(slug) as session:
        return letters.read_letters_of(session, cooperative_id=site.cooperative_id(slug), wanted=LetterFilter())


def test_a_letter_is_looked_at_first_and_sent_after_that(placed: Site) -> None:
    chair = placed.signed_in(REAL_CHAIR)

    preview = chair.post(f"{HOME}/write", FORM)
    assert preview.says("This is how it goes out")
    assert "Beste Carla Chair," in preview.words()
    assert _letters(placed) == ()

    sent = chair.follow(chair.post(f"{HOME}/write", FORM | {"send": "1"}))
    assert sent.says("The letters are still being written.")
    _work(placed)

    page = chair.get(f"{HOME}/")
    assert "carla@example.org" in page.words()
    assert page.says("waits to be sent")
    (letter,) = _letters(placed)
    assert letter.body == "Beste Carla Chair,\n\nKom je?\n\nTot dan.\n\nHet bestuur van Warmte West\n"


def test_a_letter_without_words_is_not_sent(placed: Site) -> None:
    page = placed.signed_in(REAL_CHAIR).post(f"{HOME}/write", {"send": "1", "subject_nl": "Alleen dit"})

    assert page.status == 400
    with placed.inside(REAL_COOPERATIVE) as session:
        assert jobs.read_jobs(session, cooperative_id=placed.cooperative_id(REAL_COOPERATIVE)) == ()


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(
        st.sampled_from(["subject_nl", "text_nl", "subject_en", "text_en", "role", "building", "send"]),
        st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn", "Co"]), max_size=40)
        | st.sampled_from(["member", "0", "-1", "9" * 30]),
    )
)
def test_whatever_is_filled_in_is_answered(placed: Site, data: dict[str, str]) -> None:
    page = placed.signed_in(REAL_CHAIR).post(f"{HOME}/write", data)

    assert page.status in {200, 303, 400}


def test_who_opens_a_letter_is_noted_before_it_is_shown(demo: Site) -> None:
    bounced = next(one for one in _letters(demo, KETELHUIS) if one.state is LetterState.BOUNCED)

    page = demo.signed_in("Petra Prijspeil").get(f"{DEMO}/{bounced.id}")

    assert "informatieavond" in page.words() or "evening" in page.words()
    with demo.inside(KETELHUIS) as session:
        seen = access_log.read_accesses(
            session, cooperative_id=demo.cooperative_id(KETELHUIS), about_account_id=bounced.account_id
        )
    assert [(one.name, one.kind, one.subject) for one in seen] == [
        ("Petra Prijspeil", "letter", f"letter:{bounced.id}")
    ]


def test_what_came_back_is_the_first_thing_the_board_reads(demo: Site) -> None:
    page = demo.signed_in("Petra Prijspeil").get(f"{DEMO}/", query={"state": "bounced"})

    assert page.says("Letters")
    assert "5.1.1 Mailbox unavailable" in page.words()
    assert len(page.all("tr")) == 2


def test_a_link_to_sign_in_is_shown_to_no_board(placed: Site) -> None:
    chair = placed.signed_in(REAL_CHAIR)
    given_role = {"name": "Nieuw Lid", "email": "nieuw@example.org", "role": "member", "starts_on": "2026-03-02"}
    assert chair.post(f"/cooperatives/{REAL_COOPERATIVE}/people/grant", given_role).status == 303
    (letter,) = _letters(placed)

    page = chair.get(f"{HOME}/{letter.id}")

    assert letter.is_secret
    assert letter.body == ""
    assert "sign-in/link" not in page.text
    assert page.says("This letter holds a link with which its reader signs in. It is shown to nobody else.")


def test_a_neighbour_finds_no_letter(placed: Site) -> None:
    placed.signed_in(REAL_CHAIR).post(f"{HOME}/write", FORM | {"send": "1"})
    _work(placed)
    (letter,) = _letters(placed)
    neighbour = placed.signed_in(REAL_NEIGHBOUR_CHAIR)

    assert neighbour.get(f"{HOME}/{letter.id}").status == 404
    assert neighbour.get(f"/cooperatives/warmte-oost/letters/{letter.id}").status == 404


def test_letters_on_paper_are_made_downloaded_and_posted(placed: Site) -> None:
    with placed.inside(REAL_COOPERATIVE, may_write=True) as session:
        letters.write_letter(
            session, account_id=None, recipient=None, name="Bep", subject="Hallo", body="Dag.", now=placed.clock(),
            cooperative_id=placed.cooperative_id(REAL_COOPERATIVE),
        )  # fmt: skip
    chair = placed.signed_in(REAL_CHAIR)
    chair.post(f"{HOME}/print")
    _work(placed)
    page = chair.get(f"{HOME}/")
    (download,) = [path for path in page.actions() if "/print/" in path and not path.endswith("posted")]

    pdf = chair.get(download)
    assert (pdf.response.mimetype, pdf.response.headers["Cache-Control"]) == ("application/pdf", "no-store")
    assert pdf.response.data.startswith(b"%PDF")
    chair.post(f"{download}/posted")

    assert [one.state for one in _letters(placed)] == [LetterState.POSTED]
    with placed.inside(REAL_COOPERATIVE) as session:
        seen = access_log.read_accesses(session, cooperative_id=placed.cooperative_id(REAL_COOPERATIVE))
    assert [one.kind for one in seen] == ["letter"]


def test_somebody_chooses_which_letters_to_get(placed: Site) -> None:
    chair = placed.signed_in(REAL_CHAIR)
    assert "/account/letters" in chair.get("/account").actions()

    page = chair.follow(chair.post("/account/letters", {"digest": "y"}))

    assert page.says("You get a list of what waits for you on Monday.")
    with placed.database.work(Scope()) as session:
        assert mail_choices.read_choice(session, placed.account_id(REAL_CHAIR)).same_day is False


def test_a_job_is_seen_and_stopped_by_its_board(placed: Site) -> None:
    chair = placed.signed_in(REAL_CHAIR)
    chair.post(f"{HOME}/write", FORM | {"send": "1"})
    page = chair.get(f"/cooperatives/{REAL_COOPERATIVE}/background/")
    (stop,) = [path for path in page.actions() if path.endswith("/cancel")]

    after = chair.follow(chair.post(stop))
    _work(placed)

    assert after.says("stopped")
    assert _letters(placed) == ()


def test_an_administrator_sees_numbers_and_no_names(demo: Site) -> None:
    with demo.database.work(Scope(carries=True, may_write=True)) as session:
        jobs.enqueue(session, "unheard-of", now=demo.clock())
    _work(demo)

    page = demo.signed_in("Ada Algoritme").get("/installation/background")

    assert page.says("This release does not know this work.")
    assert "Briefpost" not in page.words()
    assert "example.org" not in page.words()


def test_where_letters_lead_to_is_there(demo: Site) -> None:
    client = demo.signed_in("Vera Vastrecht")

    for place in PLACES.values():
        assert client.get(f"/cooperatives/{KETELHUIS}/{place.partition('#')[0]}").status == 200
    assert client.get("/account/letters").status == 200


def test_the_state_of_affairs_tells_what_waits_for_the_board_only(demo: Site) -> None:
    board = demo.signed_in("Petra Prijspeil").get(f"/cooperatives/{KETELHUIS}/")
    member = demo.signed_in("Mo Meterkast").get(f"/cooperatives/{KETELHUIS}/")

    assert board.says("What waits for you")
    assert not member.says("What waits for you")
