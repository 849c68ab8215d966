"""The first lock: every route says who may pass, and nobody passes a route that does not say it.

`@public`, `@signed_in` and `@allow(Permission.X)` declare; `open_door` runs before every request, finds the
account, the place in the URL and the actor, and opens a session that sees that place and nothing else.
"""

import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TypeVar, cast

import flask_login
from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from ecoop import clock, language
from ecoop.db import Scope, ScopedSession
from ecoop.errors import NotFound
from ecoop.governance.roles import RULES, Actor, Permission, Reach
from ecoop.language.register import Classes, choose_classes
from ecoop.services import access_log, browser_sessions, cooperatives, factor_rules, places, statutes
from ecoop.services.access_log import AccessKind
from ecoop.services.accounts import AccountView
from ecoop.services.browser_sessions import Recognised
from ecoop.services.cooperatives import CooperativeView
from ecoop.services.places import Place
from ecoop.web.platform import platform
from ecoop.web.sign_in import SignedIn, install_sign_in

View = TypeVar("View", bound=Callable[..., object])

READING = frozenset({"GET", "HEAD", "OPTIONS"})
REACH_OF: dict[Permission, Reach] = {
    permission: rule.reach for rule in RULES.values() for permission in rule.permissions
}
LANGUAGE_KEY = "language"


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """What a route asks of its visitor; `permission` None and `signed_in` False is open to everybody."""

    signed_in: bool = False
    permission: Permission | None = None
    visits: bool = False
    """Open to everybody, about the one cooperative that the address names (`name`)."""


def _declare(access: Access) -> Callable[[View], View]:
    def mark(view: View) -> View:
        view.access = access  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Open to everybody."""
    return _declare(Access())(view)


def visiting(view: View) -> View:
    """Open to everybody, about the one cooperative that the address names: the session sees no other."""
    return _declare(Access(visits=True))(view)


def signed_in(view: View) -> View:
    """Open to everybody with an account, and about that account only."""
    return _declare(Access(signed_in=True))(view)


def allow(permission: Permission) -> Callable[[View], View]:
    """Open to who holds `permission` in the place that the URL names."""
    return _declare(Access(signed_in=True, permission=permission))


def access_of(app: Flask, endpoint: str) -> Access | None:
    """What the route behind `endpoint` declares; None is a fault that stops the request and fails a test."""
    return cast(Access | None, getattr(app.view_functions[endpoint], "access", None))


@dataclass(slots=True, kw_only=True)
class Door:
    """What is known about the present request. `place` and `actor` are there wherever a permission is asked."""

    now: datetime
    account: AccountView | None = None
    known: Recognised | None = None
    all_places: tuple[Place, ...] = ()
    current_place: Place | None = None
    visited: CooperativeView | None = None
    session: ScopedSession | None = None
    failed: bool = False

    @property
    def day(self) -> date:
        """The day in Amsterdam."""
        return clock.legal_day(self.now)


def door() -> Door:
    """The door of this request."""
    return cast(Door, g.door)


def db() -> ScopedSession:
    """The session of this request: it reads on GET, writes otherwise, and never leaves its place."""
    found = door().session
    assert found is not None  # noqa: S101  opened before every view
    return found


def place() -> Place:
    """The cooperative, umbrella or installation at work."""
    found = door().current_place
    assert found is not None  # noqa: S101  a permission was asked
    return found


def visited() -> CooperativeView:
    """The cooperative that a stranger visits."""
    found = door().visited
    assert found is not None  # noqa: S101  the route visits
    return found


def actor() -> Actor:
    """Who is at work here."""
    return place().actor


def account() -> AccountView:
    """The account that is signed in."""
    found = door().account
    assert found is not None  # noqa: S101  the route asked for it
    return found


def known() -> Recognised:
    """The session of the account that is signed in."""
    found = door().known
    assert found is not None  # noqa: S101  the route asked for an account
    return found


def now() -> datetime:
    """The instant of this request."""
    return door().now


def day() -> date:
    """The day of this request in Amsterdam."""
    return door().day


def note_reading(kind: AccessKind, *, subject: str, about_account_id: int | None = None) -> None:
    """Write in the log of who looked that this visitor is about to see something that privacy law asks after.

    While reading it is noted at once, in a session that can do nothing else: what cannot be noted is not shown. A
    request that writes notes it with what it writes: a second session would wait for the first.
    """
    found, here = account(), place()
    own = door().session
    scope = Scope(cooperative_ids=frozenset({here.id}), may_log=True)
    writes = own is not None and own.scope.may_write
    with nullcontext(db()) if writes else platform().database.work(scope) as logging:
        access_log.note(
            logging,
            cooperative_id=here.id,
            account_id=found.id,
            kind=kind,
            subject=subject,
            about_account_id=about_account_id,
            as_support=here.actor.looks_in_only,
            now=now(),
        )


def install_door(app: Flask) -> None:
    """Put the door before, and the commit after, every request."""
    install_sign_in(app)
    app.before_request(open_door)
    app.before_request(refuse_controls)
    app.after_request(close_work)
    app.teardown_request(close_session)


def open_door() -> Response | None:
    """Find out who asks for what, and open a session for it; or send them away."""
    found = g.door = Door(now=platform().now())
    language.choose(_language(None))
    _recognise(found)
    language.choose(_language(found.account))
    if request.endpoint is None:
        return None  # no such page; the error handler answers, in the language of who asks
    access = access_of(current_app, request.endpoint)
    if access is None:
        raise RuntimeError(f"{request.endpoint} does not declare who may pass.")
    if access.signed_in and found.account is None:
        return redirect(url_for("accounts.sign_in", next=_wanted()), 303)
    if access.permission is not None:
        found.current_place = _held_back(found, _find_place(found, REACH_OF[access.permission]))
        if not found.current_place.actor.may(access.permission):
            if found.current_place.actor.might(access.permission):
                return _to_second_step(found.current_place)
            abort(403)
    if access.visits:
        found.visited = _find_visited()
    found.session = platform().database.session(
        Scope(
            cooperative_ids=_reached(found),
            account_id=found.account.id if found.account else None,
            may_write=request.method not in READING,
        )
    )
    if found.session.scope.may_write and found.known is not None and found.known.last_seen_on != found.day:
        browser_sessions.note_seen(found.session, found.known.id, found.day)
    choose_classes(_classes)
    if found.current_place is not None and found.current_place.actor.looks_in_only:
        note_reading(AccessKind.SUPPORT_VISIT, subject=request.endpoint)
    return None


def _classes() -> Classes:
    """The kinds of membership that the statutes of this place know today."""
    here, guest = door().current_place, door().visited
    if here is not None and here.reach is Reach.COOPERATIVE:
        cooperative_id = here.id
    elif guest is not None:
        cooperative_id = guest.id
    else:
        return Classes()
    found = statutes.read_classes(db(), cooperative_id=cooperative_id, day=day())
    return Classes() if found is None else Classes(chosen_from=found.in_force, names=found.names)


_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
"""Codes that stand for no character: nobody types one, no page can show one, and PostgreSQL keeps no NUL."""


def refuse_controls() -> None:
    """Refuse a form that holds what is no text."""
    if any(_NO_TEXT.search(value) for _name, value in request.form.items(multi=True)):
        abort(400)


def asked() -> MultiDict[str, str]:
    """What the address asks for, without what is no text: it can be shown on the page again."""
    return MultiDict((name, _NO_TEXT.sub("", value)) for name, value in request.args.items(multi=True))


def _recognise(found: Door) -> None:
    """Set the account and its places, read in a session that sees only that account's rows."""
    user = flask_login.current_user
    if not isinstance(user, SignedIn):
        return
    found.account, found.known = user.account, user.known
    with platform().database.work(Scope(account_id=user.account.id)) as reading:
        found.all_places = places.read_places(reading, user.account, day=found.day, now=found.now)


