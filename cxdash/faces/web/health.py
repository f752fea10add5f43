"""Whether the server can do its work: ``/health``, for a service manager, a container, a proxy.

It tells nothing of anybody's data: the names of the checks and which of them fails. 200 means
ready, 503 means not.
"""

import threading
import time
from collections.abc import Callable, Mapping
from typing import Final

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from cxdash import __version__, intake
from cxdash.errors import CxdashError
from cxdash.faces.web import state
from cxdash.store import default_path, space
from cxdash.store.journal import NotReady, Ready, note

__all__ = ["PATH", "Health", "routes"]

PATH: Final = "/health"
_OK: Final = "ok"
_SPACE: Final = 200_000_000  # bytes that must be free beside the database
_STUCK_SECONDS: Final = 10  # that a file may wait while nothing is being written
_FRESH_SECONDS: Final = 1.0  # one look serves all who ask within it


class Health:
    """The checks, and what the last look at them found."""

    def __init__(self, checks: Mapping[str, Callable[[], str]]) -> None:
        self._checks = checks
        self._lock = threading.Lock()
        self._looked = float("-inf")
        self._found: dict[str, str] = {}
        self._failing: tuple[str, ...] = ()

    def look(self) -> dict[str, str]:
        """Every check with ``ok`` or what is wrong; a change of the whole is noted in the log."""
        with self._lock:
            if time.monotonic() - self._looked > _FRESH_SECONDS:
                self._found = {name: _said(check) for name, check in self._checks.items()}
                self._looked = time.monotonic()
                failing = tuple(name for name, said in self._found.items() if said != _OK)
                if failing and failing != self._failing:
                    note(NotReady(reasons=failing))
                elif self._failing and not failing:
                    note(Ready())
                self._failing = failing
            return dict(self._found)


def routes() -> list[Route]:
    """The route of the health check; it needs no sign-in."""
    health = Health(
        {"database": _database, "ledger": _ledger, "writer": _Writer().check, "space": _space}
    )

    def answer(_request: Request) -> JSONResponse:
        found = health.look()
        ready = all(said == _OK for said in found.values())
        told = {"status": "ready" if ready else "not ready", "version": __version__}
        return JSONResponse(
            {**told, "checks": found},
            status_code=200 if ready else 503,
            headers={"Cache-Control": "no-store"},
        )

    return [Route(PATH, answer, methods=["GET"])]


def _said(check: Callable[[], str]) -> str:
    """What the check says; an error is told by its kind alone, its message may quote data."""
    try:
        return check()
    except CxdashError as error:
        return type(error).__name__
    except Exception as error:  # noqa: BLE001 - whatever fails, the check is what tells of it
        return f"error {type(error).__name__}"


def _database() -> str:
    """It opens and answers."""
    return _OK if state.database().rows("SELECT 1 AS one") == [{"one": 1}] else "no answer"


def _ledger() -> str:
    """The database holds all that was ever committed to it."""
    return "committed work is missing" if state.database().loss else _OK


def _space() -> str:
    return _OK if space.free(default_path().resolve().parent) >= _SPACE else "less than 200 MB free"


class _Writer:
    """Whether files that wait to be loaded get their turn."""

    def __init__(self) -> None:
        self._waiting_since: float | None = None

    def check(self) -> str:
        states = {job.state for job in intake.under_way()}
        if "waiting" not in states or "running" in states:
            self._waiting_since = None
            return _OK
        self._waiting_since = self._waiting_since or time.monotonic()
        stuck = time.monotonic() - self._waiting_since > _STUCK_SECONDS
        return "files wait and none is loaded" if stuck else _OK
