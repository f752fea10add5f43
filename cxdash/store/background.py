"""One piece of work in the background: how far it is, how it ended, and what it gave.

A page that goes away, or a click that ends its script, does not touch it.
"""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final, Generic, Literal, TypeVar

from cxdash.errors import CxdashError, DataError
from cxdash.store.incident import record

__all__ = ["Job", "Progress", "State", "unheard"]

Result = TypeVar("Result")
Progress = Callable[[float, str], None]
State = Literal["waiting", "running", "done", "failed"]
_ALIVE: Final = ("waiting", "running")


def unheard(fraction: float, message: str) -> None:
    """The progress nobody listens to."""


class Job(Generic[Result]):
    """One piece of work.

    Attributes
    ----------
    title
        What it is called.
    state
        ``waiting``, ``running``, ``done`` or ``failed``.
    fraction
        How far it is, from 0 to 1.
    message
        What it is doing, as a short sentence.
    result
        What the work gave once it is done.
    error
        What went wrong once it has failed.
    """

    def __init__(
        self,
        title: str,
        logs: Path,
        *,
        message: str = "Waiting for the work before it",
        broken_off: str = "Nothing was changed.",
    ) -> None:
        self.title = title
        self.state: State = "waiting"
        self.fraction = 0.0
        self.message = message
        self.result: Result | None = None
        self.error: CxdashError | None = None
        self._logs = logs
        self._broken_off = broken_off
        self._ended = threading.Event()

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self.state in _ALIVE

    def wait(self, timeout: float | None = None) -> bool:
        """Wait until it has ended; False if it had not after ``timeout`` seconds."""
        return self._ended.wait(timeout)

    def tell(self, fraction: float, message: str) -> None:
        """Take a progress report; the bar never goes back."""
        self.fraction, self.message = max(self.fraction, fraction), message

    def run(self, work: Callable[[], Result]) -> None:
        """Do the work; every way it can end is recorded for the page that polls."""
        self.state = "running"
        try:
            self.result = work()
        except CxdashError as error:
            # It is kept for a page, and the frames it passed hold rows and names.
            self.error, self.state = error.with_traceback(None), "failed"
        except BaseException as error:
            # Nobody waits for this thread, so the record and the page are all that tells of it.
            incident = record(error, self._logs)
            self.error = DataError(
                f"{self.title} stopped on an error of ours "
                f"({incident.kind}, reference {incident.reference}).",
                state=self._broken_off,
                do_next=incident.advice,
            )
            self.state = "failed"
            raise
        else:
            self.fraction, self.message, self.state = 1.0, "Done", "done"
        finally:
            self._ended.set()
