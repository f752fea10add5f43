"""Many pass at once, or one is alone: what swapping the file under running readers needs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Gate"]


class Gate:
    """Counts who is inside. A thread that is inside may enter again even while the gate is shut."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._turn = threading.Lock()  # of those who want to be alone
        self._inside = 0
        self._shut = False
        self._own = threading.local()

    @property
    def entered(self) -> int:
        """How often this thread is inside."""
        return getattr(self._own, "depth", 0)

    @property
    def is_empty(self) -> bool:
        """Whether nobody is inside."""
        with self._changed:
            return self._inside == 0

    @contextmanager
    def passing(self) -> Iterator[None]:
        """Be inside with others; waits while somebody is alone."""
        with self._changed:
            if not self.entered:
                self._changed.wait_for(lambda: not self._shut)
            self._inside += 1
            self._own.depth = self.entered + 1
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._own.depth -= 1
                self._changed.notify_all()

    @contextmanager
    def alone(self, seconds: float, *, tries: int = 1) -> Iterator[None]:
        """Be alone, once those inside have left.

        The gate is shut for so many seconds at most while they are waited for; then it is open for
        as long before the next try, so that nobody outside waits for somebody slow inside.

        Raises
        ------
        TimeoutError
            Somebody was still inside at every try.
        """
        with self._turn:
            if not any(self._emptied(seconds) for _ in range(tries)):
                raise TimeoutError
            try:
                yield
            finally:
                with self._changed:
                    self._shut = False
                    self._changed.notify_all()

    def _emptied(self, seconds: float) -> bool:
        """Shut the gate; open it again, for others to pass, if those inside stay too long."""
        with self._changed:
            self._shut = True
            if self._changed.wait_for(lambda: self._inside == 0, seconds):
                return True
            self._shut = False
            self._changed.notify_all()
            self._changed.wait_for(lambda: self._inside == 0, seconds)
            return False
