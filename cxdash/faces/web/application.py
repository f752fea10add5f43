"""What the server is made of beside the pages: the gate, headers, routes, checks at the start."""

import os
import sys
from typing import Any, Final

from starlette.middleware import Middleware
from starlette.routing import BaseRoute

from cxdash.access import Book
from cxdash.errors import CxdashError
from cxdash.faces.web import guard, health, logs, signin
from cxdash.faces.web.gateway import Gate
from cxdash.faces.web.headers import SecurityHeaders
from cxdash.store import default_path

__all__ = ["parts"]

_OWNER_ONLY: Final = 0o077
_OPEN: Final = (
    "cxdash runs WITHOUT SIGN-IN on an address that other machines reach: everybody there may see, "
    "load and take out everything."
)


def parts() -> dict[str, Any]:
    """The arguments of ``st.App`` beside the script; ends the program where it is not safe.

    From here on nobody but the owner may read a file the server makes: the engine's own log of the
    database holds customers' rows as the database does.
    """
    os.umask(_OWNER_ONLY)
    try:
        configuration = signin.configuration()
        Book.of(default_path().resolve()).close()
    except CxdashError as error:
        _say("\n".join(filter(None, (error.what, error.state, error.do_next))))
        sys.exit(error.exit_code)
    if not configuration.sign_in and not signin.is_local(configuration.address):
        _say(_OPEN)
    routes: list[BaseRoute] = list(health.routes())
    return {
        "middleware": [
            Middleware(SecurityHeaders, secure=configuration.secure),
            Middleware(Gate, configuration=configuration),
        ],
        "routes": routes,
        "lifespan": logs.lifetime,
        "secrets": signin.from_environment() or None,
        "on_script_error": guard.last_net,
    }


def _say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)  # noqa: T201 - whoever starts the app reads it
