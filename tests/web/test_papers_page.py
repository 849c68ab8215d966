"""Papers on screen: reading, adding, versions, readers, withdrawing, and whatever somebody may send."""

import io
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ecoop.config import MEBIBYTE
from ecoop.governance.papers import READERS
from ecoop.governance.roles import BOARD_ROLES, Reach, Role, roles_reaching
from ecoop.models import AccessEntry, AuditEntry, Paper, PaperVersion
from ecoop.services import papers
from ecoop.vault import Vault
from tests.support import office_files as made
from tests.support.web import DAY, KETELHUIS, ZONNEDAK, Page, PageClient, Site, only, opened_site
from tests.web.addresses import fill, paper_id

HOME = f"/cooperatives/{KETELHUIS}/papers/"
BUDGET = "Begroting vereniging 2026"
MINUTES = "Notulen ledenvergadering 12 december 2025"
FORM = {"title": "Jaarplan", "kind": "other", "readers": ["inside"], "remark": ""}


def _file(content: bytes = made.PDF, name: str = "jaarplan.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def _add(client: PageClient, content: bytes = made.PDF, name: str = "jaarplan.pdf", **given_values: Any) -> Page:
    data = FORM | given_values | {"file": _file(content, name)}
    return client.post(f"{HOME}add", data, content_type="multipart/form-data")


def _add_large(client: PageClient, path: str, content: bytes, name: str) -> Page:
    """Send a large file as a body made by hand: the test client would leave a temporary file open."""
    fields = {"csrf_token": client.token(), "title": "Jaarplan", "kind": "other", "remark": ""}
    parts = [f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n' for key, value in fields.items()]
    head = f'--x\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n\r\n'
    body = "".join([*parts, head]).encode() + content + b"\r\n--x--\r\n"
    return client.send("POST", path, data=body, content_type="multipart/form-data; boundary=x")


def _vault(site: Site) -> Vault:
    return Vault(site.settings.papers_folder)


def _papers(site: Site) -> int:
    return len(site.rows("paper", "id"))


def _kept_whole(site: Site) -> bool:
    """Whether every paper has a version, and every version its file."""
    with site.inside() as session:
        numbered = set(session.scalars(sa.select(PaperVersion.paper_id)))
        return set(session.scalars(sa.select(Paper.id))) == numbered and not papers.doubt_files(session, _vault(site))


def test_a_member_sees_what_is_open_to_members(demo: Site) -> None:
    page = demo.signed_in("Mo Meterkast").get(HOME)

    assert "Statuten in het kort (verzonnen voorbeeld)" in page.words()
    assert MINUTES in page.words()
    assert BUDGET not in page.words()
    assert fill(demo, "papers.add") not in page.actions()


def test_the_audit_committee_sees_the_budget(demo: Site) -> None:
    assert BUDGET in demo.signed_in("Kees Kasboek").get(HOME).words()


def test_a_cooperative_without_papers_says_how_to_begin(demo: Site) -> None:
    home = f"/cooperatives/{ZONNEDAK}/papers/"

    assert (
        demo.signed_in("Zoë Zonnestraal")
        .get(home)
        .says("Begin with the statutes and the minutes of the last meeting: everybody asks for those first.")
    )
    assert demo.signed_in("Otto Omvormer").get(home).says("There is no paper for you to read yet.")


@pytest.mark.parametrize("role", roles_reaching(Reach.COOPERATIVE))
def test_each_role_reads_exactly_what_was_opened_to_it(staffed: Site, role: Role) -> None:
    number, readers = paper_id(staffed, KETELHUIS, BUDGET), roles_reaching(Reach.COOPERATIVE)
    chair, client = staffed.signed_in(only(Role.CHAIR)), staffed.signed_in(only(role))
    path = f"{HOME}{number}"

    for reader in ("public", "inside", *readers):
        assert chair.post(f"{path}/readers", {"readers": [reader]}).status == 303
        allowed = role in BOARD_ROLES or reader in {"public", "inside", role.value}
        assert client.get(path).status == (200 if allowed else 404), reader
        assert client.get(f"{path}/versions/1").status == (200 if allowed else 404), reader
        assert (BUDGET in client.get(HOME).words()) is allowed, reader


def test_who_fetches_a_paper_that_is_not_for_everybody_is_written_down(demo: Site) -> None:
    number = paper_id(demo, KETELHUIS, BUDGET)

    demo.signed_in("Kees Kasboek").get(f"{HOME}{number}/versions/1")
    demo.signed_in("Kees Kasboek").get(f"{HOME}{paper_id(demo, KETELHUIS, MINUTES)}/versions/1")

    with demo.inside() as session:
        noted = session.scalars(sa.select(AccessEntry)).all()
    assert [(one.kind, one.subject, one.account_id) for one in noted] == [
        ("paper", f"paper:{number}", demo.account_id("Kees Kasboek"))
    ]


def test_a_file_is_given_to_keep_and_not_to_run(demo: Site) -> None:
    client = demo.signed_in("Silvia Schrijfgraag")
    _add(client, b"<script>alert(1)</script>", "één mooi plan.html")
    number = paper_id(demo, KETELHUIS, "Jaarplan")

    answer = client.get(f"{HOME}{number}/versions/1").response

    assert answer.mimetype == "text/plain"
    assert answer.headers["Content-Disposition"] == (
        "attachment; filename=\"__n mooi plan.txt\"; filename*=UTF-8''%C3%A9%C3%A9n%20mooi%20plan.txt"
    )
    assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.get_data() == b"<script>alert(1)</script>"


def test_a_paper_is_added_and_read_back(demo: Site) -> None:
    secretary = demo.signed_in("Silvia Schrijfgraag")

    page = secretary.follow(_add(secretary, made.docx(), "plan.docx", remark="Eerste versie"))

    assert page.says("The paper was added.")
    assert "plan.docx" in page.words()
    assert "Eerste versie" in page.words()
    answer = demo.signed_in("Mo Meterkast").get(f"{HOME}{paper_id(demo, KETELHUIS, 'Jaarplan')}/versions/1")
    assert answer.response.get_data() == made.docx()


def test_a_version_is_added_beside_the_one_before(demo: Site) -> None:
    secretary = demo.signed_in("Silvia Schrijfgraag")
    path = f"{HOME}{paper_id(demo, KETELHUIS)}"
    first = secretary.get(f"{path}/versions/1").response.get_data()

    answer = secretary.post(f"{path}/versions", {"file": _file(made.TEXT, "nieuw.txt")})

    assert secretary.follow(answer).says("Version %(number)s was added. The versions before it stay.", number=2)
    assert secretary.get(f"{path}/versions/1").response.get_data() == first
    assert secretary.get(f"{path}/versions/2").response.get_data() == made.TEXT


WRONG = {
    "no file": ({"file": (io.BytesIO(), "")}, "Choose a file first."),
    "no title": ({"title": " "}, "Fill this in."),
    "no kind": ({"kind": ""}, "Fill this in."),
    "an empty file": ({"file": (io.BytesIO(b""), "leeg.pdf")}, "This file is empty. Choose another."),
    "a program": (
        {"file": (io.BytesIO(b"MZ\0\0"), "plan.pdf")},
        "This kind of file is not taken. Use PDF, PNG, JPEG, plain text, CSV, Word (docx), Excel (xlsx), ODT or ODS.",
    ),
    "macros": (
        {"file": (io.BytesIO(made.docx(**{"word/vbaProject.bin": b"x"})), "plan.docx")},
        "This file holds macros: small programs that could do harm. Save it without them.",
    ),
}


@pytest.mark.parametrize(("given_values", "sentence"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_added_is_told_beside_its_field_and_nothing_is_stored(
    demo: Site, given_values: dict[str, Any], sentence: str
) -> None:
    client = demo.signed_in("Silvia Schrijfgraag")
    before, files = demo.contents(), list(_vault(demo).digests())
    if "file" in given_values:
        stream, name = given_values["file"]
        given_values = given_values | {"file": (io.BytesIO(stream.getvalue()), name)}

    page = client.post(f"{HOME}add", FORM | {"file": _file()} | given_values)

    assert page.status == 400
    assert page.says(sentence)
    assert demo.contents() == before
    assert list(_vault(demo).digests()) == files


def test_a_file_of_many_megabytes_is_taken(demo: Site) -> None:
    content = b"%PDF-" + b"a" * (5 * MEBIBYTE) + b"%%EOF"

    page = _add_large(demo.signed_in("Silvia Schrijfgraag"), f"{HOME}add", content, "groot.pdf")

    assert page.status == 303


def test_a_file_beyond_the_limit_is_refused_and_the_page_says_what_the_limit_is(
    demo_file: Path, tmp_path: Path
) -> None:
    with opened_site(demo_file, tmp_path, paper_limit_bytes=3 * MEBIBYTE) as site:
        client = site.signed_in("Silvia Schrijfgraag")
        before = site.contents()

        little = _add_large(client, f"{HOME}add", b"a" * (3 * MEBIBYTE + 1), "groot.txt")
        much = _add_large(client, f"{HOME}add", b"a" * (4 * MEBIBYTE), "groot.txt")

        assert (little.status, much.status) == (400, 413)
        assert little.says("A file may be at most %(maximum)s MB. Make it smaller, or split it.", maximum=3)
        assert much.says("The file of a paper may be at most %(size)s MB. Nothing was stored.", size=3)
        assert site.contents() == before


def test_other_pages_take_no_larger_files_than_before(demo: Site) -> None:
    client = demo.signed_in("Petra Prijspeil")

    page = _add_large(client, fill(demo, "cases.replace"), b"#" * (3 * MEBIBYTE), "case.toml")

    assert page.status == 413
    assert page.says("A file may be at most 2 MB. Nothing was stored.")


def test_who_may_not_add_papers_is_refused_before_the_file_is_read(demo: Site) -> None:
    page = _add_large(demo.signed_in("Mo Meterkast"), f"{HOME}add", b"a" * (40 * MEBIBYTE), "groot.txt")

    assert page.status == 403


def test_a_paper_is_withdrawn_and_says_how_long_it_is_kept(demo: Site) -> None:
    client = demo.signed_in("Silvia Schrijfgraag")
    path = f"{HOME}{paper_id(demo, KETELHUIS, BUDGET)}"

    page = client.follow(client.post(f"{path}/withdraw", {"why": "Vervangen."}))

    assert page.says("The paper was withdrawn. Its files are kept until %(day)s.", day="1 januari 2034")
    assert demo.signed_in("Kees Kasboek").get(path).status == 404
    assert client.post(f"{path}/versions", {"file": _file(made.TEXT)}).status == 400


def test_a_lost_file_is_a_fault_that_is_told_and_nothing_else_is_given(demo: Site) -> None:
    number = paper_id(demo, KETELHUIS)
    with demo.inside() as session:
        digest = session.scalars(sa.select(PaperVersion.digest).where(PaperVersion.paper_id == number)).one()
    _vault(demo).path(digest).write_bytes(b"something else")

    page = demo.signed_in("Mo Meterkast").get(f"{HOME}{number}/versions/1", fault=True)

    assert page.status == 500
    assert "something else" not in page.text


def test_the_list_says_how_long_papers_are_kept_and_what_nobody_looked_up(demo: Site) -> None:
    page = demo.signed_in("Mo Meterkast").get(HOME)

    assert page.says("For ever")
    assert "BW art. 2:10, AWR art. 52; nog niet nagekeken" in page.words()


# whatever somebody may send


@pytest.fixture
def client(demo: Site) -> PageClient:
    """The secretary's browser."""
    return demo.signed_in("Silvia Schrijfgraag")


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
CONTENTS = st.one_of(
    st.binary(max_size=200),
    st.sampled_from([made.PDF, made.png(), made.JPEG, made.TEXT, made.CSV, made.docx(), made.opendocument("text")]),
    st.sampled_from([made.PDF, made.docx()]).flatmap(
        lambda whole: st.integers(0, len(whole)).map(lambda place: whole[:place])
    ),
)
FORMS = st.fixed_dictionaries(
    {},
    optional={
        "title": TEXTS,
        "kind": st.one_of(TEXTS, st.just("other")),
        "readers": st.lists(st.one_of(TEXTS, st.sampled_from(READERS)), max_size=3),
        "remark": TEXTS,
        "until": TEXTS,
        "why": TEXTS,
        "file": st.one_of(TEXTS, st.tuples(CONTENTS, TEXTS)),
    },
)
FEW = settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])


def _send(client: PageClient, path: str, form: dict[str, Any]) -> int:
    """Send what no browser would send; only the status is looked at, because the page shows it again."""
    file = form.get("file")
    data = form | ({"file": (io.BytesIO(file[0]), file[1])} if isinstance(file, tuple) else {})
    data["csrf_token"] = client.token()
    return client.flask.post(path, data=data, content_type="multipart/form-data").status_code


@FEW
@given(form=FORMS)
def test_no_upload_makes_the_site_fail_or_leaves_half_a_paper(
    demo: Site, client: PageClient, form: dict[str, Any]
) -> None:
    before = _papers(demo)

    status = _send(client, f"{HOME}add", form)

    assert status in {303, 400}
    assert _papers(demo) - before == (1 if status == 303 else 0)
    assert _kept_whole(demo)


@FEW
@given(form=FORMS, where=st.sampled_from(["versions", "readers", "withdraw"]))
def test_no_form_about_a_paper_makes_the_site_fail_or_stores_half(
    demo: Site, client: PageClient, form: dict[str, Any], where: str
) -> None:
    with demo.inside() as session:
        entries = len(session.scalars(sa.select(AuditEntry.number)).all())
    before = demo.contents()

    status = _send(client, f"{HOME}{paper_id(demo, KETELHUIS)}/{where}", form)

    assert status in {303, 400}
    assert _kept_whole(demo)
    with demo.inside() as session:
        done = len(session.scalars(sa.select(AuditEntry.number)).all()) - entries
    assert done in ({0, 1} if status == 303 else {0})
    assert done or demo.contents() == before


def test_the_demo_is_of_the_day_that_these_tests_think(demo: Site) -> None:
    with demo.inside() as session:
        titles = set(session.scalars(sa.select(Paper.title)))

    assert {MINUTES, BUDGET} <= titles
    assert DAY.year == 2026
