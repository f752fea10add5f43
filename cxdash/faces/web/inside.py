"""What the gate must know of Streamlit's inside: its cookies, its messages, its uploads.

Everything here is private to Streamlit and may change with any version; nothing else of ours
touches it, and tests/unit/faces/test_inside.py holds what we rely on.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import streamlit
from google.protobuf.message import DecodeError
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime import exists, get_instance
from streamlit.user_info import generate_login_redirect_url
from streamlit.web.server.starlette.starlette_server_config import (
    TOKENS_COOKIE_NAME,
    USER_COOKIE_NAME,
)
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

__all__ = [
    "AUTH_COOKIES",
    "CALLBACK",
    "LOGOUT",
    "UPLOADS",
    "USUAL",
    "Heard",
    "bytes_held",
    "claims",
    "font",
    "from_the_top",
    "heard",
    "identity",
    "index_page",
    "load_anew",
    "sign_in_address",
]

CALLBACK: Final = "/oauth2callback"
LOGOUT: Final = "/auth/logout"
UPLOADS: Final = "/_stcore/upload_file/"
USUAL: Final = frozenset(
    {
        "rerun_script",
        "stop_script",
        "app_heartbeat",
        "file_urls_request",
        "backend_operation_request",
    }
)
_RUN: Final = "rerun_script"
_ACTS: Final = frozenset({"stop_script", "file_urls_request"})  # of a person, beside running
AUTH_COOKIES: Final = (USER_COOKIE_NAME, TOKENS_COOKIE_NAME)


_STATIC: Final = Path(streamlit.__file__).parent / "static"


def index_page() -> str:
    """The page that loads Streamlit's own script; the same for every address."""
    return (_STATIC / "index.html").read_text(encoding="utf-8")


def font(name: str) -> str:
    """Address of a typeface that comes with Streamlit, by the beginning of its file's name."""
    file = next((_STATIC / "static" / "media").glob(f"{name}*.woff2"))
    return f"/{file.relative_to(_STATIC)}"


def identity(cookies: Mapping[str, str]) -> str:
    """What the browser holds as its identity, all parts of it; empty if it holds none."""
    parts = sorted(
        (name, value)
        for name, value in cookies.items()
        if name == USER_COOKIE_NAME
        or (name.startswith(f"{USER_COOKIE_NAME}_") and name.rpartition("_")[2].isdigit())
    )
    return json.dumps(parts) if parts else ""


def claims(cookies: Mapping[str, str]) -> dict[str, Any]:
    """What the provider said of the person; empty unless the cookie bears our signature."""
    signed = _get_signed_cookie_with_chunks(dict(cookies), USER_COOKIE_NAME)
    found = json.loads(signed) if signed else {}
    return found if isinstance(found, dict) and found.get("is_logged_in") is True else {}


def sign_in_address() -> str:
    """Path that leads to the provider, good for a short while."""
    return str(generate_login_redirect_url("default"))


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the browser: its kind, whether a person acted, whether it runs a page.

    ``takes_out`` says that a download is made, which happens when it is pressed.
    """

    kind: str
    click: bool = False
    takes_out: bool = False

    @property
    def runs(self) -> bool:
        return self.kind == _RUN


def heard(frame: bytes) -> Heard:
    """What a message says; an empty kind for anything that is no message."""
    message = _message(frame) or BackMsg()
    kind = message.WhichOneof("type") or ""
    takes_out = message.backend_operation_request.HasField("deferred_file")
    # A page also polls, beats and scrolls by itself.
    acts = not message.rerun_script.is_auto_rerun if kind == _RUN else kind in _ACTS
    return Heard(kind, click=takes_out or acts, takes_out=takes_out)


def from_the_top(frame: bytes) -> bytes:
    """The same page asked for as a whole: no part of it by itself, nothing pressed or filled in."""
    message = _message(frame) or BackMsg()
    message.rerun_script.SetInParent()
    message.rerun_script.fragment_id = ""
    message.rerun_script.ClearField("widget_states")
    return bytes(message.SerializeToString())


def load_anew() -> bytes:
    """Tells a browser to load the address it is at from the top, where the gate answers."""
    message = ForwardMsg()
    message.auth_redirect.SetInParent()  # to nowhere else: an empty address is the present one
    return bytes(message.SerializeToString())


def _message(frame: bytes) -> BackMsg | None:
    message = BackMsg()
    try:
        message.ParseFromString(frame)
    except DecodeError:
        return None
    return message


def bytes_held(session: str) -> int:
    """Bytes of uploads the server keeps in memory for a session of Streamlit."""
    if not exists():
        return 0
    manager: Any = get_instance().uploaded_file_mgr
    files = manager.file_storage.get(session, {})
    return sum(len(file.data) for file in list(files.values()))
