"""The record of an unexpected exception: where it happened, without a cell of anybody's data."""

import traceback
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from cxdash import __version__
from cxdash.store import default_path

__all__ = ["record"]


def record(error: Exception, folder: Path | None = None) -> str:
    """Write the places ``error`` passed through to a log file and return the sentences to show.

    The message of the exception is left out on purpose: a database engine quotes the cell it
    stumbled over, and cells belong to customers.
    """
    reference = uuid4().hex[:8]
    folder = folder or default_path().parent / "logs"
    file = folder / f"{datetime.now(UTC):%Y-%m-%d}-{reference}.log"
    sentence = f"Something went wrong inside cxdash ({type(error).__name__}, {reference})."
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_text(_places(error, reference), encoding="utf-8")
    except OSError as trouble:
        return f"{sentence}\nThe details could not be written to {file}: {trouble.strerror}."
    return (
        f"{sentence}\nA file that was being loaded is not loaded.\n"
        f"Please report it with the file {file}; it holds none of your data."
    )


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
