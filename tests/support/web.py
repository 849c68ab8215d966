"""The site as its visitors meet it: a demo or a real installation behind a client that looks at every answer.

The client checks what holds for every page, so that no test has to say it; the rest is for the tests to ask.
"""

import hashlib
import re
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element

import html5lib
import pytest
import sqlalchemy as sa
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from html5lib.html5parser import ParseError
from jinja2.bccache import Bucket, BytecodeCache
from sqlalchemy import event
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from ecoop import language, migrations
from ecoop.app import create_app
from ecoop.clock import legal_day
from ecoop.config import Settings
from ecoop.db import Base, Database, Scope, open_database
from ecoop.demo import build_demo
from ecoop.exchange.sheets import read_sheet
from ecoop.governance.register_sheet import guess
from ecoop.governance.roles import RULES, Limit, Reach, Role, roles_reaching
from ecoop.language import Language
from ecoop.models import Account, Building, Cooperative, Umbrella
from ecoop.services import accounts, browser_sessions, cooperatives, importing, roles
from ecoop.services.importing import ColumnChoice
from ecoop.services.roles import NewRole
from ecoop.vault import Vault

DAY = date(2026, 3, 2)
"""The day of the demo, a Monday."""
NOON = datetime(2026, 3, 2, 11, 0, tzinfo=UTC)
"""Noon in Amsterdam on that day: when the tests visit."""
KETELHUIS = "ketelhuiswg"
ZONNEDAK = "zonnedak-de-dageraad"
SECRET = "a secret of the tests, which signs nothing real"
ENCRYPTION_KEY = "dGhlIHRlc3RzIHNlYWwgbm90aGluZyByZWFsIGF0IGE="
NOWHERE = Path("/nowhere")
"""The data folder of a site to which no test gave one."""


class PageFault(AssertionError):
    """A page breaks a rule that holds for every page."""


@dataclass
class MovableClock:
    """A clock that stands still until it is moved."""

    instant: datetime = NOON

    def __call__(self) -> datetime:
        return self.instant

    def move(self, **by: float) -> None:
        """Let time pass, said as for timedelta."""
        self.instant += timedelta(**by)


