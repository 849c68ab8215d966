"""Coming in and going out: every way of signing in ends here, and whoever has a second step takes it first."""

from datetime import datetime, timedelta

from flask import redirect, request, session, url_for
from werkzeug.wrappers import Response

from ecoop.services import browser_sessions, second_factors
from ecoop.services.accounts import LINK_LIFETIME, AccountView
from ecoop.services.passkeys import Challenge, Party
from ecoop.web.access import db, door, known, now
from ecoop.web.flow import go_to, local_path
from ecoop.web.platform import platform
from ecoop.web.sign_in import find_half, forget_session, half_key, keep_session, start_anew

HALF_KEY = "half"
HALF_LIFETIME = timedelta(minutes=10)
BY_LINK_KEY = "by_link"
"""Until when who came in by a link may choose a password without knowing the old one."""
CHALLENGE_KEY = "challenge"


def enter(one: AccountView, wanted: str | None = None, *, by_link: bool = False) -> Response:
    """Let somebody in who gave a password or a link; who has a second step is half in, and can do nothing else."""
    if second_factors.read_state(db(), one.id).has_any:
        start_anew()
        session[HALF_KEY] = {
            "key": half_key(one),
            "next": local_path(wanted),
            "by_link": by_link,
            "until": (now() + HALF_LIFETIME).timestamp(),
        }
        return go_to("second_step.ask")
    return come_in(one, wanted, by_link=by_link)


def come_in(one: AccountView, wanted: str | None = None, *, by_link: bool = False) -> Response:
    """Let somebody in who proved enough, and lead them on."""
    begin(one)
    if by_link:
        session[BY_LINK_KEY] = (now() + LINK_LIFETIME).timestamp()
        return go_to("accounts.set_password")
    return redirect(local_path(wanted) or url_for("home.start"), 303)


def begin(one: AccountView) -> None:
    """Sign this browser in under a session of its own; the one it had before ends."""
    _end_present()
    words = browser_sessions.coarse_browser(request.user_agent.string)
    keep_session(one, browser_sessions.begin(db(), one.id, browser=words, now=now()))


def leave() -> None:
    """Sign this browser out, here and on the server."""
    _end_present()
    forget_session()


def _end_present() -> None:
    found = door().known
    if found is not None:
        browser_sessions.end(db(), found.account.id, found.id, now=now())


def came_by_link() -> bool:
    """Whether the reader of a letter came in a moment ago."""
    return bool(now().timestamp() < session.get(BY_LINK_KEY, 0))


def half_in() -> AccountView | None:
    """Who gave a password or a link and still has to take the second step."""
    half = session.get(HALF_KEY)
    if not half or now().timestamp() >= half["until"]:
        return None
    return find_half(half["key"])


def finish(one: AccountView) -> Response:
    """The second step was taken: come in."""
    half = session.get(HALF_KEY) or {}
    return come_in(one, half.get("next"), by_link=bool(half.get("by_link")))


def ask_proof(back: str) -> Response | None:
    """What is delicate wants a proof of a moment ago; where it is missing, ask for one and lead back to `back`."""
    if known().is_fresh(now()):
        return None
    return redirect(url_for("accounts.prove", next=back), 303)


def party() -> Party | None:
    """How passkeys know this site; None where it is asked for by a number, for which there can be no passkeys."""
    host = request.host.rpartition(":")[0] if ":" in request.host.rpartition("]")[2] else request.host
    if host not in platform().settings.hosts or not any(letter.isalpha() for letter in host) or ":" in host:
        return None
    return Party(host=host, origin=f"{request.scheme}://{request.host}")


def keep_challenge(challenge: Challenge) -> None:
    """Keep in this browser's session what its passkey is asked to sign; the database remembers which were answered."""
    session[CHALLENGE_KEY] = [challenge.secret, challenge.asked_at.timestamp()]


def take_challenge() -> Challenge | None:
    """What the passkey was asked to sign: gone from the session once it is read."""
    kept = session.pop(CHALLENGE_KEY, None)
    if not isinstance(kept, list) or len(kept) != 2:
        return None
    return Challenge(secret=kept[0], asked_at=datetime.fromtimestamp(kept[1], tz=now().tzinfo))
