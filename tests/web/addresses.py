"""The addresses that ask for a permission, filled in with things that exist."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from flask import Flask

from ecoop.app import create_app
from ecoop.db import Database
from ecoop.governance.roles import Permission, Reach, Role
from ecoop.models import (
    Application,
    BankAccount,
    Building,
    DataRequest,
    DirectDebit,
    Dwelling,
    Exit,
    Figure,
    HeatContract,
    Job,
    LedgerEntryRow,
    LegalHold,
    Letter,
    Mailing,
    Mandate,
    Membership,
    Minimisation,
    Obligation,
    OfficeTerm,
    Paper,
    Party,
    Representation,
    RoleGrant,
    SheetImport,
    SupportGrant,
    VoteRoll,
)
from ecoop.web.access import REACH_OF, Access, access_of
from tests.support.web import KETELHUIS, NOON, ZONNEDAK, Site, demo_settings


@dataclass(frozen=True, kw_only=True)
class Guarded:
    """An address behind a permission, and the way to ask for it."""

    endpoint: str
    method: str
    permission: Permission

    def __str__(self) -> str:
        return f"{self.method} {self.endpoint}"


def bare_app() -> Flask:
    """The application without any data, to be asked about itself."""
    engine = sa.create_engine("sqlite://", poolclass=sa.NullPool)
    return create_app(demo_settings(), Database(writer=engine, reader=engine), now=lambda: NOON)


def declared() -> dict[str, Access | None]:
    """What every endpoint declares."""
    app = bare_app()
    return {rule.endpoint: access_of(app, rule.endpoint) for rule in app.url_map.iter_rules()}


def guarded(reach: Reach | None = None) -> list[Guarded]:
    """Every address behind a permission, once for each way in which it can be asked for."""
    app = bare_app()
    found = []
    for rule in app.url_map.iter_rules():
        access = access_of(app, rule.endpoint)
        if access and access.permission and reach in {None, REACH_OF[access.permission]}:
            found += [
                Guarded(endpoint=rule.endpoint, method=method, permission=access.permission)
                for method in sorted((rule.methods or set()) & {"GET", "POST"})
            ]
    return found


def fill(site: Site, endpoint: str, *, slug: str = KETELHUIS, things_of: str | None = None, **given: Any) -> str:
    """The path of `endpoint` in the cooperative `slug`; numbers in it are of things in `things_of`."""
    rule = next(rule for rule in site.app.url_map.iter_rules() if rule.endpoint == endpoint)
    values = {name: _value(site, endpoint, name, slug=slug, things_of=things_of or slug) for name in rule.arguments}
    with site.app.test_request_context():
        return site.app.url_for(endpoint, **(values | given))


WORDS = {"umbrella": "apec", "name": "bills", "kind": "csv", "year": 2025}
SPECIAL = {
    ("assets.send", "digest"): "0",
    ("assets.send", "name"): "ecoop.css",
    ("privacy.download", "kind"): "json",
    ("applications.save_text", "kind"): "privacy",
    ("applications.save_text", "language"): "nl",
    ("membership_money.ask_statements", "wanted"): "make",
}
"""Parts of addresses that are words: by their name, and those that mean something else at one address."""


def _value(site: Site, endpoint: str, name: str, *, slug: str, things_of: str) -> Any:
    if (endpoint, name) in SPECIAL:
        return SPECIAL[endpoint, name]
    if name in {"cooperative", "wanted"} or (name == "name" and endpoint.startswith(("public_page.", "joining."))):
        return slug
    if name in WORDS:
        return WORDS[name]
    if endpoint == "people.invite":
        return site.account_id("Otto Omvormer" if things_of == ZONNEDAK else "Iris IJsbloem")
    if name in {"letter_id", "job_id", "mailing_id"}:
        return posted_id(site, things_of, {"letter_id": Letter, "job_id": Job, "mailing_id": Mailing}[name])
    found: dict[str, Callable[[], Any]] = {
        "paper_id": lambda: paper_id(site, things_of),
        "figure_id": lambda: figure_id(site, things_of),
        "grant_id": lambda: grant_id(site, things_of, Role.MEMBER),
        "support_id": lambda: support_id(site, things_of),
        "recovery_id": lambda: recovery_id(site),
        "membership_id": lambda: membership_id(site, things_of),
        "exit_id": lambda: first_id(site, things_of, Exit),
        "obligation_id": lambda: first_id(site, things_of, Obligation),
        "request_id": lambda: first_id(site, things_of, DataRequest),
        "roll_id": lambda: first_id(site, things_of, VoteRoll),
        "term_id": lambda: running_term_id(site, things_of),
        "representation_id": lambda: first_id(site, things_of, Representation),
        "run_id": lambda: first_id(site, things_of, Minimisation),
        "hold_id": lambda: first_id(site, things_of, LegalHold),
        "building_id": lambda: building_id(site, things_of),
        "dwelling_id": lambda: dwelling_id(site, things_of),
        "contract_id": lambda: contract_id(site, things_of),
        "import_id": lambda: import_id(site, things_of),
        "entry_id": lambda: first_id(site, things_of, LedgerEntryRow),
        "bank_account_id": lambda: first_id(site, things_of, BankAccount),
        "mandate_id": lambda: first_id(site, things_of, Mandate),
        "direct_debit_id": lambda: first_id(site, things_of, DirectDebit),
        "application_id": lambda: application_id(site, things_of),
        "party_id": lambda: party_ids(site, things_of)[0],
        "gone_id": lambda: party_ids(site, things_of)[1],
    }
    if name in found:
        return found[name]()
    fixed = {"secret": "unknown", "code": "en", "account_id": 1, "number": 1, "session_id": 4711, "passkey_id": 4711}
    return (fixed | {"role": "treasurer", "purpose": "contact"})[name]


def building_id(site: Site, slug: str, name: str | None = None) -> int:
    """The number of the first building in a cooperative, or of the one with that name."""
    wanted = sa.select(Building.id).order_by(Building.id).limit(1)
    with site.inside(slug) as session:
        return session.scalars(wanted if name is None else wanted.where(Building.name == name)).one()


def dwelling_id(site: Site, slug: str) -> int:
    """The number of a dwelling of the first building that has a contract, or one that is nobody's."""
    return _contract(site, slug)[0]


