"""What every request finds ready: the database, the settings, a clock, and what this installation is."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, cast

from flask import Flask, current_app

from ecoop.config import Settings
from ecoop.db import Database, Scope
from ecoop.services.cooperatives import InstallationView, read_installation

KEY = "ecoop"


@dataclass(slots=True, kw_only=True)
class Platform:
    """The collaborators of the application, given once by `create_app`."""

    settings: Settings
    database: Database
    now: Callable[[], datetime]
    observers: list[Callable[[Any], None]] = field(default_factory=list)
    """Told of every request that was answered."""
    _installation: InstallationView | None = field(default=None, init=False)

    @property
    def installation(self) -> InstallationView | None:
        """What this database is; it never changes once it is said, so it is asked only until then."""
        if self._installation is None:
            with self.database.work(Scope()) as session:
                self._installation = read_installation(session)
        return self._installation

    @property
    def is_demo(self) -> bool:
        """Whether the data are an example."""
        return self.installation is not None and self.installation.is_demo


def platform(app: Flask | None = None) -> Platform:
    """The platform of `app`, or of the application at work."""
    return cast(Platform, (app or current_app).extensions[KEY])
