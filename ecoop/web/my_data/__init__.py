"""Your data: what the register keeps about oneself, corrected by oneself or by asking."""

from ecoop.web.my_data.routes import bp

__all__ = ["bp"]
