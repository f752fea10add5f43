"""Uploaded files wait here, under names of our own, until they are loaded or put away."""

import secrets
import shutil
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from cxdash.store import default_path

__all__ = ["Staged", "Upload", "discard", "folder", "stage"]

_DAY: Final = 24 * 3600
_SUFFIX: Final = ".upload"


class Upload(Protocol):
    """What the browser sent: a name and readable bytes."""

    name: str

    def read(self, size: int = -1, /) -> bytes: ...


@dataclass(frozen=True, slots=True)
class Staged:
    """A waiting file. ``name`` is what the person called it: only ever shown, never opened."""

    token: str
    name: str
    path: Path


def folder() -> Path:
    """Beside the database, readable by its owner only."""
    place = default_path().resolve().parent / "staging"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def stage(upload: Upload) -> Staged:
    """Copy an upload into the folder; files forgotten for more than a day are removed first."""
    place = folder()
    for old in place.glob(f"*{_SUFFIX}"):
        if time.time() - old.stat().st_mtime > _DAY:
            old.unlink(missing_ok=True)
    token = secrets.token_hex(8)
    path = place / f"{token}{_SUFFIX}"
    with path.open("wb") as sink:
        shutil.copyfileobj(upload, sink)
    return Staged(token, upload.name, path)


def discard(staged: Staged) -> None:
    staged.path.unlink(missing_ok=True)
