"""Where the lines go: a file that is turned over by size and age, or standard error.

``CXDASH_LOG=stderr`` sends them to standard error, for a container or a service manager that keeps
them itself; otherwise they lie in ``logs/cxdash.log`` beside the database.
"""

import json
import logging
import os
import sys
import time
from datetime import datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Final

from cxdash.store.journal.events import Event
from cxdash.store.journal.lines import EVENT, line
from cxdash.store.journal.thinning import Thinned

__all__ = ["Journal", "keep", "note"]

FILE: Final = "cxdash.log"
_BYTES: Final = 5_000_000  # a file of the log
_FILES: Final = 5  # older ones kept beside it
_DAY: Final = 24 * 3600  # seconds
_TURN_SECONDS: Final = 7 * _DAY
KEPT_DAYS: Final = 90  # at most; also for the records of errors
_LOG: Final = logging.getLogger("cxdash")
_LOG.addHandler(logging.NullHandler())  # nobody keeps a log: nothing on standard error either
_LOG.setLevel(logging.INFO)


def note(event: Event) -> None:
    """Write an event to the log, where one is kept."""
    _LOG.log(event.level, event.name, extra={EVENT: event})


class _Lines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        return line(record)


def _is_told(record: logging.LogRecord) -> bool:
    """Our events, and what a library warns of."""
    return hasattr(record, EVENT) or record.levelno >= logging.WARNING


class Journal(RotatingFileHandler):
    """The file of the log in ``folder``, readable by its owner only.

    It is turned over at 5 MB or after seven days; five older ones are kept, 90 days at most. Of
    lines that say the same only some are written. A line that cannot be written goes to standard
    error instead.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._folder = folder
        (folder / FILE).touch(mode=0o600)
        super().__init__(folder / FILE, maxBytes=_BYTES, backupCount=_FILES, encoding="utf-8")
        self.setFormatter(_Lines())
        self.addFilter(_is_told)
        self.addFilter(Thinned())
        self._begun = _first_moment(folder / FILE)
        self._clear_old()

    def shouldRollover(self, record: logging.LogRecord) -> bool:  # noqa: N802 - its name there
        return time.time() - self._begun > _TURN_SECONDS or bool(super().shouldRollover(record))

    def doRollover(self) -> None:  # noqa: N802 - its name there
        super().doRollover()
        Path(self.baseFilename).chmod(0o600)
        self._begun = time.time()
        self._clear_old()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name there
        print(line(record), file=sys.stderr)  # noqa: T201 - the log itself is what failed

    def _clear_old(self) -> None:
        """Files of the log and records of errors beyond their time."""
        for file in (*self._folder.glob(f"{FILE}.*"), *self._folder.glob("????-??-??-*.log")):
            if time.time() - file.stat().st_mtime > KEPT_DAYS * _DAY:
                file.unlink(missing_ok=True)


def keep(folder: Path) -> logging.Handler:
    """From now on write the log: ours, and warnings of every library that speaks through logging.

    Calling it again puts the new place in the stead of the old one. Returns what was put in, so
    that it can be taken out again.
    """
    handler: logging.Handler
    if os.environ.get("CXDASH_LOG") == "stderr":
        handler = logging.StreamHandler(sys.stderr)
        handler.setFormatter(_Lines())
        handler.addFilter(_is_told)
        handler.addFilter(Thinned())
    else:
        handler = Journal(folder)
    root = logging.getLogger()
    for old in [known for known in root.handlers if isinstance(known.formatter, _Lines)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    logging.captureWarnings(capture=True)
    return handler


def _first_moment(file: Path) -> float:
    """When the file was begun, by its first line; now if it has none that can be read."""
    with file.open(encoding="utf-8", errors="replace") as lines:
        first = lines.readline()
    try:
        return datetime.fromisoformat(json.loads(first)["time"]).timestamp()
    except (ValueError, KeyError, TypeError):
        return time.time()
