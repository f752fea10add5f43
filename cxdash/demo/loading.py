"""The demo company in the store: loaded through the same door as anyone's files, and removed."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cxdash import intake
from cxdash.demo import story
from cxdash.demo.exports import FILES
from cxdash.errors import DataError
from cxdash.intake import Mapping, Receipt
from cxdash.store import Database

__all__ = ["Removed", "load", "loaded", "remove"]

Progress = Callable[[float, str], None]


@dataclass(frozen=True, slots=True)
class Removed:
    """What became of the demo company: its imports taken back, their rows, and imports that stay.

    ``rows`` are those its files had loaded; ``kept`` are imports of one's own that go on counting;
    ``entries`` are those of its people in the register, which are out as well.
    """

    imports: tuple[int, ...]
    rows: int
    kept: int
    entries: int


def load(db: Database, folder: Path | str, progress: Progress | None = None) -> list[Receipt]:
    """Load every export in ``folder`` with its mapping, marked as demo data; one receipt a file.

    What its people entered over the year goes into the register.

    ``progress`` is called with the share done, 0 to 1, and a sentence. When a file fails, those
    loaded before it are taken out again: half a company would show wrong numbers.

    Raises
    ------
    DataError
        If a file is missing or cannot be loaded; no demo rows are left in the database then.
    """
    folder = Path(folder)
    _refuse_unless_whole(folder)
    receipts: list[Receipt] = []
    try:
        for number, file in enumerate(FILES):
            receipts.append(_load_one(db, folder, file, _part(progress, number)))
        story.enter(db)
    except BaseException:
        for receipt in reversed(receipts):
            intake.undo(db, receipt.import_id)
        raise
    return receipts


def loaded(db: Database) -> list[int]:
    """Numbers of the demo company's imports that count."""
    rows = db.rows(
        "SELECT import_id FROM imports WHERE is_demo AND undone_at IS NULL ORDER BY import_id"
    )
    return [row["import_id"] for row in rows]


def remove(db: Database) -> Removed:
    """Undo every import of the demo company in one transaction, and take out its people's entries.

    What a file of one's own says stays, also where the demo company said the same or it took the
    place of a demo row.
    """
    numbers = loaded(db)
    entries = story.take_out(db) if story.stands(db) else 0
    if numbers:
        intake.undo(db, *numbers)
    counted = db.rows(
        "SELECT coalesce(sum(rows_loaded) FILTER (WHERE import_id IN (SELECT unnest(?))), 0) AS "
        "gone, count(*) FILTER (WHERE undone_at IS NULL) AS kept FROM imports",
        [numbers],
    )[0]
    return Removed(tuple(numbers), int(counted["gone"]), counted["kept"], entries)


def _load_one(db: Database, folder: Path, file: str, progress: Progress) -> Receipt:
    mapping = Mapping.from_toml(_mapping_path(folder, file).read_text(encoding="utf-8"))
    return intake.load(db, folder / file, mapping, file_name=file, is_demo=True, progress=progress)


def _part(progress: Progress | None, number: int) -> Progress:
    """The progress of one file as a part of the whole."""

    def tell(share: float, text: str) -> None:
        if progress:
            progress((number + share) / len(FILES), f"{FILES[number]}: {text}")

    return tell


def _refuse_unless_whole(folder: Path) -> None:
    for file in FILES:
        for path in (folder / file, _mapping_path(folder, file)):
            if not path.is_file():
                raise DataError(
                    f"The demo company is not complete: {path} is missing.",
                    state="Nothing was loaded.",
                    do_next="Write it again with: python -m cxdash demo --out FOLDER",
                )


def _mapping_path(folder: Path, file: str) -> Path:
    return folder / "mappings" / f"{Path(file).stem}.toml"
