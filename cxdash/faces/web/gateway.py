"""The gate before every route: who may pass, under which name, from which page, with how much.

It decides by ``scope["path"]``, which the router uses too, never by an address put together from
the Host header.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie
from typing import Final
from urllib.parse import parse_qs, urlsplit

from anyio import to_thread
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cxdash.access import Event, audit
from cxdash.access.people import arrive
from cxdash.access.sessions import Standing, State, begin, end, key_of, standing
from cxdash.faces.web import health, inside, signin
from cxdash.faces.web.doorstep import SIGN_IN, START, doorstep, refusal
from cxdash.faces.web.uploads import Uploads
from cxdash.faces.web.visitor import LOCAL
from cxdash.faces.web.wanted import WANTED, remembered, returned_to
from cxdash.store.journal import Private, Refused, SignedIn, SignedOut, note

__all__ = ["Gate"]

_HEALTH: Final = (health.PATH, "/_stcore/health")
_ASSETS: Final = "/static/"
_FRONT: Final = ("/favicon.png", "/manifest.json")
_SIGNING_IN: Final = ("/auth/login", inside.CALLBACK)
# Figures of the server, a page that runs for whoever asks, answers for programs: for nobody.
_SHUT: Final = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
_SAFE: Final = ("GET", "HEAD", "OPTIONS")
_CLOSED: Final = 4401
_NOBODY: Final = Standing(State.UNKNOWN)
_ENDED: Final = "Your sign-in has ended or your role has changed. Reload the page."


class Gate:
    """Middleware around everything the server answers."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        configuration: signin.Configuration,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._app = app
        self._clock = clock
        self._configuration = configuration
        self._uploads = Uploads()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asked = _Asked(scope)
        if asked.path in _HEALTH and asked.reads:
            await self._app(scope, receive, send)
        elif problem := self._misplaced(asked):
            await _refuse(scope, receive, send, refusal(problem, 400))
        elif not self._configuration.sign_in:
            await self._uploads.pass_on(self._app, LOCAL, scope, receive, send)
        elif asked.reads and asked.path in _SIGNING_IN:
            await self._app(scope, receive, self._greeting(asked, send))
        elif asked.reads and (asked.path.startswith(_ASSETS) or asked.path in _FRONT):
            await self._app(scope, receive, send)
        else:
            await self._guarded(asked, scope, receive, send)

    def _misplaced(self, asked: "_Asked") -> str:
        """What is wrong with the address or the page a request comes from; empty if nothing is."""
        if not asked.host_name or not self._configuration.knows_host(asked.host_name):
            return "The app is not known under this name."
        if asked.strange_path or asked.path.startswith(_SHUT):
            return "There is no such address."
        # Neither of them may be empty: a page without an origin calls itself "null".
        own = {asked.host, urlsplit(self._configuration.origin).netloc} - {""}
        foreign = asked.origin is not None and urlsplit(asked.origin).netloc not in own
        # A browser says where a socket or a change comes from; whoever does not is no browser.
        if foreign or (asked.socket and asked.origin is None):
            return "The request comes from a page that is not part of this app."
        if not asked.reads and asked.site not in {"", "same-origin", "none"}:
            return "The request comes from a page that is not part of this app."
        return ""

    async def _guarded(self, asked: "_Asked", scope: Scope, receive: Receive, send: Send) -> None:
        who = await self._standing(asked)
        if asked.path == inside.LOGOUT and asked.reads and who.state is not State.UNKNOWN:
            await self._sign_out(asked, who)
            await self._app(scope, receive, send)
        elif asked.path in {SIGN_IN, START} and asked.reads:
            await self._doorstep(asked, who)(scope, receive, send)
        elif not who.good:
            await _refuse(scope, receive, send, self._outside(asked, who))
        elif asked.socket:
            await self._watched(asked, who, scope, receive, send)
        else:
            await self._uploads.pass_on(self._app, who.actor, scope, receive, send)

    async def _standing(self, asked: "_Asked", *, clicked: bool = True) -> Standing:
        """Who asks, as our own list of sign-ins knows it at this moment."""

        def look() -> Standing:
            if not inside.claims(asked.cookies):
                return _NOBODY
            settings = self._configuration.settings
            return standing(signin.book(), asked.session, settings, self._clock(), clicked=clicked)

        return await to_thread.run_sync(look)

    def _doorstep(self, asked: "_Asked", who: Standing) -> Response:
        if who.good:
            return RedirectResponse("/", status_code=303)
        if asked.path == START:
            return RedirectResponse(inside.sign_in_address(), status_code=303)
        return doorstep(who, after=State.__members__.get(asked.query.get("why", "")))

    def _outside(self, asked: "_Asked", who: Standing) -> Response:
        """A reader is led to sign in and brought back after it; anything else is told no."""
        if not asked.by_reader:
            return Response(_ENDED, status_code=401, media_type="text/plain")
        if who.signed_in:
            return doorstep(who)
        response = RedirectResponse(f"{SIGN_IN}?why={who.state.name}", status_code=303)
        remembered(response, asked.path, asked.query_string, secure=self._configuration.secure)
        return response

    async def _sign_out(self, asked: "_Asked", who: Standing) -> None:
        """The sign-in ends here, so that a copy of the cookie is worth nothing."""

        def ended() -> None:
            end(signin.book(), asked.session, self._clock())
            if who.signed_in:
                audit.note(signin.book(), who.actor, Event.SIGNED_OUT)
                note(SignedOut(person=Private(who.actor.owner)))

        await to_thread.run_sync(ended)

    def _greeting(self, asked: "_Asked", send: Send) -> Send:
        """Write a sign-in down at the moment the provider's answer has been accepted."""
        secure = self._configuration.secure

        async def greeted(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                given = _cookies_given(headers)
                if inside.claims(given):
                    await to_thread.run_sync(self._signed_in, asked, given)
                    headers["location"] = returned_to(asked.cookies.get(WANTED, ""))
                limit = int(self._configuration.settings.longest.total_seconds())
                _limit_cookies(headers, limit, secure=secure)
            await send(message)

        return greeted

    def _signed_in(self, asked: "_Asked", given: Mapping[str, str]) -> None:
        now, book = self._clock(), signin.book()
        told = {"iss": self._configuration.issuer, **inside.claims(given)}
        person = arrive(book, told, self._configuration.settings, now)
        end(book, asked.session, now)  # what this browser held before
        session = key_of(inside.identity(given))
        begin(book, session, person.person_id, now)
        audit.note(book, person.actor, Event.SIGNED_IN)
        roles = tuple(role.value for role in person.actor.roles)
        note(SignedIn(person=Private(person.actor.owner), session=Private(session), roles=roles))

    async def _watched(
        self, asked: "_Asked", who: Standing, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """A socket lives for hours: every message is held against what is true now.

        When the role has changed, the page is run from the top for the new role, whatever part of
        it was asked for. When the sign-in has ended, the page is run once more, which shows why and
        nothing else; the message after that finds the socket closed.
        """
        known, over = who, False

        async def watching() -> Message:
            nonlocal known, over
            while True:
                message = await receive()
                if message["type"] != "websocket.receive":
                    return message
                frame: bytes = message.get("bytes") or b""
                said = inside.heard(frame)
                if said.kind and said.kind not in inside.USUAL:
                    continue  # nothing a page of ours sends
                now = await self._standing(asked, clicked=said.click)
                if now.good and now.actor == known.actor:
                    return message
                if over or (not now.good and not said.runs):
                    return await closing(now)
                if said.runs:
                    known, over = now, not now.good
                    changed(now)
                    return {**message, "bytes": inside.from_the_top(frame)}

        async def closing(now: Standing) -> Message:
            nonlocal over
            over = True
            await send({"type": "websocket.close", "code": _CLOSED, "reason": now.state.name})
            return {"type": "websocket.disconnect", "code": _CLOSED}

        def changed(now: Standing) -> None:
            reason = "role_changed" if now.good else now.state.name.lower()
            note(Refused(action="message", reason=reason, person=Private(who.actor.owner)))

        await self._app(scope, watching, send)


class _Asked:
    """What a request asks for, read once."""

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


async def _refuse(scope: Scope, receive: Receive, send: Send, response: Response) -> None:
    """No, in the manner of the request; a socket is closed before it is accepted."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": _CLOSED})
        return
    await response(scope, receive, send)


def _cookies_given(headers: Headers) -> dict[str, str]:
    """Name and value of every cookie a response sets."""
    given: dict[str, str] = {}
    for line in headers.getlist("set-cookie"):
        jar: SimpleCookie = SimpleCookie()
        try:
            jar.load(line)
        except CookieError:
            return {}
        given |= {name: morsel.value for name, morsel in jar.items() if morsel.value}
    return given


def _limit_cookies(headers: MutableHeaders, seconds: int, *, secure: bool) -> None:
    """Streamlit's cookies would live for 30 days and travel without TLS; ours do not."""
    lines = headers.getlist("set-cookie")
    del headers["set-cookie"]
    for line in lines:
        jar: SimpleCookie = SimpleCookie(line)
        for name, morsel in jar.items():
            if name.startswith(inside.AUTH_COOKIES) and morsel["max-age"] not in {"", "0"}:
                morsel["max-age"] = seconds
            if secure:
                morsel["secure"] = True
            headers.append("set-cookie", morsel.OutputString())
