"""The demo company in the store: loaded through the same door as anyone's files, and removed."""

from collections.abc import Callable
from pathlib import Path

from cxdash import intake
from cxdash.demo.exports import FILES
from cxdash.errors import DataError
from cxdash.intake import Mapping, Receipt
from cxdash.store import Database

__all__ = ["load", "remove"]

Progress = Callable[[float, str], None]


def load(db: Database, folder: Path | str, progress: Progress | None = None) -> list[Receipt]:
    """Load every export in ``folder`` with its mapping, marked as demo data; one receipt a file.

    ``progress`` is called with the share done and a sentence.

    Raises
    ------
    DataError
        If a file is missing; nothing has been loaded then.
    """
    folder = Path(folder)
    for file in FILES:
        for path in (folder / file, _mapping_path(folder, file)):
            if not path.is_file():
                raise DataError(
                    f"The demo company is not complete: {path} is missing.",
                    state="Nothing was loaded.",
                    do_next="Write it again with: python -m cxdash demo --out FOLDER",
                )
    receipts = []
    for number, file in enumerate(FILES):
        if progress:
            progress(number / len(FILES), f"Loading {file}")
        mapping = Mapping.from_toml(_mapping_path(folder, file).read_text(encoding="utf-8"))
        receipts.append(intake.load(db, folder / file, mapping, file_name=file, is_demo=True))
    if progress:
        progress(1.0, "The demo company is loaded")
    return receipts


def remove(db: Database) -> list[Receipt]:
    """Undo every import of the demo company, newest first."""
    rows = db.rows(
        "SELECT import_id FROM imports WHERE is_demo AND undone_at IS NULL ORDER BY import_id DESC"
    )
    return [intake.undo(db, row["import_id"]) for row in rows]


def _mapping_path(folder: Path, file: str) -> Path:
    return folder / "mappings" / f"{Path(file).stem}.toml"
