"""The commands about what is loaded already: imports, undo."""

import sys
from argparse import Namespace

from cxdash import intake
from cxdash.access import Action, note, operator
from cxdash.errors import UsageError
from cxdash.faces.cli.opening import open_existing
from cxdash.faces.cli.text import lines_of_receipt, plain, print_json
from cxdash.facts.format import listed
from cxdash.store import Database

__all__ = ["list_imports", "undo_import"]

_LISTED = 30


def list_imports(options: Namespace) -> int:
    """Every import with its receipt; or, as CSV, the rows one rejected or changed."""
    with open_existing(options) as db:
        if options.rejected is not None:
            _refuse_unknown(db, options.rejected)
            note(db, operator(), Action.EXPORT, f"rejected rows of import {options.rejected}")
            sys.stdout.write(intake.rejected_rows(db, options.rejected))
            return 0
        if options.changes is not None:
            _refuse_unknown(db, options.changes)
            note(db, operator(), Action.EXPORT, f"changes of import {options.changes}")
            sys.stdout.write(intake.changes(db, options.changes))
            return 0
        receipts = intake.imports(db)
    if options.json:
        print_json([receipt.to_json() for receipt in receipts])
    elif receipts:
        print("\n".join(line for receipt in receipts for line in lines_of_receipt(receipt)))
    else:
        print("No file has been loaded yet.")
    return 0


def undo_import(options: Namespace) -> int:
    """Take one import back."""
    with open_existing(options) as db:
        _refuse_unknown(db, options.id)
        receipt = intake.undo(db, options.id)
        note(db, operator(), Action.UNDO, f"import {receipt.import_id}")
    if options.json:
        print_json(receipt.to_json())
    else:
        print(f"Import {receipt.import_id} ({plain(receipt.file_name)}) is taken back.")
    return 0


def _refuse_unknown(db: Database, import_id: int) -> None:
    """UsageError with the imports there are, if there is none of that number."""
    numbers = sorted(receipt.import_id for receipt in intake.imports(db))
    if import_id in numbers:
        return
    shown = listed([str(number) for number in numbers[-_LISTED:]]) if numbers else ""
    few = f"The newest are {shown}." if len(numbers) > _LISTED else f"Imports are {shown}."
    raise UsageError(
        f"There is no import {import_id}.",
        state="Nothing was changed.",
        do_next=few if numbers else "No file has been loaded yet.",
    )
