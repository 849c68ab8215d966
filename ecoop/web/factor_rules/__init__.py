"""Which roles want a second step."""

from ecoop.web.factor_rules.routes import bp

__all__ = ["bp"]
