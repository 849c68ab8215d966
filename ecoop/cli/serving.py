"""`ecoop serve`: the web application behind waitress, in one process."""

import errno
import ipaddress
import os
import re
import signal
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ecoop.cli.database import installation_of, opened, require_current
from ecoop.cli.failures import BAD_INPUT, Failure
from ecoop.cli.words import Command, Option
from ecoop.cli.working import worker_beside
from ecoop.config import MEBIBYTE, Settings, read_settings
from ecoop.language import gettext, mark

if TYPE_CHECKING:
    from flask import Flask

THREADS = 8
LONGEST_BODY = 8 * MEBIBYTE
"""Of a request: what is longer is refused before it is received. The pages themselves take less, and say so.
Where papers may be larger, that counts."""
FIRST_INHERITED = 3
"""The number of the first socket that systemd hands over."""
PORT = click.IntRange(0, 65535)
NUMBER = re.compile(r"[0-9A-Fa-f-]{16,64}")
"""The number of a request as a proxy makes it: nothing else can be hidden in it."""

Application = Callable[..., Any]


@click.command(cls=Command, help=mark("Serve the site until the process is told to stop."))
@click.option(
    "--host", default="127.0.0.1", show_default=True, cls=Option, help=mark("Address of this machine to listen on.")
)
@click.option("--port", default=8000, show_default=True, type=PORT, cls=Option, help=mark("Port to listen on."))
@click.option(
    "--trusted-proxy",
    metavar="IP",
    cls=Option,
    help=mark("Address of the proxy that receives HTTPS and tells who the visitor is."),
)
@click.option(
    "--insecure-public",
    is_flag=True,
    cls=Option,
    help=mark("Listen beyond this machine without HTTPS. Passwords can then be read on the way."),
)
@click.option(
    "--log-format",
    type=click.Choice(["json", "text"]),
    cls=Option,
    help=mark("How the log is written. Default: text at a terminal, json elsewhere."),
)
@click.option(
    "--metrics-port",
    type=PORT,
    metavar="PORT",
    cls=Option,
    help=mark("Port of this machine on which Prometheus may ask for figures. Default: nowhere."),
)
@click.option(
    "--no-worker",
    is_flag=True,
    cls=Option,
    help=mark("Leave the work in the background to another process: ecoop worker."),
)
def serve(
    host: str,
    port: int,
    trusted_proxy: str | None,
    insecure_public: bool,
    log_format: str | None,
    metrics_port: int | None,
    no_worker: bool,
) -> None:
    """Check that the database can be served here, and serve it."""
    _require_address(trusted_proxy)
    settings = read_settings()
    with opened(settings.database_url) as database:
        require_current(database)
        installation = installation_of(database)
        if installation is None:
            raise Failure(gettext("There is no cooperative yet. Found one first: ecoop init"))
        inherited = inherited_sockets()
        if is_public(host) if not inherited else any(is_public(host_of(one)) for one in inherited):
            _refuse_public(is_demo=installation.is_demo, meant=bool(trusted_proxy or insecure_public))
        if installation.is_demo and trusted_proxy:  # whoever reaches the proxy would be let in
            _refuse_public(is_demo=True, meant=True)
        from ecoop.app import create_app

        application = create_app(settings, database)
        listeners = inherited or [listen(host, port)]
        if metrics_port is not None:
            _serve_metrics(application, metrics_port)
        as_json = not sys.stderr.isatty() if log_format is None else log_format == "json"
        with worker_beside(database, settings, wanted=not no_worker):
            run(
                application,
                listeners,
                trusted_proxy=trusted_proxy,
                log_as_json=as_json,
                longest_body=longest_body(settings),
            )


def _serve_metrics(application: "Flask", port: int) -> None:
    from ecoop.web.metrics import serve_metrics
    from ecoop.web.platform import platform

    try:
        taken = serve_metrics(platform(application), port)
    except OSError as error:
        sentence = gettext("Port %(port)s cannot be used: %(why)s.", port=port, why=error.strerror)
        raise Failure(sentence) from error
    click.echo(gettext("Prometheus finds figures at %(address)s", address=f"http://127.0.0.1:{taken}/metrics"))


