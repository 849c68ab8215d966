"""The network ends at this machine."""

import ipaddress
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class NetworkForbidden(AssertionError):
    """A test tried to reach another machine."""


def stays_here(host: object) -> bool:
    """Whether `host` is this machine."""
    if host in (None, "", "localhost", b"localhost"):
        return True
    text = host.decode() if isinstance(host, bytes) else str(host)
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


@contextmanager
def loopback_only() -> Iterator[None]:
    """Inside the block, connecting to another machine or asking for its address raises NetworkForbidden."""
    originals = {name: getattr(socket.socket, name) for name in ("connect", "connect_ex", "sendto")}
    look_up = socket.getaddrinfo

    def guarded(name: str) -> Any:
        def call(self: socket.socket, *arguments: Any) -> Any:
            address = arguments[-1]
            if self.family in (socket.AF_INET, socket.AF_INET6) and not stays_here(address[0]):
                raise NetworkForbidden(f"Tests may not reach beyond this machine: {address}.")
            return originals[name](self, *arguments)

        return call

    def guarded_look_up(host: Any, *arguments: Any, **named: Any) -> Any:
        if not stays_here(host):
            raise NetworkForbidden(f"Tests may not look up other machines: {host}.")
        return look_up(host, *arguments, **named)

    for name in originals:
        setattr(socket.socket, name, guarded(name))
    socket.getaddrinfo = guarded_look_up
    try:
        yield
    finally:
        for name, original in originals.items():
            setattr(socket.socket, name, original)
        socket.getaddrinfo = look_up
