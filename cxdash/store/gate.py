"""Many pass at once, or one is alone: what swapping the file under running readers needs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["Gate"]


class Gate:
    """Counts who is inside. A thread that is inside may enter again even while the gate is shut."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
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
    def alone(self, seconds: float) -> Iterator[None]:
        """Be alone, once those inside have left.

        Raises
        ------
        TimeoutError
            Somebody was still inside after that many seconds.
        """
        with self._changed:
            self._changed.wait_for(lambda: not self._shut)
            self._shut = True
        try:
            with self._changed:
                if not self._changed.wait_for(lambda: self._inside == 0, seconds):
                    raise TimeoutError
            yield
        finally:
            with self._changed:
                self._shut = False
                self._changed.notify_all()
