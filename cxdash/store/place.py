"""Where the database file lies, and where everything that belongs beside it does."""

import os
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Place", "default_path"]


def default_path() -> Path:
    """Where the database lives unless told otherwise: ``CXDASH_DB`` or ``data/cxdash.duckdb``."""
    return Path(os.environ.get("CXDASH_DB") or Path("data") / "cxdash.duckdb")


@dataclass(frozen=True, slots=True)
class Place:
    """A database file and its neighbours. ``file`` is free of links, so that all neighbours agree.

    The process that has the database open must never open ``file`` by its name: closing it again
    would give the engine's lock away, and a second process could write into the same file.
    """

    file: Path

    @classmethod
    def of(cls, path: Path | str) -> "Place":
        return cls(Path(path).resolve())

    @property
    def log(self) -> Path:
        """The engine's log of what is committed but not yet in the file."""
        return self._beside("{}.wal")

    @property
    def ledger(self) -> Path:
        """The list of imports that is kept outside the database."""
        return self._beside("{}.ledger")

    @property
    def copies(self) -> Path:
        """The list of every copy of the database that was made."""
        return self._beside("{}.copies.json")

    @property
    def erased(self) -> Path:
        """Hashes of erased customers, so that an old backup cannot bring them back."""
        return self._beside("{}.erased")

    @property
    def reserve(self) -> Path:
        """Disk space kept back for the day on which the disk is full."""
        return self._beside("{}.reserve")

    @property
    def spill(self) -> Path:
        """What a query cannot hold in memory."""
        return self._beside("{}.tmp")

    @property
    def work(self) -> Path:
        """The only folder the engine may write to: copies are made here, then put where they go."""
        return self._beside(".{}.work")

    @property
    def access(self) -> Path:
        """People, their rights and the audit log: a file of its own, which backups take along."""
        return self.file.with_name(f"{self.file.stem}.access.sqlite")

    @property
    def backups(self) -> Path:
        return self.file.parent / "backups"

    @property
    def staging(self) -> Path:
        """Uploads that wait to be loaded into this database, a folder for each person."""
        return self._beside("{}.staging")

    @property
    def logs(self) -> Path:
        return self.file.parent / "logs"

    def _beside(self, pattern: str) -> Path:
        return self.file.with_name(pattern.format(self.file.name))
