"""The record of an unexpected exception: where it happened, without a cell of anybody's data."""

import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from cxdash import __version__
from cxdash.store.journal import Errored, note
from cxdash.store.place import default_path

__all__ = ["Incident", "record"]


@dataclass(frozen=True, slots=True)
class Incident:
    """What can be told of an unexpected exception.

    Parameters
    ----------
    kind
        Name of the exception's class.
    reference
        What a person quotes to have the record found.
    file
        Where the record lies.
    trouble
        Why the record could not be written; empty if it was.
    """

    kind: str
    reference: str
    file: Path
    trouble: str = ""

    @property
    def advice(self) -> str:
        """What to do with the record, as a sentence."""
        if self.trouble:
            return f"The details could not be written to {self.file}: {self.trouble}."
        return f"Please report it with the file {self.file}; it holds none of your data."


def record(error: BaseException, folder: Path | None = None) -> Incident:
    """Write the places ``error`` passed through to a file of its own, in ``logs`` by the database.

    The message of the exception is left out on purpose: a database engine quotes the cell it
    stumbled over, and cells belong to customers.
    """
    reference = uuid4().hex[:8]
    note(Errored(kind=type(error).__name__, reference=reference))
    folder = folder or default_path().parent / "logs"
    file = folder / f"{datetime.now(UTC):%Y-%m-%d}-{reference}.log"
    kind = type(error).__name__
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(_places(error, reference), encoding="utf-8")
    except OSError as trouble:
        return Incident(kind, reference, file, trouble.strerror or "unknown reason")
    return Incident(kind, reference, file)


def _places(error: BaseException, reference: str) -> str:
    lines = [f"reference {reference}", f"cxdash {__version__}"]
    link: BaseException | None = error
    while link is not None:
        lines.append(f"{type(link).__module__}.{type(link).__qualname__}")
        lines += [
            f"  {frame.filename}:{frame.lineno} in {frame.name}"
            for frame in traceback.extract_tb(link.__traceback__)
        ]
        link = link.__cause__ or link.__context__
    return "\n".join(lines) + "\n"
