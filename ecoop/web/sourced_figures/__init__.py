"""Figures with their sources, side by side."""

from ecoop.web.sourced_figures.routes import bp

__all__ = ["bp"]