@dataclass
class LostWork:
    """Changes that were written and then thrown away; only a request that fails may do that. And those that stayed."""

    pending: dict[int, list[str]] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)
    stayed: list[str] = field(default_factory=list)

    def watch(self, database: Database) -> None:
        """Follow every transaction of `database`."""

        @event.listens_for(database.writer, "before_cursor_execute")
        def _note(connection: sa.Connection, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith(("INSERT", "UPDATE", "DELETE")):
                self.pending.setdefault(id(connection.connection.dbapi_connection), []).append(statement)

        @event.listens_for(database.writer, "commit")
        def _kept(connection: sa.Connection) -> None:
            self.stayed += self.pending.pop(id(connection.connection.dbapi_connection), [])

        @event.listens_for(database.writer, "rollback")
        def _undone(connection: sa.Connection) -> None:
            self.lost += self.pending.pop(id(connection.connection.dbapi_connection), [])

    def take(self) -> list[str]:
        """What was lost since last asked; work that is still open counts as well."""
        lost = self.lost + [statement for open_work in self.pending.values() for statement in open_work]
        self.lost, self.pending = [], {}
        return lost

    def take_stayed(self) -> list[str]:
        """What was written for good since last asked."""
        stayed, self.stayed = self.stayed, []
        return stayed


@dataclass(kw_only=True)
class Site:
    """One running application on a database of its own."""

    app: Flask
    database: Database
    clock: MovableClock
    settings: Settings
    lost_work: LostWork

    def client(self) -> "PageClient":
        """A new browser."""
        return PageClient(self)

    def signed_in(self, name: str) -> "PageClient":
        """A new browser in which `name` is signed in."""
        client = self.client()
        client.sign_in_as(name)
        return client

    def restarted(self) -> "Site":
        """The same data under a new application, as after a restart."""
        app = create_app(self.settings, self.database, now=self.clock)
        return Site(app=app, database=self.database, clock=self.clock, settings=self.settings, lost_work=self.lost_work)

    def account_id(self, name: str) -> int:
        """The number of the account of `name`."""
        with self.database.work(Scope()) as session:
            return session.scalars(sa.select(Account.id).where(Account.name == name)).one()

    def cooperative_id(self, slug: str) -> int:
        """The number of the cooperative called `slug`."""
        with self.database.work(Scope()) as session:
            return session.scalars(sa.select(Cooperative.id).where(Cooperative.slug == slug)).one()

    @contextmanager
    def inside(self, *slugs: str, may_write: bool = False, account: str | None = None) -> Iterator[Any]:
        """A session that sees these cooperatives (all when none are named), committed at the end."""
        names = slugs or tuple(self.rows("cooperative", "slug"))
        ids = frozenset(self.cooperative_id(slug) for slug in names)
        account_id = self.account_id(account) if account else None
        with self.database.work(Scope(cooperative_ids=ids, may_write=may_write, account_id=account_id)) as session:
            yield session

    def rows(self, table: str, column: str) -> list[Any]:
        """One column of a table, in no cooperative's scope: tests may look everywhere."""
        with self.database.reader.connect() as connection:
            return list(connection.execute(sa.select(Base.metadata.tables[table].c[column])).scalars())

    def contents(self) -> dict[str, list[tuple[Any, ...]]]:
        """Everything that is kept, to be compared before and after."""
        with self.database.reader.connect() as connection:
            return {
                table.name: [tuple(row) for row in connection.execute(sa.select(table).order_by(*table.primary_key))]
                for table in Base.metadata.sorted_tables
            }

    def counts(self) -> dict[str, int]:
        """How many rows each table holds."""
        return {name: len(rows) for name, rows in self.contents().items()}


@dataclass
class Page:
    """One answer, with a few ways to look at it."""

    response: TestResponse
    path: str

    @property
    def status(self) -> int:
        """The status."""
        return self.response.status_code

    @property
    def location(self) -> str:
        """Where a redirect leads, as a path of this site where it stays here."""
        return self.response.headers["Location"].removeprefix("http://localhost")

    @property
    def text(self) -> str:
        """The answer as it was sent."""
        return self.response.get_data(as_text=True)

    @property
    def tree(self) -> Element:
        """The parsed page."""
        return parse(self.text)

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """The elements with this tag and these attributes; `class_` stands for class, _ for -."""
        wanted = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        return [one for one in self.tree.iter(tag) if all(one.get(key) == value for key, value in wanted.items())]

    def words(self) -> str:
        """The text that a reader sees or hears, in one line; what scripts read is left out."""
        return words_of(self.tree.find("body"))

    def says(self, message: str, /, **values: object) -> bool:
        """Whether the page holds this sentence, given in English, in the language of the page."""
        with language.speaking(Language(self.tree.get("lang"))):
            sentence = language.gettext(message, **values)
        return " ".join(sentence.split()) in self.words()

    def table(self, caption: str) -> list[list[str]]:
        """The rows of the table with this caption, head included."""
        for table in self.tree.iter("table"):
            found = table.find("caption")
            if found is not None and words_of(found) == caption:
                return [[words_of(cell) for cell in row if cell.tag in {"td", "th"}] for row in table.iter("tr")]
        raise LookupError(f"No table {caption!r} on {self.path}.")

    def actions(self) -> set[str]:
        """Where the forms and links of this page lead, queries left out."""
        forms = {urlsplit(form.get("action") or "").path for form in self.tree.iter("form")}
        return forms | {urlsplit(link.get("href") or "").path for link in self.tree.iter("a")}

    def token(self) -> str:
        """The token against forgery that stands in this page's forms."""
        for one in self.tree.iter("input"):
            if one.get("name") == "csrf_token":
                return one.get("value") or ""
        raise LookupError(f"No token on {self.path}.")


class PageClient:
    """A browser without a screen; it looks at every page it is sent."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.flask: FlaskClient = site.app.test_client()

    def get(self, path: str, *, query: Mapping[str, str] | None = None, fault: bool = False, **named: Any) -> Page:
        """Ask for a page; `fault` says that it is meant to fail on our side."""
        return self._look(self.flask.get(path, query_string=query, **named), path, fault=fault)

    def post(
        self, path: str, data: Mapping[str, Any] | None = None, *, token: str | None = None, fault: bool = False,
        **named: Any,
    ) -> Page:  # fmt: skip
        """Send a form, with a fresh token unless one is given."""
        token = self.token() if token is None else token
        answer = self.flask.post(path, data={**(data or {}), "csrf_token": token}, **named)
        return self._look(answer, path, fault=fault)

    def send(self, method: str, path: str, **named: Any) -> Page:
        """Any other request, as it is."""
        return self._look(self.flask.open(path, method=method, **named), path)

    def follow(self, page: Page) -> Page:
        """Go where a redirect leads; it must stay on this site."""
        if page.status not in {302, 303}:
            raise PageFault(f"{page.path} answered {page.status} and leads nowhere: {page.words()[:300]}")
        return self.get(page.location)

    def token(self) -> str:
        """A fresh token against forgery."""
        return self.get("/sign-in/forgotten").token()

    def sign_in_as(self, name: str) -> None:
        """Walk through the demo's door, or where there is none take a session as if the password was given."""
        account_id = self.site.account_id(name)
        if self.site.app.extensions["ecoop"].is_demo:
            page = self.post(f"/demo/sign-in/{account_id}")
            if page.status != 303:
                raise PageFault(f"{name} cannot sign in: {page.status}")
            return
        with self.site.database.work(Scope(may_write=True)) as session:
            session_key = session.get_one(Account, account_id).session_key
            key = browser_sessions.begin(session, account_id, browser="Firefox, Linux", now=self.site.clock())
        with self.flask.session_transaction() as kept:
            kept.update({"_user_id": f"{account_id}.{session_key}.{key}", "_fresh": True, "_permanent": True})

    def speak(self, code: str) -> None:
        """Read on in another language."""
        self.post(f"/language/{code}")

    def cookie(self, name: str = "ecoop") -> Any:
        """The cookie of the session."""
        return self.flask.get_cookie(name)

    def _look(self, response: TestResponse, path: str, *, fault: bool = False) -> Page:
        page = Page(response, path)
        lost = self.site.lost_work.take()
        if response.status_code < 400 and lost:
            raise PageFault(f"{path} answered {response.status_code} and threw work away: {lost[0]}")
        if response.status_code >= 500 and not fault:
            raise PageFault(f"{path} answered {response.status_code}.")
        if response.status_code in {302, 303}:
            return page
        if response.mimetype == "text/html" and response.get_data():
            check_page(page.text, path)
        return page


_TOKEN = re.compile(r'(name="csrf_token"[^>]*value=|value=)"[\w.-]{60,}"')
_seen: set[bytes] = set()


def check_page(text: str, path: str) -> None:
    """Raise PageFault, naming everything that no page of ours may do. A page that was looked at before is skipped."""
    digest = hashlib.sha256(_TOKEN.sub("", text).encode()).digest()
    if digest in _seen:
        return
    try:
        tree = parse(text, strict=True)
    except ParseError as error:
        raise PageFault(f"{path} is not HTML: {error}") from error
    faults = [*_head_faults(tree), *_form_faults(tree), *_foreign_faults(tree)]
    if faults:
        raise PageFault(f"{path}: " + "; ".join(faults))
    _seen.add(digest)


def parse(text: str, *, strict: bool = False) -> Element:
    """The tree of a page; strict parsing refuses what a browser would have to guess."""
    parser = html5lib.HTMLParser(strict=strict, namespaceHTMLElements=False)
    tree = parser.parse(text)
    assert isinstance(tree, Element)
    return tree


def words_of(element: Element | None) -> str:
    """The words inside an element on one line; scripts and drawings have none."""
    if element is None:
        return ""
    parts: list[str] = []

    def walk(one: Element) -> None:
        if isinstance(one.tag, str) and one.tag not in {"script", "style", "svg", "{http://www.w3.org/2000/svg}svg"}:
            parts.append(one.text or "")
            for child in one:
                walk(child)
                parts.append(child.tail or "")

    walk(element)
    return " ".join("".join(parts).split())


def _head_faults(tree: Element) -> Iterator[str]:
    headings = [words_of(one) for one in tree.iter("h1")]
    if len(headings) != 1:
        yield f"{len(headings)} h1"
    title = words_of(tree.find("head/title"))
    if headings and not (headings[0] and title.startswith(headings[0])):
        yield f"the title {title!r} does not begin with {headings[0]!r}"
    if tree.get("lang") not in {"nl", "en"}:
        yield "no language"
    ids = [one.get("id") for one in tree.iter() if one.get("id") is not None]
    yield from (f"the id {one!r} stands twice" for one in sorted({one for one in ids if ids.count(one) > 1}))
    known = set(ids)
    for one in tree.iter():
        for name in ("for", "aria-describedby", "aria-labelledby"):
            for target in (one.get(name) or "").split():
                if target not in known:
                    yield f"{name} points at {target!r}, which is not there"


def _form_faults(tree: Element) -> Iterator[str]:
    for form in tree.iter("form"):
        fields = {one.get("name") for one in form.iter("input")}
        if not form.get("action"):
            yield "a form without an action"
        if (form.get("method") or "get").lower() == "post" and "csrf_token" not in fields:
            yield f"the form to {form.get('action')} has no token"
    labelled = {one.get("for") for one in tree.iter("label") if words_of(one)}
    for tag in ("input", "select", "textarea"):
        for one in tree.iter(tag):
            if one.get("type") in {"hidden", "submit"} or one.get("aria-label") or one.get("id") in labelled:
                continue
            yield f"{tag} {one.get('name')!r} has no label"
    for tag in ("button", "a", "summary"):
        for one in tree.iter(tag):
            if not (words_of(one) or one.get("aria-label")):
                yield f"a {tag} without words"


def _foreign_faults(tree: Element) -> Iterator[str]:
    for one in tree.iter():
        if not isinstance(one.tag, str):
            continue
        tag = one.tag.rpartition("}")[2]
        if tag == "style":
            yield "an inline style element"
        if tag == "script" and not one.get("src") and one.get("type") != "application/json":
            yield "an inline script"
        for name, value in one.attrib.items():
            if name == "style":
                yield f"a style attribute on {tag}"
            if name.startswith("on"):
                yield f"{name} on {tag}"
            loads = name in {"src", "srcset", "action", "formaction", "poster", "data"} or (
                name.rpartition("}")[2] == "href" and tag != "a"
            )
            if loads and (urlsplit(value).netloc or urlsplit(value).scheme):
                yield f"{tag} loads {value}"
            if tag == "a" and name == "href" and urlsplit(value).scheme not in {"", "http", "https", "mailto"}:
                yield f"a link to {value}"


class _Compiled(BytecodeCache):
    """Templates that this process compiled before, for the next application."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Take what was compiled of the same source."""
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep what was compiled."""
        self.kept[bucket.key] = bucket.bytecode_to_string()


_compiled = _Compiled()

_builders: dict[tuple[object, ...], Any] = {}
_compile_builder = Rule._compile_builder


def _compiled_once(rule: Rule, append_unknown: bool = True) -> Any:
    """How an address is built: what one application compiled serves the next. It was most of the time of a site."""
    key = (*rule._trace, repr(rule.defaults), append_unknown)
    if key not in _builders:
        _builders[key] = _compile_builder(rule, append_unknown)
    return _builders[key]


Rule._compile_builder = _compiled_once  # type: ignore[method-assign]


def demo_settings(**given: Any) -> Settings:
    """Settings of a site on this machine."""
    return Settings(
        **(
            {
                "database_url": "sqlite://",
                "secret": SECRET,
                "encryption_key": ENCRYPTION_KEY,
                "folder": NOWHERE,
                "secure_cookies": False,
            }
            | given
        )
    )


@contextmanager
def opened_site(template: Path, folder: Path, **given: Any) -> Iterator[Site]:
    """A site on a copy of the database in `template`."""
    file = folder / "site.sqlite3"
    shutil.copyfile(template, file)
    if (template.parent / "papers").is_dir():
        shutil.copytree(template.parent / "papers", folder / "papers", dirs_exist_ok=True)
    database = open_database(f"sqlite:///{file}")
    clock, lost_work, settings = MovableClock(), LostWork(), demo_settings(**({"folder": folder} | given))
    lost_work.watch(database)
    try:
        app = create_app(settings, database, now=clock)
        app.jinja_env.bytecode_cache = _compiled
        with language.speaking(language.DEFAULT):  # what a visitor chooses does not outlast the test
            yield Site(app=app, database=database, clock=clock, settings=settings, lost_work=lost_work)
    finally:
        database.dispose()


@contextmanager
def _written(file: Path) -> Iterator[Database]:
    database = open_database(f"sqlite:///{file}")
    try:
        migrations.upgrade(database)
        yield database
    finally:
        database.dispose()


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo in a file, to be copied."""
    file = tmp_path_factory.mktemp("demo") / "demo.sqlite3"
    with _written(file) as database:
        build_demo(database, DAY, Vault(file.parent / "papers"), key=ENCRYPTION_KEY)
    return file


@pytest.fixture(scope="session")
def staffed_file(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo, and beside its people one person for each role who holds nothing else."""
    file = tmp_path_factory.mktemp("staffed") / "staffed.sqlite3"
    shutil.copyfile(demo_file, file)
    shutil.copytree(demo_file.parent / "papers", file.parent / "papers")
    with _written(file) as database:
        _employ(database)
        _keep_a_sheet(database, Vault(file.parent / "papers"))
    return file


@pytest.fixture(scope="session")
def real_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A real installation in a file: two cooperatives, each with a chair; no case, no buildings."""
    file = tmp_path_factory.mktemp("real") / "real.sqlite3"
    with _written(file) as database:
        _found(database)
    return file


@pytest.fixture
def cheap_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passwords that are hashed in no time: their cost is tested where it matters."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(accounts, "_hasher", lambda: hasher)
    monkeypatch.setattr(accounts, "_decoy", lambda: hasher.hash("nobody's"))


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path) -> Iterator[Site]:
    """A fresh demo."""
    with opened_site(demo_file, tmp_path) as site:
        yield site


@pytest.fixture
def staffed(staffed_file: Path, tmp_path: Path) -> Iterator[Site]:
    """A fresh demo in which `only(role)` names somebody with that one role."""
    with opened_site(staffed_file, tmp_path) as site:
        yield site


@pytest.fixture
def real(real_file: Path, tmp_path: Path) -> Iterator[Site]:
    """A fresh real installation."""
    with opened_site(real_file, tmp_path) as site:
        yield site


def only(role: Role) -> str:
    """The name of the person who holds this role and no other."""
    return f"Only {role.value.replace('_', ' ')}"


REAL_COOPERATIVE = "warmte-west"
REAL_NEIGHBOUR = "warmte-oost"
REAL_CHAIR = "Carla Chair"
REAL_NEIGHBOUR_CHAIR = "Niels Neighbour"


def _found(database: Database) -> None:
    with database.work(Scope(may_write=True)) as session:
        cooperatives.found_installation(session, demo_day=None, now=NOON)
        chairs = ((REAL_COOPERATIVE, "Warmte West", REAL_CHAIR), (REAL_NEIGHBOUR, "Warmte Oost", REAL_NEIGHBOUR_CHAIR))
        for slug, name, chair in chairs:
            found = cooperatives.found_cooperative(session, slug=slug, name=name, place="Ergens", now=NOON)
            email = f"{chair.split()[0].lower()}@example.org"
            new = NewRole(role=Role.CHAIR, email=email, name=chair, starts_on=DAY)
            roles.grant_role(session, None, cooperative_id=found.id, new=new, now=NOON)


def _keep_a_sheet(database: Database, vault: Vault) -> None:
    """A sheet of members that was put in, and nothing more."""
    content = b"Naam;Lidnummer\r\nPetra Proef;4711\r\n"
    sheet = read_sheet(content, limit_bytes=10_000)
    with database.work(Scope()) as session:
        home = session.scalars(sa.select(Cooperative.id).where(Cooperative.slug == KETELHUIS)).one()
    with database.work(Scope(cooperative_ids=frozenset({home}), may_write=True)) as session:
        importing.keep_sheet(
            session, vault, None, cooperative_id=home, content=content, file_name="leden.csv", sheet=sheet,
            choice=ColumnChoice(columns=guess(sheet.header, sheet.rows)), now=NOON,
        )  # fmt: skip


def _employ(database: Database) -> None:
    with database.work(Scope()) as session:
        ids = {one.slug: one.id for one in session.scalars(sa.select(Cooperative))}
    with database.work(Scope(cooperative_ids=frozenset(ids.values()), may_write=True)) as session:
        building_id = session.scalars(sa.select(Building.id).where(Building.cooperative_id == ids[KETELHUIS])).first()
        for role in roles_reaching(Reach.COOPERATIVE):
            limit = RULES[role].limit
            new = NewRole(
                role=role,
                email=f"{role.value}@only.example.org",
                name=only(role),
                starts_on=DAY,
                building_ids=(building_id,) if limit is Limit.BUILDINGS else (),
                concerns="Iets" if limit in {Limit.MEETING, Limit.FUNDING_SOURCE} else None,
            )
            roles.grant_role(session, None, cooperative_id=ids[KETELHUIS], new=new, now=NOON)
        for role in (Role.COORDINATOR, Role.ADMINISTRATOR):
            account = accounts.create_account(
                session, email=f"{role.value}@only.example.org", name=only(role), now=NOON
            )
            if role is Role.COORDINATOR:
                umbrella_id = session.scalars(sa.select(Umbrella.id)).one()
                roles.grant_umbrella_role(session, umbrella_id=umbrella_id, account_id=account.id, day=DAY, now=NOON)
            else:
                roles.make_administrator(session, account_id=account.id, day=legal_day(NOON), now=NOON)
