"""Writes down every attempt of a process to reach another one; loaded where PYTHONPATH names it.

Every interpreter that is started with it is watched, those it starts itself included. Sockets of
the file system are no network.
"""

import os
import sys

_WATCHED = {"socket.connect", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname"}
_BOOK = os.environ["CXDASH_SOCKET_BOOK"]
_LOCAL = {None, "", "localhost", b"localhost", "127.0.0.1", "::1", "0.0.0.0"}  # noqa: S104 - nothing is bound


def _watch(event: str, arguments: tuple) -> None:
    if event not in _WATCHED:
        return
    target = arguments[1] if event in {"socket.connect", "socket.sendto"} else arguments
    if isinstance(target, str | bytes) or target[0] in _LOCAL:
        return
    with open(_BOOK, "a", encoding="utf-8") as book:  # noqa: PTH123 - before anything is loaded
        book.write(f"{event} {target}\n")


sys.addaudithook(_watch)
