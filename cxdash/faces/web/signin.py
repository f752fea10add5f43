"""Is there sign-in, and is it safe to start? Secrets and server options, checked once at start.

Without a section [auth] in the secrets there is no sign-in: then the app answers on this machine
only, unless the operator says otherwise in so many words.
"""

import ipaddress
import os
import stat
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import streamlit as st
from streamlit import config

from cxdash.access import Book
from cxdash.access.settings import Settings
from cxdash.errors import UsageError
from cxdash.faces.web.inside import CALLBACK
from cxdash.store import default_path

__all__ = [
    "OPEN_ANYWAY",
    "Configuration",
    "book",
    "check",
    "configuration",
    "from_environment",
    "is_local",
]

OPEN_ANYWAY: Final = "CXDASH_WITHOUT_SIGN_IN"
_SHORTEST_SECRET: Final = 32  # characters
_FEWEST_DIFFERENT: Final = 10  # characters
_NEEDED: Final = (
    "redirect_uri",
    "cookie_secret",
    "client_id",
    "client_secret",
    "server_metadata_url",
)
_SAMPLES: Final = ("xxx", "change", "secret", "example", "replace", "your", "password")
# What the server must not be told, whoever starts it.
_OPTIONS: Final[Mapping[str, Any]] = {
    "server.enableXsrfProtection": True,
    "server.enableCORS": True,
    "server.enableAgentApi": False,
    "server.enableStaticServing": False,
    "server.baseUrlPath": "",
    "server.trustedUserHeaders": {},
    "global.developmentMode": False,
}


@dataclass(frozen=True, slots=True)
class Configuration:
    """How people get in.

    Attributes
    ----------
    sign_in
        Whether there is sign-in at all.
    issuer
        Address of the provider's description of itself.
    origin
        ``scheme://host[:port]`` under which browsers know the app; empty without sign-in.
    address
        The address the server listens on.
    """

    sign_in: bool = False
    settings: Settings = field(default_factory=Settings)
    issuer: str = ""
    origin: str = ""
    address: str = "127.0.0.1"

    @property
    def secure(self) -> bool:
        """Whether browsers reach the app by TLS only."""
        return self.origin.startswith("https://")

    def knows_host(self, name: str) -> bool:
        """Whether the app may be addressed under this name.

        A foreign name would let a foreign page talk to an app on the reader's own machine. A bare
        number cannot be pointed elsewhere, so it is good wherever the app is bound to one.
        """
        own = {"localhost", urlsplit(self.origin).hostname, self.address, *self.settings.hosts}
        if name in own:
            return True
        number = _number(name)
        return number is not None and (number.is_loopback or not is_local(self.address))


@lru_cache(maxsize=1)
def configuration() -> Configuration:
    """The configuration of this process, checked; UsageError says what makes it unsafe."""
    secrets: dict[str, Any] = st.secrets.to_dict() if st.secrets.load_if_toml_exists() else {}
    given = {name: {**secrets.get(name, {}), **of} for name, of in from_environment().items()}
    files = [Path(name) for name in config.get_option("secrets.files")]
    address = config.get_option("server.address")
    return check({**secrets, **given}, address=address, files=files, option=config.get_option)


def from_environment() -> dict[str, dict[str, Any]]:
    """Sections of the secrets that come from variables such as CXDASH_AUTH_CLIENT_ID."""
    auth = {
        name: os.environ[f"CXDASH_AUTH_{name.upper()}"]
        for name in _NEEDED
        if os.environ.get(f"CXDASH_AUTH_{name.upper()}")
    }
    admins = [one.strip() for one in os.environ.get("CXDASH_ADMINS", "").split(",") if one.strip()]
    return {
        **({"auth": auth} if auth else {}),
        **({"access": {"admins": admins}} if admins else {}),
    }


def check(
    secrets: Mapping[str, Any],
    *,
    address: str | None,
    files: Sequence[Path] = (),
    option: Any = config.get_option,
) -> Configuration:
    """The configuration these secrets make; UsageError where starting would not be safe."""
    for name, wanted in _OPTIONS.items():
        if option(name) != wanted and option(name) is not None:
            raise _unsafe(f"{name} is {option(name)!r}", f"Set {name} to {wanted!r}.")
    bound = address or "0.0.0.0"  # noqa: S104 - what Streamlit does when nothing is said
    settings = Settings.read(secrets.get("access", {}))
    auth = secrets.get("auth")
    if not auth:
        if not is_local(bound) and os.environ.get(OPEN_ANYWAY) != "1":
            raise _unsafe(
                f"without sign-in, the app would show everything to anybody who reaches {bound}",
                "Set up sign-in (README.md, section Sign-in), listen on 127.0.0.1, or start with "
                "--without-sign-in if everybody there may see and change everything.",
            )
        return Configuration(settings=settings, address=bound)
    for file in files:
        _check_file(file)
    _check_auth(auth)
    callback = urlsplit(str(auth["redirect_uri"]))
    return Configuration(
        sign_in=True,
        settings=settings,
        issuer=str(auth["server_metadata_url"]),
        origin=f"{callback.scheme}://{callback.netloc}",
        address=bound,
    )


def is_local(address: str) -> bool:
    """Whether only this machine reaches the address."""
    number = _number(address)
    return address == "localhost" or (number is not None and number.is_loopback)


def book() -> Book:
    """The book of people and sign-ins of this process's database."""
    return _book(default_path().resolve())


@lru_cache(maxsize=2)
def _book(database: Path) -> Book:
    return Book.of(database)


def _number(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _check_auth(auth: Mapping[str, Any]) -> None:
    for name in _NEEDED:
        if not str(auth.get(name, "")).strip():
            raise _unsafe(f"the secrets lack auth.{name}", "README.md shows all that is needed.")
    secret = str(auth["cookie_secret"])
    if len(secret) < _SHORTEST_SECRET:
        raise _unsafe(f"auth.cookie_secret is shorter than {_SHORTEST_SECRET}", _MAKE_ONE)
    simple = len(set(secret)) < _FEWEST_DIFFERENT
    if simple or any(sample in secret.casefold() for sample in _SAMPLES):
        raise _unsafe("auth.cookie_secret can be guessed", _MAKE_ONE)
    if str(auth["client_secret"]).casefold().strip("x.-<> ") in {"", "secret", "changeme"}:
        raise _unsafe("auth.client_secret is a sample", "Take the secret your provider gave.")
    for name in ("redirect_uri", "server_metadata_url"):
        where = urlsplit(str(auth[name]))
        if where.scheme != "https" and not is_local(where.hostname or ""):
            raise _unsafe(f"auth.{name} does not begin with https", "Use TLS for it.")
    if urlsplit(str(auth["redirect_uri"])).path != CALLBACK:
        raise _unsafe(f"auth.redirect_uri does not end in {CALLBACK}", "Mend it there.")


_MAKE_ONE: Final = 'Make one: python -c "import secrets; print(secrets.token_hex(32))"'


def _check_file(file: Path) -> None:
    if file.exists() and file.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise _unsafe(f"others may read {file}", f"Take that right away: chmod 600 {file}")


def _unsafe(why: str, do_next: str) -> UsageError:
    return UsageError(
        f"cxdash does not start, because it would not be safe: {why}.",
        state="Nothing was started.",
        do_next=do_next,
    )
