"""A record of Python's logging as one line of JSON that can hold nobody's data.

Our own events say what they may. A library's record may quote anything (a request, a cell, a
cookie), so of it only what stands in the library's code is told: who speaks, where, the constant
part of the message, and for an exception its kind and the places it passed.
"""

import json
import logging
import re
import sys
import traceback
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import Any, Final

from cxdash.store.journal.events import Event, Private

__all__ = ["EVENT", "TIMES", "line"]

EVENT: Final = "cxdash_event"  # under which a record of ours carries its event
TIMES: Final = "cxdash_times"  # under which a record carries how many of its like there were
_WORD: Final = re.compile(r"[\w.:/+-]{1,80}", re.ASCII)
_DEPTH: Final = 12  # places told of an exception, the innermost last
_LONGEST: Final = 300  # characters of a library's constant message
_FRAMES: Final = 40  # how far up the caller of a library's message is looked for


def line(record: logging.LogRecord) -> str:
    """The JSON of a record, without a line end."""
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    event = getattr(record, EVENT, None)
    told = _event(event) if isinstance(event, Event) else _library(record)
    times = getattr(record, TIMES, 1)
    again = {"times": times} if times > 1 else {}
    return json.dumps({"time": moment, "level": record.levelname.lower(), **told, **again})


def _event(event: Event) -> dict[str, Any]:
    names = [field.name for field in fields(event)]  # type: ignore[arg-type] # each is a data class
    values = {name: getattr(event, name) for name in names}
    return {
        "event": event.name,
        **{name: _told(value) for name, value in values.items() if value is not None},
    }


def _told(value: Any) -> Any:
    """A number as it is, our own word as it is, anything else as its mark."""
    if isinstance(value, bool | int):
        return value
    if isinstance(value, float):
        return round(value, 3)
    if isinstance(value, tuple):
        return [_told(part) for part in value]
    if isinstance(value, Private):
        return value.mark
    text = str(value)
    return text if _WORD.fullmatch(text) else Private(text).mark


def _library(record: logging.LogRecord) -> dict[str, Any]:
    told: dict[str, Any] = {
        "event": "library",
        "logger": record.name,
        "place": f"{Path(record.pathname).name}:{record.lineno}",
    }
    says = _constant(record)
    if says:
        told["says"] = says[:_LONGEST]
    error = record.exc_info[1] if record.exc_info else None
    if error is not None:
        told["kind"] = type(error).__name__
        passed = traceback.extract_tb(error.__traceback__)[-_DEPTH:]
        told["passed"] = [f"{Path(at.filename).name}:{at.lineno}" for at in passed]
    return told


def _constant(record: logging.LogRecord) -> str:
    """The message if it stands in the code that logs it; an f-string does not, and may quote."""
    frame: FrameType | None = sys._getframe()  # noqa: SLF001 - the documented way to look upward
    for _ in range(_FRAMES):
        if frame is None:
            break
        code = frame.f_code
        if code.co_filename == record.pathname and code.co_name == record.funcName:
            return str(record.msg) if record.msg in code.co_consts else ""
        frame = frame.f_back
    return ""
