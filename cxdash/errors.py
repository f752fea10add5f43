"""Every error cxdash raises on purpose, in one tree.

    CxdashError
    ├── Forbidden                   whoever asks may not do this; nothing was shown or changed
    ├── UsageError                  the command or the call is wrong (exit code 2)
    │   └── VariantsDifferError     two variants of a metric were to be compared (facts)
    └── DataError                   something about the data must be mended (exit code 1)
        ├── FileRefused             a file cannot be read safely; nothing was loaded
        ├── MappingIncomplete       a person must decide something first; nothing was loaded
        ├── EntryRefused            what a person entered breaks a rule; nothing was saved
        ├── Conflict                somebody else has changed the entry meanwhile; nothing was saved
        └── StoreError              the database file cannot be used
            ├── StoreLocked         another process holds it
            ├── StoreForeign        it is not a cxdash database
            ├── StoreDamaged        parts of it cannot be read any more
            ├── StoreFull           the disk has no room for the work
            └── StoreNewer          a newer cxdash wrote it

A message says what failed and where, what state the data is in, and what to do next.
"""

from collections.abc import Sequence
from typing import ClassVar

__all__ = [
    "Conflict",
    "CxdashError",
    "DataError",
    "EntryRefused",
    "FileRefused",
    "Forbidden",
    "MappingIncomplete",
    "StoreDamaged",
    "StoreError",
    "StoreForeign",
    "StoreFull",
    "StoreLocked",
    "StoreNewer",
    "UsageError",
]


class CxdashError(Exception):
    """A problem a person can act on.

    Parameters
    ----------
    what
        What failed, with the file, row and column where they are known.
    state
        What state the data is in now, for example "Nothing was loaded."
    do_next
        What the person can do about it.
    commands
        What to type for it, in the order ``do_next`` speaks of them.
    """

    exit_code = 1

    def __init__(
        self, what: str, *, state: str = "", do_next: str = "", commands: Sequence[str] = ()
    ) -> None:
        self.what = what
        self.state = state
        self.do_next = do_next
        self.commands = tuple(commands)
        super().__init__(" ".join(part for part in (what, state, do_next, *commands) if part))

    def for_readers(self) -> "CxdashError":
        """The same for people who may only read: no path of the machine, nothing to type there."""
        return self


class UsageError(CxdashError):
    """The command, the question or a parameter does not exist or has a wrong value."""

    exit_code = 2


class Forbidden(CxdashError):
    """Whoever asks may not do this; nothing was shown or changed."""


class DataError(CxdashError):
    """Something about the data must be mended before the work can be done."""


class FileRefused(DataError):
    """A file cannot be read safely, or holds something other than a table."""

    def __init__(
        self,
        what: str,
        *,
        file: str,
        line: int | None = None,
        column: str | None = None,
        do_next: str = "",
    ) -> None:
        self.file = file
        self.line = line
        self.column = column
        super().__init__(what, state="Nothing was loaded.", do_next=do_next)


class MappingIncomplete(DataError):
    """The file is readable but a person must decide something before it can be loaded.

    ``questions`` holds the open questions as plain sentences, in the order they should be asked.
    """

    def __init__(self, what: str, *, questions: Sequence[str], do_next: str = "") -> None:
        self.questions = tuple(questions)
        super().__init__(what, state="Nothing was loaded.", do_next=do_next)


class EntryRefused(DataError):
    """What a person entered breaks a rule of its kind; ``problems`` are sentences, one a rule."""

    def __init__(
        self, what: str, *, problems: Sequence[str], state: str = "", do_next: str = ""
    ) -> None:
        self.problems = tuple(problems)
        super().__init__(what, state=state, do_next=do_next)


class Conflict(DataError):
    """Somebody else has changed the same thing meanwhile."""


class StoreError(DataError):
    """The database file cannot be used."""

    to_readers: ClassVar[str] = "The database cannot be used at the moment."

    def for_readers(self) -> CxdashError:
        return type(self)(
            self.to_readers, state=self.state, do_next="Tell whoever looks after cxdash here."
        )


class StoreLocked(StoreError):
    """Another process holds the database file."""

    to_readers = "The database is in use by another program."


class StoreForeign(StoreError):
    """The file is not a cxdash database."""

    to_readers = "What stands in the place of the database is none of cxdash."


class StoreDamaged(StoreError):
    """Parts of the database file cannot be read any more."""

    to_readers = "The database is damaged, or another program changed it."


class StoreFull(StoreError):
    """The disk has no room for the work, or none was left while it was done."""

    to_readers = "The disk of the database has no room for this."


class StoreNewer(StoreError):
    """The database file was written by a newer cxdash."""

    to_readers = "The database was written by a newer cxdash than this one."