def contract_id(site: Site, slug: str) -> int:
    """The number of a contract of that dwelling, or one that is nobody's."""
    return _contract(site, slug)[1]


def _contract(site: Site, slug: str) -> tuple[int, int]:
    wanted = (
        sa.select(HeatContract)
        .join(
            Dwelling,
            (Dwelling.cooperative_id == HeatContract.cooperative_id) & (Dwelling.id == HeatContract.dwelling_id),
        )
        .where(Dwelling.building_id == building_id(site, slug))
        .order_by(HeatContract.id)
    )
    with site.inside(slug) as session:
        found = session.scalars(wanted.limit(1)).first()
    return (found.dwelling_id, found.id) if found else (1, 1)


def membership_id(site: Site, slug: str) -> int:
    """The number of the first membership in a cooperative, or one that is nobody's."""
    with site.inside(slug) as session:
        return session.scalars(sa.select(Membership.id).order_by(Membership.id).limit(1)).first() or 1


def first_id(site: Site, slug: str, kind: type[Any]) -> int:
    """The number of the first of these in a cooperative, or one that is nobody's."""
    with site.inside(slug) as session:
        return session.scalars(sa.select(kind.id).order_by(kind.id).limit(1)).first() or 1


def running_term_id(site: Site, slug: str) -> int:
    """The number of the first time in office that is known now, or one that is nobody's."""
    with site.inside(slug) as session:
        wanted = sa.select(OfficeTerm.id).where(OfficeTerm.known_until.is_(None)).order_by(OfficeTerm.id).limit(1)
        return session.scalars(wanted).first() or 1


def import_id(site: Site, slug: str) -> int:
    """The number of the first sheet that was put in, or one that is nobody's."""
    with site.inside(slug) as session:
        return session.scalars(sa.select(SheetImport.id).order_by(SheetImport.id).limit(1)).first() or 1


def application_id(site: Site, slug: str) -> int:
    """The number of the first application that waits in a cooperative, or one that is nobody's."""
    with site.inside(slug) as session:
        wanted = sa.select(Application.id).where(Application.outcome.is_(None), Application.confirmed_at.is_not(None))
        return session.scalars(wanted.order_by(Application.id).limit(1)).first() or 1


def party_ids(site: Site, slug: str) -> tuple[int, int]:
    """The numbers of two parties of a cooperative, or ones that are nobody's."""
    with site.inside(slug) as session:
        found = session.scalars(sa.select(Party.id).order_by(Party.id).limit(2)).all()
    return (found[0], found[1]) if len(found) == 2 else (1, 2)


def posted_id(site: Site, slug: str, kind: type[Job | Letter | Mailing]) -> int:
    """The number of the first of these in a cooperative, or one that is nobody's."""
    with site.inside(slug) as session:
        return session.scalars(sa.select(kind.id).order_by(kind.id).limit(1)).first() or 1


def grant_id(site: Site, slug: str, role: Role) -> int:
    """The number of the first grant of this role in a cooperative."""
    with site.inside(slug) as session:
        wanted = sa.select(RoleGrant.id).where(RoleGrant.role == role).order_by(RoleGrant.id).limit(1)
        return session.scalars(wanted).one()


def recovery_id(site: Site) -> int:
    """The number of the first recovery that the board of KetelhuisWG started."""
    found: int = site.rows("account_recovery", "id")[0]
    return found


def support_id(site: Site, slug: str) -> int:
    """The number of the first request to look into a cooperative."""
    with site.inside(slug) as session:
        return session.scalars(sa.select(SupportGrant.id).order_by(SupportGrant.id).limit(1)).one()


def paper_id(site: Site, slug: str, title: str = "Statuten in het kort (verzonnen voorbeeld)") -> int:
    """The number of a paper of a cooperative: one that everybody may read, unless another is named."""
    with site.inside(slug) as session:
        return session.scalars(sa.select(Paper.id).where(Paper.title == title)).one()


def figure_id(site: Site, slug: str) -> int:
    """The number of the first figure of a cooperative."""
    with site.inside(slug) as session:
        return session.scalars(sa.select(Figure.id).order_by(Figure.id).limit(1)).one()
