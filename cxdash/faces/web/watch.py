"""A page that stays open: every message of it is held against what is true now, and silence too."""

from collections.abc import Awaitable, Callable
from typing import Final

from anyio import move_on_after
from starlette.types import Message, Receive, Send

from cxdash.access import Action, allowed
from cxdash.access.sessions import Standing
from cxdash.faces.web import inside
from cxdash.store.journal import Private, Refused, note

__all__ = ["CLOSED", "Watch"]

CLOSED: Final = 4401


class Watch:
    """Stands between a socket and the app; calling it gives the app's next message.

    When the role has changed, the page is run from the top for the new role, whatever was asked
    for. When the sign-in has ended, the page is run once more, which shows why and nothing else;
    at the message after that the browser is told to load the page anew, which leads it to sign in,
    and the socket is closed. Neither waits for a click: who stands up and
    goes leaves no figures on the screen, so that every ``every`` seconds of silence are a reason to
    look as well.

    ``look`` says who it is now, and takes whether a person clicked. The first run of a page on a
    socket is no click: a browser asks for it by itself whenever it has lost the connection, and who
    opens a page has asked for its address before.
    """

    def __init__(
        self,
        who: Standing,
        receive: Receive,
        send: Send,
        *,
        look: Callable[[bool], Awaitable[Standing]],
        every: float,
    ) -> None:
        self._who = who
        self._receive = receive
        self._send = send
        self._look = look
        self._every = every
        self._last_run = b""
        self._over = False

    async def __call__(self) -> Message:
        while True:
            message = await self._next()
            if message is not None and message["type"] != "websocket.receive":
                return message
            frame: bytes = (message or {}).get("bytes") or b""
            said = inside.heard(frame)
            if (said.kind and said.kind not in inside.USUAL) or (message is None and self._over):
                continue  # nothing a page of ours sends; or nothing since it has shown the end
            now = await self._look(said.click and bool(self._last_run))
            if said.runs:
                self._last_run = frame
            if self._over:
                return await self._closed(now)
            if not (now.good and now.actor == self._who.actor):
                return self._changed(now)
            if said.takes_out and not allowed(now.actor, Action.EXPORT):
                # A page that may not take data out has no such button: this one was somebody's.
                note(Refused(action="download", reason="role", person=Private(now.actor.owner)))
            elif message is not None:
                return message

    async def _next(self) -> Message | None:
        """What comes next; None if nothing did for a while."""
        with move_on_after(self._every):
            return await self._receive()
        return None

    def _changed(self, now: Standing) -> Message:
        """The page is run anew, for whoever it is now."""
        reason = "role_changed" if now.good else now.state.name.lower()
        note(Refused(action="message", reason=reason, person=Private(self._who.actor.owner)))
        self._who, self._over = now, not now.good
        return {"type": "websocket.receive", "bytes": inside.from_the_top(self._last_run)}

    async def _closed(self, now: Standing) -> Message:
        await self._send({"type": "websocket.send", "bytes": inside.load_anew()})
        await self._send({"type": "websocket.close", "code": CLOSED, "reason": now.state.name})
        return {"type": "websocket.disconnect", "code": CLOSED}
