"""A local OpenID provider, the app with sign-in, and visitors without a browser, for the tests."""

import secrets as random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from streamlit.util import calc_hash
from websockets.sync.client import ClientConnection, connect

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

from browser import free_port, server

PEOPLE = {"vera": "viewer", "ann": "analyst", "ada": "admin"}
SLOW = 60.0


@dataclass
class House:
    """The app with sign-in and the provider beside it."""

    address: str
    provider: str
    database: Path
    secrets: Path
    log: Path

    @property
    def origin(self) -> str:
        return self.address

    def tell(self, person: str, **claims: object) -> None:
        """What the provider says of a person from now on."""
        claims = {"email": f"{person}@example.com", "email_verified": True, **claims}
        httpx.put(f"{self.provider}/users/{person}", json=claims).raise_for_status()

    def visitor(self, **options: object) -> "Visitor":
        return Visitor(self, httpx.Client(base_url=self.address, timeout=SLOW, **options))

    def signed_in(self, person: str) -> "Visitor":
        visitor = self.visitor()
        visitor.sign_in(person)
        return visitor


@dataclass
class Visitor:
    """Somebody with a cookie jar and no browser."""

    house: House
    http: httpx.Client

    def sign_in(self, person: str) -> httpx.Response:
        """The whole way: to the provider, its form, back with the cookie."""
        form = self.http.get("/sign-in/start", follow_redirects=True)
        form.raise_for_status()
        back = self.http.post(form.url, data={"sub": person})
        return self.http.get(back.headers["location"])

    def upload(self, session: str, *, token: str | None = None) -> httpx.Response:
        """Send a small file as the page would; ``token`` instead of the page's own."""
        self.http.get("/_stcore/health")  # gives the token to a browser
        own = self.http.cookies.get("_streamlit_xsrf") or ""
        return self.http.put(
            f"/_stcore/upload_file/{session}/made-up",
            files={"file": ("a.csv", b"a,b\n1,2\n")},
            headers={"X-Xsrftoken": own if token is None else token},
        )

    @property
    def cookie(self) -> str:
        return "; ".join(f"{one.name}={one.value}" for one in self.http.cookies.jar)

    @contextmanager
    def socket(
        self, *, cookie: str | None = None, origin: str | None = "", session: str = ""
    ) -> Iterator["Wire"]:
        """A socket as the app's own page opens it, unless told otherwise."""
        sent = self.cookie if cookie is None else cookie
        xsrf = self.http.cookies.get("_streamlit_xsrf", "none")
        with connect(
            f"{self.house.address.replace('http', 'ws')}/_stcore/stream",
            additional_headers={"Cookie": sent} if sent else {},
            origin=self.house.origin if origin == "" else origin,
            subprotocols=["streamlit", xsrf, *([session] if session else [])],
            max_size=None,
            open_timeout=SLOW,
        ) as made:
            yield Wire(made)


@dataclass
class Wire:
    """A socket to Streamlit, speaking its own messages."""

    socket: ClientConnection
    session: str = ""
    seen: list[ForwardMsg] = field(default_factory=list)

    def run(
        self,
        page: str | None = None,
        *,
        page_hash: str = "",
        fragment: str = "",
        states: tuple[WidgetState, ...] = (),
    ) -> str:
        """Ask for a page by its path or by the hash of its script; everything it then shows."""
        message = BackMsg()
        message.rerun_script.query_string = ""
        message.rerun_script.page_script_hash = page_hash
        message.rerun_script.page_name = page or ""
        message.rerun_script.fragment_id = fragment
        message.rerun_script.widget_states.widgets.extend(states)
        self.socket.send(message.SerializeToString())
        return self.shown()

    def shown(self) -> str:
        """All text of one run."""
        parts: list[str] = []
        while True:
            message = ForwardMsg()
            message.ParseFromString(self.socket.recv(timeout=SLOW))
            self.seen.append(message)
            kind = message.WhichOneof("type")
            if kind == "new_session":
                self.session = message.new_session.initialize.session_id
            elif kind == "delta":
                parts.append(str(message.delta))
            elif kind == "navigation":
                parts += [f"MENU {one.page_name}" for one in message.navigation.app_pages]
            elif kind == "script_finished":
                return "\n".join(parts).replace("\\\\", "")


def hash_of(page: str) -> str:
    """What a message names a page of ours by."""
    return str(calc_hash(page))


@contextmanager
def provider() -> Iterator[str]:
    """Address of an OpenID provider on this machine."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")
        from oidc_provider_mock import run_server_in_thread  # noqa: PLC0415 - reads that variable

        with run_server_in_thread() as running:
            yield f"http://localhost:{running.server_port}"


def write_secrets(file: Path, port: int, provider: str, access: str = "") -> Path:
    """A file of secrets as an operator writes it."""
    file.write_text(
        "[auth]\n"
        f'redirect_uri = "http://localhost:{port}/oauth2callback"\n'
        f'cookie_secret = "{random.token_hex(32)}"\n'
        'client_id = "cxdash"\n'
        f'client_secret = "{random.token_hex(16)}"\n'
        f'server_metadata_url = "{provider}/.well-known/openid-configuration"\n'
        f"[access]\n{access}\n",
        encoding="utf-8",
    )
    file.chmod(0o600)
    return file


@contextmanager
def house(folder: Path, database: Path, provider: str, *, access: str = "") -> Iterator[House]:
    """The app with sign-in, on a fresh server; vera, ann and ada have a role each."""
    port = free_port()
    secrets = write_secrets(folder / "secrets.toml", port, provider, access)
    log = folder / "server.log"
    with server(database, log, port=port, options=["--secrets.files", str(secrets)]):
        made = House(f"http://localhost:{port}", provider, database, secrets, log)
        for person, role in PEOPLE.items():
            made.tell(person, roles=[role])
        yield made
