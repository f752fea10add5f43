"""Which files lie inside a file that a person chose."""

from dataclasses import dataclass
from pathlib import Path

from cxdash.errors import FileRefused
from cxdash.intake.reading.archive import is_packed
from cxdash.intake.reading.gate import clean_name
from cxdash.intake.reading.reader import READER
from cxdash.intake.reading.work import unpack_job

__all__ = ["Inner", "unpacked"]


@dataclass(frozen=True, slots=True)
class Inner:
    """A file: where it lies, and what a person calls it.

    ``aside`` says why it is no table to be read; empty for a table.
    """

    path: Path
    name: str
    aside: str = ""


def unpacked(path: Path, *, file_name: str | None = None, into: Path) -> tuple[Inner, ...]:
    """The files inside a ``.zip``, ``.gz``, ``.bz2`` or ``.xz`` file; any other file is its own.

    Parameters
    ----------
    into
        An empty folder for what is unpacked; whoever gives it removes it.

    Raises
    ------
    FileRefused
        If the file is damaged, encrypted, beyond a limit, holds another archive, or is made to
        write somewhere else, or nothing inside may be a table.
    """
    name = clean_name(file_name or path.name)
    try:
        if not is_packed(path, name):
            return (Inner(path, name),)
        job = unpack_job(path.resolve(), name, into.resolve())
    except OSError as error:
        raise FileRefused(f"{name} cannot be opened: {error.strerror}.", file=name) from error
    inside = READER.do(job).answer["inside"]
    return tuple(Inner(Path(lies), called, aside) for lies, called, aside in inside)
