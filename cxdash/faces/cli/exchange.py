"""The commands that write what people entered as tables, and bring such tables in."""

import sys
from argparse import Namespace
from dataclasses import asdict
from pathlib import Path

from cxdash import register
from cxdash.access import Action, note, operator
from cxdash.errors import FileRefused, UsageError
from cxdash.faces.cli.opening import open_database, open_existing
from cxdash.faces.cli.text import plain, print_json
from cxdash.register import Brought
from cxdash.store import Database

__all__ = ["bring_in", "export"]


def export(options: Namespace) -> int:
    """Write the tables into a folder, or one of them to standard output."""
    if options.out is None and (options.kind is None or options.json):
        raise UsageError(
            "Where the tables are to go is not said.",
            state="Nothing was written.",
            do_next="Name a folder with --out, or one kind with --kind and without --json.",
        )
    kinds = [register.kind_named(options.kind)] if options.kind else [*register.KINDS.values()]
    with open_existing(options) as db:
        tables = {kind.KIND: register.sheet(db, kind, history=options.history) for kind in kinds}
        counts = {kind.KIND: len(register.current(db, kind)) for kind in kinds}
        note(db, operator(), Action.EXPORT, f"register, {options.kind or 'every kind'}")
    if options.out is None:
        print(tables[options.kind], end="")
        return 0
    files = [
        {"kind": name, "file": str(_written(options.out, name, text)), "entries": counts[name]}
        for name, text in tables.items()
    ]
    if options.json:
        print_json({"folder": str(options.out), "files": files})
        return 0
    for one in files:
        print(f"{plain(str(one['file']))}: {one['entries']} entries")
    return 0


def bring_in(options: Namespace) -> int:
    """Bring tables in; exit code 1, and nothing saved, where a row is refused."""
    files = {str(path): _read(path) for path in options.files}
    with open_database(options) as db:
        done = register.bring_in(db, files, by=operator().name)
        _noted(db, done)
    if options.json:
        print_json(
            {
                "saved": done.saved,
                **{became: done.number(became) for became in register.BECAME},
                "rows": [asdict(row) for row in done.rows],
            }
        )
    lines = [f"{plain(row.file)}, line {row.line}: {plain(row.why)}" for row in done.refused]
    told = sys.stderr if options.json or lines else sys.stdout
    print("\n".join([*lines, done.sentence]), file=told)
    return 1 if done.refused else 0


def _noted(db: Database, done: Brought) -> None:
    if done.saved:
        note(db, operator(), Action.DECIDE, f"register import: {done.counts}")


def _written(folder: Path, name: str, text: str) -> Path:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.csv"
        # With a mark at the start, so that a spreadsheet reads it as UTF-8.
        path.write_text(text, encoding="utf-8-sig", newline="")
    except OSError as error:
        raise UsageError(
            f"{folder} cannot be written to: {error.strerror}.",
            state="Not all tables were written.",
            do_next="Name another folder with --out.",
        ) from None
    return path


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise FileRefused(
            f"{path} cannot be read: {error.strerror}.",
            file=str(path),
            do_next="Check the name and who may read it.",
        ) from None
