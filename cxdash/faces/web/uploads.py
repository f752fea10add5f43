"""How much may one person upload at a time? Streamlit keeps uploads in memory until a page takes
them; it limits a single file, not how many a person sends.
"""

from collections import Counter
from http import HTTPStatus
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit import config

from cxdash.access import Action, Actor, allowed
from cxdash.faces.web import inside
from cxdash.store.journal import Private, Refused, note

__all__ = ["Uploads"]

_AT_ONCE: Final = 4
_MEGABYTE: Final = 1024 * 1024
_ROOM_FOR: Final = 2  # files of the largest size that one person may have in memory
_SESSIONS: Final = 200  # of one person that are remembered although they hold nothing


class Uploads:
    """What each person has under way and in memory; counted in the event loop, so without a lock.

    A session of Streamlit belongs to whoever first uploads to it.
    """

    def __init__(self) -> None:
        self._under_way: Counter[str] = Counter()
        self._bytes_under_way: Counter[str] = Counter()
        self._sessions: dict[str, dict[str, None]] = {}
        self._uploading: Counter[str] = Counter()  # by session

    async def pass_on(
        self, app: ASGIApp, actor: Actor, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Hand a request on; an upload only from who may load files, while there is room for it."""
        if scope["type"] != "http" or not scope["path"].startswith(inside.UPLOADS):
            await app(scope, receive, send)
            return
        person = actor.owner
        if not allowed(actor, Action.IMPORT):
            refused = _no(person, "role", "This is not for your role.", HTTPStatus.FORBIDDEN)
            await refused(scope, receive, send)
            return
        session = scope["path"].removeprefix(inside.UPLOADS).partition("/")[0]
        length = Headers(scope=scope).get("content-length", "")
        if scope["method"] != "PUT":
            await app(scope, receive, _noticed(person, send))
            return
        full = self._refused(person, session, length)
        if full is not None:
            await full(scope, receive, send)
            return
        self._under_way[person] += 1
        self._uploading[session] += 1
        self._bytes_under_way[person] += int(length)
        try:
            await app(scope, receive, _noticed(person, send))
        finally:
            self._under_way[person] -= 1
            self._uploading[session] -= 1
            if not self._uploading[session]:
                del self._uploading[session]
            self._bytes_under_way[person] -= int(length)

    def _refused(self, person: str, session: str, length: str) -> PlainTextResponse | None:
        if not length.isdecimal():
            told = "The size of the file is not said."
            return _no(person, "no_size", told, HTTPStatus.LENGTH_REQUIRED)
        if any(session in theirs for who, theirs in self._sessions.items() if who != person):
            told = "This upload belongs to somebody else."
            return _no(person, "session", told, HTTPStatus.FORBIDDEN)
        mine = self._sessions.setdefault(person, {})
        mine.pop(session, None)
        mine[session] = None
        self._forget(mine, session)
        largest = config.get_option("server.maxUploadSize") * _MEGABYTE
        held = sum(inside.bytes_held(one) for one in mine) + self._bytes_under_way[person]
        if self._under_way[person] >= _AT_ONCE or held + int(length) > _ROOM_FOR * largest:
            told = "Too much is being uploaded at once. Wait until the files before are read."
            return _no(person, "too_much", told, HTTPStatus.TOO_MANY_REQUESTS)
        return None

    def _forget(self, mine: dict[str, None], newest: str) -> None:
        """Forget the oldest sessions beyond so many; never one whose bytes count for its person."""
        for one in list(mine)[: max(0, len(mine) - _SESSIONS)]:
            if one != newest and not self._uploading[one] and not inside.bytes_held(one):
                del mine[one]


def _noticed(person: str, send: Send) -> Send:
    """Write down that Streamlit refused it, as it does where the token of the page is missing."""

    async def noticed(message: Message) -> None:
        if message.get("status") == HTTPStatus.FORBIDDEN:
            note(Refused(action="upload", reason="token", person=Private(person)))
        await send(message)

    return noticed


def _no(person: str, reason: str, told: str, status: HTTPStatus) -> PlainTextResponse:
    note(Refused(action="upload", reason=reason, person=Private(person)))
    return PlainTextResponse(told, status_code=status)
