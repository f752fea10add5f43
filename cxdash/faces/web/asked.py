"""What a request asks for, from where, and whether a person asks: its head, read once."""

from typing import Final
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.types import Scope

from cxdash.access.sessions import key_of
from cxdash.faces.web import inside
from cxdash.faces.web.wanted import is_page
from cxdash.store.journal import Private

__all__ = ["Asked"]

_SAFE: Final = ("GET", "HEAD", "OPTIONS")
# Places by the words of the log: an address itself may hold a session, a token, anything.
_PLACES: Final = {
    inside.UPLOADS: "upload",
    "/_stcore/": "inside",
    "/media/": "media",
    "/component/": "component",
    "/auth/": "sign_in",
    inside.CALLBACK: "sign_in",
}


class Asked:
    """``reads`` is false for a change and for a socket."""

    def __init__(self, scope: Scope) -> None:
        headers = Headers(scope=scope)
        self.socket = scope["type"] == "websocket"
        self.path: str = scope["path"]
        self.reads = not self.socket and scope["method"] in _SAFE
        self.host = headers.get("host", "")
        self.origin = headers.get("origin")
        self.site = headers.get("sec-fetch-site", "")
        self.cookies = cookie_parser("; ".join(headers.getlist("cookie")))
        self.query_string = scope["query_string"].decode("latin-1")
        # A reader typed an address or followed a link; a script asks for anything or for JSON.
        self.by_reader = self.reads and "text/html" in headers.get("accept", "")
        # What an open page fetches by itself, a browser calls something else than to navigate.
        self.clicked = self.by_reader and headers.get("sec-fetch-mode", "navigate") == "navigate"
        self._client = scope.get("client")

    @property
    def place(self) -> str:
        """What kind of address it is, in a word of ours."""
        if self.socket:
            return "socket"
        found = (word for start, word in _PLACES.items() if self.path.startswith(start))
        return next(found, "page" if is_page(self.path) else "other")

    @property
    def takes_out(self) -> bool:
        """Whether a file is fetched that somebody took out; pictures are parts of a page."""
        return self.place == "media" and not self.path.endswith(".png")

    @property
    def source(self) -> Private | None:
        """The machine the request comes from, or the proxy before it."""
        return Private(str(self._client[0])) if self._client else None

    @property
    def foreign(self) -> bool:
        """Whether a browser says that a page of somebody else led here.

        It says nothing (an old one), ``none`` (typed or bookmarked) or names the page's relation.
        """
        return self.site not in {"", "same-origin", "none"}

    @property
    def host_name(self) -> str:
        try:
            parts = urlsplit(f"//{self.host}")
            _ = parts.port
        except ValueError:
            return ""
        plain = parts.netloc == self.host and not parts.username and not parts.path
        return (parts.hostname or "").rstrip(".") if plain else ""

    @property
    def strange_path(self) -> bool:
        """Whether two readers could take the path for two different ones."""
        return (
            "\\" in self.path
            or "//" in self.path
            or "%" in self.path
            or not {".", ".."}.isdisjoint(self.path.split("/"))
            or not self.path.isprintable()
        )

    @property
    def session(self) -> str:
        return key_of(inside.identity(self.cookies))

    @property
    def query(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.query_string).items()}
