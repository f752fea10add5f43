"""The log of the server: what Streamlit and its libraries say goes where our own lines go."""

import logging
import sys
import threading
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Final

import streamlit as st
from streamlit import logger as streamlit_logger

from cxdash import __version__
from cxdash.store import default_path
from cxdash.store.incident import record
from cxdash.store.journal import Started, Stopped, keep, note

__all__ = ["begin", "lifetime"]

# Caches are named before the server runs, and each time this says so.
_BEFORE_START: Final = "streamlit.runtime.caching.cache_data_api"
_SPEAKERS: Final = ("streamlit", "uvicorn", "websockets", "starlette", "asyncio", "watchdog")


def begin() -> None:
    """Keep the log beside the database; nobody prints a message that may quote a cell.

    Streamlit gives every logger a handler of its own that prints messages whole, and makes loggers
    as it goes. From here on each hands its records on to the one log instead.
    """
    keep(default_path().resolve().parent / "logs")
    streamlit_logger.setup_formatter = _hand_on
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] in _SPEAKERS:
            _hand_on(logging.getLogger(name))
    logging.getLogger(_BEFORE_START).setLevel(logging.ERROR)
    sys.excepthook = _last_words
    threading.excepthook = _of_a_thread


@asynccontextmanager
async def lifetime(_app: st.App) -> AsyncIterator[dict[str, Any]]:
    """Note that the server answers from now on, and that it was told to stop."""
    began = time.monotonic()
    note(Started(version=__version__, seconds=time.process_time()))
    yield {}
    note(Stopped(seconds=time.monotonic() - began))


def _hand_on(logger: logging.Logger) -> None:
    logger.handlers.clear()
    logger.propagate = True


def _last_words(
    _kind: type[BaseException], error: BaseException, _where: TracebackType | None
) -> None:
    record(error)


def _of_a_thread(ended: threading.ExceptHookArgs) -> None:
    if ended.exc_value is not None:
        _last_words(ended.exc_type, ended.exc_value, ended.exc_traceback)
