"""The command that makes the demo company, a firm that does not exist, and takes it out again."""

import sys
from argparse import Namespace

from cxdash import demo
from cxdash.access import Action, note, operator
from cxdash.demo.loading import Removed, load
from cxdash.faces.cli.opening import open_database, open_existing, path_of
from cxdash.faces.cli.text import lines_of_receipt
from cxdash.facts.format import counted

__all__ = ["make_demo"]


def make_demo(options: Namespace) -> int:
    """Write the exports, and with ``--load`` take them through the same door as anyone's files.

    With ``--clear`` nothing is written: what was loaded of the demo company is taken back.
    """
    if options.clear:
        return _clear(options)
    folder = demo.write(
        options.out, customers=options.customers, months=options.months, seed=options.seed
    )
    print(f"The demo company is written to {folder}.", file=sys.stderr)
    if options.load:
        with open_database(options) as db:
            receipts = load(db, folder)
        print("\n".join(line for receipt in receipts for line in lines_of_receipt(receipt)))
    return 0


def _clear(options: Namespace) -> int:
    with open_existing(options) as db:
        done = demo.remove(db)
        if done.imports:
            note(db, operator(), Action.UNDO, f"imports {', '.join(map(str, done.imports))}")
    print(f"{path_of(options)}: {_told(done)}")
    return 0


def _told(done: Removed) -> str:
    own = counted(done.kept, "import of your own stays", "imports of your own stay")
    if not done.imports:
        return f"The demo company is not loaded here, so nothing was changed; {own}."
    taken = counted(len(done.imports), "import", "imports")
    rows = counted(done.rows, "row counts", "rows count")
    entries = counted(done.entries, "entry of its people", "entries of its people")
    return (
        f"The demo company is taken out: {taken} undone, whose {rows} no longer, and {entries} in "
        f"the register; {own}."
    )
