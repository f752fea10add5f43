"""Uploaded files wait here, under names of our own, until they are loaded or put away.

Each person has a folder, so that a reload or a second tab finds the same files, and a quota. What
the person called a file stands beside it as text; it is only ever shown, never opened as a path.
Beside it lies also what the person said about it, which goes when the file goes.
"""

import hashlib
import secrets
import shutil
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from cxdash import intake
from cxdash.errors import UsageError
from cxdash.facts.format import count
from cxdash.store import Place, default_path

__all__ = [
    "BYTES",
    "FILES",
    "Staged",
    "Upload",
    "claim",
    "discard",
    "folder",
    "give_back",
    "listed",
    "stage",
]

FILES: Final = 20  # that may wait for one person
BYTES: Final = 1_000_000_000
_MB: Final = 1_000_000
_DAY: Final = 24 * 3600
_HANDING_OVER: Final = 60  # seconds between claiming a file and the import that holds it, at most
_ARRIVES, _WAITS, _LEAVES = ".part", ".upload", ".loading"
_NAME, _SAID = ".name", ".said"  # beside the file of that token, as long as there is one
_LONGEST_NAME: Final = 500


class Upload(Protocol):
    """What the browser sent: a name, a size in bytes and readable bytes."""

    name: str
    size: int

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Staged:
    """A waiting file. ``name`` is what the person called it: only ever shown, never opened."""

    token: str
    name: str
    path: Path

    @property
    def said(self) -> Path:
        """Where what the person says about it is written down, as long as the file is there."""
        return self.path.with_suffix(_SAID)


def folder(person: str) -> Path:
    """Of one person, beside the database, readable by its owner only."""
    base = Place.of(default_path()).staging
    base.mkdir(parents=True, exist_ok=True, mode=0o700)
    place = base / hashlib.sha256(person.encode()).hexdigest()[:16]
    place.mkdir(exist_ok=True, mode=0o700)
    return place


def listed(person: str) -> list[Staged]:
    """The files that wait for a person, in the order they came; those older than a day are gone.

    A file that was taken out to be loaded and that no import holds waits again: its import failed
    after the page had gone, or the program ended before it.
    """
    place = folder(person)
    held = {path for job in intake.under_way() for path in job.left_over}
    for leaving in place.glob(f"*{_LEAVES}"):
        if leaving not in held and time.time() - _claimed(leaving) > _HANDING_OVER:
            with suppress(FileNotFoundError):
                leaving.rename(leaving.with_suffix(_WAITS))
    for old in place.iterdir():
        if old.suffix not in (_NAME, _SAID) and time.time() - _written(old) > _DAY:
            old.unlink(missing_ok=True)
    for beside in place.iterdir():
        if _is_left_over(beside):
            beside.unlink(missing_ok=True)
    return [_staged(path) for path in sorted(place.glob(f"*{_WAITS}"))]


def stage(upload: Upload, person: str, *, largest: int) -> list[str]:
    """Copy an upload to where it waits; of an archive the tables inside it.

    Gives a sentence for each file of an archive that is left aside, because it is no table.

    Raises
    ------
    UsageError
        If it has more than ``largest`` bytes, or the person's quota is used up; what was taken
        before that waits.
    FileRefused
        If an archive cannot be unpacked safely; nothing of it was kept.
    """
    if upload.size > largest:
        raise UsageError(
            f"{upload.name} was not taken: it has {upload.size / _MB:,.1f} MB, and at most "
            f"{largest / _MB:,.0f} MB are.",
            state="Nothing was loaded.",
            do_next="Export a shorter time or fewer columns, or load it with the command line, "
            "which takes larger files.",
        )
    _refuse_beyond_quota(upload.name, upload.size, person)
    arriving = _arriving(person)
    try:
        with arriving.open("wb") as sink:
            shutil.copyfileobj(upload, sink)
        with tempfile.TemporaryDirectory(dir=arriving.parent.parent) as unpacked:
            inner = intake.unpacked(arriving, file_name=upload.name, into=Path(unpacked))
            if inner[0].path == arriving:
                _arrived(arriving, upload.name)
                return []
            for one in inner:
                if not one.aside:
                    _take_in(one.path, f"{upload.name}: {one.name}", person)
            left = [one for one in inner if one.aside]
            return [f"{upload.name}: {one.name} is left aside: {one.aside}." for one in left]
    finally:
        arriving.unlink(missing_ok=True)


def _take_in(file: Path, name: str, person: str) -> None:
    """Move a file that came out of an archive to where it waits."""
    _refuse_beyond_quota(name, file.stat().st_size, person)
    arriving = _arriving(person)
    shutil.move(file, arriving)
    _arrived(arriving, name)


def claim(staged: Staged) -> Path | None:
    """The file taken out of the waiting ones, to be loaded; None if it waits no more.

    Of two tabs that load the same file at the same time only one gets it.
    """
    leaving = staged.path.with_suffix(_LEAVES)
    try:
        staged.path.rename(leaving)
    except FileNotFoundError:
        return None
    return leaving


def give_back(staged: Staged) -> None:
    """Let a claimed file wait again, because it could not be loaded."""
    leaving = staged.path.with_suffix(_LEAVES)
    if leaving.exists():
        leaving.rename(staged.path)


def discard(staged: Staged) -> None:
    for ending in (_WAITS, _NAME, _SAID):
        staged.path.with_suffix(ending).unlink(missing_ok=True)


def _written(path: Path) -> float:
    """When a file was last written; now for one that is gone meanwhile."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return time.time()


def _claimed(path: Path) -> float:
    """When a file was last renamed; now for one that is gone meanwhile."""
    try:
        return path.stat().st_ctime
    except FileNotFoundError:
        return time.time()


def _is_left_over(path: Path) -> bool:
    """Whether it lies beside a file that waits no more."""
    if path.suffix not in (_NAME, _SAID):
        return False
    return not any(path.with_suffix(end).exists() for end in (_ARRIVES, _WAITS, _LEAVES))


def _arriving(person: str) -> Path:
    """Where a new file is written to. Its own name begins with the time, so that order is kept."""
    return folder(person) / f"{time.time_ns():020d}{secrets.token_hex(4)}{_ARRIVES}"


def _arrived(arriving: Path, name: str) -> None:
    """Write the name down beside a file that is whole, and let it wait."""
    # A lone half of a character cannot be written as UTF-8.
    shown = name[-_LONGEST_NAME:].encode("utf-8", "replace")
    arriving.with_suffix(_NAME).write_bytes(shown)
    arriving.rename(arriving.with_suffix(_WAITS))


def _staged(path: Path) -> Staged:
    try:
        name = path.with_suffix(_NAME).read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        name = "unnamed file"
    return Staged(path.stem, name, path)


def _refuse_beyond_quota(name: str, size: int, person: str) -> None:
    waiting = [path.stat().st_size for path in folder(person).glob(f"*{_WAITS}")]
    if len(waiting) >= FILES:
        what = f"{name} was not taken: {count(len(waiting))} files wait already."
    elif sum(waiting) + size > BYTES:
        what = f"{name} was not taken: the files that wait would exceed {BYTES / _MB:,.0f} MB."
    else:
        return
    raise UsageError(
        what,
        state="The other files wait as before.",
        do_next="Load the files that are ready, or put some away, then bring this one again.",
    )
