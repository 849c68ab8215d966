"""What the addresses of this journey share."""

from flask import Blueprint
from werkzeug.wrappers import Response

from ecoop.web.flow import Trial, tell
from ecoop.web.platform import platform

bp = Blueprint("membership_money", __name__, url_prefix="/cooperatives/<slug:cooperative>/money")

Answer = str | tuple[str, int] | Response


def key() -> str:
    """The key with which account numbers are sealed."""
    return platform().settings.encryption_key


def tell_refusals(trial: Trial) -> None:
    """Show on the next page why something was not done."""
    for message in trial.messages:
        tell(message, "danger")
