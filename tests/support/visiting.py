"""A visitor over a real line, with nothing but http.client: cookies and tokens against forgery."""

import http.client
import re
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from tests.support.proxy import VISITOR

HOST = "ecoop.example.org"
TOKEN = re.compile(r'name="csrf_token"[^>]*value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    location: str
    text: str
    number: str


@dataclass
class Visitor:
    """One browser behind one network address."""

    port: int
    network: str = "192.0.2.1"
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> Answer:
        """Ask for a page; once more where a server went away meanwhile, as a browser does."""
        answer = self._ask("GET", path, "")
        return self._ask("GET", path, "") if answer.status == 502 else answer

    def post(self, path: str, token: str, **fields: str) -> Answer:
        """Send a form."""
        return self._ask("POST", path, urlencode({"csrf_token": token, **fields}))

    def token(self, path: str = "/sign-in/forgotten") -> str:
        """A token for the forms of this browser's session."""
        found = TOKEN.search(self.get(path).text)
        assert found, path
        return found[1]

    def sign_in(self, email: str, password: str) -> Answer:
        """Give address and password."""
        return self.post("/sign-in", self.token(), email=email, password=password)

    def _ask(self, method: str, path: str, body: str) -> Answer:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        headers = {"Host": HOST, VISITOR: self.network, "Referer": f"https://{HOST}/",
                   "Cookie": "; ".join(f"{name}={text}" for name, text in self.cookies.items())}  # fmt: skip
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            line.request(method, path, body.encode(), headers)
            answer = line.getresponse()
            text = answer.read().decode()
        finally:
            line.close()
        for given in answer.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.value for name, morsel in SimpleCookie(given).items()}
        number = answer.headers.get("X-Request-ID", "")
        return Answer(answer.status, answer.headers.get("Location", ""), text, number)
