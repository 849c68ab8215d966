"""A picture with its table: how every chart reaches a page."""

from dataclasses import dataclass

import orjson
from markupsafe import Markup

from ecoop.charts.style import Figure
from ecoop.exchange.tables import Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A figure, what it shows in a sentence (for who cannot see it), and the table behind it."""

    name: str
    title: str
    alt: str
    figure: Figure
    tables: tuple[Table, ...]

    @property
    def json(self) -> Markup:
        """The figure as JSON that can stand inside a script element of a data type."""
        text = orjson.dumps(self.figure, option=orjson.OPT_SERIALIZE_NUMPY).decode()
        for character, escape in (("<", "\\u003c"), (">", "\\u003e"), ("&", "\\u0026")):
            text = text.replace(character, escape)
        return Markup(text)  # noqa: S704  JSON, and what could end the element is escaped

    @property
    def height(self) -> int:
        """The height in pixels, so that the page does not jump when the picture arrives."""
        return int(self.figure["layout"]["height"])
