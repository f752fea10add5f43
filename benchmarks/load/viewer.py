"""One person in front of the app: a websocket that speaks Streamlit's own protocol.

It does what the page in a browser does: opens, follows the menu, chooses another scope, uploads,
and keeps large messages it has seen so that the server need not send them again.
"""

import asyncio
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import urlencode, urlsplit

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

__all__ = ["Drawn", "Viewer"]

PATIENCE: Final = 120.0  # seconds for one run of a page
_PROBLEM: Final = re.compile(r"notice-(problem|[0-9a-f]{8}$)")  # keys of words.problem and guard
_LARGEST: Final = 64 * 2**20


@dataclass(slots=True)
class Drawn:
    """What one run of a page sent.

    ``texts`` are in the order of the page, each with the key of the nearest container above it that
    has one; ``widgets`` are the ids of the controls by their keys, ``options`` what a select box
    offers. ``seconds`` run from the request to the end of the script; ``errors`` hold what a person
    would call broken.
    """

    page: str
    texts: list[tuple[str, str]] = field(default_factory=list)
    widgets: dict[str, str] = field(default_factory=dict)
    options: dict[str, list[str]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    messages: int = 0
    bytes: int = 0

    def widget(self, key: str) -> str:
        """Id of the control whose key begins so; KeyError if there is none."""
        found = [own for name, own in self.widgets.items() if name.startswith(key)]
        if not found:
            raise KeyError(f"no control {key!r} on the page {self.page!r}")
        return found[0]


class Viewer:
    """A session of the app; use it as an asynchronous context manager."""

    def __init__(self, address: str, headers: Mapping[str, str] | None = None) -> None:
        self.address = address
        self.session = ""
        self.last = Drawn("")
        self._headers = dict(headers or {})
        self._socket: ClientConnection | None = None
        self._seen: dict[str, ForwardMsg] = {}
        self._pages: dict[str, str] = {}
        self._page_hash = ""
        self._query = ""

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.leave()

    async def connect(self) -> None:
        """Open the websocket; whoever comes back asks for the session there was."""
        self._socket = await connect(
            f"ws://{urlsplit(self.address).netloc}/_stcore/stream",
            subprotocols=["streamlit", "none", self.session] if self.session else ["streamlit"],
            additional_headers=self._headers,
            origin=self.address,
            max_size=_LARGEST,
            compression=None,
            open_timeout=PATIENCE,
        )

    async def leave(self) -> None:
        """Close the tab."""
        if self._socket is not None:
            await self._socket.close()

    async def open(self, page: str = "", query: Mapping[str, str] | None = None) -> Drawn:
        """Run a page by its name in the address, as a link or the menu does."""
        self._query = urlencode(dict(query or {}))
        self._page_hash = self._pages.get(page, "")
        return await self._run(page, BackMsg())

    async def again(self, change: Callable[[BackMsg], None] | None = None) -> Drawn:
        """Run the same page again, with a change of its controls."""
        message = BackMsg()
        message.rerun_script.query_string = self._query
        if change is not None:
            change(message)
        return await self._run(self.last.page, message)

    async def press(self, key: str) -> Drawn:
        """Press the button whose key begins with ``key``."""
        own = self.last.widget(key)

        def pressed(message: BackMsg) -> None:
            message.rerun_script.widget_states.widgets.add(id=own, trigger_value=True)

        return await self.again(pressed)

    async def choose(self, wanted: Mapping[str, str]) -> Drawn:
        """Choose in select boxes, by their keys; what is not offered leaves the first choice."""
        last = self.last

        def chosen(message: BackMsg) -> None:
            for key, value in wanted.items():
                offered = last.options[key]
                found = [text for text in offered if text.casefold() == value.casefold()]
                message.rerun_script.widget_states.widgets.add(
                    id=last.widget(key), string_value=(found or offered)[0]
                )

        return await self.again(chosen)

    async def say(self, frame: bytes | str) -> None:
        """Send a frame as it is, whatever it means."""
        if self._socket is not None:
            await self._socket.send(frame)

    async def asked(self, message: BackMsg, answer: str) -> ForwardMsg:
        """Send a request that is no run of the page; the message of the kind that answers it."""
        await self._sent(message)
        async with asyncio.timeout(PATIENCE):
            while True:
                got = await self._received()
                if got[0].WhichOneof("type") == answer:
                    return got[0]

    async def _run(self, page: str, message: BackMsg) -> Drawn:
        state = message.rerun_script
        state.query_string = self._query
        state.page_name = page
        state.page_script_hash = self._page_hash
        state.cached_message_hashes.extend(self._seen)
        state.context_info.timezone = "UTC"
        state.context_info.locale = "en-US"
        drawn = Drawn(page)
        keys: dict[tuple[int, ...], str] = {}
        began = time.monotonic()
        await self._sent(message)
        try:
            async with asyncio.timeout(PATIENCE):
                while not self._take(*await self._received(), drawn, keys):
                    pass
        except TimeoutError:
            drawn.errors.append(f"no end within {PATIENCE:.0f} s")
        except ConnectionClosed:
            drawn.errors.append("connection closed")
        drawn.seconds = time.monotonic() - began
        self.last = drawn
        return drawn

    async def _sent(self, message: BackMsg) -> None:
        if self._socket is None:
            raise RuntimeError("connect first")
        await self._socket.send(message.SerializeToString())

    async def _received(self) -> tuple[ForwardMsg, int]:
        if self._socket is None:
            raise RuntimeError("connect first")
        raw = await self._socket.recv(decode=False)
        return ForwardMsg.FromString(raw), len(raw)

    def _take(
        self, got: ForwardMsg, size: int, drawn: Drawn, keys: dict[tuple[int, ...], str]
    ) -> bool:
        """Note what a message says; whether it is the last of the run."""
        drawn.messages += 1
        drawn.bytes += size
        path = tuple(got.metadata.delta_path)
        if got.WhichOneof("type") == "ref_hash":
            got = self._seen[got.ref_hash]
        elif got.metadata.cacheable:
            self._seen[got.hash] = got
        kind = got.WhichOneof("type")
        if kind == "new_session":
            self.session = got.new_session.initialize.session_id or self.session
            self._page_hash = got.new_session.page_script_hash
        elif kind == "navigation":
            self._pages = {
                own.url_pathname: own.page_script_hash for own in got.navigation.app_pages
            }
            self._page_hash = got.navigation.page_script_hash
        elif kind == "page_info_changed":
            self._query = got.page_info_changed.query_string
        elif kind == "page_not_found":
            drawn.errors.append("page not found")
        elif kind == "delta":
            _draw(got.delta, path, drawn, keys)
        elif kind == "script_finished":
            if got.script_finished == ForwardMsg.FINISHED_WITH_COMPILE_ERROR:
                drawn.errors.append("the script does not compile")
            return got.script_finished != ForwardMsg.FINISHED_EARLY_FOR_RERUN
        return False


def _draw(delta: object, path: tuple[int, ...], drawn: Drawn, keys: dict) -> None:
    above = next((keys[path[:end]] for end in range(len(path), 0, -1) if path[:end] in keys), "")
    if delta.WhichOneof("type") == "add_block":
        keys[path] = _key(delta.add_block.id) or above
        return
    element = delta.new_element
    kind = element.WhichOneof("type") or "empty"
    body = getattr(element, kind)
    if kind == "exception":
        drawn.errors.append(f"exception {body.type}")
    elif kind in ("markdown", "text", "heading"):
        drawn.texts.append((above, body.body))
        if _PROBLEM.match(above):
            drawn.errors.append(f"problem: {body.body[:120]}")
    elif kind == "progress":
        drawn.texts.append((above, body.text))
    elif getattr(body, "id", ""):
        drawn.widgets[_key(body.id) or body.id] = body.id
        if kind == "selectbox":
            drawn.options[_key(body.id)] = list(body.options)


def _key(own: str) -> str:
    """The key somebody gave, out of an id such as ``$$ID-hash-key``."""
    parts = own.split("-", 2)
    return parts[2] if own.startswith("$$ID-") and len(parts) == 3 and parts[2] != "None" else ""
