"""How far an answer has come, told to whoever waits for it and to nobody else.

A face that shows progress wraps the asking in :func:`telling`; questions call :func:`tell` between
their steps. Without a listener nothing happens.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

__all__ = ["Listener", "tell", "telling"]

Listener = Callable[[str, float], None]

_listener: ContextVar[Listener | None] = ContextVar("listener", default=None)


@contextmanager
def telling(listener: Listener) -> Iterator[None]:
    """Let ``listener`` hear what is being done, as a sentence and the share (0 to 1) done so far.

    Holds for the asking inside the block, in this thread.
    """
    token = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(token)


def tell(sentence: str, share: float) -> None:
    """Say what is done next and how much is behind us.

    Raises
    ------
    ValueError
        The share lies outside 0 to 1.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"a share of the work lies between 0 and 1, got {share}")
    listener = _listener.get()
    if listener is not None:
        listener(sentence, share)
