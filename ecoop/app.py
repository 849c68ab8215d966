"""Composition: the only place that knows all rooms."""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask
from flask_wtf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.routing import BaseConverter, IntegerConverter, Map

from ecoop import clock, language
from ecoop.config import Settings
from ecoop.db import Database
from ecoop.web import (
    about_me,
    accounts,
    applications,
    cases,
    correspondence,
    dwellings,
    exports,
    factor_rules,
    home,
    imports,
    installation,
    jobs,
    joining,
    leaving,
    members,
    membership_money,
    merging,
    my_data,
    offices,
    organisation,
    papers,
    people,
    privacy,
    promises,
    public_page,
    recovery,
    second_step,
    sourced_figures,
    statutes,
    trail,
    umbrella,
    voters,
)
from ecoop.web.access import install_door
from ecoop.web.assets import install_assets
from ecoop.web.errors import install_errors
from ecoop.web.log_lines import install_log_lines
from ecoop.web.navigation import install_navigation
from ecoop.web.platform import KEY, Platform
from ecoop.web.security import install_headers
from ecoop.web.uploads import install_uploads

SESSION_LIFETIME = timedelta(days=14)


class SlugConverter(BaseConverter):
    """A short name in an address."""

    regex = "[a-z0-9]+(?:-[a-z0-9]+)*"


class NumberConverter(IntegerConverter):
    """The number of a row in an address; what no column can hold is not there."""

    def __init__(self, url_map: Map) -> None:
        super().__init__(url_map, max=2**63 - 1)


def create_app(settings: Settings, database: Database, *, now: Callable[[], datetime] = clock.now) -> Flask:
    """The web application on a migrated database; `now` is the clock that everything is told."""
    app = Flask("ecoop", static_folder=None, template_folder=str(find_templates()))
    app.config.update(
        SECRET_KEY=settings.secret,
        TRUSTED_HOSTS=list(settings.hosts),
        MAX_CONTENT_LENGTH=settings.upload_limit_bytes,
        MAX_FORM_MEMORY_SIZE=500_000,
        MAX_FORM_PARTS=1_000,
        PERMANENT_SESSION_LIFETIME=SESSION_LIFETIME,
        SESSION_COOKIE_NAME="ecoop",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        WTF_CSRF_TIME_LIMIT=None,  # as long as the browser session
        WTF_CSRF_SSL_STRICT=settings.secure_cookies,
    )
    app.url_map.converters.update(slug=SlugConverter, int=NumberConverter)
    app.extensions[KEY] = Platform(settings=settings, database=database, now=now)
    _install_language(app)
    install_log_lines(app)
    install_headers(app)
    install_uploads(app)
    install_door(app)
    CSRFProtect(app)
    install_errors(app)
    install_assets(app)
    install_navigation(app)
    for journey in (
        home,
        accounts,
        second_step,
        recovery,
        organisation,
        members,
        leaving,
        promises,
        my_data,
        voters,
        offices,
        statutes,
        applications,
        merging,
        joining,
        dwellings,
        membership_money,
        imports,
        people,
        privacy,
        about_me,
        factor_rules,
        correspondence,
        exports,
        jobs,
        papers,
        sourced_figures,
        public_page,
        trail,
        cases,
        umbrella,
        installation,
    ):
        app.register_blueprint(journey.bp)
    return app


def find_templates() -> Path:
    """The folder of templates: inside the installed package, or beside it in a checkout."""
    package = Path(__file__).parent
    for folder in (package / "templates", package.parent / "templates"):
        if (folder / "_layout.html").is_file():
            return folder
    raise FileNotFoundError("The templates are missing: neither ecoop/templates nor templates holds _layout.html.")


def _install_language(app: Flask) -> None:
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(  # type: ignore[attr-defined]
        language.gettext, language.ngettext, newstyle=False
    )
    app.jinja_env.globals.update(_=language.gettext, language=language.current)
