"""Ctrl-C while something runs: always one kind of exception, whatever was at work when it came.

The database engine takes the key for itself and makes a general error of it, without a trace of
where it came from.
"""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

__all__ = ["finishing", "stoppable"]


@contextmanager
def stoppable() -> Iterator[None]:
    """Let whoever is inside the block be stopped by Ctrl-C.

    Raises
    ------
    KeyboardInterrupt
        If the key was pressed and anything inside ended with an error after it.
    """
    pressed: list[int] = []

    def heed(number: int, _frame: FrameType | None) -> None:
        pressed.append(number)
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGINT, heed)
    try:
        yield
    except Exception as error:
        if pressed:
            raise KeyboardInterrupt from error
        raise
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def finishing() -> Iterator[None]:
    """Let the block come to its end although Ctrl-C is pressed; the key counts after it."""
    pressed: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _frame: pressed.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if pressed:
            signal.raise_signal(signal.SIGINT)