def _find_place(found: Door, reach: Reach) -> Place:
    slug = (request.view_args or {}).get(reach.value, "")
    for candidate in found.all_places:
        if candidate.reach is reach and candidate.slug == slug:
            return candidate
    raise NotFound  # not yours and not there are one answer


def _reached(found: Door) -> frozenset[int]:
    """The one cooperative that this request is about, if it is about one."""
    here = found.current_place
    if here is not None and here.reach is Reach.COOPERATIVE:
        return frozenset({here.id})
    return frozenset({found.visited.id}) if found.visited is not None else frozenset()


def _find_visited() -> CooperativeView:
    slug = (request.view_args or {}).get("name", "")
    with platform().database.work(Scope()) as looking:
        known = next((one for one in cooperatives.read_cooperatives(looking) if one.slug == slug), None)
    if known is None:
        raise NotFound
    return known


def _held_back(found: Door, here: Place) -> Place:
    """The place without the roles that want a second step; only asked for who has none, so it costs others nothing."""
    if here.reach is not Reach.COOPERATIVE or not here.actor.roles or found.known is None:
        return here
    if found.known.has_second_factor:
        return here
    with platform().database.work(Scope(cooperative_ids=frozenset({here.id}))) as reading:
        wanting = factor_rules.read_wanting(reading, here.id, day=found.day)
    if not wanting:
        return here
    return replace(here, actor=factor_rules.held_back(here.actor, wanting))


def _to_second_step(here: Place) -> Response:
    """Lead somebody to the page where they set up what their role waits for."""
    roles = " ".join(sorted({held.role.value for held in here.actor.held_back}))
    return redirect(url_for("second_step.show", place=here.slug, roles=roles), 303)


def _wanted() -> str | None:
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _language(known: AccountView | None) -> language.Language:
    chosen = language.parse_language(session.get(LANGUAGE_KEY))
    return chosen or (known.language if known else None) or language.DEFAULT


def close_work(response: Response) -> Response:
    """Commit what the request did, once, unless it failed."""
    found: Door | None = g.get("door")
    if found and found.session and found.session.scope.may_write and not found.failed:
        found.session.commit()
    return response


def close_session(_error: BaseException | None) -> None:
    """Give the connection back; what was not committed is undone."""
    choose_classes(Classes)  # what is named after the request asks no closed session
    found: Door | None = g.pop("door", None)
    if found and found.session:
        found.session.close()
