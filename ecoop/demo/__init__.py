"""The demo: a whole installation with invented people, built through the services like a real one."""

from ecoop.demo.building import build_demo

__all__ = ["build_demo"]