def _refuse_public(*, is_demo: bool, meant: bool) -> None:
    if is_demo:
        raise Failure(gettext("A demo lets everybody in, so it is served on this machine only."))
    if not meant:
        raise Failure(
            gettext(
                "Without HTTPS the site is served on this machine only. Put a proxy before it and name it with "
                "--trusted-proxy, or choose --insecure-public."
            )
        )


def _require_address(trusted_proxy: str | None) -> None:
    if trusted_proxy is not None and _ip_address(trusted_proxy) is None:
        raise Failure(
            gettext("--trusted-proxy: %(value)s is not an IP address.", value=trusted_proxy), exit_code=BAD_INPUT
        )


def _ip_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens on `host` and `port`; ends the command with a sentence where that is impossible."""
    try:
        return bind(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            sentence = gettext("Port %(port)s is taken. Choose another with --port.", port=port)
        else:
            sentence = gettext(
                "This machine cannot listen on %(host)s, port %(port)s: %(why)s.",
                host=host,
                port=port,
                why=error.strerror or error,
            )
        raise Failure(sentence) from error


def bind(host: str, port: int) -> socket.socket:
    """A socket that listens on `host` and `port`; raises OSError where that is impossible."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return socket.create_server((host, port), family=family)


def inherited_sockets(environment: Mapping[str, str] = os.environ) -> list[socket.socket]:
    """The sockets that systemd opened for this process, so that no visitor is refused during a restart."""
    count = environment.get("LISTEN_FDS", "")
    if environment.get("LISTEN_PID", str(os.getpid())) != str(os.getpid()) or not count.isdigit():
        return []
    return [socket.socket(fileno=FIRST_INHERITED + number) for number in range(int(count))]


def host_of(listener: socket.socket) -> str:
    """The address on which a socket listens; a socket in the file system is on this machine."""
    inet = listener.family in (socket.AF_INET, socket.AF_INET6)
    return str(listener.getsockname()[0]) if inet else "localhost"


def is_public(host: str) -> bool:
    """Whether other machines can reach what listens on `host`. A name that we do not know may be reached."""
    address = _ip_address(host)
    return host != "localhost" if address is None else not address.is_loopback


def longest_body(settings: Settings) -> int:
    """The longest request that is received: so long that the page that takes papers can say what is too large."""
    return max(LONGEST_BODY, settings.paper_limit_bytes + 2 * MEBIBYTE)


def run(
    application: Application,
    listeners: Sequence[socket.socket],
    *,
    trusted_proxy: str | None = None,
    log_as_json: bool = False,
    longest_body: int = LONGEST_BODY,
) -> None:
    """Serve until SIGTERM or Ctrl+C; requests that are being answered then get up to five seconds."""
    import waitress

    from ecoop.web.log_lines import set_up_logging

    set_up_logging(as_json=log_as_json)
    server = waitress.create_server(
        _behind_proxy(application, trusted_proxy),
        sockets=list(listeners),
        threads=THREADS,
        max_request_body_size=longest_body,
        ident=None,
        clear_untrusted_proxy_headers=False,  # done by _behind_proxy, which knows who is asking
    )
    signal.signal(signal.SIGTERM, _stop)
    for listener in listeners:
        click.echo(gettext("ecoop listens on %(address)s. Stop with Ctrl+C.", address=address_of(listener)))
    server.run()
    server.close()
    click.echo(gettext("ecoop has stopped."))


def _behind_proxy(application: Application, trusted_proxy: str | None) -> Application:
    """Let a trusted proxy say who the visitor is and which number the request has; nobody else can."""
    from waitress.proxy_headers import proxy_headers_middleware

    from ecoop.web.log_lines import GIVEN_ID

    believing = proxy_headers_middleware(
        application,
        trusted_proxy=trusted_proxy,
        trusted_proxy_headers={"x-forwarded-for", "x-forwarded-proto"},
        clear_untrusted=True,
    )

    def answer(environment: dict[str, Any], start: Callable[..., Any]) -> Any:
        given = environment.pop("HTTP_X_REQUEST_ID", "")
        environment.pop(GIVEN_ID, None)
        if trusted_proxy is not None and environment["REMOTE_ADDR"] == trusted_proxy and NUMBER.fullmatch(given):
            environment[GIVEN_ID] = given
        return believing(environment, start)

    return answer


def address_of(listener: socket.socket) -> str:
    """How a browser reaches the socket."""
    if listener.family not in (socket.AF_INET, socket.AF_INET6):
        return str(listener.getsockname())
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _stop(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(0)
