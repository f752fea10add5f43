"""The gate before every route: who may pass, under which name, from which page, with how much.

It decides by ``scope["path"]``, which the router uses too, never by an address put together from
the Host header. Whom it turns away it writes into the log, by kind.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

from anyio import to_thread
from starlette.datastructures import MutableHeaders
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cxdash.access import Action, Event, allowed, audit
from cxdash.access.people import arrive
from cxdash.access.sessions import Standing, State, begin, end, key_of, standing
from cxdash.faces.web import cookies, health, inside, signin
from cxdash.faces.web.asked import Asked
from cxdash.faces.web.doorstep import SIGN_IN, START, doorstep, leaving, refusal
from cxdash.faces.web.uploads import Uploads
from cxdash.faces.web.visitor import LOCAL
from cxdash.faces.web.wanted import WANTED, remembered, returned_to
from cxdash.faces.web.watch import CLOSED, Watch
from cxdash.store.journal import Private, Refused, SignedIn, SignedOut, note

__all__ = ["Gate"]

_HEALTH: Final = (health.PATH, "/_stcore/health")
_ASSETS: Final = "/static/"
_FRONT: Final = ("/favicon.png", "/manifest.json")
_SIGNING_IN: Final = ("/auth/login", inside.CALLBACK)
# Figures of the server, a page that runs for whoever asks, answers for programs: for nobody.
_SHUT: Final = ("/_stcore/metrics", "/_stcore/script-health-check", "/_stcore/agent")
_NOBODY: Final = Standing(State.UNKNOWN)
_ENDED: Final = "Your sign-in has ended or your role has changed. Reload the page."
_NOT_FOR_YOU: Final = "This is not for your role: you may not take data out of cxdash."
_LOOK_SECONDS: Final = 30.0  # between two looks at whether a silent page may still be open


class _Misplaced(Enum):
    """What is wrong with the address of a request or with the page it comes from."""

    HOST = "The app is not known under this name."
    ADDRESS = "There is no such address."
    ORIGIN = "The request comes from a page that is not part of this app."


class Gate:
    """Middleware around everything the server answers."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        configuration: signin.Configuration,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        look_every: float = _LOOK_SECONDS,
    ) -> None:
        self._app = app
        self._clock = clock
        self._look_every = look_every
        self._configuration = configuration
        self._uploads = Uploads()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        asked = Asked(scope)
        if asked.path in _HEALTH and asked.reads:
            await self._app(scope, receive, send)
        elif problem := self._misplaced(asked):
            note(_refused(asked, problem.name))
            await _refuse(scope, receive, send, refusal(problem.value, 400))
        elif not self._configuration.sign_in:
            await self._uploads.pass_on(self._app, LOCAL, scope, receive, send)
        elif asked.reads and asked.path in _SIGNING_IN:
            await self._app(scope, receive, self._greeting(asked, send))
        elif asked.reads and (asked.path.startswith(_ASSETS) or asked.path in _FRONT):
            await self._app(scope, receive, send)
        else:
            await self._guarded(asked, scope, receive, send)

    def _misplaced(self, asked: Asked) -> _Misplaced | None:
        if not asked.host_name or not self._configuration.knows_host(asked.host_name):
            return _Misplaced.HOST
        if asked.strange_path or asked.path.startswith(_SHUT):
            return _Misplaced.ADDRESS
        # Neither of them may be empty: a page without an origin calls itself "null".
        own = {asked.host, urlsplit(self._configuration.origin).netloc} - {""}
        foreign = asked.origin is not None and urlsplit(asked.origin).netloc not in own
        # A browser says where a socket or a change comes from; whoever does not is no browser.
        if foreign or (asked.socket and asked.origin is None):
            return _Misplaced.ORIGIN
        return _Misplaced.ORIGIN if asked.foreign and not asked.reads else None

    async def _guarded(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        who = await self._standing(asked, clicked=asked.clicked)
        if asked.path == inside.LOGOUT and asked.reads and who.state is not State.UNKNOWN:
            await self._leaving(asked, who, scope, receive, send)
        elif asked.path in {SIGN_IN, START} and asked.reads:
            await self._doorstep(asked, who)(scope, receive, send)
        elif not who.good:
            await _refuse(scope, receive, send, self._outside(asked, who))
        elif asked.socket:
            watch = Watch(
                who,
                receive,
                send,
                look=lambda clicked: self._standing(asked, clicked=clicked),
                every=self._look_every,
            )
            await self._app(scope, watch, send)
        elif asked.takes_out and not allowed(who.actor, Action.EXPORT):
            # Its address is a secret of who took it out, but may be passed on or kept.
            note(_refused(asked, "role", who))
            await _refuse(scope, receive, send, refusal(_NOT_FOR_YOU, 403))
        else:
            await self._uploads.pass_on(self._app, who.actor, scope, receive, send)

    async def _standing(self, asked: Asked, *, clicked: bool) -> Standing:
        """Who asks, as our own list of sign-ins knows it at this moment."""

        def look() -> Standing:
            if not inside.claims(asked.cookies):
                return _NOBODY
            settings = self._configuration.settings
            return standing(signin.book(), asked.session, settings, self._clock(), clicked=clicked)

        return await to_thread.run_sync(look)

    def _doorstep(self, asked: Asked, who: Standing) -> Response:
        if who.good:
            return RedirectResponse("/", status_code=303)
        if asked.path == START:
            return RedirectResponse(inside.sign_in_address(), status_code=303)
        return doorstep(who, after=State.__members__.get(asked.query.get("why", "")))

    def _outside(self, asked: Asked, who: Standing) -> Response:
        """A reader is led to sign in and brought back after it; anything else is told no."""
        if asked.by_reader and not who.signed_in:
            response = RedirectResponse(f"{SIGN_IN}?why={who.state.name}", status_code=303)
            remembered(response, asked.path, asked.query_string, secure=self._configuration.secure)
            return response
        note(_refused(asked, who.state.name, who))
        if asked.by_reader:
            return doorstep(who)
        return Response(_ENDED, status_code=401, media_type="text/plain")

    async def _leaving(
        self, asked: Asked, who: Standing, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """The sign-in ends here, so that a copy of the cookie is worth nothing.

        Not because a foreign page led here: then the person is asked.
        """
        if asked.foreign:
            note(_refused(asked, _Misplaced.ORIGIN.name, who))
            await leaving()(scope, receive, send)
            return

        def ended() -> None:
            end(signin.book(), asked.session, self._clock())
            if who.signed_in:
                audit.note(signin.book(), who.actor, Event.SIGNED_OUT)
                note(SignedOut(person=Private(who.actor.owner)))

        await to_thread.run_sync(ended)
        await self._app(scope, receive, send)

    def _greeting(self, asked: Asked, send: Send) -> Send:
        """Write a sign-in down at the moment the provider's answer has been accepted."""
        secure = self._configuration.secure

        async def greeted(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                given = cookies.given(headers)
                if inside.claims(given):
                    await to_thread.run_sync(self._signed_in, asked, given)
                    headers["location"] = returned_to(asked.cookies.get(WANTED, ""))
                longest = int(self._configuration.settings.longest.total_seconds())
                cookies.limit(headers, longest, secure=secure)
            await send(message)

        return greeted

    def _signed_in(self, asked: Asked, given: Mapping[str, str]) -> None:
        now, book = self._clock(), signin.book()
        told = {"iss": self._configuration.issuer, **inside.claims(given)}
        person = arrive(book, told, self._configuration.settings, now)
        end(book, asked.session, now)  # what this browser held before
        session = key_of(inside.identity(given))
        begin(book, session, person.person_id, now)
        audit.note(book, person.actor, Event.SIGNED_IN)
        roles = tuple(role.value for role in person.actor.roles)
        note(SignedIn(person=Private(person.actor.owner), session=Private(session), roles=roles))


async def _refuse(scope: Scope, receive: Receive, send: Send, response: Response) -> None:
    """No, in the manner of the request; a socket is closed before it is accepted."""
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": CLOSED})
        return
    await response(scope, receive, send)


def _refused(asked: Asked, reason: str, who: Standing = _NOBODY) -> Refused:
    person = Private(who.actor.owner) if who.person_id else None
    return Refused(action=asked.place, reason=reason.lower(), person=person, source=asked.source)
