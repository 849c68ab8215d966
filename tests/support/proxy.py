"""A small proxy before several servers, as an operator puts one there: it takes turns, and says who is asking."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

VISITOR = "X-Test-Visitor"
"""The network address of the visitor, which the proxy passes on as its own finding."""
PATIENCE_SECONDS = 20


@dataclass
class Proxy:
    """Where it listens, and the ports between which it takes turns."""

    port: int
    servers: list[int]
    numbers: Iterator[int] = field(default_factory=count)
    answered_by: dict[int, int] = field(default_factory=dict)

    def turn(self) -> list[int]:
        """The servers in the order in which this request tries them."""
        first = next(self.numbers) % len(self.servers)
        return self.servers[first:] + self.servers[:first]


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    proxy: Proxy


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        headers = {
            name: text for name, text in self.headers.items() if name.lower() not in {"connection", VISITOR.lower()}
        }
        headers |= {"X-Forwarded-For": self.headers[VISITOR], "X-Forwarded-Proto": "https", "Connection": "close"}
        for port in self.server.proxy.turn():
            line = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
            try:
                line.connect()
            except ConnectionRefusedError:
                continue  # nothing was sent, so another may try
            try:
                line.request(self.command, self.path, body, headers)
                answer = line.getresponse()
                content = answer.read()
            except (ConnectionError, http.client.HTTPException):
                break  # it may have been done or not: nobody tries again
            finally:
                line.close()
            counted = self.server.proxy.answered_by
            counted[port] = counted.get(port, 0) + 1
            self._answer(answer.status, answer.getheaders(), content)
            return
        self._answer(502, [], b"no server answered")

    def _answer(self, status: int, headers: list[tuple[str, str]], content: bytes) -> None:
        self.send_response_only(status)
        for name, text in headers:
            if name.lower() not in {"connection", "content-length", "transfer-encoding"}:
                self.send_header(name, text)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    do_GET = do_POST = do_HEAD = _pass_on  # noqa: N815  the names that http.server asks for

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def running_proxy(*servers: int) -> Iterator[Proxy]:
    """A proxy before these ports."""
    with _Server(("127.0.0.1", 0), _Handler) as server:
        server.proxy = Proxy(port=server.server_port, servers=list(servers))
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        try:
            yield server.proxy
        finally:
            server.shutdown()
            thread.join()
