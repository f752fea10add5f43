"""What was worked out on a state of the data is kept as long as that state lasts.

Everything kept is keyed by the data version, never by a frame: two large frames can look alike to a
hash and still differ in the row that matters.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import TypeVar, cast

__all__ = ["Memo"]

Made = TypeVar("Made")


class Memo:
    """Results by kind and key, the least lately used of a kind going first.

    Two threads that ask for the same thing at once wait for one making of it. What raised is not
    kept.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._making: dict[Hashable, threading.Lock] = {}
        self._shelves: dict[str, OrderedDict[Hashable, object]] = {}

    def get(self, kind: str, key: Hashable, make: Callable[[], Made], *, room: int) -> Made:
        """The result kept under that key, made now if there is none.

        ``room`` is how many results of that kind are kept.
        """
        with self._guard:
            shelf = self._shelves.setdefault(kind, OrderedDict())
            if key in shelf:
                return cast("Made", _used(shelf, key))
            turn = self._making.setdefault((kind, key), threading.Lock())
        with turn:
            try:
                with self._guard:
                    if key in shelf:  # made by another while this one waited
                        return cast("Made", _used(shelf, key))
                made = make()
                with self._guard:
                    shelf[key] = made
                    while len(shelf) > room:
                        shelf.popitem(last=False)
            finally:
                with self._guard:
                    self._making.pop((kind, key), None)
            return made

    def clear(self) -> None:
        """Forget everything, for example because a customer has been erased."""
        with self._guard:
            self._shelves.clear()


def _used(shelf: OrderedDict[Hashable, object], key: Hashable) -> object:
    shelf.move_to_end(key)
    return shelf[key]
